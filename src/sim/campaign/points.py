"""The points of a campaign that is gathered, as numbers for an analysis: keys, shares of runs, and the luck in them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.campaign.manifest import Campaign
from sim.campaign.work import TENTHS
from sim.scenario.errors import InputError, require_member
from sim.store import UNREADABLE

Floats = NDArray[np.float64]
OUTCOMES = ("use_of_force", "lethal", "war", "nuclear_use", "settled")  # the main ones


class Shares(NamedTuple):
    """Shares of runs in which an outcome came, at P points, in K parts of the runs.

    Attributes
    ----------
    parts : array, shape (K, P)
        Share in each part.
    weights : array, shape (K,)
        Share of the runs that a part has.
    """

    parts: Floats
    weights: Floats

    @property
    def share(self) -> Floats:
        """Shares of all runs, shape (P,)."""
        return np.asarray(self.weights @ self.parts)

    @property
    def luck(self) -> Floats:
        """What parts differ by, shape (K, P), so scaled that it sums up to the luck in `share`.

        A quadratic form of the shares exceeds that of the probabilities, on average over the luck of the runs, by the
        sum of the same form of these K rows, whatever the luck at one point has to do with that at another.
        """
        scale = np.sqrt(self.weights / (len(self.weights) - 1))
        return np.asarray(scale[:, None] * (self.parts - self.share))

    def without(self, part: int) -> Shares:
        """Return the shares without a part of the runs."""
        weights = np.delete(self.weights, part)
        return Shares(np.delete(self.parts, part, axis=0), weights / weights.sum())

    def at(self, kept: NDArray[np.bool_]) -> Shares:
        """Return the shares at some of the points."""
        return Shares(self.parts[:, kept], self.weights)


class Group(NamedTuple):
    """Points at which the keys that no range could hold have the same values.

    Attributes
    ----------
    given : dict
        Those values.
    table : pyarrow.Table
        Rows as in points.parquet, in the order of the design.
    """

    given: dict[str, Any]
    table: pa.Table

    @property
    def where(self) -> str:
        """Which points these are, for the end of a message; empty where they are all."""
        return f" where {described(self.given)}" if self.given else ""


def gathered_points(campaign: Campaign) -> pa.Table:
    """Return the table of points of a campaign.

    Raises
    ------
    InputError
        If it is not gathered, the table is damaged or of another campaign, or every point failed.
    """
    table = gathered_table(campaign, "points")
    if not whole(table).any():
        problem = f"must have a point that did not fail; all failed, the first by {table.column('failed')[0]}"
        raise InputError(problem, key="name", value=campaign.folder.name)
    return table


def gathered_table(campaign: Campaign, which: str) -> pa.Table:
    """Return a table of a campaign, of its points or of its runs.

    Raises
    ------
    InputError
        If it is not gathered, or the table is damaged or of another campaign.
    """
    file, name = campaign.folder / f"{which}.parquet", campaign.folder.name
    if not file.exists():
        raise InputError(f"must be gathered first: {campaign.command('gather')}", key="name", value=name)
    try:
        table = pq.read_table(file)
    except UNREADABLE:
        table = pa.table({})
    if (table.schema.metadata or {}).get(b"campaign") != campaign.identity.encode():
        problem = f"must be gathered anew, {file.name} is damaged or of another campaign: {campaign.command('gather')}"
        raise InputError(problem, key="name", value=name)
    return table


def outcomes(table: pa.Table) -> list[str]:
    """Return the names of all outcomes that are counted in parts of the runs."""
    return [name.removesuffix("_tenths") for name in table.column_names if name.endswith("_tenths")]


_DONE = {"force": "uses force", "war": "is at war", "materiel": "gives materiel"}


def worded(outcome: str) -> str:
    """Return an outcome in words."""
    root, _, code = outcome.partition("_")
    return f"{code} {_DONE[root]}" if root in _DONE and code else outcome.replace("_", " ")


def in_words(outcomes: Iterable[str]) -> str:
    """Return outcomes in words, states that do the same together: "war; uses force: KOR, USA"."""
    found: dict[str, list[str]] = {}
    for outcome in outcomes:
        root, _, code = outcome.partition("_")
        if root in _DONE and code:
            found.setdefault(_DONE[root], []).append(code)
        else:
            found[worded(outcome)] = []
    return "; ".join(f"{what}: {', '.join(codes)}" if codes else what for what, codes in found.items())


def luck(found: Mapping[str, Any]) -> str:
    """Say how much of the variance between points is luck of the runs."""
    return f"luck of the runs makes {max(100 * found['luck'], 0):.1f} % of the variance"


def described(given: Mapping[str, Any]) -> str:
    """Return the values that hold of all points of a group."""
    return ", ".join(f"{key}={'null' if value is None else value}" for key, value in given.items())


def targets(table: pa.Table, asked: tuple[str, ...] | None) -> list[str]:
    """Return the outcomes that are asked for; by default war, nuclear use, and of each state that it used force.

    Raises
    ------
    InputError
        For a name that is none.
    """
    known = outcomes(table)
    if asked is None:
        return ["war", "nuclear_use", *(name for name in known if name.startswith("force_"))]
    for name in asked:
        require_member("target", name, known)
    return list(dict.fromkeys(asked))


def groups(campaign: Campaign, table: pa.Table) -> Iterator[Group]:
    """Yield the points of each combination of the keys that a sampled design repeats itself for."""
    about = campaign.manifest
    others = [key for key in about["keys"] if key not in about["ranges"]] if about["ranges"] else []
    size = campaign.points // about["copies"]
    for first in range(0, campaign.points, size):
        part = table.slice(first, size)
        yield Group({key: part.column(key)[0].as_py() for key in others}, part)


def numeric_keys(campaign: Campaign, table: pa.Table) -> list[str]:
    """Return the keys that are numbers and vary."""
    keys = campaign.manifest["ranges"] or [
        key
        for key in campaign.manifest["keys"]
        if pa.types.is_floating(table.schema.field(key).type) or pa.types.is_integer(table.schema.field(key).type)
    ]
    return [key for key in keys if len(table.column(key).unique()) > 1]


def values(table: pa.Table, keys: list[str]) -> Floats:
    """Return the values of keys, shape (points, keys)."""
    return np.column_stack([table.column(key).to_numpy().astype(np.float64) for key in keys])


def whole(table: pa.Table) -> NDArray[np.bool_]:
    """Tell which points did not fail."""
    return np.asarray(table.column("failed").is_null().to_numpy(), bool)


def shares(table: pa.Table, name: str) -> Shares:
    """Return the shares of runs in which an outcome came; 0 where a point failed."""
    counts = table.column(f"{name}_tenths").combine_chunks().flatten().to_numpy().reshape(len(table), TENTHS).T
    runs = int(table.column("runs").to_numpy().max())
    sizes = np.bincount(np.arange(runs) % TENTHS, minlength=TENTHS)
    some = sizes > 0
    return Shares(counts[some] / sizes[some, None], sizes[some] / runs)


def require_runs(campaign: Campaign) -> None:
    """Refuse a campaign whose points have so few runs that the luck in them cannot be told.

    Raises
    ------
    InputError
    """
    if campaign.runs < TENTHS:
        problem = f"must have {TENTHS} runs a point or more; else their luck cannot be told from the effect of a key"
        raise InputError(problem, key="name", value=campaign.folder.name)


def as_json(tree: Any) -> Any:
    """Return a tree in which there is no NaN: null stands for it."""
    text = json.dumps(tree, default=float)
    return json.loads(text, parse_constant=lambda word: None if word == "NaN" else math.inf)
