"""Sensitivity of a campaign's outcomes on a terminal: one table an outcome, the first keys of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.campaign.points import described, in_words, luck, worded
from sim.campaign.sensitivity import MAIN
from sim.report.tables import titled_table
from sim.scenario.schema import titled

SHOWN = 10  # keys
METHODS = {
    "sobol": "Sobol indices: the share of the variance between points, freed of the luck of the runs, that a key "
    "explains alone (first) and with all its interactions (total); estimates below 0 are shown as 0.",
    "morris": "Morris: elementary effects over a key's whole range; mu* the mean of their magnitudes, beside what luck "
    "alone gives; sigma, freed of luck, tells of interactions and curves.",
    "pawn": "PAWN: how far the distribution of the outcome in a slice of a key lies from that of all points (0 to 1). "
    "A key without effect stays below the column dummy 95 times in 100. Luck lowers the index, which is not corrected.",
}
Cells = Callable[[Mapping[str, Any]], tuple[str, ...]]
COLUMNS: dict[str, tuple[tuple[str, ...], Cells]] = {
    "sobol": (("total", "first"), lambda row: (_bounded(row["total"]), _bounded(row["first"]))),
    "morris": (
        ("mu*", "of luck", "sigma"),
        lambda row: (_bounded(row["mu_star"]), f"{row['mu_star_of_luck']:.3f}", f"{row['sigma']:.3f}"),
    ),
    "pawn": (("PAWN", "dummy"), lambda row: (_bounded(row["pawn"]), f"{row['pawn_of_a_dummy']:.2f}")),
}


def show(result: Mapping[str, Any], console: Console) -> None:
    """Print what each outcome hangs on most."""
    console.print()
    console.print(Text(f"{result['name']}: {titled(result['scenario'], result['variant'])}", style="bold"))
    console.print(
        f"{result['points']:,} points ({result['design']}), {result['runs']:,} runs each, seed {result['seed']}; over "
        "the ranges of the design, not a forecast. Intervals (95 %) are of resampled points and runs; "
        "% low and % high: the outcome where a key is in its lowest and in its highest fifth.\n"
        f"{METHODS[result['method']]}"
    )
    for group in result["groups"]:
        _show_group(result, group, console)


def _show_group(result: Mapping[str, Any], group: Mapping[str, Any], console: Console) -> None:
    if group["given"]:
        console.print(Text("\n" + described(group["given"]), style="bold"))
    for line in left_out(group):
        console.print(f"{line}.")
    for target, found in group["targets"].items():
        if found["keys"]:
            console.print()
            console.print(_table(result["method"], target, found))
    for problem, names in without(group).items():
        console.print(Text(f"\n{problem.capitalize()}: {in_words(names)}."))


def left_out(group: Mapping[str, Any]) -> Iterator[str]:
    """Say which points and keys have no part in the indices, and why."""
    if group["points_left_out"]:
        yield f"{group['points_left_out']:,} points are left out: they failed, or one of their block did"
    keys = group["keys_left_out"]
    if keys:
        more = f" and {len(keys) - SHOWN:,} more" if len(keys) > SHOWN else ""
        yield f"Left out, no numbers or too few different ones: {', '.join(keys[:SHOWN])}{more}"


def without(group: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return outcomes that have no index, by the reason why."""
    found: dict[str, list[str]] = {}
    for target, about in group["targets"].items():
        if about["problem"]:
            found.setdefault(about["problem"], []).append(target)
    return found


def _table(method: str, target: str, found: Mapping[str, Any]) -> Table:
    names, cells = COLUMNS[method]
    rows = list(found["keys"].items())
    title = f"{worded(target)}: {100 * found['mean']:.1f} % of runs; {luck(found)}"
    table = titled_table(title, "", *names, "% low", "% high")
    for key, row in rows[:SHOWN]:
        ends = (f"{100 * row[end]['value']:.1f}" for end in ("at_low", "at_high"))
        table.add_row(key, *cells(row), *ends)
    if len(rows) > SHOWN:
        table.caption, table.caption_justify = f"{len(rows) - SHOWN} more: sensitivity.json", "left"
    return table


def stands_out(method: str, row: Mapping[str, Any]) -> bool:
    """Whether the interval of a key's index lies above what luck, or a key without effect, would give.

    A key whose index has no interval does not: of many keys without effect some exceed the dummy by chance.
    """
    index = row[MAIN[method]]
    least = {"sobol": 0.0, "morris": row.get("mu_star_of_luck"), "pawn": row.get("pawn_of_a_dummy")}[method]
    return index["low"] is not None and bool(index["low"] > least)


def _bounded(index: Mapping[str, Any]) -> str:
    """An index with its interval, where it has one."""
    value, low, high = (None if index[part] is None else f"{max(index[part], 0):.2f}" for part in index)
    return str(value) if low is None else f"{value} ({low}-{high})"
