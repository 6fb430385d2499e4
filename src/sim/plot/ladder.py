"""How far and how fast: the rungs reached, over all runs and by week."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from numpy.typing import NDArray

from sim.estimate import Proportion, proportion
from sim.ladder import Ladder
from sim.plot.style import (
    BLUE,
    FAINT,
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
    patch,
    percent,
    seen,
)

if TYPE_CHECKING:
    from sim.batch import Runs

LEAST = 1e-9  # stands for a share of 0 on a logarithmic scale
BANDS = ((0.95, 0.40, "#DDEBF5"), (0.80, 0.29, "#AFD0E9"), (0.50, 0.18, "#6AA5D3"))  # share, half height, colour


def exceedance(runs: Runs, ax: Axes) -> Axes:
    """Draw the share of runs whose highest rung is at least r, for each rung r, with exact 95 % intervals.

    The scale is logarithmic. Rungs that the scenario itself sets are muted. A rung that no run reached is an
    arrow from the upper bound of its interval, since a share of 0 cannot be seen in any number of runs.

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
    summary = runs.summary()
    given = summary["given_rung"]
    shares = [Proportion(**row["at_least"]) for row in summary["rungs"]]
    dress(ax)
    rung_axis(runs.scenario.ladder, ax)
    for rung, share in enumerate(shares):
        if rung <= given:
            ax.plot(
                share.share or share.high, rung, "o", color="white", markeredgecolor=LINE, markersize=4, clip_on=False
            )
        elif share.count == 0:
            upper_limit(ax, share.high, rung)
        else:
            ax.plot([share.low, share.high], [rung, rung], "|-", color=BLUE, markersize=7, linewidth=1, clip_on=False)
            ax.plot(share.share, rung, "o", color=BLUE, markersize=3, clip_on=False)
        if rung > given:
            beside_rung(ax, rung, f"{seen(share)} %\n{_between(share)}")
    ax.axhspan(-0.5, given + 0.5, color=FAINT, linewidth=0, zorder=0)
    ax.text(
        0.5,
        given / 2,
        "set by the scenario,\nnot findings",
        transform=ax.get_yaxis_transform(),
        ha="center",
        va="center",
        color=GREY,
        style="italic",
        fontsize=SMALL,
    )
    log_shares(ax, [share.low if share.count else share.high / 3 for share in shares])
    found = Line2D([], [], color=BLUE, marker="o", markersize=3, linewidth=1, label="share, 95 % interval")
    limit = Line2D([], [], color=VERMILLION, marker="<", markersize=3, linewidth=1, label="upper bound: no run seen")
    key(ax, [found, limit] if any(share.count == 0 for share in shares) else [found], columns=2)
    headline(ax, "How far the crisis goes", f"Share of {extent(runs)}\nthat reach at least this rung", below=1)
    footnote(ax, f"{origin(runs)}. Exact intervals, Monte Carlo only.")
    return ax


def rung_over_time(runs: Runs, ax: Axes) -> Axes:
    """Draw the median and the bands that hold 50, 80 and 95 % of runs, of the highest rung held week by week.

    Quantiles of rungs are rungs, so bands share edges; they are drawn nested so that each stays visible. The
    shares of runs on each rung at the horizon stand beside them.

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
    dress(ax)
    rung_axis(runs.scenario.ladder, ax)
    for share, half, colour in BANDS:
        low, high = _quantile(runs, (1 - share) / 2), _quantile(runs, (1 + share) / 2)
        ax.fill_between(weeks, low - half, high + half, step="mid", facecolor=colour, edgecolor="white", linewidth=0.3)
    ax.step(weeks, _quantile(runs, 0.5), where="mid", color="white", linewidth=2.4)
    ax.step(weeks, _quantile(runs, 0.5), where="mid", color=INK, linewidth=1.2)
    for rung, held in enumerate(np.bincount(runs.rungs[:, -1], minlength=runs.scenario.ladder.use + 1)):
        beside_rung(ax, rung, f"{seen(proportion(held, len(runs)))} %", INK if held else GREY)
    beside_rung(ax, runs.scenario.ladder.use + 0.75, f"week {weeks[-1]:.0f}", color=GREY)
    ax.set_xlim(weeks[0], weeks[-1])
    ax.set_xlabel("weeks from the start", fontsize=SMALL, color=GREY, labelpad=2)
    bands = [patch(colour, f"{100 * share:.0f} %") for share, _, colour in reversed(BANDS)]
    key(ax, [Line2D([], [], color=INK, linewidth=1.2, label="median"), *bands], columns=4)
    weekly = f"Highest rung held, week by week to week {runs.scenario.horizon_weeks}:"
    headline(
        ax, "How it unfolds", f"{weekly}\nmedian, and bands with 50, 80, 95 % of {count(len(runs), 'run')}", below=1
    )
    footnote(
        ax,
        f"{origin(runs)}. Settled runs stand on rung 0; nuclear use ends a run. Right: share of runs on a rung.",
    )
    return ax


def rung_shares(runs: Runs, ax: Axes) -> Axes:
    """Draw the share of runs on each rung week by week, stacked from the highest rung at the foot.

    The upper edge of a rung's area is the share of runs on it or above; what quantiles of rungs hide.

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
    ladder, weeks = runs.scenario.ladder, runs.days / 7
    over = runs.table["day_settled"].to_numpy()[:, None] < runs.days  # days are of a turn's start, rungs of its end
    held = np.where(over, -1, runs.rungs)
    order = range(ladder.use, -2, -1)
    shares = np.array([(held == rung).mean(axis=0) for rung in order])
    colours = [*_degrees(np.array([rows.any() for rows in shares[:-1]])), FAINT]
    names = [f"{rung} {ladder.titles[rung]}" if rung >= 0 else "Settled or lapsed" for rung in order]
    dress(ax)
    ax.stackplot(weeks, shares, colors=colours, edgecolor="white", linewidth=0.3)
    _inside(ax, weeks, shares, [str(rung) if rung >= 0 else "settled" for rung in order], colours)
    ax.set(xlim=(weeks[0], weeks[-1]), ylim=(0, 1))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %"))
    ax.set_xlabel("weeks from the start", fontsize=SMALL, color=GREY, labelpad=2)
    handles = [
        patch(colour, textwrap.fill(name, 24, break_on_hyphens=False))
        for name, colour, rows in zip(names, colours, shares, strict=True)
        if rows.any()
    ]
    ax.legend(
        handles=handles[::-1],
        loc="upper left",
        bbox_to_anchor=(1.03, 1),
        frameon=False,
        fontsize=SMALL,
        handlelength=1.1,
        handletextpad=0.5,
        labelspacing=0.7,
        borderaxespad=0.2,
        borderpad=0,
    )
    headline(
        ax,
        "Where the runs stand",
        f"Share of {count(len(runs), 'run')} on each rung, over {count(runs.scenario.horizon_weeks, 'week')}",
    )
    footnote(ax, f"{origin(runs)}. Nuclear use ends a run and is kept.")
    return ax


