"""Ratios of campaigns on korea_strike, within one run of this script: ``python benchmarks/campaign.py [POINTS]``.

Time of a campaign of POINTS points (2,000) with 100 runs each, workers' start, parts and gathering included, over that
of as many runs in one call with as many threads; two workers over one; seconds to submit 10,000 points; the largest
peaks of memory of the command and of a worker. Pairs are seconds by the wall and of work. Nothing is a test.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import sim
from sim.campaign.gather import gathered, standing
from sim.campaign.local import work_off
from sim.campaign.manifest import submitted
from sim.config import compose

RUNS = 100
# a range so narrow that every point is about as much work as the scenario as it stands
NARROW = "over={rules.omega:[0.745,0.755],dyads.PRK.USA.stake:[2.95,3.05]}"


def clocks() -> np.ndarray:
    """Seconds by the wall, and of work by this process and its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return np.array([time.perf_counter(), time.process_time() + children.ru_utime + children.ru_stime])


def timed(function: Callable[[], object]) -> np.ndarray:
    """Seconds by the wall, and of work, which others on the machine do not lengthen."""
    start = clocks()
    function()
    return clocks() - start


def campaign(folder: Path, name: str, points: int, over: str = NARROW):
    keys = ("experiment=sweep", "design=lhs", f"points={points}", f"runs={RUNS}", over)
    return submitted(compose([*keys, f"output={folder}", f"name={name}"]))


def worked_off(made, workers: int) -> np.ndarray:
    def whole() -> None:
        work_off(made, standing(made).todo, workers, lambda chunk: None)
        gathered(made)

    return timed(whole)


def peak(who: int) -> int:
    """Peak memory so far, MiB. A child counts what its parent had when it was started: ask while that is little."""
    return round(resource.getrusage(who).ru_maxrss / 1024)


def main() -> None:
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    cores = os.cpu_count() or 1
    scenario = sim.load("korea_strike")
    sim.simulate(scenario, 10)  # compile
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        half = max(points // 4, 1)
        one = worked_off(campaign(folder, "one", half), 1)
        two = worked_off(campaign(folder, "two", half), 2)
        peaks = {"command": peak(resource.RUSAGE_SELF), "worker": peak(resource.RUSAGE_CHILDREN)}
        submission = {
            "two keys": timed(lambda: campaign(folder, "many", 10_000)),
            "every range": timed(lambda: campaign(folder, "wide", 10_000, "over=null")),
        }
        peaks["command that submits 10,000 points of every range"] = peak(resource.RUSAGE_SELF)
        in_one_call = timed(lambda: sim.simulate(scenario, points * RUNS, 1, cores))
        in_points = worked_off(campaign(folder, "all", points), cores)
    result = {
        "points": points,
        "load": os.getloadavg()[0],
        "campaign_per_one_call": (in_points / in_one_call).round(3).tolist(),
        "seconds": {"campaign": in_points.round(1).tolist(), "one call": in_one_call.round(1).tolist()},
        "two_workers_per_one": round(float(one[0] / two[0]), 2),
        "submission_of_10000_seconds": {name: seconds.round(1).tolist() for name, seconds in submission.items()},
        "peak_mib": peaks,
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
