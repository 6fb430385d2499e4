"""A fast stand-in for many runs: P(class of outcome | parameters), one logit per crisis, learnt from runs.

For crisis c and class k the log odds are quadratic in each standardised parameter z,

    L_ck(z) = w_ck0 + sum_j w_ckj z_j + v_ckj (z_j^2 - 1),    P_ck = exp(L_ck) / sum_l exp(L_cl).

Crises that open alike share most of their weights: a ridge logit of all of them, with constants of their own,
is fitted first, then each crisis's departure from it under a ridge (partial pooling; le Cessie & van
Houwelingen 1992). There are no products of parameters: what they would add is judged by runs that were held out (`Holdout`).

References
----------
Kennedy, M. C., & O'Hagan, A. (2001). Bayesian calibration of computer models. Journal of the Royal Statistical
    Society B 63(3), 425-464.
le Cessie, S., & van Houwelingen, J. C. (1992). Ridge estimators in logistic regression. Applied Statistics
    41(1), 191-201.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

from sim.history.logit import Floats, Integers, Scale, scale

Mask = NDArray[np.bool_]
NEVER = -1e9  # log odds of a class that no run of a crisis reached
_CONSTANT = 2.0  # penalty on a crisis's own constants: they are to depart freely, but exist for a rare class


class Emulator(NamedTuple):
    """Logits of C crises, K classes, d parameters.

    Attributes
    ----------
    weights : array, shape (C, 1 + 2 d, K)
        Constants, then those of z, then those of z^2 - 1.
    possible : array of bool, shape (C, K)
        Classes that some run of the crisis reached; the others have probability 0.
    scale : Scale
        Mean and spread of each parameter over the runs.
    """

    weights: Floats
    possible: Mask
    scale: Scale

    def __call__(self, X: Floats) -> Floats:
        """Probabilities, shape (C, n, K), at parameters of shape (C, n, d)."""
        return np.exp(_logs(quadratic(self.scale(X)), self.weights, self.possible))


class Holdout(NamedTuple):
    """Mean log likelihood of runs that were held out, in natural units; higher is better."""

    emulator: float
    pooled: float  # by what crises that open alike share, with constants of their own
    constant: float  # by each crisis's shares of the classes, whatever the parameters


def fit_emulator(
    X: Floats, y: Integers, levels: int, pools: Integers, penalty: float = 4000.0, held: float = 0.15
) -> tuple[Emulator, Holdout]:
    """Fit the logits.

    Parameters
    ----------
    X : array, shape (C, R, d)
        Parameters of each run of each crisis.
    y : array of int, shape (C, R)
        Class of each run, 0 to levels - 1.
    pools : array of int, shape (C,)
        Crises with the same number share a logit.
    penalty : float
        On a crisis's departure from it, in units of one run's curvature on a standardised column.
    held : float
        Share of the runs, the last ones, that are not learnt from.

    Raises
    ------
    ValueError
        If shapes do not fit, a class does not exist, or fewer than ten runs are left to learn from.
    """
    learnt = _checked(X, y, levels, pools, held)
    measure = scale(X[:, :learnt].reshape(-1, X.shape[2]))
    crises, width = len(X), 1 + 2 * X.shape[2]
    weights, possible = np.empty((crises, width, levels)), np.empty((crises, levels), bool)
    scores = np.empty((crises, 3))
    loose = np.r_[1e-6, np.ones(width - 1)]
    own = np.r_[_CONSTANT, np.full(width - 1, penalty)]
    for pool in np.unique(pools):
        members = np.flatnonzero(pools == pool)
        for c in members:
            possible[c] = np.bincount(y[c], minlength=levels) > 0
        F = quadratic(measure(X[members, :learnt]))
        shared, constants = _shared(F, y[members, :learnt], levels, loose, possible[members])
        for c, constant in zip(members, constants, strict=True):
            F, outcome = quadratic(measure(X[c])), y[c]
            pooled = shared + np.vstack([constant, np.zeros((width - 1, levels))])
            offset = F[:learnt] @ pooled + np.where(possible[c], 0.0, NEVER)
            weights[c] = pooled + ridge_logit(F[:learnt], outcome[:learnt], levels, own, offset)
            shares = np.log((np.bincount(outcome[:learnt], minlength=levels) + 1 / levels) / (learnt + 1))
            rows, happened = np.arange(len(outcome) - learnt), outcome[learnt:]
            scores[c] = (
                _logs(F[learnt:], weights[c], possible[c])[rows, happened].mean(),
                _logs(F[learnt:], pooled, possible[c])[rows, happened].mean(),
                shares[happened].mean(),
            )
    return Emulator(weights, possible, measure), Holdout(*scores.mean(axis=0).tolist())


def _shared(F: Floats, y: Integers, levels: int, penalty: Floats, possible: Mask) -> tuple[Floats, Floats]:
    """Return what crises (first axis) share, shape (m, levels), and constants of each, shape (crises, levels).

    In turn, twice: constants left out would weaken what is shared, as heterogeneity does in any logit.
    """
    constants = np.zeros((len(F), levels))
    mask = np.where(possible, 0.0, NEVER)
    one, one_penalty = np.ones((F.shape[1], 1)), np.array([_CONSTANT])
    for _ in range(2):
        offset = np.repeat(constants + mask, F.shape[1], axis=0)
        shared = ridge_logit(F.reshape(-1, F.shape[2]), y.ravel(), levels, penalty, offset)
        for c in range(len(F)):
            constants[c] = ridge_logit(one, y[c], levels, one_penalty, F[c] @ shared + mask[c])[0]
    return shared, constants


def quadratic(Z: Floats) -> Floats:
    """Columns of standardised parameters, shape (..., d): 1, z, z^2 - 1; shape (..., 1 + 2 d)."""
    return np.concatenate([np.ones((*Z.shape[:-1], 1)), Z, Z**2 - 1], axis=-1)


def ridge_logit(F: Floats, y: Integers, levels: int, penalty: Floats, offset: Floats | float = 0.0) -> Floats:
    """Weights of a multinomial logit, shape (m, levels): maximum of the likelihood less penalty / 2 times squares.

    Parameters
    ----------
    F : array, shape (n, m)
    y : array of int, shape (n,)
    penalty : array, shape (m,)
        Of each column, above 0.
    offset : array, shape (n, levels), optional
        Log odds to depart from.

    Raises
    ------
    ArithmeticError
        If no maximum is found.
    """
    happened = np.eye(levels)[y]

    def loss(packed: Floats) -> tuple[float, Floats]:
        weights = packed.reshape(-1, levels)
        logs = log_softmax(F @ weights + offset, axis=1)
        value = -logs[np.arange(len(y)), y].sum() + (penalty[:, None] * weights**2).sum() / 2
        gradient = F.T @ (np.exp(logs) - happened) + penalty[:, None] * weights
        return float(value) / len(y), gradient.ravel() / len(y)

    result = minimize(
        loss, np.zeros(F.shape[1] * levels), jac=True, method="L-BFGS-B",
        options={"maxiter": 300, "maxcor": 20, "gtol": 1e-5, "ftol": 1e-9},
    )  # fmt: skip
    if not np.isfinite(result.fun):
        raise ArithmeticError(f"the logit has no maximum: {result.message}")
    return np.asarray(result.x, dtype=float).reshape(-1, levels)


def _logs(F: Floats, weights: Floats, possible: Mask) -> Floats:
    mask = np.where(possible, 0.0, NEVER)[..., None, :]
    return np.asarray(log_softmax(F @ weights + mask, axis=-1), dtype=float)


def _checked(X: Floats, y: Integers, levels: int, pools: Integers, held: float) -> int:
    """Return the number of runs to learn from."""
    if X.ndim != 3 or y.shape != X.shape[:2] or pools.shape != X.shape[:1]:
        raise ValueError(f"shapes do not fit: X {X.shape}, y {y.shape}, pools {pools.shape}")
    if y.min() < 0 or y.max() >= levels:
        raise ValueError(f"classes must be whole numbers of 0 to {levels - 1}")
    learnt: int = X.shape[1] - round(held * X.shape[1])
    if learnt < 10 or learnt == X.shape[1]:
        raise ValueError(f"{X.shape[1]} runs of which {held:g} are held out: at least 10 must be learnt from, 1 held")
    return learnt
