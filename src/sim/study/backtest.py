"""The back-test: crises of the past, simulated from their triggers, scored against what happened.

Everything here is probabilities and outcomes; the engine is asked once, in `forecast`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.history.baselines import BASELINES, Fit, Predict, out_of_sample
from sim.history.codes import VIOLENCE
from sim.history.folds import folds
from sim.history.observe import observation_matrix, outcome_counts
from sim.history.parameters import StartParameters
from sim.history.scores import (
    auc,
    brier,
    counts_to_probability,
    log_score,
    paired_difference,
    pit,
    reliability,
    rps,
    sharpness,
)
from sim.history.start import HORIZON_WEEKS, Crisis, known
from sim.history.table import Outcome, groups, observed, violent_trigger
from sim.ladder import Ladder
from sim.scenario.errors import wrong
from sim.scenario.posterior import Draws
from sim.scenario.schema import Figure
from sim.study.crises import Ends, build_start, rung_counts, simulate_crises

MODEL = "model"
HORIZON = 7.0 * HORIZON_WEEKS  # days
# Who are asked about in ICB as outside powers: code in the model, COW number, column, and the code for a
# military part in the crisis.
OUTSIDE = (("USA", 2, "us_involvement"), ("RUS", 365, "su_involvement"))
MILITARY = 4
_BY_YEAR = 1945  # baselines are fitted on each side of it apart

Floats = NDArray[np.float64]


class Forecast(NamedTuple):
    """What the model says of n crises, R runs each."""

    counts: dict[Outcome, Floats]  # [n, 4] expected number of runs coded none, minor, serious, war
    days: Floats  # [n, R] day of settlement, the horizon where it comes later
    force: list[dict[str, float]]  # of each crisis: share of runs in which each major power outside uses force
    runs: int

    def probability(self, outcome: Outcome) -> Floats:
        """Probabilities of the outcomes, shape (n, 4), none of them 0: (count + 1/4) / (runs + 1)."""
        return counts_to_probability(self.counts[outcome])


def at_trigger(table: pd.DataFrame, parameters: StartParameters) -> list[Crisis]:
    """Return what was known of each crisis of a table at its trigger: of its columns only `history.start.KNOWN`.

    Raises
    ------
    InputError
        If a crisis lacks what a scenario cannot do without.
    """
    rows = table.to_dict("records")
    return [known({str(name): cell for name, cell in row.items()}, parameters) for row in rows]


def forecast(
    crises: Sequence[Crisis],
    rules: Mapping[str, Figure],
    ladder: Ladder,
    parameters: StartParameters,
    runs: int,
    seed: int,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    draws: Draws | None = None,
) -> Forecast:
    """Simulate crises from their triggers.

    Parameters
    ----------
    rules : mapping of Figure
        Behavioural parameters, as of any scenario.
    runs, seed : int
        Runs of each crisis, and the key of all draws.
    progress : callable, optional
        Told how many crises are done.
    draws : Draws, optional
        Joint sample of some of the rules.
    """
    starts = [build_start(crisis, rules, ladder, parameters, draws) for crisis in crises]
    ends = simulate_crises(starts, runs, seed, threads=threads, progress=progress)
    matrix = observation_matrix(parameters.observation, ladder)
    counts: dict[Outcome, Floats] = {
        "violence": outcome_counts(rung_counts([end.peak for end in ends], ladder.use + 1), matrix),
        "severity": outcome_counts(rung_counts([end.answer for end in ends], ladder.use + 1), matrix),
    }
    days = np.array([np.where(np.isnan(end.settled), HORIZON, end.settled) for end in ends], float)
    force = [_force(end, parameters, ladder) for end in ends]
    return Forecast(counts, days.reshape(len(ends), runs), force, runs)


def _force(end: Ends, parameters: StartParameters, ladder: Ladder) -> dict[str, float]:
    """Share of runs in which each major power outside uses force."""
    outside = [n for n, code in enumerate(end.states) if code in parameters.majors and code not in end.principals]
    return {end.states[n]: float((end.reached[:, n] >= ladder.force).mean()) for n in outside}


# --- baselines -------------------------------------------------------------------------------------


def baselines(
    table: pd.DataFrame, outcome: Outcome, train: pd.DataFrame | None = None, fold: int | None = None
) -> dict[str, Floats]:
    """Probabilities that baselines give each crisis of a table, by name; none if there is nothing to fit them on.

    Parameters
    ----------
    train : DataFrame, optional
        Crises to fit on.
    fold : int, optional
        Without `train`: parts into which the table is divided, conflicts whole; each is predicted from the others.

    Raises
    ------
    InputError
        If there are fewer conflicts than parts.
    """
    if train is not None:
        return {name: _by_era(fit)(train, outcome)(table) for name, fit in BASELINES.items()}
    if fold is None:
        return {}
    division = divided(table, fold)
    return {name: out_of_sample(_by_era(fit), table, division, outcome)[0] for name, fit in BASELINES.items()}


def divided(table: pd.DataFrame, fold: int, seed: int = 0, repeats: int = 1) -> NDArray[np.int64]:
    """Divide the crises of a table into parts, conflicts whole; shape (repeats, n).

    Raises
    ------
    InputError
        If there are fewer conflicts than parts.
    """
    conflicts = groups(table)
    most = len(np.unique(conflicts))
    if fold > most:
        raise wrong("fold", fold, f"at most {most}, the number of conflicts in the table; it takes 2 or more to divide")
    return folds(conflicts, fold, repeats, seed=seed)


def _by_era(fit: Fit) -> Fit:
    """Return a fit of crises after 1945 on such crises alone, and of earlier ones on all."""

    def both(train: pd.DataFrame, outcome: Outcome = "violence") -> Predict:
        late = train["year"] > _BY_YEAR
        on_all = fit(train, outcome)
        on_late = fit(train[late], outcome) if late.any() else on_all

        def predict(table: pd.DataFrame) -> Floats:
            p = on_all(table)
            after = (table["year"] > _BY_YEAR).to_numpy()
            p[after] = on_late(table[after])
            return p

        return predict

    return both


# --- scores ----------------------------------------------------------------------------------------


def strata(table: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Return the parts of a table for which scores are given, those without crises left out."""
    year = table["year"].to_numpy(dtype=float)
    violent = violent_trigger(table)
    armed = table[["nuc_initiator", "nuc_target"]].fillna(0).sum(axis=1).to_numpy(dtype=int)
    late = year > 1945
    parts = {
        "all": np.ones(len(table), bool),
        "until_1945": ~late,
        "after_1945": late,
        "1946_1989": late & (year < 1990),
        "since_1990": year >= 1990,
        "violent_trigger": violent,
        "non_violent_trigger": ~violent,
        "after_1945_violent_trigger": late & violent,
        "after_1945_non_violent_trigger": late & ~violent,
        "neither_nuclear": armed == 0,
        "one_nuclear": armed == 1,
        "both_nuclear": armed == 2,
    }
    return {name: part for name, part in parts.items() if part.any()}


