"""Paths to war: the most frequent sequences of who took the crisis how high, and where they branch."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from sim.by_column import frequencies
from sim.estimate import proportion

STEP = " > "  # between the steps of a path, as `sim.outcomes.course` writes it
MOST, NEXT = 50, 8  # paths and continuations that are kept, the most frequent first
LEAST = 0.01  # of the runs must come to a place where paths branch, for it to be kept


def paths(path: pd.Series[Any], war: int) -> dict[str, Any]:
    """Return the paths to war among runs, and the places where runs part.

    A path is cut at its first step that is war: what comes after is no way to war. Who rises together is one step.

    Parameters
    ----------
    path : Series of str
        As the table of runs has it.
    war : int
        The rung of war.

    Returns
    -------
    dict
        `runs`, `wars`; `distinct`, how many paths to war there are; `to_war`, the most frequent: `path`, its `share` of
        all wars, and `steps`, each with the `share` of the runs that were there which took it; `branches`, places where
        runs part, those that most come to first: `after` (the steps so far), `n` runs that came there, `next`, each
        `step` with its share, `others` in so many runs, `no_further`, the share that rose no higher. Ties go by the
        alphabet.
    """
    cut = path.map({text: _to_war(text, war) for text in path.unique()})
    walked = Counter(dict(frequencies(cut)))
    came: Counter[str] = Counter()  # runs by the steps that they began with
    for text, count in walked.items():
        steps = text.split(STEP) if text else []
        for length in range(len(steps) + 1):
            came[STEP.join(steps[:length])] += count
    wars = [(text, count) for text, count in frequencies(cut) if text and rung_of(text.split(STEP)[-1]) >= war]
    total = sum(count for _, count in wars)
    return {
        "runs": len(path),
        "wars": total,
        "distinct": len(wars),
        "to_war": [
            {"path": text, "share": proportion(count, total)._asdict(), "steps": _steps(text, came)}
            for text, count in wars[:MOST]
        ],
        "branches": _branches(came, walked, war),
    }


def rung_of(step: str) -> int:
    """Return the rung of a step."""
    return int(step.rpartition(" ")[2])


def _to_war(text: str, war: int) -> str:
    steps = text.split(STEP) if text else []
    length = next((number for number, step in enumerate(steps, 1) if rung_of(step) >= war), len(steps))
    return STEP.join(steps[:length])


def _steps(text: str, came: Counter[str]) -> list[dict[str, Any]]:
    steps = text.split(STEP)
    before = [STEP.join(steps[:length]) for length in range(len(steps) + 1)]
    return [
        {"step": step, "share": proportion(came[before[number + 1]], came[before[number]])._asdict()}
        for number, step in enumerate(steps)
    ]


def _branches(came: Counter[str], walked: Counter[str], war: int) -> list[dict[str, Any]]:
    """Places short of war at which runs do not all do the same."""
    following: dict[str, list[tuple[str, int]]] = {}
    for text, count in came.items():
        if text:
            before, _, step = text.rpartition(STEP)
            following.setdefault(before, []).append((step, count))
    found = []
    for after, steps in following.items():
        n, ended = came[after], walked[after]
        if n < LEAST * came[""] or (len(steps) == 1 and not ended):
            continue
        steps.sort(key=lambda row: (-row[1], row[0]))
        rows = [{"step": step, "share": proportion(count, n)._asdict()} for step, count in steps]
        on = {"after": after, "n": n, "next": rows[:NEXT], "others": sum(count for _, count in steps[NEXT:])}
        found.append({**on, "no_further": proportion(ended, n)._asdict()})
    return sorted(found, key=lambda row: (-row["n"], row["after"]))
