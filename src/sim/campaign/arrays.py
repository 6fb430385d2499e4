"""Points as arrays: a scenario is built once, and the numbers of a point are put where the build puts them."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import sim.world as arrays
from sim.scenario.build import REFERENCE, Commitment, Model, build, stationed
from sim.scenario.schema import SYMMETRIC, Deploy, Scenario
from sim.world import Params, Records, World, copy_params, fixed, rule_slots, slot

# Where a number of a point goes: column of the numbers, position in Params.figures, unit in which it is kept there
PLACE = np.dtype([("unit", np.float64), ("axis", np.int64), ("slot", np.int64)])
# A share of the force that a number of a point is: row in Params.uncertain, -1 for none; low, mode and high in thousand
_FLOATS, _INTEGERS = ("low", "mode", "high"), ("axis", "slot", "row")
SHARE = np.dtype([(name, np.float64) for name in _FLOATS] + [(name, np.int64) for name in _INTEGERS])
_FLOW = {"rate": ("rate", 1.0), "evasion": ("evasion", 1.0), "delay_years": ("delay", 1 / 365)}
# Records among the fields of Params and World; the first are views of Params.figures, in the order of the build.
VIEWS = {
    "rules": arrays.RULE, "state": arrays.STATE_FIGURE, "dyad": arrays.DYAD_FIGURE, "reach": arrays.REACH,
    "flow_figure": arrays.FLOW_FIGURE, "event_figure": arrays.EVENT_FIGURE,
}  # fmt: skip
TABLES = {
    "uncertain": arrays.UNCERTAIN, "setting": arrays.SETTING, "theatre": arrays.THEATRE, "flow": arrays.FLOW,
    "commitment": arrays.COMMITMENT, "party": arrays.PARTY, "event": arrays.EVENT, "trait": arrays.TRAIT,
}  # fmt: skip
BLANK = {
    "clock": arrays.CLOCK, "state": arrays.STATE, "dyad": arrays.DYAD, "front": arrays.FRONT, "case": arrays.CASE,
    "rung": arrays.RUNG, "belief": np.dtype(np.float64),
}  # fmt: skip


class Base(NamedTuple):
    """Arrays of a scenario in which some figures are open: points put their numbers there.

    Attributes
    ----------
    keys : tuple of str
        The open figures.
    model : Model
        The open figures are not drawn.
    places : array of PLACE
    shares : array of SHARE
        Forces abroad are kept as shares of their state's personnel.
    """

    keys: tuple[str, ...]
    model: Model
    places: Records
    shares: Records


def open_places(scenario: Scenario, model: Model, key: str) -> list[tuple[int, float]]:
    """Return positions in `Params.figures` of what a key names, and units; none where more hangs on it than these."""
    params, states = model.params, model.states
    root, *names = key.split(".")
    found: list[tuple[int, float]] = []
    if root == "rules":
        found = [(int(rule_slots(params, names)[0]), 1.0)]
    elif root == "states" and names[1] in (arrays.STATE_FIGURE.names or ()):
        place = slot(params.figures, params.state, (states.index(names[0]),), names[1])
        found = [] if _deploys(scenario, names) else [(place, REFERENCE.get(names[1], 1.0))]
    elif root == "dyads" and names[2] in (arrays.DYAD_FIGURE.names or ()):
        i, j = states.index(names[0]), states.index(names[1])
        both = [(i, j), (j, i)] if names[2] in SYMMETRIC else [(i, j)]
        found = [(slot(params.figures, params.dyad, pair, names[2]), 1.0) for pair in both]
    elif root == "flows" and names[1] in _FLOW:
        field, unit = _FLOW[names[1]]
        row = sorted(scenario.world.flows).index(names[0])
        found = [(slot(params.figures, params.flow_figure, (row,), field), unit)]
    changed = set(params.event["slot"].tolist())  # an event remembers what it changes
    return [] if any(place in changed for place, _ in found) else found


def _deploys(scenario: Scenario, names: Sequence[str]) -> bool:
    """Whether an event counts forces by the figure: a deployment is kept as a share of the personnel."""
    sent = {event.state for event in scenario.events if isinstance(event, Deploy)}
    return names[1] == "personnel" and names[0] in sent


def base_of(scenario: Scenario, keys: Sequence[str]) -> Base:
    """Return the arrays of a scenario in which the figures of these keys, which must have places, are open."""
    model = build(scenario)
    places = [(unit, axis, place) for axis, key in enumerate(keys) for place, unit in open_places(scenario, model, key)]
    table = np.array(places, PLACE)
    params = copy_params(model.params)
    params = fixed(params, table["slot"], params.figures[table["slot"]])
    shares = np.array(list(_shares(scenario, model, params, keys)), SHARE)
    return Base(tuple(keys), model._replace(params=params), table, shares)


def _shares(scenario: Scenario, model: Model, params: Params, keys: Sequence[str]) -> Any:
    rows = {int(place): row for row, place in enumerate(params.uncertain["slot"])}
    for (code, theatre), force in stationed(scenario).items():
        key = f"states.{code}.personnel"
        if key in keys:
            row = (model.states.index(code), model.theatres.index(theatre))
            place = slot(params.figures, params.reach, row, "stationed")
            yield force.low, force.centre, force.high, keys.index(key), place, rows.get(place, -1)


def point_of(base: Base, values: NDArray[np.float64]) -> Model:
    """Return the arrays of a point; `values` are its numbers in the order of the keys of the base."""
    params = copy_params(base.model.params)
    params.figures[base.places["slot"]] = values[base.places["axis"]] / base.places["unit"]
    if len(base.shares):
        shares = base.shares
        whole = np.maximum(values[shares["axis"]], 1e-9)
        params.figures[shares["slot"]] = shares["mode"] / whole
        uncertain, ranges = params.uncertain.copy(), shares["row"] >= 0
        for name in ("low", "mode", "high"):
            uncertain[name][shares["row"][ranges]] = (shares[name] / whole)[ranges]
        params = params._replace(uncertain=uncertain)
    return base.model._replace(params=params)


# --- as bytes --------------------------------------------------------------------------------------


def frozen(base: Base) -> bytes:
    """Return a base as the bytes of an archive of NumPy's."""
    params, blank = base.model.params._asdict(), base.model.blank._asdict()
    names = {
        "keys": base.keys,
        "states": base.model.states,
        "theatres": base.model.theatres,
        "commitments": base.model.commitments,
    }
    content = {f"params.{name}": array for name, array in params.items() if name not in VIEWS}
    content |= {f"shape.{name}": np.array(params[name].shape) for name in VIEWS}
    content |= {f"blank.{name}": np.array(blank[name].shape) for name in BLANK}
    file = io.BytesIO()
    np.savez_compressed(
        file, names=np.array(json.dumps(names)), words=blank["words"], places=base.places, shares=base.shares,
        allow_pickle=False, **content,
    )  # fmt: skip
    return file.getvalue()