def scores(table: pd.DataFrame, outcome: Outcome, forecasts: Mapping[str, Floats]) -> dict[str, Any]:
    """Score forecasts of one outcome by part of the table.

    Parameters
    ----------
    forecasts : mapping of (n, 4) arrays
        The model's under `MODEL`, and those of baselines.

    Returns
    -------
    dict
        For each part: `n`, the shares `observed`, the scores of each forecast, and the `differences` of the
        model from each baseline (mean, low, high; negative where the model is better).
    """
    happened, conflicts = observed(table, outcome), groups(table)
    result = {}
    for name, part in strata(table).items():
        within = {model: p[part] for model, p in forecasts.items()}
        entry: dict[str, Any] = {"n": int(part.sum()), "observed": _shares(happened[part])}
        entry |= {model: _scores(p, happened[part]) for model, p in within.items()}
        entry["differences"] = {
            model: _differences(within[MODEL], p, happened[part], conflicts[part])
            for model, p in within.items()
            if model != MODEL
        }
        result[name] = entry
    return result


def _scores(p: Floats, happened: NDArray[np.int64]) -> dict[str, Any]:
    above = range(1, len(VIOLENCE))
    return {
        "rps": float(rps(p, happened).mean()),
        "log": float(log_score(p, happened).mean()),
        "brier": {VIOLENCE[t]: float(brier(p, happened, t).mean()) for t in above},
        "auc": {VIOLENCE[t]: _number(auc(p, happened, t)) for t in above},
        "sharpness": float(sharpness(p).mean()),
        "forecast": dict(zip(VIOLENCE, p.mean(axis=0).tolist(), strict=True)),
        "pit": pit(p, happened).tolist(),
    }


def _differences(
    model: Floats, other: Floats, happened: NDArray[np.int64], conflicts: NDArray[np.int64]
) -> dict[str, Any]:
    return {
        name: paired_difference(score(model, happened), score(other, happened), conflicts)._asdict()
        for name, score in (("rps", rps), ("log", log_score))
    }


def calibration(p: Floats, happened: NDArray[np.int64]) -> dict[str, Any]:
    """Reliability diagram of each event "at least so violent": one list per field of `scores.Reliability`."""
    diagrams = {}
    for t in range(1, len(VIOLENCE)):
        diagram = reliability(np.clip(p[:, t:].sum(axis=1), 0.0, 1.0), happened >= t)
        lists = {field: values.tolist() for field, values in diagram._asdict().items()}
        diagrams[VIOLENCE[t]] = lists | {"consistent": diagram.consistent}
    return diagrams


