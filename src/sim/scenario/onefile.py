"""A world whose head holds its parts itself: a few states in one file, for a crisis of the past."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario.changes import as_mapping, mirrored
from sim.scenario.checks import check_pair
from sim.scenario.errors import InputError, dotted, require_member, unknown
from sim.scenario.schema import (
    DOMAINS,
    DYAD_QUANTITIES,
    QUANTITIES,
    SYMMETRIC,
    Figure,
    Flow,
    Quantity,
    Treaty,
    require_number,
    require_within,
)
from sim.scenario.validate import checked

PARTS = ("state_defaults", "states", "theatres", "forces", "dyads", "treaties", "flows")
_ABOUT = ("name", "capital", "lat", "lon")  # of a state; its other keys are figures


def parts_of(head: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the parts of a world that its head holds, as the schema takes them.

    Parameters
    ----------
    head : mapping
        `states` by code: name, capital, lat, lon, and figures by quantity, for which `state_defaults` stand in;
        `theatres`, `treaties` and `flows` by name; `dyads` by pair; `forces` as a list. A figure may leave out its
        unit, and bounds that equal its centre.
    where : str
        The file, for messages.

    Raises
    ------
    InputError
        For the first thing that is wrong.
    """
    try:
        defaults = _figures(head.get("state_defaults"), "state_defaults", QUANTITIES)
        states = as_mapping(head.get("states"), "states")
        return {
            "states": {code: _state(code, parts, defaults) for code, parts in states.items()},
            "theatres": {name: _theatre(name, parts) for name, parts in _entries(head, "theatres")},
            "forces": [_force(n, force) for n, force in enumerate(head.get("forces") or ())],
            "dyads": _dyads(as_mapping(head.get("dyads"), "dyads"), states),
            "treaties": {name: checked(Treaty, tree, f"treaties.{name}") for name, tree in _entries(head, "treaties")},
            "flows": {name: checked(Flow, tree, f"flows.{name}") for name, tree in _entries(head, "flows")},
        }
    except InputError as error:
        raise error.within("", where) from None


def _entries(head: Mapping[str, Any], part: str) -> list[tuple[str, Mapping[str, Any]]]:
    trees = as_mapping(head.get(part), part)
    return [(name, as_mapping(tree, dotted(part, name))) for name, tree in trees.items()]


def _state(code: str, tree: object, defaults: Mapping[str, Figure]) -> dict[str, Any]:
    key = dotted("states", code)
    parts = as_mapping(tree, key)
    for name in parts:
        if name not in (*_ABOUT, *QUANTITIES):
            raise unknown(key, name, (*_ABOUT, *QUANTITIES), what="key")
    own = {name: value for name, value in parts.items() if name in QUANTITIES}
    figures = {**defaults, **_figures(own, key, QUANTITIES)}
    about = {name: value for name, value in parts.items() if name in _ABOUT}
    return {"code": code, **about, "figures": figures}


def _theatre(name: str, parts: Mapping[str, Any]) -> dict[str, Any]:
    """A theatre whose domains count nothing unless they are given a weight."""
    weights = as_mapping(parts.get("weights"), dotted("theatres", name, "weights"))
    return {"name": name, **parts, "weights": dict.fromkeys(DOMAINS, 0.0) | dict(weights)}


def _force(position: int, tree: object) -> dict[str, Any]:
    key = f"forces.{position}"
    parts = as_mapping(tree, key)
    if "personnel" not in parts:
        raise InputError("is missing", key=f"{key}.personnel")
    return {**parts, "personnel": _figure(parts["personnel"], f"{key}.personnel", QUANTITIES["personnel"])}


def _dyads(trees: Mapping[str, Any], states: Mapping[str, Any]) -> dict[str, dict[str, Figure]]:
    """Figures by pair; what holds both ways is given once and stored in both directions."""
    dyads: dict[str, dict[str, Figure]] = {}
    for pair, tree in trees.items():
        check_pair(pair, states)
        for name, figure in _figures(tree, dotted("dyads", pair), DYAD_QUANTITIES).items():
            for way in (pair, mirrored(pair)) if name in SYMMETRIC else (pair,):
                if name in dyads.setdefault(way, {}):
                    raise InputError(f"{name} is given twice", key=dotted("dyads", way, name), value=name)
                dyads[way][name] = figure
    return dyads


def _figures(tree: object, key: str, quantities: Mapping[str, Quantity]) -> dict[str, Figure]:
    found = {}
    for name, value in as_mapping(tree, key).items():
        require_member(dotted(key, name), name, quantities)
        found[name] = _figure(value, dotted(key, name), quantities[name])
    return found


def _figure(value: object, key: str, quantity: Quantity) -> Figure:
    if not isinstance(value, Mapping):
        require_number(key, value)
    parts = dict(value) if isinstance(value, Mapping) else {"centre": value}
    bounds = {name: parts["centre"] for name in ("low", "high") if name not in parts and "centre" in parts}
    figure = checked(Figure, {"unit": quantity.unit, **bounds, **parts}, key)
    require_within(figure, quantity, key)
    return figure
