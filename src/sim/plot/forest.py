"""Paired differences with their intervals, and beside them the shares of runs that turn."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.estimate import Proportion
from sim.plot.files import PAGE, blank, look, remark, write
from sim.plot.style import BLUE, GREY, INK, LINE, SMALL, VERMILLION, dress, headline, seen

ROWS, MOST = 3, 15  # rows for which there is room at least, rows drawn
Rows = Mapping[str, Mapping[str, Any]]  # by label: a `sim.study.paired.difference`


class Forest(NamedTuple):
    """What a figure shows: rows from the top down, words about them, and rows whose war the scenario itself sets."""

    title: str
    rows: Rows
    subtitle: str
    note: str
    given: frozenset[str] = frozenset()


def forest(shown: Forest, ax: Axes) -> Axes:
    """Draw differences in percentage points with their intervals; filled where the interval leaves out 0."""
    dress(ax)
    ax.axvline(0, color=LINE, linewidth=0.8, zorder=1)
    for place, (name, row) in enumerate(shown.rows.items()):
        if name in shown.given:
            told, where = "war is set by the scenario", ax.get_yaxis_transform()
            ax.text(0.02, place, told, ha="left", va="center", fontsize=SMALL, color=GREY, transform=where)
            continue
        low, centre, high = (100 * row[name] for name in ("low", "difference", "high"))
        ax.plot([low, high], [place, place], color=INK, linewidth=0.9, solid_capstyle="butt", zorder=2)
        face = INK if low > 0 or high < 0 else "white"
        ax.plot(centre, place, "o", markersize=4, markerfacecolor=face, markeredgecolor=INK, markeredgewidth=0.8)
    ax.set_yticks(range(len(shown.rows)), list(shown.rows))
    room = max(ROWS - len(shown.rows), 0) / 2  # bars of few rows stay slim
    ax.set_ylim(len(shown.rows) - 0.4 + room, -0.6 - room)
    ax.set_xlabel("difference in P(war), percentage points", fontsize=SMALL, color=GREY, labelpad=2)
    return ax


def turned(shown: Forest, ax: Axes) -> Axes:
    """Draw the shares of runs turned down to the left and up to the right, with their figures in per cent."""
    dress(ax)
    most = 0.0
    for name, sign, colour in (("turned_down", -1, BLUE), ("turned_up", 1, VERMILLION)):
        for place, (label, row) in enumerate(shown.rows.items()):
            if label in shown.given:
                continue
            share = Proportion(**row[name])
            ax.barh(place, sign * 100 * share.share, height=0.6, color=colour, linewidth=0)
            where = "left" if sign > 0 else "right"
            at, shade = (sign * 100 * share.share, place), INK if share.count else GREY
            ax.annotate(
                seen(share), at, (3 * sign, 0), textcoords="offset points", ha=where, va="center", fontsize=SMALL,
                color=shade,
            )  # fmt: skip
            most = max(most, 100 * share.share)
    ax.axvline(0, color=LINE, linewidth=0.8)
    reach = 1.5 * max(most, 0.1)  # room for the figures
    ax.set(xlim=(-reach, reach), xticks=[])
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="y", labelleft=False)
    for x, word, colour, where in ((-0.02, "turned down", BLUE, "right"), (0.02, "turned up", VERMILLION, "left")):
        ax.annotate(
            word, (0.5 + x, 1), (0, 3), xycoords="axes fraction", textcoords="offset points", ha=where, va="bottom",
            fontsize=SMALL, color=colour, weight="bold",
        )  # fmt: skip
    return ax


def drawing(shown: Forest, origin: str) -> Figure:
    """Return the first rows as a figure: differences, and beside them the runs that turned.

    Parameters
    ----------
    origin : str
        What was run, for the footnote.
    """
    drawn = shown._replace(rows=dict(list(shown.rows.items())[:MOST]))
    rest = f" The first {MOST} of {len(shown.rows)}." if len(shown.rows) > MOST else ""
    figure = blank(PAGE, 1.5 + 0.21 * max(len(drawn.rows), ROWS))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(5, 3))
    forest(drawn, left)
    turned(drawn, right)
    headline(left, shown.title, shown.subtitle)
    remark(figure, f"{origin}. {shown.note}{rest}")
    return figure


def save_forest(shown: Forest, origin: str, stem: Path) -> list[Path]:
    """Write `drawing` as PNG (200 dpi) and SVG; the same rows give the same bytes."""
    with look():
        figure = drawing(shown, origin)
        return write(figure, stem)
