"""A scenario's assumptions as tables on a terminal: what is read, what is remembered, what is judged."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.scenario.assumptions import BASES, Assumption, assumptions, explained
from sim.scenario.schema import Scenario, titled
from sim.scenario.suspicions import suspicions

STYLES = {"sourced": "", "memory": "cyan", "judgement": "yellow"}


def show(scenario: Scenario, world: Path, console: Console) -> None:
    """Print every assumption, then how much of it is judgement, then what looks like a slip.

    Parameters
    ----------
    world : Path
        Folder of the scenario's world, whose SOURCES.md explains keys of sources.
    """
    console.print(Text(f"{titled(scenario.title, scenario.variant)}: a valid scenario", style="bold"))
    inputs = assumptions(scenario)
    for group, lines in groupby(inputs, key=lambda line: line.group):
        console.print()
        console.print(Text(group, style="bold"))
        for number, (part, own) in enumerate(groupby(lines, key=lambda line: line.part)):
            if part:
                console.print(Text(part, style="underline"))
            console.print(_table(list(own), show_header=number == 0 and not part))
    console.print()
    console.print(_shares(inputs))
    console.print()
    found = suspicions(scenario, inputs, explained(world))
    heading = "Legal, but worth a second look" if found else "Nothing looks like a slip."
    console.print(Text(heading, style="bold"))
    for sentence in found:
        console.print(Text(f"- {sentence}"))


def _table(lines: list[Assumption], show_header: bool) -> Table:
    """Assumptions that belong together; columns are as wide in every table."""
    table = Table(box=None, pad_edge=False, expand=True, show_header=show_header)
    for column, ratio in (("", 3), ("value (range)", 5), ("source", 3)):
        table.add_column(column, ratio=ratio, overflow="fold")
    table.add_column("confidence", width=12)
    for line in lines:
        name = f"  {line.name}" if line.part else line.name
        source = "; ".join(line.source.replace("; ", ";").split(";"))
        table.add_row(*map(Text, (name, line.value, source, line.confidence)), style=STYLES[line.basis])
    return table


def _shares(inputs: list[Assumption]) -> Table:
    """Count of inputs by group and basis."""
    table = Table(title="How much is judgement", title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("")
    for column in ("inputs", *BASES, "share judged"):
        table.add_column(column, justify="right", no_wrap=True)
    groups = [(group, list(lines)) for group, lines in groupby(inputs, key=lambda line: line.group)]
    for group, lines in (*groups, ("all", inputs)):
        counts = count(lines)
        whole = sum(counts.values())
        share = f"{100 * counts['judgement'] / whole:.0f} %"
        table.add_row(group, str(whole), *(str(counts[basis]) for basis in BASES), share)
    table.caption = (
        "sourced: read in, or computed from, a source; the crisis itself is supposed and counts as judgement"
    )
    table.caption_justify = "left"
    return table


def count(lines: list[Assumption]) -> dict[str, int]:
    """Return the number of inputs by what they rest on."""
    return {basis: sum(line.inputs for line in lines if line.basis == basis) for basis in BASES}
