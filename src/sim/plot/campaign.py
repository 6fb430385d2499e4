"""A campaign at first sight: how outcomes spread over its points, and an outcome beside the keys that go with it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.campaign.overview import Bearing, Spread, told
from sim.campaign.points import Floats, worded
from sim.plot.files import PAGE, blank, look, remark, write
from sim.plot.style import BLUE, GREY, INK, LINE, SMALL, dress, headline, seen

FEW, DRAWN = 40, 1_000  # points up to which each is a dot in the one figure, and in the other
ACROSS = 3  # panels beside each other


class Cloud(NamedTuple):
    """A key's values at points that are drawn, and the outcome there."""

    bearing: Bearing
    values: list[Any]
    shares: Floats


def spreads(found: Mapping[str, Spread], shares: Mapping[str, NDArray[np.float64]], ax: Axes) -> Axes:
    """Draw the range of each outcome over the points: dots where these are few, else quantiles."""
    dress(ax)
    for place, (name, spread) in enumerate(found.items()):
        low, five, quarter, middle, three, ninety_five, high = (100 * share.share for share in spread.shares)
        ax.plot([low, high], [place] * 2, color=GREY, linewidth=0.8, zorder=1)
        if len(shares[name]) <= FEW:
            ax.plot(100 * shares[name], np.full(len(shares[name]), place), "o", color=BLUE, markersize=3, alpha=0.7)
        else:
            ax.plot([five, ninety_five], [place] * 2, color="#7CC4EE", linewidth=5, solid_capstyle="butt", zorder=2)
            ax.plot([quarter, three], [place] * 2, color=BLUE, linewidth=5, solid_capstyle="butt", zorder=3)
        ax.plot(middle, place, "o", color="white", markeredgecolor=INK, markersize=4, zorder=4)
        own = spread.shares[3]
        ax.errorbar(
            middle, place + 0.3, xerr=[[middle - 100 * own.low], [100 * own.high - middle]], color=INK, linewidth=0.7,
            capsize=1.5, capthick=0.7, markersize=0,
        )  # fmt: skip
        text = " – ".join(seen(spread.shares[at]) for at in (0, 3, 6))
        ax.annotate(
            text, (1.02, place), xycoords=("axes fraction", "data"), va="center", fontsize=SMALL, annotation_clip=False
        )
    ax.annotate(
        "lowest – median – highest, %", (1.02, 1), (0, 2), xycoords="axes fraction", textcoords="offset points",
        va="bottom", fontsize=SMALL, color=GREY, annotation_clip=False,
    )  # fmt: skip
    ax.set_yticks(range(len(found)), [worded(name).capitalize() for name in found])
    ax.set(xlim=(-1, 101), ylim=(len(found) - 0.4, -0.6))
    ax.set_xlabel("% of runs", fontsize=SMALL)
    return ax


def save_spread(
    found: Mapping[str, Spread], shares: Mapping[str, NDArray[np.float64]], origin: str, stem: Path
) -> list[Path]:
    """Write the spread of outcomes over the points as PNG (200 dpi) and SVG.

    Parameters
    ----------
    shares : mapping of array
        Shares of runs, shape (P,), by outcome.
    """
    points = len(next(iter(shares.values())))
    marks = (
        "dots: points" if points <= FEW else "light bars: nine points in ten; dark bars: the middle half; lines: all"
    )
    about = (
        f"{origin}. Open circles: the median point; {marks}. Below each circle the 95 % interval that luck alone "
        "leaves that point."
    )
    with look():
        figure = blank(PAGE, 1.3 + 0.34 * len(found))
        ax = figure.subplots()
        spreads(found, shares, ax)
        headline(ax, "How outcomes spread over the points", "Share of runs at each point of the design", below=1)
        remark(figure, about)
        return write(figure, stem)


def beside(cloud: Cloud, top: float, ax: Axes) -> Axes:
    """Draw an outcome against a key: points faint, means of slices with their intervals."""
    dress(ax)
    slices, values = cloud.bearing.slices, cloud.values
    words = any(isinstance(value, str | bool) or value is None for value in values)
    if words:
        places = {one.text: one.at for one in slices}
        texts = [told(value) for value in values]  # side by side, so that points do not hide each other
        aside = {text: iter(np.linspace(-0.3, 0.3, texts.count(text) + 2)[1:-1]) for text in places}
        values = [places[text] + next(aside[text]) for text in texts]
        ax.set_xticks(range(len(slices)), [textwrap.shorten(one.text, 14, placeholder="…") for one in slices])
        ax.set_xlim(-0.5, len(slices) - 0.5)
    else:
        ax.locator_params(axis="x", nbins=4)
    if len(values) <= DRAWN:
        ax.plot(values, 100 * cloud.shares, "o", color=BLUE, alpha=0.35, markersize=2, markeredgewidth=0, zorder=1)
    at, mean = [one.at for one in slices], [100 * one.mean for one in slices]
    ax.plot(at, mean, linestyle="none" if words else "-", color=INK, linewidth=0.8, zorder=2)
    for x, one in zip(at, slices, strict=True):
        ax.plot([x, x], [100 * one.low, 100 * one.high], color=INK, linewidth=1, zorder=3)
    ax.plot(at, mean, "o", color="white", markeredgecolor=INK, markersize=3.6, zorder=4)
    ax.set_ylim(-0.03 * top, top)
    ax.grid(axis="y", color=LINE, linewidth=0.3)
    part = cloud.bearing.explained
    share = "" if part is None else f"\n{max(100 * part, 0):.0f} % of the variance"
    ax.set_title("\n".join(textwrap.wrap(cloud.bearing.key, 30)) + share, fontsize=SMALL, loc="left", color=INK)
    return ax


def save_beside(clouds: Sequence[Cloud], outcome: str, origin: str, stem: Path) -> list[Path]:
    """Write an outcome against keys, a panel each, as PNG (200 dpi) and SVG."""
    rows = math.ceil(len(clouds) / ACROSS)
    highest = max([float(cloud.shares.max()) for cloud in clouds] + [s.high for c in clouds for s in c.bearing.slices])
    about = (
        f"{origin}. Circles: means of points whose values of the key lie together (fifths, or single values), with "
        "95 % intervals for other points and other runs. The variance is that between points; of many keys some seem "
        "to explain a little by luck."
    )
    with look():
        figure = blank(PAGE, 0.95 + 1.75 * rows)
        axes = figure.subplots(rows, ACROSS, sharey=True, squeeze=False).ravel()
        for cloud, ax in zip(clouds, axes, strict=False):
            beside(cloud, 105 * highest, ax)
        for ax in axes[len(clouds) :]:
            ax.set_visible(False)
        figure.suptitle(
            f"{worded(outcome).capitalize()}, % of runs, beside the keys that go with it most",
            x=0.006, ha="left", fontsize=8, weight="bold",
        )  # fmt: skip
        remark(figure, about)
        return write(figure, stem)
