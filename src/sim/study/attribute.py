"""What each clause, flow and deployment of a scenario adds: the scenario less one of them, on the same runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.batch import Tasks, simulate, untold
from sim.display import points, shown, turned
from sim.estimate import Proportion, proportion, ratio
from sim.outcomes import truths
from sim.scenario.build import build
from sim.scenario.errors import InputError
from sim.scenario.schema import Deploy, Flow, Force, Scenario, World, titled
from sim.study.paired import LEVEL, Fate, contrast, difference, mean_difference, simultaneous

TOP = 3  # parts whose interactions are looked at
MEASURES = 2  # war, and the number of states that use force
AS_IT_IS = frozenset[str]()


class Part(NamedTuple):
    """Something that can be taken out of a scenario.

    Parameters
    ----------
    kind : str
        clause, flow, forces (stationed abroad) or deployment (an event).
    name : str
        As it is written and drawn; no two are alike.
    removed : callable
        Returns a scenario without it.
    """

    kind: str
    name: str
    removed: Callable[[Scenario], Scenario]


class Attribution(NamedTuple):
    """The result as plain values, its runs as a table, war in them, and the scenarios that were run, by what is out."""

    result: dict[str, Any]
    table: pd.DataFrame
    war: dict[frozenset[str], Fate]
    scenarios: dict[frozenset[str], Scenario]

    def __repr__(self) -> str:
        """Say what was taken out of what, in a line."""
        result = self.result
        return f"<{len(result['parts'])} parts of {result['scenario']}, {result['runs']:,} runs, seed {result['seed']}>"

    def _repr_html_(self) -> str:
        """Show in Jupyter the parts that turn some run, by what they add."""
        result = self.result
        ways = ("turned_up", "turned_down")
        moving = [part for part in result["parts"] if any(part["war"][way]["count"] for way in ways)]
        return shown(
            str(titled(result["scenario"], result["variant"])),
            f"war: {Proportion(**result['war'])}; {len(moving)} of {len(result['parts'])} parts turn some run.",
            f"{result['runs']:,} runs as it is and less each part, seed {result['seed']}, with the same draws. What a "
            "part adds to war in percentage points, with intervals that hold for all parts and both measures at once "
            "(Monte Carlo only); turned: per cent of runs with war only with the part, and only without it. Not a "
            "forecast.",
            ("part", "kind", "adds to war", "turned up, %", "turned down, %"),
            [
                (part["name"], part["kind"], points(part["war"]), *(turned(part["war"][way]) for way in ways))
                for part in moving
            ],
        )


def attribute(
    scenario: Scenario, runs: int = 1000, seed: int = 1, threads: int | None = None, progress: Tasks = untold
) -> Attribution:
    """Take every part out in turn, rank what each adds, and look for interactions of the first.

    Parts are ranked by the size of what they add to the probability of war, then by what they add to the expected
    number of states that use force. Intervals of parts hold all at once with 95 % (Bonferroni over parts and both
    measures), and so do those of interactions; those of other outcomes (`others`) over parts, each outcome by itself.

    Parameters
    ----------
    runs, seed, threads
        As of `sim.simulate`; so many runs as it is and less each part, of which a large world has a hundred.
    progress : callable, optional
        Called with a name and the number of scenarios; what it returns is told how many are done.

    Raises
    ------
    InputError
        If there is nothing to take out.
    """
    every = parts(scenario)
    if not every:
        raise InputError("has no clause in force, no flow and no deployment; nothing can be attributed", key="scenario")
    scenarios = {AS_IT_IS: scenario} | {frozenset({part.name}): part.removed(scenario) for part in every}
    tables = _simulated(scenarios, runs, seed, threads, progress("parts", len(scenarios)))
    ranked = _ranked(every, tables)
    top = [part for part, _ in ranked[:TOP]]
    more = {
        frozenset(part.name for part in chosen): _without(scenario, chosen)
        for size in range(2, len(top) + 1)
        for chosen in combinations(top, size)
    }
    tables |= _simulated(more, runs, seed, threads, progress("interactions", len(more)))
    result = {
        "scenario": scenario.name,
        "variant": scenario.variant,
        "runs": runs,
        "seed": seed,
        "level": LEVEL,
        "level_of_each_part": simultaneous(MEASURES * len(every)),
        "war": proportion(int(tables[AS_IT_IS]["war"].sum()), runs)._asdict(),
        "states": ratio(tables[AS_IT_IS]["states"])._asdict(),
        "parts": [{"rank": rank, **row} for rank, (_, row) in enumerate(ranked, start=1)],
        "interactions": _interactions([part.name for part in top], tables),
    }
    war = {removed: table["war"].to_numpy() for removed, table in tables.items()}
    return Attribution(result, _stacked(tables), war, scenarios | more)


# --- what can be taken out -------------------------------------------------------------------------


def parts(scenario: Scenario) -> list[Part]:
    """Everything that can be taken out: clauses and flows of some day of the run, forces abroad, deployments."""
    clauses = dict.fromkeys((held.treaty, held.clause) for held in build(scenario).commitments)
    found = [Part("clause", f"{treaty} {clause}", _no_clause(treaty, clause)) for treaty, clause in clauses]
    flows = (name for name, flow in sorted(scenario.world.flows.items()) if _runs(scenario, flow))
    found += [Part("flow", name, _no_flow(name)) for name in flows]
    found += [Part("forces", _forces(force), _no_force(force)) for force in scenario.world.forces]
    for number, event in enumerate(scenario.events):
        if isinstance(event, Deploy):
            name = f"events.{number} {event.state} to {event.theatre}, day {event.day}"
            found.append(Part("deployment", name, _no_event(event)))
    return found


def _runs(scenario: Scenario, flow: Flow) -> bool:
    return (flow.start is None or flow.start < scenario.end) and (flow.end is None or flow.end > scenario.start)


def _forces(force: Force) -> str:
    return f"{force.state} in {force.theatre}" + (f" with {force.host}" if force.host else "")


def _no_clause(treaty: str, clause: str) -> Callable[[Scenario], Scenario]:
    def removed(scenario: Scenario) -> Scenario:
        before = scenario.world.treaties[treaty]
        clauses = {name: kept for name, kept in before.clauses.items() if name != clause}
        others = {name: kept for name, kept in scenario.world.treaties.items() if name != treaty}
        kept = {treaty: before.model_copy(update={"clauses": clauses})} if clauses else {}
        return _with(scenario, treaties=others | kept)

    return removed


def _no_flow(flow: str) -> Callable[[Scenario], Scenario]:
    """A flow goes with the back-fills behind it: they make good what it takes away."""

    def removed(scenario: Scenario) -> Scenario:
        flows = scenario.world.flows.items()
        return _with(scenario, flows={name: kept for name, kept in flows if name != flow and kept.behind != flow})

    return removed


def _no_force(force: Force) -> Callable[[Scenario], Scenario]:
    def removed(scenario: Scenario) -> Scenario:
        return _with(scenario, forces=tuple(kept for kept in scenario.world.forces if kept is not force))

    return removed


def _no_event(event: Deploy) -> Callable[[Scenario], Scenario]:
    def removed(scenario: Scenario) -> Scenario:
        return scenario.model_copy(update={"events": tuple(kept for kept in scenario.events if kept is not event)})

    return removed


def _with(scenario: Scenario, **changes: object) -> Scenario:
    world: World = scenario.world.model_copy(update=changes)
    return scenario.model_copy(update={"world": world})


def _without(scenario: Scenario, chosen: Iterable[Part]) -> Scenario:
    for part in chosen:
        scenario = part.removed(scenario)
    return scenario


# --- runs and estimates ----------------------------------------------------------------------------


def _simulated(
    scenarios: Mapping[frozenset[str], Scenario], runs: int, seed: int, threads: int | None, done: Callable[[int], None]
) -> dict[frozenset[str], pd.DataFrame]:
    tables = {}
    for number, (removed, scenario) in enumerate(scenarios.items(), start=1):
        table = simulate(scenario, runs, seed, threads).table
        force = scenario.ladder.force
        states = sum((table[f"rung_{code}"] >= force).astype(np.int64) for code in scenario.world.states)
        told = dict.fromkeys(("run", "highest_rung", "war", *truths(table)))
        tables[removed] = table[list(told)].assign(states=states)
        done(number)
    return tables


def _ranked(every: Iterable[Part], tables: Mapping[frozenset[str], pd.DataFrame]) -> list[tuple[Part, dict[str, Any]]]:
    """What each part adds: the scenario as it is less the same without the part."""
    level = simultaneous(MEASURES * (len(tables) - 1))
    whole, rows = tables[AS_IT_IS], []
    for part in every:
        less = tables[frozenset({part.name})]
        war = difference(less["war"].to_numpy(), whole["war"].to_numpy(), level)
        states = mean_difference((whole["states"] - less["states"]).to_numpy(), level)
        others = {
            name: difference(less[name].to_numpy(), whole[name].to_numpy(), simultaneous(len(tables) - 1))
            for name in truths(whole)
            if name != "war"
        }
        rows.append((part, {"kind": part.kind, "name": part.name, "war": war, "states": states, "others": others}))
    return sorted(
        rows, key=lambda row: (*(-abs(row[1][name]["difference"]) for name in ("war", "states")), row[0].name)
    )


def _interactions(top: list[str], tables: Mapping[frozenset[str], pd.DataFrame]) -> list[dict[str, Any]]:
    chosen = [names for size in range(2, len(top) + 1) for names in combinations(top, size)]
    level = simultaneous(MEASURES * len(chosen))
    columns = {name: {out: table[name].to_numpy() for out, table in tables.items()} for name in ("war", "states")}
    return [
        {
            "parts": list(names),
            **{name: mean_difference(contrast(fates, names), level) for name, fates in columns.items()},
        }
        for names in chosen
    ]


def _stacked(tables: Mapping[frozenset[str], pd.DataFrame]) -> pd.DataFrame:
    """One table: what is taken out (empty: nothing; several: joined by +), and the runs."""
    named = {" + ".join(sorted(removed)): table for removed, table in tables.items()}
    return pd.concat(named, names=["removed"]).reset_index(level="removed").reset_index(drop=True)
