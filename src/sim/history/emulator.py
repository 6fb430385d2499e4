"""A fast stand-in for many runs: P(class of outcome | parameters) of each crisis, learnt from runs.

For crisis c, which opens as those of pool g do, and class k the log odds are quadratic in each standardised
parameter z,

    L_ck(z) = a_ck + sum_j w_gkj z_j + v_gkj (z_j^2 - 1),    P_ck = exp(L_ck) / sum_l exp(L_cl).

The pool shares its weights, under a ridge (le Cessie & van Houwelingen 1992); constants are each crisis's own.
There are no products of parameters; how good it is, runs that were held out say (`Holdout`).

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
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from sim.history.logit import Floats, Integers, Scale, scale

NEVER = -1e9  # log odds of a class that no run of a crisis reached
_CONSTANT = 2.0  # penalty on a crisis's constants: they are to differ freely, but exist for a rare class


class Emulator(NamedTuple):
    """Logits of C crises in G pools, K classes, d parameters.

    Attributes
    ----------
    weights : array, shape (G, 2 d, K)
        Of z, then of z^2 - 1.
    constants : array, shape (C, K)
        `NEVER` for a class that no run of the crisis reached.
    pool : array of int, shape (C,)
        Index into the first axis of `weights`.
    scale : Scale
        Mean and spread of each parameter over the runs.
    """

    weights: Floats
    constants: Floats
    pool: Integers
    scale: Scale

    def __call__(self, X: Floats) -> Floats:
        """Probabilities, shape (C, n, K), at parameters of shape (C, n, d)."""
        logs = quadratic(self.scale(X)) @ self.weights[self.pool] + self.constants[:, None]
        return np.asarray(softmax(logs, axis=-1), dtype=float)


class Holdout(NamedTuple):
    """Mean log likelihood of runs that were held out, in natural units; higher is better."""

    emulator: float
    constant: float  # by each crisis's shares of the classes, whatever the parameters


def fit_emulator(
    X: Floats, y: Integers, levels: int, pools: Integers, penalty: float = 1.0, held: float = 0.15
) -> tuple[Emulator, Holdout]:
    """Fit the logits.

    Parameters
    ----------
    X : array, shape (C, R, d)
        Parameters of each run of each crisis.
    y : array of int, shape (C, R)
        Class of each run, 0 to levels - 1.
    pools : array of int, shape (C,)
        Crises with the same number share their weights.
    penalty : float
        On weights, in units of one run's curvature on a standardised column.
    held : float
        Share of the runs, the last ones, that are not learnt from.

    Raises
    ------
    ValueError
        If shapes do not fit, a class does not exist, or fewer than ten runs are left to learn from.
    """
    learnt = _checked(X, y, levels, pools, held)
    measure = scale(X[:, :learnt].reshape(-1, X.shape[2]))
    numbers, pool = np.unique(pools, return_inverse=True)
    weights = np.empty((len(numbers), 2 * X.shape[2], levels))
    constants = np.empty((len(X), levels))
    for g in range(len(numbers)):
        members = pool == g
        F = quadratic(measure(X[members, :learnt]))
        weights[g], constants[members] = _shared(F, y[members, :learnt], levels, penalty)
    emulator = Emulator(weights, constants, pool.astype(np.int64), measure)
    counts = np.stack([np.bincount(outcome[:learnt], minlength=levels) for outcome in y])
    shares = (counts + 1 / levels) / (learnt + 1)
    rest = y[:, learnt:, None]
    likelihood = (
        np.maximum(np.take_along_axis(p, rest, axis=2), 1 / (levels * (learnt + 1)))
        for p in (emulator(X[:, learnt:]), np.broadcast_to(shares[:, None], (*rest.shape[:2], levels)))
    )
    return emulator, Holdout(*(float(np.log(p).mean()) for p in likelihood))


def _shared(F: Floats, y: Integers, levels: int, penalty: float) -> tuple[Floats, Floats]:
    """Return weights that crises (first axis) share, shape (m, levels), and constants of each, (crises, levels).

    In turn, and constants last. Constants left out would weaken what is shared, as heterogeneity does in any logit.
    """
    reached = np.stack([np.bincount(outcome, minlength=levels) > 0 for outcome in y])
    constants = np.where(reached, 0.0, NEVER)
    one = np.ones((F.shape[1], 1))
    weights = np.zeros((F.shape[2], levels))
    for turn in range(5):
        if turn % 2:
            offset = np.repeat(constants, F.shape[1], axis=0)
            flat = F.reshape(-1, F.shape[2])
            weights = ridge_logit(flat, y.ravel(), levels, np.full(F.shape[2], penalty), offset, weights)
        else:
            for c in range(len(F)):
                mask = np.where(reached[c], 0.0, NEVER)
                own = ridge_logit(one, y[c], levels, np.array([_CONSTANT]), F[c] @ weights + mask)
                constants[c] = own[0] + mask
    return weights, constants


def quadratic(Z: Floats) -> Floats:
    """Columns of standardised parameters, shape (..., d): z, z^2 - 1; shape (..., 2 d)."""
    return np.concatenate([Z, Z**2 - 1], axis=-1)


def ridge_logit(
    F: Floats, y: Integers, levels: int, penalty: Floats, offset: Floats | float = 0.0, start: Floats | None = None
) -> Floats:
    """Weights of a multinomial logit, shape (m, levels): maximum of the likelihood less penalty / 2 times squares.

    Parameters
    ----------
    F : array, shape (n, m)
    y : array of int, shape (n,)
    penalty : array, shape (m,)
        Of each column, above 0.
    offset : array, shape (n, levels), optional
        Log odds to depart from.
    start : array, shape (m, levels), optional
        Where to begin the search.

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
        loss, np.zeros(F.shape[1] * levels) if start is None else start.ravel(), jac=True, method="L-BFGS-B",
        options={"maxiter": 300, "maxcor": 20, "gtol": 1e-5, "ftol": 1e-8},
    )  # fmt: skip
    if not np.isfinite(result.fun):
        raise ArithmeticError(f"the logit has no maximum: {result.message}")
    return np.asarray(result.x, dtype=float).reshape(-1, levels)


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
