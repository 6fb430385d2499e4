"""How far results hang on the decision theory: shares of runs by rung under each theory, and the band they span."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.plot.files import blank, look, write
from sim.plot.style import BLUE, COLUMN, GREY, INK, SMALL, VERMILLION, count, dress, footnote, headline, key
from sim.scenario.schema import titled

MARKS = {
    "quantal": ("o", INK), "reciprocal": ("s", VERMILLION), "prospect": ("^", BLUE), "equilibrium": ("D", "#009E73"),
    "cautious": ("v", "#CC79A7"),
}  # fmt: skip
BAND = "#DDEBF5"


def structure(result: dict[str, Any], ax: Axes) -> Axes:
    """Draw, for each rung that the scenario does not set, the share of runs that reach it under each theory.

    Bars are exact 95 % intervals, shaded is the band from the lowest to the highest share, open what no run reached.

    Parameters
    ----------
    result : dict
        Of `sim.study.structure.structure`.
    ax : Axes
        Where to.

    Returns
    -------
    Axes
    """
    dress(ax)
    rows = [row for row in result["at_least"] if row["rung"] > result["given_rung"]]
    for place, row in enumerate(rows):
        shares = row["by_theory"]
        low, high = (100 * shares[row[end]]["share"] for end in ("lowest", "highest"))
        ax.fill_betweenx([place - 0.42, place + 0.42], low, high, color=BAND, linewidth=0, zorder=1)
        for number, (theory, share) in enumerate(shares.items()):
            marker, colour = MARKS[theory]
            at = place + 0.14 * ((len(shares) - 1) / 2 - number)  # in the order of the key
            ax.plot([100 * share["low"], 100 * share["high"]], [at, at], color=colour, linewidth=0.8, zorder=2)
            ax.plot(
                100 * share["share"], at, marker, color=colour, markerfacecolor=colour if share["count"] else "white",
                markeredgewidth=0.8, markersize=2.8, zorder=3, clip_on=False,
            )  # fmt: skip
    ax.set_yticks(range(len(rows)), [textwrap.fill(f"{row['rung']} {row['name']}", 20) for row in rows])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(0, None)
    ax.tick_params(axis="y", pad=6)  # marks at 0 are whole
    ax.set_xlabel("share of runs, %", fontsize=SMALL, color=GREY, labelpad=2)
    marks = [
        Line2D([], [], color=colour, marker=marker, markersize=2.8, linewidth=0.8, label=theory)
        for theory, (marker, colour) in MARKS.items()
    ]
    key(ax, marks, columns=3)
    weeks = count(result["horizon_weeks"], "week")
    shown = f"Share of {count(result['runs'], 'run')} within {weeks} that reach at least"
    headline(ax, "What the theory of decisions leaves open", f"{shown}\nthis rung under each decision theory", below=2)
    title = titled(result["scenario"], result["variant"])
    footnote(ax, f"{title}, seed {result['seed']}. Exact 95 % intervals, Monte Carlo only. Open: no run seen.")
    return ax


def save_structure(result: dict[str, Any], stem: Path) -> list[Path]:
    """Write the figure as PNG (200 dpi) and SVG; the same result gives the same bytes."""
    rungs = sum(row["rung"] > result["given_rung"] for row in result["at_least"])
    with look():
        figure = blank(COLUMN, 1.6 + 0.55 * rungs)
        structure(result, figure.subplots())
        return write(figure, stem)
