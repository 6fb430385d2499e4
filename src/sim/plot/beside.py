"""How far variants of a scenario go, beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.estimate import Proportion
from sim.ladder import Ladder
from sim.plot.files import blank, look, write
from sim.plot.ladder import LEAST, log_shares, rung_axis
from sim.plot.style import (
    BLUE,
    COLUMN,
    GREY,
    INK,
    LINE,
    VERMILLION,
    count,
    dress,
    footnote,
    headline,
    key,
)

SERIES = ((INK, "o"), (VERMILLION, "s"), (BLUE, "D"), (GREY, "^"))  # colour and mark


class Reached(NamedTuple):
    """How far a variant goes: the share of runs that reach each rung or a higher one, and what it sets itself."""

    shares: Mapping[int, Proportion]
    given: int


def reached(result: Mapping[str, Any], ladder: Ladder) -> dict[str, Reached]:
    """Return how far the variants of a comparison go: the first, and those in which war changes most.

    Parameters
    ----------
    result : mapping
        Of `sim.study.compare.compare`.
    """
    outcomes = result["outcomes"]
    apart = next(outcome["differences"] for outcome in outcomes if outcome["name"] == "war")
    others = sorted(apart, key=lambda name: -abs(apart[name]["difference"]))[: len(SERIES) - 1]
    rungs = {ladder.names.index(o["name"]): o["shares"] for o in outcomes if o["kind"] == "rung"}
    rungs[ladder.use] = next(outcome["shares"] for outcome in outcomes if outcome["name"] == "nuclear_use")
    return {
        name: Reached({r: Proportion(**shares[name]) for r, shares in rungs.items()}, about["given_rung"])
        for name, about in result["variants"].items()
        if name in (result["first"], *others)
    }


def exceedance_beside(variants: Mapping[str, Reached], ladder: Ladder, ax: Axes) -> Axes:
    """Draw the share of runs that reach each rung or a higher one, for some variants beside each other.

    Intervals are exact and of each variant by itself: runs share their draws, so that differences are known better
    than these suggest (`sim.plot.forest`). The scale is logarithmic; where no run reached a rung there is an interval
    that is open to the left. What a variant sets itself is a pale mark.

    Parameters
    ----------
    variants : mapping of Reached
        By name, at most as many as `SERIES`.
    ladder : Ladder
        Names of the rungs.
    ax : Axes
        Where to.

    Returns
    -------
    Axes
    """
    foot = min(variant.given for variant in variants.values())
    dress(ax)
    rung_axis(ladder, ax, foot + 1)
    handles = []
    for number, (name, variant) in enumerate(variants.items()):
        colour, mark = SERIES[number]
        face = colour if number == 0 else "white"
        for rung in range(foot + 1, ladder.use + 1):
            _mark(ax, variant, rung, rung + 0.37 - 0.74 * (number + 0.5) / len(variants), (colour, face, mark))
        look: dict[str, Any] = {"color": colour, "marker": mark, "markerfacecolor": face, "linewidth": 0.9}
        handles.append(Line2D([], [], label=name, markersize=3.5, markeredgewidth=0.8, **look))
    shown = [v.shares[rung] for v in variants.values() for rung in range(max(foot, v.given) + 1, ladder.use + 1)]
    log_shares(ax, [share.low if share.count else share.high / 3 for share in shown])
    columns = 2 if max(map(len, variants)) < 24 else 1
    key(ax, handles, columns=columns)
    runs = shown[0].n
    headline(
        ax,
        "How far each variant goes",
        f"Share of {count(runs, 'run')} of each variant\nthat reach at least this rung",
        below=-(-len(handles) // columns),
    )
    pale = " Pale: set by the variant itself." if any(v.given > foot for v in variants.values()) else ""
    footnote(
        ax,
        f"Not drawn: rungs up to {foot}, which the scenario sets.{pale} Exact 95 % intervals of each variant by "
        "itself; runs are paired, so that differences are known better.",
    )
    return ax


def _mark(ax: Axes, variant: Reached, rung: int, place: float, look: tuple[str, str, str]) -> None:
    share, (colour, face, mark) = variant.shares[rung], look
    dot: dict[str, Any] = {"marker": mark, "markersize": 3.5, "markeredgewidth": 0.8, "clip_on": False}
    if rung <= variant.given:
        ax.plot(share.share, place, color=LINE, markerfacecolor="white", **dot)
        return
    ax.plot([share.low or LEAST, share.high], [place, place], color=colour, linewidth=0.9, zorder=1.5)
    if share.count:
        ax.plot(share.share, place, color=colour, markerfacecolor=face, **dot)


def save_exceedance_beside(variants: Mapping[str, Reached], ladder: Ladder, stem: Path) -> list[Path]:
    """Write `exceedance_beside` as PNG (200 dpi) and SVG; the same shares give the same bytes."""
    rungs = ladder.use - min(variant.given for variant in variants.values())
    height = 1.5 + rungs * (0.2 + 0.11 * len(variants))
    with look():
        figure = blank(COLUMN, height)
        exceedance_beside(variants, ladder, figure.subplots())
        return write(figure, stem)
