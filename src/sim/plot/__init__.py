"""Figures of a set of runs: each function draws on an Axes and returns it; the only importer of matplotlib.

Titles, notes and numbers stand beside the axes: give a figure ``layout="constrained"`` to make room for them.
"""

from sim.plot.base_rates import base_rates
from sim.plot.beside import exceedance_beside, reached
from sim.plot.coalitions import coalitions
from sim.plot.dyads import force_by_dyad, network
from sim.plot.incidence import incidence
from sim.plot.ladder import exceedance, rung_over_time, rung_shares
from sim.plot.paths import paths_to_war
from sim.plot.save import FIGURES, save_figures
from sim.plot.states import participation
from sim.plot.steps import treaty_steps
from sim.plot.treaties import treaty_funnel
from sim.plot.uncertainty import difference_apart, exceedance_apart

__all__ = [
    "FIGURES",
    "base_rates",
    "coalitions",
    "difference_apart",
    "exceedance",
    "exceedance_apart",
    "exceedance_beside",
    "force_by_dyad",
    "incidence",
    "network",
    "participation",
    "paths_to_war",
    "reached",
    "rung_over_time",
    "rung_shares",
    "save_figures",
    "treaty_funnel",
    "treaty_steps",
]
