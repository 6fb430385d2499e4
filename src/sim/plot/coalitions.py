"""Who fights beside whom, and against whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.estimate import Proportion, proportion
from sim.plot.style import (
    BLUE,
    DEGREES,
    GREY,
    INK,
    LINE,
    SMALL,
    count,
    dress,
    extent,
    footnote,
    headline,
    key,
    origin,
    patch,
    seen,
)

if TYPE_CHECKING:
    from sim.batch import Runs

MOST = 8  # states drawn
STEPS = (0.5, 0.2, 0.05, 0.01, 0.0)  # least share of runs for each shade
TOGETHER = (DEGREES[0], BLUE, DEGREES[2], DEGREES[3], "#F1F8FC")
AGAINST = ("#6B2A00", "#C9570A", "#F0A868", "#FAD9BC", "#FDF3EA")
DARK = 2  # so many shades want white letters
Pairs = Mapping[tuple[str, str], int]


class Matrix(NamedTuple):
    """States, the most often in a fight first; runs in which a pair, by the alphabet, is on one side, on two."""

    states: list[str]
    together: Pairs
    against: Pairs


def matrix(sides: Iterable[Mapping[str, Any]]) -> Matrix:
    """Return who is on whose side, and on the other, in how many runs.

    Parameters
    ----------
    sides : iterable of mapping
        `coalitions.sides` of a summary. Both of a pair use force where they are on one side, one of them at least where
        they are on two.
    """
    involved: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    against: Counter[tuple[str, str]] = Counter()
    for row in sides:
        runs, beside, facing = row["share"]["count"], set(), set()
        states = set()
        for quarrel in filter(None, row["belligerents"].split(", ")):
            parts = [side.split("+") for side in quarrel.split(" v ")]
            states |= {state.strip("()") for side in parts for state in side}
            beside |= {pair for side in parts for pair in combinations(sorted(filter(_armed, side)), 2)}
            facing |= {
                tuple(sorted(state.strip("()") for state in (one, other)))
                for first, second in combinations(parts, 2)
                for one in first
                for other in second
                if _armed(one) or _armed(other)
            }
        involved.update(dict.fromkeys(states, runs))
        together.update(dict.fromkeys(beside, runs))
        against.update(dict.fromkeys(facing, runs))
    return Matrix(sorted(involved, key=lambda state: (-involved[state], state)), together, against)


def _armed(state: str) -> bool:
    return not state.startswith("(")


def coalitions(runs: Runs, ax: Axes) -> Axes:
    """Draw, for each pair of states, in what share of runs they fight on one side and on two.

    Below the diagonal: both use force on one side of a quarrel. Above it: they are on two sides of one, and one of them
    at least uses force. The `MOST` states that are most often in a fight.

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
    found = matrix(runs.summary()["coalitions"]["sides"])
    shown = found.states[:MOST]
    dress(ax)
    ax.spines["bottom"].set_visible(False)
    for (x, first), (y, second) in combinations(enumerate(shown), 2):
        pair = (min(first, second), max(first, second))
        _cell(ax, x, y, proportion(found.together.get(pair, 0), len(runs)), TOGETHER)
        _cell(ax, y, x, proportion(found.against.get(pair, 0), len(runs)), AGAINST)
    for place in range(len(shown)):
        ax.plot((place - 0.5, place + 0.5), (place - 0.5, place + 0.5), color=LINE, linewidth=0.8, zorder=0.5)
    size = max(len(shown), 3)
    ax.set(xlim=(-0.5, size - 0.5), ylim=(size - 0.5, -0.5))
    ax.set_yticks(range(len(shown)), [runs.scenario.world.states[code].name for code in shown])
    ax.set_xticks(range(len(shown)), shown)
    ax.tick_params(axis="x", length=0)
    if not shown:
        ax.text(1, 1, "Nobody uses force in any run.", ha="center", color=GREY)
    key(ax, [patch(TOGETHER[1], "below the diagonal: on one side"), patch(AGAINST[1], "above it: on two sides")], 2)
    headline(ax, "Who fights beside whom, and against whom", f"Per cent of {extent(runs)}", below=1)
    rarer = len(found.states) - len(shown)
    left_out = f" Not drawn: {count(rarer, 'state')} more rarely in a fight." if rarer else ""
    footnote(
        ax,
        "On one side: both use force. On two: one of them at least uses force. Empty: in no run. Darker: from 1, 5, 20 "
        f"and 50 per cent.{left_out} {origin(runs)}.",
    )
    return ax


def _cell(ax: Axes, x: int, y: int, share: Proportion, shades: tuple[str, ...]) -> None:
    if not share.count:
        ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor="#F7F7F7", edgecolor="white", linewidth=1))
        return
    shade = next(number for number, least in enumerate(STEPS) if share.share >= least)
    ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=shades[shade], edgecolor="white", linewidth=1))
    letters = "white" if shade < DARK else INK
    ax.text(x, y, seen(share), ha="center", va="center", fontsize=SMALL, color=letters)
