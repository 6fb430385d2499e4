"""What the outcomes of a campaign hang on: a tornado for one of them, a heatmap for all."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from sim.campaign.points import luck, worded
from sim.plot.files import PAGE, blank, look, remark, write
from sim.plot.style import BLUE, GREY, INK, LINE, SMALL, VERMILLION, dress, headline
from sim.scenario.schema import titled

MOST = 15  # keys drawn
NARROWEST = 6  # columns for which there is room: one alone is not as wide as the page
NAMES = {"sobol": ("total", "total Sobol index"), "morris": ("mu_star", "Morris' mu*"), "pawn": ("pawn", "PAWN index")}
SHADES = LinearSegmentedColormap.from_list("shades", ["#FFFFFF", "#7CC4EE", BLUE, "#00304D"])


def tornado(rows: Mapping[str, Any], mean: float, name: str, ax: Axes) -> Axes:
    """Draw, for each key, the mean outcome in its lowest and in its highest fifth, with their 95 % intervals."""
    dress(ax)
    for place, row in enumerate(rows.values()):
        for end, colour, shift in (("at_low", BLUE, -0.19), ("at_high", VERMILLION, 0.19)):
            value, low, high = (100 * row[end][part] for part in ("value", "low", "high"))
            ax.barh(place + shift, value - 100 * mean, 0.36, 100 * mean, color=colour, linewidth=0)
            ax.plot([low, high], [place + shift] * 2, color=INK, linewidth=0.7, solid_capstyle="butt")
    ax.axvline(100 * mean, color=GREY, linewidth=0.8)
    ax.set_xlim(max(ax.get_xlim()[0], 0), min(ax.get_xlim()[1], 100))
    ax.set_yticks(range(len(rows)), list(rows))
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlabel(f"{name}, % of runs", fontsize=SMALL)
    for x, text, colour, where in ((-4, "key low", BLUE, "right"), (4, "key high", VERMILLION, "left")):
        ax.annotate(
            text, (1, 1), (x - 34, 3), xycoords="axes fraction", textcoords="offset points", ha=where, va="bottom",
            fontsize=SMALL, color=colour, weight="bold",
        )  # fmt: skip
    return ax


def indices(rows: Mapping[str, Any], method: str, ax: Axes) -> Axes:
    """Draw the index of each key with its interval; with Sobol's total the first order, else what no effect gives."""
    dress(ax)
    name, title = NAMES[method]
    for place, row in enumerate(rows.values()):
        index = row[name]
        if index["low"] is not None:
            ax.plot([index["low"], index["high"]], [place] * 2, color=INK, linewidth=0.9, zorder=2)
        ax.plot(index["value"], place, "o", color=INK, markersize=3.6, zorder=3)
        if method == "sobol":
            ax.plot(row["first"]["value"], place, "o", markerfacecolor="white", markeredgecolor=INK, markersize=3.6)
        else:
            least = row["mu_star_of_luck" if method == "morris" else "pawn_of_a_dummy"]
            ax.plot([least] * 2, [place - 0.35, place + 0.35], color=VERMILLION, linewidth=0.9)
    ax.axvline(0, color=LINE, linewidth=0.8, zorder=1)
    ax.set_xlabel(title + (" (open: first order)" if method == "sobol" else ""), fontsize=SMALL)
    ax.tick_params(axis="y", labelleft=False)
    return ax


def save_tornado(result: Mapping[str, Any], group: Mapping[str, Any], target: str, stem: Path) -> list[Path]:
    """Write the first keys of an outcome as PNG (200 dpi) and SVG."""
    found, method = group["targets"][target], result["method"]
    rows = dict(list(found["keys"].items())[:MOST])
    named = worded(target)
    marks = {"sobol": "", "morris": " Ticks: what luck alone gives.", "pawn": " Ticks: a key without effect."}
    about = (
        f"{origin(result, group)}. Means of points in the lowest and highest fifth of a key; intervals (95 %) of "
        f"resampled points and runs. {luck(found).capitalize()}.{marks[method]}"
    )
    if len(found["keys"]) > MOST:
        about += f" The first {MOST} of {len(found['keys'])} keys."
    with look():
        figure = blank(PAGE, 1.4 + 0.2 * max(len(rows), 3))
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=(5, 3))
        tornado(rows, found["mean"], named, left)
        indices(rows, method, right)
        headline(left, f"What {named} hangs on", "Where a key is low and where it is high, and the index of the key")
        remark(figure, about)
        return write(figure, stem)


def heatmap(result: Mapping[str, Any], group: Mapping[str, Any], ax: Axes) -> Axes:
    """Draw the index of every key for every outcome that has one."""
    name = NAMES[result["method"]][0]
    columns = {target: found for target, found in group["targets"].items() if found["keys"]}
    weight = {key: max(found["keys"][key][name]["value"] for found in columns.values()) for key in _keys(columns)}
    keys = sorted(weight, key=lambda key: -weight[key])[:MOST]
    table = np.array([[found["keys"][key][name]["value"] for found in columns.values()] for key in keys])
    most = max(table.max(), 1e-9)
    ax.imshow(table, cmap=SHADES, vmin=0, vmax=most, aspect="auto")
    for (row, column), value in np.ndenumerate(table):
        shade = "white" if value > 0.55 * most else INK
        ax.text(column, row, f"{max(value, 0):.2f}", ha="center", va="center", fontsize=SMALL, color=shade)
    dress(ax)
    ax.set_yticks(range(len(keys)), keys)
    ax.set_xlim(-0.5, max(len(columns), NARROWEST) - 0.5)
    ax.set_xticks(range(len(columns)), [textwrap.fill(worded(target), 12) for target in columns])
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    return ax


def _keys(columns: Mapping[str, Any]) -> list[str]:
    return list(next(iter(columns.values()))["keys"])


def save_heatmap(result: Mapping[str, Any], group: Mapping[str, Any], stem: Path) -> list[Path]:
    """Write the heatmap as PNG (200 dpi) and SVG; nothing where no outcome has an index."""
    told = [target for target, found in group["targets"].items() if found["keys"]]
    if not told:
        return []
    count = len(group["targets"][told[0]]["keys"])
    without = len(group["targets"]) - len(told)
    about = f"{origin(result, group)}."
    about += f" The first {MOST} of {count} keys." if count > MOST else ""
    about += f" {without} more outcomes have no index." if without else ""
    with look():
        figure = blank(PAGE, 1.4 + 0.2 * max(min(count, MOST), 3))
        ax = figure.subplots()
        heatmap(result, group, ax)
        headline(ax, "Which key matters for what", f"{NAMES[result['method']][1]} of keys (rows) for outcomes")
        remark(figure, about)
        return write(figure, stem)


def origin(result: Mapping[str, Any], group: Mapping[str, Any]) -> str:
    """Return what was run, for a footnote."""
    given = "".join(f", {key}={'null' if value is None else value}" for key, value in group["given"].items())
    title = titled(result["scenario"], result["variant"])
    return f"{title}{given}: {group['points']:,} points, {result['runs']:,} runs each, seed {result['seed']}"
