"""Scores of probability forecasts over ordered outcomes; lower is better wherever it is not said otherwise.

Forecasts are an array p of shape (n, c): row i the probabilities of the c outcomes in their order, here
none, minor, serious, war. What happened is an array `observed` of shape (n,), values 0 to c - 1. An event
"at least t" is `observed >= t`, with the forecast probability ``p[:, t:].sum(axis=1)``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]


def rps(p: ArrayLike, observed: ArrayLike) -> Floats:
    """Ranked probability score of each forecast: the mean over c - 1 cumulative differences squared.

    The mean, not the sum: 0 for certainty of what happened, 1 for certainty of the opposite end, so that
    scores over ladders of different length compare (Epstein 1969).

    Raises
    ------
    ValueError
        If rows are no probabilities, or an outcome does not exist. So does every score here.
    """
    p, observed = _checked(p, observed)
    happened = np.arange(p.shape[1] - 1) >= observed[:, None]
    score: Floats = ((np.cumsum(p, axis=1)[:, :-1] - happened) ** 2).mean(axis=1)
    return score


def log_score(p: ArrayLike, observed: ArrayLike) -> Floats:
    """Minus the natural logarithm of the probability given to what happened, shape (n,); infinite where it was 0."""
    p, observed = _checked(p, observed)
    with np.errstate(divide="ignore"):
        return -np.log(p[np.arange(len(p)), observed])


def brier(p: ArrayLike, observed: ArrayLike, threshold: int) -> Floats:
    """Squared difference between P(at least `threshold`) and whether it happened, shape (n,) (Brier 1950)."""
    event, happened = _event(p, observed, threshold)
    return (event - happened) ** 2


def auc(p: ArrayLike, observed: ArrayLike, threshold: int) -> float:
    """Chance that an event was given more probability than a case without it; ties count half. Higher is better.

    The Mann-Whitney statistic (Hanley & McNeil 1982); NaN where all or none of the cases are events.
    """
    event, happened = _event(p, observed, threshold)
    n1 = int(happened.sum())
    n0 = len(happened) - n1
    if n1 == 0 or n0 == 0:
        return np.nan
    ranks = rankdata(event)
    return float((ranks[happened].sum() - n1 * (n1 + 1) / 2) / (n1 * n0))


def pit(p: ArrayLike, observed: ArrayLike, bins: int = 10) -> Floats:
    """Histogram of the non-randomised probability integral transform: the share of each bin, shape (bins,).

    A discrete outcome's transform is an interval, from the probability of less to the probability of no more
    than what happened; each case spreads its weight evenly over its interval (Czado, Gneiting & Held 2009).
    Calibrated forecasts give about 1 / bins everywhere. Nothing is drawn, so it is the same each time.
    """
    p, observed = _checked(p, observed)
    upto = np.cumsum(p, axis=1)[np.arange(len(p)), observed]
    width = np.maximum(p[np.arange(len(p)), observed], np.finfo(float).tiny)
    edges = np.linspace(0.0, 1.0, bins + 1)
    below = np.clip((edges - (upto - width)[:, None]) / width[:, None], 0.0, 1.0)
    below[:, -1] = 1.0
    shares: Floats = np.diff(below.mean(axis=0))
    return shares


def sharpness(p: ArrayLike) -> Floats:
    """Entropy of each forecast in natural units, shape (n,): 0 for certainty, log c for none.

    It says nothing of calibration: of two calibrated forecasts the sharper is better (Gneiting, Balabdaoui &
    Raftery 2007).
    """
    p = _probabilities(p)
    terms = np.where(p > 0, p, 1.0)
    entropy: Floats = -(p * np.log(terms)).sum(axis=1)
    return entropy


class Reliability(NamedTuple):
    """A reliability diagram: an array entry for each bin that holds a forecast.

    Attributes
    ----------
    n : array of int
        Forecasts in the bin.
    forecast : array
        Mean probability forecast.
    frequency : array
        Share that happened.
    low, high : array
        Where `frequency` would lie, in all bins at once, in 95 % of the worlds in which forecasts are right.
    """

    n: NDArray[np.int64]
    forecast: Floats
    frequency: Floats
    low: Floats
    high: Floats

    @property
    def consistent(self) -> bool:
        """Whether every frequency lies within its bar."""
        return bool(np.all((self.low <= self.frequency) & (self.frequency <= self.high)))


def reliability(
    p_event: ArrayLike,
    happened: ArrayLike,
    bins: int = 10,
    *,
    level: float = 0.95,
    resamples: int = 4000,
    seed: int = 0,
) -> Reliability:
    """Compare forecast probabilities of an event with how often it happened, in bins of equal count.

    Intervals are consistency bars (Bröcker & Smith 2007): events are drawn with the probabilities forecast,
    given which forecasts were made. They are made simultaneous by the rank of each drawn diagram's most
    extreme bin (Westfall & Young 1993), so all bins are within their bars in at least `level` of the drawn
    diagrams. Cases count as independent; forecasts that are equal share a bin.
    """
    p_event, happened = np.asarray(p_event, dtype=float), np.asarray(happened, dtype=bool)
    if p_event.shape != happened.shape or p_event.ndim != 1 or not np.all((p_event >= 0) & (p_event <= 1)):
        raise ValueError("p_event must be probabilities, and happened as long")
    ranks = (rankdata(p_event, method="min") - 1) / len(p_event)
    _, bin_of, n = np.unique((ranks * bins).astype(int), return_inverse=True, return_counts=True)

    def share(values: Floats) -> Floats:
        return np.bincount(bin_of, weights=values, minlength=len(n)) / n

    rng = np.random.default_rng(seed)
    drawn = np.stack([share((rng.random(len(p_event)) < p_event).astype(float)) for _ in range(resamples)])
    low, high = _simultaneous(drawn, level)
    return Reliability(n, share(p_event), share(happened.astype(float)), low, high)


def _simultaneous(drawn: Floats, level: float) -> tuple[Floats, Floats]:
    """Return bounds per column of `drawn` (rows, columns) that hold at least a share `level` of rows whole."""
    rows = len(drawn)
    # how far from the end each value stands among its column: the smaller, the more extreme
    depth = np.minimum(rankdata(drawn, method="max", axis=0), rankdata(-drawn, method="max", axis=0)).min(axis=1)
    cut = int(np.quantile(depth, 1 - level, method="lower"))
    ordered = np.sort(drawn, axis=0)
    return ordered[cut - 1], ordered[rows - cut]


class Difference(NamedTuple):
    """A mean difference with its bootstrap interval; negative where the first is better."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        """Mean and interval with four decimals."""
        return f"{self.mean:+.4f} ({self.low:+.4f} to {self.high:+.4f})"


def paired_difference(
    a: ArrayLike,
    b: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    level: float = 0.95,
    resamples: int = 10_000,
    seed: int = 0,
) -> Difference:
    """Mean of a - b, two scores of the same crises, with a percentile bootstrap interval.

    Parameters
    ----------
    a, b : array, shape (n,)
        A score of each crisis under two forecasts.
    groups : array of int, shape (n,), optional
        Protracted conflicts: whole groups are drawn, not crises (cluster bootstrap; Field & Welsh 2007), since
        crises of one conflict resemble each other.
    level : float
        Of the interval.
    resamples, seed : int
        Bootstrap samples, and what they are drawn from.
    """
    difference = np.asarray(a, dtype=float) - np.asarray(b, dtype=float)
    if difference.ndim != 1 or not len(difference):
        raise ValueError("a and b must be scores of the same crises")
    _, group = np.unique(np.arange(len(difference)) if groups is None else np.asarray(groups), return_inverse=True)
    if len(group) != len(difference):
        raise ValueError("groups must have an entry for each crisis")
    size = np.bincount(group).astype(float)
    total = np.bincount(group, weights=difference)
    counts = np.random.default_rng(seed).multinomial(len(size), np.full(len(size), 1 / len(size)), size=resamples)
    means = (counts @ total) / (counts @ size)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Difference(float(difference.mean()), float(low), float(high))


def counts_to_probability(counts: ArrayLike) -> Floats:
    """Turn counts of simulated outcomes, shape (n, c), into probabilities that are never 0: (count + 1/c) / (runs + 1).

    One run's worth of evenness is added, so that an outcome that no run reached costs a finite log score.
    """
    counts = np.asarray(counts, dtype=float)
    if counts.ndim != 2 or not np.all(counts >= 0):
        raise ValueError("counts must be an array of shape (n, c), none negative")
    p: Floats = (counts + 1 / counts.shape[1]) / (counts.sum(axis=1, keepdims=True) + 1)
    return p


def _event(p: ArrayLike, observed: ArrayLike, threshold: int) -> tuple[Floats, NDArray[np.bool_]]:
    p, observed = _checked(p, observed)
    if not 1 <= threshold < p.shape[1]:
        raise ValueError(f"threshold is {threshold}; allowed: 1 to {p.shape[1] - 1}")
    return p[:, threshold:].sum(axis=1), observed >= threshold


def _checked(p: ArrayLike, observed: ArrayLike) -> tuple[Floats, NDArray[np.int64]]:
    p, happened = _probabilities(p), np.asarray(observed)
    if happened.shape != (len(p),):
        raise ValueError(f"{len(p)} forecasts, but outcomes of shape {happened.shape}")
    if not np.all(np.isin(happened, range(p.shape[1]))):
        raise ValueError(f"outcomes must be whole numbers of 0 to {p.shape[1] - 1}")
    return p, happened.astype(np.int64)


def _probabilities(p: ArrayLike) -> Floats:
    array = np.asarray(p, dtype=float)
    if array.ndim != 2 or array.shape[1] < 2:
        raise ValueError(f"forecasts have shape {array.shape}; allowed: (n, number of outcomes)")
    if not np.all(array >= 0) or not np.allclose(array.sum(axis=1), 1, atol=1e-6):
        raise ValueError("each row of forecasts must be probabilities that sum to 1")
    return array
