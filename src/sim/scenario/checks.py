"""What must fit together: names refer to something, nothing points at itself or exceeds its whole."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

from sim.scenario.errors import InputError, dotted, require_member, unknown, wrong
from sim.scenario.schema import (
    ANY_RULE,
    DOMAINS,
    DYAD_QUANTITIES,
    QUANTITIES,
    RULE_BOUNDS,
    Act,
    Change,
    Deploy,
    Figure,
    Flow,
    Force,
    Observed,
    Quantity,
    Scenario,
    Treaty,
    World,
    require_within,
)
from sim.scenario.targets import check_changes
from sim.world import RULES


def check_world(world: World, folder: Path | None = None) -> None:
    """Refuse a world whose parts do not fit together; `folder` is where it was read from, if it was."""

    def file(name: str) -> str:
        if folder is None:
            return ""
        return str(folder / (name if (folder / name).exists() else "world.yaml"))  # which may hold all of a world

    for code, state in world.states.items():
        _check_figures(f"states.{code}", state.figures, QUANTITIES)
        for quantity in QUANTITIES:
            if quantity not in state.figures:
                raise InputError("is missing", key=f"states.{code}.{quantity}", where=file("capabilities.csv"))
    for theatre in world.theatres.values():
        _require_all(f"theatres.{theatre.name}", theatre.weights, DOMAINS, file("theatres.csv"))
    for pair, figures in world.dyads.items():
        check_pair(pair, world.states)
        _check_figures(f"dyads.{pair}", figures, DYAD_QUANTITIES)
    _check_figures("defaults", world.defaults, DYAD_QUANTITIES)
    for name, treaty in world.treaties.items():
        _check_treaty(f"treaties.{name}", treaty, world, file("treaties.yaml"))
    for name, flow in world.flows.items():
        for part, codes in (("from", [flow.giver]), ("to", [flow.taker]), ("evaded_by", flow.evaded_by)):
            _require_all(f"flows.{name}.{part}", codes, world.states, file("flows.yaml"))
        if flow.behind is not None:
            _check_backfill(f"flows.{name}", flow, flow.behind, world, file("flows.yaml"))
        for code in flow.evaded_by:
            if code in (flow.giver, flow.taker):
                expected = "a third state: neither who imposes sanctions nor who suffers them"
                raise wrong(f"flows.{name}.evaded_by", code, expected, file("flows.yaml"))
    _require_all("veto", world.veto, world.states, file("world.yaml"))
    if len(set(world.veto)) < len(world.veto):
        raise wrong("veto", list(world.veto), "each state once", file("world.yaml"))
    for force in world.forces:
        hosts = [force.host] if force.host else []
        _require_all("forces", [force.state, *hosts], world.states)
        _require_all("forces", [force.theatre], world.theatres)
    _check_strength(world, (), file("forces.csv"))


def check_pair(pair: str, states: Iterable[str], where: str = "") -> None:
    """Refuse a dyad that is not two different states of the world, written "PRK>USA"."""
    key = dotted("dyads", pair)
    codes = pair.split(">")
    if len(codes) != 2:
        raise wrong(key, pair, 'two states, as in "PRK>USA"', where)
    _require_all(key, codes, states, where)
    if codes[0] == codes[1]:
        raise wrong(key, pair, "two different states; nothing holds of a state toward itself", where)


def check_scenario(scenario: Scenario) -> None:
    """Refuse a scenario that does not fit its world, its ladder or its horizon.

    Keys in messages are those of a scenario's own tree: "events.0.by".
    """
    require_member("theatre", scenario.theatre, scenario.world.theatres)
    _check_start_rungs(scenario)
    for position, event in enumerate(scenario.events):
        key = f"events.{position}"
        last = scenario.horizon_weeks * 7 - 1
        if event.day > last:
            expected = f"0 to {last}; the horizon is {scenario.horizon_weeks} weeks"
            raise wrong(f"{key}.day", event.day, expected)
        if isinstance(event, Change):
            continue
        require_member(f"{key}.theatre", event.theatre, scenario.world.theatres)
        if isinstance(event, Act):
            _check_act(key, event, scenario)
        else:
            require_member(f"{key}.state", event.state, scenario.world.states)
            if event.personnel.low < 0 or event.personnel.high == 0:
                raise wrong(f"{key}.personnel", event.personnel.low, "more than 0 (thousand)")
    check_changes(
        [(f"events.{position}", event) for position, event in enumerate(scenario.events) if isinstance(event, Change)],
        scenario.world,
    )
    deployments = [
        (f"events.{position}.personnel", event)
        for position, event in enumerate(scenario.events)
        if isinstance(event, Deploy)
    ]
    _check_strength(scenario.world, deployments)
    _check_slow_clock(scenario)
    if scenario.observed is not None:
        _check_observed(scenario.observed, scenario)


def _check_slow_clock(scenario: Scenario) -> None:
    """Refuse what only the slow clock would do where it is off, and quarrels of states that are no rivals."""
    if not scenario.slow_clock:
        if scenario.quarrels:
            raise wrong("quarrels", len(scenario.quarrels), "nothing; crises begin with slow_clock: true only")
        for name, treaty in scenario.world.treaties.items():
            if treaty.open_for_signature:
                key = f"treaties.{name}.open_for_signature"
                raise wrong(key, True, "false; states sign treaties with slow_clock: true only")
    seen = set()
    for position, quarrel in enumerate(scenario.quarrels):
        key = f"quarrels.{position}"
        _require_all(f"{key}.between", quarrel.between, scenario.world.states)
        require_member(f"{key}.theatre", quarrel.theatre, scenario.world.theatres)
        a, b = sorted(quarrel.between)
        rivalry = scenario.world.dyads.get(f"{a}>{b}", {}).get("rivalry")
        if a == b or rivalry is None or rivalry.high == 0:
            raise wrong(f"{key}.between", list(quarrel.between), "two states that are rivals in this world")
        if (a, b) in seen:
            raise InputError(f"{a} and {b} are given twice", key=f"{key}.between", value=list(quarrel.between))
        seen.add((a, b))


def check_rules(rules: dict[str, Figure]) -> None:
    """Refuse rules that are incomplete or leave their bounds."""
    for name, meaning in RULES.items():
        if name not in rules:
            raise InputError(f"is missing ({meaning})", key=f"rules.{name}")
        low, high = RULE_BOUNDS.get(name, ANY_RULE)
        require_within(rules[name], Quantity(low, high, "", meaning), f"rules.{name}")


def _check_figures(key: str, figures: dict[str, Figure], quantities: dict[str, Quantity]) -> None:
    for name, figure in figures.items():
        require_member(f"{key}.{name}", name, quantities)
        require_within(figure, quantities[name], f"{key}.{name}")


def _check_treaty(key: str, treaty: Treaty, world: World, where: str) -> None:
    _require_all(f"{key}.parties", treaty.parties, world.states, where)
    for name, clause in treaty.clauses.items():
        part = f"{key}.clauses.{name}"
        _require_all(f"{part}.protects", clause.protects, treaty.parties, where)
        _require_all(f"{part}.owed_by", clause.owed_by, treaty.parties, where)
        _require_all(f"{part}.trigger.theatres", clause.trigger.theatres or (), world.theatres, where)
        if len({*treaty.protected(name), *treaty.owing(name)}) < 2:
            raise wrong(f"{part}.owed_by", list(clause.owed_by), "a party besides the one protected", where)


def _check_backfill(key: str, flow: Flow, behind: str, world: World, where: str) -> None:
    """Refuse a back-fill that does not stand behind arms which its taker gives a third state."""
    given = [
        name
        for name, other in world.flows.items()
        if other.kind == "arms" and other.giver == flow.taker and other.taker != flow.giver
    ]
    if behind not in world.flows:
        raise unknown(f"{key}.behind", behind, given or world.flows, where)
    if behind not in given:
        expected = f"a flow of arms from {flow.taker} to a third state ({', '.join(given) or 'there is none'})"
        raise wrong(f"{key}.behind", behind, expected, where)


def _check_act(key: str, act: Act, scenario: Scenario) -> None:
    for part, codes in (("by", act.by), ("against", act.against)):
        _require_all(f"{key}.{part}", codes, scenario.world.states)
        if len(set(codes)) < len(codes):
            raise wrong(f"{key}.{part}", list(codes), "each state once")
    for code in act.against:
        if code in act.by:
            raise wrong(f"{key}.against", code, "another state; nobody acts against itself")
    _check_rung(f"{key}.rung", act.rung, scenario)


def _check_start_rungs(scenario: Scenario) -> None:
    seen = set()
    for position, start in enumerate(scenario.start_rungs):
        key = f"start_rungs.{position}"
        require_member(f"{key}.from", start.state, scenario.world.states)
        require_member(f"{key}.to", start.rival, scenario.world.states)
        if start.state == start.rival:
            raise wrong(f"{key}.to", start.rival, "another state; nobody stands against itself")
        _check_rung(f"{key}.rung", start.rung, scenario)
        if (start.state, start.rival) in seen:
            raise InputError(f"{start.state}>{start.rival} is given twice", key=key, value=start.rung)
        seen.add((start.state, start.rival))


def _check_rung(key: str, rung: int, scenario: Scenario) -> None:
    ladder = scenario.ladder
    if rung > ladder.top:
        raise wrong(key, rung, f"a kinetic rung, up to {ladder.top} on the ladder {ladder.name}")


def _check_observed(observed: Observed, scenario: Scenario) -> None:
    """Refuse an outcome that speaks of states or commitments that the scenario does not have."""
    world = scenario.world
    if observed.highest_rung > scenario.ladder.use:
        expected = f"a rung, up to {scenario.ladder.use} on the ladder {scenario.ladder.name}"
        raise wrong("observed.highest_rung", observed.highest_rung, expected)
    inside = principals(scenario)
    _require_all("observed.joined", observed.joined, world.states)
    for code in observed.joined:
        if code in inside:
            raise wrong("observed.joined", code, "states outside the crisis; this one is in it from the start")
    for position, seen in enumerate(observed.clauses):
        key = f"observed.clauses.{position}"
        require_member(f"{key}.treaty", seen.treaty, world.treaties)
        treaty = world.treaties[seen.treaty]
        require_member(f"{key}.clause", seen.clause, treaty.clauses)
        require_member(f"{key}.ally", seen.ally, treaty.owing(seen.clause))
        protected = [code for code in treaty.protected(seen.clause) if code != seen.ally]
        require_member(f"{key}.protected", seen.protected, protected)


def principals(scenario: Scenario) -> set[str]:
    """States that the scenario itself puts into the crisis."""
    found = {code for start in scenario.start_rungs for code in (start.state, start.rival)}
    for event in scenario.events:
        if isinstance(event, Act):
            found |= {*event.by, *event.against}
        elif isinstance(event, Deploy):
            found.add(event.state)
    return found


def runs_in(treaty: Treaty, scenario: Scenario) -> bool:
    """Whether a treaty is, or may come to be, in force at some time of the run."""
    if isinstance(treaty.in_force, datetime.date):
        return treaty.in_force < scenario.end and (treaty.ended is None or treaty.ended > scenario.start)
    return treaty.in_force is True or treaty.open_for_signature


def _check_strength(world: World, deployments: Iterable[tuple[str, Deploy]], where: str = "") -> None:
    """Refuse a state that has more forces abroad than forces."""
    abroad = dict.fromkeys(world.states, 0.0)
    placed: list[tuple[str, Force | Deploy]] = [
        (f"forces.{force.state}.{force.theatre}", force) for force in world.forces
    ]
    placed += deployments
    for key, force in placed:
        abroad[force.state] += force.personnel.centre
        most = world.states[force.state].figures["personnel"].high
        if abroad[force.state] > most:
            expected = f"at most {most:g} thousand in all, the active force of {force.state}"
            raise wrong(key, abroad[force.state], expected, where)
        if force.personnel.high > most:
            raise wrong(
                key, force.personnel.high, f"at most {most:g} thousand, the active force of {force.state}", where
            )


def _require_all(key: str, values: Iterable[str], allowed: Iterable[str], where: str = "") -> None:
    names = tuple(allowed)
    for value in values:
        require_member(key, value, names, where)
