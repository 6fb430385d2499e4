"""The highest rungs of runs as a histogram, beside how far crises and disputes of the past went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from sim.estimate import Proportion
from sim.plot.ladder import rung_axis
from sim.plot.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    LINE,
    SMALL,
    VERMILLION,
    dress,
    extent,
    footnote,
    headline,
    key,
    origin,
    seen,
)
from sim.study.base_rates import Class, crises, disputes

if TYPE_CHECKING:
    from sim.batch import Runs

_LANE = 1.22  # from the left edge of a lane, which is 1 wide, to that of the next
# Whose share, how it is drawn: colour, mark, face.
MARKS = {
    "runs": (INK, "o", INK),
    "alike": (VERMILLION, "s", VERMILLION),
    "past": (VERMILLION, "D", "white"),
}


def base_rates(runs: Runs, ax: Axes) -> Axes:
    """Draw the share of runs whose highest rung is exactly r, beside base rates of crises (ICB) and disputes (MID).

    In the lanes of base rates stand the runs as coders would class them, the crises of the past that began as the
    scenario does (with a violent trigger or without), and all cases after 1945. Boxes span the rungs that a class
    stands for. Bars are exact 95 % intervals. A base rate is of all cases and no forecast of this one.

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
    summary, ladder = runs.summary(), runs.scenario.ladder
    dress(ax)
    rung_axis(ladder, ax)
    for row in summary["rungs"]:
        if row["rung"] >= summary["given_rung"]:
            _bar(ax, row["rung"], Proportion(**row["exactly"]))
    _given(ax, summary["given_rung"])
    coded = (crises(runs), disputes(runs))
    for lane, classes in enumerate(coded, 1):
        for each in classes:
            _class(ax, lane * _LANE, each)
    heads = (
        ("highest rung", "of the runs"),
        ("ICB crises", f"{coded[0][0].past.n:,} since 1946"),
        ("MID disputes", f"{coded[1][0].past.n:,} since 1946"),
    )
    for lane, (head, below) in enumerate(heads):
        ax.text(lane * _LANE, ladder.use + 0.88, head, fontsize=SMALL, weight="bold", color=INK, va="bottom")
        ax.text(lane * _LANE, ladder.use + 0.58, below, fontsize=SMALL, color=GREY, va="bottom")
    ax.set(xlim=(0, 2 * _LANE + 1.01), ylim=(-0.5, ladder.use + 1.3))
    ax.set_xticks([lane * _LANE + share for lane in range(3) for share in (0, 0.5, 1)], ["0", "50", "100"] * 3)
    ax.set_xlabel("per cent of runs, of cases", fontsize=SMALL, color=GREY, labelpad=2)
    trigger = "with a" if summary["given_rung"] >= ladder.lethal else "without"
    names = {"runs": "runs, as coded", "past": "all cases", "alike": f"crises {trigger} violent trigger"}
    key(ax, [_handle(*MARKS[which], name) for which, name in names.items()], columns=2)
    headline(
        ax, "How far, beside base rates", f"Highest rung of {extent(runs)}, and how far\ncases of the past went", 2
    )
    footnote(
        ax,
        "Base rates (ICB 13; MID 5.0, to 2014) are of all crises and disputes of their time, not of this one. Boxes: "
        "rungs that a class stands for. Runs are read as coders would, who call a lethal clash minor or serious; as "
        f"disputes, those with a threat or more. {origin(runs)}. Exact 95 % intervals.",
    )
    return ax


def _handle(colour: str, mark: str, face: str, name: str) -> Line2D:
    look: dict[str, Any] = {"color": colour, "marker": mark, "markerfacecolor": face}
    return Line2D([], [], label=name, markersize=3, markeredgewidth=0.8, linewidth=0.9, **look)


def _given(ax: Axes, rung: int) -> None:
    """Mark rungs on which no run can end, for the scenario goes beyond them."""
    if rung > 0:
        ax.add_patch(Rectangle((0, -0.5), 1, rung, facecolor=FAINT, linewidth=0, zorder=0.6))
    if rung > 1:
        told = "below what\nthe scenario\nsets"
        ax.text(0.5, (rung - 1) / 2, told, fontsize=SMALL, color=GREY, ha="center", va="center", style="italic")


def _bar(ax: Axes, rung: int, share: Proportion) -> None:
    ax.barh(rung, share.share, 0.62, color=BLUE, linewidth=0, zorder=1)
    ax.plot([share.low, share.high], [rung, rung], color=INK, linewidth=0.9, solid_capstyle="butt", zorder=2)
    inside = share.high > 0.66
    ax.text(
        share.low - 0.03 if inside else share.high + 0.04, rung, seen(share), fontsize=SMALL, va="center",
        ha="right" if inside else "left", color="white" if inside else INK if share.count else GREY,
    )  # fmt: skip


def _class(ax: Axes, left: float, each: Class) -> None:
    """Draw a class of a coding: its rungs as a box, and the shares in it."""
    foot, top = each.first - 0.46, each.last + 0.46
    ax.add_patch(Rectangle((left, foot), 1, top - foot, facecolor=FAINT, edgecolor=LINE, linewidth=0.4, zorder=0.6))
    ax.text(left + 0.03, top - 0.06, each.name, fontsize=SMALL, color=GREY, va="top")
    shown = [(which, getattr(each, which)) for which in MARKS if getattr(each, which).n]
    middle = (foot + top - 0.3) / 2
    for number, (which, share) in enumerate(shown):
        colour, mark, face = MARKS[which]
        at = middle + 0.19 * ((len(shown) - 1) / 2 - number)
        ax.plot([left + share.low, left + share.high], [at, at], color=colour, linewidth=0.9, zorder=2)
        ax.plot(left + share.share, at, mark, color=colour, markerfacecolor=face, markersize=2.8,
                markeredgewidth=0.7, clip_on=False, zorder=3)  # fmt: skip
