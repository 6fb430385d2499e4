"""The compiled batch: runs in chunks on threads, equal bit for bit to the Mesa model."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import sim.world as arrays
from sim.compiled import compiled
from sim.phases.start import start
from sim.scenario.build import Model
from sim.turn import turn
from sim.world import Params, Records, Trace, World, copy_params, copy_world

CHUNK = 100  # runs; large enough that starting one costs nothing, small enough for progress and for Ctrl-C
ROOM = 512  # entries a run's log has at first, by year of a run on the slow clock


class Chunk(NamedTuple):
    """What some consecutive runs left behind; R runs."""

    first: int  # number of the first run
    words: NDArray[np.int64]  # [R, words] final world of each run, see sim.world.over_runs
    entry: Records  # ENTRY [R, room] logs; run r has filled the first world.clock.entries
    rung: NDArray[np.int64]  # [R, turns + 1] highest rung at each turn's end


Runner = Callable[[Model, int, int, int], Chunk]  # model, seed, first run, number of runs


@compiled
def run_chunk(
    params: Params,
    blank: World,
    world: World,
    seed: int,
    first: int,
    words: NDArray[np.int64],
    entry: Records,
    rung: NDArray[np.int64],
) -> None:
    """Run as many runs as `words` has rows, from number `first` on."""
    for r in range(words.shape[0]):
        world.words[:] = blank.words
        trace = Trace(entry[r], rung[r])
        start(params, world, trace, seed, first + r)
        while world.clock[0].running == 1:
            turn(params, world, trace)
        for after in range(world.clock[0].turn + 1, rung.shape[1]):
            rung[r, after] = rung[r, world.clock[0].turn]
        words[r, :] = world.words


def run_ends(params: Params, blank: World, seed: int, first: int, runs: int) -> World:
    """Return the worlds at the ends of runs, every array with a leading axis of runs; no log is kept."""
    words = np.empty((runs, blank.words.size), np.int64)
    rung = np.zeros((runs, int(params.setting[0].turns) + 1), np.int64)
    run_chunk(params, blank, copy_world(blank), seed, first, words, np.zeros((runs, 0), arrays.ENTRY), rung)
    return arrays.over_runs(blank, words)


def room_years(model: Model) -> int:
    """Years for which a log needs room: a single crisis fills it once, however long the horizon."""
    setting = model.params.setting[0]
    days = float(setting.round_days * setting.rounds * setting.turns)
    return max(int(days // 365), 1) if setting.slow_clock == 1 else 1


def compiled_runner() -> Runner:
    """Return a runner of compiled chunks that may be used from several threads at once."""
    spare: SimpleQueue[tuple[Model, Params, World]] = SimpleQueue()

    def run(model: Model, seed: int, first: int, runs: int) -> Chunk:
        try:
            of, params, world = spare.get_nowait()
        except Empty:
            of = None
        if of is not model:
            params, world = copy_params(model.params), copy_world(model.blank)
        words = np.empty((runs, model.blank.words.size), np.int64)
        rung = np.zeros((runs, int(model.params.setting[0].turns) + 1), np.int64)
        room = ROOM * room_years(model)
        while True:
            entry = np.zeros((runs, room), arrays.ENTRY)
            run_chunk(params, model.blank, world, seed, first, words, entry, rung)
            needed = int(arrays.over_runs(model.blank, words).clock["entries"].max())
            if needed <= room:
                break
            room = needed  # runs are repeatable: once more with room for all of the log
        spare.put((model, params, world))
        return Chunk(first, words, entry, rung)

    return run


def chunks(model: Model, runs: int, seed: int, threads: int, runner: Runner, size: int = CHUNK) -> Iterator[Chunk]:
    """Yield the chunks of runs 0 .. runs - 1 in order; only a few are in memory at any time."""
    starts = iter(range(0, runs, size))
    with ThreadPoolExecutor(threads) as pool:
        waiting: list[Future[Chunk]] = []

        def submit() -> None:
            first = next(starts, None)
            if first is not None:
                waiting.append(pool.submit(runner, model, seed, first, min(size, runs - first)))

        try:
            for _ in range(2 * threads):
                submit()
            while waiting:
                chunk = waiting.pop(0).result()
                submit()
                yield chunk
        finally:
            for future in waiting:
                future.cancel()
