"""A row of a table of crises -> Scenario: the crisis as it stood at its trigger, for the engine as it is.

Only the columns in `KNOWN` are read, so that nothing of what came after the trigger can enter. The actors and
sides of a table contain later joiners: the principals alone start in the crisis, major powers with a defence
pact stand outside with the pact as a clause.

References
----------
Brecher, M., & Wilkenfeld, J. (2000). A Study of Crisis. Ann Arbor: University of Michigan Press. (ICB)
Singer, J. D. (1987). Reconstructing the Correlates of War Dataset on Material Capabilities of States,
    1816-1985. International Interactions 14(2), 115-132. (CINC)
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.history.parameters import GRAVITY, TRIGGERS, StartParameters
from sim.ladder import Ladder
from sim.scenario.checks import check_rules, check_scenario, check_world
from sim.scenario.errors import InputError
from sim.scenario.posterior import Draws
from sim.scenario.rungs import on_ladder
from sim.scenario.schema import DOMAINS, QUANTITIES, Figure, Scenario, World
from sim.scenario.validate import checked

KNOWN = (
    "crisno", "crisname", "year", "trig_month", "trig_day", "trigger_type", "gravity",
    "initiator_cow", "target_cow", "cinc_initiator", "cinc_target", "nuc_initiator", "nuc_target",
    "ext_pact_major_side1", "ext_pact_major_side2", "defence_pacts_among", "defence_pacts_across_sides",
    "joint_dem_polity", "joint_dem_vdem", "contig_principals", "rivals_principals",
)  # fmt: skip
HORIZON_WEEKS = 52
THEATRE = "theatre"
_TYPICAL_CINC = 0.003


class Crisis(NamedTuple):
    """What is known of a crisis at its trigger, as the model needs it."""

    number: int
    name: str
    year: int
    day: datetime.date
    trigger: str  # of sim.history.parameters.TRIGGERS
    gravity: str  # of sim.history.parameters.GRAVITY
    initiator: int  # COW numbers
    target: int
    cinc: tuple[float, float]
    armed: tuple[bool, bool]
    patrons: tuple[tuple[str, int], ...]  # (code of a major power outside, principal whom it has promised defence)
    allied: bool  # whether the principals have a defence pact with each other
    democracies: bool
    contiguity: int  # COW: 1 by land, 2-5 across water, 0 none
    rivals: bool


def known(row: Mapping[str, Any], parameters: StartParameters) -> Crisis:
    """Read a row of a table of crises, nothing of it but `KNOWN`.

    What is missing counts as absent; a principal without CINC counts as strong as the other.

    Raises
    ------
    InputError
        If a crisis has no principals, year or trigger.
    """
    for column in ("year", "initiator_cow", "target_cow", "trigger_type"):
        if pd.isna(row.get(column)):
            raise InputError(f"crisis {row['crisno']} has none, so it cannot be simulated", key=column)
    initiator, target, year = _whole(row, "initiator_cow"), _whole(row, "target_cow"), _whole(row, "year")
    month, day = max(_whole(row, "trig_month", 1), 1), max(_whole(row, "trig_day", 1), 1)
    cinc = [_number(row, column, math.nan) for column in ("cinc_initiator", "cinc_target")]
    typical = np.nanmax([*cinc, 0.0]) or _TYPICAL_CINC
    among = _pairs(row, "defence_pacts_among") | _pairs(row, "defence_pacts_across_sides")
    return Crisis(
        number=_whole(row, "crisno"),
        name=str(row["crisname"]),
        year=year,
        day=datetime.date(year, min(month, 12), 1) + datetime.timedelta(days=day - 1),
        trigger=TRIGGERS[_whole(row, "trigger_type") - 1],
        gravity=GRAVITY[_whole(row, "gravity", GRAVITY.index("other"))],
        initiator=initiator,
        target=target,
        cinc=(_number(row, "cinc_initiator", typical), _number(row, "cinc_target", typical)),
        armed=(_whole(row, "nuc_initiator") > 0, _whole(row, "nuc_target") > 0),
        patrons=tuple(_patrons(row, initiator, target, among, parameters)),
        allied=frozenset((initiator, target)) in among,
        democracies=_whole(row, "joint_dem_polity") > 0 or _whole(row, "joint_dem_vdem") > 0,
        contiguity=_whole(row, "contig_principals"),
        rivals=_whole(row, "rivals_principals") > 0,
    )


def scenario_of(
    crisis: Crisis, rules: Mapping[str, Figure], ladder: Ladder, parameters: StartParameters, draws: Draws | None = None
) -> Scenario:
    """Return a crisis as a scenario, checked as one that is read from a file.

    Parameters
    ----------
    rules : mapping of Figure
        Every behavioural parameter, as for any scenario.
    draws : Draws, optional
        Joint sample of some of them.
    """
    about = {"name": f"icb_{crisis.number}", "title": crisis.name, "horizon_weeks": HORIZON_WEEKS}
    about |= _opening(crisis, ladder, parameters)
    return checked_scenario(about, _world(crisis, parameters), rules, ladder, draws)


def checked_scenario(
    about: Mapping[str, Any],
    world: Mapping[str, Any],
    rules: Mapping[str, Figure],
    ladder: Ladder,
    draws: Draws | None,
) -> Scenario:
    """Return a scenario of the past in its one theatre, checked as one that is read from a file."""
    place = checked(World, world)
    check_world(place)
    check_rules(dict(rules))
    shared = {"theatre": THEATRE, "ladder": ladder, "rules": dict(rules), "draws": draws or {}, "world": place}
    scenario = checked(Scenario, {"start": place.date, **about, **shared})
    check_scenario(scenario)
    return scenario


def code(number: int, parameters: StartParameters) -> str:
    """Code of a state by its COW number: that of a major power, else its digits as letters, A for 0."""
    for name, major in parameters.majors.items():
        if major.cow == number:
            return name
    return "".join(chr(ord("A") + int(digit)) for digit in f"{number:03d}")


def stake(crisis: Crisis, parameters: StartParameters) -> Figure:
    """Stake of a principal, logit units."""
    parts = [parameters.stake_base, parameters.stake_gravity[crisis.gravity]]
    if crisis.trigger == "nonviolent_military":
        parts.append(parameters.stake_threat)
    total = {
        bound: max(sum(getattr(part, bound) for part in parts), parameters.stake_least)
        for bound in ("low", "centre", "high")
    }
    return Figure(**total, unit="logit", source="gravity of threat (ICB)")


# --- reading a row ---------------------------------------------------------------------------------


def _number(row: Mapping[str, Any], column: str, otherwise: float = 0.0) -> float:
    value = row.get(column)
    return otherwise if pd.isna(value) else float(value)


def _whole(row: Mapping[str, Any], column: str, otherwise: int = 0) -> int:
    return int(_number(row, column, otherwise))


def _words(row: Mapping[str, Any], column: str) -> list[str]:
    cell = row.get(column)
    return cell.split() if isinstance(cell, str) else []


def _pairs(row: Mapping[str, Any], column: str) -> set[frozenset[int]]:
    return {frozenset(int(part) for part in pair.split("-")) for pair in _words(row, column)}


def _patrons(
    row: Mapping[str, Any], initiator: int, target: int, among: set[frozenset[int]], parameters: StartParameters
) -> Iterator[tuple[str, int]]:
    """Major powers with a pact with a principal, whether or not they came to be actors of the crisis."""
    majors = {name: major.cow for name, major in parameters.majors.items() if major.cow not in (initiator, target)}
    for principal, column in ((initiator, "ext_pact_major_side1"), (target, "ext_pact_major_side2")):
        outside = {int(word) for word in _words(row, column)}
        for name, cow in majors.items():
            if cow in outside or frozenset((cow, principal)) in among:
                yield name, principal


# --- the world of a crisis -------------------------------------------------------------------------


def _world(crisis: Crisis, parameters: StartParameters) -> dict[str, Any]:
    majors = _chosen_majors(crisis, parameters)
    names = {number: code(number, parameters) for number in (crisis.initiator, crisis.target)}
    patrons = [(major, names[client]) for major, client in crisis.patrons if major in majors]
    return {
        "name": "history",
        "title": f"{crisis.name}, {crisis.year}",
        "date": crisis.day,
        "states": dict(
            [
                *_principals(crisis, names, parameters),
                *(_major(name, crisis.year, parameters) for name in majors),
            ]
        ),
        "theatres": {
            THEATRE: {
                "name": THEATRE, "title": crisis.name, "lat": 0, "lon": 0,
                "weights": {domain: float(domain == "land") for domain in DOMAINS},
            }
        },
        "dyads": _dyads(crisis, names, patrons, parameters),
        "treaties": dict(_treaties(crisis, names, patrons, parameters)),
        "flows": {},
        "defaults": {"affinity": 0.0},
    }  # fmt: skip


def _chosen_majors(crisis: Crisis, parameters: StartParameters) -> list[str]:
    """The strongest of the major powers outside with a pact, as many as are wanted."""
    found = {major for major, _ in crisis.patrons}
    strongest = sorted(found, key=lambda name: (-parameters.majors[name].share(crisis.year), name))
    return strongest[: parameters.majors_most]


def _principals(
    crisis: Crisis, names: Mapping[int, str], parameters: StartParameters
) -> Iterator[tuple[str, dict[str, Any]]]:
    joint = parameters.accountability_joint if crisis.democracies else parameters.accountability_other
    near = parameters.distance_land if crisis.contiguity in (0, 1) else parameters.distance_water
    for n, number in enumerate((crisis.initiator, crisis.target)):
        stronger = crisis.cinc[n] > crisis.cinc[1 - n]
        distance = parameters.distance_far if crisis.contiguity == 0 and stronger else near
        known_here = {
            "accountability": joint,
            "warheads": 100.0 * crisis.armed[n],
            "survivability": parameters.survivability if crisis.armed[n] else 0.0,
        }
        yield state_entry(
            number, names[number], crisis.cinc[n], distance if n == 0 else -distance, known_here, parameters
        )


def _major(name: str, year: int, parameters: StartParameters) -> tuple[str, dict[str, Any]]:
    major = parameters.majors[name]
    armed = major.nuclear is not None and year >= major.nuclear
    known_here = {
        "accountability": parameters.accountability_other,
        "warheads": 100.0 * armed,
        "survivability": parameters.survivability if armed else 0.0,
        "committed": parameters.committed_major,
    }
    return state_entry(major.cow, name, major.share(year), parameters.distance_major, known_here, parameters)


def state_entry(
    number: int, name: str, cinc: float, distance: float, known_here: Mapping[str, Any], parameters: StartParameters
) -> tuple[str, dict[str, Any]]:
    """Return a state whose every capability is its CINC; it lies east or west of the theatre by so many 1000 km."""
    size = max(parameters.power_scale * cinc, 1e-6) ** parameters.power_elasticity.centre
    figures: dict[str, Any] = dict.fromkeys(QUANTITIES, 0.0)
    figures |= {
        "personnel": 1000.0 * size,
        "milex": 1000.0 * size,
        "gdp": 30_000.0 * size,
        "population": 100.0 * size,
        "quality": 1.0,
        **known_here,
    }
    return name, {
        "code": name, "name": f"COW {number}", "capital": "", "lat": 0.0,
        "lon": math.degrees(distance / 6.371), "figures": {key: as_figure(value) for key, value in figures.items()},
    }  # fmt: skip


def as_figure(value: Any) -> Figure:
    """Return a range as it is, a number as a range of no width."""
    return value if isinstance(value, Figure) else Figure(low=value, centre=value, high=value)


def _dyads(
    crisis: Crisis, names: Mapping[int, str], patrons: list[tuple[str, str]], parameters: StartParameters
) -> dict[str, dict[str, Figure]]:
    one, other = names[crisis.initiator], names[crisis.target]
    between = {"stake": stake(crisis, parameters), "rivalry": as_figure(float(crisis.rivals))}
    if crisis.allied:
        between["affinity"] = parameters.pact_affinity
    elif crisis.rivals:
        between["affinity"] = parameters.rival_affinity
    dyads = {f"{one}>{other}": between, f"{other}>{one}": between}
    for major, client in patrons:
        dyads[f"{major}>{client}"] = {"interest": parameters.pact_interest, "affinity": parameters.pact_affinity}
        dyads[f"{client}>{major}"] = {"affinity": parameters.pact_affinity}
    return dyads


def _treaties(
    crisis: Crisis, names: Mapping[int, str], patrons: list[tuple[str, str]], parameters: StartParameters
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Defence pacts as clauses; one between the principals is a word not to attack each other."""
    for major, client in patrons:
        yield (
            f"{major}-{client}",
            pact(
                (major, client), "defence", "all_means", parameters.pact_strength, protects=(client,), owed_by=(major,)
            ),
        )
    if crisis.allied:
        pair = (names[crisis.initiator], names[crisis.target])
        yield f"{pair[0]}-{pair[1]}", pact(pair, "nonaggression", "abstain", parameters.pact_strength)


