"""How far a crisis goes, chance and parameters apart."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.ladder import Ladder
from sim.plot.files import blank, look, write
from sim.plot.ladder import LEAST, beside_rung, log_shares, rung_axis, upper_limit
from sim.plot.style import (
    COLUMN,
    DEGREES,
    INK,
    VERMILLION,
    count,
    dress,
    footnote,
    headline,
    key,
    patch,
    percent,
)
from sim.scenario.schema import titled

BAND = DEGREES[2]
_DECADES = 0.1  # of the smallest share seen: as far to the left as a band is drawn


def exceedance_apart(result: Mapping[str, Any], ladder: Ladder, ax: Axes) -> Axes:
    """Draw the share of runs whose highest rung is at least r, with its Monte Carlo interval and its parameter band.

    The bar is where the probabilities of the middle 95 % of the points lie, binomial noise taken out: no run narrows
    it. The whisker in it is the 95 % interval of the mean over points, which runs and points narrow. The scale is
    logarithmic; a band that begins at 0 goes out of the axes on the left. Rungs that the scenario sets are left out; a
    rung that no run reached is an arrow from the upper bound of its interval.

    Parameters
    ----------
    result : mapping
        Of `sim.study.uncertainty.uncertainty`.
    ladder : Ladder
        Names of the rungs.
    ax : Axes
        Where to.

    Returns
    -------
    Axes
    """
    given = result["given_rung"]
    rows = [row for row in result["at_least"] if row["rung"] > given]
    dress(ax)
    rung_axis(ladder, ax, given + 1)
    for row in rows:
        _row(ax, row, result["runs"])
    least = [_DECADES * row["monte_carlo"]["share"] for row in rows if row["count"]]
    bounds = [row["monte_carlo"]["high"] / 3 for row in rows if not row["count"]]
    log_shares(ax, [*least, *bounds])
    band = patch(BAND, "parameters: middle 95 % of points")
    chance = Line2D([], [], color=INK, marker="o", markersize=3, linewidth=1, label="chance: 95 % interval of the mean")
    none = Line2D([], [], color=VERMILLION, marker="<", markersize=3, linewidth=1, label="upper bound: no run seen")
    handles = [band, chance, none] if bounds else [band, chance]
    key(ax, handles, columns=1)
    number = f"{count(result['runs'], 'run')} at {count(result['points'], 'point')} of the parameters"
    headline(ax, "Chance and parameters apart", f"Share of {number}\nthat reach at least this rung", below=len(handles))
    name = titled(result["scenario"], result["variant"])
    footnote(
        ax,
        f"{name}, seed {result['seed']}, {count(result['horizon_weeks'], 'week')}. Not drawn: rungs up to {given}, "
        "which the scenario sets. Right: share and, below it, the band. Bands are free of binomial noise; more runs "
        "narrow the intervals alone.",
    )
    return ax


def _row(ax: Axes, row: Mapping[str, Any], runs: int) -> None:
    rung, sure, band = row["rung"], row["monte_carlo"], row["band"]
    if not row["count"]:
        upper_limit(ax, sure["high"], rung)
        beside_rung(ax, rung, f"<{percent(sure['high'])} %\nnone seen")
        return
    ax.barh(rung, band["high"] - band["low"], 0.44, left=band["low"] or LEAST, color=BAND, linewidth=0, zorder=1)
    ax.plot([sure["low"] or LEAST, sure["high"]], [rung, rung], "|-", color=INK, markersize=5, linewidth=1, zorder=2)
    ax.plot(sure["share"], rung, "o", color=INK, markersize=3, clip_on=False, zorder=3)
    told = "no band" if band["low"] == band["high"] else f"{_least(band['low'])}–{percent(band['high'])}"
    beside_rung(ax, rung, f"{percent(sure['share'])} %\n{told}" if row["count"] < runs else "all runs")


def _least(share: float) -> str:
    """A lower bound in per cent; what rounds to nothing is 0."""
    return percent(share) if share >= 5e-5 else "0"


def save_exceedance_apart(result: Mapping[str, Any], ladder: Ladder, stem: Path) -> list[Path]:
    """Write `exceedance_apart` as PNG (200 dpi) and SVG; the same result gives the same bytes."""
    height = 1.7 + 0.3 * (ladder.use - result["given_rung"])
    with look():
        figure = blank(COLUMN, height)
        exceedance_apart(result, ladder, figure.subplots())
        return write(figure, stem)
