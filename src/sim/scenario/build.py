"""Scenario -> (Params, World): names become numbers, ranges become slots to draw, dates become days."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

import sim.world as arrays
from sim.codes import Domain, FlowKind, Kind, Level, Standing, Theory
from sim.draws import key
from sim.scenario.checks import runs_in
from sim.scenario.events import EventRow, event_rows
from sim.scenario.schema import Figure, Flow, Scenario, Treaty
from sim.world import Params, Records, Trace, World

# Units of the capability figures: about the largest state of 2025, so that domains weigh alike.
# They are fixed, so that adding a state changes no other state's numbers.
REFERENCE = {
    "personnel": 1000.0, "milex": 1000.0, "gdp": 30_000.0, "aircraft": 2500.0, "submarines": 70.0,
    "surface": 5.0, "carriers": 11.0, "missiles": 4.0,
}  # fmt: skip
LONGEST_ROUND = 1.75  # days; orders revised up to once a day need rounds as short, see docs/decisions.md
GARRISON = 5.0  # thousand: a brigade and what goes with it weighs half of the most
TYPES = 5  # of resolve, at equal probability
EARTH_RADIUS = 6.371  # 1000 km
LONG_AGO, NEVER = -1e9, 1e9  # days


class Commitment(NamedTuple):
    """One clause between one ally and one party that it protects."""

    treaty: str
    clause: str
    ally: str
    protected: str


class Model(NamedTuple):
    """A scenario as arrays, with the names of their rows."""

    params: Params
    blank: World  # the start of every run, before anything is drawn
    states: tuple[str, ...]
    theatres: tuple[str, ...]
    commitments: tuple[Commitment, ...]

    def trace(self, room: int = 512) -> Trace:
        """Return an empty record of a run with room for so many entries."""
        rungs = np.zeros(int(self.params.setting[0].turns) + 1, np.int64)
        return Trace(np.zeros(room, arrays.ENTRY), rungs)


class _Figures:
    """The buffer of float figures: records are laid out in it, uncertain ones listed."""

    def __init__(self, shapes: arrays.Shapes) -> None:
        words, self.views = arrays.lay_out(shapes)
        self.buffer = words.view(np.float64)
        self._uncertain: list[tuple[float, float, float, int, int]] = []

    def put(self, view: str, row: tuple[int, ...], field: str, figure: Figure, label: str, unit: float = 1.0) -> None:
        """Put a figure, in units of `unit`, into a field of a row."""
        slot = self.slot(view, row, field)
        self.buffer[slot] = figure.centre / unit
        if figure.uncertain:
            low, mode, high = figure.low / unit, figure.centre / unit, figure.high / unit
            self._uncertain.append((low, mode, high, key(label), slot))

    def slot(self, view: str, row: tuple[int, ...], field: str) -> int:
        """Return the position of a field of a row in the buffer."""
        return arrays.slot(self.buffer, self.views[view], row, field)

    def uncertain(self) -> Records:
        """Return the ranges that a run draws from."""
        return np.array(self._uncertain, dtype=arrays.UNCERTAIN)


def great_circle(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance in 1000 km between two points in degrees (haversine formula)."""
    a, b = math.radians(lat_a), math.radians(lat_b)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(half))