def thawed(content: bytes) -> Base:
    """Return the base whose bytes these are."""
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        found = dict(archive)
    figures = found["params.figures"]
    words, views = _laid_out(VIEWS, found, "shape")
    buffer = words.view(np.float64)
    buffer[:] = figures
    tables = {name: found[f"params.{name}"].view(dtype) for name, dtype in TABLES.items()}
    plain = {n: found[f"params.{n}"] for n in Params._fields if n not in VIEWS and n not in TABLES and n != "figures"}
    blank, parts = _laid_out(BLANK, found, "blank")
    blank[:] = found["words"]
    names = json.loads(str(found["names"]))
    model = Model(
        Params(figures=buffer, **views, **tables, **plain), World(blank, **parts), tuple(names["states"]),
        tuple(names["theatres"]), tuple(Commitment(*row) for row in names["commitments"]),
    )  # fmt: skip
    return Base(tuple(names["keys"]), model, found["places"], found["shares"])


def _laid_out(
    dtypes: Mapping[str, np.dtype[Any]], found: Mapping[str, NDArray[Any]], kind: str
) -> tuple[NDArray[np.int64], dict[str, Records]]:
    shapes = {name: (dtype, tuple(int(n) for n in found[f"{kind}.{name}"])) for name, dtype in dtypes.items()}
    return arrays.lay_out(shapes)
