"""Every input of a scenario on a line of its own: value, source, confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from sim.scenario.schema import (
    DYAD_QUANTITIES,
    QUANTITIES,
    SYMMETRIC,
    Act,
    Change,
    Event,
    Figure,
    Flow,
    Scenario,
    Treaty,
)
from sim.scenario.tables import read_text

Basis = Literal["sourced", "memory", "judgement"]
BASES: tuple[Basis, ...] = ("sourced", "memory", "judgement")

_SOURCED = ("V", "V-weak", "V (computed)")


class Assumption(NamedTuple):
    """Something that a run takes as given.

    Parameters
    ----------
    group, part : str
        Kind of input, and what it belongs to: a state, a treaty.
    name, value : str
        As a reader would say it.
    source, confidence : str
        As the files give them.
    basis : str
        sourced (read or computed from a source), memory, or judgement.
    inputs : int
        Numbers or codings that the line holds.
    figure : Figure, optional
        The number itself, where it is one.
    """

    group: str
    part: str
    name: str
    value: str
    source: str
    confidence: str
    basis: Basis
    inputs: int = 1
    figure: Figure | None = None

    @property
    def key(self) -> str:
        """Group, part and name: unique among a scenario's assumptions."""
        return " ".join(word for word in (self.group.lower(), self.part, self.name) if word)


def assumptions(scenario: Scenario) -> list[Assumption]:
    """Return all inputs of a scenario, group by group."""
    return [
        *_supposed(scenario),
        *_states(scenario),
        *_theatres(scenario),
        *_forces(scenario),
        *_dyads(scenario),
        *(line for name, treaty in scenario.world.treaties.items() for line in _treaty(name, treaty)),
        *(line for name, flow in scenario.world.flows.items() for line in _flow(name, flow)),
        *(_rule(name, figure) for name, figure in scenario.rules.items()),
    ]


def explained(world: Path) -> dict[str, str]:
    """Keys of sources and what a world's SOURCES.md, or one that several worlds share, says of them in its tables."""
    files = [folder / "SOURCES.md" for folder in (world.parent, world)]
    text = "\n".join(read_text(file) for file in files if file.is_file())
    return dict(re.findall(r"^\| *([^ |]+) *\| *([^|\n]*?) *\|", text, re.MULTILINE))


def shown(figure: Figure) -> str:
    """A figure as centre and range with its unit."""
    text = _number(figure.centre)
    if figure.uncertain:
        text += f" ({_number(figure.low)} .. {_number(figure.high)})"
    return text if figure.unit in ("", "code") else f"{text} {figure.unit}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _basis(confidence: str) -> Basis:
    if confidence in _SOURCED:
        return "sourced"
    return "memory" if confidence == "M" else "judgement"


def _of_figure(group: str, part: str, name: str, figure: Figure) -> Assumption:
    basis = _basis(figure.confidence)
    return Assumption(group, part, name, shown(figure), figure.source, figure.confidence, basis, figure=figure)


# --- what the scenario supposes --------------------------------------------------------------------


def _supposed(scenario: Scenario) -> Iterator[Assumption]:
    """The scenario's own suppositions: judgement by their nature, whatever source inspired them."""

    def line(name: str, value: str, source: str = "") -> Assumption:
        return Assumption("Crisis", "", name, value, source, "supposed", "judgement")

    names = scenario.ladder.names
    yield line("armistice counts as war", "yes" if scenario.armistice_is_war else "no")
    for code, theory in scenario.theories.items():
        if theory != "quantal":
            yield line(f"decision theory of {code}", theory)
    if scenario.slow_clock:
        yield line("slow clock", "affinities drift, states leave and sign treaties of defence, crises begin")
    for quarrel in scenario.quarrels:
        a, b = quarrel.between
        yield line(f"quarrel {a}, {b}", f"crises may begin in {quarrel.theatre}", quarrel.source)
    for start in scenario.start_rungs:
        yield line(f"start {start.state}>{start.rival}", f"stands on {start.rung} {names[start.rung]}")
    for position, event in enumerate(scenario.events):
        yield line(f"event {position}, day {event.day}", event_in_words(event, names), event.source)


def event_in_words(event: Event, names: tuple[str, ...]) -> str:
    """Who does what to whom."""
    if isinstance(event, Act):
        threat = f", danger to the regime {event.threat:g}" if event.threat else ""
        sides = f"{', '.join(event.by)} against {', '.join(event.against)}"
        return f"{sides}: {event.rung} {names[event.rung]} in {event.theatre}{threat}"
    if isinstance(event, Change):
        return ", ".join(f"{key} becomes {shown(figure)}" for key, figure in event.changes.items())
    return f"{event.state} brings {shown(event.personnel)} thousand into {event.theatre}"


