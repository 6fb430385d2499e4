"""Who fights whom, and with whom: frequencies of sides, of coalitions, and how far each dyad goes."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd

from sim.by_column import frequencies
from sim.estimate import proportion
from sim.outcomes.course import MOVES


def coalitions(belligerents: pd.Series[Any]) -> dict[str, list[dict[str, Any]]]:
    """Return how often who fights whom.

    Parameters
    ----------
    belligerents : Series of str
        As the table of runs has it.

    Returns
    -------
    dict
        `sides`: every constellation of a run with its share of runs, which add up to 1 (no force: no sides).
        `together`: every set of two or more states that use force on one side of a quarrel, with its share of runs;
        `against` are those whom it fights most often.
    """
    n = len(belligerents)
    rows = frequencies(belligerents)
    together: dict[tuple[str, ...], dict[str, int]] = {}  # by coalition, how often against whom
    for text, count in rows:
        for quarrel in filter(None, text.split(", ")):
            sides = quarrel.split(" v ")
            for side in sides:
                members = tuple(state for state in side.split("+") if not state.startswith("("))
                if len(members) > 1:
                    against = " v ".join(other for other in sides if other != side)
                    counts = together.setdefault(members, {})
                    counts[against] = counts.get(against, 0) + count
    sets = [
        {
            "states": list(members),
            "against": sorted(counts.items(), key=lambda row: (-row[1], row[0]))[0][0],
            "share": proportion(sum(counts.values()), n)._asdict(),
        }
        for members, counts in together.items()
    ]
    return {
        "sides": [{"belligerents": text, "share": proportion(count, n)._asdict()} for text, count in rows],
        "together": sorted(sets, key=lambda row: (-row["share"]["count"], row["states"])),
    }


def dyads(events: pd.DataFrame, runs: int, rungs: int) -> list[dict[str, Any]]:
    """Return how far each state goes against each other: the share of runs in which it came to stand on each rung.

    Parameters
    ----------
    events : DataFrame
        The log.
    runs, rungs : int
        Number of runs, and the highest rung.

    Returns
    -------
    list of dict
        Directed dyads that ever rose, those that went furthest most often first: `state`, `rival`, `at_least`, by rung
        as text, as far as any run went.
    """
    moves = events[events["kind"].isin([move.name.lower() for move in MOVES])].dropna(subset=["target", "rung"])
    highest = moves.groupby(["actor", "target", "run"], observed=True)["rung"].max()
    rows = []
    for pair, reached in highest.groupby(["actor", "target"], observed=True):
        state, rival = cast(tuple[str, str], pair)
        counts = [int((reached >= rung).sum()) for rung in range(1, rungs + 1)]
        at_least = {str(rung): proportion(count, runs)._asdict() for rung, count in enumerate(counts, 1) if count}
        if at_least:
            rows.append((counts[::-1], {"state": state, "rival": rival, "at_least": at_least}))
    rows.sort(key=lambda row: ([-count for count in row[0]], row[1]["state"], row[1]["rival"]))
    return [row for _, row in rows]
