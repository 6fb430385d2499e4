"""A bank of runs: every run of every crisis with parameters of its own, drawn over wide ranges.

Luck and parameters of a run are functions of seed, crisis and run (`sim.draws`), so the same bank comes out
whatever the threads and the order, and two banks that differ in one range share all other draws (common random
numbers). A crisis's part of the bank is a file of its own, named by a hash of all that it depends on: work that
was broken off is taken up again, and crises that are added cost only themselves.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled, engine_hash
from sim.phases.start import draw_figures
from sim.store import arrays_hash, whole_file
from sim.study.crises import Start, first_run, simulate_crisis, slots
from sim.world import Params, copy_params


class Bank(NamedTuple):
    """Runs of C crises, R each.

    Attributes
    ----------
    drawn : array of float32, shape (C, R, D)
        What each run drew for the D parameters that were asked for, in their own units.
    peak : array of int8, shape (C, R)
        Highest rung of anyone.
    settled : array of float32, shape (C, R)
        Day of settlement, NaN where the crisis outlasted the horizon.
    """

    drawn: NDArray[np.float32]
    peak: NDArray[np.int8]
    settled: NDArray[np.float32]


def fill_bank(
    starts: Sequence[Start],
    names: tuple[str, ...],
    runs: int,
    seed: int,
    folder: Path | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Bank:
    """Run crises over the ranges of their parameters, or read the runs where they were made before.

    Parameters
    ----------
    starts : sequence of Start
        Built with the wide ranges.
    names : tuple of str
        Parameters to note: rules, or `crises.STAKES`.
    folder : Path, optional
        Where a file for each crisis is kept; made if it does not exist.
    progress : callable, optional
        Told how many crises are done.
    """
    engine = engine_hash()
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)

    def part(start: Start) -> Bank:
        file = None if folder is None else folder / _name(start, names, runs, seed, engine)
        made = None if file is None else _read(file)
        if made is None:
            made = _part(start, names, runs, seed)
            if file is not None:
                _write(made, file)
        return made

    parts: list[Bank] = []
    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        for made in pool.map(part, starts):
            parts.append(made)
            if progress is not None:
                progress(len(parts))
    return Bank(*(np.stack(arrays) for arrays in zip(*parts, strict=True)))


@compiled
def note_figures(params: Params, seed: int, first: int, where: NDArray[np.int64], out: NDArray[np.float64]) -> None:
    """Draw the figures of each run as it draws them itself, and note some; `out` has shape (runs, figures)."""
    for r in range(out.shape[0]):
        draw_figures(params, seed, first + r)
        for n in range(where.shape[0]):
            out[r, n] = params.figures[where[n]]


def _part(start: Start, names: tuple[str, ...], runs: int, seed: int) -> Bank:
    drawn = np.empty((runs, len(names)))
    note_figures(copy_params(start.model.params), seed, first_run(start), slots(start, names), drawn)
    ends = simulate_crisis(start, runs, seed)
    return Bank(drawn.astype(np.float32), ends.peak, ends.settled.astype(np.float32))


def _name(start: Start, names: tuple[str, ...], runs: int, seed: int, engine: str) -> str:
    content = repr((arrays_hash(start.model), start.crisis.number, names, runs, seed, engine))
    return f"{start.crisis.number}-{hashlib.sha256(content.encode()).hexdigest()[:20]}.npz"


def _read(file: Path) -> Bank | None:
    """Return what a file holds; None if it does not exist or is damaged."""
    try:
        with np.load(file) as arrays:
            return Bank(*(arrays[field] for field in Bank._fields))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return None


def _write(bank: Bank, file: Path) -> None:
    """Write a file whole or not at all."""
    with whole_file(file) as partial:
        np.savez(partial, **bank._asdict())