# --- the world -------------------------------------------------------------------------------------


def _states(scenario: Scenario) -> Iterator[Assumption]:
    for code, state in scenario.world.states.items():
        for quantity in QUANTITIES:
            yield _of_figure("States", f"{code} {state.name}", quantity, state.figures[quantity])


def _theatres(scenario: Scenario) -> Iterator[Assumption]:
    for theatre in scenario.world.theatres.values():
        weights = ", ".join(f"{domain} {weight:g}" for domain, weight in theatre.weights.items())
        yield Assumption(
            "Theatres", "", theatre.name, weights, theatre.source, theatre.confidence, _basis(theatre.confidence),
            len(theatre.weights),
        )  # fmt: skip


def _forces(scenario: Scenario) -> Iterator[Assumption]:
    for force in scenario.world.forces:
        host = f" with {force.host}" if force.host else ""
        yield _of_figure("Forces abroad", "", f"{force.state} in {force.theatre}{host}", force.personnel)


def _dyads(scenario: Scenario) -> Iterator[Assumption]:
    """Figures of directed dyads; codes that hold both ways were given once and count once."""
    for quantity, figure in scenario.world.defaults.items():
        yield _of_figure("Dyads", "where none is given", quantity, figure)
    dyads = scenario.world.dyads
    for pair, figures in dyads.items():
        a, b = pair.split(">")
        for quantity in DYAD_QUANTITIES:
            if quantity not in figures:
                continue
            if quantity in SYMMETRIC and a > b and quantity in dyads.get(f"{b}>{a}", {}):
                continue
            yield _of_figure("Dyads", pair, quantity, figures[quantity])


def _treaty(name: str, treaty: Treaty) -> Iterator[Assumption]:
    """A treaty's clauses: what the words say is read, how strong they are and where they begin is coded."""
    part = f"{name}, {', '.join(treaty.parties)}, {_time_in_force(treaty)}"
    basis = _basis(treaty.confidence)
    for short, clause in treaty.clauses.items():
        words = (
            f"{clause.kind}, {_sides(treaty, short)}: {clause.duty.replace('_', ' ')}, "
            f"{clause.discretion.replace('_', ' ')}, provoked attack {clause.trigger.provoked}"
        )
        if clause.trigger.state_of_war:
            words += ", needs a state of war"
        if clause.filters:
            words += f", filters {' and '.join(clause.filters).replace('_', ' ')}"
        yield Assumption("Treaties", part, f"{short} words", words, treaty.source, treaty.confidence, basis)
        places = "anywhere" if clause.trigger.theatres is None else f"in {', '.join(clause.trigger.theatres)}"
        coded = f"strength {clause.strength:g} of 4; from {clause.trigger.rung} on, {places}"
        yield Assumption("Treaties", part, f"{short} coding", coded, "", "judgement", "judgement", 2)


def _sides(treaty: Treaty, clause: str) -> str:
    owing, protected = (", ".join(codes) for codes in (treaty.owing(clause), treaty.protected(clause)))
    return "each for the others" if owing == protected else f"{owing} for {protected}"


def _time_in_force(treaty: Treaty) -> str:
    if treaty.in_force is True:
        return "assumed in force"
    if treaty.open_for_signature:
        return "open for signature"
    if not treaty.in_force:
        return "not in force"
    return f"in force from {treaty.in_force}" + (f" until {treaty.ended}" if treaty.ended else "")


def _flow(name: str, flow: Flow) -> Iterator[Assumption]:
    """That a flow exists is one thing, how large it is another."""
    domain = f" ({flow.domain})" if flow.domain else ""
    since = f" from {flow.start}" if flow.start else ""
    until = f" until {flow.end}" if flow.end else ""
    exists = f"{flow.kind}{domain} {flow.giver} to {flow.taker}{since}{until}"
    if flow.evaded_by:
        exists += f", evaded by {', '.join(flow.evaded_by)}"
    yield Assumption("Flows", name, "exists", exists, flow.source, flow.confidence, _basis(flow.confidence))
    yield _of_figure("Flows", name, "rate", flow.rate)
    if flow.kind == "technology":
        yield _of_figure("Flows", name, "delay_years", flow.delay_years)
    if flow.kind == "sanctions":
        yield _of_figure("Flows", name, "evasion", flow.evasion)


def _rule(name: str, figure: Figure) -> Assumption:
    """A rule that gives no confidence is judgement where its source says so, or where it has none."""
    if "confidence" in figure.model_fields_set:
        return _of_figure("Rules", "", name, figure)
    judged = not figure.source or "judgement" in figure.source
    confidence, basis = ("judgement", _basis("judgement")) if judged else ("literature", _basis("V"))
    return Assumption("Rules", "", name, shown(figure), figure.source, confidence, basis, figure=figure)