def _shares(happened: NDArray[np.int64]) -> dict[str, float]:
    counts = np.bincount(happened, minlength=len(VIOLENCE)) / len(happened)
    return dict(zip(VIOLENCE, counts.tolist(), strict=True))


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value


def participation(table: pd.DataFrame, model: Forecast) -> dict[str, Any]:
    """Score who of the United States and the Soviet Union or Russia comes to use force in others' crises.

    At risk are crises in which the power is no principal. What is coded is a military part in the crisis,
    covert or semi-military parts left out (ICB).
    """
    result = {}
    for code, cow, column in OUTSIDE:
        if column not in table:
            continue
        principal = ((table["initiator_cow"] == cow) | (table["target_cow"] == cow)).to_numpy(dtype=bool)
        at_risk = ~principal & table[column].notna().to_numpy()
        if not at_risk.any():
            continue
        p = np.array([force.get(code, 0.0) for force in model.force])[at_risk]
        joined = (table[column] == MILITARY).to_numpy()[at_risk]
        both = np.stack([1 - p, p], axis=1)
        result[code] = {
            "at_risk": int(at_risk.sum()),
            "joined": int(joined.sum()),
            "forecast": float(p.sum()),
            "brier": float(brier(both, joined.astype(int), 1).mean()),
            "brier_climatology": float(joined.mean() * (1 - joined.mean())),
            "auc": _number(auc(both, joined.astype(int), 1)),
        }
    return result


def duration(table: pd.DataFrame, model: Forecast) -> dict[str, Any] | None:
    """Compare days to settlement with ICB's days from trigger to termination, both cut off at the horizon.

    `crps` is the mean over crises of the continuous ranked probability score of log(1 + days), of the model and
    of the durations of all crises taken together.
    """
    if "duration_days" not in table or not table["duration_days"].notna().any():
        return None
    there = table["duration_days"].notna().to_numpy()
    lasted = np.minimum(table["duration_days"].to_numpy(dtype=float)[there], HORIZON)
    days = model.days[there]
    low, high = np.quantile(days, [0.1, 0.9], axis=1)
    everyone = np.tile(np.sort(lasted), (len(lasted), 1))
    return {
        "n": int(there.sum()),
        "observed_quartiles": np.quantile(lasted, [0.25, 0.5, 0.75]).tolist(),
        "forecast_quartiles": np.quantile(days, [0.25, 0.5, 0.75]).tolist(),
        "within_80_percent": float(((low <= lasted) & (lasted <= high)).mean()),
        "crps": float(_crps(np.log1p(days), np.log1p(lasted)).mean()),
        "crps_climatology": float(_crps(np.log1p(everyone), np.log1p(lasted)).mean()),
    }


def _crps(draws: Floats, happened: Floats) -> Floats:
    """Continuous ranked probability score of draws, shape (n, R), by their order (Gneiting & Raftery 2007)."""
    runs = draws.shape[1]
    ordered = np.sort(draws, axis=1)
    weights = 2 * np.arange(1, runs + 1) - runs - 1
    spread = (ordered * weights).sum(axis=1) / runs**2
    score: Floats = np.abs(draws - happened[:, None]).mean(axis=1) - spread
    return score


# --- all of it -------------------------------------------------------------------------------------


def assess(
    table: pd.DataFrame,
    model: Forecast,
    outcome: Outcome = "violence",
    train: pd.DataFrame | None = None,
    fold: int | None = None,
) -> dict[str, Any]:
    """Return the content of backtest.json: every crisis with its probabilities, and all scores.

    Parameters
    ----------
    outcome : str
        What the crises are listed with; both outcomes are scored.
    train, fold
        See `baselines`.
    """
    p, happened = model.probability(outcome), observed(table, outcome)
    quartiles = np.quantile(model.days, [0.25, 0.5, 0.75], axis=1).T
    rows = zip(table["crisno"], p.tolist(), happened.tolist(), quartiles.tolist(), model.force, strict=True)
    both: tuple[Outcome, ...] = ("violence", "severity")
    return {
        "outcome": outcome,
        "runs": model.runs,
        "crises": [
            {
                "crisno": int(number),
                **dict(zip(VIOLENCE, row, strict=True)),
                "observed": coded,
                "days_quartiles": days,
                "uses_force": force,
            }
            for number, row, coded, days, force in rows
        ],
        "scores": {
            name: scores(table, name, {MODEL: model.probability(name), **baselines(table, name, train, fold)})
            for name in both
        },
        "calibration": {name: calibration(model.probability(name), observed(table, name)) for name in both},
        "participation": participation(table, model),
        "duration": duration(table, model),
    }
