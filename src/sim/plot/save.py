"""Every figure as files for print and for the web."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plot.base_rates import base_rates
from sim.plot.coalitions import coalitions
from sim.plot.dyads import force_by_dyad, network
from sim.plot.files import blank, look, write
from sim.plot.incidence import incidence
from sim.plot.ladder import exceedance, rung_over_time, rung_shares
from sim.plot.paths import paths_to_war
from sim.plot.states import participation
from sim.plot.steps import treaty_steps
from sim.plot.style import COLUMN
from sim.plot.treaties import treaty_funnel

if TYPE_CHECKING:
    from sim.batch import Runs

OVERVIEW = (6.8, 3.7, 235)  # width and height in inches, dots per inch: letters large enough on a web page

# By name of file: what draws it, and its height in inches at the width of a column.
FIGURES: dict[str, tuple[Callable[[Runs, Axes], Axes], float]] = {
    "base_rates": (base_rates, 5.2),
    "coalitions": (coalitions, 3.5),
    "exceedance": (exceedance, 3.7),
    "force_by_dyad": (force_by_dyad, 3.6),
    "incidence": (incidence, 2.9),
    "network": (network, 3.2),
    "participation": (participation, 3.7),
    "paths_to_war": (paths_to_war, 4.8),
    "rung_over_time": (rung_over_time, 3.7),
    "rung_shares": (rung_shares, 3.0),
    "treaty_funnel": (treaty_funnel, 5.7),
    "treaty_steps": (treaty_steps, 4.7),
}


def save_figures(runs: Runs, folder: Path) -> list[Path]:
    """Write every figure, and an overview of two, as PNG (200 dpi) and SVG.

    The same runs give the same bytes with the same version of matplotlib, whatever one's own settings of it.

    Parameters
    ----------
    runs : Runs
        What to draw.
    folder : Path
        Folder to write to; made if it does not exist.

    Returns
    -------
    list of Path
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with look():
        for name, (draw, height) in FIGURES.items():
            figure = blank(COLUMN, height)
            draw(runs, figure.subplots())
            written += write(figure, folder / name)
        written += write(_overview(runs), folder / "overview")
    return written


def _overview(runs: Runs) -> Figure:
    """How far and how it unfolds, on one ladder."""
    width, height, dpi = OVERVIEW
    figure = blank(width, height, dpi)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(4, 5))
    exceedance(runs, left)
    rung_over_time(runs, right)
    return figure
