"""What is legal in a scenario but looks like a slip."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from sim.scenario.assumptions import Assumption
from sim.scenario.checks import principals, runs_in
from sim.scenario.schema import Act, Scenario

_KEY = re.compile(r"[A-Z0-9][A-Z0-9/-]{2,}")  # how a source is named where it is named by a key


def suspicions(scenario: Scenario, inputs: list[Assumption], explained: Collection[str]) -> list[str]:
    """Return a sentence for each; `explained` are the keys of sources that the world's folder explains."""
    return [
        *_nobody_acts(scenario),
        *_loose_states(scenario),
        *_idle_acts(scenario),
        *_sources(scenario, inputs, explained),
        *_judged_without_width(inputs),
    ]


def _nobody_acts(scenario: Scenario) -> Iterator[str]:
    if not principals(scenario):
        yield "Nobody stands against anybody at the start, and no event makes anybody act: nothing can happen."


def _loose_states(scenario: Scenario) -> Iterator[str]:
    """States without part, pact, interest, force, or flow that leads into the crisis."""
    inside = principals(scenario)
    tied = set(inside) | {force.state for force in scenario.world.forces if force.theatre == scenario.theatre}
    ties: list[tuple[str, ...]] = [t.parties for t in scenario.world.treaties.values() if runs_in(t, scenario)]
    ties += [(flow.giver, flow.taker) for flow in scenario.world.flows.values()]
    ties += [tuple(pair.split(">")) for pair in scenario.world.dyads]
    for tie in ties:
        if inside & set(tie):
            tied |= set(tie)
    for code, state in scenario.world.states.items():
        if code not in tied:
            yield f"{code} ({state.name}) is in the world, but nothing ties it to any state in the crisis."


def _idle_acts(scenario: Scenario) -> Iterator[str]:
    """Acts that ask for no more than where their authors start: an act raises only."""
    start = {(s.state, s.rival): s.rung for s in scenario.start_rungs}
    for position, event in enumerate(scenario.events):
        if not isinstance(event, Act):
            continue
        pairs = [(by, against) for by in event.by for against in event.against]
        if all(start.get(pair, 0) >= event.rung for pair in pairs) and not event.threat:
            yield f"Event {position} asks for rung {event.rung}, where its authors stand already: it does nothing."


def _sources(scenario: Scenario, inputs: Iterable[Assumption], explained: Collection[str]) -> Iterator[str]:
    """Keys of sources without an explanation, and figures without a source."""
    known = {*explained, *scenario.sources}
    cited: dict[str, str] = {}
    bare: list[str] = []
    for line in inputs:
        keys = [key.strip() for key in line.source.split(";")]
        for key in keys:
            if _KEY.fullmatch(key):
                cited.setdefault(key, line.key)
        if line.figure is not None and not line.source:
            bare.append(line.key)
    for key, first in cited.items():
        if key not in known:
            yield f"Source {key} ({first}) is explained neither in the scenario nor in the world's SOURCES.md."
    if bare:
        yield _listed("{} no source", bare)


def _judged_without_width(inputs: Iterable[Assumption]) -> Iterator[str]:
    """Exact figures marked judgement: whoever judges should say within what bounds."""
    exact = [
        line.key
        for line in inputs
        if line.figure is not None
        and line.basis == "judgement"
        and not line.figure.uncertain
        and line.figure.unit != "code"
        and line.figure.centre != 0
    ]
    if exact:
        yield _listed("{} no width although judgement", exact)


def _listed(saying: str, keys: list[str]) -> str:
    number = "1 figure has" if len(keys) == 1 else f"{len(keys)} figures have"
    shown = "; ".join(keys[:4]) + ("; ..." if len(keys) > 4 else ".")
    return f"{saying.format(number)}: {shown}"
