"""Designs: which values the keys take at which points. The samplers are those of SciPy and SALib."""

from __future__ import annotations

import csv
import importlib.util
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.campaign.keys import SINGLE, Key, key_of, mirror, own_keys
from sim.scenario.errors import InputError, require_member, unknown, wrong
from sim.scenario.paths import path_of
from sim.scenario.schema import Scenario
from sim.scenario.tables import read_table, read_text, read_tree

DESIGNS = ("grid", "list", "csv", "lhs", "sobol", "saltelli", "morris")
SAMPLED = ("lhs", "sobol", "saltelli", "morris")
POINTS, VALUES = 100_000, 20_000_000  # most of a design: what a submission holds in memory
LEVELS = 4  # of a Morris design, as in Morris (1991)
_LISTS = "a list of values, as [0.4,0.9], or null for the scenario's own range"


Columns = dict[str, list[Any] | NDArray[np.float64]]


class Axis(NamedTuple):
    """A key and what was said of it: a range or values; nothing: the scenario's own range."""

    key: Key
    said: tuple[Any, ...] | None
    where: str = ""


class Design(NamedTuple):
    """Points, a row each; P of them.

    Attributes
    ----------
    kind : str
        One of `DESIGNS`.
    columns : dict of list or of array
        P values by dotted key; of keys that were sampled an array of floats.
    ranges : dict of tuple
        Low and high of the keys that were sampled.
    copies : int
        How often the sampled design stands below itself, once for each combination of the other keys.
    """

    kind: str
    columns: Columns
    ranges: dict[str, tuple[float, float]]
    copies: int = 1

    def __len__(self) -> int:
        """Return the number of points."""
        return len(next(iter(self.columns.values())))


def designed(kind: object, over: object, points: int | None, seed: int, scenario: Scenario) -> Design:
    """Return a design.

    Parameters
    ----------
    kind : str
        One of `DESIGNS`.
    over : mapping, list, str or None
        Ranges or values by key; keys alone; a file; nothing for every range of the scenario's own.
    points : int, optional
        Points of lhs and sobol; base points of saltelli, trajectories of morris; levels of a grid's ranges.
    seed : int
        Of samplers that scramble.

    Raises
    ------
    InputError
        For the first thing that is wrong.
    """
    if kind is None:
        raise InputError("is missing: how the points are chosen", key="design", allowed=DESIGNS)
    require_member("design", kind, DESIGNS)
    kind = str(kind)
    if kind == "csv":
        design = Design(kind, _table(over, scenario), {})
    else:
        axes = _axes(over, scenario)
        if kind == "list":
            design = Design(kind, _listed(axes), {})
        elif kind == "grid":
            design = Design(kind, _crossed([_levels(axis, points) for axis in axes]), {})
        else:
            design = _sampled(kind, axes, points, seed)
    if points is not None and not _counts(kind, over):
        raise InputError(f"cannot be given to design={kind}: its points are the values that are listed", key="points")
    return design


def _counts(kind: str, over: object) -> bool:
    """Whether a number of points says anything."""
    leaves = over.values() if isinstance(over, Mapping) else [None]
    return kind in SAMPLED or (kind == "grid" and (isinstance(over, str) or any(_open(leaf) for leaf in leaves)))


def _open(leaf: object) -> bool:
    return leaf is None or (isinstance(leaf, Mapping) and any(map(_open, leaf.values())))


# --- what was asked for ----------------------------------------------------------------------------


def _axes(over: object, scenario: Scenario) -> list[Axis]:
    where = ""
    if isinstance(over, str):
        path, where = path_of("over", over), over
        if not path.is_file():
            raise wrong("over", over, "keys and ranges as {rules.omega:[0.4,0.9]}, keys as [rules.omega], or a file")
        over = read_tree(path)
    if over is None:
        return [Axis(key, None) for key in own_keys(scenario)]
    if isinstance(over, list):
        said: Iterable[tuple[object, object]] = [(entry, None) for entry in over]
    elif isinstance(over, Mapping):
        said = _leaves("", over)
    else:
        raise wrong("over", over, "keys and ranges as {rules.omega:[0.4,0.9]}, keys as [rules.omega], or a file")
    axes = [_axis(key, value, scenario, where) for key, value in said]
    if not axes:
        raise InputError("names no key", key="over", where=where)
    require_once([axis.key.text for axis in axes], where)
    return axes


