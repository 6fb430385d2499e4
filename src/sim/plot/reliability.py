"""Reliability diagrams: how often things happened that were given a probability."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.axes import Axes

from sim.plot.files import PAGE, banner, blank, look, remark, write_png
from sim.plot.style import BLUE, GREY, INK, LINE, NORMAL, SMALL

_MARKERS = {"minor": "o", "serious": "s", "war": "^"}
_TITLES = {"minor": "Minor clashes or more", "serious": "Serious clashes or war", "war": "War"}


def reliability(diagram: dict[str, Any], ax: Axes, event: str) -> Axes:
    """Draw the reliability diagram of an event: bars are where a right forecast's points lie, all at once.

    Parameters
    ----------
    diagram : dict
        Of `sim.study.backtest.calibration`.
    event : str
        minor, serious or war, and what is above.
    """
    ax.plot((0, 1), (0, 1), color=LINE, linewidth=0.8, zorder=1)
    ax.vlines(diagram["forecast"], diagram["low"], diagram["high"], color=GREY, linewidth=2.5, alpha=0.45, zorder=2)
    ax.plot(
        diagram["forecast"], diagram["frequency"], _MARKERS[event], color=BLUE, markeredgecolor=INK,
        markeredgewidth=0.5, markersize=4.5, zorder=3, clip_on=False,
    )  # fmt: skip
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=SMALL, color=LINE, width=0.6, length=2.5, pad=2)
    ax.set_xlabel("probability forecast", fontsize=NORMAL)
    ax.set_title(f"{_TITLES[event]} ({sum(diagram['n'])} crises)", fontsize=NORMAL, loc="left")
    return ax


def save_reliability(diagrams: dict[str, Any], file: Path) -> Path:
    """Write the diagrams of all events side by side as PNG (200 dpi); the same diagrams give the same bytes."""
    with look():
        figure = blank(PAGE, 3.0)
        panels = figure.subplots(1, len(diagrams), sharey=True)
        for ax, (event, diagram) in zip(panels, diagrams.items(), strict=True):
            reliability(diagram, ax, event)
        panels[0].set_ylabel("share that happened", fontsize=NORMAL)
        banner(figure, "Reliability")
        remark(
            figure,
            "How often it happened in crises of like forecasts; on the line forecasts are right. Bars: where the marks "
            "of a diagram lie, all at once, in 95 of 100 repetitions of right forecasts.",
        )
        return write_png(figure, file)
