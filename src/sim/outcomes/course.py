"""The course of a run in words, from its log: who fights whom, and who took the crisis to each new highest rung."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import Entry
from sim.outcomes.finals import Finals

# Entries by which a state comes to stand on a rung against a rival.
MOVES = (Entry.ACT, Entry.RUNG, Entry.INCIDENT, Entry.WIDENED, Entry.NUCLEAR_USE, Entry.CRISIS)
Texts = NDArray[Any]  # of str, empty where there is nothing to say; shape (R,)


def sides(ends: Finals) -> Texts:
    """Return who fights whom in each run: "KOR+USA v PRK, JPN v CHN".

    A state that uses force against another is on the other side of it; states with a common enemy are on one side.
    States that suffer force and use none stand in brackets. Where no two sides can be told apart (everybody fights
    everybody), each state stands alone.
    """
    force, states = int(ends.model.params.setting[0].force), ends.model.states
    moves = ends.entries[_moved(ends)]
    fought = moves["value"] >= force
    pairs = moves["state"][fought] * len(states) + moves["rival"][fought]
    texts = np.full(len(ends.world.clock), "", object)
    for run, fights in _by_run(ends.of_run[_moved(ends)][fought], pairs).items():
        texts[run] = _sides(tuple((states[pair // len(states)], states[pair % len(states)]) for pair in fights))
    return texts


@lru_cache(10_000)
def _sides(fights: tuple[tuple[str, str], ...]) -> str:
    """Sides of the quarrels that pairs of attacker and attacked make, each pair once and in order."""
    enemies: dict[str, set[str]] = {}
    for one, other in fights:
        enemies.setdefault(one, set()).add(other)
        enemies.setdefault(other, set()).add(one)
    armed = {one for one, _ in fights}
    seen: set[str] = set()
    quarrels = []
    for first in sorted(enemies):
        if first not in seen:
            side = _coloured(first, enemies)
            seen |= side.keys()
            quarrels.append(_quarrel(side, enemies, armed))
    return ", ".join(quarrels)


def _coloured(first: str, enemies: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """A side, 0 or 1, of every state that a chain of enmities ties to the first; enemies of enemies are on one side."""
    side, waiting = {first: 0}, [first]
    while waiting:
        one = waiting.pop()
        for other in enemies[one]:
            if other not in side:
                side[other] = 1 - side[one]
                waiting.append(other)
    return side


def _quarrel(side: Mapping[str, int], enemies: Mapping[str, Iterable[str]], armed: set[str]) -> str:
    told = {state: state if state in armed else f"({state})" for state in sorted(side)}
    if any(side[one] == side[other] for one in side for other in enemies[one]):
        return " v ".join(told.values())
    return " v ".join("+".join(told[state] for state in told if side[state] == which) for which in (0, 1))


def path(ends: Finals) -> Texts:
    """Return who first took each run to each new highest rung: "PRK 4 > KOR+USA 6 > PRK 7".

    A step is a rung above all before it, and the states that came to stand on it in the round in which it was first
    reached, by the scenario's acts, their own orders, or an incident.
    """
    moved = _moved(ends)
    moves, of_run = ends.entries[moved], ends.of_run[moved]
    value, day, states = moves["value"], moves["day"], ends.model.states
    above = int(ends.model.params.setting[0].top) + 2  # no rung is as high
    highest = np.maximum.accumulate(of_run * above + value) if len(value) else value
    rising = np.diff(highest, prepend=-1) > 0
    rising &= value > 0
    last = np.maximum.accumulate(np.where(rising, np.arange(len(value)), 0)) if len(value) else value
    along = (of_run[last] == of_run) & (value[last] == value) & (day[last] == day) & (value > 0)
    steps: dict[int, dict[int, set[str]]] = {}
    for run, rung, state in zip(
        of_run[along].tolist(), value[along].tolist(), moves["state"][along].tolist(), strict=True
    ):
        steps.setdefault(run, {}).setdefault(rung, set()).add(states[state])
    texts = np.full(len(ends.world.clock), "", object)
    for run, taken in steps.items():
        texts[run] = " > ".join(f"{'+'.join(sorted(who))} {rung}" for rung, who in taken.items())
    return texts


def _moved(ends: Finals) -> NDArray[np.bool_]:
    return np.isin(ends.entries["kind"], MOVES)


def _by_run(of_run: NDArray[np.int64], codes: NDArray[np.int64]) -> dict[int, list[int]]:
    """Codes of each run, each once and in order."""
    found: dict[int, list[int]] = {}
    if len(codes):
        size = int(codes.max()) + 1
        for both in np.unique(of_run * size + codes).tolist():
            found.setdefault(both // size, []).append(both % size)
    return found
