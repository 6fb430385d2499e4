"""How far a crisis goes, chance and parameters apart: of one scenario, or of variants beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.ladder import Ladder
from sim.plot.beside import SERIES
from sim.plot.files import PAGE, blank, look, write
from sim.plot.ladder import LEAST, beside_rung, log_shares, rung_axis, upper_limit
from sim.plot.style import (
    BLUE,
    COLUMN,
    DEGREES,
    GREY,
    INK,
    LINE,
    SMALL,
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

# Of each variant drawn, as `sim.plot.beside.SERIES`; the first is full, the others are open.
BANDS = {INK: "#BDBDBD", VERMILLION: "#F8CFAE", BLUE: DEGREES[3], GREY: "#EFEFEF"}
_DECADES = 0.1  # of the smallest share seen: as far to the left as a band is drawn
_ROOM = 0.8  # of the height of a rung, for all variants


class Look(NamedTuple):
    """How a variant is drawn."""

    colour: str
    band: str
    mark: str
    face: str


def looks(number: int) -> list[Look]:
    """Return how so many variants are drawn; one alone in black on blue."""
    if number == 1:
        return [Look(INK, DEGREES[2], "o", INK)]
    return [
        Look(colour, BANDS[colour], mark, "white" if place else colour)
        for place, (colour, mark) in enumerate(SERIES[:number])
    ]


def chosen(result: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return what is drawn of a result, by name of the variant: the first, and those in which war changes most.

    Parameters
    ----------
    result : mapping
        Of `sim.study.uncertainty.uncertainty`, or of `sim.study.uncertainty_beside.beside`.
    """
    if "variants" not in result:
        return {"": result}
    war = {
        name: abs(row["outcomes"]["war"]["monte_carlo"]["difference"]) for name, row in result["differences"].items()
    }
    others = sorted(war, key=lambda name: -war[name])[: len(SERIES) - 1]
    return {name: one for name, one in result["variants"].items() if name in (result["first"], *others)}


def exceedance_apart(result: Mapping[str, Any], ladder: Ladder, ax: Axes) -> Axes:
    """Draw the share of runs whose highest rung is at least r, with its Monte Carlo interval and its parameter band.

    The bar is where the probabilities of the middle 95 % of the points lie, binomial noise taken out: no run narrows
    it. The whisker in it is the 95 % interval of the mean over points, which runs and points narrow. The scale is
    logarithmic; a band that begins at 0 goes out of the axes on the left. Rungs that every variant sets are left out,
    a rung that one of them sets is a pale mark; a rung that no run reached is an arrow from the upper bound of its
    interval.

    Parameters
    ----------
    result : mapping
        Of `sim.study.uncertainty.uncertainty`; or of `sim.study.uncertainty_beside.beside`: the first variant, and
        those in which war changes most.
    ladder : Ladder
        Names of the rungs.
    ax : Axes
        Where to.

    Returns
    -------
    Axes
    """
    variants = chosen(result)
    drawn = looks(len(variants))
    given = min(one["given_rung"] for one in variants.values())
    dress(ax)
    rung_axis(ladder, ax, given + 1)
    height = _ROOM / len(variants)
    for number, (one, shown) in enumerate(zip(variants.values(), drawn, strict=True)):
        for row in one["at_least"]:
            place = row["rung"] + _ROOM / 2 - height * (number + 0.5)
            if row["rung"] > one["given_rung"]:
                _share(ax, place, height, row, shown)
            elif row["rung"] > given:
                ax.plot(1, place, shown.mark, color="white", markeredgecolor=LINE, markersize=3.5, clip_on=False)
    rows = [row for one in variants.values() for row in one["at_least"] if row["rung"] > one["given_rung"]]
    least = [_DECADES * row["monte_carlo"]["share"] for row in rows if row["count"]]
    bounds = [row["monte_carlo"]["high"] / 3 for row in rows if not row["count"]]
    log_shares(ax, [*least, *bounds])
    _explain(ax, variants, drawn)
    first = next(iter(variants.values()))
    each = " of each" if len(variants) > 1 else ""
    runs = f"{count(result['runs'], 'run')}{each} at {count(result['points'], 'point')} of the parameters"
    headline(
        ax, "Chance and parameters apart", f"Share of {runs}\nthat reach at least this rung",
        below=_rows(variants),
    )  # fmt: skip
    name = titled(first["scenario"], first["variant"] if len(variants) == 1 else None)
    pale = " Pale: set by the variant." if any(one["given_rung"] > given for one in variants.values()) else ""
    footnote(
        ax,
        f"{name}, seed {result['seed']}, {count(first['horizon_weeks'], 'week')}. Not drawn: rungs up to {given}, "
        f"which the scenario sets.{pale} Right: share in per cent (band). Bands are free of binomial noise; more runs "
        "narrow the intervals alone.",
    )
    return ax


def _share(ax: Axes, place: float, height: float, row: Mapping[str, Any], shown: Look) -> None:
    sure, band = row["monte_carlo"], row["band"]
    if not row["count"]:
        upper_limit(ax, sure["high"], place, shown.colour)
        beside_rung(ax, place, f"<{percent(sure['high'])} (none seen)", shown.colour)
        return
    _both(ax, place, height, (band["low"] or LEAST, band["high"]), (sure["low"] or LEAST, sure["high"]), shown)
    ax.plot(sure["share"], place, shown.mark, color=shown.colour, markerfacecolor=shown.face, markersize=3.2,
            markeredgewidth=0.8, clip_on=False, zorder=3)  # fmt: skip
    told = "no band" if band["low"] == band["high"] else f"{_least(band['low'])}–{percent(band['high'])}"
    beside_rung(ax, place, f"{percent(sure['share'])} ({told})", shown.colour)


