"""Memory of a campaign of a million runs: ``python benchmarks/memory.py [POINTS RUNS [KEEP]]``.

POINTS (1,000) with RUNS (1,000) each of one week of korea_strike, once with keep=points and once with keep=runs, or
with KEEP alone: submitted, worked off by two workers, gathered, and its page written, by the command as one types it.
Ten times a second the resident memory of the command and of its workers is summed up, so that what they share counts
twice. A week of a crisis takes as much memory as a year: a run leaves one row, and a hundred at most are under way.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OVER = "over={rules.omega:[0.4,0.9],dyads.PRK.USA.stake:[1,3]}"


def resident(pid: int) -> dict[int, float]:
    """Resident memory, MiB, of a process and of those that it has started, by the process table of Linux."""
    parents, sizes = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        child = int(stat.parent.name)
        parents[child], sizes[child] = int(fields[1]), int(fields[21]) * 4096 / 2**20
    found, front = {}, {pid}
    while front:
        found |= {one: sizes.get(one, 0.0) for one in front}
        front = {child for child, parent in parents.items() if parent in front}
    return found


def peak(points: int, runs: int, keep: str) -> dict[str, object]:
    """Run a campaign; return the largest memory of all its processes and of one, MiB, and how long it took."""
    with tempfile.TemporaryDirectory() as place:
        command = [
            sys.executable, "-m", "sim", "experiment=sweep", "design=lhs", f"points={points}", f"runs={runs}", OVER,
            "horizon_weeks=1", f"keep={keep}", "threads=2", "name=million", f"output={place}",
        ]  # fmt: skip
        start, together, largest = time.perf_counter(), 0.0, 0.0
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while process.poll() is None:
            sizes = resident(process.pid)
            together, largest = max(together, sum(sizes.values())), max(largest, *sizes.values())
            time.sleep(0.1)
        assert process.returncode == 0
        page = next(Path(place).rglob("report.html")).stat().st_size / 1e6
    return {
        "points": points, "runs": runs, "keep": keep, "peak_mib_of_all": round(together),
        "peak_mib_of_one": round(largest), "seconds": round(time.perf_counter() - start), "page_mb": round(page, 2),
    }  # fmt: skip


def main() -> None:
    points, runs = map(int, sys.argv[1:3] or (1000, 1000))
    for keep in sys.argv[3:] or ("points", "runs"):
        print(json.dumps(peak(points, runs, keep)), flush=True)


if __name__ == "__main__":
    main()
