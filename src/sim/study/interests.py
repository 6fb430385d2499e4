"""Calibration of what an ally's covariates mean for its interest, and of a few rules, by who joined.

The posterior density of the parameters is searched through a surrogate of the model that is fitted to runs at many
parameters: joining is rare, and the model too slow and too noisy to be asked at every step of a search.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from sim.history.allies import INTEREST, MOST, Case, JoiningParameters, interest_of
from sim.history.codes import is_nuclear
from sim.study.allies import Opened, Progress, simulate_cases
from sim.study.surrogate import Surrogate, fit_surrogate

BANK: Final = 20_000  # points of the surrogate
_RUNS_A_POINT = 10
_LEAST = 1e-9

Floats = NDArray[np.float64]


class Search(NamedTuple):
    """Where calibration looks: names of rules, and prior centre, standard deviation and bounds of all it moves."""

    rules: tuple[str, ...]
    centre: Floats
    sd: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, joining: JoiningParameters) -> Search:
        """Coefficients of interest first, then rules."""
        names = tuple(joining.rules)
        figures = [joining.interest[name] for name in INTEREST] + [joining.rules[name] for name in names]
        low, centre, high = np.array([(figure.low, figure.centre, figure.high) for figure in figures]).T
        return cls(names, centre, (high - low) / 4, low, high)

    @property
    def names(self) -> tuple[str, ...]:
        """Dotted names of all that it moves."""
        return (*(f"interest.{name}" for name in INTEREST), *(f"rules.{name}" for name in self.rules))

    def scaled(self, rules: Floats) -> Floats:
        """Rules on a scale on which their bounds are -1 and 1."""
        low, high = self.low[len(INTEREST) :], self.high[len(INTEREST) :]
        return (2 * rules - low - high) / (high - low)


def bank(
    opened: Sequence[Opened], search: Search, seed: int, threads: int | None = None, points: int = BANK,
    progress: Progress | None = None,
) -> Surrogate:  # fmt: skip
    """Run cases at parameters drawn from where calibration looks, and fit the surrogate to what they do."""
    rng = np.random.default_rng(seed)
    cases = [opened[n] for n in rng.integers(len(opened), size=points)]
    interest = MOST * rng.random(points) ** 2
    rules = rng.uniform(search.low[len(INTEREST) :], search.high[len(INTEREST) :], (points, len(search.rules)))
    by_name = dict(zip(search.rules, rules.T, strict=True))
    counts = simulate_cases(cases, _RUNS_A_POINT, seed + 1, interest, by_name, threads, progress)
    return fit_surrogate(_inputs(interest, search.scaled(rules), structure(cases)), counts.joined, _RUNS_A_POINT)


def _inputs(interest: Floats, rules: Floats, structural: Floats) -> Floats:
    """Return what the surrogate takes, shape (n, m): interest, its root, scaled rules, structure."""
    rules = np.broadcast_to(rules, (len(interest), rules.shape[-1]))
    return np.column_stack([interest / MOST, np.sqrt(interest / MOST), rules, structural])


class Evidence(NamedTuple):
    """What the search is told of n rows."""

    design: Floats  # [n, len(INTEREST)] from sim.history.allies.interest_design
    structural: Floats  # [n, 6] from structure
    joined: Floats  # [n]

    def of(self, part: NDArray[np.bool_]) -> Evidence:
        """Return some of the rows."""
        return Evidence(self.design[part], self.structural[part], self.joined[part])


def predicted(surrogate: Surrogate, search: Search, rows: Evidence, theta: Floats) -> Floats:
    """Log odds of joining that the surrogate gives rows at some parameters, one for all or one each; shape (n,)."""
    k = len(INTEREST)
    return surrogate(_inputs(interest_of(rows.design, theta[..., :k]), search.scaled(theta[..., k:]), rows.structural))


def calibrate(surrogate: Surrogate, search: Search, rows: Evidence, free: Collection[str] | None = None) -> Floats:
    """Return the parameters of highest posterior density: coefficients of `INTEREST`, then rules.

    Rules that are not among `free`, if it is given, stay at their centres.
    """
    held = np.array([free is not None and name not in free for name in (*INTEREST, *search.rules)])
    held[: len(INTEREST)] = False
    bounds = list(zip(*(np.where(held, search.centre, end) for end in (search.low, search.high)), strict=True))
    loss = _loss(surrogate, search, rows)
    found = minimize(loss, search.centre, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 1000})
    return np.asarray(found.x, dtype=float)


def spread(surrogate: Surrogate, search: Search, rows: Evidence, theta: Floats) -> Floats:
    """Standard deviation of each parameter about the best ones: prior precision and Fisher information (Laplace)."""
    p = expit(predicted(surrogate, search, rows, theta))
    slopes = _slopes(surrogate, search, rows, theta)
    information = slopes.T @ ((p * (1 - p))[:, None] * slopes) + np.diag(search.sd**-2)
    sd: Floats = np.sqrt(np.diag(np.linalg.inv(information)))
    return sd


def _slopes(surrogate: Surrogate, search: Search, rows: Evidence, theta: Floats) -> Floats:
    """Derivatives of each row's log odds by the parameters, shape (n, parameters)."""
    k = len(INTEREST)
    interest = interest_of(rows.design, theta[:k])
    z = _inputs(interest, search.scaled(theta[k:]), rows.structural)
    by_input = surrogate.gradient(z)
    by_interest = (by_input[:, 0] + by_input[:, 1] * 0.5 / np.maximum(z[:, 1], _LEAST)) / MOST
    by_eta = by_interest * expit(rows.design @ theta[:k]) * (interest < MOST)
    by_rule = by_input[:, 2 : 2 + len(search.rules)] / ((search.high[k:] - search.low[k:]) / 2)
    return np.column_stack([by_eta[:, None] * rows.design, by_rule])


