"""Golden traces: what a few runs of every scenario did, line by line. ``python tests/golden.py`` writes them anew.

A line an entry of the log: run, day, kind, actor, target, and what it was about. After each run stand a few
figures of its last world. Words and integers are compared exactly, figures to 1e-9.
"""

from pathlib import Path

import numpy as np

import sim
from sim.batch import simulate
from sim.config import available
from sim.ensemble import compiled_runner
from sim.scenario.build import build
from sim.world import over_runs

FOLDER = Path(__file__).parent / "golden"
SEED, RUNS, WEEKS = 20251010, 3, 8  # weeks: after the last event
LONGER = {"world_order": 106}  # weeks; on the slow clock little happens in eight
ABOUT = ("treaty", "rung", "alert", "level", "choice")


def traces(name: str) -> list[str]:
    """Lines of a scenario's first weeks, and of those of a crisis that comes later."""
    last = max([event.day for event in sim.load(name).events], default=0)
    scenario = sim.load(name, [f"horizon_weeks={LONGER.get(name, last // 7 + WEEKS)}"])
    model = build(scenario)
    world = over_runs(model.blank, compiled_runner()(model, SEED, 0, RUNS).words)
    entries = simulate(scenario, RUNS, SEED).log.to_pylist()
    lines = []
    for run in range(RUNS):
        for entry in (entry for entry in entries if entry["run"] == run):
            about = [f"{word}={entry[word]}" for word in ABOUT if entry[word] is not None]
            lines.append(" ".join([f"{run} {entry['day']:g}", entry["kind"], *actors(entry), *about]))
        figures = {
            "land": world.state["land"][run].sum(),
            "weariness": world.dyad["weariness"][run].sum(),
            "power": world.dyad["power"][run].sum(),
            "belief": np.square(world.belief[run]).sum(),
        }
        lines += [f"{run} end {word} {value:.12e}" for word, value in figures.items()]
    return lines


def actors(entry: dict[str, object]) -> list[str]:
    return [str(entry[word]) for word in ("actor", "target") if entry[word] is not None]


def alike(mine: str, golden: str) -> bool:
    """Whether two lines say the same, figures to 1e-9."""
    if " end " not in mine or " end " not in golden:
        return mine == golden
    (*words, value), (*others, other) = mine.split(), golden.split()
    return words == others and bool(np.isclose(float(value), float(other), rtol=1e-9, atol=1e-12))


def main() -> None:
    for name in available():
        file = FOLDER / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(traces(name)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
