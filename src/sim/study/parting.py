"""One run under two assumptions: the round in which its two fates part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from sim.batch import Tasks
from sim.scenario.schema import Scenario
from sim.study.paired import Fate
from sim.study.replay import Replay, Round, replay

AFTER = 8  # rounds told after that in which they part; two weeks, where a turn is a week


@dataclass(frozen=True)
class Parting:
    """A run that ends otherwise under another assumption.

    Attributes
    ----------
    names : tuple of str
        What the two fates are called.
    turned : str
        up: war in the second alone; down: in the first alone.
    fates : tuple of Replay
        The run under both.
    differs : int
        Round in which the logs or orders first differ.
    parts : int
        Round at whose end someone first stands on another rung.
    last : int
        Last round that is told.
    """

    names: tuple[str, str]
    run: int
    turned: str
    fates: tuple[Replay, Replay]
    differs: int
    parts: int
    last: int


Turned = tuple[str, str, int, str]  # names of two scenarios, the run, up or down


def turned(first: Fate, second: Fate, most: int) -> list[tuple[int, str]]:
    """Return the first runs, so many each way, in which something happens in one of two sets of runs alone."""
    ways = {"up": second & ~first, "down": first & ~second}
    return [(int(run), way) for way, runs in ways.items() for run in np.flatnonzero(runs)[:most]]


def partings(scenarios: Mapping[str, Scenario], chosen: Iterable[Turned], seed: int, progress: Tasks) -> list[Parting]:
    """Replay turned runs under both of their scenarios, each run of a scenario once."""
    asked = list(chosen)
    wanted = list(dict.fromkeys((name, run) for *names, run, _ in asked for name in names))
    done = progress("replays", len(wanted))
    watched: dict[tuple[str, int], Replay] = {}
    for number, (name, run) in enumerate(wanted, start=1):
        watched[name, run] = replay(scenarios[name], seed, run)
        done(number)
    return [
        part((first, second), run, way, watched[first, run], watched[second, run]) for first, second, run, way in asked
    ]


def part(names: tuple[str, str], run: int, way: str, first: Replay, second: Replay) -> Parting:
    """Find where two replays of a run differ, and where someone first stands elsewhere."""
    pairs = list(zip_longest(first.rounds, second.rounds))
    other = [number for number, (one, two) in enumerate(pairs) if _seen(one) != _seen(two)]
    differs = other[0] if other else len(pairs) - 1
    elsewhere = [number for number in other if _standing(pairs[number][0]) != _standing(pairs[number][1])]
    parts = elsewhere[0] if elsewhere else differs
    return Parting(names, run, way, (first, second), differs, parts, min(parts + AFTER, len(pairs) - 1))


def _seen(played: Round | None) -> object:
    """What is there for all to see of a round, and who ordered what."""
    if played is None:
        return None
    entries = [{**entry, "probability": None} for entry in played.entries]  # which is told, and decides nothing
    orders = [(choice.actor, choice.target, choice.order, choice.alert_order) for choice in played.choices]
    return entries, orders, played.standing


def _standing(played: Round | None) -> object:
    return None if played is None else {pair: rung for pair, rung in played.standing.items() if rung > 0}
