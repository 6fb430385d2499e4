"""A smooth stand-in for the share of runs in which something happens, fitted to runs: for search, and against noise."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln, expit, log_expit

_RIDGE = 1.0
_LEAST = 1e-9

Floats = NDArray[np.float64]


class Surrogate(NamedTuple):
    """Log odds of joining as a quadratic form of what goes into a case: ``c + z b + z Q z``."""

    constant: float
    slopes: Floats
    curvature: Floats  # symmetric

    def __call__(self, z: Floats) -> Floats:
        """Log odds of rows z, shape (n,)."""
        odds: Floats = self.constant + z @ self.slopes + np.einsum("ni,ij,nj->n", z, self.curvature, z, optimize=True)
        return odds

    def gradient(self, z: Floats) -> Floats:
        """Derivative of the log odds by z, shape (n, m)."""
        slope: Floats = self.slopes + 2 * z @ self.curvature
        return slope


def fit_surrogate(z: Floats, joined: Floats, runs: int) -> Surrogate:
    """Fit log odds to counts of `runs` runs at each row of z, by binomial likelihood with a little ridge."""
    m = z.shape[1]
    first, second = np.triu_indices(m)
    X = np.column_stack([np.ones(len(z)), z, z[:, first] * z[:, second]])

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = X @ weights
        value = -(joined * log_expit(odds) + (runs - joined) * log_expit(-odds)).sum()
        pull = np.concatenate([[0.0], weights[1:]])
        return float(value + _RIDGE / 2 * pull @ pull), X.T @ (runs * expit(odds) - joined) + _RIDGE * pull

    share = (joined.sum() + 0.5) / (runs * len(z) + 1)
    guess = np.zeros(X.shape[1])
    guess[0] = np.log(share / (1 - share))
    weights = minimize(loss, guess, jac=True, method="L-BFGS-B", options={"maxiter": 3000, "maxfun": 4000}).x
    upper = np.zeros((m, m))
    upper[first, second] = weights[1 + m :]
    return Surrogate(float(weights[0]), weights[1 : 1 + m], (upper + upper.T) / 2)


def probabilities(odds: Floats, joined: Floats, runs: int) -> Floats:
    """Probability of joining of each case from its runs, steadied by a surrogate; shape (n,).

    ``(count + m s) / (runs + m)`` with ``s = logistic(a + b odds)``, and a, b, m those under which a beta-binomial
    makes the counts likeliest. Joining is rare, so a share of a hundred runs is mostly noise; with many runs this
    is the share. Nothing that happened in history is in it.

    Parameters
    ----------
    odds : array, shape (n,)
        Log odds that a surrogate gives.
    joined : array, shape (n,)
        Of `runs` runs each.
    """

    def loss(fit: Floats) -> float:
        s, m = np.clip(expit(fit[0] + fit[1] * odds), _LEAST, 1 - _LEAST), np.exp(fit[2])
        a, b = m * s, m * (1 - s)
        return -float((betaln(a + joined, b + runs - joined) - betaln(a, b)).sum())

    bounds = [(-15.0, 15.0), (0.0, 3.0), (-2.0, 12.0)]
    constant, slope, log_m = minimize(loss, np.array([0.0, 1.0, 4.0]), method="L-BFGS-B", bounds=bounds).x
    m = np.exp(log_m)
    p: Floats = (joined + m * np.clip(expit(constant + slope * odds), _LEAST, 1 - _LEAST)) / (runs + m)
    return p
