"""Whether the clock drives the answer: ``python benchmarks/clock.py [RUNS [SCENARIO ...]]``.

P(war) with turns of 1, 3.5 and 7 days, and differences from 3.5 days with their 95 % intervals, paired by run.
"""

import sys

import numpy as np

import sim
from sim.config import available


def paired(mine, theirs) -> tuple[float, float]:
    """Mean difference of two samples of the same runs, and the half-width of its 95 % interval."""
    off = np.asarray(mine, float) - np.asarray(theirs, float)
    return float(off.mean()), float(1.96 * off.std(ddof=1) / np.sqrt(len(off)))


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    names = sys.argv[2:] or [name for name in available() if "/" not in name]
    for name in names:
        war = {days: sim.simulate(sim.load(name, [f"turn_days={days}"]), runs).table["war"] for days in (1, 3.5, 7)}
        for days in (1, 7):
            off, half = paired(war[days], war[3.5])
            shares = f"{war[days].mean():.4f} against {war[3.5].mean():.4f}"
            print(f"{name}: {days} days against 3.5: {shares}, difference {off:+.4f} +- {half:.4f}", flush=True)


if __name__ == "__main__":
    main()
