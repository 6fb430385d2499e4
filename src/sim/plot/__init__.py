"""Figures of a set of runs: each function draws on an Axes and returns it; the only importer of matplotlib.

Titles, notes and numbers stand beside the axes: give a figure ``layout="constrained"`` to make room for them.
"""

from sim.plot.beside import exceedance_beside
from sim.plot.dyads import force_by_dyad, network
from sim.plot.incidence import incidence
from sim.plot.ladder import exceedance, rung_over_time, rung_shares
from sim.plot.save import FIGURES, save_figures
from sim.plot.states import participation
from sim.plot.steps import treaty_steps
from sim.plot.treaties import treaty_funnel

__all__ = [
    "FIGURES",
    "exceedance",
    "exceedance_beside",
    "force_by_dyad",
    "incidence",
    "network",
    "participation",
    "rung_over_time",
    "rung_shares",
    "save_figures",
    "treaty_funnel",
    "treaty_steps",
]
