"""Chance and parameters apart, as tables on a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import getitem
from typing import Any

from rich.console import Console
from rich.table import Table

from sim.estimate import Proportion
from sim.report.tables import percent, spaced, titled_table
from sim.scenario.schema import titled

Path = tuple[Any, ...]  # keys of a result, from the outside in
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


def show_beside(result: dict[str, Any], command: Sequence[str], console: Console) -> None:
    """Print what `show` does of each variant, and its difference to the first with both of its uncertainties.

    Parameters
    ----------
    result : dict
        Of `sim.study.uncertainty_beside.beside`.
    command : sequence of str
        Words that made the result.
    """
    first, variants = result["variants"][result["first"]], result["variants"]
    console.print(
        f"\n{first['title']}, {len(variants)} variants: {result['runs']:,} runs of each at the same "
        f"{result['points']:,} points of all parameters that are drawn, seed {result['seed']}, "
        f"{first['horizon_weeks']} weeks; under these assumptions, not a forecast. Interval: 95 %, simulation error, "
        "which more runs and points narrow. Band: where the probabilities, or the differences, of the middle 95 % of "
        "the points lie, chance taken out, which no run narrows."
    )
    for table in tables_beside(result):
        console.print()
        console.print(table)
    console.print()
    for name in result["differences"]:
        console.print(f"{name}: {told_of_war(result, name)}")
    console.print(_structure(command), soft_wrap=True)


def tables_beside(result: Mapping[str, Any]) -> list[Table]:
    """Return the shares of all variants, and a table of differences for each but the first."""
    variants = result["variants"]
    shares = titled_table("Share of runs, %", "", "variant", "share", "interval", "band")
    shares.columns[0].no_wrap, shares.columns[1].justify = False, "left"
    rows = {row: path for one in variants.values() for row, path in _paths(one)}
    for row, path in rows.items():
        for name, one in variants.items():
            shares.add_row(row, name, *cells(_at(one, path), result["runs"])[:3])
    tables = [shares]
    for name, differences in result["differences"].items():
        title = f"{name} less {result['first']}, percentage points"
        apart = titled_table(title, "", "difference", "interval", "band", "parameters' part\nof the spread, %")
        for row, path in rows.items():
            apart.add_row(row, *_change(_at(differences, path)))
        tables.append(apart)
    tables[-1].caption = "The rest is in uncertainty.json, the points in points.parquet."
    tables[-1].caption_justify = "left"
    return tables


def _change(entry: Mapping[str, Any]) -> tuple[str, str, str, str]:
    sure, band, split = entry["monte_carlo"], entry["band"], entry["apart"]
    part = split["of_answer"] if split else None
    return (
        _signed(sure["difference"]),
        _range(sure),
        "none seen" if band["low"] == band["high"] else _range(band),
        f"{100 * part['share']:.0f} ({100 * part['low']:.0f}-{100 * part['high']:.0f})" if part else "-",
    )


def _range(ends: Mapping[str, float]) -> str:
    return f"{_signed(ends['low'])} to {_signed(ends['high'])}"


def _signed(difference: float) -> str:
    return (
        "0"
        if difference == 0
        else f"{100 * difference:+.1f}"
        if abs(difference) >= 0.0005
        else f"{100 * difference:+.2f}"
    )


def told_of_war(result: Mapping[str, Any], name: str) -> str:
    """Say what a variant changes in the probability of war, unless it or the first sets war itself."""
    for each in (result["first"], name):
        one = result["variants"][each]
        if one["given_rung"] >= one["war"]:
            return f"{each} sets war itself; rungs beyond it can be compared."
    return verdict(result["differences"][name]["outcomes"]["war"])


def verdict(war: Mapping[str, Any]) -> str:
    """Say what is known of a difference in the probability of war, on average over the parameters and at each point."""
    sure, band = war["monte_carlo"], war["band"]
    if not war["turned_up"] + war["turned_down"]:
        return f"no run turns to war or from it; a difference within {_range(sure)} points cannot be told from none."
    mean = f"P(war) {_signed(sure['difference'])} points on average over the parameters (interval {_range(sure)})"
    if sure["low"] <= 0 <= sure["high"]:
        mean += ", which may be none"
    if war["apart"]["of_answer"]["low"] == 0:
        return f"{mean}; whether it hangs on parameters cannot be told from chance."
    if band["low"] <= 0 <= band["high"]:
        return f"{mean}; which way it goes hangs on parameters (band {_range(band)})."
    return f"{mean}; the same way at nearly all points of them (band {_range(band)})."


def rows(result: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Outcomes and rungs that the scenario does not set, each once, and states that take part."""
    for name, path in _paths(result):
        yield name, _at(result, path)


def _paths(result: Mapping[str, Any]) -> Iterator[tuple[str, Path]]:
    """The same, with where each stands."""
    for name, entry in result["outcomes"].items():
        if not _given(entry, result["runs"]):
            yield spaced(name), ("outcomes", name)
    for place, row in enumerate(result["at_least"]):
        if row["rung"] > result["given_rung"] and row["rung"] not in (result["war"], len(result["at_least"])):
            yield f"rung {row['rung']} or more", ("at_least", place)
    for part in ("uses_force", "at_war"):
        for code, row in result["participation"].items():
            if row[part]["monte_carlo"]["share"] >= _LEAST and not _given(row[part], result["runs"]):
                yield f"{code} {spaced(part)}", ("participation", code, part)


def _at(result: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    """The entry at a place of a result, or of the differences to it, which have the same parts."""
    entry: Mapping[str, Any] = reduce(getitem, path, result)
    return entry


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
    dropped = ("experiment=", "points=", "variants=", "theory=", "theories")
    words = [word for word in command if not word.startswith(dropped)]
    again = shlex.join([*words, "experiment=structure"])
    return f"What the choice of a decision theory leaves open is a third uncertainty: {again}"