def build(scenario: Scenario) -> Model:
    """Return the arrays of a scenario; rows are in the order of codes and ids, whatever the files' order."""
    states = tuple(sorted(scenario.world.states))
    theatres = tuple(sorted(scenario.world.theatres))
    commitments = tuple(_commitments(scenario))
    pacts = _treaty_names(commitments)
    names = sorted(scenario.world.flows)
    flows = [scenario.world.flows[name] for name in names]
    events = event_rows(scenario, states, theatres)
    n, k = len(states), len(theatres)
    figures = _Figures(
        {
            "rules": (arrays.RULE, (1,)),
            "state": (arrays.STATE_FIGURE, (n,)),
            "dyad": (arrays.DYAD_FIGURE, (n, n)),
            "reach": (arrays.REACH, (n, k)),
            "flow_figure": (arrays.FLOW_FIGURE, (len(flows),)),
            "event_figure": (arrays.EVENT_FIGURE, (len(events),)),
        }
    )
    _put_rules(scenario, figures)
    _put_states(scenario, figures, states, theatres)
    _put_dyads(scenario, figures, states)
    for f, (name, flow) in enumerate(zip(names, flows, strict=True)):
        figures.put("flow_figure", (f,), "rate", flow.rate, f"flows.{name}.rate")
        figures.put("flow_figure", (f,), "evasion", flow.evasion, f"flows.{name}.evasion")
        figures.put("flow_figure", (f,), "delay", flow.delay_years, f"flows.{name}.delay", 1 / 365)
    _put_event_values(figures, events)

    uncertain = figures.uncertain()
    sampled = np.array([figures.slot("rules", (0,), name) for name in scenario.draws], np.int64)

    params = Params(
        figures=figures.buffer,
        uncertain=uncertain[~np.isin(uncertain["slot"], sampled)],
        sample=np.array(list(scenario.draws.values())).T.copy() if scenario.draws else np.empty((0, 0)),
        sampled=sampled,
        **figures.views,
        setting=_setting(scenario),
        theatre=np.array(
            [tuple(scenario.world.theatres[t].weights[d] for d in arrays.DOMAINS) for t in theatres],
            arrays.THEATRE,
        ),
        host=_hosts(scenario, states),
        supplier=_suppliers(scenario, states),
        flow=np.array([_flow_row(scenario, flow, states, names) for flow in flows], arrays.FLOW),
        commitment=np.array(
            [_commitment_row(scenario, c, states, theatres, pacts) for c in commitments], arrays.COMMITMENT
        ),
        party=np.array(list(_party_rows(scenario, commitments, states)), arrays.PARTY),
        quarrel=_quarrels(scenario, states, theatres),
        event=np.array([(*row[:6], _slot(figures, row), row.once) for row in events], arrays.EVENT),
        key=np.array([key(state) for state in states], np.int64),
        place=np.array([key(f"theatre {theatre}") for theatre in theatres], np.int64),
        trait=np.array([_trait(scenario, state) for state in states], arrays.TRAIT),
        types=ndtri((np.arange(TYPES) + 0.5) / TYPES),
    )
    return Model(params, _blank(scenario, states, theatres, commitments, params), states, theatres, commitments)


def _days(scenario: Scenario, day: datetime.date | None, otherwise: float) -> float:
    return otherwise if day is None else float((day - scenario.start).days)


def _setting(scenario: Scenario) -> Records:
    horizon = 7.0 * scenario.horizon_weeks
    ladder = scenario.ladder
    setting = np.zeros(1, arrays.SETTING)
    setting["rounds"] = math.ceil(scenario.turn_days / LONGEST_ROUND - 1e-9)
    setting["round_days"] = scenario.turn_days / setting["rounds"]
    setting["turns"] = math.ceil(horizon / scenario.turn_days - 1e-9)
    setting["threat"], setting["force"] = ladder.threat, ladder.force
    setting["lethal"], setting["war"], setting["top"] = ladder.lethal, ladder.war, ladder.top
    setting["drawn"] = scenario.parameters == "drawn"
    setting["armistice_is_war"] = scenario.armistice_is_war
    setting["slow_clock"] = scenario.slow_clock
    return setting


def _trait(scenario: Scenario, state: str) -> tuple[int, int]:
    theory = scenario.theories.get(state, "quantal")
    return Theory[theory.upper()], state in scenario.world.veto


def _put_rules(scenario: Scenario, figures: _Figures) -> None:
    for name in arrays.RULES:
        figures.put("rules", (0,), name, scenario.rules[name], f"rules.{name}")


def _put_states(scenario: Scenario, figures: _Figures, states: tuple[str, ...], theatres: tuple[str, ...]) -> None:
    world = scenario.world
    for i, code in enumerate(states):
        state = world.states[code]
        for field in arrays.STATE_FIGURE.names or ():
            label = f"states.{code}.{field}"
            figures.put("state", (i,), field, state.figures[field], label, REFERENCE.get(field, 1.0))
        for k, name in enumerate(theatres):
            theatre = world.theatres[name]
            distance = great_circle(state.lat, state.lon, theatre.lat, theatre.lon)
            figures.put("reach", (i, k), "distance", _certain(distance), "")
    for (code, theatre_name), personnel in stationed(scenario).items():
        whole = max(world.states[code].figures["personnel"].centre, 1e-9)
        row = (states.index(code), theatres.index(theatre_name))
        figures.put("reach", row, "stationed", personnel, f"forces.{code}.{theatre_name}", whole)


def stationed(scenario: Scenario) -> dict[tuple[str, str], Figure]:
    """Personnel by state and theatre, over all hosts; their ranges move together."""
    total: dict[tuple[str, str], Figure] = {}
    for force in scenario.world.forces:
        place = (force.state, force.theatre)
        more, before = force.personnel, total.get(place, _certain(0.0))
        total[place] = Figure(
            low=before.low + more.low, centre=before.centre + more.centre, high=before.high + more.high
        )
    return total