def _loss(surrogate: Surrogate, search: Search, rows: Evidence) -> Callable[[Floats], tuple[float, Floats]]:
    """Return minus the log posterior density and its slope, as a function of the parameters."""

    def loss(theta: Floats) -> tuple[float, Floats]:
        odds = predicted(surrogate, search, rows, theta)
        off = (theta - search.centre) / search.sd
        value = -(rows.joined * log_expit(odds) + (1 - rows.joined) * log_expit(-odds)).sum() + off @ off / 2
        slope = (expit(odds) - rows.joined) @ _slopes(surrogate, search, rows, theta)
        return float(value), slope + off / search.sd

    return loss


def held_out(
    surrogate: Surrogate,
    search: Search,
    rows: Evidence,
    division: NDArray[np.int64],
    free: Collection[str] | None = None,
) -> Floats:
    """Parameters for each row, calibrated on the other folds; shape (n, parameters)."""
    theta = np.empty((len(rows.joined), len(search.centre)))
    for fold in np.unique(division):
        held = division == fold
        theta[held] = calibrate(surrogate, search, rows.of(~held), free)
    return theta


def structure(opened: Sequence[Opened]) -> Floats:
    """What else of a case bears on joining in the model, scaled to about -1..1; shape (n, 6).

    Initiator's power to the target's, ally's to the initiator's, whether both ally and initiator or the initiator
    alone have nuclear weapons, whether the ally is near, whether initiator and target are no neighbours.
    """
    return np.array([_structure(entry.case) for entry in opened]).reshape(len(opened), 6)


def _structure(case: Case) -> tuple[float, ...]:
    ally, initiator, target = np.log(case.cinc)
    armed, feared = is_nuclear(case.ally, case.year), is_nuclear(case.initiator, case.year)
    return (
        (initiator - target) / 5, (ally - initiator) / 5, float(armed and feared), float(feared and not armed),
        float(case.near), float(case.contiguity == 0),
    )  # fmt: skip