def _leaves(prefix: str, tree: Mapping[Any, Any]) -> Iterable[tuple[str, object]]:
    """Keys and values of a tree whose keys are dotted, nested, or both."""
    for key, value in tree.items():
        name = f"{prefix}.{key}" if prefix else str(key)
        if isinstance(value, Mapping):
            yield from _leaves(name, value)
        else:
            yield name, value


def _axis(key: object, value: object, scenario: Scenario, where: str) -> Axis:
    if not isinstance(key, str):
        raise wrong("over", key, "a dotted key, such as rules.omega", where)
    if value is not None and (not isinstance(value, list) or not value):
        raise wrong(f"over.{key}", value, _LISTS, where)
    for entry in value or ():
        if isinstance(entry, list | Mapping):
            raise wrong(f"over.{key}", entry, "one value", where)
    return Axis(key_of(key, scenario, where), None if value is None else tuple(value), where)


def require_once(keys: Sequence[str], where: str = "") -> None:
    """Refuse a key that is named twice, under whatever spelling."""
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise InputError("is varied twice", key=f"over.{key}", value=key, where=where)
        seen |= {key, mirror(key)}


def _range(axis: Axis) -> tuple[float, float]:
    """Low and high of an axis, its own where none was given."""
    name, figure = f"over.{axis.key.text}", axis.key.figure
    if axis.said is None:
        if figure is None or not figure.uncertain:
            raise wrong(name, None, "a range, as [0.4,0.9]; the scenario gives none for it", axis.where)
        return figure.low, figure.high
    numbers = [value for value in axis.said if _is_number(value)]
    if len(axis.said) != 2 or len(numbers) != 2 or not numbers[0] < numbers[1]:
        raise wrong(name, list(axis.said), "a range [low,high], low below high", axis.where)
    return float(numbers[0]), float(numbers[1])


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _values(axis: Axis) -> tuple[Any, ...]:
    if axis.said is None:
        raise wrong(f"over.{axis.key.text}", None, "a list of values", axis.where)
    for position, value in enumerate(axis.said):
        if value in axis.said[:position]:
            raise wrong(f"over.{axis.key.text}", list(axis.said), "values, each once", axis.where)
    return axis.said


# --- the designs -----------------------------------------------------------------------------------


def _listed(axes: list[Axis]) -> Columns:
    columns: Columns = {}
    for axis in axes:
        if axis.said is None:
            raise wrong(f"over.{axis.key.text}", None, "a list of values", axis.where)
        columns[axis.key.text] = list(axis.said)
        first, length = axes[0].key.text, len(axes[0].said or ())
        if len(axis.said) != length:
            expected = f"{length} values, as many as {first} has; crossed lists are design=grid"
            raise wrong(f"over.{axis.key.text}", list(axis.said), expected, axis.where)
    _require_size(len(next(iter(columns.values()))), len(columns))
    return columns


def _levels(axis: Axis, points: int | None) -> tuple[str, tuple[Any, ...]]:
    """Values of an axis of a grid: those that are listed, or so many levels of its own range."""
    if axis.said is not None:
        return axis.key.text, _values(axis)
    low, high = _range(axis)
    if points is None or points < 2:
        expected = f"2 or more: levels of the range of {axis.key.text}, {low:g} to {high:g}"
        raise wrong("points", points, expected)
    return axis.key.text, tuple(float(value) for value in np.linspace(low, high, points))


def _crossed(listed: list[tuple[str, tuple[Any, ...]]]) -> Columns:
    _require_size(math.prod(len(values) for _, values in listed), len(listed))
    rows = itertools.product(*(values for _, values in listed))
    return {key: list(column) for (key, _), column in zip(listed, zip(*rows, strict=True), strict=True)}


