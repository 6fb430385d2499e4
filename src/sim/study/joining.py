"""Who joins: allies of attacked states in disputes of the past, simulated one by one and scored beside a logit.

Each row of `sim.history.joining.ally_disputes` is a scenario of three states that the engine runs many times. What
the covariates mean for an ally's interest, and a few behavioural parameters, may be calibrated: on the same folds
as the logit, each dispute predicted from the others. The search goes through a surrogate of the model that is
fitted to runs at many parameters; what is scored are runs of the model at those found.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import betaln, expit, log_expit

import sim.world as arrays
from sim.config import CONF
from sim.ensemble import run_chunk
from sim.history.allies import (
    INTEREST,
    MOST,
    Case,
    JoiningParameters,
    codes,
    interest_design,
    interest_of,
    known,
    scenario_of,
)
from sim.history.codes import is_nuclear
from sim.history.joining import out_of_sample
from sim.history.parameters import StartParameters
from sim.history.scores import auc, brier, log_score, paired_difference
from sim.ladder import Ladder
from sim.scenario.build import Model, build
from sim.scenario.schema import Figure
from sim.world import copy_params, copy_world

JOINING: Final = CONF / "history" / "joining.yaml"
BANK: Final = 30_000  # points of the surrogate
_RUNS_A_POINT = 10
_APART = 2**32  # runs between the first of one row and of the next: no two share a draw
_RIDGE = 1.0

Floats = NDArray[np.float64]
Progress = Callable[[int], None]


class Opened(NamedTuple):
    """A case as arrays, and where its states are in them."""

    case: Case
    model: Model
    ally: int
    initiator: int
    target: int


class Counts(NamedTuple):
    """Runs of n cases: how many there were, and in how many what happened; arrays of shape (n,)."""

    runs: int
    joined: Floats  # the ally stood at THREAT or above
    lethal: Floats  # initiator or target used lethal force
    war: Floats  # they were at war
    joined_lethal: Floats  # both
    joined_war: Floats


class Point(NamedTuple):
    """Parameters that calibration moves: coefficients of `INTEREST`, and rules by name."""

    interest: Floats
    rules: dict[str, float]


def open_cases(
    rows: pd.DataFrame,
    rules: Mapping[str, Figure],
    ladder: Ladder,
    start: StartParameters,
    joining: JoiningParameters,
    progress: Progress | None = None,
) -> list[Opened]:
    """Build the arrays of every row, with the interest that the centres of the parameters give."""
    interest = interest_of(interest_design(rows), joining.centres)
    opened = []
    for row, stake in zip(rows.to_dict("records"), interest, strict=True):
        case = known({str(name): cell for name, cell in row.items()})
        exact = Figure(low=float(stake), centre=float(stake), high=float(stake))
        model = build(scenario_of(case, exact, rules, ladder, start, joining))
        ally, initiator, target = (model.states.index(code) for code in codes(case, start))
        opened.append(Opened(case, model, ally, initiator, target))
        if progress is not None:
            progress(len(opened))
    return opened


def simulate_cases(
    opened: Sequence[Opened],
    runs: int,
    seed: int,
    interest: Floats | None = None,
    rules: Mapping[str, Floats] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Counts:
    """Run each case many times.

    Parameters
    ----------
    interest : array, shape (n,), optional
        Of each ally, instead of the one built in.
    rules : mapping of arrays, shape (n,), optional
        Values that behavioural parameters take in the runs of each case; the others are drawn, as ever.
    """
    rules = rules or {}
    found = np.zeros((5, len(opened)))

    def one(n: int) -> None:
        stake = None if interest is None else float(interest[n])
        fixed = {name: float(values[n]) for name, values in rules.items()}
        found[:, n] = _ends(opened[n], n, runs, seed, stake, fixed)

    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        for done, _ in enumerate(pool.map(one, range(len(opened))), start=1):
            if progress is not None:
                progress(done)
    return Counts(runs, *found)


def _ends(opened: Opened, n: int, runs: int, seed: int, interest: float | None, rules: Mapping[str, float]) -> Floats:
    """Return the counts of one case, in the order of `Counts`."""
    model = opened.model
    params = arrays.fixed(copy_params(model.params), rules)
    if interest is not None:
        params.dyad["interest"][opened.ally, opened.target] = interest
    words = np.empty((runs, model.blank.words.size), np.int64)
    rung = np.zeros((runs, int(params.setting[0].turns) + 1), np.int64)
    no_log = np.zeros((runs, 0), arrays.ENTRY)
    run_chunk(params, model.blank, copy_world(model.blank), seed, n * _APART, words, no_log, rung)
    reached = arrays.over_runs(model.blank, words).state["reached"]
    setting = params.setting[0]
    joined = reached[:, opened.ally] >= setting.threat
    height = np.maximum(reached[:, opened.initiator], reached[:, opened.target])
    lethal, war = height >= setting.lethal, height >= setting.war
    return np.array([joined.sum(), lethal.sum(), war.sum(), (joined & lethal).sum(), (joined & war).sum()], float)


# --- from runs to probabilities --------------------------------------------------------------------


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


def probabilities(z: Floats, joined: Floats, runs: int) -> Floats:
    """Probability of joining of each case from its runs, borrowing from cases like it; shape (n,).

    ``(count + m s) / (runs + m)``: s is a surrogate of the counts, m what a beta-binomial finds it to be worth in
    runs. Joining is rare, so a share of a few hundred runs is mostly noise; with many runs this is the share.
    Nothing that happened in history is in it.
    """
    s = expit(fit_surrogate(z, joined, runs)(z))

    def loss(log_m: float) -> float:
        a, b = np.exp(log_m) * s, np.exp(log_m) * (1 - s)
        return -float((betaln(a + joined, b + runs - joined) - betaln(a, b)).sum())

    m = np.exp(minimize_scalar(loss, bounds=(-2.0, 12.0), method="bounded").x)
    p: Floats = (joined + m * s) / (runs + m)
    return p


# --- calibration -----------------------------------------------------------------------------------


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

    def point(self, theta: Floats) -> Point:
        """Name the parts of a vector of parameters."""
        rules = theta[len(INTEREST) :]
        return Point(theta[: len(INTEREST)], {name: float(v) for name, v in zip(self.rules, rules, strict=True)})

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


def calibrate(surrogate: Surrogate, search: Search, design: Floats, structural: Floats, joined: Floats) -> Floats:
    """Return the parameters of highest posterior density, given which allies joined.

    Parameters
    ----------
    design : array, shape (n, len(INTEREST))
        From `sim.history.allies.interest_design`.
    structural : array, shape (n, 6)
        From `structure`.
    joined : array, shape (n,)

    Returns
    -------
    array, shape (len(INTEREST) + number of rules,)
    """
    k = len(INTEREST)
    half = (search.high[k:] - search.low[k:]) / 2

    def loss(theta: Floats) -> tuple[float, Floats]:
        eta = design @ theta[:k]
        interest = interest_of(design, theta[:k])
        z = _inputs(interest, search.scaled(theta[k:]), structural)
        odds = surrogate(z)
        error = expit(odds) - joined
        by_input = surrogate.gradient(z)
        by_interest = (by_input[:, 0] + by_input[:, 1] * 0.5 / z[:, 1]) / MOST
        by_eta = error * by_interest * expit(eta) * (interest < MOST)
        off = (theta - search.centre) / search.sd
        value = -(joined * log_expit(odds) + (1 - joined) * log_expit(-odds)).sum() + off @ off / 2
        slope = np.concatenate([design.T @ by_eta, (error[:, None] * by_input[:, 2 : 2 + len(half)]).sum(0) / half])
        return float(value), slope + off / search.sd

    bounds = list(zip(search.low, search.high, strict=True))
    found = minimize(loss, search.centre, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 1000})
    return np.asarray(found.x, dtype=float)