def _put_dyads(scenario: Scenario, figures: _Figures, states: tuple[str, ...]) -> None:
    world = scenario.world
    for i, a in enumerate(states):
        for j, b in enumerate(states):
            if i == j:
                continue
            given = {**world.defaults, **world.dyads.get(f"{a}>{b}", {})}
            for field in ("stake", "interest", "dependence", "rivalry", "hotline"):
                label = f"dyads.{a}.{b}.{field}"
                figures.put("dyad", (i, j), field, given.get(field, _certain(0.0)), label)
            affinity = given.get("affinity", _certain(_voting_affinity(scenario, a, b)))
            figures.put("dyad", (i, j), "affinity", affinity, f"dyads.{a}.{b}.affinity")
            here, there = world.states[a], world.states[b]
            distance = great_circle(here.lat, here.lon, there.lat, there.lon)
            figures.put("dyad", (i, j), "distance", _certain(distance), "")


def _voting_affinity(scenario: Scenario, a: str, b: str) -> float:
    """Affinity, -1..1, by the distance of ideal points in the General Assembly (Bailey, Strezhnev & Voeten 2017)."""
    ideal = [scenario.world.states[code].figures["ideal_point"].centre for code in (a, b)]
    return max(1.0 - abs(ideal[0] - ideal[1]) / 1.75, -1.0)


def _certain(value: float) -> Figure:
    return Figure(low=value, centre=value, high=value)


def _hosts(scenario: Scenario, states: tuple[str, ...]) -> NDArray[np.float64]:
    """Weight of each state's forces with each host: a garrison is a tripwire and a target, a few trainers are not."""
    present = np.zeros((len(states), len(states)))
    for force in scenario.world.forces:
        if force.host is not None and force.host in states:
            present[states.index(force.state), states.index(force.host)] += force.personnel.centre
    return present / (present + GARRISON)


def _suppliers(scenario: Scenario, states: tuple[str, ...]) -> NDArray[np.int64]:
    """Who arms whom; sharing intelligence makes partners, not a patron and a client."""
    supplier = np.zeros((len(states), len(states)), np.int64)
    for flow in scenario.world.flows.values():
        if flow.kind in ("arms", "technology") and flow.rate.high > 0:
            supplier[states.index(flow.giver), states.index(flow.taker)] = 1
    return supplier


def _quarrels(scenario: Scenario, states: tuple[str, ...], theatres: tuple[str, ...]) -> NDArray[np.int64]:
    """Theatre in which a crisis may begin between two states, -1 for none."""
    place = np.full((len(states), len(states)), -1, np.int64)
    for quarrel in scenario.quarrels:
        i, j = (states.index(code) for code in quarrel.between)
        place[i, j] = place[j, i] = theatres.index(quarrel.theatre)
    return place


def _party_rows(
    scenario: Scenario, commitments: tuple[Commitment, ...], states: tuple[str, ...]
) -> Iterator[tuple[int, ...]]:
    """Every party to every treaty with a clause of defence, with a commitment by which the log names the treaty."""
    treaties = _treaty_names(commitments)
    for name in treaties:
        kinds = {clause: parts.kind for clause, parts in scenario.world.treaties[name].clauses.items()}
        defence = [c for c, row in enumerate(commitments) if row.treaty == name and kinds[row.clause] == "defence"]
        for code in sorted({code for c in defence for code in (commitments[c].ally, commitments[c].protected)}):
            owed = [c for c in defence if commitments[c].ally == code]
            first = (owed or [c for c in defence if commitments[c].protected == code])[0]
            yield treaties.index(name), key(f"treaty {name}"), states.index(code), first


def _treaty_names(commitments: tuple[Commitment, ...]) -> list[str]:
    return sorted({row.treaty for row in commitments})


def _flow_row(scenario: Scenario, flow: Flow, states: tuple[str, ...], names: list[str]) -> tuple[float | int, ...]:
    domain = scenario.world.flows[flow.behind].domain if flow.behind else flow.domain
    return (
        _days(scenario, flow.start, LONG_AGO),
        _days(scenario, flow.end, NEVER),
        FlowKind[flow.kind.upper()],
        states.index(flow.giver),
        states.index(flow.taker),
        Domain[domain.upper()] if domain else -1,
        sum(1 << states.index(evader) for evader in flow.evaded_by),
        names.index(flow.behind) if flow.behind else -1,
        flow.reexport == "allowed",
    )


def _commitments(scenario: Scenario) -> Iterator[Commitment]:
    """Every clause in force at some time of the run, for each ally and each other party that it protects."""
    for name, treaty in sorted(scenario.world.treaties.items()):
        if not runs_in(treaty, scenario):
            continue
        for clause in sorted(treaty.clauses):
            for ally in sorted(treaty.owing(clause)):
                for protected in sorted(treaty.protected(clause)):
                    if ally != protected:
                        yield Commitment(name, clause, ally, protected)


