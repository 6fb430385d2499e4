"""Named crises of the past: what the model says of each beside what happened. Nothing is fitted to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.batch import Runs
from sim.estimate import expected_proportion, proportion
from sim.history.codes import VIOLENCE
from sim.history.observe import observation_matrix
from sim.history.parameters import Observation
from sim.history.scores import rps
from sim.scenario.checks import principals
from sim.scenario.schema import Observed, ObservedClause, Scenario
from sim.summary import LEVELS, given_rung

STAGES = ("dormant", "triggered", "denied", "recognised")
# Kinds of help that history tells apart: who consulted is seldom recorded, and limited forces have no sharp edge.
KINDS = ("words", "materiel", "forces")
_KIND = dict(zip(LEVELS, (0, 0, 1, 2, 2), strict=True))  # by level of help
FAR = 0.1  # what happened had less than one chance in ten
Share = dict[str, float]


def judge(runs: Runs, observation: Observation) -> dict[str, Any]:
    """Set the runs of a case beside what happened.

    Parameters
    ----------
    runs : Runs
        Of a scenario that says what was observed.
    observation : Observation
        How coders see a highest rung.

    Returns
    -------
    dict
        Plain values. Every probability has `n`, `share`, `low`, `high` (95 %); `happened` is what was observed and
        `probability` what the model gave to it; `far` says where that is little.
    """
    scenario, observed = runs.scenario, _observed(runs.scenario)
    result = {
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "summary": observed.summary,
        "confidence": observed.confidence,
        "runs": len(runs),
        "given_rung": given_rung(scenario),
        "violence": _violence(runs, observed, observation),
        "rung": _rung(runs, observed),
        "nuclear_use": _share(runs.table["nuclear_use"]),
        "days": _days(runs, observed),
        "states": _states(runs, observed),
        "clauses": [_clause(runs, seen) for seen in observed.clauses],
    }
    return {**result, "far": far_off(result)}


def overall(cases: list[dict[str, Any]]) -> dict[str, Any]:
    """Mean ranked probability score and geometric mean of the probability of what happened, over cases.

    The same of a forecast that gives each class of violence a quarter stands beside it. Cases chosen for contrast
    are no sample, so there is no interval.
    """
    p = np.array([[case["violence"]["forecast"][name]["share"] for name in VIOLENCE] for case in cases])
    happened = np.array([VIOLENCE.index(case["violence"]["happened"]) for case in cases])
    blind = np.full_like(p, 1 / len(VIOLENCE))
    given = np.maximum([case["violence"]["probability"]["share"] for case in cases], 0.25 / cases[0]["runs"])
    return {
        "n": len(cases),
        "rps": float(rps(p, happened).mean()),
        "rps_uniform": float(rps(blind, happened).mean()),
        "probability": float(np.exp(np.log(given).mean())),
        "probability_uniform": 1 / len(VIOLENCE),
    }


def far_off(case: Mapping[str, Any]) -> list[str]:
    """Sentences on whatever had, by its whole interval, less than one chance in ten."""
    found = []
    violence, rung, days = case["violence"], case["rung"], case["days"]
    if _little(violence["probability"]):
        found.append(f"Violence was {violence['happened']}; the model's likeliest is {violence['likeliest']}.")
    if _little(rung["probability"]):
        found.append(f"The highest rung was {rung['happened']}; the model's commonest is {rung['likeliest']}.")
    if _little(days["longer"]):
        found.append(f"It lasted {_lasted(days)}; the model settles sooner (median {days['median']:g} days).")
    if days["happened"] is not None and _little(days["shorter"]):
        found.append(f"It lasted {_lasted(days)}; the model goes on for longer (median {_median(days)} days).")
    for state in case["states"]:
        if _little(state["probability"]):
            found.append(f"{state['name']} gave {state['happened']}; the model's commonest is {state['likeliest']}.")
    for clause in case["clauses"]:
        name = f"{clause['treaty']} {clause['clause']} ({clause['ally']} for {clause['protected']})"
        if _little(clause["stage"]["probability"]):
            stage = clause["stage"]
            found.append(f"{name} was {stage['happened']}; in the model it is most often {stage['likeliest']}.")
        if _little(clause["help"]["probability"]):
            given = clause["help"]
            found.append(
                f"{name}: {clause['ally']} gave {given['happened']}; the model's commonest is {given['likeliest']}."
            )
    return found


# --- parts -----------------------------------------------------------------------------------------


def _observed(scenario: Scenario) -> Observed:
    if scenario.observed is None:
        raise ValueError(f"{scenario.name} does not say what happened")
    return scenario.observed


def _violence(runs: Runs, observed: Observed, observation: Observation) -> dict[str, Any]:
    ladder = runs.scenario.ladder
    peaks = np.bincount(runs.table["highest_rung"], minlength=ladder.use + 1)
    counts = peaks @ observation_matrix(observation, ladder)
    forecast = {
        name: expected_proportion(min(count, len(runs)), len(runs))
        for name, count in zip(VIOLENCE, counts.tolist(), strict=True)
    }
    return _beside(forecast, observed.violence)


def _rung(runs: Runs, observed: Observed) -> dict[str, Any]:
    ladder, highest = runs.scenario.ladder, runs.table["highest_rung"]
    forecast = {ladder.names[rung]: _share(highest == rung) for rung in range(ladder.use + 1)}
    at_least = {name: _share(highest >= getattr(ladder, name)) for name in ("force", "lethal", "war")}
    return {
        **_beside(forecast, ladder.names[observed.highest_rung]),
        "happened_rung": observed.highest_rung,
        "at_least": at_least,
        "given": {name: given_rung(runs.scenario) >= getattr(ladder, name) for name in at_least},
    }


def _days(runs: Runs, observed: Observed) -> dict[str, Any]:
    """Days until it settles, cut off at the horizon, of model and history alike."""
    horizon = 7.0 * runs.scenario.horizon_weeks
    days = runs.table["day_settled"].fillna(horizon)
    lasted = horizon if observed.days is None else min(float(observed.days), horizon)
    low, median, high = (float(q) for q in np.quantile(days, [0.25, 0.5, 0.75]))
    return {
        "happened": observed.days,
        "horizon": horizon,
        "quartiles": [low, median, high],
        "median": median,
        "longer": _share(days >= lasted),
        "shorter": _share(days <= lasted),
    }


def _states(runs: Runs, observed: Observed) -> list[dict[str, Any]]:
    """States outside the crisis at its start: the highest kind of help that they gave anyone."""
    scenario, inside = runs.scenario, principals(runs.scenario)
    rows = []
    for code, state in scenario.world.states.items():
        if code not in inside:
            level = runs.table[f"help_{code}"].to_numpy()
            uses_force = _share(runs.table[f"rung_{code}"] >= scenario.ladder.force)
            happened = observed.joined.get(code, "nothing")
            rows.append({"code": code, "name": state.name, "uses_force": uses_force, **_help(level, happened)})
    return rows


def _clause(runs: Runs, seen: ObservedClause) -> dict[str, Any]:
    """How far the pipeline of a commitment went, and what the ally gave the protected party, asked or not."""
    level = help_given(runs.events, seen.ally, seen.protected, len(runs))
    stage = _stage(runs.events, seen, len(runs))
    stages = {name: _share(stage == position) for position, name in enumerate(STAGES)}
    return {
        "treaty": seen.treaty,
        "clause": seen.clause,
        "ally": seen.ally,
        "protected": seen.protected,
        "note": seen.note,
        "stage": _beside(stages, seen.stage),
        "help": _help(level, seen.level),
    }


def help_given(events: pd.DataFrame, ally: str, protected: str, runs: int) -> NDArray[np.int64]:
    """Highest `Level` of help that a state gave another in each run, by treaty or unasked; shape (runs,)."""
    by_treaty = (events["kind"] == "honoured") & (events["ally"] == ally) & (events["protected"] == protected)
    unasked = (events["kind"] == "volunteered") & (events["actor"] == ally) & (events["target"] == protected)
    level = np.zeros(runs, np.int64)
    for part in (by_treaty, unasked):
        found = events[part]
        np.maximum.at(level, found["run"].to_numpy(), found["level"].map(LEVELS.index).astype(int).to_numpy())
    return level


def _stage(events: pd.DataFrame, seen: ObservedClause, runs: int) -> NDArray[np.int64]:
    """Position in `STAGES` that the commitment came to in each run; shape (runs,)."""
    own = events[
        (events["treaty"] == seen.treaty)
        & (events["clause"] == seen.clause)
        & (events["ally"] == seen.ally)
        & (events["protected"] == seen.protected)
    ]
    stage = np.zeros(runs, np.int64)
    for kind, position in (("triggered", 1), ("denied", 2), ("recognised", 3)):
        np.maximum.at(stage, own.loc[own["kind"] == kind, "run"].to_numpy(), position)
    return stage


def _help(level: NDArray[np.int64], happened: str) -> dict[str, Any]:
    """Kinds of help; `level_happened` is the level itself."""
    kind = np.array(list(_KIND.values()))[level]
    forecast = {name: _share(kind == position) for position, name in enumerate(KINDS)}
    return {**_beside(forecast, KINDS[_KIND[happened]]), "level_happened": happened}


def _beside(forecast: dict[str, Share], happened: str) -> dict[str, Any]:
    likeliest = max(forecast, key=lambda name: forecast[name]["share"])
    return {
        "forecast": forecast,
        "happened": happened,
        "probability": forecast[happened],
        "likeliest": likeliest,
    }


def _share(happened: pd.Series[Any] | NDArray[np.bool_]) -> Share:
    share = proportion(int(happened.sum()), len(happened))._asdict()
    return cast(Share, {name: value for name, value in share.items() if name != "count"})


def _little(share: Share) -> bool:
    return share["high"] < FAR


def _lasted(days: Mapping[str, Any]) -> str:
    if days["happened"] is None or days["happened"] >= days["horizon"]:
        return f"beyond {days['horizon']:g} days"
    return f"{days['happened']} days"


def _median(days: Mapping[str, Any]) -> str:
    return f"{days['median']:g}" if days["median"] < days["horizon"] else f"over {days['horizon']:g}"
