"""Runs that turned: both fates side by side as text, and as JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sim import __version__
from sim.compiled import source_hash
from sim.report.replay import READING, Line, broken, period, round_lines
from sim.report.words import rung_in_words
from sim.study.parting import AFTER, Parting
from sim.study.replay import Replay, records

COLUMN = 78  # letters
BETWEEN = " | "

INTRODUCTION = f"""\
Runs that turned: war under one of two assumptions alone, though every draw is the same. Rounds that are told in the
same words stand once; the others stand side by side. A run is told until {AFTER} rounds after the one in which someone
first stands elsewhere. These runs are the first that turned each way, not typical ones."""


def write(found: Sequence[Parting], folder: Path, command: Sequence[str]) -> None:
    """Write parting.txt and parting.jsonl into a folder."""
    (folder / "parting.txt").write_text("\n".join(_text(found)) + "\n", encoding="utf-8")
    with (folder / "parting.jsonl").open("w", encoding="utf-8") as file:
        for record in _records(found, command):
            file.write(json.dumps(record, allow_nan=False, ensure_ascii=False) + "\n")


def _records(found: Iterable[Parting], command: Sequence[str]) -> Iterator[dict[str, Any]]:
    """A line about the file; then of each parting a line about it, and the records of both replays (docs/replay.md)."""
    yield {"record": "partings", "version": __version__, "source": source_hash(), "command": list(command)}
    for number, parting in enumerate(found):
        yield {
            "record": "parting",
            "parting": number,
            "run": parting.run,
            "seed": parting.fates[0].seed,
            "fates": list(parting.names),
            "turned": parting.turned,
            "differs": parting.differs,
            "parts": parting.parts,
            "last": parting.last,
        }
        for name, fate in zip(parting.names, parting.fates, strict=True):
            for record in records(fate):
                if record["round"] <= parting.last:
                    yield {"parting": number, "fate": name, **record}


# --- the text --------------------------------------------------------------------------------------


def _text(found: Sequence[Parting]) -> Iterator[str]:
    width = 2 * COLUMN + len(BETWEEN)
    yield broken(Line(" ".join(INTRODUCTION.split()), 0), width)
    if not found:
        yield "\nNo run turned."
        return
    ladder = found[0].fates[0].scenario.ladder
    yield broken(
        Line("Rungs: " + ", ".join(rung_in_words(ladder, rung) for rung in range(len(ladder.names))), 0), width
    )
    yield broken(Line("Reading: " + " ".join(READING.split()), 0), width)
    for parting in found:
        yield ""
        yield "=" * width
        yield from _parting(parting, width)


def _parting(parting: Parting, width: int) -> Iterator[str]:
    left, right = parting.names
    yield broken(Line(f"Run {parting.run}: war under {right if parting.turned == 'up' else left} alone.", 0), width)
    yield broken(Line(f"First difference: {_round(parting, parting.differs)}.", 0), width)
    yield broken(Line(f"Someone first stands elsewhere: {_round(parting, parting.parts)}.", 0), width)
    yield ""
    yield from _beside([left, "-" * len(left)], [right, "-" * len(right)])
    first, second = parting.fates
    for number in range(1, parting.last + 1):
        both = [_lines(fate, number) for fate in (first, second)]
        if any(both):
            yield ""
            yield f"{_round(parting, number)}{'   <- here they part' if number == parting.parts else ''}"
            yield from _told(first, second, number)
    yield ""
    yield from _beside(_end(first), _end(second))


def _round(parting: Parting, number: int) -> str:
    fate = next(fate for fate in parting.fates if number < len(fate.rounds))
    return "start" if number == 0 else period(fate.rounds[number])


def _lines(fate: Replay, number: int) -> list[Line]:
    """What there is to tell of a round; of one that is not there, that the run is over."""
    if number < len(fate.rounds):
        return list(round_lines(fate, fate.rounds[number], "moves"))
    return [Line("the run is over")] if number == len(fate.rounds) else []


def _told(first: Replay, second: Replay, number: int) -> Iterator[str]:
    left, right = _lines(first, number), _lines(second, number)
    if left == right:
        yield from (broken(line, 2 * COLUMN + len(BETWEEN)) for line in left)
    else:
        yield from _beside(_column(left), _column(right))


def _column(lines: Iterable[Line]) -> list[str]:
    return [row for line in lines for row in broken(line, COLUMN).split("\n")] or ["  no move"]


def _beside(left: Iterable[str], right: Iterable[str]) -> Iterator[str]:
    for one, two in zip_longest(left, right, fillvalue=""):
        yield f"{one:{COLUMN}}{BETWEEN}{two}".rstrip()


def _end(fate: Replay) -> list[str]:
    rungs = [entry["rung"] for played in fate.rounds for entry in played.entries if entry["rung"] is not None]
    used = any(entry["kind"] == "nuclear_use" for entry in fate.rounds[-1].entries)
    highest = rung_in_words(fate.scenario.ladder, fate.scenario.ladder.use if used else max(rungs, default=0))
    return [f"in the end: highest rung {highest}", f"over or cut off after {fate.rounds[-1].day:g} days"]
