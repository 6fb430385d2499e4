"""What a set of runs says: probabilities with intervals, ready for a table or a JSON file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from sim.belligerents import coalitions, dyads
from sim.by_column import by_column
from sim.codes import Level
from sim.estimate import Proportion, proportion, ratio
from sim.incidence import CENSORED, incidence
from sim.paths import paths
from sim.scenario.schema import Act, Scenario

if TYPE_CHECKING:
    from sim.batch import Runs

WEEKS = (1, 4, 13, 26, 52, 104, 260, 520)
TO_FIGHT = ("defence", "offence")  # kinds of clauses
LEVELS = tuple(level.name.lower() for level in Level)


def summarise(runs: Runs) -> dict[str, Any]:
    """Return the summary of a set of runs as plain dictionaries, lists and numbers.

    Every probability is a dictionary with `count`, `n`, `share`, `low`, `high` (95 %, exact).
    """
    scenario, table, events = runs.scenario, runs.table, runs.events
    summary = {
        "scenario": scenario.name,
        "variant": scenario.variant,
        "changes": list(scenario.changes),
        "runs": len(table),
        "seed": runs.seed,
        "given_rung": given_rung(scenario),
        "thresholds": {name: getattr(scenario.ladder, name) for name in ("force", "lethal", "war")},
        "probabilities": {
            "use_of_force": _share(table["force"]),
            "beyond_the_given": _share(table["highest_rung"] > given_rung(scenario)),
            "war": _share(table["war"]),
            "nuclear_use": _share(table["nuclear_use"]),
            "settled": _share(table["day_settled"].notna()),
        },
        "rungs": _rungs(scenario, table),
        "treaties": _treaty_funnel(scenario, events, len(table)),
        "unasked_help": _unasked_help(events, len(table)),
        "participation": _participation(scenario, table),
        "time_to_war": _time(scenario, table, "day_war"),
        "time_to_settlement": _time(scenario, table, "day_settled"),
        "time_to_rung": _time_to_rungs(scenario, table),
        "dyads": dyads(events, len(table), scenario.ladder.use),
        "coalitions": coalitions(table["belligerents"]),
        "paths": paths(table["path"], scenario.ladder.war),
        "outcomes": by_column(table),
    }
    if scenario.slow_clock:
        summary["order"] = _order(table, events)
    return summary


def headline(summary: dict[str, Any]) -> list[tuple[str, Proportion]]:
    """Return what a summary says first: how far it goes, and whether it ends."""

    def mark(threshold: str) -> str:  # of what the scenario itself makes happen
        return " (set by the scenario)" if summary["given_rung"] >= summary["thresholds"][threshold] else ""

    lines = {
        "use_of_force": "Use of force" + mark("force"),
        "beyond_the_given": f"Beyond rung {summary['given_rung']}, which the scenario sets",
        "war": "War" + mark("war"),
        "nuclear_use": "Nuclear use (driven by its prior: history has no case)",
        "settled": "Settled or lapsed before the horizon",
    }
    return [(line, Proportion(**summary["probabilities"][key])) for key, line in lines.items()]


def to_fight(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the commitments to fight in a summary: those that were triggered, the most often triggered first."""
    return [row for row in summary["treaties"] if row["kind"] in TO_FIGHT]


def given_rung(scenario: Scenario) -> int:
    """Highest rung that the scenario itself sets, by its start or its events: no finding of the model."""
    acts = [event.rung for event in scenario.events if isinstance(event, Act)]
    return max([start.rung for start in scenario.start_rungs] + acts, default=0)


def _share(happened: pd.Series[Any]) -> dict[str, float]:
    return proportion(int(happened.sum()), len(happened))._asdict()


def _rungs(scenario: Scenario, table: pd.DataFrame) -> list[dict[str, Any]]:
    highest = table["highest_rung"]
    titles = [*scenario.ladder.titles]
    return [
        {
            "rung": rung,
            "name": titles[rung],
            "exactly": _share(highest == rung),
            "at_least": _share(highest >= rung),
        }
        for rung in range(scenario.ladder.use + 1)
    ]


def _treaty_funnel(scenario: Scenario, events: pd.DataFrame, runs: int) -> list[dict[str, Any]]:
    """Each commitment's pipeline: triggered, requested | triggered, recognised | requested, level | recognised.

    Only commitments that were triggered in some run; the most often triggered first. The number at risk of
    each step is its `n`. The level is the highest that the ally came to.
    """
    pipeline = events[~events["kind"].isin(("left", "signed"))].dropna(subset="treaty")
    rows = []
    keys = ["treaty", "clause", "ally", "protected"]
    for group, log in pipeline.groupby(keys, observed=True):
        names = cast(tuple[str, str, str, str], group)
        reached = {kind: log.loc[log["kind"] == kind, "run"].nunique() for kind in _STEPS}
        honoured = log[log["kind"] == "honoured"].assign(code=lambda e: e["level"].map(LEVELS.index).astype(int))
        level = honoured.groupby("run")["code"].max()
        rows.append(
            {
                **dict(zip(keys, names, strict=True)),
                "kind": scenario.world.treaties[names[0]].clauses[names[1]].kind,
                "triggered": proportion(reached["triggered"], runs)._asdict(),
                "requested": proportion(reached["requested"], reached["triggered"])._asdict(),
                "recognised": proportion(reached["recognised"], reached["requested"])._asdict(),
                "honoured": {
                    name: proportion(int((level == code).sum()), reached["recognised"])._asdict()
                    for code, name in enumerate(LEVELS)
                },
                "fights": proportion(int((level >= Level.LIMITED_FORCES).sum()), reached["recognised"])._asdict(),
            }
        )
    return sorted(rows, key=lambda row: (-row["triggered"]["count"], row["treaty"], row["clause"], row["ally"]))


