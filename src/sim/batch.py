"""simulate(scenario, runs, seed) -> Runs: the batch behind the command line and the notebooks."""

from __future__ import annotations

import os
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from sim.crisis import State, mesa_runner
from sim.display import html
from sim.ensemble import chunks, compiled_runner
from sim.estimate import half_width, proportion
from sim.outcomes import Columns, finals, log_table, measure
from sim.scenario.build import build
from sim.scenario.schema import Scenario
from sim.summary import summarise

MOST = 100_000  # runs that a precision may take where no other number is given
Progress = Callable[[int], None]  # told how many runs are done
Tasks = Callable[[str, int], Progress]  # a task and its size -> who is told how much of it is done


def untold(_task: str, _total: int) -> Progress:
    """Tell nobody how much is done."""
    return lambda _done: None


@dataclass(frozen=True, repr=False)
class Runs:
    """Runs of one scenario.

    Attributes
    ----------
    scenario : Scenario
        What was run.
    seed : int
        Key of the draws; (seed, run) addresses a run.
    table : DataFrame
        A row a run: `run`, `highest_rung`, `war`, `nuclear_use`, days to thresholds, and by state the highest
        rung (`rung_KOR`), help given (`help_KOR`, a `sim.codes.Level`), nuclear alert and share of forces lost.
    log : pyarrow.Table
        A row an entry of the runs' logs, see `sim.outcomes.log_table`; `events` is the same as a DataFrame.
    rungs : (runs, turns + 1) int8 array
        Highest rung on which anyone stood at the end of each turn.
    """

    scenario: Scenario
    seed: int
    table: pd.DataFrame
    log: pa.Table
    rungs: NDArray[np.int8]

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.table)

    def __repr__(self) -> str:
        """Say what was run, in a line."""
        return f"<{len(self):,} runs of {self.scenario.name}, seed {self.seed}>"

    @property
    def events(self) -> pd.DataFrame:
        """The log as a DataFrame."""
        frame: pd.DataFrame = self.log.to_pandas()
        return frame

    @property
    def series(self) -> pd.DataFrame:
        """Rungs in long form: run, day, rung."""
        count, turns = self.rungs.shape
        run = np.repeat(self.table["run"].to_numpy(), turns)
        return pd.DataFrame({"run": run, "day": np.tile(self.days, count), "rung": self.rungs.ravel()})

    @property
    def days(self) -> NDArray[np.float64]:
        """Day of each column of `rungs`."""
        return np.arange(self.rungs.shape[1], dtype=np.float64) * self.scenario.turn_days

    def summary(self) -> dict[str, Any]:
        """Return probabilities with 95 % intervals: rungs, thresholds, treaties, participation, time to war."""
        return deepcopy(self._summary)

    def _repr_html_(self) -> str:
        """Show the answer in Jupyter."""
        return html(self._summary)

    @cached_property
    def _summary(self) -> dict[str, Any]:
        """The summary, which tables, figures and files all read, made once."""
        return summarise(self)


def simulate(
    scenario: Scenario,
    runs: int = 1000,
    seed: int = 1,
    threads: int | None = None,
    state_class: type[State] = State,
    progress: Progress | None = None,
    precision: float | None = None,
) -> Runs:
    """Run a scenario many times.

    Parameters
    ----------
    scenario : Scenario
        As `sim.load` returns it.
    runs : int
        Number of runs, 1 or more. Runs are numbered 0, 1, ...; the first n are the same however many follow.
    seed : int
        Key of all draws, 0 .. 2**63 - 1. Same scenario, seed and version: same results, whatever the threads.
    threads : int, optional
        Threads of the compiled batch; all cores by default.
    state_class : type of State
        A subclass with a `decide` of its own in Python. The batch then runs on that class through Mesa, one
        run after another on one core.
    progress : callable, optional
        Called with the number of runs done after each chunk.
    precision : float, optional
        Stop as soon as the 95 % interval of the probability of war is at most this far from its middle, looking after
        every hundred runs; `runs` is then the most that are made. What is returned is what so many runs give.

    Returns
    -------
    Runs

    Raises
    ------
    ValueError
        If runs, seed, threads or precision are out of range.
    """
    if runs < 1:
        raise ValueError(f"runs: {runs!r} is not 1 or more")
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed: {seed!r} is not between 0 and 2**63 - 1")
    threads = threads if threads is not None else os.cpu_count() or 1
    if threads < 1:
        raise ValueError(f"threads: {threads!r} is not 1 or more")
    if precision is not None and not 0 < precision < 0.5:
        raise ValueError(f"precision: {precision!r} is not between 0 and 0.5")
    model = build(scenario)
    own_rules = state_class is not State
    runner = mesa_runner(state_class) if own_rules else compiled_runner()
    columns: list[Columns] = []
    logs: list[pa.Table] = []
    rungs: list[NDArray[np.int8]] = []
    wars = 0
    for chunk in chunks(model, runs, seed, 1 if own_rules else threads, runner):
        ends = finals(model, chunk)
        columns.append(measure(ends))
        logs.append(log_table(ends))
        rungs.append(chunk.rung.astype(np.int8))
        done = chunk.first + len(chunk.words)
        wars += int(columns[-1]["war"].sum())
        if progress is not None:
            progress(done)
        if precision is not None and half_width(proportion(wars, done)) <= precision:
            break  # chunks that are waiting are cancelled as their generator ends
    table = pd.DataFrame({name: np.concatenate([part[name] for part in columns]) for name in columns[0]})
    return Runs(scenario, seed, table, pa.concat_tables(logs).unify_dictionaries(), np.concatenate(rungs))
