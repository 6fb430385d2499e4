"""Penalised logits over ordered outcomes: one slope for all thresholds, or slopes of its own for each outcome.

Both maximise the log likelihood less penalty / 2 times the slopes squared (ridge; le Cessie & van Houwelingen
1992), so they exist also where an outcome is rare or separated. Constants are not penalised: with an infinite
penalty the forecast is the climatology. Columns should be of one scale (`standardised`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, softmax

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_SMALL = 1e-12  # keeps a logarithm finite while the search passes through impossible places


class Ordered(NamedTuple):
    """P(y <= k | x) = logistic(cuts_k - x slopes) (McCullagh 1980).

    Attributes
    ----------
    slopes : array, shape (m,)
        Logit units per unit of a column; positive for more.
    cuts : array, shape (levels - 1,)
        Where outcomes part, ascending.
    """

    slopes: Floats
    cuts: Floats

    def __call__(self, X: Floats) -> Floats:
        """Probabilities, shape (n, levels), of rows X, shape (n, m)."""
        below = expit(self.cuts - (X @ self.slopes)[:, None])
        return np.diff(below, axis=1, prepend=0.0, append=1.0)


class Multinomial(NamedTuple):
    """P(y = k | x) proportional to exp(constants_k + x slopes_k).

    Attributes
    ----------
    slopes : array, shape (m, levels)
    constants : array, shape (levels,)
    """

    slopes: Floats
    constants: Floats

    def __call__(self, X: Floats) -> Floats:
        """Probabilities, shape (n, levels), of rows X, shape (n, m)."""
        return np.asarray(softmax(self.constants + X @ self.slopes, axis=1), dtype=float)


def ordered_logit(X: Floats, y: Integers, levels: int, penalty: float) -> Ordered:
    """Fit a proportional-odds logit.

    Parameters
    ----------
    X : array, shape (n, m)
    y : array of int, shape (n,)
        Outcomes of 0 to levels - 1; one that is missing gets a probability near 0.
    levels : int
    penalty : float
        At least 0, in units of one observation's curvature on a standardised column.

    Raises
    ------
    ArithmeticError
        If no maximum is found.
    """
    m, rows = X.shape[1], np.arange(len(y))

    def unpack(packed: Floats) -> tuple[Floats, Floats]:
        return packed[:m], np.cumsum(np.concatenate([packed[m : m + 1], np.exp(packed[m + 1 :])]))

    def loss(packed: Floats) -> tuple[float, Floats]:
        slopes, cuts = unpack(packed)
        below = expit(cuts - (X @ slopes)[:, None])
        density = np.pad(below * (1 - below), ((0, 0), (1, 1)))
        probability = np.maximum(np.diff(below, axis=1, prepend=0.0, append=1.0)[rows, y], _SMALL)
        upper, lower = density[rows, y + 1] / probability, density[rows, y] / probability
        by_cut = np.zeros((len(y), levels + 1))
        by_cut[rows, y + 1] = upper
        by_cut[rows, y] = -lower
        by_cut = by_cut[:, 1:-1].sum(axis=0)
        by_slope = -X.T @ (upper - lower)
        # a cut is the first one plus all gaps up to it
        by_gap = np.cumsum(by_cut[::-1])[::-1] * np.concatenate([[1.0], np.exp(packed[m + 1 :])])
        value = -np.log(probability).sum() + penalty / 2 * slopes @ slopes
        return float(value), np.concatenate([penalty * slopes - by_slope, -by_gap])

    share = np.cumsum(np.bincount(y, minlength=levels) + 0.5)[:-1] / (len(y) + levels / 2)
    cuts = np.log(share / (1 - share))
    start = np.concatenate([np.zeros(m), cuts[:1], np.log(np.diff(cuts))])
    return Ordered(*unpack(_minimum(loss, start)))


def multinomial_logit(X: Floats, y: Integers, levels: int, penalty: float) -> Multinomial:
    """Fit a multinomial logit; parameters and errors as `ordered_logit`, slopes penalised for every outcome."""
    m = X.shape[1]
    happened = np.eye(levels)[y]

    def loss(packed: Floats) -> tuple[float, Floats]:
        weights = packed.reshape(m + 1, levels)
        logs = log_softmax(weights[m] + X @ weights[:m], axis=1)
        error = np.exp(logs) - happened
        gradient = np.concatenate([X.T @ error + penalty * weights[:m], error.sum(axis=0, keepdims=True)])
        value = -(logs * happened).sum() + penalty / 2 * (weights[:m] ** 2).sum()
        return float(value), gradient.ravel()

    constants = np.log(np.bincount(y, minlength=levels) + 0.5)
    start = np.concatenate([np.zeros(m * levels), constants - constants.mean()])
    weights = _minimum(loss, start).reshape(m + 1, levels)
    return Multinomial(weights[:m], weights[m])


class Scale(NamedTuple):
    """Means and standard deviations of the columns that a logit was fitted on, shape (m,) each."""

    mean: Floats
    spread: Floats

    def __call__(self, X: Floats) -> Floats:
        """Columns with a mean of 0 and a standard deviation of 1 where they were fitted; NaN becomes the mean."""
        return np.nan_to_num((X - self.mean) / self.spread)


def scale(X: Floats) -> Scale:
    """Measure columns, passing over NaN; one that does not vary, or is all NaN, has no effect."""
    known = ~np.isnan(X)
    n = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, X, 0.0).sum(axis=0) / n
    spread = np.sqrt((np.where(known, X - mean, 0.0) ** 2).sum(axis=0) / n)
    return Scale(mean, np.where(spread > _SMALL, spread, np.inf))


def _minimum(loss: Callable[[Floats], tuple[float, Floats]], start: Floats) -> Floats:
    result = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000, "gtol": 1e-6, "ftol": 1e-13})
    if not np.isfinite(result.fun):
        raise ArithmeticError(f"the logit has no maximum: {result.message}")
    return np.asarray(result.x, dtype=float)