def pact(parties: tuple[str, str], kind: str, duty: str, strength: float, **who: tuple[str, ...]) -> dict[str, Any]:
    """Return a treaty of one clause, as in a file; `who` may say whom it protects and who owes it."""
    clause = {
        "kind": kind, "summary": "defence pact (ATOP)", "trigger": {"rung": "force"}, "duty": duty,
        "discretion": "own_judgement", "strength": strength, **who,
    }  # fmt: skip
    return {"name": "-".join(parties), "parties": parties, "in_force": True, "clauses": {"pact": clause}}


def _opening(crisis: Crisis, ladder: Ladder, parameters: StartParameters) -> dict[str, Any]:
    """Where the principals stand, and what the trigger is."""
    one, other = code(crisis.initiator, parameters), code(crisis.target, parameters)
    trigger = parameters.trigger[crisis.trigger]
    limited = trigger.limited is not None and crisis.gravity in ("economic", "limited_damage")
    rung = trigger.limited if limited else trigger.rung
    stand = rung if trigger.how == "stand" else parameters.answer_rung
    starts = [
        {"from": one, "to": other, "rung": stand},
        {"from": other, "to": one, "rung": parameters.answer_rung},
    ]
    events = []
    if trigger.how == "act":
        act = {"kind": "act", "day": 0, "by": (one,), "against": (other,), "rung": rung, "theatre": THEATRE}
        events.append(act)
    return {
        "start_rungs": on_ladder("start_rungs", starts, ladder, None),
        "events": on_ladder("events", events, ladder, None),
    }
