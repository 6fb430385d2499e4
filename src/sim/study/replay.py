"""One run watched round by round: what happened, who revised which order, and what each of them weighed.

The run is that of the batch: agents decide as always and are only asked, just before, what they are about
to weigh.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from sim.codes import TERMS, Entry, Theory
from sim.crisis import Crisis, State
from sim.ensemble import Chunk
from sim.outcomes import finals, log_table
from sim.phases.decide import explain, options_of, revises
from sim.phases.treaties import recognition_odds
from sim.phases.witness import judgement
from sim.rules.decide import standing
from sim.scenario.build import Model, build
from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Option:
    """A rung that could have been chosen: `utility` is its worth, `terms` as in `sim.codes.TERMS`, costs positive."""

    rung: int
    probability: float
    utility: float
    terms: tuple[float, ...]


@dataclass(frozen=True)
class Choice:
    """A state revises its orders against a rival; all figures are those on which it decides.

    Attributes
    ----------
    theory : str
        Decision theory of the actor (`sim.codes.THEORIES`).
    stand, order : int
        Rung on which it stands (a single blow of its own is not one), and the one chosen.
    alert, alert_order : int
        The same of the nuclear alert.
    sees, sees_alert : int
        Where it sees the rival.
    resolve, expected : float
        Its own resolve, and what it expects of the rival's, logit units.
    power : float
        Its share of the two sides' power as it judges it.
    options : tuple of Option
        All that it weighed, from the lowest rung on.
    """

    actor: str
    target: str
    theory: str
    stand: int
    order: int
    alert: int
    alert_order: int
    sees: int
    sees_alert: int
    stake: float
    resolve: float
    expected: float
    power: float
    options: tuple[Option, ...]

    def option(self, rung: int) -> Option:
        """Return what was weighed about a rung."""
        return self.options[rung - self.options[0].rung]


@dataclass(frozen=True)
class Round:
    """A round of orders, or the start (number 0).

    Attributes
    ----------
    day : float
        First day, from the start.
    entries : list of dict
        Rows of the run's log (`sim.outcomes.log_table`), with the `probability` of a recognition.
    opened : int
        How many of the entries were there when orders were given.
    choices : list of Choice
        Orders revised, whether they changed or not.
    standing : dict
        Rung of each directed dyad in the crisis at the end.
    """

    number: int
    day: float
    date: datetime.date
    entries: list[dict[str, Any]] = field(repr=False)
    opened: int
    choices: list[Choice] = field(repr=False)
    standing: dict[tuple[str, str], int] = field(repr=False)


@dataclass(frozen=True)
class Replay:
    """A run as the rounds that it took, the start first."""

    scenario: Scenario
    seed: int
    run: int
    round_days: float
    rounds: tuple[Round, ...]


def replay(scenario: Scenario, seed: int, run: int) -> Replay:
    """Take one run through Mesa and write down everything that a reader may ask for."""
    model = build(scenario)
    crisis = _Watched(model, seed, run)
    marks = [_Mark(0.0, 0, _logged(crisis), [], _standing(crisis))]
    while crisis.running:
        day, first, crisis.choices = crisis.day, _logged(crisis), []
        crisis.play_round()
        marks.append(_Mark(day, first, crisis.looked_at, crisis.choices, _standing(crisis)))
    entry = crisis.trace.entry[: _logged(crisis)]
    chunk = Chunk(run, crisis.world.words[None], entry[None], crisis.trace.rung[None])
    rows = log_table(finals(model, chunk)).to_pylist()
    for number, row in enumerate(rows):
        row["probability"] = crisis.odds.get(number)
    ends = [mark.first for mark in marks[1:]] + [len(rows)]
    rounds = [
        _round(scenario, number, mark, rows[mark.first : end])
        for number, (mark, end) in enumerate(zip(marks, ends, strict=True))
    ]
    return Replay(scenario, seed, run, float(model.params.setting[0].round_days), tuple(rounds))


class _Mark(NamedTuple):
    """What is kept of a round while the run goes on: its entries are those of the log from `first` on."""

    day: float
    first: int
    opened: int
    choices: list[Choice]
    standing: dict[tuple[str, str], int]


def _round(scenario: Scenario, number: int, mark: _Mark, entries: list[dict[str, Any]]) -> Round:
    date = scenario.start + datetime.timedelta(days=mark.day)
    return Round(number, mark.day, date, entries, mark.opened - mark.first, mark.choices, mark.standing)


def records(replayed: Replay) -> Iterator[dict[str, Any]]:
    """Yield the run as plain objects, entries and choices round by round; docs/replay.md explains every key."""
    for played in replayed.rounds:
        when = {"round": played.number, "date": played.date.isoformat()}
        for entry in played.entries:
            yield {"record": "entry", **when, **entry}
        for choice in played.choices:
            yield {"record": "choice", **when, "run": replayed.run, "day": played.day, **_plain(choice)}


def _plain(choice: Choice) -> dict[str, Any]:
    options = [
        {
            "rung": option.rung,
            "probability": option.probability,
            "utility": option.utility,
            "terms": dict(zip(TERMS, option.terms, strict=True)),
        }
        for option in choice.options
    ]
    return {
        "actor": choice.actor,
        "target": choice.target,
        "theory": choice.theory,
        "from_rung": choice.stand,
        "to_rung": choice.order,
        "from_alert": choice.alert,
        "to_alert": choice.alert_order,
        "seen_rung": choice.sees,
        "seen_alert": choice.sees_alert,
        "stake": choice.stake,
        "resolve": choice.resolve,
        "expected_resolve": choice.expected,
        "judged_power_share": choice.power,
        "options": options,
    }


# --- watching --------------------------------------------------------------------------------------


class _Watched(Crisis):
    """A crisis that keeps what its states weigh (this round) and how likely each recognition was (by entry)."""

    def __init__(self, model: Model, seed: int, run: int) -> None:
        super().__init__(model, seed, run, _Witness)
        self.choices: list[Choice] = []
        self.odds: dict[int, float] = {}
        self.looked_at = 0  # entries

    def look_at_treaties(self) -> None:
        """Work out the odds of what allies have answered since the last look, while the world is as they saw it."""
        for number in range(self.looked_at, _logged(self)):
            entry = self.trace.entry[number]
            if entry.kind in (Entry.RECOGNISED, Entry.DENIED):
                self.odds[number] = recognition_odds(
                    self.params, self.world, entry.commitment, entry.rival, entry.value
                )
        self.looked_at = _logged(self)


class _Witness(State):
    """A state that says what it is about to weigh, and then decides as every other."""

    model: _Watched

    def decide(self) -> None:
        """Note what is weighed against the rivals with whom it deals now, decide, and note what was ordered."""
        self.model.look_at_treaties()
        weighed = [(j, _weighed(self.model, self.index, j)) for j in _to_be_revised(self.model, self.index)]
        super().decide()
        for j, figures in weighed:
            dyad = self.model.world.dyad[self.index, j]
            order = dyad.before if dyad.blow > 0.0 else dyad.order
            self.model.choices.append(Choice(**figures, order=int(order), alert_order=int(dyad.order_alert)))


def _to_be_revised(crisis: Crisis, i: int) -> list[int]:
    """Rivals against whom a state is about to revise its orders."""
    rivals = np.flatnonzero(crisis.world.dyad["active"][i] == 1)
    return [int(j) for j in rivals if revises(crisis.params, crisis.world, i, int(j))]


def _weighed(crisis: Crisis, i: int, j: int) -> dict[str, Any]:
    """All of a `Choice` but what is chosen."""
    dyad = crisis.world.dyad[i, j]
    resolve, expected, power = judgement(crisis.params, crisis.world, i, j)
    return {
        "actor": crisis.codes[i],
        "target": crisis.codes[j],
        "theory": Theory(crisis.params.trait[i].theory).name.lower(),
        "stand": int(standing(dyad)),
        "alert": int(dyad.alert),
        "sees": int(dyad.seen),
        "sees_alert": int(dyad.seen_alert),
        "stake": float(dyad.stake),
        "resolve": resolve,
        "expected": expected,
        "power": power,
        "options": tuple(_options(crisis, i, j)),
    }


def _options(crisis: Crisis, i: int, j: int) -> Iterator[Option]:
    count = int(options_of(crisis.params, crisis.world, i, j))
    utility, probability, terms = np.empty(count), np.empty(count), np.empty((count, len(TERMS)))
    lowest = explain(crisis.params, crisis.world, i, j, utility, probability, terms)
    for a in range(count):
        yield Option(lowest + a, float(probability[a]), float(utility[a]), tuple(map(float, terms[a])))


def _logged(crisis: Crisis) -> int:
    return int(crisis.world.clock[0].entries)


def _standing(crisis: Crisis) -> dict[tuple[str, str], int]:
    dyad = crisis.world.dyad
    pairs = np.argwhere(dyad["active"] == 1)
    return {(crisis.codes[i], crisis.codes[j]): int(dyad[i, j].rung) for i, j in pairs}
