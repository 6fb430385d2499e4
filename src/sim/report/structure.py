"""What a scenario says under each decision theory, as tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table

from sim.estimate import Proportion
from sim.report.tables import spaced, titled_table

_LEAST = 0.005  # states that use force less often under every theory are left to structure.json


def show(result: dict[str, Any], console: Console) -> None:
    """Print the shares under each theory, the lowest and the highest with their intervals."""
    variant = f" [{result['variant']}]" if result["variant"] else ""
    console.print(
        f"\n{result['title']}{variant}: {result['runs']:,} runs under each decision theory for all states, on "
        f"the same draws (seed {result['seed']}), {result['horizon_weeks']} weeks. Per cent of runs; lowest and "
        "highest with 95 % intervals (Monte Carlo only). The band is what the choice of a theory leaves open, no "
        "forecast."
    )
    given = result["given_rung"]
    rungs = ((f"{row['rung']} {row['name']}", row) for row in result["at_least"] if row["rung"] > given)
    outcomes = ((spaced(name), band) for name, band in result["outcomes"].items())
    tables = [_table(result, "What happens", outcomes), _table(result, "Highest rung, at least", rungs)]
    for part in ("uses_force", "at_war"):
        states = ((code, row[part]) for code, row in result["participation"].items() if _share(row[part]) >= _LEAST)
        tables.append(_table(result, f"Who {spaced(part)}" if part == "uses_force" else "Who is at war", states))
    for table in tables:
        console.print()
        console.print(table)


def _share(band: dict[str, Any]) -> float:
    return float(band["by_theory"][band["highest"]]["share"])


def _table(result: dict[str, Any], title: str, rows: Iterable[tuple[str, dict[str, Any]]]) -> Table:
    table = titled_table(title, "", *result["theories"], "lowest", "highest")
    for name, band in rows:
        shares = {theory: Proportion(**share) for theory, share in band["by_theory"].items()}
        cells = ("none" if share.count == 0 else f"{100 * share.share:.1f}" for share in shares.values())
        table.add_row(name, *cells, str(shares[band["lowest"]]), str(shares[band["highest"]]))
    return table
