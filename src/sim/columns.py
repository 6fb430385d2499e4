"""The tables that a run writes: every column once, with what it holds; docs/results.md is written from here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

SCHEMA = 2  # of a run's folder; raised when a column changes its meaning or goes, or a file is added that is relied on
NAME_LENGTH, LABEL_LENGTH = 32, 80  # characters that Stata allows

Kind = Literal["number", "day", "share", "rung", "alert", "level", "truth", "text"]

# What the values of each kind are.
KINDS: dict[Kind, str] = {
    "number": "whole number",
    "day": "days since the start",
    "share": "0 to 1",
    "rung": "code: a rung of the ladder, 0 up",
    "alert": "code: 0 normal, 1 rhetoric, 2 raised, 3 war footing",
    "level": "code: 0 nothing, 1 consultation, 2 materiel, 3 limited forces, 4 all means",
    "truth": "true or false",
    "text": "text",
}


class Column(NamedTuple):
    """A column of a table.

    Attributes
    ----------
    name : str
        Its name; `STATE` in it stands for the code of each state of the world.
    kind : str
        Of its values, one of `KINDS`.
    meaning : str
        What it holds, in a line that Stata can show.
    missing : str
        When it is missing; empty where it never is.
    """

    name: str
    kind: Kind
    meaning: str
    missing: str = ""


TABLES: dict[str, tuple[Column, ...]] = {
    "runs": (
        Column("run", "number", "Number of the run; with the seed it addresses its draws"),
        Column("highest_rung", "rung", "Highest rung reached by anyone, nuclear use the last"),
        Column("highest_kinetic", "rung", "Highest rung reached by anyone, nuclear use left aside"),
        Column("highest_alert", "alert", "Highest nuclear alert of anyone"),
        Column("nuclear_use", "truth", "Nuclear weapons were used"),
        Column("day_force", "day", "Day on which force was first used", "not used"),
        Column("day_lethal", "day", "Day of the first use of force that killed", "none"),
        Column("day_war", "day", "Day on which it first was war", "no war"),
        Column("day_nuclear", "day", "Day of the first nuclear use", "none"),
        Column("force", "truth", "Force was used"),
        Column("war", "truth", "It came to war"),
        Column("day_settled", "day", "Day on which the crisis was settled or lapsed", "it outlasted the horizon"),
        Column("last_day", "day", "Last day simulated"),
        Column("rung_STATE", "rung", "STATE: highest rung against anyone"),
        Column("help_STATE", "level", "STATE: most help given to anyone, by treaty or unasked"),
        Column("alert_STATE", "alert", "STATE: highest nuclear alert"),
        Column("lost_STATE", "share", "STATE: share of forces lost"),
    ),
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


def documented(table: str, states: Iterable[str]) -> Iterator[Column]:
    """Columns of a table of runs with some states, by name."""
    codes = sorted(states)
    for column in TABLES[table]:
        if "STATE" not in column.name:
            yield column
        else:
            for code in codes:
                name, meaning = (text.replace("STATE", code) for text in (column.name, column.meaning))
                yield column._replace(name=name, meaning=meaning)