def _sampled(kind: str, axes: list[Axis], points: int | None, seed: int) -> Design:
    """Sample the ranges; repeat that for each combination of the keys that know nothing between their values."""
    ranges = {axis.key.text: _range(axis) for axis in axes if axis.key.between}
    others = [(axis.key.text, _values(axis)) for axis in axes if not axis.key.between]
    if not ranges:
        problem = f"has no key that can lie in a range, so design={kind} cannot be made of it; grid and list can"
        raise InputError(problem, key="over")
    if points is None:
        raise InputError(f"is missing: how many points design={kind} takes", key="points")
    if kind in ("sobol", "saltelli") and points & (points - 1):
        power = 1 << points.bit_length()
        raise wrong("points", points, f"a power of two, such as {power // 2} or {power}; else the points lose balance")
    size = {"saltelli": points * (len(ranges) + 2), "morris": points * (len(ranges) + 1)}.get(kind, points)
    copies = math.prod(len(values) for _, values in others)
    _require_size(size * copies, len(axes))
    sample = _sample(kind, ranges, points, seed)
    crossed = _crossed(others) if others else {}
    columns: Columns = {key: [v for v in column for _ in range(size)] for key, column in crossed.items()}
    for position, key in enumerate(ranges):
        columns[key] = np.tile(sample[:, position], copies)
    return Design(kind, {axis.key.text: columns[axis.key.text] for axis in axes}, ranges, copies)


def _sample(kind: str, ranges: Mapping[str, tuple[float, float]], points: int, seed: int) -> NDArray[np.float64]:
    """Points over the ranges, shape (points, keys); within the bounds to the last bit."""
    low, high = np.array(list(ranges.values())).T
    rng = np.random.default_rng(seed)
    if kind in ("lhs", "sobol"):
        from scipy.stats import qmc  # half a second, which workers need not wait for

        sampler = qmc.LatinHypercube if kind == "lhs" else qmc.Sobol
        sample = low + (high - low) * sampler(len(ranges), seed=rng).random(points)
    else:
        require_salib(kind)
        from SALib.sample import morris, sobol

        problem = {"num_vars": len(ranges), "names": list(ranges), "bounds": [list(pair) for pair in ranges.values()]}
        if kind == "saltelli":
            sample = sobol.sample(problem, points, calc_second_order=False, seed=rng)
        else:
            sample = morris.sample(problem, points, num_levels=LEVELS, seed=rng)
    return np.clip(np.asarray(sample, np.float64), low, high)


def require_salib(kind: str) -> None:
    """Refuse a design that needs SALib where it is not installed.

    Raises
    ------
    InputError
    """
    if importlib.util.find_spec("SALib") is None:
        problem = f"{kind} needs SALib, which is not installed: pip install 'sim-escalation[campaigns]'"
        raise InputError(problem, key="design", value=kind)


def _require_size(points: int, keys: int) -> None:
    if points > POINTS or points * keys > VALUES:
        expected = f"up to {POINTS:,} points and {VALUES:,} values; name fewer keys in over, or take fewer points"
        raise wrong("points", points, f"{expected} (this design has {points:,} points of {keys:,} keys)")


# --- a table ---------------------------------------------------------------------------------------


def _table(over: object, scenario: Scenario) -> Columns:
    """Read a table with a column a key and a row a point."""
    if not isinstance(over, str) or not path_of("over", over).is_file():
        raise wrong("over", over, "a file with a column a key and a row a point, for design=csv")
    path = path_of("over", over)
    header = tuple(name.strip() for name in next(csv.reader(read_text(path).splitlines()[:1]), []))
    rows = list(read_table(path, header))  # which refuses semicolons, and a column that stands there twice
    keys = []
    for name in header:
        if "." not in name and name not in SINGLE:
            raise unknown("over", name, ("rules.NAME", "states.CODE.FIGURE", *SINGLE), f"{path}:1", what="column")
        keys.append(key_of(name, scenario, f"{path}:1"))
    require_once([key.text for key in keys], f"{path}:1")
    if not rows:
        raise InputError("must have rows below its header", key="over", value=over, where=str(path))
    _require_size(len(rows), len(keys))
    return {
        key.text: [row.number(name) if key.figure is not None else _cell(row.cells[name]) for row in rows]
        for key, name in zip(keys, header, strict=True)
    }


def _cell(text: str) -> Any:
    """A cell that need not be a number: a switch, a date, a name; nothing is null."""
    words = {"": None, "null": None, "true": True, "false": False}
    if text.lower() in words:
        return words[text.lower()]
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number