_STEPS = ("triggered", "requested", "recognised")


def _order(table: pd.DataFrame, events: pd.DataFrame) -> dict[str, Any]:
    """What the slow clock did: rates per year of what is simulated, polarity at the end, who left and signed what."""
    years = table["last_day"] / 365.0
    rates = ("crises", "wars", "treaties_left", "treaties_signed")
    moves = events[events["kind"].isin(("left", "signed"))].drop_duplicates(["run", "kind", "actor", "treaty"])
    counts = moves.groupby(["kind", "treaty", "actor"], observed=True).size()
    rows = [
        {"kind": kind, "treaty": treaty, "state": state, "share": proportion(count, len(table))._asdict()}
        for (kind, treaty, state), count in cast(dict[tuple[str, str, str], int], counts.to_dict()).items()
    ]
    return {
        "per_year": {name: ratio(table[name], years)._asdict() for name in rates},
        "at_the_end": {name: ratio(table[name])._asdict() for name in ("poles", "bipolarity", "rivals_opposed")},
        "moves": sorted(rows, key=lambda row: (row["kind"], -row["share"]["count"], row["treaty"], row["state"])),
    }


def _unasked_help(events: pd.DataFrame, runs: int) -> list[dict[str, Any]]:
    """Help that no recognised request asked for, by helper and level; counted apart from the treaties."""
    given = events[events["kind"] == "volunteered"]
    counts = given.groupby(["actor", "level"], observed=True)["run"].nunique()
    rows = [
        {"state": state, "level": level, "share": proportion(count, runs)._asdict()}
        for (state, level), count in cast(dict[tuple[str, str], int], counts.to_dict()).items()
    ]
    return sorted(rows, key=lambda row: (-row["share"]["count"], row["state"]))


def _participation(scenario: Scenario, table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """By state: uses force; is at war; sends forces, materiel, or words only."""
    ladder = scenario.ladder
    result = {}
    for code in sorted(scenario.world.states):
        rung, level = table[f"rung_{code}"], table[f"help_{code}"]
        fights = rung >= ladder.force
        result[code] = {
            "name": scenario.world.states[code].name,
            "uses_force": _share(fights),
            "at_war": _share(rung >= ladder.war),
            "sends_materiel": _share(~fights & (level >= Level.MATERIEL)),
            "consults": _share(~fights & (level == Level.CONSULT)),
        }
    return result


def _time(scenario: Scenario, table: pd.DataFrame, column: str) -> dict[str, Any]:
    """Cumulative incidence by week, and quartiles of the day among the runs where it happened.

    A day is that of the turn in which it happens, so week 1 holds the days 0 to 6. Nothing but the horizon
    censors a run, so the share of runs by a day is the cumulative incidence, the competing ends (settlement,
    nuclear use) taken into account.
    """
    days = table[column]
    happened = days.dropna()
    weeks = [week for week in WEEKS if week <= scenario.horizon_weeks]
    return {
        "by_week": {str(week): _share(days < 7 * week) for week in weeks},
        "quartiles_days": [float(q) for q in np.quantile(happened, [0.25, 0.5, 0.75])] if len(happened) else None,
        "n": len(happened),
    }


REACHED, ENDED = 1, 2  # causes that compete, beside censoring


def _time_to_rungs(scenario: Scenario, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Cumulative incidence by week of first standing on each kinetic rung, of settling short of it, and neither.

    The ends compete: a crisis that has settled will not rise. Estimated after Aalen and Johansen (`sim.incidence`).
    """
    weeks = [week for week in WEEKS if week <= scenario.horizon_weeks]
    settled = table["day_settled"].to_numpy(float)
    rows = []
    for rung in range(1, scenario.ladder.top + 1):
        reached = table[f"day_rung_{rung}"].to_numpy(float)
        seen = [~np.isnan(reached), ~np.isnan(settled)]
        cause = np.select(seen, [REACHED, ENDED], CENSORED)
        time = np.select(seen, [reached, settled], table["last_day"].to_numpy(float))
        first, ended = (incidence(time, cause, of, [7.0 * week for week in weeks]) for of in (REACHED, ENDED))
        neither = [1 - a["share"] - b["share"] for a, b in zip(first, ended, strict=True)]
        rows.append(
            {
                "rung": rung,
                "name": scenario.ladder.titles[rung],
                "reached": dict(zip(map(str, weeks), first, strict=True)),
                "settled_short_of_it": dict(zip(map(str, weeks), ended, strict=True)),
                "neither": dict(zip(map(str, weeks), neither, strict=True)),
            }
        )
    return rows
