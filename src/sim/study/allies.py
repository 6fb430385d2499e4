"""Many disputes and allies, many runs each: the compiled engine on cases whose arrays are built once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import sim.world as arrays
from sim.config import CONF
from sim.ensemble import run_ends
from sim.history.allies import Case, JoiningParameters, codes, interest_design, interest_of, known, scenario_of
from sim.history.parameters import StartParameters
from sim.ladder import Ladder
from sim.scenario.build import Model, build
from sim.scenario.posterior import Draws
from sim.scenario.schema import Figure
from sim.world import copy_params

JOINING: Final = CONF / "history" / "joining.yaml"
_APART = 2**32  # runs between the first of one case and of the next: no two share a draw

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
    draws: Draws | None = None,
) -> list[Opened]:
    """Build the arrays of every row, with the interest that the centres of the parameters give."""
    interest = interest_of(interest_design(rows), joining.centres)
    opened = []
    for row, stake in zip(rows.to_dict("records"), interest, strict=True):
        case = known({str(name): cell for name, cell in row.items()})
        exact = Figure(low=float(stake), centre=float(stake), high=float(stake))
        model = build(scenario_of(case, exact, rules, ladder, start, joining, draws))
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
    params = copy_params(model.params)
    params = arrays.fixed(params, arrays.rule_slots(params, rules), np.array(list(rules.values())))
    if interest is not None:
        params.dyad["interest"][opened.ally, opened.target] = interest
    reached = run_ends(params, model.blank, seed, n * _APART, runs).state["reached"]
    setting = params.setting[0]
    joined = reached[:, opened.ally] >= setting.threat
    height = np.maximum(reached[:, opened.initiator], reached[:, opened.target])
    lethal, war = height >= setting.lethal, height >= setting.war
    return np.array([joined.sum(), lethal.sum(), war.sum(), (joined & lethal).sum(), (joined & war).sum()], float)
