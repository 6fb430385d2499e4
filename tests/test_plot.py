"""Figures are written, the same ones for the same runs; nothing is cut, and what was not seen is not drawn as zero."""

import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from drawings import check_texts, texts
from sim.batch import Runs, simulate
from sim.config import load
from sim.estimate import proportion
from sim.plot import FIGURES, exceedance, exceedance_beside, participation, save_figures
from sim.plot.beside import Reached
from sim.plot.dyads import first_force
from sim.plot.forest import Forest, drawing, save_forest
from sim.plot.incidence import curves
from sim.plot.save import _overview
from sim.plot.skill import BASELINES, PARTS, skill
from sim.plot.style import COLUMN, STYLE, percent, seen
from sim.scenario.schema import Scenario
from sim.study.paired import difference


def drawn(name: str, runs: Runs) -> Axes:
    draw, height = FIGURES[name]
    with style.context(STYLE, after_reset=True):
        figure = Figure(figsize=(COLUMN, height), dpi=200)
        ax = draw(runs, figure.subplots())
        figure.draw_without_rendering()
    return ax


@pytest.fixture(scope="module")
def few_runs() -> Runs:
    return simulate(load("korea_strike"), runs=60, seed=1)


@pytest.fixture(scope="module")
def capped(few_runs: Runs) -> Runs:
    """Runs of which none went beyond what the scenario sets, and in which no treaty was touched."""
    given = few_runs.summary()["given_rung"]
    table = few_runs.table.assign(highest_rung=given, nuclear_use=False)
    return replace(few_runs, table=table, log=few_runs.log.slice(0, 0))


