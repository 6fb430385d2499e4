"""What figures draw is what tables hold: marks stand where the numbers are, words beside the marks that they name."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from drawings import check_texts
from sim.batch import Runs
from sim.plot import FIGURES
from sim.plot.coalitions import AGAINST, TOGETHER
from sim.plot.files import look
from sim.plot.forest import Forest, forest, turned
from sim.plot.reliability import reliability
from sim.plot.skill import skill
from sim.plot.steps import ANCHORS
from sim.plot.style import COLUMN, INK, STYLE
from sim.plot.uncertainty import difference_apart, drawing, exceedance_apart
from sim.random_effects import band, interval, moments
from sim.scenario.schema import Scenario
from sim.study.base_rates import crises, disputes
from sim.study.paired import difference
from sim.study.uncertainty_beside import told_difference


def on_axes(draw: Any, width: float = COLUMN, height: float = 4.0) -> Axes:
    """Axes on which a function has drawn."""
    with style.context(STYLE, after_reset=True):
        return draw(Figure(figsize=(width, height), dpi=200).subplots())


def whole(ax: Axes) -> Axes:
    """The same axes, when no text of its figure is cut or covers another."""
    figure = ax.get_figure(root=True)
    with style.context(STYLE, after_reset=True):
        figure.draw_without_rendering()
    check_texts(figure)
    return ax


def drawn(name: str, runs: Runs) -> Axes:
    return on_axes(lambda ax: FIGURES[name][0](runs, ax))


def words(ax: Axes) -> dict[tuple[float, float], str]:
    """Texts by their place; not those beside the axes."""
    inside = [text for text in ax.texts if not isinstance(text, Annotation)]
    return {(round(t.get_position()[0], 3), round(t.get_position()[1], 3)): t.get_text() for t in inside}


def dots(ax: Axes) -> set[tuple[float, float]]:
    """Places of single marks."""
    found = [line for line in ax.lines if line.get_marker() not in ("None", "", "|") and len(line.get_xdata()) == 1]
    return {(round(float(line.get_xdata()[0]), 3), round(float(line.get_ydata()[0]), 3)) for line in found}


def boxes(ax: Axes) -> list[tuple[float, float, float, float]]:
    """Left, foot, width and height of all rectangles."""
    found = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return [tuple(round(v, 3) for v in (*p.get_xy(), p.get_width(), p.get_height())) for p in found]


# --- coalitions and paths --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fought(some_runs: Runs) -> Runs:
    """Of 200 runs, 120 in which two fight one, 60 in which China fights for it and it suffers, 20 without force."""
    who = ["KOR+USA v PRK"] * 120 + ["KOR+USA v CHN+(PRK)"] * 60 + [""] * 20
    ways = ["PRK 4 > USA 7"] * 30 + ["PRK 4 > KOR+USA 7 > PRK 8"] * 10 + ["PRK 4"] * 110 + ["CHN 8"] * 2 + [""] * 48
    return replace(some_runs, table=some_runs.table.assign(belligerents=who, path=ways))


def test_the_matrix_has_a_pair_once_on_each_side_of_the_diagonal(fought: Runs) -> None:
    ax = drawn("coalitions", fought)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["KOR", "PRK", "USA", "CHN"]
    assert [label.get_text() for label in ax.get_yticklabels()][1] == "North Korea"
    kor, prk, usa, chn = range(4)
    assert words(ax) == {
        (kor, usa): "90.0",  # below the diagonal: they use force on one side; North Korea beside China uses none
        (prk, kor): "90.0", (usa, prk): "90.0", (chn, kor): "30.0", (chn, usa): "30.0",  # above it
    }  # fmt: skip
    shade = {(p.get_x() + 0.5, p.get_y() + 0.5): p.get_facecolor()[:3] for p in ax.patches}
    assert shade[kor, usa] == to_rgb(TOGETHER[0]) and shade[prk, kor] == to_rgb(AGAINST[0])
    assert shade[chn, usa] == to_rgb(AGAINST[1])
    assert len({shade[chn, prk], shade[prk, chn], shade[kor, chn]}) == 1  # empty


def test_a_tree_of_ways_to_war_has_the_probability_of_every_branch(fought: Runs) -> None:
    ax = drawn("paths_to_war", fought)
    rows: dict[float, list[tuple[float, str]]] = {}
    for text in ax.texts:
        x, y = text.get_position()
        if y >= 0 and text.get_transform() == ax.transData:
            rows.setdefault(y, []).append((x, text.get_text()))
    told = [[text for _, text in sorted(row)] for _, row in sorted(rows.items())]
    assert told == [
        ["PRK 4", "75.0 (68.4–80.8)"],
        ["USA 7", "20.0 (13.9–27.3)", "71.4"],
        ["KOR+USA 7", "6.7 (3.2–11.9)", "23.8"],
        ["no further", "73.3 (65.5–80.2)"],
        ["CHN 8", "1.0 (0.12–3.6)", "4.8"],
        ["no further", "24.0 (18.3–30.5)"],
    ]
    step, war, other, stopped, china, _ = (min(row)[0] for _, row in sorted(rows.items()))
    assert step == china < war == other == stopped  # deeper is farther to the right
    marks = {round(float(line.get_ydata()[0])): line.get_marker() for line in ax.lines if len(line.get_xdata()) == 1}
    assert marks == {0: "o", 1: "s", 2: "s", 4: "s"}  # steps are round, wars are square
    width = {
        round(float(line.get_ydata()[0])): line.get_linewidth()
        for line in ax.lines
        if len(line.get_xdata()) == 2 and line.get_ydata()[0] == line.get_ydata()[1]
    }
    assert width[3] > width[1] > width[2]  # 110, 30 and 10 runs


# --- how far ---------------------------------------------------------------------------------------


def test_base_rates_are_the_published_counts_beside_the_runs(some_runs: Runs) -> None:
    ax, ladder = drawn("base_rates", some_runs), some_runs.scenario.ladder
    coded, disputed = crises(some_runs), disputes(some_runs)
    assert [each.past.share for each in coded] == pytest.approx([99 / 402, 132 / 402, 102 / 402, 69 / 402])
    assert [each.alike.count for each in coded] == [3, 74, 72, 50]  # a violent trigger, as the scenario's own
    assert disputed[-1].past[:2] == (29, 1726) and disputed[-1].runs.count == some_runs.table["war"].sum()
    for classes, first in ((coded, 0), (disputed, ladder.threat)):
        assert sum(each.runs.share for each in classes) == pytest.approx(1)
        assert sum(each.past.share for each in classes) == pytest.approx(1)
        assert [each.first for each in classes] == [first, *(each.last + 1 for each in classes[:-1])]
        assert classes[-1].last == ladder.use
    across = {x for x, _ in dots(ax)}
    assert {round(1.22 + each.alike.share, 3) for each in coded} <= across
    assert {round(2 * 1.22 + each.past.share, 3) for each in disputed} <= across
    bars = {foot + height / 2: width for left, foot, width, height in boxes(ax) if left == 0 and height == 0.62}
    exactly = some_runs.summary()["rungs"]
    given = some_runs.summary()["given_rung"]
    assert bars == {row["rung"]: pytest.approx(row["exactly"]["share"], abs=1e-3) for row in exactly[given:]}


def test_crises_that_begin_without_violence_are_beside_their_like(some_runs: Runs) -> None:
    scenario = some_runs.scenario.model_copy(update={"events": (), "start_rungs": ()})
    quiet = replace(some_runs, scenario=scenario)
    assert [each.alike.count for each in crises(quiet)] == [96, 58, 30, 18]
    below = replace(quiet, table=some_runs.table.assign(highest_rung=1))
    assert {each.runs.n for each in disputes(below)} == {0}  # no threat, no dispute


def test_rungs_are_told_apart_in_grey(some_runs: Runs) -> None:
    key = drawn("rung_shares", some_runs).get_legend().get_patches()
    grey = [np.dot(patch.get_facecolor()[:3], (0.299, 0.587, 0.114)) for patch in key]
    assert len(grey) > 5 and all(later < earlier - 0.05 for earlier, later in pairwise(grey))


# --- treaties --------------------------------------------------------------------------------------


def test_steps_of_a_promise_stand_at_their_shares_beside_what_is_published(some_runs: Runs) -> None:
    ax = drawn("treaty_steps", some_runs)
    row = next(r for r in some_runs.summary()["treaties"] if r["clause"] == "art4" and r["ally"] == "RUS")
    place = next(y for (_, y), text in words(ax).items() if text == "Russia for North Korea") + 0.12
    at_row = {x for x, y in dots(ax) if abs(y - place - 0.12) < 0.2}
    for lane, step in enumerate(("triggered", "requested", "recognised")):
        assert round(lane * 1.18 + row[step]["share"], 3) in at_row
    lines = {round(float(line.get_xdata()[0]) - 3 * 1.18, 3) for line in ax.lines if line.get_color() == "#D55E00"}
    assert lines == set(ANCHORS.values()) == {0.22, 0.41, 0.745}
    assert f"{100 * row['requested']['share']:.1f} % / {row['requested']['n']}" in words(ax).values()


# --- differences -----------------------------------------------------------------------------------


def test_a_forest_is_filled_where_the_interval_leaves_out_0() -> None:
    n = np.arange(1000)
    rows = {"many": difference(n < 100, n < 250), "few": difference(n < 100, (n > 0) & (n < 102))}
    shown = Forest("Title", rows, "Subtitle", "Note.")
    ax = on_axes(lambda ax: forest(shown, ax))
    marks = {float(line.get_ydata()[0]): line for line in ax.lines if line.get_marker() == "o"}
    assert [float(marks[place].get_xdata()[0]) for place in (0, 1)] == [pytest.approx(15.0), pytest.approx(0.1)]
    assert [marks[place].get_markerfacecolor() for place in (0, 1)] == [INK, "white"]
    ends = [tuple(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2 and line.get_color() == INK]
    assert ends == [(100 * row["low"], 100 * row["high"]) for row in rows.values()]
    bars = boxes(on_axes(lambda ax: turned(shown, ax)))
    assert sorted(width for _, _, width, _ in bars) == pytest.approx([-0.1, 0, 0.2, 15])


def apart(scenario: Scenario, variants: int) -> dict[str, Any]:
    """A result of so many variants at 20 points of 50 runs, the second of which doubles what happens at some points."""
    runs, ladder = np.full(20, 50), scenario.ladder
    result: dict[str, Any] = {
        "first": "as_is",
        "runs": 1000,
        "points": 20,
        "seed": 1,
        "variants": {},
        "differences": {},
    }
    for number in range(variants):
        rows, changes = [], []
        for rung in range(1, ladder.use + 1):
            first = np.arange(20) if rung < 9 else np.zeros(20, int)
            up = np.where(np.arange(20) < 10 * number, first, 0)
            found = moments(first + up, runs)
            told = {"count": int((first + up).sum()), "monte_carlo": interval(found, 1000)}
            rows.append({"rung": rung, "band": dict(zip(("low", "high"), band(found), strict=True)), **told})
            changes.append({"rung": rung, **told_difference(up, 0 * up, runs, 1)})
        name = f"variant_{number}" if number else "as_is"
        result["variants"][name] = {
            "scenario": "korea_strike", "variant": None, "given_rung": 6 + (number == 2), "horizon_weeks": 52,
            "at_least": rows, "outcomes": {}, "runs": 1000, "points": 20, "seed": 1,
        }  # fmt: skip
        if number:
            result["differences"][name] = {"at_least": changes, "outcomes": {"war": changes[6]}}
    return result


@pytest.mark.parametrize("variants", [1, 2, 4])
def test_both_uncertainties_of_every_variant_are_drawn(variants: int, scenario: Scenario) -> None:
    result = apart(scenario, variants)
    ax = whole(on_axes(lambda ax: exceedance_apart(result, scenario.ladder, ax), COLUMN))
    bands = {(left, round(left + width, 3)) for left, _, width, _ in boxes(ax)}
    whiskers = {tuple(np.round(line.get_xdata(), 3)) for line in ax.lines if line.get_marker() == "|"}
    for one in result["variants"].values():
        for row in one["at_least"]:
            if row["rung"] > one["given_rung"] and row["count"]:
                sure = row["monte_carlo"]
                assert any(np.allclose(ends, (row["band"]["low"], row["band"]["high"]), atol=2e-3) for ends in bands)
                assert (round(sure["low"], 3), round(sure["high"], 3)) in whiskers
    arrows = [text for text in ax.texts if text.arrow_patch]
    assert len(arrows) == variants  # nobody saw nuclear use
    pale = [line for line in ax.lines if line.get_markeredgecolor() == "#B8B8B8" and line.get_marker() != "None"]
    assert len(pale) == (variants > 2)  # war is set by the third


def test_variants_and_what_they_change_are_one_figure(scenario: Scenario) -> None:
    with look():
        figure = drawing(apart(scenario, 4), scenario.ladder)
        figure.draw_without_rendering()
    check_texts(figure)
    left, right = figure.axes
    assert left.get_ylim() == right.get_ylim() and left.get_position().x1 < right.get_position().x0


def test_a_difference_is_drawn_with_both_of_its_uncertainties(scenario: Scenario) -> None:
    result = apart(scenario, 2)
    ax = whole(on_axes(lambda ax: difference_apart(result, scenario.ladder, ax)))
    war = result["differences"]["variant_1"]["outcomes"]["war"]
    assert war["turned_up"] == 45 and war["turned_down"] == 0
    assert (4.5, 7.0) in dots(ax)
    (mark,) = [line for line in ax.lines if line.get_marker() == "s" and line.get_ydata()[0] == 7]
    assert (mark.get_markerfacecolor() == mark.get_color()) == (war["monte_carlo"]["low"] > 0)
    edges = [(left, round(left + width, 3)) for left, foot, width, height in boxes(ax) if foot < 7 < foot + height]
    assert edges == [
        (pytest.approx(100 * war["band"]["low"], abs=2e-3), pytest.approx(100 * war["band"]["high"], abs=2e-3))
    ]


# --- back-test -------------------------------------------------------------------------------------


def test_a_reliability_diagram_has_frequencies_over_forecasts() -> None:
    diagram = {"forecast": [0.1, 0.6], "frequency": [0.2, 0.5], "low": [0.0, 0.4], "high": [0.3, 0.8], "n": [30, 10]}
    ax = whole(on_axes(lambda ax: reliability(diagram, ax, "war")))
    (marks,) = [line for line in ax.lines if line.get_marker() == "^"]
    assert list(zip(marks.get_xdata(), marks.get_ydata(), strict=True)) == [(0.1, 0.2), (0.6, 0.5)]
    assert [tuple(path[:, 1]) for path in ax.collections[0].get_segments()] == [(0.0, 0.3), (0.4, 0.8)]
    assert ax.get_title(loc="left") == "War (40 crises)"


def test_skill_left_of_0_is_the_models() -> None:
    better = {"rps": {"mean": -0.02, "low": -0.03, "high": -0.01}}
    unsure = {"rps": {"mean": 0.01, "low": -0.01, "high": 0.03}}
    parts = {"all": {"n": 233, "differences": {"climatology": better, "logit_at_onset": unsure}}}
    ax = on_axes(lambda ax: skill(parts, ax))
    marks = [line for line in ax.lines if line.get_marker() in ("^", "o")]
    assert [float(line.get_xdata()[0]) for line in marks] == [-0.02, 0.01]
    assert [line.get_markerfacecolor() == "white" for line in marks] == [False, True]
    assert ax.get_xlabel().startswith("model better")
    assert "(233)" in ax.get_yticklabels()[0].get_text()
