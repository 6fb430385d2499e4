"""Many crises, many runs each: the compiled engine on crises whose arrays are built once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import sim.world as arrays
from sim.config import CONF
from sim.ensemble import run_ends
from sim.history.parameters import StartParameters
from sim.history.start import Crisis, code, scenario_of
from sim.ladder import Ladder
from sim.scenario.build import Model, build
from sim.scenario.errors import require_member
from sim.scenario.posterior import Draws
from sim.scenario.schema import Figure
from sim.world import copy_params

START = CONF / "history" / "start.yaml"
STAKES = ("stake_initiator", "stake_target")  # what each principal has at stake against the other
_APART = 2**32  # runs between the first of one crisis and of the next


class Start(NamedTuple):
    """A crisis at its trigger as arrays."""

    crisis: Crisis
    model: Model
    principals: tuple[str, str]  # codes of initiator and target


class Ends(NamedTuple):
    """How the runs of a crisis ended; R runs, N states."""

    peak: NDArray[np.int8]  # [R] highest rung of anyone; above the top after nuclear use
    answer: NDArray[np.int8]  # [R] the same without the trigger: highest rung that anyone reached after it
    settled: NDArray[np.float32]  # [R] day of settlement, NaN where the crisis outlasted the horizon
    reached: NDArray[np.int8]  # [R, N] highest rung of each state against anyone
    states: tuple[str, ...]  # codes of the N states
    principals: tuple[str, str]


def build_start(
    crisis: Crisis, rules: Mapping[str, Figure], ladder: Ladder, parameters: StartParameters, draws: Draws | None = None
) -> Start:
    """Build the arrays of a crisis, as those of any scenario are built."""
    principals = code(crisis.initiator, parameters), code(crisis.target, parameters)
    return Start(crisis, build(scenario_of(crisis, rules, ladder, parameters, draws)), principals)


def simulate_crises(
    starts: Sequence[Start],
    runs: int,
    seed: int,
    rules: Mapping[str, float] | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Ends]:
    """Run each crisis many times.

    Parameters
    ----------
    starts : sequence of Start
        Built once, used as often as wanted.
    rules : mapping of float, optional
        Behavioural parameters that take one value in all runs; the others are drawn from their ranges, as ever.
    progress : callable, optional
        Told how many crises are done.

    Returns
    -------
    list of Ends
        One per crisis. The ends of a crisis do not depend on which others are run with it.
    """
    for name in rules or {}:
        require_member("rules", name, arrays.RULES)
    ends: list[Ends] = []
    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        for end in pool.map(lambda start: simulate_crisis(start, runs, seed, rules or {}), starts):
            ends.append(end)
            if progress is not None:
                progress(len(ends))
    return ends


def rung_counts(peaks: Sequence[NDArray[np.int8]], rungs: int) -> NDArray[np.int64]:
    """Count the runs of each crisis by rung, shape (crises, rungs)."""
    return np.array([np.bincount(peak, minlength=rungs) for peak in peaks], np.int64).reshape(len(peaks), rungs)


def simulate_crisis(start: Start, runs: int, seed: int, fixed: Mapping[str, float] | None = None) -> Ends:
    """Run one crisis many times, with some figures fixed: rules by name, and `STAKES`; the others are drawn."""
    model = start.model
    params = copy_params(model.params)
    if fixed:
        params = arrays.fixed(params, slots(start, tuple(fixed)), np.array(list(fixed.values())))
    world = run_ends(params, model.blank, seed, first_run(start), runs)
    clock = world.clock[:, 0]
    peak: NDArray[np.int8] = clock["highest"].astype(np.int8)
    reached: NDArray[np.int8] = world.state["reached"].astype(np.int8)
    settled = np.where(clock["settled"] < 0, np.nan, clock["settled"])
    return Ends(peak, _answer(model, reached, peak), settled, reached, model.states, start.principals)


def _answer(model: Model, reached: NDArray[np.int8], peak: NDArray[np.int8]) -> NDArray[np.int8]:
    """Highest rung that anyone reached but by the trigger itself."""
    acts = model.params.event
    if len(acts) == 0:
        return peak
    author, rung = int(acts[0]["state"]), int(acts[0]["rung"])
    own = np.where(reached[:, author] > rung, reached[:, author], 0)
    others = np.delete(reached, author, axis=1).max(axis=1)
    used = np.where(peak > model.params.setting[0].top, peak, 0)
    answer: NDArray[np.int8] = np.maximum(np.maximum(own, others), used).astype(np.int8)
    return answer


def first_run(start: Start) -> int:
    """Return the number of a crisis's first run: no two crises share a draw."""
    return start.crisis.number * _APART


def slots(start: Start, names: Sequence[str]) -> NDArray[np.int64]:
    """Positions of figures in `Params.figures`: rules by name, and `STAKES`."""
    params, states = start.model.params, start.model.states
    one, other = (states.index(code) for code in start.principals)
    dyads = dict(zip(STAKES, ((one, other), (other, one)), strict=True))
    stakes = {name: arrays.slot(params.figures, params.dyad, row, "stake") for name, row in dyads.items()}
    return np.array([stakes[name] if name in stakes else arrays.rule_slots(params, [name])[0] for name in names])
