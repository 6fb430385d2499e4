"""The ways to war, as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.estimate import Proportion, proportion
from sim.paths import STEP
from sim.plot.style import (
    BLUE,
    GREY,
    INK,
    LINE,
    SMALL,
    VERMILLION,
    count,
    dress,
    extent,
    footnote,
    headline,
    key,
    origin,
    percent,
    seen,
)

if TYPE_CHECKING:
    from sim.batch import Runs

MOST, ROWS = 8, 26  # ways drawn, as far as their tree has no more rows
STATES = 4  # named at a step; of more, all but one
_INDENT = 0.075  # of the axes for each step
_TEXT = 0.03
_GIVEN, _WARS = 0.8, 1.0  # right edges of the columns of numbers


class Node(NamedTuple):
    """A row of the tree: how deep, its words, its share of runs at the step before, and of wars if it is one."""

    depth: int
    words: str
    share: Proportion
    wars: Proportion | None
    kind: str  # step, war, or end


def tree(paths: dict[str, Any]) -> list[Node]:
    """Return the rows of the tree of the most frequent ways to war, each step above those that follow it.

    Parameters
    ----------
    paths : dict
        Of a summary.
    """
    for most in range(MOST, 0, -1):
        rows = _tree(paths, most)
        if len(rows) <= ROWS:
            break
    return rows


def _tree(paths: dict[str, Any], most: int) -> list[Node]:
    chosen = paths["to_war"][:most]
    ends = {row["path"]: Proportion(**row["share"]) for row in chosen}
    given: dict[str, Proportion] = {}
    for row in chosen:
        steps = [step["step"] for step in row["steps"]]
        for number, step in enumerate(row["steps"], 1):
            given[STEP.join(steps[:number])] = Proportion(**step["share"])
    branches = {row["after"]: row for row in paths["branches"]}
    return _below("", given, ends, branches)


def _below(
    after: str, given: dict[str, Proportion], ends: dict[str, Proportion], branches: dict[str, dict[str, Any]]
) -> list[Node]:
    depth = after.count(STEP) + 1 if after else 0
    following = [text for text in given if text.rpartition(STEP)[0] == after]
    rows = []
    for text in sorted(following, key=lambda text: (-given[text].count, text)):
        kind = "war" if text in ends else "step"
        rows.append(Node(depth, _words(text.rpartition(STEP)[2]), given[text], ends.get(text), kind))
        rows += _below(text, given, ends, branches)
    if not following:
        return rows
    n = given[following[0]].n
    stopped = branches[after]["no_further"]["count"] if after in branches else 0
    others = n - stopped - sum(given[text].count for text in following)
    # places that few runs come to are no branches of the summary, which then does not tell who stopped there
    other = "other steps" if after in branches else "other steps, or no further"
    for words, number in ((other, others), ("no further", stopped)):
        if number:
            rows.append(Node(depth, words, proportion(number, n), None, "end"))
    return rows


def _words(step: str) -> str:
    who, _, rung = step.rpartition(" ")
    states = who.split("+")
    if len(states) > STATES:
        states = [*states[: STATES - 1], f"{len(states) - STATES + 1} more"]
    return f"{'+'.join(states)} {rung}"


def paths_to_war(runs: Runs, ax: Axes) -> Axes:
    """Draw the most frequent ways to war as a tree with the probability of each branch.

    A step is a new highest rung and those who first stand on it. Beside each is the share of the runs at the step
    before that take it, with its exact interval, and beside each war its share of all wars. Lines are as wide as the
    share of all runs.

    Parameters
    ----------
    runs : Runs
        What to draw.
    ax : Axes
        Where to.

    Returns
    -------
    Axes
    """
    paths, ladder = runs.summary()["paths"], runs.scenario.ladder
    rows = tree(paths)
    dress(ax)
    ax.spines["bottom"].set_visible(False)
    ax.set(xlim=(0, 1), ylim=(max(len(rows), 5) - 0.4, -1.6), xticks=[], yticks=[])
    if rows:
        _lines(ax, rows, len(runs))
        for place, row in enumerate(rows):
            _row(ax, place, row)
        for x, words in ((_GIVEN, "% of runs at the step before"), (_WARS, "% of wars")):
            ax.text(x, -1.1, words, ha="right", va="center", fontsize=SMALL, color=GREY)
    else:
        ax.text(0.5, 1, "No run comes to war.", ha="center", color=GREY)
    war = Line2D([], [], color=VERMILLION, marker="s", markersize=3.5, linewidth=0, label="war")
    step = Line2D([], [], color=BLUE, marker="o", markersize=3, linewidth=0, label="step short of war")
    key(ax, [step, war], columns=2)
    shown = sum(row.kind == "war" for row in rows)
    wars = f"The {shown} most frequent of {count(paths['distinct'], 'way')} to war" if shown else "No way to war"
    headline(ax, "Ways to war", f"{wars}; {count(paths['wars'], 'war')} in\n{extent(runs)}", below=1)
    footnote(
        ax,
        "A step: who first stands on a new highest rung, and its number; "
        f"{ladder.war} is {ladder.titles[ladder.war].lower()}. Brackets: exact 95 % intervals; those of shares of wars "
        "are in summary.json. Lines: as wide as the "
        f"share of all runs. {origin(runs)}.",
    )
    return ax


def _lines(ax: Axes, rows: list[Node], runs: int) -> None:
    """Join each row to the one that it follows from, by an elbow."""
    above: dict[int, int] = {}
    for place, row in enumerate(rows):
        above[row.depth] = place
        if row.depth:
            x, foot = _INDENT * (row.depth - 1) + 0.01, above[row.depth - 1] + 0.28
            width = 0.5 + 3 * row.share.count / runs
            ax.plot([x, x], [foot, place], color=LINE, linewidth=0.6, zorder=1)
            ax.plot(
                [x, _INDENT * row.depth], [place, place], color=LINE, linewidth=width, solid_capstyle="butt", zorder=1
            )


def _row(ax: Axes, place: int, row: Node) -> None:
    x = _INDENT * row.depth + 0.01
    mark = {"step": ("o", BLUE, 3.0), "war": ("s", VERMILLION, 3.5)}.get(row.kind)
    if mark:
        ax.plot(x, place, mark[0], color=mark[1], markersize=mark[2], clip_on=False, zorder=2)
    colour = GREY if row.kind == "end" else INK
    look: dict[str, Any] = {"va": "center", "fontsize": SMALL, "color": colour}
    ax.text(x + _TEXT, place, row.words, style="italic" if row.kind == "end" else "normal", **look)
    between = "" if row.share.count == row.share.n else f" ({_points(row.share.low)}–{_points(row.share.high)})"
    ax.text(_GIVEN, place, f"{seen(row.share)}{between}" if between else f"all of {row.share.n:,}", ha="right", **look)
    if row.wars is not None:
        ax.text(_WARS, place, seen(row.wars), ha="right", **look)


def _points(share: float) -> str:
    """A bound in per cent; what rounds to nothing is 0."""
    return percent(share) if share >= 5e-5 else "0"
