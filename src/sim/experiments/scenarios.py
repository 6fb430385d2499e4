"""Scenarios themselves: what one assumes, what can be named, how one begins."""

from __future__ import annotations

from rich.console import Console

from sim.config import Settings
from sim.experiments.terminal import world_folder


def check(settings: Settings, console: Console) -> None:
    """Show what a scenario assumes, how much of it is judgement, and what looks like a slip."""
    from sim.config import compose_variants
    from sim.report.checking import show

    compose_variants(settings)
    show(settings.scenario, world_folder(settings), console)


def list_names(settings: Settings, console: Console) -> None:
    """Show everything that can be named on the command line."""
    from sim.config import Places
    from sim.experiments import EXPERIMENTS
    from sim.report.listing import show

    lines = {name: experiment.line for name, experiment in EXPERIMENTS.items()}
    show(Places.find(settings.config_dirs), lines, console)


def new(settings: Settings, console: Console) -> None:
    """Write a commented scenario of the user's own, and say how to run it."""
    from sim.config import Places
    from sim.report.template import command, own_folder, write

    assert settings.name is not None
    places = Places.find(settings.config_dirs)
    source = str(settings.tree["from"] or settings.scenario.name)
    folder = settings.into or own_folder(settings.config_dirs)
    file = write(places.scenarios[source], source, settings.name, folder, settings.config_dirs)
    console.print(f"Written: {file}", soft_wrap=True)
    for experiment in ("run", "check"):
        line = command(settings.name, folder, settings.config_dirs, experiment)
        console.print(f"{experiment.capitalize()} it: {line}", soft_wrap=True)
