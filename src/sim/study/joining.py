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
from scipy.optimize import minimize
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
from sim.history.folds import folds
from sim.history.joining import out_of_sample
from sim.history.parameters import StartParameters
from sim.history.scores import auc, brier, log_score, paired_difference
from sim.ladder import Ladder
from sim.scenario.build import Model, build
from sim.scenario.errors import wrong
from sim.scenario.schema import Figure
from sim.world import copy_params, copy_world

JOINING: Final = CONF / "history" / "joining.yaml"
BANK: Final = 20_000  # points of the surrogate
FORECASTS: Final = ("default", "calibrated", "logit", "base_rate")
LAST_OF_EARLY: Final = 1945  # year; alliances and disputes are others after it
_RUNS_A_POINT = 10
_WAR = 5  # MID's code of hostility
_APART = 2**32  # runs between the first of one row and of the next: no two share a draw
_RIDGE = 1.0
_LEAST = 1e-9

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


def calibrate(surrogate: Surrogate, search: Search, rows: Evidence, *, rules: bool = True) -> Floats:
    """Return the parameters of highest posterior density: coefficients of `INTEREST`, then rules.

    With `rules` false these stay at their centres.
    """
    k = len(INTEREST)
    bounds = list(zip(search.low[:k], search.high[:k], strict=True))
    ends = (search.low, search.high) if rules else (search.centre, search.centre)
    bounds += list(zip(*(end[k:] for end in ends), strict=True))
    loss = _loss(surrogate, search, rows)
    found = minimize(loss, search.centre, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 1000})
    return np.asarray(found.x, dtype=float)


def spread(surrogate: Surrogate, search: Search, rows: Evidence, theta: Floats) -> Floats:
    """Standard deviation of each parameter about the best ones, by the curvature there (Laplace)."""
    loss = _loss(surrogate, search, rows)
    steps = np.diag(search.sd * 1e-3)
    curvature = np.array([(loss(theta + step)[1] - loss(theta - step)[1]) / (2 * step.sum()) for step in steps])
    sd: Floats = np.sqrt(np.maximum(np.diag(np.linalg.pinv((curvature + curvature.T) / 2)), 0.0))
    return sd


def _loss(surrogate: Surrogate, search: Search, rows: Evidence) -> Callable[[Floats], tuple[float, Floats]]:
    """Return minus the log posterior density and its slope, as a function of the parameters."""
    k = len(INTEREST)
    half = (search.high[k:] - search.low[k:]) / 2

    def loss(theta: Floats) -> tuple[float, Floats]:
        interest = interest_of(rows.design, theta[:k])
        z = _inputs(interest, search.scaled(theta[k:]), rows.structural)
        odds = surrogate(z)
        error, by_input = expit(odds) - rows.joined, surrogate.gradient(z)
        by_interest = (by_input[:, 0] + by_input[:, 1] * 0.5 / np.maximum(z[:, 1], _LEAST)) / MOST
        by_eta = error * by_interest * expit(rows.design @ theta[:k]) * (interest < MOST)
        by_rule = (error[:, None] * by_input[:, 2 : 2 + len(half)]).sum(axis=0) / half
        off = (theta - search.centre) / search.sd
        value = -(rows.joined * log_expit(odds) + (1 - rows.joined) * log_expit(-odds)).sum() + off @ off / 2
        return float(value), np.concatenate([rows.design.T @ by_eta, by_rule]) + off / search.sd

    return loss


def held_out(
    surrogate: Surrogate, search: Search, rows: Evidence, division: NDArray[np.int64], *, rules: bool = True
) -> Floats:
    """Parameters for each row, calibrated on the other folds; shape (n, parameters)."""
    theta = np.empty((len(rows.joined), len(search.centre)))
    for fold in np.unique(division):
        held = division == fold
        theta[held] = calibrate(surrogate, search, rows.of(~held), rules=rules)
    return theta


# --- the study -------------------------------------------------------------------------------------


class Setting(NamedTuple):
    """With what the rows are simulated."""

    rules: Mapping[str, Figure]
    ladder: Ladder
    start: StartParameters
    joining: JoiningParameters
    runs: int
    seed: int
    threads: int | None = None
    points: int = BANK


