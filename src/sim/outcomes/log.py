"""The log of runs in long form: a row an entry, codes and names in words."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.codes import Entry, Level, Offer, Signal, Stance
from sim.outcomes.finals import Finals

# Entries whose value is a kinetic rung, and a nuclear alert.
ON_RUNG = (
    Entry.ACT, Entry.RUNG, Entry.INCIDENT, Entry.TRIGGERED, Entry.REQUESTED, Entry.RECOGNISED, Entry.DENIED,
    Entry.WIDENED, Entry.NUCLEAR_USE, Entry.CRISIS, Entry.ARMISTICE_BROKEN, Entry.BLAMED,
)  # fmt: skip
ON_ALERT = (Entry.ALERT, Entry.FALSE_ALARM)
# Entries whose value says how something came out, and the words for it.
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
