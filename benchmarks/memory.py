"""Memory of a campaign of a million runs: ``python benchmarks/memory.py [POINTS RUNS [KEEP]]``.

POINTS (1,000) with RUNS (1,000) each of one week of korea_strike, once with keep=points and once with keep=runs, or
with KEEP alone: submitted, worked off by two workers, gathered, and its page written, by the command as one types it.
Ten times a second the memory of the command and of its workers is summed up: proportional (what n processes share
counts a nth in each, so once) and resident (it counts in each). What is compiled must be there: compiling takes a
gigabyte, once. A week of a crisis takes as much memory as a year: a run leaves one row, and at most a hundred are under
way.
"""

import json
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

OVER = "over={rules.omega:[0.4,0.9],dyads.PRK.USA.stake:[1,3]}"


def family(pid: int) -> set[int]:
    """A process and those that it has started, by the process table of Linux."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found, front = set(), {pid}
    while front:
        found |= front
        front = {child for child, parent in parents.items() if parent in front}
    return found


def memory(pid: int) -> np.ndarray:
    """Proportional and resident memory of a process, MiB; nothing where it has ended."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        sizes = {line.split()[0]: line.split()[1] for line in lines[1:]}
        return np.array([int(sizes["Pss:"]), int(sizes["Rss:"])]) / 1024
    return np.zeros(2)


def peak(points: int, runs: int, keep: str) -> dict[str, object]:
    """Run a campaign; return the largest memory of all its processes together, MiB, and how long it took."""
    with tempfile.TemporaryDirectory() as place:
        command = [
            sys.executable, "-m", "sim", "experiment=sweep", "design=lhs", f"points={points}", f"runs={runs}", OVER,
            "horizon_weeks=1", f"keep={keep}", "threads=2", "name=million", f"output={place}",
        ]  # fmt: skip
        start, together = time.perf_counter(), np.zeros(2)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while process.poll() is None:
            together = np.maximum(together, sum(memory(one) for one in family(process.pid)))
            time.sleep(0.1)
        assert process.returncode == 0
        page = next(Path(place).rglob("report.html")).stat().st_size / 1e6
    seconds = round(time.perf_counter() - start)
    about = {"points": points, "runs": runs, "keep": keep, "seconds": seconds, "page_mb": round(page, 2)}
    return {**about, "peak_mib": round(together[0]), "peak_mib_resident": round(together[1])}


def main() -> None:
    points, runs = map(int, sys.argv[1:3] or (1000, 1000))
    for keep in sys.argv[3:] or ("points", "runs"):
        print(json.dumps(peak(points, runs, keep)), flush=True)


if __name__ == "__main__":
    main()
