"""What each part of a scenario adds, as tables on a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from sim.estimate import Proportion
from sim.report.compare import points, turned
from sim.report.tables import titled_table

SHOWN = 15  # parts; the rest is in attribute.json


def show(result: dict[str, Any], console: Console) -> None:
    """Print the parts by what they add, and the interactions of the first."""
    states = result["states"]
    console.print(
        f"\n{result['scenario']}: {result['runs']:,} runs as it is, and less one of {len(result['parts'])} parts, seed "
        f"{result['seed']}, with the same draws. War in {Proportion(**result['war'])}; {states['difference']:.2f} "
        f"states use force ({states['low']:.2f} to {states['high']:.2f}). Intervals of parts hold all at once with "
        "95 % (Bonferroni), and so do those of interactions."
    )
    for table in (_parts(result), _interactions(result)):
        if table.row_count:
            console.print()
            console.print(table)


def _parts(result: dict[str, Any]) -> Table:
    heads = ("adds to P(war),\npoints", "turned\nup", "turned\ndown", "adds states\nthat use force")
    table = titled_table("What each part adds", "", *heads)
    for row in result["parts"][:SHOWN]:
        war = row["war"]
        shares = (turned(war[way]) for way in ("turned_up", "turned_down"))
        table.add_row(f"{row['kind']}\n  {row['name']}", points(war), *shares, _states(row["states"]))
    table.caption, table.caption_justify = "Turned up: war with the part alone. The rest is in attribute.json", "left"
    return table


def _interactions(result: dict[str, Any]) -> Table:
    table = titled_table("Added together beyond what they add apart", "", "to P(war), points", "states")
    for row in result["interactions"]:
        table.add_row("\n  and ".join(row["parts"]), points(row["war"]), _states(row["states"]))
    return table


def _states(share: dict[str, float]) -> str:
    return f"{share['difference']:+.2f} ({share['low']:+.2f} to {share['high']:+.2f})"