@pytest.fixture(scope="module")
def files(few_runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """All figures, written once, without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return save_figures(few_runs, tmp_path_factory.mktemp("all") / "new" / "figures")


def test_files_are_written(files: list[Path]) -> None:
    names = [f"{name}{suffix}" for name in [*FIGURES, "overview"] for suffix in (".png", ".svg")]
    assert [path.name for path in files] == names
    assert all(path.read_bytes()[:4] == (b"\x89PNG" if path.suffix == ".png" else b"<?xm") for path in files)


def test_same_bytes_whatever_the_settings_which_stay(few_runs: Runs, files: list[Path], tmp_path: Path) -> None:
    with mpl.rc_context({"font.size": 19, "axes.grid": True, "savefig.bbox": "tight"}):
        again = save_figures(few_runs, tmp_path)
        assert mpl.rcParams["font.size"] == 19
    for one, other in zip(files, again, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_unseen_rungs_are_bounds(capped: Runs) -> None:
    ax = drawn("exceedance", capped)
    given, top = capped.summary()["given_rung"], capped.scenario.ladder.use
    bound = proportion(0, len(capped)).high
    for rung in range(given + 1, top + 1):
        marks = [line for line in ax.lines if rung in line.get_ydata()]
        assert [float(x) for line in marks for x in line.get_xdata()] == [pytest.approx(bound)]
    arrows = [text for text in ax.texts if isinstance(text, Annotation) and text.arrow_patch]
    assert len(arrows) == top - given
    assert all(arrow.xyann[0] == pytest.approx(bound) and 0 < arrow.xy[0] < bound for arrow in arrows)
    assert sum(text.get_text().startswith("<") for text in ax.texts) == top - given


def test_given_rungs_are_muted(few_runs: Runs) -> None:
    ax = drawn("exceedance", few_runs)
    given = few_runs.summary()["given_rung"]
    for rung in range(given + 1):
        assert [line.get_markerfacecolor() for line in ax.lines if rung in line.get_ydata()] == ["white"]
    assert any("set by the scenario" in text.get_text() for text in ax.texts)


def test_participants_that_the_scenario_names_are_marked(few_runs: Runs) -> None:
    names = [label.get_text() for label in drawn("participation", few_runs).get_yticklabels()]
    assert {"United States*", "South Korea*", "North Korea†"} <= set(names)


def test_no_share_is_written_as_zero(few_runs: Runs) -> None:
    for draw in (exceedance, participation):
        written = {text.get_text() for text in texts(drawn(draw.__name__, few_runs).get_figure(root=True))}
        assert not written & {"0.0", "0.0 %", "0 %", "0.00"}


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("which", ["few_runs", "capped"])
def test_no_text_is_cut_or_covers_another(name: str, which: str, request: pytest.FixtureRequest) -> None:
    check_texts(drawn(name, request.getfixturevalue(which)).get_figure(root=True))


def test_no_text_of_the_overview_is_cut(few_runs: Runs) -> None:
    with style.context(STYLE, after_reset=True):
        figure = _overview(few_runs)
        figure.draw_without_rendering()
    check_texts(figure)


def shown(rows: int) -> Forest:
    """Rows of a forest plot, from large effects to none, one of them given."""
    n, fates = 1000, {}
    for number in range(rows):
        second = np.arange(n) < 600 // (number + 1) ** 2
        fates[f"forces number {number} in the middle east"] = difference(np.arange(n) % 7 == number, second)
    return Forest(
        "What a part adds", fates, "Beside the scenario as it is", "A note. " * 20, frozenset(list(fates)[:1])
    )


@pytest.mark.parametrize("rows", [1, 4, 40])
def test_no_text_of_a_forest_plot_is_cut(rows: int) -> None:
    with style.context(STYLE, after_reset=True):
        figure = drawing(shown(rows), "korea_strike, 1,000 runs, seed 1")
        figure.draw_without_rendering()
    check_texts(figure)


@pytest.mark.parametrize("rivals", [1, 4])
def test_no_text_of_skill_is_cut(rivals: int) -> None:
    differences = {name: {"rps": {"mean": -0.01, "low": -0.03, "high": 0.005}} for name in list(BASELINES)[:rivals]}
    with style.context(STYLE, after_reset=True):
        figure = Figure(figsize=(COLUMN, 3.6), dpi=200)
        skill({part: {"n": 200, "differences": differences} for part in PARTS}, figure.subplots())
        figure.draw_without_rendering()
    check_texts(figure)


def reach(variants: int) -> dict[str, Reached]:
    """Variants that go farther one after another, the last of which sets war itself."""
    n = 500
    return {
        f"variant_number_{number}": Reached(
            {rung: proportion(n if rung <= 6 + (number == 3) else (9 - rung) * 8 * number, n) for rung in range(10)},
            6 + (number == 3),
        )
        for number in range(variants)
    }


@pytest.mark.parametrize("variants", [1, 2, 4])
def test_no_text_of_variants_beside_each_other_is_cut(variants: int, scenario: Scenario) -> None:
    with style.context(STYLE, after_reset=True):
        figure = Figure(figsize=(COLUMN, 3.5), dpi=200)
        ax = exceedance_beside(reach(variants), scenario.ladder, figure.subplots())
        figure.draw_without_rendering()
    check_texts(figure)
    dots = [line for line in ax.lines if line.get_marker() not in ("None", "")]
    seen_dots = sum(share.count > 0 for v in reach(variants).values() for rung, share in v.shares.items() if rung > 6)
    assert len(dots) == seen_dots


def test_the_log_tells_who_uses_force_as_the_table_does(few_runs: Runs) -> None:
    acting = first_force(few_runs).reset_index().groupby("actor", observed=True)["run"].nunique()
    for code, row in few_runs.summary()["participation"].items():
        assert acting.get(code, 0) == row["uses_force"]["count"], code


@pytest.mark.parametrize("days", [0.0, 50.0, np.nan])
def test_names_of_curves_that_end_together_are_kept_apart(few_runs: Runs, days: float) -> None:
    names = [f"day_{name}" for name in ("force", "lethal", "war", "nuclear", "settled")]
    together = replace(few_runs, table=few_runs.table.assign(**dict.fromkeys(names, days)))
    check_texts(drawn("incidence", together).get_figure(root=True))


def test_what_has_happened_is_counted_by_the_end_of_a_turn(few_runs: Runs) -> None:
    shown, given = curves(few_runs)
    assert given == ["force", "lethal force"]
    by = {curve.name: curve.counts for curve in shown}
    week = int(few_runs.scenario.horizon_weeks)
    times = few_runs.summary()
    assert by["war"][week] == times["time_to_war"]["by_week"][str(week)]["count"]
    assert by["settled"][4] == times["time_to_settlement"]["by_week"]["4"]["count"]
    assert all((np.diff(by[name]) >= 0).all() for name in ("war", "settled", "nuclear use"))
    assert (by["open"] + by["settled"] + by["nuclear use"] == len(few_runs)).all()


def test_a_forest_plot_has_the_same_bytes(tmp_path: Path) -> None:
    first, second = (save_forest(shown(4), "here", tmp_path / name) for name in ("one", "two"))
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


@pytest.mark.parametrize(
    ("count", "n", "text"),
    [(0, 10_000, "<0.04"), (0, 50, "<7.2"), (0, 2, "<84.2"), (50, 50, ">92.8"), (0, 0, "–"), (2970, 10_000, "29.7")],
)
def test_bounds_are_rounded_outwards(count: int, n: int, text: str) -> None:
    assert seen(proportion(count, n)) == text


def test_small_shares_keep_a_digit() -> None:
    assert [percent(share) for share in (0.00004, 0.00098, 0.0044, 0.0996)] == ["0.004", "0.10", "0.44", "10.0"]


def test_pyplot_stays_out() -> None:
    code = "import sys, sim.plot; sys.exit('matplotlib.pyplot' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
