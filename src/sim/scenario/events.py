"""Events of a scenario -> rows in order of day, one for each thing that happens to one state or dyad."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sim.codes import EventKind
from sim.scenario.schema import Act, Change, Deploy, Figure, Scenario
from sim.scenario.targets import Target, target


class EventRow(NamedTuple):
    """What becomes a record of EVENT and EVENT_FIGURE; -1 where a field means nothing."""

    day: int
    kind: int
    state: int
    rival: int
    theatre: int
    rung: int
    value: Figure
    label: str = ""  # of the draw
    target: Target | None = None  # of a change
    once: int = 0


def event_rows(scenario: Scenario, states: tuple[str, ...], theatres: tuple[str, ...]) -> list[EventRow]:
    """Return the rows in an order that is the same whatever the order of the input."""
    rows: list[EventRow] = []
    for event in scenario.events:
        if isinstance(event, Act):
            rows += _acts(event, states, theatres)
        elif isinstance(event, Deploy):
            rows.append(_deployment(scenario, event, states, theatres))
        else:
            rows += _changes(event, states)
    return sorted(rows, key=lambda row: (*row[:6], row.label))


def _acts(event: Act, states: tuple[str, ...], theatres: tuple[str, ...]) -> Iterator[EventRow]:
    threat = Figure(low=event.threat, centre=event.threat, high=event.threat)
    place = theatres.index(event.theatre)
    for code in sorted(event.by):
        for rival in sorted(event.against):
            i, j = states.index(code), states.index(rival)
            yield EventRow(event.day, EventKind.ACT, i, j, place, event.rung, threat, once=int(event.once))


def _deployment(scenario: Scenario, event: Deploy, states: tuple[str, ...], theatres: tuple[str, ...]) -> EventRow:
    whole, brought = _personnel(scenario, event.state, event.day), event.personnel
    share = Figure(low=brought.low / whole, centre=brought.centre / whole, high=brought.high / whole)
    i, place = states.index(event.state), theatres.index(event.theatre)
    label = f"events.{event.day}.{event.state}.{event.theatre}"
    return EventRow(event.day, EventKind.DEPLOY, i, -1, place, 0, share, label)


def _personnel(scenario: Scenario, code: str, day: int) -> float:
    """Active force of a state on a day, after what earlier events have changed."""
    found = [(0, scenario.world.states[code].figures["personnel"])]
    for event in scenario.events:
        if isinstance(event, Change) and event.day < day:
            for text, figure in event.changes.items():
                if target(text, scenario.world.states, "") == Target(code, "", "personnel"):
                    found.append((event.day, figure))
    return max(found, key=lambda entry: entry[0])[1].centre


def _changes(event: Change, states: tuple[str, ...]) -> Iterator[EventRow]:
    for text, figure in event.changes.items():
        for one in target(text, states, "").both_ways():
            i, j = states.index(one.state), states.index(one.rival) if one.rival else -1
            label = f"events.{event.day}.{one.key}"
            yield EventRow(event.day, EventKind.CHANGE, i, j, -1, 0, figure, label, one)
