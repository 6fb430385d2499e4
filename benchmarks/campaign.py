"""Ratios of campaigns on four weeks of korea_strike: ``python benchmarks/campaign.py [PART [POINTS]]``.

PART is overhead (time of a campaign of POINTS points, 2,000, with 100 runs each, workers' start, parts and gathering
included, over that of as many runs in one call with as many threads), workers (one over two) or submission (seconds for
five times as many points, 10,000); all of them, if none is named. Ratios are of one run of the script, in an order in
which drift cancels. Pairs are seconds by the wall and of work. Four weeks and not a year, because short runs show
what a campaign adds to them. Nothing is a test.
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
SCENARIO = ("scenario=korea_strike", "horizon_weeks=4")
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
    keys = (*SCENARIO, "experiment=sweep", "design=lhs", f"points={points}", f"runs={RUNS}", over)
    return submitted(compose([*keys, f"output={folder}", f"name={name}"]))


def worked_off(made, workers: int) -> np.ndarray:
    def whole() -> None:
        work_off(made, standing(made).todo, workers, lambda chunk: None)
        gathered(made)

    return timed(whole)


def overhead(folder: Path, points: int) -> dict[str, object]:
    """A campaign over as many runs in one call, in the order campaign, call, call, campaign, so that drift cancels."""
    cores, scenario = os.cpu_count() or 1, sim.load("korea_strike", SCENARIO[1:])
    half = max(points // 2, 1)
    sim.simulate(scenario, 10)  # compile
    first = worked_off(campaign(folder, "first", half), cores)
    call = timed(lambda: sim.simulate(scenario, half * RUNS, 1, cores))
    call += timed(lambda: sim.simulate(scenario, half * RUNS, 1, cores))
    both = first + worked_off(campaign(folder, "second", half), cores)
    return {
        "campaign": both.round(1).tolist(),
        "call": call.round(1).tolist(),
        "ratio": (both / call).round(3).tolist(),
    }


def workers(folder: Path, points: int) -> dict[str, object]:
    """One worker over two, each twice half of the points, in the order two, one, one, two."""
    half = max(points // 2, 1)
    made = [campaign(folder, f"workers{at}", half) for at in range(4)]
    two, one, again, last = (worked_off(each, count) for each, count in zip(made, (2, 1, 1, 2), strict=True))
    return {"one_per_two_by_the_wall": round(float((one + again)[0] / (two + last)[0]), 2)}


def submission(folder: Path, points: int) -> dict[str, object]:
    """Seconds to submit five times as many points, of two keys and of every range of the scenario (some 800 keys)."""
    many = 5 * points
    return {
        name: timed(lambda name=name, over=over: campaign(folder, name, many, over)).round(1).tolist()
        for name, over in {"two": NARROW, "every": "over=null"}.items()
    }


PARTS = {"overhead": overhead, "workers": workers, "submission": submission}


def main() -> None:
    names = sys.argv[1:2] or list(PARTS)
    points = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    for name in names:
        with tempfile.TemporaryDirectory() as place:
            result = PARTS[name](Path(place), points)
        about = {"points": points, "load": round(os.getloadavg()[0], 1)}
        print(json.dumps({name: result, **about}), flush=True)


if __name__ == "__main__":
    main()
