"""A world and changes to it -> the changed world. Maps are merged, everything else replaces.

The same maps (`states`, `dyads`, `treaties`, `flows`, `rules`) stand in a scenario, in a variant and on the
command line; only the provenance of a bare number differs. `forces` and `veto` are lists: a row of forces replaces
the one of the same state, theatre and host, and those who can veto are named anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sim.scenario.errors import dotted, require_member, unknown, wrong
from sim.scenario.schema import (
    DYAD_QUANTITIES,
    QUANTITIES,
    SYMMETRIC,
    Code,
    Figure,
    Flow,
    Force,
    State,
    Treaty,
    World,
    require_number,
    require_within,
)
from sim.scenario.validate import Strict, checked


class Origin(NamedTuple):
    """Where a change was made, and the confidence mark of a figure that gives no source of its own."""

    source: str
    confidence: str


SCENARIO = Origin("scenario", "judgement")
COMMAND = Origin("command line", "override")


def apply_changes(world: World, changes: Mapping[str, Any], origin: Origin, prefix: str = "") -> World:
    """Return the world with `states`, `dyads`, `treaties`, `flows`, `forces` and `veto` of `changes` applied.

    Parameters
    ----------
    world : World
        Left as it is.
    changes : mapping
        May hold other keys, which are passed over.
    origin : Origin
        Provenance of bare numbers.
    prefix : str
        Dotted key of `changes`, for messages.

    Raises
    ------
    InputError
        For an unknown state, quantity, treaty, clause or flow, or a value that is not allowed.
    """

    def entries(name: str) -> Iterator[tuple[str, str, Any]]:
        """Key within the map, dotted key and value of each change."""
        key = dotted(prefix, name)
        for entry, value in as_mapping(changes.get(name), key).items():
            yield entry, dotted(key, entry), value

    states = dict(world.states)
    for entry, key, change in entries("states"):
        code = entry.upper()
        if code not in states:
            raise unknown(key, entry, states)
        states[code] = _changed_state(states[code], change, origin, key)

    dyads = {pair: dict(figures) for pair, figures in world.dyads.items()}
    for entry, key, change in entries("dyads"):
        for pair, name, figures in _pairs(entry, key, change):
            _change_dyad(dyads, pair, figures, origin, name)

    treaties = dict(world.treaties)
    for entry, key, change in entries("treaties"):
        treaties[entry] = _changed_treaty(treaties, entry, as_mapping(change, key), key)

    flows = dict(world.flows)
    for entry, key, change in entries("flows"):
        flows[entry] = _changed_flow(flows, entry, as_mapping(change, key), origin, key)

    changed = {"states": states, "dyads": dyads, "treaties": treaties, "flows": flows}
    if changes.get("forces") is not None:
        changed["forces"] = _changed_forces(world.forces, changes["forces"], dotted(prefix, "forces"))
    if changes.get("veto") is not None:
        changed["veto"] = checked(_Council, {"veto": changes["veto"]}, prefix).veto
    return world.model_copy(update=changed)


def revise(figure: Figure | None, change: object, origin: Origin, key: str, unit: str = "") -> Figure:
    """Return a figure after a change: a number fixes it, a map alters the parts that it names.

    Numbers from elsewhere do not keep the source of those that they replace. `unit` is for a new figure.
    """
    if not isinstance(change, Mapping):
        require_number(key, change)
    parts = change if isinstance(change, Mapping) else dict.fromkeys(("low", "centre", "high"), change)
    tree: dict[str, Any] = figure.model_dump() if figure else {"unit": unit}
    if not parts.keys().isdisjoint(("low", "centre", "high")):
        tree |= {"year": "", "note": "", "source": origin.source, "confidence": origin.confidence}
    return checked(Figure, {**tree, **parts}, key)


def merge(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with `change` laid over it: maps are merged, everything else replaces."""
    merged = dict(base)
    for key, value in change.items():
        before = merged.get(key)
        both_maps = isinstance(before, Mapping) and isinstance(value, Mapping)
        merged[key] = merge(before, value) if both_maps else value  # type: ignore[arg-type]
    return merged


