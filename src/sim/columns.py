"""The tables that a run writes: every column once, with what it holds; docs/results.md is written from here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sim.outcomes import OUTCOMES, Column

SCHEMA = 2  # of a run's folder; raised when a column changes its meaning or goes, or a file is added that is relied on
NAME_LENGTH, LABEL_LENGTH = 32, 80  # characters that Stata allows

MEASURED = tuple(column for outcome in OUTCOMES for column in outcome.columns)  # of every run
TABLES: dict[str, tuple[Column, ...]] = {
    "runs": (Column("run", "number", "Number of the run; with the seed it addresses its draws"), *MEASURED),
    "events": (
        Column("run", "number", "Number of the run"),
        Column("day", "day", "Day of the entry"),
        Column("kind", "text", "What happened (sim.codes.Entry)"),
        Column("actor", "text", "State that did it; theatre of a crisis that was settled or lapsed", "nobody"),
        Column("target", "text", "State to which it was done; theatre in which a third state mediates", "nobody"),
        Column("treaty", "text", "Treaty", "no step of a treaty"),
        Column("clause", "text", "Clause of the treaty", "no step of a treaty"),
        Column("ally", "text", "State that owes the clause's duty", "no step of a treaty"),
        Column("protected", "text", "State to which it is owed", "no step of a treaty"),
        Column("rung", "rung", "Rung of the move, or of the attack that the treaty is about", "does not apply"),
        Column("alert", "alert", "Nuclear alert", "does not apply"),
        Column("level", "text", "Level of help (sim.codes.Level)", "does not apply"),
        Column("choice", "text", "What was chosen, or came of it", "does not apply"),
    ),
    "series": (
        Column("run", "number", "Number of the run"),
        Column("day", "day", "0, then the end of each turn"),
        Column("rung", "rung", "Highest rung on which anyone stands"),
    ),
}


# What stands in the name of a column for many: the code of a state, the number of a rung.
_PLACES = {"STATE": "[A-Z][A-Z0-9]*", "RUNG": "[0-9]+"}


def documented(columns: Iterable[Column], names: Iterable[str]) -> Iterator[Column]:
    """Columns of a table that has these names, in their order; a name that is not documented is left out."""
    every = list(columns)
    for name in names:
        for column in every:
            if (found := stands_for(column, name)) is not None:
                yield found
                break


def stands_for(column: Column, name: str) -> Column | None:
    """Return a column as it is of a state or of a rung, if a name is one of its names."""
    place = next((place for place in _PLACES if place in column.name), None)
    if place is None:
        return column if column.name == name else None
    if found := re.fullmatch(column.name.replace(place, f"({_PLACES[place]})"), name):
        return column._replace(name=name, meaning=column.meaning.replace(place, found[1]))
    return None