def _force_days(scenario: Scenario, treaty: Treaty) -> tuple[float, float]:
    if treaty.in_force is True or treaty.open_for_signature:
        return LONG_AGO, NEVER
    assert isinstance(treaty.in_force, datetime.date)
    return _days(scenario, treaty.in_force, LONG_AGO), _days(scenario, treaty.ended, NEVER)


def _commitment_row(
    scenario: Scenario,
    commitment: Commitment,
    states: tuple[str, ...],
    theatres: tuple[str, ...],
    pacts: list[str],
) -> tuple[float | int, ...]:
    treaty = scenario.world.treaties[commitment.treaty]
    clause = treaty.clauses[commitment.clause]
    start, end = _force_days(scenario, treaty)
    places = clause.trigger.theatres if clause.trigger.theatres is not None else theatres
    return (
        clause.strength,
        start,
        end,
        {"automatic": 0.0, "constitutional": 0.5, "own_judgement": 1.0}[clause.discretion],
        key(f"{commitment.treaty}.{commitment.clause}.{commitment.ally}.{commitment.protected}"),
        key(f"{commitment.treaty}.{commitment.clause}, called by {commitment.protected}"),
        states.index(commitment.ally),
        states.index(commitment.protected),
        Kind[clause.kind.upper()],
        getattr(scenario.ladder, clause.trigger.rung),
        Level[clause.duty.upper()] if clause.duty != "abstain" else Level.NOTHING,
        len(clause.filters),
        ("covered", "open", "excluded").index(clause.trigger.provoked),
        clause.trigger.state_of_war,
        sum(1 << theatres.index(place) for place in places),
        pacts.index(commitment.treaty),
    )


def _slot(figures: _Figures, row: EventRow) -> int:
    """Position of the figure that a change is about, -1 for other events."""
    if row.target is None:
        return -1
    place = (row.state, row.rival) if row.target.rival else (row.state,)
    return figures.slot("dyad" if row.target.rival else "state", place, row.target.quantity)


def _put_event_values(figures: _Figures, events: list[EventRow]) -> None:
    for e, row in enumerate(events):
        unit = REFERENCE.get(row.target.quantity, 1.0) if row.target else 1.0
        figures.put("event_figure", (e,), "value", row.value, row.label, unit)
        if row.target:
            figures.buffer[figures.slot("event_figure", (e,), "before")] = figures.buffer[_slot(figures, row)]


def _blank(
    scenario: Scenario,
    states: tuple[str, ...],
    theatres: tuple[str, ...],
    commitments: tuple[Commitment, ...],
    params: Params,
) -> World:
    n, k = len(states), len(theatres)
    words, views = arrays.lay_out(
        {
            "clock": (arrays.CLOCK, (1,)),
            "state": (arrays.STATE, (n,)),
            "dyad": (arrays.DYAD, (n, n)),
            "front": (arrays.FRONT, (n, k)),
            "case": (arrays.CASE, (len(commitments),)),
            "rung": (arrays.RUNG, (scenario.ladder.top + 2,)),
            "belief": (np.dtype(np.float64), (n, n, TYPES)),
        }
    )
    world = World(words, **views)
    world.clock["settled"] = -1.0
    world.clock["running"] = 1
    world.rung["day"] = -1.0
    world.dyad["theatre"] = theatres.index(scenario.theatre)
    world.dyad["epoch"] = world.case["epoch"] = -1
    world.dyad["patron"] = params.supplier
    for c, (name, clause, ally, protected) in enumerate(commitments):
        treaty = scenario.world.treaties[name]
        if treaty.open_for_signature:
            world.case[c].standing = Standing.OPEN
        elif treaty.clauses[clause].kind == "defence":
            world.dyad[states.index(ally), states.index(protected)].patron = 1
    for name, figures in scenario.world.dyads.items():
        a, b = name.split(">")
        if "war_state" in figures:
            world.dyad[states.index(a), states.index(b)].war = int(figures["war_state"].centre)
    for flow in scenario.world.flows.values():
        for evader in flow.evaded_by:
            world.dyad[states.index(evader), states.index(flow.taker)].evades = 1
    for start in scenario.start_rungs:
        mine = world.dyad[states.index(start.state), states.index(start.rival)]
        theirs = world.dyad[states.index(start.rival), states.index(start.state)]
        mine.rung = mine.order = theirs.seen = start.rung
        mine.active = theirs.active = 1
    return world
