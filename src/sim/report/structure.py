"""What a scenario says under each decision theory, as tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console

from sim.estimate import Proportion
from sim.report.tables import spaced, titled_table
from sim.scenario.schema import titled

_LEAST = 0.005  # states that use force less often under every theory are left to structure.json


def show(result: dict[str, Any], console: Console) -> None:
    """Print the shares under each theory, then the lowest and the highest with their intervals."""
    title = titled(result["title"], result["variant"])
    console.print(
        f"\n{title}: {result['runs']:,} runs under each decision theory for all states, on "
        f"the same draws (seed {result['seed']}), {result['horizon_weeks']} weeks. The band is what the choice of a "
        "theory leaves open, no forecast; intervals (95 %) are Monte Carlo only."
    )
    shares = titled_table("Share of runs, %", "", *result["theories"])
    band = titled_table("The band", "", "lowest", "highest")
    for name, found in rows(result):
        by_theory = {theory: Proportion(**share) for theory, share in found["by_theory"].items()}
        shares.add_row(name, *(_percent(share) for share in by_theory.values()))
        ends = (f"{by_theory[found[end]]}\n{found[end]}" for end in ("lowest", "highest"))
        band.add_row(name, *ends)
    for table in (shares, band):
        console.print()
        console.print(table)


def rows(result: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Outcomes, rungs that the scenario does not set, and states that take part under some theory."""
    for name, found in result["outcomes"].items():
        yield spaced(name), found
    for row in result["at_least"]:
        if row["rung"] > result["given_rung"]:
            yield f"rung {row['rung']} or more", row
    for part in ("uses_force", "at_war"):
        for code, row in result["participation"].items():
            if row[part]["by_theory"][row[part]["highest"]]["share"] >= _LEAST:
                yield f"{code} {spaced(part)}", row[part]


def _percent(share: Proportion) -> str:
    return "none" if share.count == 0 else f"{100 * share.share:.1f}"