def _degrees(held: NDArray[np.bool_]) -> list[str]:
    """Colours of rungs from the highest down, as far apart as the rungs that are held allow, also in grey."""
    place = np.clip(np.cumsum(held) - 1, 0, None) / max(held.sum() - 1, 1)
    return [to_hex(colour) for colour in colormaps["viridis"](0.95 * place)]


def _inside(
    ax: Axes, weeks: NDArray[np.float64], shares: NDArray[np.float64], names: list[str], colours: list[str]
) -> None:
    """Write names into the stacked areas wide enough for them, each where it is widest but not at an edge."""
    inner = slice(len(weeks) // 10, max(len(weeks) - len(weeks) // 10, 1))
    feet = shares.cumsum(axis=0) - shares
    for area, foot, name, colour in zip(shares, feet, names, colours, strict=True):
        widest = inner.start + int(area[inner].argmax())
        if area[widest] > 0.08:
            letters = INK if np.dot(to_rgb(colour), (0.3, 0.59, 0.11)) > 0.5 else "white"
            place = (weeks[widest], foot[widest] + area[widest] / 2)
            ax.text(*place, name, ha="center", va="center", fontsize=SMALL, color=letters)


def rung_axis(ladder: Ladder, ax: Axes, first: int = 0) -> None:
    """Make the vertical axis the ladder, its rungs by name, from the first that is drawn."""
    rungs = range(first, ladder.use + 1)
    names = [textwrap.fill(f"{rung} {ladder.titles[rung]}", 24, break_on_hyphens=False) for rung in rungs]
    ax.set_yticks(rungs, names)
    ax.set_ylim(first - 0.5, ladder.use + 0.5)
    ax.hlines(rungs, 0, 1, transform=ax.get_yaxis_transform(), color=FAINT, linewidth=0.5, zorder=0.5)


def beside_rung(ax: Axes, rung: float, text: str, color: str = INK) -> None:
    """Write to the right of a rung."""
    ax.annotate(
        text,
        (1, rung),
        xycoords=("axes fraction", "data"),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
        color=color,
        linespacing=1.1,
        annotation_clip=False,
    )


def upper_limit(ax: Axes, bound: float, rung: float, colour: str = VERMILLION) -> None:
    """Mark an upper bound: a bar at it and an arrow to lower shares."""
    ax.plot(bound, rung, "|", color=colour, markersize=7, markeredgewidth=1.4)
    arrow: dict[str, Any] = {"arrowstyle": "-|>", "color": colour, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", xy=(bound / 2.5, rung), xytext=(bound, rung), arrowprops=arrow)


def _between(share: Proportion) -> str:
    if share.count == 0:
        return "none seen"
    if share.count == share.n:
        return "all runs"
    return f"{percent(share.low)}–{percent(share.high)}"


def log_shares(ax: Axes, shown: list[float]) -> None:
    """Make the horizontal axis shares on a logarithmic scale that holds the ones shown, a decade at least."""
    decades = max(1, math.ceil(-math.log10(min(shown, default=0.1) * 0.8)))
    ax.set_xscale("log")
    ax.set_xlim(10.0**-decades, 1)
    ax.xaxis.set_major_locator(FixedLocator([10.0**-decade for decade in range(decades + 1)]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g} %"))
    ax.set_xlabel("share of runs (log scale)", fontsize=SMALL, color=GREY, labelpad=2)


def _quantile(runs: Runs, q: float) -> NDArray[Any]:
    """Rung that a share q of runs does not exceed, by turn."""
    rungs: NDArray[Any] = np.quantile(runs.rungs, q, axis=0, method="inverted_cdf")
    return rungs