def _both(
    ax: Axes, place: float, height: float, band: tuple[float, float], sure: tuple[float, float], shown: Look
) -> None:
    """Draw the parameters' band as a bar, and in it the interval for chance as a whisker."""
    if band[0] < band[1]:
        edge: dict[str, Any] = {"edgecolor": shown.colour, "linewidth": 0.5 * (shown.face == "white")}
        ax.barh(place, band[1] - band[0], 0.72 * height, left=band[0], facecolor=shown.band, zorder=1, **edge)
    ax.plot(sure, [place, place], "|-", color=shown.colour, markersize=4.5, linewidth=1, zorder=2)


def _explain(ax: Axes, variants: Mapping[str, Any], drawn: Sequence[Look]) -> None:
    """Say what marks and colours mean, the variants in a row of their own."""
    band = patch(drawn[0].band, "parameters: middle 95 % of points")
    chance = Line2D([], [], color=INK, marker="|", markersize=4.5, linewidth=1, label="chance: 95 % interval")
    names = [
        Line2D([], [], color=shown.colour, marker=shown.mark, markerfacecolor=shown.face, markersize=3.2,
               markeredgewidth=0.8, linewidth=0, label=name)
        for name, shown in zip(variants, drawn, strict=True)
    ]  # fmt: skip
    key(ax, [band, chance] if len(variants) == 1 else [band, chance, *names], columns=_columns(variants))


def _columns(variants: Mapping[str, Any]) -> int:
    """Columns of the key: two as far as names leave room."""
    return 2 if len(variants) > 1 and max(map(len, variants)) < 24 else 1


def _rows(variants: Mapping[str, Any]) -> int:
    """Rows of the key."""
    return 2 if len(variants) == 1 else -(-(2 + len(variants)) // _columns(variants))


def difference_apart(result: Mapping[str, Any], ladder: Ladder, ax: Axes) -> Axes:
    """Draw by how much oftener each rung is reached under a variant than under the first, with both uncertainties.

    Bars, whiskers and variants are those of `exceedance_apart`; filled marks have an interval without 0. Where a
    band holds 0 the sign may hang on parameters, however many runs there are.

    Parameters
    ----------
    result : mapping
        Of `sim.study.uncertainty_beside.beside`.
    ladder : Ladder
        Names of the rungs.
    ax : Axes
        Where to.

    Returns
    -------
    Axes
    """
    variants = chosen(result)
    given = min(one["given_rung"] for one in variants.values())
    others = [
        (name, shown) for name, shown in zip(variants, looks(len(variants)), strict=True) if name != result["first"]
    ]
    dress(ax)
    rung_axis(ladder, ax, given + 1)
    ax.axvline(0, color=LINE, linewidth=0.8, zorder=0.8)
    height = _ROOM / len(others)
    for number, (name, shown) in enumerate(others):
        for row in result["differences"][name]["at_least"]:
            if row["rung"] > given:
                _difference(ax, row["rung"] + _ROOM / 2 - height * (number + 0.5), height, row, shown)
    ax.set_xlabel("difference, percentage points", fontsize=SMALL, color=GREY, labelpad=2)
    headline(
        ax, "What a variant changes", f"The same runs at the same points,\nbeside {result['first']}",
        below=_rows(variants),
    )  # fmt: skip
    footnote(
        ax,
        "Right: difference (band). Filled: the interval leaves out 0. Where the band holds 0 it may go "
        "either way, by the parameters.",
    )
    return ax


def _difference(ax: Axes, place: float, height: float, row: Mapping[str, Any], shown: Look) -> None:
    sure, band = ({name: 100 * value for name, value in row[part].items()} for part in ("monte_carlo", "band"))
    _both(ax, place, height, (band["low"], band["high"]), (sure["low"], sure["high"]), shown)
    face = shown.colour if sure["low"] > 0 or sure["high"] < 0 else "white"
    ax.plot(sure["difference"], place, shown.mark, color=shown.colour, markerfacecolor=face, markersize=3.2,
            markeredgewidth=0.8, zorder=3)  # fmt: skip
    told = "no band" if band["low"] == band["high"] else f"{_signed(band['low'])} to {_signed(band['high'])}"
    beside_rung(ax, place, f"{_signed(sure['difference'])} ({told})", shown.colour)


def _signed(points: float) -> str:
    """Percentage points with their sign, as many digits as they need."""
    text = f"{points:+.1f}" if abs(points) >= 0.95 else f"{points:+.2f}"
    return "0" if not text.strip("+-0.") else text.replace("-", "\u2212")


def _least(share: float) -> str:
    """A lower bound in per cent; what rounds to nothing is 0."""
    return percent(share) if share >= 5e-5 else "0"


def drawing(result: Mapping[str, Any], ladder: Ladder) -> Figure:
    """Return `exceedance_apart` as a figure; of variants with `difference_apart` beside it, on the same rungs."""
    variants = chosen(result)
    rungs = ladder.use - min(one["given_rung"] for one in variants.values())
    if len(variants) == 1:
        figure = blank(COLUMN, 1.7 + 0.3 * rungs)
        exceedance_apart(result, ladder, figure.subplots())
        return figure
    figure = blank(PAGE, 1.7 + 0.1 * len(variants) + rungs * (0.2 + 0.11 * len(variants)))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(5, 4))
    exceedance_apart(result, ladder, left)
    difference_apart(result, ladder, right)
    right.tick_params(axis="y", labelleft=False)
    return figure


def save_exceedance_apart(result: Mapping[str, Any], ladder: Ladder, stem: Path) -> list[Path]:
    """Write `drawing` as PNG (200 dpi) and SVG; the same result gives the same bytes."""
    with look():
        return write(drawing(result, ladder), stem)
