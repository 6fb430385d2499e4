"""Boxes of scenario discovery: what each leaves of the keys' ranges, and the points in its first two keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.campaign.discovery import contents
from sim.campaign.points import worded
from sim.plot.files import PAGE, blank, look, remark, write
from sim.plot.sensitivity import MOST, SHADES, origin
from sim.plot.style import FAINT, INK, LINE, SMALL, VERMILLION, dress, headline

BOXES = (INK, VERMILLION, "#CC79A7")  # the first, the second, the third


def limits(group: Mapping[str, Any], keys: Sequence[str], ax: Axes) -> Axes:
    """Draw the part of each key's range that boxes leave, from its lowest value (0) to its highest (1)."""
    dress(ax)
    boxes = group["boxes"]
    for place, key in enumerate(keys):
        low, high = group["ranges"][key]
        ax.barh(place, 1, 0.7, color=FAINT, linewidth=0)
        for number, box in enumerate(boxes):
            limit = box["limits"].get(key)
            if limit is None:
                continue
            ends = [low if limit["low"] is None else limit["low"], high if limit["high"] is None else limit["high"]]
            start, end = ((value - low) / (high - low) for value in ends)
            at = place + 0.22 * (number - (len(boxes) - 1) / 2)
            ax.barh(at, end - start, 0.16, start, color=BOXES[number], linewidth=0)
            for value, x, shift in zip(ends, (start, end), (-3, 3), strict=True):
                if 0 < x < 1:
                    ax.annotate(
                        f"{value:.3g}", (x, at), (shift, 0), textcoords="offset points", va="center",
                        ha="right" if shift < 0 else "left", fontsize=SMALL, color=BOXES[number],
                    )  # fmt: skip
    ax.set_yticks(range(len(keys)), list(keys))
    ax.set(xlim=(-0.2, 1.2), ylim=(max(len(keys), 3) - 0.4, -0.7), xticks=(0, 1))
    ax.set_xticklabels(["lowest", "highest"])
    return ax


def points(group: Mapping[str, Any], X: np.ndarray, share: np.ndarray, keys: Sequence[str], ax: Axes) -> Axes:
    """Draw the points in two keys, darker the higher the share of runs, and the boxes."""
    dress(ax)
    order = np.argsort(share, kind="stable")  # the highest on top
    most = max(float(share.max()), 1e-9)
    size = 14 if len(X) < 600 else 6
    drawn = ax.scatter(
        X[order, 0], X[order, 1], c=100 * share[order], cmap=SHADES, vmin=-10 * most, vmax=100 * most, s=size,
        linewidths=0.3, edgecolors=LINE,
    )  # fmt: skip
    for number, box in enumerate(group["boxes"]):
        ends = []
        for key in keys:
            limit = box["limits"].get(key, {"low": None, "high": None})
            bounds = group["ranges"][key]
            given = (limit["low"], limit["high"])
            ends.append([bound if end is None else end for end, bound in zip(given, bounds, strict=True)])
        (left, right), (foot, top) = ends
        ax.add_patch(
            Rectangle((left, foot), right - left, top - foot, fill=False, edgecolor=BOXES[number], linewidth=1.2)
        )
    ax.set_xlabel(keys[0], fontsize=SMALL)
    ax.set_ylabel(keys[1], fontsize=SMALL)
    bar = ax.figure.colorbar(drawn, ax=ax, pad=0.02, aspect=30)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=SMALL, length=0)
    bar.ax.set_ylim(0, 100 * most)
    bar.set_label("% of runs", fontsize=SMALL)
    return ax


def save_boxes(
    result: Mapping[str, Any], group: Mapping[str, Any], X: np.ndarray, share: np.ndarray, stem: Path
) -> list[Path]:
    """Write the figure as PNG (200 dpi) and SVG; nothing where there is no box.

    Parameters
    ----------
    X : array, shape (P, D)
        Points, by the keys of the group's `ranges`.
    share : array, shape (P,)
    """
    boxes, every = group["boxes"], list(group["ranges"])
    if not boxes:
        return []
    keys = list(dict.fromkeys(key for box in boxes for key in _ranked(box)))[:MOST]
    pair = [*_ranked(boxes[0]), *keys, *every][: len(every)]
    pair = list(dict.fromkeys(pair))[:2]
    title, target = "Where it is likely", worded(result["target"])
    told = ". ".join(f"Box {number}: {contents(box)}" for number, box in enumerate(boxes, 1))
    about = f"{origin(result, group)}. {told}."
    with look():
        figure = blank(PAGE, max(2.9, 1.3 + 0.25 * len(keys)))
        if len(pair) == 2:
            left, right = figure.subplots(1, 2, width_ratios=(4, 5))
            columns = [every.index(key) for key in pair]
            points(group, X[:, columns], share, pair, right)
        else:
            left = figure.subplots()
        limits(group, keys, left)
        shown = f"Boxes (PRIM) of points with {target} in {100 * result['threshold']:.1f} % of runs or more"
        headline(left, title, shown)
        remark(figure, about)
        return write(figure, stem)


def _ranked(box: Mapping[str, Any]) -> list[str]:
    """Keys that a box restricts, first those that half samples restrict again."""
    return sorted(box["limits"], key=lambda key: -box["limits"][key]["found_again"])
