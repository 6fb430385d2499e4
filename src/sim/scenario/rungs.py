"""Words for rungs -> rungs of the ladder in use, so that a scenario carries over from one ladder to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.ladder import Ladder
from sim.scenario.errors import InputError, dotted, unknown


def on_ladder(key: str, entries: Any, ladder: Ladder, written_for: object) -> Any:
    """Return a list of events or start rungs with every rung as a number of the ladder.

    Parameters
    ----------
    key : str
        Dotted key of the list, for messages.
    entries : list
        What is no list of mappings is left for the schema to refuse.
    ladder : Ladder
        The one in use.
    written_for : str, optional
        Name of the ladder that the scenario was written for, whose numbers mean nothing on another.

    Raises
    ------
    InputError
        For a word that the ladder does not know, or a number that belongs to another ladder.
    """
    if not isinstance(entries, list | tuple):
        return entries
    return [
        {**entry, "rung": _rung(dotted(key, position, "rung"), entry["rung"], ladder, written_for)}
        if isinstance(entry, Mapping) and "rung" in entry
        else entry
        for position, entry in enumerate(entries)
    ]


def _rung(key: str, given: object, ladder: Ladder, written_for: object) -> object:
    if isinstance(given, str):
        if given not in ladder.words:
            raise unknown(key, given, ladder.words)
        return ladder.words[given]
    if written_for not in (None, ladder.name):
        problem = f"{given!r} is a number of the ladder {written_for}; on {ladder.name} a rung takes a word"
        raise InputError(problem, key=key, value=given, allowed=ladder.words)
    return given


def observed_on_ladder(observed: Any, ladder: Ladder, written_for: object) -> Any:
    """Return what was observed with its highest rung as a number; nuclear use may be one.

    Raises
    ------
    InputError
        As `on_ladder`.
    """
    if not isinstance(observed, Mapping) or "highest_rung" not in observed:
        return observed
    rung = _rung("observed.highest_rung", observed["highest_rung"], ladder, written_for)
    return {**observed, "highest_rung": rung}
