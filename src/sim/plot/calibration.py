"""Figures of a calibration: what history has taught, and whether the method finds what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from scipy.stats import binom

from sim.plot.files import PAGE, banner, blank, look, remark, write_png
from sim.plot.style import BLUE, GREY, INK, LINE, SMALL, dress, footnote, headline


def shrinkage(parameters: Sequence[Mapping[str, Any]], share: float, ax: Axes) -> Axes:
    """Draw posterior over prior standard deviation of every parameter; filled are identified, by width or by shift."""
    rows = sorted(parameters, key=lambda row: -float(row["shrinkage"]))
    place = np.arange(len(rows))
    values = [float(row["shrinkage"]) for row in rows]
    colours = [BLUE if row["identified"] else "white" for row in rows]
    dress(ax)
    ax.axvline(1, color=LINE, linewidth=0.8, zorder=1)
    ax.axvline(share, color=GREY, linewidth=0.8, linestyle="--", zorder=1)
    ax.scatter(values, place, c=colours, edgecolors=INK, linewidths=0.6, s=16, zorder=3)
    ax.set_yticks(place, [str(row["name"]).replace("_", " ").replace(".", ": ") for row in rows])
    ax.set(xlim=(0, max([1.2, *values]) + 0.02), ylim=(-0.7, len(rows) - 0.3))
    ax.set_xlabel("posterior over prior standard deviation", fontsize=SMALL, color=GREY, labelpad=2)
    headline(ax, "What history tells", "How much narrower the crises of the past make each parameter")
    footnote(ax, "Filled: identified, by its width (left of the dashed line) or by its shift. At 1 nothing was learnt.")
    return ax


def ranks(counts: Sequence[int], name: str, ax: Axes) -> Axes:
    """Draw a histogram of ranks; the band holds a bin's count in 95 of 100 repetitions of a right method."""
    total, bins = sum(counts), len(counts)
    low, high = (float(binom.ppf(q, total, 1 / bins)) for q in (0.025, 0.975))
    ax.axhspan(low, high, color=GREY, alpha=0.25, linewidth=0, zorder=1)
    ax.bar(np.arange(bins), counts, width=0.9, color=BLUE, zorder=2)
    ax.set(xticks=[], yticks=[], ylim=(0, max([high, *counts]) * 1.15))
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.set_title(name.rpartition(".")[2].replace("_", " "), fontsize=SMALL, loc="left", pad=2)
    return ax


def save_shrinkage(parameters: Sequence[Mapping[str, Any]], share: float, file: Path) -> Path:
    """Write the shrinkage of all parameters as PNG (200 dpi)."""
    with look():
        figure = blank(4.6, 1.3 + 0.15 * len(parameters))
        shrinkage(parameters, share, figure.subplots())
        return write_png(figure, file)


def save_ranks(result: Mapping[str, Any], file: Path) -> Path:
    """Write the rank histograms of all parameters as PNG (200 dpi)."""
    bins, columns = result["bins"], 6
    rows = -(-len(bins) // columns)
    with look():
        figure = blank(PAGE, 0.6 + 0.75 * rows)
        panels = figure.subplots(rows, columns, squeeze=False).ravel()
        for ax, (name, counts) in zip(panels, bins.items(), strict=False):
            ranks(counts, name, ax)
        for ax in panels[len(bins) :]:
            ax.set_axis_off()
        banner(figure, "Whether known parameters are found again")
        remark(figure, "Ranks of known values among the draws of their posteriors, even where the method is right. "
               "Band: where a bin lies in 95 of 100 repetitions of a right method.")  # fmt: skip
        return write_png(figure, file)
