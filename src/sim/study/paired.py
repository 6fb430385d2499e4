"""Estimates from runs that share their draws: the same run under two assumptions, its fate here and there.

References
----------
Agresti, A., & Coull, B. A. (1998). Approximate is better than "exact" for interval estimation of binomial proportions.
    American Statistician, 52(2), 119-126.
Bonett, D. G., & Price, R. M. (2012). Adjusted Wald confidence interval for a difference of binomial proportions based
    on paired data. Journal of Educational and Behavioral Statistics, 37(4), 479-488.
Tango, T. (1998). Equivalence test and confidence interval for the difference in proportions for the paired-sample
    design. Statistics in Medicine, 17(8), 891-908.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import bisect
from scipy.stats import norm

from sim.estimate import proportion

LEVEL = 0.95
_FAR = 1e9  # stands for a division by no spread at all
Fate = NDArray[Any]  # one value a run: whether something happened, or how many did it


def difference(first: Fate, second: Fate, level: float = LEVEL) -> dict[str, Any]:
    """Return by how much oftener something happens in the second of two sets of the same runs.

    Parameters
    ----------
    first, second : (runs,) bool array
        Whether it happened; row r of both is the same run.
    level : float
        Of the interval of the difference. Shares of turned runs have exact 95 % intervals.

    Returns
    -------
    dict
        `difference`, `low`, `high` (`score_interval`); `turned_up` and `turned_down`, runs in which it happened in the
        second alone and in the first alone; `variance_ratio` (`variance_ratio`).
    """
    up, down, n = int((second & ~first).sum()), int((first & ~second).sum()), len(first)
    low, high = score_interval(up, down, n, level)
    return {
        "difference": (up - down) / n,
        "low": low,
        "high": high,
        "turned_up": proportion(up, n)._asdict(),
        "turned_down": proportion(down, n)._asdict(),
        "variance_ratio": variance_ratio(first, second),
    }


def score_interval(up: float, down: float, n: float, level: float = LEVEL) -> tuple[float, float]:
    """Return Tango's (1998) score interval of a difference of paired proportions.

    A difference d is in it unless it is rejected by the score statistic (up - down - n d) / sqrt(n (2 q + d (1 - d))),
    where q is the likeliest share of runs turned down, given d. Where no run turned it is z^2 / (n + z^2) either way,
    while an interval from the spread of the differences has no width there. Runs need be no whole numbers: where they
    come in groups, n is how many single ones would tell as much.

    Raises
    ------
    ValueError
        If there is no run, or more runs turned than there are.
    """
    if n < 1 or up < 0 or down < 0 or up + down > n:
        raise ValueError(f"{up} up and {down} down are not counts of {n} runs")
    z = float(norm.ppf((1 + level) / 2))
    centre = (up - down) / n

    def beyond(d: float, bound: float) -> float:
        b, c = (2 * n - up + down) * d - up - down, -down * d * (1 - d)
        q = (math.sqrt(max(b * b - 8 * n * c, 0.0)) - b) / (4 * n)
        spread = n * (2 * q + d * (1 - d))
        apart = up - down - n * d
        return apart / math.sqrt(spread) - bound if spread > 0 else apart * _FAR - bound

    low = float(bisect(beyond, -1.0, centre, (z,), xtol=1e-12)) if centre > -1 else -1.0
    high = float(bisect(beyond, centre, 1.0, (-z,), xtol=1e-12)) if centre < 1 else 1.0
    return low, high


def mean_difference(values: Fate, level: float = LEVEL) -> dict[str, float]:
    """Return the mean of differences run by run, with an interval that has width where nearly all of them are 0.

    Two pseudo-runs of weight z^2 / 4, one up and one down by the root mean square of the differences that are not 0 (at
    least 1), are added before the normal interval is taken. Where the differences are those of something that happens
    or not this is Bonett and Price (2012) at 95 %, where z^2 / 4 is nearly 1; at higher levels the weight grows as that
    of Agresti and Coull (1998).

    Parameters
    ----------
    values : (runs,) array
        Whole numbers.
    """
    z = float(norm.ppf((1 + level) / 2))
    squares = float(np.square(values, dtype=float).sum())
    turned = int(np.count_nonzero(values))
    n, step = len(values) + z * z / 2, max(1.0, squares / turned if turned else 1.0)
    mean = float(values.sum()) / n
    half = z * math.sqrt(((squares + z * z / 2 * step) / n - mean * mean) / n)
    return {"difference": float(values.mean()), "low": mean - half, "high": mean + half}


def amount_difference(first: Fate, second: Fate, level: float = LEVEL) -> dict[str, float]:
    """Return by how much an amount is larger on average in the second of two sets of the same runs.

    `mean_difference` in units of the root mean square of the differences that are not 0, so that its pseudo-runs have
    the size of those that were seen; of the largest amount where no run differs. Runs without an amount are left out.
    """
    apart = np.asarray(second, float) - np.asarray(first, float)
    apart = apart[~np.isnan(apart)]
    turned = apart[apart != 0]
    largest = float(np.nanmax(np.abs(first), initial=0.0))
    unit = float(np.sqrt(np.mean(turned**2))) if len(turned) else largest or 1.0
    if not len(apart):
        return {"difference": 0.0, "low": -unit, "high": unit}
    return {name: unit * value for name, value in mean_difference(apart / unit, level).items()}


def variance_ratio(first: Fate, second: Fate) -> float | None:
    """How many times as many runs give the same precision without common draws; None where no run turned."""
    apart = float(np.var(second.astype(float) - first.astype(float)))
    return float((np.var(first) + np.var(second)) / apart) if apart > 0 else None


def contrast(fates: Mapping[frozenset[str], Fate], names: Sequence[str]) -> Fate:
    """Return, run by run, what parts add together beyond what fewer of them add.

    Of one part: with it less without it. Of two: what one adds where the other is there, less what it adds where it is
    not, the difference of differences. Of three: the same of such differences.

    Parameters
    ----------
    fates : mapping of array
        By the set of parts that are taken out; the empty set is that with all of them.
    names : sequence of str
        The parts.
    """
    total = np.zeros(len(fates[frozenset()]), np.int64)
    for size in range(len(names) + 1):
        for removed in combinations(names, size):
            total += (-1) ** size * fates[frozenset(removed)].astype(np.int64)
    return total


def simultaneous(number: int, level: float = LEVEL) -> float:
    """Level of each of so many intervals which all hold at once with `level` or more (Bonferroni)."""
    return 1 - (1 - level) / max(number, 1)
