"""A campaign on this machine: worker processes, one a core, each making one part after another.

Processes and not threads: what is measured of a run holds Python's lock, and a worker that dies takes nothing with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from sim.campaign.manifest import Campaign, Chunk
from sim.scenario.errors import InputError, UnfinishedError

try:
    import fcntl
except ImportError:  # Windows: two commands at once do the same work twice, and nothing worse
    fcntl = None  # type: ignore[assignment]

STALE = 3600  # seconds after which nobody writes any more at a file that is begun: a part takes one or two
TRIES = 3  # deaths of a worker at a point until the point counts as failed
COMMAND = (sys.executable, "-m", "sim.campaign.work")


@contextmanager
def alone(campaign: Campaign) -> Iterator[None]:
    """Keep other commands of this machine from working at the same campaign; a kill ends that.

    Raises
    ------
    InputError
        If one does; where the file system knows no locks, nobody is kept from it.
    """
    with (campaign.folder / "lock").open("w") as lock:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError):
                problem = "is in use by another command; wait for it, or stop it"
                raise InputError(problem, key="name", value=campaign.folder.name) from None
            except OSError:  # file systems of some clusters know no locks: as on Windows
                pass
        yield


def sweep_out(campaign: Campaign) -> None:
    """Remove what workers that were killed had begun to write, where none is at work that we know of.

    Others may be that we do not know of, another user's tasks: what is fresh may be theirs, and is left to them.
    """
    for partial in campaign.folder.rglob(".*.partial"):
        with suppress(FileNotFoundError):  # theirs, and whole by now
            if time.time() - partial.stat().st_mtime > STALE:
                partial.unlink()


class Crew:
    """Workers, and the chunks that they have still to make."""

    def __init__(self, campaign: Campaign, todo: Iterable[Chunk], done: Callable[[Chunk], None]) -> None:
        self.campaign = campaign
        self.done = done
        self.halted: str | None = None
        self.begun = threading.Event()  # the first part is made, or nobody will make one
        self._todo: SimpleQueue[Chunk] = SimpleQueue()
        for chunk in todo:
            self._todo.put(chunk)
        self._workers: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()

    def tend(self) -> None:
        """Keep one worker at work until there is none left, or somebody halts."""
        worker: subprocess.Popen[str] | None = None
        try:
            while self.halted is None:
                try:
                    chunk = self._todo.get_nowait()
                except Empty:
                    break
                worker = self._make(chunk, worker)
        except OSError as error:  # no worker can be started
            self.halt(f"no worker can be started: {error.strerror or error}")
        finally:
            if worker is not None:
                self._dismiss(worker)
            self.begun.set()

    def _make(self, chunk: Chunk, worker: subprocess.Popen[str] | None) -> subprocess.Popen[str] | None:
        """Have a chunk made, by another worker where one dies; return the last one."""
        deaths: Counter[int] = Counter()
        spared: dict[int, str] = {}
        while self.halted is None:
            worker = worker or self._hire()
            kind, at = self._order(worker, chunk, spared)
            if kind == "done":
                self.done(chunk)
                self.begun.set()
                return worker
            if kind == "halt":
                self.halt(at)
                return worker
            code = worker.wait()
            self._dismiss(worker)
            worker = None
            deaths[at] += 1
            if deaths[at] == TRIES and at < 0:
                self.halt(f"workers die before they begin (exit code {code})")
            elif deaths[at] == TRIES:
                spared[at] = f"its worker died {TRIES} times (exit code {code})"
        return worker

    def _order(self, worker: subprocess.Popen[str], chunk: Chunk, spared: dict[int, str]) -> tuple[str, Any]:
        """Give a worker a chunk; return done, halt and why, or died and at which point (-1: before any)."""
        assert worker.stdin is not None and worker.stdout is not None
        point = -1
        try:
            worker.stdin.write(json.dumps([chunk.number, list(spared.items())]) + "\n")
            worker.stdin.flush()
            for line in worker.stdout:
                kind, value = json.loads(line)
                if kind != "point":
                    return kind, value
                point = value
        except (BrokenPipeError, ValueError):
            pass
        return "died", point

    def _hire(self) -> subprocess.Popen[str]:
        """Start a worker, of this very package, that Ctrl-C does not reach: we stop it."""
        path = os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))))
        worker = subprocess.Popen(
            [*COMMAND, str(self.campaign.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            encoding="utf-8", env={**os.environ, "PYTHONPATH": path}, start_new_session=True,
        )  # fmt: skip
        with self._lock:
            self._workers.add(worker)
            if self.halted is not None:
                worker.kill()
        return worker

    def _dismiss(self, worker: subprocess.Popen[str]) -> None:
        """Let a worker end."""
        for pipe in (worker.stdin, worker.stdout):
            if pipe is not None:
                with suppress(OSError):  # it died with something in the pipe
                    pipe.close()
        worker.wait()
        with self._lock:
            self._workers.discard(worker)

    def halt(self, why: str) -> None:
        """Stop all workers; the parts that are made stay."""
        with self._lock:
            self.halted = self.halted or why
            for worker in self._workers:
                worker.kill()


def work_off(
    campaign: Campaign,
    todo: list[Chunk],
    workers: int,
    done: Callable[[Chunk], None],
    compiled: bool = True,
) -> None:
    """Make the parts of chunks.

    Parameters
    ----------
    workers : int
        Processes at a time.
    done : callable
        Told of each chunk whose part is made, from several threads.
    compiled : bool
        Whether the engine's compiled code is there. If not, one worker makes it while the others wait.

    Raises
    ------
    UnfinishedError
        If the machine fails. What is made is kept, as it is on Ctrl-C.
    """
    crew = Crew(campaign, todo, done)
    threads = [threading.Thread(target=crew.tend, daemon=True) for _ in range(min(workers, len(todo)))]
    try:
        for thread in threads:
            thread.start()
            while not compiled and not crew.begun.wait(0.2):
                pass
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)
    except KeyboardInterrupt:
        crew.halt("stopped")
        for thread in threads:
            if thread.is_alive():
                thread.join()
        raise
    if crew.halted is not None:
        raise UnfinishedError(crew.halted, 1)
