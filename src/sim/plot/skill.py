"""Skill of a back-test: by how much the model's forecasts are better or worse than those of each baseline."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.plot.files import blank, look, write_png
from sim.plot.style import BLUE, COLUMN, GREY, INK, LINE, SMALL, VERMILLION, dress, footnote, headline, key

# Parts of the crises that are drawn, and their names.
PARTS = {
    "all": "all",
    "until_1945": "until 1945",
    "after_1945": "after 1945",
    "after_1945_violent_trigger": "after 1945,\nviolent trigger",
    "after_1945_non_violent_trigger": "after 1945,\nother trigger",
}
# Baselines: name, colour, mark.
BASELINES = {
    "climatology": ("climatology", GREY, "^"),
    "trigger_climatology": ("by trigger", BLUE, "s"),
    "logit_before_onset": ("logit before onset", VERMILLION, "D"),
    "logit_at_onset": ("logit at onset", INK, "o"),
}


def skill(parts: Mapping[str, Any], ax: Axes) -> Axes:
    """Draw the model's ranked probability score less that of each baseline; filled where the interval leaves out 0.

    Parameters
    ----------
    parts : mapping
        Scores of one outcome by part of the crises, of `sim.study.backtest.assess`.
    ax : Axes
        Where to; lower scores are better, so that left of 0 the model is.

    Returns
    -------
    Axes
    """
    shown = [name for name in PARTS if name in parts]
    rivals = [name for name in BASELINES if name in parts[shown[0]]["differences"]]
    dress(ax)
    ax.axvline(0, color=LINE, linewidth=0.8, zorder=1)
    for place, part in enumerate(shown):
        for number, rival in enumerate(rivals):
            entry, (_, colour, mark) = parts[part]["differences"][rival]["rps"], BASELINES[rival]
            at = place - 0.3 + 0.6 * (number + 0.5) / len(rivals)
            ax.plot([entry["low"], entry["high"]], [at, at], color=colour, linewidth=0.9, solid_capstyle="butt")
            face = colour if entry["low"] > 0 or entry["high"] < 0 else "white"
            ax.plot(entry["mean"], at, mark, color=colour, markerfacecolor=face, markersize=3.2, markeredgewidth=0.8)
    ax.set_yticks(range(len(shown)), [f"{PARTS[part]}\n({parts[part]['n']:,})" for part in shown])
    ax.set_ylim(len(shown) - 0.5, -0.5)
    low, high = ax.get_xlim()
    ax.set_xticks([tick for tick in ax.get_xticks() if low <= tick <= high])
    ax.set_xlabel("model better  ◄  difference in score  ►  baseline better", fontsize=SMALL, color=GREY, labelpad=2)
    handles = [
        Line2D([], [], color=colour, marker=mark, markersize=3.2, linewidth=0.9, label=name)
        for name, colour, mark in map(BASELINES.__getitem__, rivals)
    ]
    key(ax, handles, columns=2)
    headline(
        ax, "Skill", "Ranked probability score of the model less that\nof each baseline", below=-(-len(rivals) // 2)
    )
    footnote(ax, "In brackets: crises. 95 % bootstrap intervals over conflicts; filled: without 0.")
    return ax


def save_skill(parts: Mapping[str, Any], file: Path) -> Path:
    """Write `skill` as PNG (200 dpi); the same scores give the same bytes."""
    rows = sum(name in parts for name in PARTS)
    with look():
        figure = blank(COLUMN, 1.5 + 0.42 * rows)
        skill(parts, figure.subplots())
        return write_png(figure, file)
