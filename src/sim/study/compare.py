"""Variants of a scenario on the same runs: what each changes, and how many runs turn for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.batch import Runs, Tasks, simulate, untold
from sim.codes import Level
from sim.columns import MEASURED, stands_for
from sim.display import points, shown, turned
from sim.estimate import Proportion, proportion
from sim.outcomes import truths
from sim.scenario.build import build
from sim.scenario.errors import InputError, wrong
from sim.scenario.schema import Scenario
from sim.store import arrays_hash
from sim.study.paired import LEVEL, amount_difference, difference
from sim.summary import LEVELS, given_rung

FIGHTS = [LEVELS[level] for level in (Level.LIMITED_FORCES, Level.ALL_MEANS)]
AMOUNTS = ("number", "real", "days", "share")  # kinds of column of which a mean says something
COMMITMENT = ("treaty", "clause", "ally", "protected")
STEPS = ("triggered", "requested", "recognised", "fights")


class Outcome(NamedTuple):
    """Something that happens in a run or not.

    Parameters
    ----------
    kind : str
        event, rung (its name or higher is reached), state (it uses force) or step (of a commitment).
    name : str
        war, nuclear_use or settled; name of a rung; code of a state; one of `STEPS`.
    commitment : tuple of str
        Treaty, clause, ally and protected party of a step.
    """

    kind: str
    name: str
    commitment: tuple[str, ...] = ()


class Comparison(NamedTuple):
    """Variants beside the first of them; Jupyter shows what each changes.

    Attributes
    ----------
    result : dict
        Plain values. Of each outcome `shares` by variant (exact 95 % intervals) and `differences` to the first by
        variant (`sim.study.paired.difference`); of `amounts` `means` and `differences`.
    table : DataFrame
        A row a variant and run: `variant` and the columns of `sim.batch.Runs.table`.
    """

    result: dict[str, Any]
    table: pd.DataFrame

    def __repr__(self) -> str:
        """Say what was compared, in a line."""
        result = self.result
        number, runs = len(result["variants"]), f"{result['runs']:,} runs each, seed {result['seed']}"
        return f"<{number} variants of {result['scenario']}, {runs}>"

    @property
    def differences(self) -> pd.DataFrame:
        """A row an outcome and variant: shares of the first and of the variant, the difference, runs that turned.

        `kind` and `name` say which outcome (`Outcome`), `commitment` of what a step is one; `difference`, `low` and
        `high` are shares, `turned_up` and `turned_down` numbers of runs.
        """
        first = self.result["first"]
        return pd.DataFrame(
            {
                "kind": outcome["kind"],
                "name": outcome["name"],
                "commitment": " ".join(outcome[part] for part in COMMITMENT if part in outcome),
                "variant": variant,
                "share_of_first": outcome["shares"][first]["share"],
                "share": outcome["shares"][variant]["share"],
                **{name: apart[name] for name in ("difference", "low", "high")},
                **{way: apart[way]["count"] for way in ("turned_up", "turned_down")},
            }
            for outcome in self.result["outcomes"]
            for variant, apart in outcome["differences"].items()
        )

    def _repr_html_(self) -> str:
        """Show in Jupyter what each variant changes in war and the other events."""
        result, first = self.result, self.result["first"]
        rows = [
            (
                outcome["name"].replace("_", " "),
                variant,
                str(Proportion(**outcome["shares"][first])),
                str(Proportion(**outcome["shares"][variant])),
                points(apart),
                *(turned(apart[way]) for way in ("turned_up", "turned_down")),
            )
            for outcome in result["outcomes"]
            if outcome["kind"] == "event"
            for variant, apart in outcome["differences"].items()
        ]
        return shown(
            result["scenario"],
            f"{', '.join(result['variants'])}: all beside {first}.",
            f"{result['runs']:,} runs of each variant, seed {result['seed']}, with the same draws. Differences in "
            "percentage points with paired 95 % intervals (Monte Carlo only), each by itself; turned: per cent of runs "
            "in which it happens under one of the two alone. Not a forecast.",
            ("outcome", "variant", first, "variant's", "difference", "turned up, %", "turned down, %"),
            rows,
        )


def compare(
    scenarios: Mapping[str, Scenario], runs: int = 1000, seed: int = 1, threads: int | None = None,
    progress: Tasks = untold,
) -> Comparison:  # fmt: skip
    """Simulate variants with the same draws and set each beside the first.

    Parameters
    ----------
    scenarios : mapping of Scenario
        Two or more, by name, as `sim.load_variants` returns them; they differ in what they assume, not in horizon,
        ladder or states.
    runs, seed, threads
        As of `sim.simulate`; so many runs of each variant.
    progress : callable, optional
        Called with each variant's name and the number of runs; what it returns is told how many are done.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If there are fewer than two, two differ in nothing, or one has another ladder, horizon or other states.
    """
    if len(scenarios) < 2:
        raise wrong("scenarios", list(scenarios), "two or more, by name, as sim.load_variants returns them")
    first, *others = scenarios
    hashes = require_comparable(scenarios)
    found: dict[str, dict[Outcome, NDArray[np.bool_]]] = {}
    tables = {}
    for name, scenario in scenarios.items():
        simulated = simulate(scenario, runs, seed, threads, progress=progress(name, runs))
        found[name], tables[name] = outcomes(simulated), simulated.table
    result = {
        "scenario": scenarios[first].name,
        "first": first,
        "runs": runs,
        "seed": seed,
        "level": LEVEL,
        "war": scenarios[first].ladder.war,
        "variants": {
            name: {
                "summary": scenario.variants[scenario.variant] if scenario.variant else "",
                "given_rung": given_rung(scenario),
                "arrays_sha256": hashes[name],
            }
            for name, scenario in scenarios.items()
        },
        "outcomes": [_beside(outcome, found, first, others) for outcome in _union(found)],
        "amounts": _amounts(tables),
    }
    table = pd.concat(tables, names=["variant"]).reset_index(level="variant").reset_index(drop=True)
    return Comparison(result, table)


def require_comparable(scenarios: Mapping[str, Scenario]) -> dict[str, str]:
    """Refuse scenarios whose runs cannot stand beside each other, or two that are the same; return their hashes.

    Raises
    ------
    InputError
        With the names of two that differ in ladder, states or horizon, or in nothing.
    """
    first = next(iter(scenarios))
    for name, scenario in scenarios.items():
        if _frame(scenario) != _frame(scenarios[first]):
            raise InputError(f"{first} and {name} have not the same ladder, states and horizon", key="scenarios")
    return require_distinct(scenarios)


def _frame(scenario: Scenario) -> tuple[object, ...]:
    """What two scenarios must have in common for a run of one to stand beside that of the other."""
    return scenario.ladder.names, sorted(scenario.world.states), scenario.horizon_weeks


def require_distinct(scenarios: Mapping[str, Scenario]) -> dict[str, str]:
    """Return the hash of everything that each scenario's runs are computed from; refuse two that are the same.

    Raises
    ------
    InputError
        With the names of two variants that differ in nothing.
    """
    hashes: dict[str, str] = {}
    for name, scenario in scenarios.items():
        found = arrays_hash(build(scenario))
        for other, before in hashes.items():
            if found == before:
                problem = f"{other} and {name} differ in nothing that a run is computed from; leave one of them out"
                raise InputError(f"{problem}, for every difference must be 0", key="variants", value=name)
        hashes[name] = found
    return hashes


def outcomes(runs: Runs) -> dict[Outcome, NDArray[np.bool_]]:
    """Whether each outcome of the summary came about, run by run; shape (runs,) each.

    A step of a commitment is there if some run took it. Shares are of all runs: a step's share given the one before is
    that of other runs in every variant, and cannot be paired.
    """
    ladder, table = runs.scenario.ladder, runs.table
    found = {
        Outcome("event", "war"): table["war"],
        Outcome("event", "nuclear_use"): table["nuclear_use"],
        Outcome("event", "settled"): table["day_settled"].notna(),
    }
    known = {"force", *(outcome.name for outcome in found)}  # force is a rung
    found |= {Outcome("event", name): table[name] for name in truths(table) if name not in known}
    for rung in range(1, ladder.use):
        found[Outcome("rung", ladder.names[rung])] = table["highest_rung"] >= rung
    for code in sorted(runs.scenario.world.states):
        found[Outcome("state", code)] = table[f"rung_{code}"] >= ladder.force
    return {outcome: happened.to_numpy(bool) for outcome, happened in found.items()} | _steps(runs)


def _steps(runs: Runs) -> dict[Outcome, NDArray[np.bool_]]:
    log = runs.events.dropna(subset="treaty")
    fights = (log["kind"] == "honoured") & log["level"].isin(FIGHTS)
    log = log.assign(step=log["kind"].astype(str).where(~fights, "fights"))
    log = log[log["step"].isin(STEPS)]
    found = {}
    for group, rows in log.groupby(["treaty", "clause", "ally", "protected", "step"], observed=True):
        *commitment, step = cast(tuple[str, ...], group)
        happened = np.zeros(len(runs), bool)
        happened[rows["run"].to_numpy()] = True
        found[Outcome("step", step, tuple(commitment))] = happened
    return found


def _amounts(tables: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Means of everything that has an amount in each run, and by how much they differ from those of the first."""
    first, *others = tables
    rows = []
    for name in map(str, tables[first]):
        column = next((found for column in MEASURED if (found := stands_for(column, name))), None)
        if column is not None and column.kind in AMOUNTS and all(name in table for table in tables.values()):
            values = {variant: table[name].to_numpy(float) for variant, table in tables.items()}
            about = {"name": name, "meaning": column.meaning, "told": column.told}
            means = {variant: float(np.nanmean(each)) for variant, each in values.items()}
            apart = {variant: amount_difference(values[first], values[variant]) for variant in others}
            rows.append({**about, "means": means, "differences": apart})
    return rows


def _union(found: Mapping[str, Mapping[Outcome, object]]) -> list[Outcome]:
    """Every outcome of any variant: first those that all have, then steps by commitment in their order."""
    every = dict.fromkeys(outcome for outcomes_of_one in found.values() for outcome in outcomes_of_one)
    steps = [outcome for outcome in every if outcome.kind == "step"]
    steps.sort(key=lambda outcome: (outcome.commitment, STEPS.index(outcome.name)))
    return [outcome for outcome in every if outcome.kind != "step"] + steps


def _beside(
    outcome: Outcome, found: Mapping[str, Mapping[Outcome, NDArray[np.bool_]]], first: str, others: list[str]
) -> dict[str, Any]:
    never = np.zeros_like(next(iter(found[first].values())))
    happened = {name: outcomes_of_one.get(outcome, never) for name, outcomes_of_one in found.items()}
    return {
        "kind": outcome.kind,
        "name": outcome.name,
        **dict(zip(COMMITMENT, outcome.commitment, strict=False)),
        "shares": {name: proportion(int(fate.sum()), len(fate))._asdict() for name, fate in happened.items()},
        "differences": {name: difference(happened[first], happened[name]) for name in others},
    }
