"""The figures of a run in words, with their numbers: what a reader hears who does not see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from sim.batch import Runs
from sim.estimate import Proportion, proportion
from sim.plot.coalitions import MOST as FIGHTING
from sim.plot.coalitions import matrix
from sim.plot.dyads import DYADS, fights, ranked
from sim.plot.incidence import curves
from sim.plot.paths import tree
from sim.plot.states import MOST as STATES
from sim.plot.steps import ANCHORS, SOURCES
from sim.plot.steps import MOST as STEPPING
from sim.plot.treaties import MOST as COMMITMENTS
from sim.study.base_rates import crises, disputes
from sim.summary import to_fight


def _base_rates(runs: Runs) -> str:
    told = []
    for coding, classes in (("ICB crises", crises(runs)), ("MID disputes", disputes(runs))):
        parts = []
        for each in classes:
            alike = f"{each.alike} of crises that began alike, " if each.alike.n else ""
            parts.append(f"{each.name} {each.runs} of runs, {alike}{each.past} of all")
        told.append(f"{coding}: {', '.join(parts)}")
    exactly = [f"{row['rung']} {row['name']} {_percent(row['exactly'])}" for row in runs.summary()["rungs"][::-1]]
    return f"Histogram of the highest rung: {', '.join(exactly)}. Base rates of the past beside it: {_listed(told)}."


def _coalitions(runs: Runs) -> str:
    found = matrix(runs.summary()["coalitions"]["sides"])
    shown = set(found.states[:FIGHTING])
    told = []
    for way, pairs in (("on one side", found.together), ("on two sides", found.against)):
        ranked = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
        parts = [f"{a} and {b} {proportion(n, len(runs))}" for (a, b), n in ranked if {a, b} <= shown]
        told += [f"{way}: {', '.join(parts)}"] if parts else []
    return f"Matrix of states, share of {len(runs):,} runs in which a pair fights {_listed(told) or 'at all: none'}."


def _exceedance(runs: Runs) -> str:
    summary = runs.summary()
    given = summary["given_rung"]
    found = [f"{row['rung']} {row['name']} {Proportion(**row['at_least'])}" for row in summary["rungs"][given + 1 :]]
    return (
        f"Dot plot, logarithmic scale. Share of runs whose highest rung is at least: {_listed(reversed(found))}. "
        f"Rungs 0 to {given} are set by the scenario."
    )


def _force_by_dyad(runs: Runs) -> str:
    told = []
    for (actor, target), days in ranked(runs)[:DYADS]:
        by = [f"by week {week} {proportion(int((days < 7 * week).sum()), len(runs))}" for week in _weeks(runs)]
        told.append(f"{actor} against {target} {', '.join(by)}")
    return f"Heatmap by week, share of runs in which one has used force against the other: {_listed(told) or 'nobody'}."


def _incidence(runs: Runs) -> str:
    shown, given = curves(runs)
    told = []
    for curve in shown:
        by = [f"by week {week} {proportion(curve.counts[_column(runs, week)], len(runs))}" for week in _weeks(runs)]
        told.append(f"{curve.name} {', '.join(by)}")
    left_out = f" Set by the scenario: {', '.join(given)}." if given else ""
    return f"Curves of cumulative incidence, share of runs: {_listed(told)}.{left_out}"


def _network(runs: Runs) -> str:
    told = [f"{a} and {b} {proportion(number, len(runs))}" for (a, b), number in reversed(fights(runs)[0].items())]
    what = "Network of states, share of runs in which one of a pair uses force against the other"
    return f"{what}: {_listed(told) or 'none'}."


def _paths_to_war(runs: Runs) -> str:
    paths = runs.summary()["paths"]
    told = [
        f"{'then ' * row.depth}{row.words} {row.share}" + (f", which is {row.wars} of wars" if row.wars else "")
        for row in tree(paths)
    ]
    return (
        f"Tree of the most frequent ways to war, of {paths['wars']:,} wars; who first stands on a new highest rung, "
        f"and the share of the runs at the step before: {_listed(told) or 'none'}."
    )


def _participation(runs: Runs) -> str:
    ways = {"uses_force": "force", "sends_materiel": "materiel only", "consults": "words only"}
    states = runs.summary()["participation"].values()
    taking = sorted(states, key=lambda row: -sum(row[way]["count"] for way in ways))
    told = []
    for row in taking[:STATES]:
        parts = [f"{word} {_percent(row[way])}" for way, word in ways.items() if row[way]["count"]]
        told += [f"{row['name']} {', '.join(parts)}"] if parts else []
    return f"Bars by state, share of runs by the gravest thing it does: {_listed(told)}."


def _rung_over_time(runs: Runs) -> str:
    told = []
    for week in _weeks(runs):
        low, middle, high = np.quantile(runs.rungs[:, _column(runs, week)], (0.025, 0.5, 0.975), method="inverted_cdf")
        told.append(f"week {week} median {middle}, 95 % of runs from {low} to {high}")
    return f"Bands by week. Highest rung held: {_listed(told)}."


def _rung_shares(runs: Runs) -> str:
    names, told = runs.scenario.ladder.titles, []
    over = runs.table["day_settled"].to_numpy()[:, None] < runs.days
    held = np.where(over, -1, runs.rungs)
    for week in _weeks(runs):
        rungs, counts = np.unique(held[:, _column(runs, week)], return_counts=True)
        parts = [
            f"{names[rung] if rung >= 0 else 'settled or lapsed'} {100 * count / len(runs):.1f} %"
            for rung, count in zip(rungs[::-1], counts[::-1], strict=True)
        ]
        told.append(f"week {week}: {', '.join(parts)}")
    return f"Stacked areas by week, share of runs on each rung. {_listed(told)}."


def _treaty_funnel(runs: Runs) -> str:
    rows = to_fight(runs.summary())[:COMMITMENTS]
    told = []
    for row in rows:
        steps = [row[step]["count"] for step in ("triggered", "requested", "recognised")]
        told.append(
            f"{row['treaty']} {row['clause']}, {row['ally']} for {row['protected']}: triggered in {steps[0]:,} runs, "
            f"requested in {steps[1]:,}, recognised in {steps[2]:,}, of these forces {_percent(row['fights'])}"
        )
    return f"Bars by clause of defence, how far it came. {_listed(told) or 'None was triggered in any run'}."


def _treaty_steps(runs: Runs) -> str:
    rows = to_fight(runs.summary())[:STEPPING]
    told = []
    for row in rows:
        steps = [f"{step} {_percent(row[step])}" for step in ("triggered", "requested", "recognised")]
        levels = [f"{level.replace('_', ' ')} {_percent(found)}" for level, found in row["honoured"].items()]
        told.append(
            f"{row['treaty']} {row['clause']}, {row['ally']} for {row['protected']}: {', '.join(steps + levels)}"
        )
    published = ", ".join(f"{letter} {100 * share:g} %" for letter, share in ANCHORS.items())
    return f"Dots by clause and step, each given the one before. {_listed(told)}. {SOURCES} {published}."


# By name of the figure's file.
DESCRIPTIONS: dict[str, Callable[[Runs], str]] = {
    "base_rates": _base_rates,
    "coalitions": _coalitions,
    "exceedance": _exceedance,
    "force_by_dyad": _force_by_dyad,
    "incidence": _incidence,
    "network": _network,
    "participation": _participation,
    "paths_to_war": _paths_to_war,
    "rung_over_time": _rung_over_time,
    "rung_shares": _rung_shares,
    "treaty_funnel": _treaty_funnel,
    "treaty_steps": _treaty_steps,
}


def _weeks(runs: Runs) -> list[int]:
    """A few weeks of the horizon, its end among them."""
    end = runs.scenario.horizon_weeks
    return sorted({max(1, round(end * part)) for part in (0.1, 0.25, 0.5, 1)})


def _column(runs: Runs, week: int) -> int:
    """Turn that ends at the end of a week, or first after it."""
    return min(int(np.searchsorted(runs.days, 7 * week)), len(runs.days) - 1)


def _percent(entry: dict[str, float]) -> str:
    return str(proportion(int(entry["count"]), int(entry["n"])))


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(parts)
