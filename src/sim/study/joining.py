"""Who joins: allies of attacked states in disputes of the past, simulated one by one and scored beside a logit.

Each row of `sim.history.joining.ally_disputes` is a scenario of three states that the engine runs many times. What
the covariates mean for an ally's interest, and a few behavioural parameters, are calibrated on the same folds as
the logit, each dispute predicted from the others. What is scored are runs of the model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from sim.history.allies import INTEREST, JoiningParameters, interest_design, interest_of
from sim.history.folds import folds
from sim.history.joining import LAST_OF_EARLY, eras, out_of_sample
from sim.history.parameters import StartParameters
from sim.history.scores import auc, brier, log_score, paired_difference
from sim.ladder import Ladder
from sim.scenario.posterior import Draws
from sim.scenario.schema import Figure
from sim.study.allies import Counts, Progress, open_cases, simulate_cases
from sim.study.interests import (
    BANK,
    Evidence,
    Search,
    bank,
    calibrate,
    held_out,
    predicted,
    spread,
    structure,
)
from sim.study.surrogate import Surrogate, probabilities

FORECASTS: Final = ("default", "calibrated", "logit", "base_rate")
RUNS: Final = 50  # of each row, unless said otherwise; a surrogate steadies the shares
FOLDS: Final = 10
ALL: Final = "interest, all rules"  # the variant whose runs are scored
_POINTS_A_ROW = 20  # at most: few rows are not worth the points of many
_WAR = 5  # MID's code of hostility

Floats = NDArray[np.float64]


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
    draws: Draws | None = None


class Forecasts(NamedTuple):
    """Probabilities of joining of n rows under each forecast, shape (n,) each, and what they come from."""

    p: dict[str, Floats]  # by name: default, calibrated, logit, base_rate
    counts: dict[str, Counts]  # of default and calibrated
    surrogate: dict[str, Floats]  # P by the surrogate, out of sample, by what was calibrated: see `variants`
    parameters: dict[str, dict[str, dict[str, Any]]]  # by era and name
    fold: NDArray[np.int64]  # of each row, within its era


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
    """
    step = progress or (lambda name, total: lambda done: None)
    division = _divide(rows, fold)
    search, n = Search.of(setting.joining), len(rows)
    opened = open_cases(
        rows, setting.rules, setting.ladder, setting.start, setting.joining, step("building", n), setting.draws
    )
    evidence = Evidence(interest_design(rows), structure(opened), rows["joined"].to_numpy(dtype=float))
    points = min(setting.points, _POINTS_A_ROW * n)
    surrogate = bank(opened, search, setting.seed, setting.threads, points, step("learning", points))
    theta = {name: np.empty((n, len(search.centre))) for name in variants(search)}
    parameters = {}
    for name, part in eras(rows).items():
        own = evidence.of(part)
        for variant, free in variants(search).items():
            theta[variant][part] = held_out(surrogate, search, own, division[part], free)
        parameters[name] = _described(surrogate, search, own, theta[ALL][part])
    interest = interest_of(evidence.design, theta[ALL][:, : len(INTEREST)])
    by_name = dict(zip(search.rules, theta[ALL][:, len(INTEREST) :].T, strict=True))
    runs, seed, threads = setting.runs, setting.seed, setting.threads
    counts = {
        "default": simulate_cases(opened, runs, seed, threads=threads, progress=step("default", n)),
        "calibrated": simulate_cases(opened, runs, seed, interest, by_name, threads, step("calibrated", n)),
    }
    at = {"default": np.tile(search.centre, (n, 1)), "calibrated": theta[ALL]}
    p = {name: np.empty(n) for name in FORECASTS}
    for part in eras(rows).values():
        logit, base = out_of_sample(rows[part], division[part])
        p["logit"][part], p["base_rate"][part] = logit[:, 1], base[:, 1]
        for held in (part & (division == number) for number in np.unique(division[part])):
            for name, found in counts.items():
                odds = predicted(surrogate, search, evidence.of(held), at[name][held])
                p[name][held] = probabilities(odds, found.joined[held], runs)
    by_surrogate = {name: expit(predicted(surrogate, search, evidence, at_best)) for name, at_best in theta.items()}
    return Forecasts(p, counts, by_surrogate, parameters, division)


def variants(search: Search) -> dict[str, tuple[str, ...]]:
    """Rules that are calibrated beside interest: none, each alone, all."""
    return {"interest": (), **{f"interest, {name}": (name,) for name in search.rules}, ALL: search.rules}


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


def table(rows: pd.DataFrame, found: Forecasts) -> pd.DataFrame:
    """Return the forecasts row by row: dispute, ally, year, whether it joined, fold, and P(joins) under each."""
    known = rows[["dispute", "ally", "year", "joined"]].astype(int)
    return known.assign(fold=found.fold, **found.p)


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
    for part in eras(rows).values():
        disputes = rows.loc[part, "dispute"].to_numpy(dtype=np.int64)
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
