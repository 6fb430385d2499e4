"""A campaign on a cluster: one array of tasks, each of which makes a few parts and needs nothing but the folder.

What is under way is never written down but asked of Slurm, by the names of its jobs: they say which submission and
which of its tasks they are. So a command that is killed while it submits leaves nothing that the next would not see.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sim.campaign.manifest import Campaign, Chunk
from sim.compute import Slurm
from sim.scenario.errors import InputError, UnfinishedError
from sim.store import whole_file

PATIENCE = 120  # seconds that Slurm has for an answer
OVER = ("COMPLETING", "COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "PREEMPTED", "NODE_FAIL", "OUT_OF_MEMORY")


class Queue(NamedTuple):
    """What Slurm still has of a campaign.

    Attributes
    ----------
    jobs : set of str
        Numbers of jobs, of an array one.
    running, waiting : int
        Tasks.
    chunks : set of int
        Numbers of the chunks that these tasks make.
    """

    jobs: set[str]
    running: int
    waiting: int
    chunks: set[int]


def place(campaign: Campaign) -> Path:
    """Return the folder of what is submitted: lists of tasks, scripts, logs."""
    return campaign.folder / "slurm"


def require_accepted(compute: Slurm) -> None:
    """Refuse what Slurm would refuse, before anything is written.

    Raises
    ------
    InputError
        If there is no sbatch here, or it does not accept the options.
    """
    if shutil.which("sbatch") is None:
        problem = "slurm needs sbatch, which is not found here; submit from a login node of the cluster"
        raise InputError(problem, key="compute", value="slurm")
    asked = _asked(["sbatch", "--test-only", *compute.options, "--wrap=true"])
    if asked.returncode != 0:
        raise InputError(f"is refused by sbatch: {_last_line(asked.stderr)}", key="compute", value="slurm")


def queue(campaign: Campaign) -> Queue:
    """Ask Slurm what it has of a campaign; nothing, where nothing was ever submitted.

    Raises
    ------
    UnfinishedError
        If Slurm does not answer.
    """
    if not place(campaign).is_dir():
        return Queue(set(), 0, 0, set())
    answer = _told(["squeue", "--noheader", "--array", f"--user={getpass.getuser()}", "--format=%i|%F|%T|%j"])
    found = Queue(set(), 0, 0, set())
    lists: dict[int, list[list[int]]] = {}
    for line in answer.splitlines():
        task, job, state, name = line.strip().split("|", 3)
        if not name.startswith(f"{_key(campaign)}_") or state in OVER:
            continue
        submission, first = name.split("_")[-2:]
        found.jobs.add(job)
        if first == "warm":
            continue
        tasks = lists.setdefault(int(submission), tasks_of(campaign, int(submission)))
        found.chunks.update(tasks[int(first) + int(task.partition("_")[2])])
        waits = state in ("PENDING", "SUSPENDED", "REQUEUED", "REQUEUE_HOLD", "SPECIAL_EXIT")
        found = found._replace(running=found.running + (not waits), waiting=found.waiting + waits)
    return found


def submit(campaign: Campaign, todo: Sequence[Chunk], compute: Slurm) -> int:
    """Submit tasks that make chunks, after one that compiles; return how many.

    Raises
    ------
    UnfinishedError
        If Slurm refuses; what it has accepted before stays.
    """
    folder = place(campaign)
    folder.mkdir(exist_ok=True)
    submission = 1 + max((int(file.stem) for file in folder.glob("[0-9]*.json")), default=0)
    numbers = [chunk.number for chunk in todo]
    tasks = [numbers[first : first + compute.chunks] for first in range(0, len(numbers), compute.chunks)]
    with whole_file(folder / f"{submission:04}.json") as file:
        file.write(json.dumps({"tasks": tasks}).encode())
    most = largest_array()
    warm = _sbatch(campaign, compute, submission, "warm", [])
    for first in range(0, len(tasks), most):
        count = min(most, len(tasks) - first)
        # where the compilation fails, the array is taken out of the queue and does not wait for ever
        more = [f"--array=0-{count - 1}", f"--dependency=afterok:{warm}", "--kill-on-invalid-dep=yes"]
        _sbatch(campaign, compute, submission, str(first), more)
    return len(tasks)


def cancel(campaign: Campaign) -> Queue:
    """Take all that Slurm has of a campaign out of its queue; return what that was.

    Raises
    ------
    UnfinishedError
        If Slurm does not answer.
    """
    found = queue(campaign)
    if found.jobs:
        _told(["scancel", *sorted(found.jobs)])
    return found


def tasks_of(campaign: Campaign, submission: int) -> list[list[int]]:
    """Return the numbers of the chunks of each task of a submission."""
    file = place(campaign) / f"{submission:04}.json"
    tasks: list[list[int]] = json.loads(file.read_text(encoding="utf-8"))["tasks"]
    return tasks


def complaints(campaign: Campaign, lost: Sequence[Chunk]) -> Iterator[tuple[str, str]]:
    """Logs of tasks that ended without their parts, by name, and their last lines: why, where Slurm or we said it."""
    files = sorted(place(campaign).glob("[0-9]*.json"))
    if not files:
        return
    numbers = {chunk.number for chunk in lost}
    submission = int(files[-1].stem)
    tasks = tasks_of(campaign, submission)
    for log in sorted(place(campaign).glob(f"{submission:04}-*.log")):
        _, first, at = log.stem.split("-")
        mine = numbers if first == "warm" else numbers & set(tasks[int(first) + int(at)])
        text = log.read_text(encoding="utf-8", errors="replace").strip()
        if mine and text:
            yield log.name, _last_line(text)


def largest_array() -> int:
    """Return how many tasks an array may have on this cluster."""
    found = re.search(r"^MaxArraySize\s*=\s*(\d+)", _told(["scontrol", "show", "config"]), re.MULTILINE)
    return max(int(found[1]), 1) if found else 1


# --- one job ---------------------------------------------------------------------------------------


def _sbatch(campaign: Campaign, compute: Slurm, submission: int, first: str, more: list[str]) -> str:
    """Submit one job and return its number."""
    folder = place(campaign)
    script = folder / f"{submission:04}-{first}.sh"
    options = [
        f"--job-name={_key(campaign)}_{submission:04}_{first}",
        f"--output={submission:04}-{first}-{'%a' if more else 0}.log",
        "--open-mode=append", "--requeue", *compute.options, *more,
    ]  # fmt: skip
    with whole_file(script) as file:
        file.write(_script(campaign, options, [str(submission), first]).encode())
    answer = _told(["sbatch", "--parsable", f"--chdir={folder.resolve()}", str(script)])
    return answer.strip().partition(";")[0]


def _script(campaign: Campaign, options: Sequence[str], arguments: Sequence[str]) -> str:
    """A batch script that runs this very package, with the compiled code where it is kept here."""
    path = os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))))
    kept = {name: os.environ[name] for name in ("SIM_CACHE_DIR", "NUMBA_CACHE_DIR") if name in os.environ}
    exports = [f"export {name}={shlex.quote(value)}" for name, value in {"PYTHONPATH": path, **kept}.items()]
    command = [sys.executable, "-m", "sim.campaign.task", str(campaign.folder.resolve()), *arguments]
    lines = ["#!/bin/sh", *(f"#SBATCH {option}" for option in options), *exports, f"exec {shlex.join(command)}"]
    return "\n".join(lines) + "\n"


def _key(campaign: Campaign) -> str:
    """What the names of a campaign's jobs begin with: its own name, and a hash of what it is and where."""
    where = f"{campaign.identity} {campaign.folder.resolve()}"
    return f"{campaign.folder.name}-{hashlib.sha256(where.encode()).hexdigest()[:10]}"


def _told(command: Sequence[str]) -> str:
    """Return what a command of Slurm's answers."""
    asked = _asked(command)
    if asked.returncode != 0:
        raise UnfinishedError(f"{command[0]}: {_last_line(asked.stderr) or f'exit code {asked.returncode}'}", 1)
    return asked.stdout


def _asked(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except FileNotFoundError:
        problem = f"{command[0]} is not found here; ask from a login node of the cluster"
        raise UnfinishedError(problem, 1) from None
    except subprocess.TimeoutExpired:
        raise UnfinishedError(f"{command[0]} does not answer within {PATIENCE} seconds", 1) from None


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]
