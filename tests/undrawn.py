"""Runs without figures and page, which take most of the time of a few runs."""

import pytest


def leave_undrawn(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("sim.plot.save_figures", lambda runs, folder: [])
    patch.setattr("sim.report.page.write_run", lambda runs, manifest, world, folder: None)
