"""The look of all figures: sizes for a column of 3.5 inches, colours told apart by the colour-blind and in grey.

References
----------
Okabe, M., & Ito, K. (2008). Color Universal Design. https://jfly.uni-koeln.de/color/ (the hues)
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.patches import Patch
from matplotlib.transforms import Bbox, TransformedBbox

from sim.estimate import Proportion
from sim.scenario.schema import titled

if TYPE_CHECKING:
    from sim.batch import Runs

COLUMN = 3.5  # inches
SMALL, NORMAL, LARGE = 6.0, 6.5, 8.0  # points

INK, GREY, LINE, FAINT = "#1A1A1A", "#6B6B6B", "#B8B8B8", "#EFEFEF"
BLUE, VERMILLION, YELLOW = "#0072B2", "#D55E00", "#F0E442"  # Okabe & Ito
# From the gravest to the mildest, each lighter than the one before also in grey.
DEGREES = ("#00304D", BLUE, "#7CC4EE", "#D6EBF7")

# Laid over matplotlib's own defaults, so that nobody's settings change a figure's bytes.
STYLE: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],  # comes with matplotlib
    "font.size": NORMAL,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.linewidth": 0.6,
    "hatch.linewidth": 0.5,
    "svg.hashsalt": "sim",
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.05,
    "figure.constrained_layout.w_pad": 0.04,
}


def dress(ax: Axes) -> None:
    """Take off the frame but for the foot, and set small, quiet ticks."""
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set(color=LINE, linewidth=0.6)
    ax.tick_params(labelsize=SMALL, labelcolor=INK, color=LINE, width=0.6, length=2.5, pad=2)
    ax.tick_params(axis="y", length=0)
    ax.tick_params(which="minor", length=0)


def headline(ax: Axes, title: str, subtitle: str, below: int = 0) -> None:
    """Write a title and what the figure shows flush with the labels on the left, over so many lines left free."""
    where: dict[str, Any] = {
        "xy": (0, 1),
        "xycoords": (_labels(ax), "axes fraction"),
        "textcoords": "offset points",
        "va": "bottom",
        "annotation_clip": False,
    }
    foot = 5 + 1.25 * NORMAL * below
    above = foot + 1.25 * NORMAL * (1 + subtitle.count("\n"))
    ax.annotate(subtitle, xytext=(0, foot), color=GREY, fontsize=NORMAL, **where)
    ax.annotate(title, xytext=(0, above), color=INK, fontsize=LARGE, weight="bold", **where)


def footnote(ax: Axes, text: str, width: int = 66) -> None:
    """Write a remark below everything else, flush with the labels on the left."""
    ax.annotate(
        "\n".join(textwrap.fill(_kept(line), width) for line in text.split("\n")),
        xy=(0, 0),
        xycoords=(_labels(ax), _foot(ax)),
        xytext=(0, -4),
        textcoords="offset points",
        va="top",
        color=GREY,
        fontsize=SMALL,
        annotation_clip=False,
    )


def _kept(text: str) -> str:
    """Keep a number and its sign or name on one line."""
    return text.replace(" %", "\u00a0%").replace("seed ", "seed\u00a0")


def key(ax: Axes, handles: Iterable[Artist], columns: int) -> None:
    """Explain colours in rows between the headline and the axes."""
    ax.legend(
        handles=list(handles),
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=columns,
        frameon=False,
        fontsize=SMALL,
        handlelength=1.1,
        handleheight=0.9,
        handletextpad=0.4,
        columnspacing=0.9,
        borderaxespad=0.2,
        borderpad=0,
    )


def patch(colour: str, label: str, hatch: str | None = None) -> Patch:
    """Return a swatch for a key."""
    return Patch(facecolor=colour, edgecolor=GREY, linewidth=0.4, hatch=hatch, label=label)


def extent(runs: Runs) -> str:
    """Return the number of runs and the horizon, as in `10,000 runs within 52 weeks`."""
    return f"{count(len(runs), 'run')} within {count(runs.scenario.horizon_weeks, 'week')}"


def origin(runs: Runs) -> str:
    """Return what was run, for a footnote."""
    scenario = runs.scenario
    changed = ", changed" if scenario.changes else ""
    return f"{titled(scenario.name, scenario.variant)}{changed}, seed {runs.seed}"


def count(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def percent(share: float) -> str:
    """Return a share in per cent with as many digits as a figure needs; small ones keep one that counts."""
    points = 100 * share
    return f"{points:.1g}" if points < 0.095 else f"{points:.2f}" if points < 0.995 else f"{points:.1f}"


def seen(share: Proportion) -> str:
    """Return a share in per cent: its bound, rounded outwards, where nothing or everything was observed."""
    if share.n == 0:
        return "–"
    if share.count == 0:
        points = 100 * share.high
        digit = 10.0 ** min(-1, math.floor(math.log10(points)))
        return f"<{math.ceil(points / digit) * digit:.{3 if points >= 10 else 2 if points >= 1 else 1}g}"
    if share.count == share.n:
        return f">{math.floor(1000 * share.low) / 10:.1f}"
    return percent(share.share)


def _labels(ax: Axes) -> Any:
    """Return the box of the labels on the left, as a place for annotations."""

    def box(renderer: RendererBase) -> Bbox | TransformedBbox:
        return ax.yaxis.get_tightbbox(renderer) or ax.bbox

    return box


def _foot(ax: Axes) -> Any:
    """Return the box of the labels below, as a place for annotations."""

    def box(renderer: RendererBase) -> Bbox | TransformedBbox:
        return ax.xaxis.get_tightbbox(renderer) or ax.bbox

    return box
