"""What experiments say beside their result, and how they name what they were asked."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.config import Settings
from sim.scenario.schema import titled


def written(console: Console, folder: Path) -> None:
    """Say where the result lies."""
    console.print(f"\nWritten to {folder}", soft_wrap=True)


def announce_compilation(function: Callable[..., object]) -> None:
    """Say that a function will be compiled first, if it is not yet."""
    from sim.compiled import is_cached

    if not is_cached(function):
        print("compiling the model (first run only, a minute or two)", file=sys.stderr, flush=True)


def world_folder(settings: Settings) -> Path:
    """Folder of the world in which a scenario is set."""
    from sim.config import Places

    return Places.find(settings.config_dirs).world_folders[settings.tree["scenario"]["world"]]


def origin(settings: Settings) -> str:
    """Return what a figure says of where it comes from."""
    scenario = settings.scenario
    return f"{titled(scenario.name, scenario.variant)}, {settings.runs:,} runs, seed {settings.seed}"


def tasks(bar: Progress) -> Callable[[str, int], Callable[[int], None]]:
    """Return what makes a row of a progress display, and from it what tells the row how much is done."""

    def begun(name: str, total: int) -> Callable[[int], None]:
        row = bar.add_task(name, total=total)
        return lambda done: bar.update(row, completed=done)

    return begun


def progress() -> Progress:
    """Return a display of progress, gone when it is done."""
    name, done, left = (TextColumn(text) for text in ("{task.description}", "done,", "left"))
    columns = (name, BarColumn(), MofNCompleteColumn(), done, TimeRemainingColumn(), left)
    return Progress(*columns, console=Console(stderr=True), transient=True)
