"""Ratios of speed on korea_strike, within one run of this script: ``python benchmarks/speed.py``.

Runs per second of the compiled batch on one thread, over the same rules as plain Python under Mesa
(compilation disabled), over Mesa with compiled rules, and on two threads over one. Nothing is a test.
"""

import json
import os
import subprocess
import sys
import time

ROUNDS = 3
MESA = """
import sys, time, sim
from sim.scenario.build import build
model = build(sim.load("korea_strike"))
runs = int(sys.argv[1])
def all_runs(numbers):
    for run in numbers:
        crisis = sim.Crisis(model, 1, run)
        while crisis.running:
            crisis.step()
if runs > 5:
    all_runs([0])  # compile, or load what is compiled
start = time.perf_counter()
all_runs(range(runs))
print(runs / (time.perf_counter() - start))
"""
BATCH = """
import sys, time, sim
scenario = sim.load("korea_strike")
threads, runs = int(sys.argv[1]), int(sys.argv[2])
sim.simulate(scenario, 10, 1, threads)
start = time.perf_counter()
sim.simulate(scenario, runs, 1, threads)
print(runs / (time.perf_counter() - start))
"""
MEMORY = """
import resource, sys, sim
sim.simulate(sim.load("korea_strike"), int(sys.argv[1]), 1)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measure(source: str, *arguments: object, **environment: str) -> float:
    command = [sys.executable, "-c", source, *map(str, arguments)]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    measure(BATCH, 1, 10)  # compile
    rounds = []
    for _ in range(ROUNDS):
        one, two = measure(BATCH, 1, 2000), measure(BATCH, 2, 4000)
        mesa, plain = measure(MESA, 60), measure(MESA, 3, NUMBA_DISABLE_JIT="1")
        rounds.append({"batch_per_plain": one / plain, "batch_per_mesa": one / mesa, "two_per_one": two / one})
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import sim; sim.simulate(sim.load('korea_strike'), 1000)"], check=True)
    result = {
        "runs_per_second_one_thread": round(one, 1),
        "ratios": {name: [round(r[name], 2) for r in rounds] for name in rounds[0]},
        "warm_1000_runs_seconds": round(time.perf_counter() - start, 2),
        "peak_mib": {str(runs): round(measure(MEMORY, runs)) for runs in (1000, 10_000)},
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
