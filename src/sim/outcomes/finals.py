"""What an outcome is made of: the ends of runs that it reads, and the columns that it fills."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble import Chunk
from sim.scenario.build import Model
from sim.world import World, over_runs

Columns = dict[str, NDArray[Any]]
Kind = Literal["number", "real", "day", "days", "share", "rung", "alert", "level", "truth", "text"]

# What the values of each kind are.
KINDS: dict[Kind, str] = {
    "number": "whole number",
    "real": "number",
    "day": "days since the start",
    "days": "a length of time in days",
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
        Its name; `STATE` in it stands for the code of each state of the world, `RUNG` for the number of each rung.
    kind : str
        Of its values, one of `KINDS`.
    meaning : str
        What it holds, in a line that Stata can show.
    missing : str
        When it is missing; empty where it never is.
    told : str
        How the console calls it; empty where it does not tell of it, or tells of it in a table of its own.
    """

    name: str
    kind: Kind
    meaning: str
    missing: str = ""
    told: str = ""


class Finals(NamedTuple):
    """The ends of a chunk of R runs."""

    model: Model
    chunk: Chunk
    world: World  # every array has a leading axis of R runs
    entries: Any  # ENTRY, the filled entries of all runs, one after the other
    of_run: NDArray[np.int64]  # row (0 .. R - 1) of the run of each entry


class Outcome(NamedTuple):
    """Something that is measured of every run.

    Attributes
    ----------
    measure : callable
        From the ends of a chunk of runs to its columns, a value a run.
    columns : tuple of Column
        What these hold.
    """

    measure: Callable[[Finals], Columns]
    columns: tuple[Column, ...]


def finals(model: Model, chunk: Chunk) -> Finals:
    """Return a chunk's final worlds and logs in the form that outcomes read."""
    world = over_runs(model.blank, chunk.words)
    filled = np.arange(chunk.entry.shape[1]) < world.clock["entries"]
    return Finals(model, chunk, world, chunk.entry[filled], np.nonzero(filled)[0])
