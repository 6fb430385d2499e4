"""What a gathered campaign shows at first sight: how an outcome spreads over the points, and which keys go with it."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.stats import t

from sim.campaign.points import Floats, Shares
from sim.estimate import Proportion, proportion

WORDS, FIFTHS = 10, 5  # values of a key that are told one by one, at most; else slices with as many points each
ORDER = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)  # of points by an outcome


class Spread(NamedTuple):
    """An outcome over P points.

    Attributes
    ----------
    points : array of int, shape (7,)
        Rows of the points that stand at `ORDER` when all are ordered by the outcome.
    shares : list of Proportion
        Their shares of runs.
    luck : float, optional
        Part of the variance between points that is luck of the runs; None where points do not differ, or have one run.
    """

    points: NDArray[np.int64]
    shares: list[Proportion]
    luck: float | None


class Slice(NamedTuple):
    """Points whose values of a key lie together.

    Attributes
    ----------
    text : str
        The value, or the least and the greatest.
    at : float
        Where it is drawn: the mean of numbers, the place among words.
    points : int
    mean, low, high : float
        Mean share of runs, with an interval of 95 % for other points and other runs.
    """

    text: str
    at: float
    points: int
    mean: float
    low: float
    high: float


class Bearing(NamedTuple):
    """How an outcome goes with a key.

    Attributes
    ----------
    key : str
    explained : float, optional
        Part of the variance between points that lies between the slices, without what chance puts there (epsilon
        squared, Kelley 1935; below 0 where it is less than chance); None where a slice is no more than a point.
    slices : list of Slice
    """

    key: str
    explained: float | None
    slices: list[Slice]


class _Cut(NamedTuple):
    """Slices of a key: which of them each point is in, and whether the key is a number; S of them."""

    of: NDArray[np.int64]
    number: int
    numeric: bool


def spread(counts: NDArray[np.int64], runs: int, found: Shares) -> Spread:
    """Order points by an outcome: counts of shape (P,) among `runs`, and the same as shares in parts of the runs."""
    order = np.argsort(counts, kind="stable")
    points = order[[math.floor(q * (len(order) - 1)) for q in ORDER]]
    raw = float(found.share.var())
    luck = float(found.luck.var(axis=1).sum()) / raw if raw > 0 and len(found.weights) > 1 else None
    return Spread(points, [proportion(int(counts[point]), runs) for point in points], luck)


def explained(table: pa.Table, keys: list[str], share: Floats) -> dict[str, float | None]:
    """Return what each key that has slices explains of the variance between points, most first."""
    found: dict[str, float | None] = {}
    for key in keys:
        cut = _cut(table.column(key))
        if cut is not None:
            found[key] = _explained(cut, share)
    return dict(sorted(found.items(), key=lambda item: -math.inf if item[1] is None else -item[1]))


def bearing(table: pa.Table, key: str, found: Shares, runs: int) -> Bearing:
    """Return the slices of a key that has some, and the outcome in each."""
    column = table.column(key)
    cut = _cut(column)
    assert cut is not None, "a key that has slices"
    values = column.to_pylist()
    slices = []
    for number in range(cut.number):
        inside = np.flatnonzero(cut.of == number)
        own = [values[row] for row in inside]
        at = float(np.mean(own)) if cut.numeric else float(number)
        slices.append(Slice(_between(own, cut.numeric), at, len(own), *_mean(found, inside, runs)))
    return Bearing(key, _explained(cut, found.share), slices)


def _cut(column: pa.ChunkedArray) -> _Cut | None:
    """Slices of a key: a value each, or fifths of the points; None for one value, or for many words."""
    numeric = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
    if numeric:
        values = column.to_numpy()
        levels, of = np.unique(values, return_inverse=True)
        if len(levels) > WORDS:
            edges = np.quantile(values, np.arange(1, FIFTHS) / FIFTHS)
            levels, of = np.unique(np.searchsorted(edges, values, side="left"), return_inverse=True)
    else:
        coded = column.combine_chunks().dictionary_encode("encode")
        levels, of = np.asarray(coded.dictionary), coded.indices.to_numpy()
        if len(levels) > WORDS:
            return None
    return _Cut(of, len(levels), numeric) if len(levels) > 1 else None


def _explained(cut: _Cut, share: Floats) -> float | None:
    """Epsilon squared of shares by slice."""
    size = np.bincount(cut.of, minlength=cut.number)
    free, total = len(share) - cut.number, float(((share - share.mean()) ** 2).sum())
    if free < 1 or total == 0:
        return None
    means = np.bincount(cut.of, share, cut.number) / size
    within = float(((share - means[cut.of]) ** 2).sum())
    return 1 - (within / free) / (total / (len(share) - 1))


def _mean(found: Shares, inside: NDArray[np.int64], runs: int) -> tuple[float, float, float]:
    """Mean share of some points, with an interval: for other points by Student's t, for other runs by the jackknife."""
    share = found.share[inside]
    mean, parts = float(share.mean()), len(found.weights)
    if len(inside) == 1 or mean in (0, 1):  # what merely has not been seen is never told as 0 with certainty
        own = proportion(round(mean * runs), runs)
        return own.share, own.low, own.high
    half = t.ppf(0.975, len(inside) - 1) * share.std(ddof=1) / math.sqrt(len(inside))
    if parts > 1:
        left_out = (mean - found.weights * found.parts[:, inside].mean(axis=1)) / (1 - found.weights)
        half = math.hypot(half, t.ppf(0.975, parts - 1) * math.sqrt((parts - 1) * left_out.var()))
    return mean, max(mean - half, 0.0), min(mean + half, 1.0)


def _between(values: list[Any], numeric: bool) -> str:
    if not numeric:
        return told(values[0])
    low, high = min(values), max(values)
    return told(low) if low == high else f"{low:.4g} to {high:.4g}"


def told(value: object, digits: int = 4) -> str:
    """Return the value of a key as it would be typed, with fewer digits."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)
