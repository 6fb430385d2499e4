"""How far runs go beside how far crises and disputes of the past went, in the classes in which these are coded."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.batch import Runs
from sim.estimate import Proportion, expected_proportion, proportion
from sim.history.base_rates import CRISES, CRISES_BY_TRIGGER, DISPUTES
from sim.history.observe import observation_matrix
from sim.history.parameters import read_start_parameters
from sim.study.crises import START
from sim.summary import given_rung


class Class(NamedTuple):
    """A class of a coding.

    Attributes
    ----------
    name : str
        In the words of its makers.
    first, last : int
        Rungs of the ladder that mostly are coded so.
    runs : Proportion
        Share of runs that would be coded so; `count` is the expected number, rounded.
    alike, past : Proportion
        Share of past cases that began as the scenario does, with a violent trigger or without, and of all of them.
        `alike` has `n` 0 where nothing is known of how they began.
    """

    name: str
    first: int
    last: int
    runs: Proportion
    alike: Proportion
    past: Proportion


def crises(runs: Runs) -> list[Class]:
    """Return the classes of ICB's violence, none to full-scale war.

    A run is read as coders would read it, by the observation matrix of the back-test at the centre of its ranges: a
    lethal clash is minor to some of them and serious to others. A trigger is violent where the scenario itself uses
    lethal force.
    """
    ladder = runs.scenario.ladder
    peaks = np.bincount(runs.table["highest_rung"], minlength=ladder.use + 1)
    counts = peaks @ observation_matrix(read_start_parameters(START).observation, ladder)
    alike = CRISES_BY_TRIGGER[given_rung(runs.scenario) >= ladder.lethal]
    edges = (0, ladder.force, ladder.lethal, ladder.war, ladder.use + 1)
    names = ("no violence", "minor clashes", "serious clashes", "full-scale war")
    return [
        Class(name, first, above - 1, _expected(count, len(runs)), _share(alike, place), _share(CRISES, place))
        for place, (name, first, above, count) in enumerate(
            zip(names, edges[:-1], edges[1:], counts.tolist(), strict=True)
        )
    ]


def disputes(runs: Runs) -> list[Class]:
    """Return the classes of MID's hostility, threat or display to war, of the runs that come to a threat at least.

    What no one threatens is no dispute. Threat and display are one class, for a ladder need not part them.
    """
    ladder, peaks = runs.scenario.ladder, runs.table["highest_rung"].to_numpy()
    edges = (ladder.threat, ladder.force, ladder.war, ladder.use + 1)
    counts = (DISPUTES.threat + DISPUTES.display, DISPUTES.force, DISPUTES.war)
    n = int((peaks >= ladder.threat).sum())
    return [
        Class(
            name, first, above - 1, proportion(int(((peaks >= first) & (peaks < above)).sum()), n), proportion(0, 0),
            proportion(count, sum(DISPUTES)),
        )
        for name, first, above, count in zip(
            ("threat, display", "use of force", "war"), edges[:-1], edges[1:], counts, strict=True
        )
    ]  # fmt: skip


def _share(counts: tuple[int, ...], place: int) -> Proportion:
    return proportion(counts[place], sum(counts))


def _expected(count: float, runs: int) -> Proportion:
    found = expected_proportion(min(count, runs), runs)
    return Proportion(round(count), runs, found["share"], found["low"], found["high"])
