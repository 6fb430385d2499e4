"""Variants side by side, as tables on a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from sim.display import points, turned
from sim.estimate import Proportion
from sim.report.tables import spaced, titled_table

CHANGES = 15  # largest changes of states and steps that are shown; the rest is in compare.json


def show(result: dict[str, Any], console: Console) -> None:
    """Print what happens under each variant, what differs from the first, and how many runs turn."""
    console.print(
        f"\n{result['scenario']}: {result['runs']:,} runs of each variant, seed {result['seed']}, with the same draws. "
        f"Differences to {result['first']} in percentage points with paired 95 % intervals (Monte Carlo only), "
        "each by itself."
    )
    for outcome in result["outcomes"]:
        if outcome["kind"] == "event" or outcome["name"] == "lethal":
            console.print()
            console.print(_outcome(outcome, result))
    for table in (_amounts(result), _changes(result)):
        if table.row_count:
            console.print()
            console.print(table)


def ratio(value: float | None) -> str:
    """How many times as many runs the same precision would take without common draws."""
    return "-" if value is None else f"{value:.1f}"


def _outcome(outcome: dict[str, Any], result: dict[str, Any]) -> Table:
    title = spaced(outcome["name"]).capitalize() + (" or more" if outcome["kind"] == "rung" else "")
    table = titled_table(title, "", "difference", "turned\nup, %", "turned\ndown, %", "variance\nratio")
    table.columns[0].no_wrap = False  # rather than figures that are cut
    for name, share in outcome["shares"].items():
        given = result["variants"][name]["given_rung"] >= result["war"] and outcome["name"] == "war"
        told = f"{name}\n  {'set by the scenario' if given else Proportion(**share)}"
        if name == result["first"]:
            table.add_row(told)
        else:
            apart = outcome["differences"][name]
            shares = (turned(apart[way]) for way in ("turned_up", "turned_down"))
            table.add_row(told, points(apart), *shares, ratio(apart["variance_ratio"]))
    return table


def _amounts(result: dict[str, Any]) -> Table:
    """Amounts that are told of, but for those of single states."""
    table = titled_table("Amounts", "", "mean", "difference")
    table.columns[0].no_wrap = False
    for row in result["amounts"]:
        if row["told"] and row["name"].islower():
            table.add_row(row["told"])
            for name, mean in row["means"].items():
                apart = row["differences"].get(name)
                told = f"{apart['difference']:+.2g} ({apart['low']:+.2g} to {apart['high']:+.2g})" if apart else ""
                table.add_row(f"  {name}", f"{mean:.3g}", told)
    return table


def _changes(result: dict[str, Any]) -> Table:
    """Largest differences in who uses force and in steps of treaties that both know, whose interval leaves out 0."""
    rows = [
        (abs(apart["difference"]), _name(outcome), name, apart)
        for outcome in result["outcomes"]
        if outcome["kind"] in ("state", "step")
        for name, apart in outcome["differences"].items()
        if (apart["low"] > 0 or apart["high"] < 0)
        and (outcome["kind"] == "state" or all(outcome["shares"][which]["count"] for which in (result["first"], name)))
    ]
    table = titled_table("What else changes most", "", "variant", "difference")
    for _, outcome, name, apart in sorted(rows, key=lambda row: -row[0])[:CHANGES]:
        table.add_row(outcome, name, points(apart))
    table.caption, table.caption_justify = "Shares of all runs; everything else is in compare.json", "left"
    return table


def _name(outcome: dict[str, Any]) -> str:
    if outcome["kind"] == "state":
        return f"{outcome['name']} uses force"
    return f"{outcome['treaty']} {outcome['clause']}\n  {outcome['ally']} for {outcome['protected']}: {outcome['name']}"
