"""Estimates with their intervals."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import beta


class Proportion(NamedTuple):
    """A share of runs with its exact 95 % interval.

    Attributes
    ----------
    count, n : int
        Runs in which it happened, of how many.
    share, low, high : float
        Point estimate and interval. With no run at risk all three span the whole of [0, 1].
    """

    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks of a share
    n: int
    share: float
    low: float
    high: float

    def __str__(self) -> str:
        """Percentages; never 0 % or 100 % for what merely has not been seen."""
        if self.n == 0:
            return "no run at risk"
        if self.count == 0:
            return f"none in {self.n:,} (< {_percent(self.high)} %)"
        if self.count == self.n:
            return f"all of {self.n:,} (> {_percent(self.low)} %)"
        return f"{_percent(self.share)} % ({_percent(self.low)}-{_percent(self.high)})"


def _percent(share: float) -> str:
    """Percentage with one decimal, or with as many as keep it apart from 0 and from 100."""
    if share < 0.0095:
        return f"{100 * share:.2g}"
    if 0.9995 <= share < 1.0:
        return f"{100 - float(f'{100 * (1 - share):.2g}'):.12g}"
    return f"{100 * share:.1f}"


def proportion(count: int, n: int, level: float = 0.95) -> Proportion:
    """Return a share with its Clopper-Pearson interval.

    The interval is exact: it covers at least `level` whatever the true share, also when nothing, or
    everything, was observed (Clopper & Pearson 1934).

    Raises
    ------
    ValueError
        If not ``0 <= count <= n``.
    """
    count, n = int(count), int(n)
    if not 0 <= count <= n:
        raise ValueError(f"count {count} is not between 0 and {n}")
    if n == 0:
        return Proportion(0, 0, 0.5, 0.0, 1.0)
    return Proportion(count, n, count / n, *_interval(count, n, level))


def half_width(found: Proportion) -> float:
    """How far the ends of a share's interval are from its middle."""
    return (found.high - found.low) / 2


class Mean(NamedTuple):
    """A mean over runs, or a ratio of sums, with its 95 % interval by the central limit theorem."""

    value: float
    low: float
    high: float
    n: int


def ratio(amount: ArrayLike, exposure: ArrayLike = 1.0) -> Mean:
    """Return the sum of an amount over the sum of an exposure, run by run, with its interval.

    The variance is that of the linearised ratio over runs, which are independent (Cochran 1977, chapter 6); events
    within a run need not be. With an exposure of 1 it is the mean and its usual interval. One run has no interval
    (NaN).
    """
    y = np.asarray(amount, float)
    x = np.broadcast_to(np.asarray(exposure, float), y.shape)
    value, n = float(y.sum() / x.sum()), len(y)
    spread = float((y - value * x).std(ddof=1)) if n > 1 else math.nan
    width = 1.96 * spread / (math.sqrt(n) * float(x.mean()))
    return Mean(value, value - width, value + width, n)


def expected_proportion(count: float, n: float, level: float = 0.95) -> dict[str, float]:
    """Return a share whose count is a sum of probabilities, one a run, as `n`, `share`, `low`, `high`.

    The same quantiles as in `proportion`, at a count that need not be whole. Averaged probabilities vary less than
    events that happen with them, so the interval is, if anything, too wide.

    Raises
    ------
    ValueError
        If not ``0 <= count <= n`` and ``n > 0``.
    """
    if n < 1 or not 0 <= count <= n:
        raise ValueError(f"count {count} is not between 0 and {n}, or there is no run")
    low, high = _interval(count, n, level)
    return {"n": n, "share": count / n, "low": low, "high": high}


def _interval(count: float, n: float, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    low = float(beta.ppf(tail, count, n - count + 1)) if count > 0 else 0.0
    high = float(beta.ppf(1 - tail, count + 1, n - count)) if count < n else 1.0
    return low, high
