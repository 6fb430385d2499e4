"""Chance and parameters apart under variants of a scenario, and in what a variant changes.

All variants are run at the same points of the parameters, run by run with the same draws. Of a difference, chance is
how runs of one point differ in which way they turn, parameters are how points differ in what the variant changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.batch import Tasks
from sim.random_effects import LEVEL, Moments, apart, band, effective_runs, moments
from sim.scenario.schema import Scenario
from sim.study.compare import require_comparable
from sim.study.paired import score_interval
from sim.study.uncertainty import Happened, Uncertainty, outcomes, require_spread, uncertainty

Counts = NDArray[np.int64]


def beside(
    scenarios: Mapping[str, Scenario], runs: int, points: int, seed: int, threads: int, progress: Tasks
) -> Uncertainty:
    """Tell chance and parameters apart in every probability under each variant, and in its difference to the first.

    Parameters
    ----------
    scenarios : mapping of Scenario
        Two or more, by name; they differ in what they assume, not in horizon, ladder or states.
    runs, points : int
        Of each variant, as `sim.study.uncertainty.uncertainty` takes them.
    progress : callable
        Called with each variant's name and the number of runs; what it returns is told how many are done.

    Returns
    -------
    Uncertainty
        In `result` the `variants`, each as `sim.study.uncertainty.uncertainty` has it, and by variant `differences` to
        the first, in the same parts (`told_difference`). The tables have a column `variant`.

    Raises
    ------
    InputError
        If two variants differ in nothing, or in ladder, states or horizon, or as `require_spread` does.
    """
    hashes = require_comparable(scenarios)
    for scenario in scenarios.values():
        require_spread(scenario, runs, points)
    found = {
        name: uncertainty(scenario, runs, points, seed, threads, progress(name, runs))
        for name, scenario in scenarios.items()
    }
    first, *others = scenarios
    of_point = found[first].runs["point"].to_numpy()
    fates = {name: outcomes(found[name].runs, scenario) for name, scenario in scenarios.items()}
    result = {
        "scenario": scenarios[first].name,
        "first": first,
        "runs": runs,
        "points": points,
        "seed": seed,
        "level": LEVEL,
        "arrays_sha256": hashes,
        "variants": {name: each.result for name, each in found.items()},
        "differences": {
            name: _differences(found[first].result, fates[first], fates[name], of_point, seed) for name in others
        },
    }
    return Uncertainty(
        result,
        _stacked({name: each.runs for name, each in found.items()}),
        _stacked({name: each.points for name, each in found.items()}),
    )


def _stacked(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(tables, names=["variant"]).reset_index(level="variant").reset_index(drop=True)


def _differences(
    shape: Mapping[str, Any], first: Happened, second: Happened, of_point: Counts, seed: int
) -> dict[str, Any]:
    """Return the differences in the parts of a result; both know the same outcomes."""

    def told(kind: str, name: str) -> dict[str, Any]:
        one, other = first[kind, name], second[kind, name]
        up, down = (np.bincount(of_point, turned).astype(np.int64) for turned in (other & ~one, one & ~other))
        return told_difference(up, down, np.bincount(of_point), seed)

    return {
        "outcomes": {name: told("event", name) for name in shape["outcomes"]},
        "at_least": [
            {"rung": row["rung"], "name": row["name"], **told("rung", str(row["rung"]))} for row in shape["at_least"]
        ],
        "participation": {
            code: {"name": row["name"], **{part: told(part, code) for part in ("uses_force", "at_war")}}
            for code, row in shape["participation"].items()
        },
    }


def told_difference(up: Counts, down: Counts, runs: Counts, seed: int) -> dict[str, Any]:
    """Return what is known of a paired difference.

    Parameters
    ----------
    up, down : (K,) array
        Runs of each point in which it happened under the variant alone, and under the first alone.
    runs : (K,) array
        Runs of each point.

    Returns
    -------
    dict
        `turned_up`, `turned_down`, of all `runs`; `monte_carlo`: the mean difference over runs and points with its
        interval for simulation error; `band`, in which the differences of the middle 95 % of the points lie, luck of
        their runs taken out; `apart` as `sim.random_effects.apart` has it, None where no run turned.
    """
    change, turned = up - down, up + down
    found = moments(change, runs, turned)
    n, split = int(runs.sum()), None
    if turned.any():
        split = {name: part._asdict() for name, part in apart(change, runs, seed, squares=turned)._asdict().items()}
    low, high = difference_band(found)
    return {
        "turned_up": int(up.sum()),
        "turned_down": int(down.sum()),
        "runs": n,
        "monte_carlo": difference_interval(int(up.sum()), int(down.sum()), n, found),
        "band": {"low": low, "high": high},
        "variance": {"parameters": found.between, "chance": found.within, "of_difference": found.of_share},
        "apart": split,
    }


def difference_interval(up: int, down: int, runs: int, found: Moments) -> dict[str, float]:
    """Return a mean difference with its interval for simulation error.

    Tango's, with the `effective_runs`. Where no run turned, all runs count.
    """
    mean = (up - down) / runs
    n = effective_runs(found, (up + down) / runs - mean**2, runs)
    if n < 1:
        return {"n": n, "difference": mean, "low": -1.0, "high": 1.0}
    part = n / runs
    low, high = score_interval(up * part, down * part, max(n, up * part + down * part))
    return {"n": n, "difference": mean, "low": low, "high": high}


def difference_band(found: Moments) -> tuple[float, float]:
    """Return the range in which the middle 95 % of the points' differences lie: a beta distribution's on -1 to 1."""
    low, high = band(found._replace(share=(1 + found.share) / 2, between=found.between / 4))
    return 2 * low - 1, 2 * high - 1
