"""Chance and parameters apart: runs that come in groups, each group at a parameter point of its own.

Point k of K has the unknown probability p_k and m_k runs, of which y_k show the outcome. The p_k are draws from a
distribution with mean p and variance tau^2: that is the parameters' part. Given p_k the count is binomial: that is
chance. All counts are arrays of shape (K,).

The same holds of any value a run, with its sum at a point for y_k: a paired difference is 1, -1 or 0 in each run. Its
squares are then another count, while those of what happens or not are the count itself.

References
----------
Donner, A. (1986). A review of inference procedures for the intraclass correlation coefficient in the one-way random
    effects model. International Statistical Review, 54(1), 67-82.
Korn, E. L., & Graubard, B. I. (1998). Confidence intervals for proportions with small expected number of positive
    counts estimated from survey data. Survey Methodology, 24(2), 193-201.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, t

from sim.estimate import expected_proportion

LEVEL = 0.95
RESAMPLES = 2000
ROUNDING = 1e-12  # of a mean square
Counts = NDArray[np.int64]
Values = NDArray[np.float64]


class Moments(NamedTuple):
    """What groups of runs say of the probabilities behind them.

    Attributes
    ----------
    share : float
        Mean over runs.
    between : float
        tau^2: variance of the points' probabilities, without the binomial noise of their shares. Unbiased, so that it
        can be below 0 where there is little.
    within : float
        Mean of p_k (1 - p_k), the variance within a point: that by chance of a single run.
    of_share : float
        Variance of `share` over runs and points: its simulation error, squared.
    points : int
        How many there are.
    """

    share: float
    between: float
    within: float
    of_share: float
    points: int


def moments(count: Counts, runs: Counts, squares: Counts | None = None) -> Moments:
    """Return the analysis-of-variance estimates of a one-way random effects model (Donner 1986).

    With MSB = sum m_k (y_k / m_k - p)^2 / (K - 1) and MSW = sum y_k (1 - y_k / m_k) / (N - K), the expected MSW is the
    mean of p_k (1 - p_k), and that of MSB is as much and n_0 tau^2 more, n_0 = (N - sum m_k^2 / N) / (K - 1).

    Parameters
    ----------
    count, runs : (K,) array
        Sum of the values at each point, and its runs.
    squares : (K,) array, optional
        Sum of the values' squares, where these are not 0 and 1 alone: the first y_k of MSW.

    Raises
    ------
    ValueError
        If there are fewer than two points, a point without a run, or no point with two, or values beyond -1 and 1.
    """
    count, runs = np.asarray(count, np.int64), np.asarray(runs, np.int64)
    squares = count if squares is None else np.asarray(squares, np.int64)
    if len(runs) < 2 or runs.min() < 1 or runs.sum() <= len(runs) or (np.abs(count) > squares).any():
        raise ValueError("counts must be 0 .. runs, of two or more points with a run each and more runs than points")
    if (squares > runs).any():
        raise ValueError("counts must be 0 .. runs: no value of a run is beyond -1 and 1")
    share, between, within, of_share = _moments(np.ones((1, len(runs))), count, runs, squares)
    return Moments(float(share[0]), float(between[0]), float(within[0]), float(of_share[0]), len(runs))


def _moments(weight: Values, count: Counts, runs: Counts, square: Counts) -> tuple[Values, Values, Values, Values]:
    """Moments where point k counts `weight[b, k]` times, for each b."""
    points, m, y = weight.sum(axis=1), runs.astype(float), count.astype(float)
    n, squares, hits, ratios = (weight @ column for column in (m, m * m, y, y * y / m))
    share = hits / n
    within = (weight @ square.astype(float) - ratios) / (n - points)
    mean_square = (ratios - hits * share) / (points - 1)
    beyond = np.where(np.abs(mean_square - within) > ROUNDING * mean_square, mean_square - within, 0.0)
    between = beyond / ((n - squares / n) / (points - 1))
    # of a ratio of sums over points, linearised: sum m_k^2 (y_k / m_k - p)^2 / N^2, with K / (K - 1)
    spread = weight @ (y * y) - 2 * share * (weight @ (y * m)) + share * share * squares
    return share, between, within, spread / (n * n) * points / (points - 1)


def effective_runs(found: Moments, alone: float, runs: int, level: float = LEVEL) -> float:
    """Return how many runs would give the same variance if each came at a point of its own (Korn & Graubard 1998).

    No more than there are, and fewer for the few degrees of freedom that points leave. `alone`: variance of one run.
    """
    if found.of_share <= 0:
        return float(runs)
    tail = (1 + level) / 2
    freedom = (t.ppf(tail, runs - 1) / t.ppf(tail, found.points - 1)) ** 2
    return float(min(freedom * alone / found.of_share, runs))


def interval(found: Moments, runs: int, level: float = LEVEL) -> dict[str, float]:
    """Return a share with its interval for simulation error: runs, and the points at which they were made.

    Clopper and Pearson's, with the `effective_runs`. Where nothing, or everything, was seen, all runs count.
    """
    p = found.share
    n = effective_runs(found, p * (1 - p), runs, level)
    if n < 1:
        return {"n": n, "share": p, "low": 0.0, "high": 1.0}
    return expected_proportion(p * n, n, level)


def band(found: Moments, level: float = LEVEL) -> tuple[float, float]:
    """Return the range in which the middle part `level` of the points' probabilities lies, free of binomial noise.

    Quantiles of the beta distribution with the mean and the variance found (the counts are then beta-binomial), and not
    of the points' own shares, which chance spreads wider. Without variance it is the share alone.
    """
    p, variance = found.share, found.between
    if variance <= 0 or not 0 < p < 1:
        return p, p
    size = max(p * (1 - p) / variance - 1, 1e-6)  # points at 0 and 1 alone: nothing is wider
    low, high = (float(beta.ppf(tail, p * size, (1 - p) * size)) for tail in ((1 - level) / 2, (1 + level) / 2))
    return low, high


class Split(NamedTuple):
    """How much of a spread is parameters that are not known, with an interval; the rest is chance."""

    share: float
    low: float
    high: float


class Apart(NamedTuple):
    """The two uncertainties of one probability.

    Attributes
    ----------
    of_answer : Split
        Part of the parameters in what is not known about the probability: tau^2 / (tau^2 + variance of the share).
        More runs at more points make it larger, and the answer no more certain than the band.
    of_run : Split
        Part of the parameters in how one run differs from another: of a share tau^2 / (p (1 - p)), the intraclass
        correlation; of a difference d tau^2 / (E d^2 - (E d)^2).
    deviation : Split
        tau itself: standard deviation of the probability over the points.
    """

    of_answer: Split
    of_run: Split
    deviation: Split


def apart(count: Counts, runs: Counts, seed: int, level: float = LEVEL, squares: Counts | None = None) -> Apart:
    """Return the split of the variance, with intervals by the bootstrap over points.

    Points are drawn again with replacement (the runs of a point stay together). The interval is that of MSB on a log
    scale, on which variances are less skewed: Student's t with K - 1 degrees of freedom, and as standard error the
    resamples' deviation, or that under chance alone, sqrt(2 / (K - 1)), where it is smaller. tau^2 follows from its
    ends; below 0 it counts as 0. It covers 92 to 99 % for points whose probabilities are beta distributed, less (89 %)
    where the outcome is rare and hangs on few points. Counts and squares are those of `moments`.
    """
    count, runs = np.asarray(count, np.int64), np.asarray(runs, np.int64)
    squares = count if squares is None else np.asarray(squares, np.int64)
    found, points = moments(count, runs, squares), len(runs)
    n = float(runs.sum())
    n_0 = (n - float((runs * runs).sum()) / n) / (points - 1)
    weight = np.random.default_rng(seed).multinomial(points, np.full(points, 1 / points), RESAMPLES).astype(float)
    _, between, within, _ = _moments(weight, count, runs, squares)
    square, drawn = found.within + n_0 * found.between, within + n_0 * between
    error = max(float(np.log(drawn[drawn > 0]).std()) if (drawn > 0).any() else 0.0, math.sqrt(2 / (points - 1)))
    width = float(t.ppf((1 + level) / 2, points - 1)) * error
    ends = [max((square * math.exp(way * width) - found.within) / n_0, 0.0) for way in (0, -1, 1)]
    spread = float(squares.sum()) / n - found.share**2

    def split(other: float) -> Split:
        return Split(*(value / (value + other) if value + other > 0 else 0.0 for value in ends))

    of_run = [min(value / spread, 1.0) if spread > 0 else 0.0 for value in ends]
    return Apart(split(found.of_share), Split(*of_run), Split(*(math.sqrt(value) for value in ends)))
