"""A folder of tables -> World, or one complaint that names file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sim.scenario.changes import as_mapping, mirrored
from sim.scenario.checks import check_pair, check_world
from sim.scenario.errors import InputError, require_member, unknown
from sim.scenario.onefile import PARTS, parts_of
from sim.scenario.schema import (
    DOMAINS,
    DYAD_QUANTITIES,
    QUANTITIES,
    SYMMETRIC,
    Figure,
    Flow,
    Force,
    State,
    Theatre,
    Treaty,
    World,
    require_within,
)
from sim.scenario.tables import Row, read_table, read_tree
from sim.scenario.validate import Strict, checked

_NUMBERS = ("low", "centre", "high", "unit")
_PROVENANCE = ("source", "confidence", "note")
_HEAD = ("name", "title", "date", "description", "defaults", "veto")

_Entry = TypeVar("_Entry", bound=Strict)


def worlds_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Name and folder of every world below a folder; those of the past have names such as history/korea_1950."""
    for file in (*sorted(folder.glob("*/world.yaml")), *sorted(folder.glob("history/*/world.yaml"))):
        yield file.parent.relative_to(folder).as_posix(), file.parent


def read_world(folder: Path) -> World:
    """Read a world: states, capabilities, theatres, forces and dyads as CSV, treaties and flows as YAML.

    A small one may hold all of it in its head, `world.yaml` (`sim.scenario.onefile`).
    A world whose files have not changed is read once; it is not to be altered.

    Raises
    ------
    InputError
        For the first thing that is wrong, with file and, in tables, line.
    """
    stats = [(file.name, file.stat()) for file in sorted(folder.iterdir())]
    return _read_world(folder, tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))


@lru_cache(maxsize=8)
def _read_world(folder: Path, stamps: tuple[tuple[str, int, int], ...]) -> World:
    head_file = folder / "world.yaml"
    head = read_tree(head_file)
    whole = "states" in head
    for key in head:
        if key not in (*_HEAD, *(PARTS if whole else ())):
            raise unknown("", key, (*_HEAD, *PARTS) if whole else _HEAD, str(head_file), what="key")
    if whole and (folder / "states.csv").exists():
        raise InputError("are given twice: here and in states.csv", key="states", where=str(head_file))
    about = {key: value for key, value in head.items() if key in _HEAD}
    tree = about | (parts_of(head, str(head_file)) if whole else _read_tables(folder))
    world = checked(World, tree, where=str(head_file))
    check_world(world, folder)
    return world


def _read_tables(folder: Path) -> dict[str, Any]:
    states = _read_states(folder)
    theatres = _read_theatres(folder / "theatres.csv")
    return {
        "states": states,
        "theatres": theatres,
        "forces": _read_forces(folder / "forces.csv", states, theatres),
        "dyads": _read_dyads(folder / "dyads.csv", states),
        "treaties": _read_entries(folder / "treaties.yaml", Treaty),
        "flows": _read_entries(folder / "flows.yaml", Flow),
    }


def _read_states(folder: Path) -> dict[str, State]:
    trees: dict[str, tuple[Row, dict[str, Figure]]] = {}
    for row in read_table(folder / "states.csv", ("state", "name", "capital", "lat", "lon")):
        code = row.cells["state"].upper()
        _require_new(code, trees, row)
        trees[code] = (row, {})
    columns = ("state", "quantity", *_NUMBERS, "year", *_PROVENANCE)
    for row in read_table(folder / "capabilities.csv", columns):
        _, figures = trees[_code(row, "state", trees)]
        _put(figures, row, QUANTITIES)
    return {code: _state(row, figures) for code, (row, figures) in trees.items()}


def _state(row: Row, figures: dict[str, Figure]) -> State:
    tree = {
        "code": row.cells["state"],
        "name": row.cells["name"],
        "capital": row.cells["capital"],
        "lat": row.number("lat"),
        "lon": row.number("lon"),
        "figures": figures,
    }
    return checked(State, tree, where=row.where)


def _read_theatres(file: Path) -> dict[str, Theatre]:
    theatres: dict[str, Theatre] = {}
    for row in read_table(file, ("theatre", "name", "lat", "lon", *DOMAINS, "source", "confidence")):
        name = row.cells["theatre"]
        _require_new(name, theatres, row)
        tree = {
            "name": name,
            "title": row.cells["name"],
            "lat": row.number("lat"),
            "lon": row.number("lon"),
            "weights": {domain: row.number(domain) for domain in DOMAINS},
            "source": row.cells["source"],
            "confidence": row.cells["confidence"],
        }
        theatres[name] = checked(Theatre, tree, name, row.where)
    return theatres


def _read_forces(file: Path, states: Iterable[str], theatres: Iterable[str]) -> list[Force]:
    forces: dict[str, Force] = {}
    for row in read_table(file, ("state", "theatre", "host", *_NUMBERS, *_PROVENANCE)):
        code, theatre = _code(row, "state", states), row.cells["theatre"]
        require_member("theatre", theatre, theatres, row.where)
        host = _code(row, "host", states) if row.cells["host"] else None
        place = f"{code} in {theatre}, host {host}" if host else f"{code} in {theatre}"
        _require_new(place, forces, row)
        figure = row.figure("personnel", "thousand")
        require_within(figure, QUANTITIES["personnel"], "personnel", row.where)
        tree = {"state": code, "theatre": theatre, "host": host, "personnel": figure}
        forces[place] = checked(Force, tree, where=row.where)
    return list(forces.values())


def _read_dyads(file: Path, states: Iterable[str]) -> dict[str, dict[str, Figure]]:
    dyads: dict[str, dict[str, Figure]] = {}
    for row in read_table(file, ("from", "to", "quantity", *_NUMBERS, *_PROVENANCE)):
        pair = f"{_code(row, 'from', states)}>{_code(row, 'to', states)}"
        check_pair(pair, states, row.where)
        figure = _put(dyads.setdefault(pair, {}), row, DYAD_QUANTITIES)
        quantity = row.cells["quantity"]
        if quantity in SYMMETRIC:
            other = dyads.setdefault(mirrored(pair), {})
            _require_new(quantity, other, row)
            other[quantity] = figure
    return dyads


def _read_entries(file: Path, model: type[_Entry]) -> dict[str, _Entry]:
    kind = file.stem
    return {
        name: checked(model, as_mapping(tree, f"{kind}.{name}"), f"{kind}.{name}", str(file))
        for name, tree in read_tree(file).items()
    }


def _put(figures: dict[str, Figure], row: Row, quantities: dict[str, Any]) -> Figure:
    """Add the row's figure under its quantity."""
    name = row.cells["quantity"]
    require_member("quantity", name, quantities, row.where)
    _require_new(name, figures, row)
    figure = row.figure(name, quantities[name].unit)
    require_within(figure, quantities[name], name, row.where)
    figures[name] = figure
    return figure


def _code(row: Row, column: str, states: Iterable[str]) -> str:
    code = row.cells[column].upper()
    require_member(column, code, states, row.where)
    return code


def _require_new(name: str, seen: Iterable[str], row: Row) -> None:
    if name in seen:
        raise InputError(f"{name} is given twice", key=name, value=name, where=row.where)
