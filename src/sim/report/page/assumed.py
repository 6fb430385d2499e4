"""What was taken as given, for a page: every assumption with its source and confidence, and what the keys mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from sim.report.checking import count
from sim.report.page.shell import Cell, Table, number, words
from sim.scenario.assumptions import BASES, Assumption, assumptions, explained
from sim.scenario.schema import Scenario

MARKS = {
    "V": "read in a source",
    "V-weak": "read in a secondary or indirect source",
    "V (computed)": "computed from a data set",
    "literature": "a parameter from the literature, or fitted to crises of the past (posterior)",
    "M": "from memory, with a wide range",
    "judgement": "judgement, to be varied and not believed",
    "supposed": "set by the scenario; judgement by its nature",
    "override": "set on the command line",
}


def assumed(scenario: Scenario, world: Path) -> dict[str, Any]:
    """Return the tables of a page's section on assumptions, and the share of judgement.

    Parameters
    ----------
    world : Path
        Folder of the scenario's world, whose SOURCES.md says what keys of sources mean.
    """
    return assumed_of(assumptions(scenario), {**explained(world), **scenario.sources})


def assumed_of(inputs: list[Assumption], known: Mapping[str, str]) -> dict[str, Any]:
    """Return the same of lines of assumptions; `known` are the keys of sources, and what they stand for."""
    counts = count(inputs)
    total = sum(counts.values())
    marks = dict.fromkeys(line.confidence for line in inputs)
    return {
        "total": total,
        "judged": f"{100 * counts['judgement'] / total:.0f} %",
        "bases": BASES,
        "by_group": _by_group(inputs),
        "lines": [_line(line) for line in inputs],
        "marks": {mark: MARKS.get(mark, "") for mark in marks},
        "sources": _sources(inputs, known),
    }


def differing(scenarios: Mapping[str, Scenario]) -> Table:
    """Return what variants assume otherwise than the first of them, line by line."""
    first, *others = scenarios
    given = {name: _values(scenario) for name, scenario in scenarios.items()}
    rows: list[list[Cell]] = []
    for name in others:
        for key in dict.fromkeys([*given[first], *given[name]]):
            here, there = (given[which].get(key, "not there") for which in (first, name))
            if here != there:
                rows.append([words(name), words(key), words(here), words(there)])
    columns = ("variant", "what", f"under {first}", "under the variant")
    return Table("assumed-otherwise", "What the variants assume otherwise", columns, rows)


def _values(scenario: Scenario) -> dict[str, str]:
    """What is assumed, by key; whether a treaty is in force is a line of its own and not in the key of its clauses."""
    found = {}
    for line in assumptions(scenario):
        if line.group == "Treaties":
            treaty, _, about = line.part.partition(", ")
            found[f"treaty {treaty}"] = about
            found[f"treaty {treaty} {line.name}"] = line.value
        else:
            found[line.key] = line.value
    return found


def _by_group(inputs: Iterable[Assumption]) -> Table:
    rows = []
    for group, lines in groupby(inputs, key=lambda line: line.group):
        counts = count(list(lines))
        total = sum(counts.values())
        judged = counts["judgement"] / total
        numbers = [number(counts[basis], f"{counts[basis]:,}") for basis in BASES]
        rows.append([words(group), number(total, f"{total:,}"), *numbers, number(judged, f"{100 * judged:.0f} %")])
    note = "Sourced: read in, or computed from, a source. The crisis itself is supposed and counts as judgement."
    return Table("judged", "How much is judgement", ("kind", "inputs", *BASES, "share judged"), rows, note)


def _line(line: Assumption) -> dict[str, Any]:
    what = ", ".join(word for word in (line.part, line.name.replace("_", " ")) if word)
    source = "; ".join(part.strip() for part in line.source.split(";"))
    cells = (words(line.group), words(line.value), words(source), words(line.confidence))
    return {"what": what, "cells": cells, "basis": line.basis}


def _sources(inputs: Iterable[Assumption], known: Mapping[str, str]) -> dict[str, str]:
    """Citations of the keys that are used, in order."""
    cited = {part.strip() for line in inputs for part in re.split(r"[;,]", line.source)}
    return {key: known[key] for key in sorted(cited & set(known))}
