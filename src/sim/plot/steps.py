"""The treaty funnel as conditional probabilities, beside what is published of alliances in war.

References
----------
Berkemeier, M., & Fuhrmann, M. (2018). Reassessing the fulfillment of alliance commitments in war. Research & Politics,
    5(2).
Leeds, B. A., Long, A. G., & Mitchell, S. M. (2000). Reevaluating alliance reliability: Specific threats, specific
    promises. Journal of Conflict Resolution, 44(5), 686-699.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.codes import Level
from sim.estimate import Proportion, proportion
from sim.plot.style import (
    BLUE,
    DEGREES,
    FAINT,
    GREY,
    INK,
    SMALL,
    VERMILLION,
    count,
    dress,
    extent,
    footnote,
    headline,
    key,
    origin,
    seen,
)
from sim.summary import LEVELS, to_fight

if TYPE_CHECKING:
    from sim.batch import Runs

MOST = 6  # commitments drawn
STEPS = ("triggered", "requested", "recognised", "honoured")
GIVEN = ("of all runs", "if triggered", "if requested", "if recognised")
# Lowest level of what the ally gives, in words, colour and mark.
GAVE = (
    (Level.LIMITED_FORCES, "forces", DEGREES[0], "o"),
    (Level.MATERIEL, "materiel or more", BLUE, "s"),
    (Level.CONSULT, "consultation or more", DEGREES[2], "D"),
)
# Shares of commitments that a war invoked and that were kept, whatever the words asked for.
ANCHORS = {"a": 0.22, "b": 0.41, "c": 0.745}
SOURCES = (
    "Published shares of commitments that war invoked and that were kept, whatever they asked for: a all alliances "
    "1945-2003, b defence pacts 1816-2003 (Berkemeier & Fuhrmann 2018), c all alliances 1816-1944 (Leeds, Long & "
    "Mitchell 2000)."
)
_LANE = 1.18  # from the left edge of a lane, which is 1 wide, to that of the next


def treaty_steps(runs: Runs, ax: Axes) -> Axes:
    """Draw the steps of the defence clauses most often triggered, each given the one before, with exact intervals.

    Triggered, of all runs; requested, given that; recognised, given that; and what the ally gave, given that, by the
    least level that counts. Below each lane stand the share and the runs at risk; beside the last step what is
    published of alliances in war (`ANCHORS`).

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
    every = to_fight(runs.summary())
    rows = every[:MOST]
    dress(ax)
    for place, row in enumerate(rows):
        _clause(ax, place, row, runs)
    _heads(ax)
    ax.set(xlim=(0, 3 * _LANE + 1), ylim=(max(len(rows), 3) - 0.3, -0.95), yticks=[], xticks=[])
    ax.spines["bottom"].set_visible(False)
    if not rows:
        ax.text(1.5 * _LANE, 1, "No clause of defence was triggered in any run.", ha="center", color=GREY)
    handles = [
        Line2D([], [], color=colour, marker=mark, markersize=3, linewidth=0.9, label=name)
        for _, name, colour, mark in GAVE
    ]
    key(ax, handles, columns=3)
    headline(
        ax, "How promises are kept", f"Each step given the one before, in {extent(runs)};\nlanes run from 0 to 100 %",
        below=1,
    )  # fmt: skip
    more = f" Not drawn: {count(len(every) - MOST, 'commitment')} triggered less often." if len(every) > MOST else ""
    footnote(ax, f"{SOURCES}{more} {origin(runs)}. Exact 95 % intervals.")
    return ax


def _heads(ax: Axes) -> None:
    """Name the lanes, and mark what is published above the last."""
    for lane, (step, given) in enumerate(zip(STEPS, GIVEN, strict=True)):
        look: dict[str, Any] = {"fontsize": SMALL, "va": "bottom"}
        ax.text(lane * _LANE, -0.62, step, color=INK, weight="bold", **look)
        ax.text(lane * _LANE, -0.42, given, color=GREY, **look)


def _clause(ax: Axes, place: int, row: dict[str, Any], runs: Runs) -> None:
    states = runs.scenario.world.states
    name = f"{states[row['ally']].name} for {states[row['protected']].name}"
    title = ax.text(0, place - 0.12, name, va="bottom", fontsize=SMALL, color=INK, weight="bold")
    clause: dict[str, Any] = {"xycoords": title, "xytext": (4, 0), "textcoords": "offset points", "va": "bottom"}
    ax.annotate(f"{row['treaty']} {row['clause']}", (1, 0), fontsize=SMALL, color=GREY, **clause)
    for lane, step in enumerate(STEPS):
        ax.barh(place + 0.12, 1, left=lane * _LANE, height=0.3, color=FAINT, linewidth=0, zorder=0)
        if step == "honoured":
            break
        share = Proportion(**row[step])
        _dot(ax, share, lane, place + 0.12, INK, "o")
        _below(ax, lane, place, f"{seen(share)} % / {share.n:,}" if share.n else "no run")
    for letter, anchor in ANCHORS.items():
        x = 3 * _LANE + anchor
        ax.plot([x, x], [place - 0.03, place + 0.27], color=VERMILLION, linewidth=0.8, zorder=0.5)
        if place == 0:
            ax.text(x, place - 0.05, letter, ha="center", va="bottom", fontsize=SMALL, color=VERMILLION)
    _honoured(ax, place, row)


def _honoured(ax: Axes, place: int, row: dict[str, Any]) -> None:
    recognised = row["recognised"]["count"]
    shares = []
    for level, _, colour, mark in GAVE:
        gave = sum(row["honoured"][LEVELS[above]]["count"] for above in Level if above >= level)
        shares.append(proportion(gave, recognised))
        _dot(ax, shares[-1], 3, place + 0.12 + 0.09 * (len(shares) - 2), colour, mark)
    _below(ax, 3, place, f"forces {seen(shares[0])} % / {recognised:,}" if recognised else "no run")


def _dot(ax: Axes, share: Proportion, lane: int, place: float, colour: str, mark: str) -> None:
    if share.n == 0:
        return
    left = lane * _LANE
    ax.plot([left + share.low, left + share.high], [place, place], color=colour, linewidth=0.9, solid_capstyle="butt")
    ax.plot(left + share.share, place, mark, color=colour, markersize=2.8, clip_on=False)


def _below(ax: Axes, lane: int, place: int, text: str) -> None:
    ax.text(lane * _LANE, place + 0.29, text, va="top", fontsize=SMALL, color=GREY)
