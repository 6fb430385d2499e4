"""Chance and parameters apart, as tables on a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console

from sim.estimate import Proportion
from sim.report.tables import percent, spaced, titled_table
from sim.scenario.schema import titled

_LEAST = 0.005  # states that use force less often are left to uncertainty.json
MOST, HALF = 0.9, 0.5  # part of the parameters from which more runs do not help, and from which they help little


def show(result: dict[str, Any], command: Sequence[str], console: Console) -> None:
    """Print each probability with both of its uncertainties, what follows, and how to ask for the third.

    Parameters
    ----------
    command : sequence of str
        Words that made the result.
    """
    title = titled(result["title"], result["variant"])
    console.print(
        f"\n{title}: {result['runs']:,} runs at {result['points']:,} points of all parameters that are drawn, seed "
        f"{result['seed']}, {result['horizon_weeks']} weeks; under these assumptions, not a forecast. Interval: 95 %, "
        "simulation error, which more runs and points narrow. Band: where the probabilities of the middle 95 % of the "
        "points lie, chance taken out, which no run narrows."
    )
    table = titled_table("Share of runs, %", "", "share", "interval", "band", "parameters' part\nof the spread, %")
    table.columns[0].no_wrap = False  # rather than figures that are cut
    for name, entry in rows(result):
        table.add_row(name, *cells(entry, result["runs"]))
    table.caption = "The rest is in uncertainty.json, the points in points.parquet."
    table.caption_justify = "left"
    console.print()
    console.print(table)
    console.print()
    console.print(advice(result))
    console.print(_structure(command), soft_wrap=True)


def rows(result: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Outcomes and rungs that the scenario does not set, each once, and states that take part."""
    for name, entry in result["outcomes"].items():
        if not _given(entry, result["runs"]):
            yield spaced(name), entry
    for row in result["at_least"]:
        if row["rung"] > result["given_rung"] and row["rung"] not in (result["war"], len(result["at_least"])):
            yield f"rung {row['rung']} or more", row
    for part in ("uses_force", "at_war"):
        for code, row in result["participation"].items():
            if row[part]["monte_carlo"]["share"] >= _LEAST and not _given(row[part], result["runs"]):
                yield f"{code} {spaced(part)}", row[part]


def _given(entry: Mapping[str, Any], runs: int) -> bool:
    return bool(entry["count"] == runs)


def cells(entry: Mapping[str, Any], runs: int) -> tuple[str, str, str, str]:
    """Share, interval, band and the parameters' part of the spread, as texts."""
    sure, band, split = entry["monte_carlo"], entry["band"], entry["apart"]
    if split is None:
        return str(Proportion(entry["count"], runs, sure["share"], sure["low"], sure["high"])), "", "-", "-"
    part = split["of_answer"]
    return (
        percent(sure["share"]),
        f"{percent(sure['low'])}-{percent(sure['high'])}",
        "none seen" if band["low"] == band["high"] else f"{percent(band['low'])}-{percent(band['high'])}",
        f"{100 * part['share']:.0f} ({100 * part['low']:.0f}-{100 * part['high']:.0f})",
    )


def advice(result: Mapping[str, Any]) -> str:
    """Say whether more runs would make the probability of war more certain, as far as the runs tell."""
    war = result["outcomes"]["war"]
    if war["apart"] is None:
        return "War came in all runs or in none: chance and parameters cannot be told apart."
    part, sure, band = war["apart"]["of_answer"], war["monte_carlo"], war["band"]
    if part["low"] >= MOST:
        told = "More runs will not help"
    elif part["share"] >= MOST:
        told = "More runs will hardly help"
    elif part["share"] >= HALF:
        told = "More runs will help little"
    else:
        told = "More runs will help"
    if part["low"] == 0:
        told += ", if only to say whether parameters matter at all"
    run = war["apart"]["of_run"]
    spread = (
        f"of what is not known about the probability of war, {100 * part['share']:.0f} % "
        f"({100 * part['low']:.0f}-{100 * part['high']:.0f}) is parameters that are not known (band "
        f"{percent(band['low'])}-{percent(band['high'])} %), the rest simulation error (interval "
        f"{percent(sure['low'])}-{percent(sure['high'])} %)"
    )
    return (
        f"{told}: {spread}. Between single runs it is the other way: {100 * run['share']:.0f} % "
        f"({100 * run['low']:.0f}-{100 * run['high']:.0f}) of their variance is parameters, the rest chance."
        if run["share"] < HALF
        else f"{told}: {spread}."
    )


def _structure(command: Sequence[str]) -> str:
    """How to ask for the third uncertainty with the other choices of a command."""
    dropped = ("experiment=", "points=", "theory=", "theories")
    words = [word for word in command if not word.startswith(dropped)]
    again = shlex.join([*words, "experiment=structure"])
    return f"What the choice of a decision theory leaves open is a third uncertainty: {again}"