def as_mapping(value: object, key: str) -> Mapping[str, Any]:
    """Return a mapping; nothing counts as an empty one."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise wrong(key, value, "a mapping (key: value)")
    for entry in value:
        if not isinstance(entry, str):
            raise wrong(key, entry, "text as a key; one that looks like a number takes quotes")
    return value


class _Council(Strict):
    veto: tuple[Code, ...]


def _changed_forces(forces: tuple[Force, ...], rows: object, key: str) -> tuple[Force, ...]:
    """Return the forces abroad after a list of rows, each in place of what stood there."""
    if not isinstance(rows, list | tuple):
        raise wrong(key, rows, "a list of forces: state, theatre, host, personnel")
    placed = {(force.state, force.theatre, force.host): force for force in forces}
    seen = set()
    for position, row in enumerate(rows):
        force = checked(Force, row, dotted(key, str(position)))
        place = (force.state, force.theatre, force.host)
        if place in seen:
            raise wrong(dotted(key, str(position)), " ".join(filter(None, place)), "each place once; this is twice")
        seen.add(place)
        placed[place] = force
    return tuple(placed.values())


def _changed_state(state: State, change: object, origin: Origin, key: str) -> State:
    figures = dict(state.figures)
    for quantity, value in as_mapping(change, key).items():
        name = dotted(key, quantity)
        require_member(name, quantity, QUANTITIES)
        figures[quantity] = revise(figures[quantity], value, origin, name)
        require_within(figures[quantity], QUANTITIES[quantity], name)
    return state.model_copy(update={"figures": figures})


def _pairs(entry: str, key: str, change: object) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Directed dyads meant by ``"PRK>USA": {...}`` or ``PRK: {USA: {...}}``, dotted key, changes."""
    mapping = as_mapping(change, key)
    if ">" in entry:
        yield entry.upper().replace(" ", ""), key, mapping
        return
    for rival, figures in mapping.items():
        name = dotted(key, rival)
        yield f"{entry}>{rival}".upper(), name, as_mapping(figures, name)


def _change_dyad(
    dyads: dict[str, dict[str, Figure]], pair: str, change: Mapping[str, Any], origin: Origin, key: str
) -> None:
    for quantity, value in change.items():
        name = dotted(key, quantity)
        require_member(name, quantity, DYAD_QUANTITIES)
        bounds = DYAD_QUANTITIES[quantity]
        figure = revise(dyads.get(pair, {}).get(quantity), value, origin, name, bounds.unit)
        require_within(figure, bounds, name)
        dyads.setdefault(pair, {})[quantity] = figure
        if quantity in SYMMETRIC:
            dyads.setdefault(mirrored(pair), {})[quantity] = figure


def mirrored(pair: str) -> str:
    """Return the same dyad seen from the other side: "USA>PRK" for "PRK>USA"."""
    return ">".join(reversed(pair.split(">")))


def _changed_treaty(treaties: Mapping[str, Treaty], name: str, change: Mapping[str, Any], key: str) -> Treaty:
    if name not in treaties:
        if "parties" not in change:  # what has parties is a treaty of its own; the rest is a slip of the pen
            raise unknown(key, name, treaties)
        return checked(Treaty, change, key)
    before = treaties[name]
    for clause, parts in as_mapping(change.get("clauses"), dotted(key, "clauses")).items():
        if clause not in before.clauses and "kind" not in as_mapping(parts, dotted(key, "clauses", clause)):
            raise unknown(dotted(key, "clauses", clause), clause, before.clauses)
    return checked(Treaty, merge(before.model_dump(), change), key)


def _changed_flow(flows: Mapping[str, Flow], name: str, change: Mapping[str, Any], origin: Origin, key: str) -> Flow:
    if name not in flows:
        if "kind" not in change:
            raise unknown(key, name, flows)
        return checked(Flow, change, key)
    before = flows[name]
    revised = {
        part: revise(getattr(before, part), value, origin, dotted(key, part))
        for part, value in change.items()
        if part in ("rate", "delay_years", "evasion")
    }
    return checked(Flow, {**merge(before.model_dump(by_alias=True), change), **revised}, key)
