"""A result as one HTML file to read: it needs no network and no other file, and says in words what it draws."""

from sim.report.page.attribute import write_attribution
from sim.report.page.campaign import write_campaign
from sim.report.page.compare import write_comparison
from sim.report.page.discovery import write_discovery
from sim.report.page.past import write_backtest, write_joining
from sim.report.page.run import write_run
from sim.report.page.sensitivity import write_sensitivity
from sim.report.page.structure import write_structure
from sim.report.page.uncertainty import write_uncertainty, write_uncertainty_beside

__all__ = [
    "write_attribution",
    "write_backtest",
    "write_campaign",
    "write_comparison",
    "write_discovery",
    "write_joining",
    "write_run",
    "write_sensitivity",
    "write_structure",
    "write_uncertainty",
    "write_uncertainty_beside",
]
