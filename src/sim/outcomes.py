"""What is measured of a run: each outcome is a function from the final worlds and logs to one value per run.

A new outcome is a new function in `OUTCOMES`; it then appears in every table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.codes import Entry, Level, Offer, Signal, Stance
from sim.ensemble import Chunk
from sim.scenario.build import Model
from sim.world import World, over_runs

Columns = dict[str, NDArray[Any]]


class Finals(NamedTuple):
    """The ends of a chunk of R runs."""

    model: Model
    chunk: Chunk
    world: World  # every array has a leading axis of R runs
    entries: Any  # ENTRY, the filled entries of all runs, one after the other
    of_run: NDArray[np.int64]  # row (0 .. R - 1) of the run of each entry


def finals(model: Model, chunk: Chunk) -> Finals:
    """Return a chunk's final worlds and logs in the form that outcomes read."""
    world = over_runs(model.blank, chunk.words)
    filled = np.arange(chunk.entry.shape[1]) < world.clock["entries"]
    return Finals(model, chunk, world, chunk.entry[filled], np.nonzero(filled)[0])


def highest(ends: Finals) -> Columns:
    """Highest rung (kinetic, or the one above the top after nuclear use) and highest nuclear alert."""
    clock = ends.world.clock[:, 0]
    top = int(ends.model.params.setting[0].top)
    return {
        "highest_rung": clock["highest"],
        "highest_kinetic": ends.world.state["reached"].max(axis=1),
        "highest_alert": clock["highest_alert"],
        "nuclear_use": clock["highest"] > top,
    }


def thresholds(ends: Finals) -> Columns:
    """Whether, and on which day first, force, a lethal clash, war and nuclear use came about (NaN: not)."""
    setting = ends.model.params.setting[0]
    day = ends.world.rung["day"]
    rungs = {"force": setting.force, "lethal": setting.lethal, "war": setting.war, "nuclear": setting.top + 1}
    columns: Columns = {}
    for name, rung in rungs.items():
        first = day[:, int(rung)]
        columns[f"day_{name}"] = np.where(first < 0, np.nan, first)
    columns["force"] = day[:, int(setting.force)] >= 0
    columns["war"] = day[:, int(setting.war)] >= 0
    return columns


def ending(ends: Finals) -> Columns:
    """Day of settlement or lapse (NaN: the crisis outlasted the horizon), and the last day simulated."""
    clock = ends.world.clock[:, 0]
    return {"day_settled": np.where(clock["settled"] < 0, np.nan, clock["settled"]), "last_day": clock["day"]}


def participation(ends: Finals) -> Columns:
    """For each state: highest rung against anyone, level of help given, nuclear alert, share of forces lost."""
    level = help_given(ends)
    columns: Columns = {}
    for i, code in enumerate(ends.model.states):
        columns[f"rung_{code}"] = ends.world.state["reached"][:, i]
        columns[f"help_{code}"] = level[:, i]
        columns[f"alert_{code}"] = ends.world.state["alerted"][:, i]
        columns[f"lost_{code}"] = ends.world.state["lost"][:, i]
    return columns


def help_given(ends: Finals) -> NDArray[np.int64]:
    """Highest `Level` of help that each state gave anyone, by treaty or unasked; shape (R, N)."""
    level = np.zeros((ends.chunk.words.shape[0], len(ends.model.states)), np.int64)
    gave = np.isin(ends.entries["kind"], (Entry.HONOURED, Entry.VOLUNTEERED))
    np.maximum.at(level, (ends.of_run[gave], ends.entries["state"][gave]), ends.entries["value"][gave])
    return level


def order(ends: Finals) -> Columns:
    """With the slow clock: crises that began, wars, treaties of defence left and signed, and polarity at the end.

    `poles` is the effective number of powers, one over the sum of squared shares of industry, which begins as the
    root of product times military spending (Laakso & Taagepera 1979). The blocs are the signs of the leading
    eigenvector of affinities; `bipolarity` is the share of affinity, by size, that they explain, less the share that
    they do not, -1..1 (structural balance: Harary 1953; Maoz 2006); `rivals_opposed` is the share of pairs that may
    quarrel whose two states are in different blocs.
    """
    if ends.model.params.setting[0].slow_clock == 0:
        return {}
    clock, states = ends.world.clock[:, 0], ends.world.state
    share = states["industry"] / states["industry"].sum(axis=1, keepdims=True)
    affinity = 0.5 * (ends.world.dyad["affinity"] + ends.world.dyad["affinity"].transpose(0, 2, 1))
    _, vectors = np.linalg.eigh(affinity)  # the last is the leading one
    bloc = np.where(vectors[:, :, -1] >= 0, 1.0, -1.0)
    explained = affinity * bloc[:, :, None] * bloc[:, None, :]
    one, other = np.nonzero(np.triu(ends.model.params.quarrel >= 0))
    count = np.zeros((len(Entry), len(clock)), np.int64)
    np.add.at(count, (ends.entries["kind"], ends.of_run), 1)
    opposed = (bloc[:, one] != bloc[:, other]).mean(axis=1) if len(one) else np.full(len(clock), np.nan)
    return {
        "crises": clock["crises"],
        "wars": clock["wars"],
        "treaties_left": count[Entry.LEFT],
        "treaties_signed": _first_of_each(ends, Entry.SIGNED),
        "poles": 1.0 / np.square(share).sum(axis=1),
        "bipolarity": explained.sum(axis=(1, 2)) / np.abs(affinity).sum(axis=(1, 2)),
        "rivals_opposed": opposed,
    }