class Forecasts(NamedTuple):
    """Probabilities of joining of n rows under each forecast, shape (n,) each, and what they come from."""

    p: dict[str, Floats]  # by name: default, calibrated, logit, base_rate
    counts: dict[str, Counts]  # of default and calibrated
    surrogate: dict[str, Floats]  # out of sample: interest and rules calibrated, or interest alone
    parameters: dict[str, dict[str, dict[str, Any]]]  # by era and name
    fold: NDArray[np.int64]  # of each row, within its era


def eras(rows: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Return the parts of the table that are calibrated and scored each by itself; the headline first."""
    late = (rows["year"] > LAST_OF_EARLY).to_numpy()
    return {name: part for name, part in (("after_1945", late), ("until_1945", ~late)) if part.any()}


def forecast(
    rows: pd.DataFrame, setting: Setting, fold: int, progress: Callable[[str, int], Progress] | None = None
) -> Forecasts:
    """Simulate every row before and after calibration; each is calibrated on the other folds of its era.

    Parameters
    ----------
    rows : DataFrame of n rows
        From `sim.history.joining.ally_disputes`; its index is 0 to n - 1.
    fold : int
        Parts into which the disputes of an era are divided.
    progress : callable, optional
        Told what is begun and how many steps it has; returns a function that is told how many are done.

    Raises
    ------
    InputError
        If an era has fewer disputes than parts.
    """
    step = progress or (lambda name, total: lambda done: None)
    division = _divide(rows, fold)
    search, n = Search.of(setting.joining), len(rows)
    opened = open_cases(rows, setting.rules, setting.ladder, setting.start, setting.joining, step("building", n))
    evidence = Evidence(interest_design(rows), structure(opened), rows["joined"].to_numpy(dtype=float))
    surrogate = bank(opened, search, setting.seed, setting.threads, setting.points, step("learning", setting.points))
    theta, alone = np.empty((n, len(search.centre))), np.empty((n, len(search.centre)))
    parameters = {}
    for name, part in eras(rows).items():
        own = evidence.of(part)
        theta[part] = held_out(surrogate, search, own, division[part])
        alone[part] = held_out(surrogate, search, own, division[part], rules=False)
        parameters[name] = _described(surrogate, search, own, theta[part])
    counts = {
        "default": simulate_cases(
            opened, setting.runs, setting.seed, threads=setting.threads, progress=step("default", n)
        ),
        "calibrated": simulate_cases(
            opened, setting.runs, setting.seed, interest_of(evidence.design, theta[:, : len(INTEREST)]),
            dict(zip(search.rules, theta[:, len(INTEREST) :].T, strict=True)), setting.threads, step("calibrated", n),
        ),
    }  # fmt: skip
    at = {"default": np.tile(search.centre, (n, 1)), "calibrated": theta}
    p = {name: np.empty(n) for name in FORECASTS}
    for part in eras(rows).values():
        logit, base = out_of_sample(rows[part], division[part])
        p["logit"][part], p["base_rate"][part] = logit[:, 1], base[:, 1]
        for held in (part & (division == number) for number in np.unique(division[part])):
            for name, found in counts.items():
                odds = predicted(surrogate, search, evidence.of(held), at[name][held])
                p[name][held] = probabilities(odds, found.joined[held], setting.runs)
    by_surrogate = {
        "interest_and_rules": expit(predicted(surrogate, search, evidence, theta)),
        "interest_alone": expit(predicted(surrogate, search, evidence, alone)),
    }
    return Forecasts(p, counts, by_surrogate, parameters, division)


def assess(rows: pd.DataFrame, found: Forecasts) -> dict[str, Any]:
    """Score the forecasts by era and kind of ally, and compare what is joined given the course of a dispute."""
    eras_found = {}
    for name, era in eras(rows).items():
        eras_found[name] = {
            "scores": {part: _scores(rows[inside], found, inside) for part, inside in parts(rows, era).items()},
            "differences": _differences(rows, found, era),
            "surrogate": {
                kind: {"log": float(log_score(_both(p[era]), _joined(rows[era])).mean())}
                for kind, p in found.surrogate.items()
            },
            "course": {kind: _course(counts, era) for kind, counts in found.counts.items()}
            | {"observed": _observed_course(rows[era])},
            "parameters": found.parameters[name],
        }
    return {"rows": len(rows), "runs": found.counts["default"].runs, "eras": eras_found}


def parts(rows: pd.DataFrame, era: NDArray[np.bool_]) -> dict[str, NDArray[np.bool_]]:
    """Return the parts of an era for which scores are given, those without rows left out."""
    year, major = rows["year"].to_numpy(), rows["ally_major"].to_numpy() > 0
    found = {
        "all": era,
        "1946_1989": era & (year > LAST_OF_EARLY) & (year < 1990),
        "since_1990": era & (year >= 1990),
        "major_allies": era & major,
        "minor_allies": era & ~major,
    }
    return {name: part for name, part in found.items() if part.any()}


def _divide(rows: pd.DataFrame, fold: int) -> NDArray[np.int64]:
    division = np.empty(len(rows), np.int64)
    for name, part in eras(rows).items():
        disputes = rows.loc[part, "dispute"].to_numpy(dtype=np.int64)
        if fold > len(np.unique(disputes)):
            raise wrong(
                "fold", fold, f"2 to {len(np.unique(disputes))}, the number of disputes {name.replace('_', ' ')}"
            )
        division[part] = folds(disputes, fold)[0]
    return division


def _described(surrogate: Surrogate, search: Search, rows: Evidence, theta: Floats) -> dict[str, dict[str, Any]]:
    """Return prior, value on all rows with its standard deviation, and span over folds, of each parameter."""
    best = calibrate(surrogate, search, rows)
    sd = spread(surrogate, search, rows, best)
    return {
        name: {
            "prior": float(search.centre[k]), "prior_sd": float(search.sd[k]), "value": float(best[k]),
            "sd": float(sd[k]), "folds": [float(theta[:, k].min()), float(theta[:, k].max())],
        }
        for k, name in enumerate(search.names)
    }  # fmt: skip


def _both(p: Floats) -> Floats:
    return np.column_stack([1 - p, p])


def _joined(rows: pd.DataFrame) -> NDArray[np.int64]:
    return rows["joined"].to_numpy(dtype=np.int64)


def _scores(rows: pd.DataFrame, found: Forecasts, inside: NDArray[np.bool_]) -> dict[str, Any]:
    joined = _joined(rows)
    entry: dict[str, Any] = {"n": len(rows), "disputes": int(rows["dispute"].nunique()), "joined": int(joined.sum())}
    for name, p in found.p.items():
        both = _both(p[inside])
        area = auc(both, joined, 1)
        entry[name] = {
            "log": float(log_score(both, joined).mean()),
            "brier": float(brier(both, joined, 1).mean()),
            "auc": None if np.isnan(area) else area,
            "expected": float(p[inside].sum()),
        }
    return entry


def _differences(rows: pd.DataFrame, found: Forecasts, era: NDArray[np.bool_]) -> dict[str, Any]:
    """Model less logit and base rate, with bootstrap intervals over disputes."""
    joined, disputes = _joined(rows[era]), rows.loc[era, "dispute"].to_numpy()
    both = {name: _both(p[era]) for name, p in found.p.items()}
    by_score = {
        "log": {name: log_score(p, joined) for name, p in both.items()},
        "brier": {name: brier(p, joined, 1) for name, p in both.items()},
    }
    return {
        model: {
            other: {
                score: paired_difference(values[model], values[other], disputes)._asdict()
                for score, values in by_score.items()
            }
            for other in ("logit", "base_rate")
        }
        for model in ("calibrated", "default")
    }


def _course(counts: Counts, era: NDArray[np.bool_]) -> dict[str, dict[str, float | None]]:
    """How often runs become lethal or war, and how often the ally joins in those; None where there are none."""
    joined, total = counts.joined[era].sum(), counts.runs * int(era.sum())
    found: dict[str, dict[str, float | None]] = {"any": {"share": 1.0, "joined": float(joined / total)}}
    for name in ("lethal", "war"):
        n, k = getattr(counts, name)[era].sum(), getattr(counts, f"joined_{name}")[era].sum()
        found[name] = {"share": float(n / total), "joined": float(k / n) if n else None}
    return found


def _observed_course(rows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the same in history, rows by what became of their dispute: deaths; war (hostility 5)."""
    became = {
        "any": np.ones(len(rows), bool),
        "lethal": (rows["fatality"] > 0).to_numpy(),
        "war": (rows["hostility"] == _WAR).to_numpy(),
    }
    return {
        name: {
            "share": float(part.mean()), "n": int(part.sum()), "count": int(rows.loc[part, "joined"].sum()),
        }
        for name, part in became.items()
    }  # fmt: skip
