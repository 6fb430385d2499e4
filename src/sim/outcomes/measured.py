"""The outcomes: each is a function from the ends of runs to one value per run, with the columns that hold it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import Entry
from sim.outcomes.course import path, sides
from sim.outcomes.finals import Column, Columns, Finals, Outcome

if TYPE_CHECKING:
    import pandas as pd


def highest(ends: Finals) -> Columns:
    """Highest rung (kinetic, or the one above the top after nuclear use) and highest nuclear alert."""
    clock = ends.world.clock[:, 0]
    top = int(ends.model.params.setting[0].top)
    return {
        "highest_rung": clock["highest"],
        "highest_kinetic": ends.world.state["reached"].max(axis=1),
        "highest_alert": clock["highest_alert"],
        "nuclear_use": clock["highest"] > top,
    }


def thresholds(ends: Finals) -> Columns:
    """Whether, and on which day first, force, a lethal clash, war and nuclear use came about (NaN: not)."""
    setting = ends.model.params.setting[0]
    day = ends.world.rung["day"]
    rungs = {"force": setting.force, "lethal": setting.lethal, "war": setting.war, "nuclear": setting.top + 1}
    columns: Columns = {}
    for name, rung in rungs.items():
        first = day[:, int(rung)]
        columns[f"day_{name}"] = np.where(first < 0, np.nan, first)
    columns["force"] = day[:, int(setting.force)] >= 0
    columns["war"] = day[:, int(setting.war)] >= 0
    return columns


def rungs(ends: Finals) -> Columns:
    """Day on which anyone first stood on each kinetic rung or higher (NaN: never)."""
    day, top = ends.world.rung["day"], int(ends.model.params.setting[0].top)
    return {f"day_rung_{rung}": np.where(day[:, rung] < 0, np.nan, day[:, rung]) for rung in range(1, top + 1)}


def durations(ends: Finals) -> Columns:
    """Days of the run in which the highest rung in the world was one of force, and of war, as each turn found them.

    A turn counts whole by the rung at its end; what a run did not live to see (nuclear use ends it) counts for nothing.
    """
    setting = ends.model.params.setting[0]
    turn = float(setting.rounds * setting.round_days)
    ended = np.arange(1, ends.chunk.rung.shape[1]) * turn
    lived = ended <= ends.world.clock["day"] + 1e-9
    rung = ends.chunk.rung[:, 1:]
    return {
        f"days_{name}": turn * (lived & (rung >= int(least))).sum(axis=1)
        for name, least in (("force", setting.force), ("war", setting.war))
    }


def course(ends: Finals) -> Columns:
    """Who fights whom, and the path to the highest rung."""
    return {"belligerents": sides(ends), "path": path(ends)}


def ending(ends: Finals) -> Columns:
    """Day of settlement or lapse (NaN: the crisis outlasted the horizon), and the last day simulated."""
    clock = ends.world.clock[:, 0]
    return {"day_settled": np.where(clock["settled"] < 0, np.nan, clock["settled"]), "last_day": clock["day"]}


def participation(ends: Finals) -> Columns:
    """For each state: highest rung against anyone, level of help given, nuclear alert, share of forces lost."""
    level = help_given(ends)
    columns: Columns = {}
    for i, code in enumerate(ends.model.states):
        columns[f"rung_{code}"] = ends.world.state["reached"][:, i]
        columns[f"help_{code}"] = level[:, i]
        columns[f"alert_{code}"] = ends.world.state["alerted"][:, i]
        columns[f"lost_{code}"] = ends.world.state["lost"][:, i]
    return columns


def help_given(ends: Finals) -> NDArray[np.int64]:
    """Highest `Level` of help that each state gave anyone, by treaty or unasked; shape (R, N)."""
    level = np.zeros((ends.chunk.words.shape[0], len(ends.model.states)), np.int64)
    gave = np.isin(ends.entries["kind"], (Entry.HONOURED, Entry.VOLUNTEERED))
    np.maximum.at(level, (ends.of_run[gave], ends.entries["state"][gave]), ends.entries["value"][gave])
    return level


def order(ends: Finals) -> Columns:
    """With the slow clock: crises that began, wars, treaties of defence left and signed, and polarity at the end.

    `poles` is the effective number of powers, one over the sum of squared shares of industry, which begins as the
    root of product times military spending (Laakso & Taagepera 1979). The blocs are the signs of the leading
    eigenvector of affinities; `bipolarity` is the share of affinity, by size, that they explain, less the share that
    they do not, -1..1 (structural balance: Harary 1953; Maoz 2006); `rivals_opposed` is the share of pairs that may
    quarrel whose two states are in different blocs.
    """
    if ends.model.params.setting[0].slow_clock == 0:
        return {}
    clock, states = ends.world.clock[:, 0], ends.world.state
    share = states["industry"] / states["industry"].sum(axis=1, keepdims=True)
    affinity = 0.5 * (ends.world.dyad["affinity"] + ends.world.dyad["affinity"].transpose(0, 2, 1))
    _, vectors = np.linalg.eigh(affinity)  # the last is the leading one
    bloc = np.where(vectors[:, :, -1] >= 0, 1.0, -1.0)
    explained = affinity * bloc[:, :, None] * bloc[:, None, :]
    one, other = np.nonzero(np.triu(ends.model.params.quarrel >= 0))
    count = np.zeros((len(Entry), len(clock)), np.int64)
    np.add.at(count, (ends.entries["kind"], ends.of_run), 1)
    opposed = (bloc[:, one] != bloc[:, other]).mean(axis=1) if len(one) else np.full(len(clock), np.nan)
    return {
        "crises": clock["crises"],
        "wars": clock["wars"],
        "treaties_left": count[Entry.LEFT],
        "treaties_signed": _first_of_each(ends, Entry.SIGNED),
        "poles": 1.0 / np.square(share).sum(axis=1),
        "bipolarity": explained.sum(axis=(1, 2)) / np.abs(affinity).sum(axis=(1, 2)),
        "rivals_opposed": opposed,
    }


def _first_of_each(ends: Finals, kind: int) -> NDArray[np.int64]:
    """How many treaties the entries of a kind name, however many parties each has; shape (R,)."""
    chosen = ends.entries["kind"] == kind
    pact = ends.model.params.commitment["pact"][ends.entries["commitment"][chosen]]
    pairs = np.unique(np.stack([ends.of_run[chosen], pact], axis=1), axis=0)
    return np.bincount(pairs[:, 0], minlength=len(ends.world.clock))


# --- the registry ----------------------------------------------------------------------------------

SLOW = "the slow clock is off"
OUTCOMES: tuple[Outcome, ...] = (
    Outcome(
        highest,
        (
            Column("highest_rung", "rung", "Highest rung reached by anyone, nuclear use the last"),
            Column("highest_kinetic", "rung", "Highest rung reached by anyone, nuclear use left aside"),
            Column("highest_alert", "alert", "Highest nuclear alert of anyone"),
            Column("nuclear_use", "truth", "Nuclear weapons were used"),
        ),
    ),
    Outcome(
        thresholds,
        (
            Column("day_force", "day", "Day on which force was first used", "not used"),
            Column("day_lethal", "day", "Day of the first use of force that killed", "none"),
            Column("day_war", "day", "Day on which it first was war", "no war"),
            Column("day_nuclear", "day", "Day of the first nuclear use", "none"),
            Column("force", "truth", "Force was used"),
            Column("war", "truth", "It came to war"),
        ),
    ),
    Outcome(
        rungs, (Column("day_rung_RUNG", "day", "Day on which anyone first stood on rung RUNG or higher", "never"),)
    ),
    Outcome(
        ending,
        (
            Column("day_settled", "day", "Day on which the crisis was settled or lapsed", "it outlasted the horizon"),
            Column("last_day", "day", "Last day simulated"),
        ),
    ),
    Outcome(
        durations,
        (
            Column("days_force", "days", "Days with force in use, by the ends of turns", told="Days with force in use"),
            Column("days_war", "days", "Days at war, by the ends of turns", told="Days at war"),
        ),
    ),
    Outcome(
        course,
        (
            Column(
                "belligerents", "text", "Who fights whom, as A+B v C; in brackets who only suffers; empty: no force"
            ),
            Column("path", "text", "Who first took the crisis to each new highest rung, as A 4 > B+C 6"),
        ),
    ),
    Outcome(
        participation,
        (
            Column("rung_STATE", "rung", "STATE: highest rung against anyone"),
            Column("help_STATE", "level", "STATE: most help given to anyone, by treaty or unasked"),
            Column("alert_STATE", "alert", "STATE: highest nuclear alert"),
            Column("lost_STATE", "share", "STATE: share of forces lost", told="Forces lost"),
        ),
    ),
    Outcome(
        order,
        (
            Column("crises", "number", "Crises that began", SLOW),
            Column("wars", "number", "Crises that came to war", SLOW),
            Column("treaties_left", "number", "Treaties of defence that a state left", SLOW),
            Column("treaties_signed", "number", "Treaties of defence that were signed", SLOW),
            Column("poles", "real", "Effective number of powers at the end", SLOW),
            Column("bipolarity", "real", "How far two blocs explain affinities at the end, -1 to 1", SLOW),
            Column("rivals_opposed", "share", "Share of rival pairs in different blocs at the end", SLOW),
        ),
    ),
)


def truths(columns: Mapping[str, Any] | pd.DataFrame) -> list[str]:
    """Names of the columns of runs that are true or false, by their values."""
    return [str(name) for name, values in columns.items() if values.dtype == bool]


def measure(ends: Finals) -> Columns:
    """Return every outcome of a chunk, with the number of each run first."""
    first = ends.chunk.first
    columns: Columns = {"run": np.arange(first, first + ends.chunk.words.shape[0])}
    for outcome in OUTCOMES:
        columns.update(outcome.measure(ends))
    return columns
