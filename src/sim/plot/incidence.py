"""When it happens first: cumulative incidence of thresholds and of the ends of a crisis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from sim.estimate import Proportion, proportion
from sim.plot.style import (
    BLUE,
    DEGREES,
    GREY,
    INK,
    LINE,
    SMALL,
    VERMILLION,
    dress,
    extent,
    footnote,
    headline,
    origin,
    seen,
)

if TYPE_CHECKING:
    from sim.batch import Runs

_APART = 0.07  # between two labels, in shares of the height


class Curve(NamedTuple):
    """What has happened by the end of each turn: counts of runs, and how it is drawn."""

    name: str
    counts: NDArray[np.int64]
    colour: str
    dashes: Any


def incidence(runs: Runs, ax: Axes) -> Axes:
    """Draw, week by week, the share of runs in which each threshold was reached, and in which the crisis has ended.

    A crisis ends by settlement, by nuclear use, or not within the horizon; what the horizon cuts off is still open.
    Nothing else censors a run, so these shares are the cumulative incidences with competing ends (of Aalen and
    Johansen). Bands are exact 95 % intervals, week by week. Thresholds that the scenario itself crosses are left out.

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
    weeks = runs.days / 7
    shown, given = curves(runs)
    dress(ax)
    ends = []
    for curve in shown:
        found = [proportion(count, len(runs)) for count in curve.counts]
        low, middle, high = ([getattr(share, name) for share in found] for name in ("low", "share", "high"))
        ax.fill_between(weeks, low, high, step="post", color=curve.colour, alpha=0.18, linewidth=0)
        ax.step(weeks, middle, where="post", color=curve.colour, linewidth=1.2, linestyle=curve.dashes)
        ends.append((curve, found[-1]))
    _name(ax, ends)
    ax.set(xlim=(weeks[0], weeks[-1]), ylim=(0, 1))
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %" if share else "0"))
    ax.grid(axis="y", color=LINE, linewidth=0.3, alpha=0.6)
    ax.set_xlabel("weeks from the start", fontsize=SMALL, color=GREY, labelpad=2)
    headline(ax, "When it happens first", f"Share of {extent(runs)}\nin which it has come about; right: at the end")
    left_out = f"Set by the scenario and not drawn: {', '.join(given)}. " if given else ""
    footnote(ax, f"{left_out}Open: neither settled nor ended by nuclear use. {origin(runs)}. Exact 95 % intervals.")
    return ax


def curves(runs: Runs) -> tuple[list[Curve], list[str]]:
    """Return what there is to draw, and the names of thresholds that the scenario itself crosses."""
    table, ladder, given = runs.table, runs.scenario.ladder, runs.summary()["given_rung"]
    kinds = (
        ("force", ladder.force, DEGREES[2], "-"),
        ("lethal", ladder.lethal, BLUE, (0, (5, 1))),
        ("war", ladder.war, VERMILLION, "-"),
        ("nuclear", ladder.use, INK, (0, (1, 1))),
    )
    names = {"lethal": "lethal force", "nuclear": "nuclear use"}
    day = {kind: table[f"day_{kind}"].to_numpy() for kind in (*(kind for kind, *_ in kinds), "settled")}
    found = [
        Curve(names.get(kind, kind), _by(runs, day[kind]), colour, dashes)
        for kind, rung, colour, dashes in kinds
        if rung > given
    ]
    ended = _by(runs, np.fmin(day["settled"], day["nuclear"]))
    found.append(Curve("settled", _by(runs, day["settled"]), DEGREES[0], "-"))
    found.append(Curve("open", len(table) - ended, GREY, ":"))
    return found, [names.get(kind, kind) for kind, rung, *_ in kinds if rung <= given]


def _by(runs: Runs, days: NDArray[np.float64]) -> NDArray[np.int64]:
    """Runs in which something has happened by the end of each turn; a day is that of the turn in which it happens."""
    return np.array([np.count_nonzero(days < end) for end in runs.days])


def _name(ax: Axes, ends: list[tuple[Curve, Proportion]]) -> None:
    """Write names and last shares to the right, moved apart where they would meet."""
    ends = sorted(ends, key=lambda end: end[1].share)
    places = [share.share for _, share in ends]
    for i in range(1, len(ends)):  # up
        places[i] = max(places[i], places[i - 1] + _APART)
    places[-1] = min(places[-1], 1.0)
    for i in range(len(ends) - 2, -1, -1):  # and down again, below the top
        places[i] = min(places[i], places[i + 1] - _APART)
    for (curve, share), place in zip(ends, places, strict=True):
        look = {"color": curve.colour, "linewidth": 0.8, "linestyle": curve.dashes, "clip_on": False}
        ax.plot([1.005, 1.045], [share.share, place], transform=ax.transAxes, **look)
        text = f"{curve.name} {seen(share)} %"
        ax.text(1.055, place, text, transform=ax.transAxes, va="center", fontsize=SMALL, color=INK)
