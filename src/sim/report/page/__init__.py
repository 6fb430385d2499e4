"""A result as one HTML file to read: it needs no network and no other file, and says in words what it draws."""

from sim.report.page.campaign import write_campaign
from sim.report.page.compare import write_comparison
from sim.report.page.discovery import write_discovery
from sim.report.page.run import write_run
from sim.report.page.sensitivity import write_sensitivity

__all__ = ["write_campaign", "write_comparison", "write_discovery", "write_run", "write_sensitivity"]
