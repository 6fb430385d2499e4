"""What each part of a scenario adds, as tables on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from sim.display import points, turned
from sim.estimate import Proportion
from sim.report.tables import titled_table

SHOWN = 15  # parts; the rest is in attribute.json


def show(result: dict[str, Any], console: Console) -> None:
    """Print the parts by what they add, and the interactions of the first."""
    mean, inert = result["states"], sum(not changes(row) for row in result["parts"])
    console.print(
        f"\n{result['scenario']}: {result['runs']:,} runs as it is, and less one of {len(result['parts'])} parts, seed "
        f"{result['seed']}, with the same draws. War in {Proportion(**result['war'])}; {mean['value']:.2f} "
        f"states use force ({mean['low']:.2f} to {mean['high']:.2f}). Intervals of parts hold all at once with "
        f"95 % (Bonferroni), and so do those of interactions. {inert} parts change neither in any run."
    )
    for table in (_parts(result), _interactions(result)):
        if table.row_count:
            console.print()
            console.print(table)


def _parts(result: dict[str, Any]) -> Table:
    """Parts that change either measure in some run."""
    heads = ("adds to P(war),\npoints", "turned\nup, %", "turned\ndown, %", "adds states\nusing force")
    table = titled_table("What each part adds", "", *heads)
    table.columns[0].no_wrap = False  # rather than figures that are cut
    for row in [row for row in result["parts"] if changes(row)][:SHOWN]:
        war = row["war"]
        shares = (turned(war[way]) for way in ("turned_up", "turned_down"))
        cells = (points(war), *shares, states(row["states"]))
        table.add_row(f"{row['name']}\n  {row['kind']}", *(cell.replace(" (", "\n(", 1) for cell in cells))
    table.caption, table.caption_justify = "Turned up: war with the part alone. All is in attribute.json", "left"
    return table


def changes(row: Mapping[str, Any]) -> bool:
    """Whether a part changes either measure in some run."""
    turns = any(row["war"][way]["count"] for way in ("turned_up", "turned_down"))
    return turns or row["states"]["difference"] != 0


def _interactions(result: dict[str, Any]) -> Table:
    table = titled_table("Added together beyond what they add apart", "", "to P(war), points", "states")
    for row in result["interactions"]:
        table.add_row("\n  and ".join(row["parts"]), points(row["war"]), states(row["states"]))
    return table


def states(share: Mapping[str, float]) -> str:
    """A mean difference in numbers of states, with its interval."""
    return f"{share['difference']:+.2f} ({share['low']:+.2f} to {share['high']:+.2f})"
