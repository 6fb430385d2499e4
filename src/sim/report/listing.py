"""Everything that can be named on the command line, with a line about each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.codes import THEORIES
from sim.config import Places
from sim.scenario.errors import InputError
from sim.scenario.tables import read_text, read_tree
from sim.scenario.worlds import read_world

Lines = Mapping[str, str]


def show(places: Places, experiments: Lines, console: Console) -> None:
    """Print a table for each kind of name."""
    scenarios = {name: _about(file) for name, file in places.scenarios.items()}
    worlds = {name: _world(folder) for name, folder in places.world_folders.items()}
    tables = {
        "Experiments (experiment=NAME)": experiments,
        "Scenarios (scenario=NAME)": {name: str(about.get("title", "")) for name, about in scenarios.items()},
        **dict(_variants(scenarios)),
        "Worlds (world: NAME in a scenario)": worlds,
        "Ladders (ladder=NAME)": {name: _ladder(file) for name, file in places.files("ladder").items()},
        "Sets of rules (rules=NAME)": {name: _first_comment(file) for name, file in places.files("rules").items()},
        "Decision theories": THEORIES,
    }
    width = max(len(name) for lines in tables.values() for name in lines)
    for title, lines in tables.items():
        console.print(Text(title, style="bold"))
        console.print(_table(lines, width))
        console.print()


def _table(lines: Lines, width: int) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, min_width=width + 2)
    table.add_column()
    for name, line in lines.items():
        table.add_row(Text("  " + name), Text(line))
    return table


def _about(file: Path) -> dict[str, Any]:
    """Content of a file; one that cannot be read has its complaint for a title, and hides no other."""
    try:
        return read_tree(file)
    except InputError as error:
        return {"title": str(error)}


def _variants(scenarios: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, Lines]]:
    for name, about in scenarios.items():
        variants = about.get("variants")
        if isinstance(variants, dict) and variants:
            yield f"Variants of {name} (variant=NAME)", {key: _summary(parts) for key, parts in variants.items()}


def _summary(parts: object) -> str:
    """First sentence of a variant's summary."""
    text = " ".join(str(parts.get("summary", "")).split()) if isinstance(parts, dict) else ""
    sentence, stop, _ = text.partition(". ")
    return sentence + stop.strip()


def _world(folder: Path) -> str:
    try:
        world = read_world(folder)
    except InputError as error:
        return str(error)
    return f"{world.title}: {len(world.states)} states, {len(world.treaties)} treaties, {len(world.flows)} flows"


def _ladder(file: Path) -> str:
    names = [str(rung.get("name")) for rung in _about(file).get("rungs", ()) if isinstance(rung, dict)]
    return f"{len(names)} rungs: {', '.join(names)}"


def _first_comment(file: Path) -> str:
    """What a file says about itself: its first line, where that is a comment."""
    try:
        first = read_text(file).partition("\n")[0]
    except InputError as error:
        return str(error)
    return first.removeprefix("#").strip() if first.startswith("#") else ""