def _first_of_each(ends: Finals, kind: int) -> NDArray[np.int64]:
    """How many treaties the entries of a kind name, however many parties each has; shape (R,)."""
    chosen = ends.entries["kind"] == kind
    pact = ends.model.params.commitment["pact"][ends.entries["commitment"][chosen]]
    pairs = np.unique(np.stack([ends.of_run[chosen], pact], axis=1), axis=0)
    return np.bincount(pairs[:, 0], minlength=len(ends.world.clock))


# Entries whose value is a kinetic rung, and a nuclear alert.
ON_RUNG = (
    Entry.ACT, Entry.RUNG, Entry.INCIDENT, Entry.TRIGGERED, Entry.REQUESTED, Entry.RECOGNISED, Entry.DENIED,
    Entry.WIDENED, Entry.NUCLEAR_USE, Entry.CRISIS, Entry.ARMISTICE_BROKEN, Entry.BLAMED,
)  # fmt: skip
ON_ALERT = (Entry.ALERT, Entry.FALSE_ALARM)
CHOICES = {
    Entry.SIGNAL: [signal.name.lower() for signal in Signal],
    Entry.STANCE: [stance.name.lower() for stance in Stance],
    Entry.OFFERED: [offer.name.lower() for offer in Offer],
    Entry.REARMED: ["stopped", "begun"],
    Entry.CYBER: ["not misattributed", "misattributed"],
    Entry.SANCTIONED: ["national", "whole"],
    Entry.EVASION: ["stopped", "begun"],
}
CHOSEN = [word for words in CHOICES.values() for word in words]

OUTCOMES: tuple[Callable[[Finals], Columns], ...] = (highest, thresholds, ending, participation, order)


# Entries whose value says how something came out, and the words for it.


def measure(ends: Finals) -> Columns:
    """Return every outcome of a chunk, with the number of each run first."""
    first = ends.chunk.first
    columns: Columns = {"run": np.arange(first, first + ends.chunk.words.shape[0])}
    for outcome in OUTCOMES:
        columns.update(outcome(ends))
    return columns


def log_table(ends: Finals) -> pa.Table:
    """Return a chunk's log in long form: a row an entry, codes and names in words.

    Columns: run, day, kind, actor, target, treaty, clause, ally, protected, rung, alert, level, choice. `rung`
    is the rung of the move or of the attack that a treaty is about, `level` the level of help, `choice` what was
    chosen or came of it (`CHOICES`); null where it does not apply. What ends a crisis has a theatre for its
    actor, a mediator has one for its target.
    """
    entries, model = ends.entries, ends.model
    kind = entries["kind"]
    on_help = np.isin(kind, (Entry.HONOURED, Entry.VOLUNTEERED))
    calm = np.isin(kind, (Entry.SETTLED, Entry.LAPSED))
    actor = np.where(calm, len(model.states) + entries["state"], entries["state"])
    target = np.where(kind == Entry.MEDIATED, len(model.states) + entries["value"], entries["rival"])
    commitment = entries["commitment"]
    columns = {
        "run": pa.array(ends.chunk.first + ends.of_run, pa.int64()),
        "day": pa.array(entries["day"], pa.float64()),
        "kind": _words(kind, [entry.name.lower() for entry in Entry]),
        "actor": _words(actor, [*model.states, *model.theatres]),
        "target": _words(target, [*model.states, *model.theatres]),
        "treaty": _words(commitment, [c.treaty for c in model.commitments]),
        "clause": _words(commitment, [c.clause for c in model.commitments]),
        "ally": _words(commitment, [c.ally for c in model.commitments]),
        "protected": _words(commitment, [c.protected for c in model.commitments]),
        "rung": pa.array(entries["value"], pa.int64(), mask=~np.isin(kind, ON_RUNG)),
        "alert": pa.array(entries["value"], pa.int64(), mask=~np.isin(kind, ON_ALERT)),
        "level": _words(np.where(on_help, entries["value"], -1), [level.name.lower() for level in Level]),
        "choice": _words(_choice(kind, entries["value"]), CHOSEN),
    }
    return pa.table(columns)


def _choice(kind: NDArray[np.int64], value: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position in CHOSEN of what an entry says was chosen, -1 where it says nothing of the kind."""
    position, first = np.full(len(kind), -1, np.int64), 0
    for entry, words in CHOICES.items():
        position = np.where(kind == entry, first + value, position)
        first += len(words)
    return position


def _words(codes: NDArray[np.int64], words: list[str]) -> pa.DictionaryArray:
    """Codes as words; negative ones are null. Words may repeat: several clauses share a treaty."""
    unique = sorted(set(words))
    position = np.array([unique.index(word) for word in words], np.int32)
    known = codes >= 0
    index = np.zeros(len(codes), np.int32)
    index[known] = position[codes[known]]
    return pa.DictionaryArray.from_arrays(pa.array(index, mask=~known), pa.array(unique, pa.string()))
