"""The table of crises from the published files: ICB for what happened, COW and ATOP for who the states were.

Not in these files, and left blank: joint democracy and rivalry (`joint_dem_polity`, `joint_dem_vdem`,
`rivals_principals`). docs/data.md says how far the rest agrees with the table that the project was tested on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.history.codes import ICB_STATES, is_major, is_nuclear
from sim.history.readers.atop import ATOP, LAST_YEAR, read_atop
from sim.history.readers.cow import NMC, find_contiguity, read_contiguity, read_nmc
from sim.history.readers.icb import ICB1, ICB2, read_icb1, read_icb2
from sim.history.readers.layout import find

UNKNOWN = ("joint_dem_polity", "joint_dem_vdem", "rivals_principals")
_LAST_DAY = 31


class States(NamedTuple):
    """What COW and ATOP say of states, looked up by state or pair, and year."""

    cinc: Mapping[tuple[int, int], float]
    contiguity: Mapping[tuple[int, int, int], int]
    protectors: Mapping[tuple[int, int], frozenset[int]]


class Sides(NamedTuple):
    """Actors of a crisis by side; `conflicts` counts edges that join states of one side."""

    first: list[int]
    second: list[int]
    neither: list[int]
    conflicts: int


def crises_from(folder: Path | str) -> pd.DataFrame:
    """Build the table of crises from a folder of published files.

    An edge ``a>b`` says that the crisis of actor b was triggered by state a, or that b saw the threat in a. The
    initiator and the target are those of the earliest edge: of actors that saw the crisis begin on one day, the
    lower number first.

    Returns
    -------
    DataFrame
        As `sim.history.table.read_crises` returns it, with `UNKNOWN` blank.

    Raises
    ------
    InputError
        If a file is missing, another release, or holds a code that does not exist.
    """
    crises = read_icb1(find(ICB1, folder)).astype({"crisno": "int64"})
    actors = read_icb2(find(ICB2, folder)).astype({"crisno": "int64", "actor": "int64"})
    states = states_from(folder)
    by_crisis = dict(iter(actors.groupby("crisno")))
    nobody = actors.iloc[:0]
    described = [
        _described(by_crisis.get(crisno, nobody), int(year), states)
        for crisno, year in zip(crises["crisno"], crises["year"], strict=True)
    ]
    table = pd.concat([crises, pd.DataFrame(described, index=crises.index)], axis=1)
    table[list(UNKNOWN)] = np.nan
    coded, both = table["violence_1to4"].notna(), table[["cinc_initiator", "cinc_target"]].notna().all(axis=1)
    table["usable_dyad_notintrawar"] = (coded & both & (table["intrawar"] == 1)).astype(float)
    return table.astype({"initiator_cow": "Int64", "target_cow": "Int64"})


def edges_of(actors: pd.DataFrame) -> list[tuple[int, int]]:
    """Adversaries (source, actor) in the order in which actors saw the crisis begin, each pair once."""
    # parts of a month have codes above 31 and come before its days
    day = actors["day"].where(actors["day"] <= _LAST_DAY, 0)
    order = pd.DataFrame({"year": actors["year"], "month": actors["month"], "day": day, "actor": actors["actor"]})
    rows = actors.loc[order.sort_values(["year", "month", "day", "actor"]).index]
    pairs = []
    for actor, *sources in rows[["actor", "triggered_by", "threatened_by"]].itertuples(index=False):
        pairs += [(int(source), int(actor)) for source in sources if source in ICB_STATES and source != actor]
    return list(dict.fromkeys(pairs))


def sides_of(edges: list[tuple[int, int]], actors: Iterable[int]) -> Sides:
    """Divide states into the initiator's side and the other: adversaries stand on opposite sides.

    Edges are taken in their order, those that touch nobody placed yet are left for later; what stays unconnected
    to the initiator belongs to neither side.
    """
    side = {edges[0][0]: 0} if edges else {}
    waiting = list(edges)
    while any(a in side or b in side for a, b in waiting):
        a, b = next((a, b) for a, b in waiting if a in side or b in side)
        waiting.remove((a, b))
        if b not in side:
            side[b] = 1 - side[a]
        elif a not in side:
            side[a] = 1 - side[b]
    everybody = dict.fromkeys([*actors, *(state for edge in edges for state in edge)])
    return Sides(
        first=[state for state in side if side[state] == 0],
        second=[state for state in side if side[state] == 1],
        neither=[state for state in everybody if state not in side],
        conflicts=sum(side.get(a, 2) == side.get(b, 3) for a, b in edges),
    )


def states_from(folder: Path | str) -> States:
    """Return what National Material Capabilities, Direct Contiguity and ATOP in a folder say of states.

    Raises
    ------
    InputError
    """
    capabilities = read_nmc(find(NMC, folder)).dropna(subset="cinc")
    contiguity = read_contiguity(find_contiguity(folder))
    cinc = {(int(i), int(year)): float(c) for i, year, c in capabilities[["ccode", "year", "cinc"]].to_numpy()}
    borders = contiguity[["ccode1", "ccode2", "year", "conttype"]].astype(int).to_numpy().tolist()
    return States(
        cinc=cinc,
        contiguity={(i, j, year): conttype for i, j, year, conttype in borders},
        protectors=protectors(read_atop(find(ATOP, folder))),
    )


def protectors(obligations: pd.DataFrame) -> dict[tuple[int, int], frozenset[int]]:
    """States that have promised to defend a state, by state and year, from `sim.history.readers.atop.read_atop`."""
    promised = defaultdict(set)
    pacts = obligations.loc[obligations["defense"] == 1, ["ccode1", "ccode2", "year"]]
    for protector, state, year in pacts.astype(int).to_numpy().tolist():
        promised[state, year].add(protector)
    return {key: frozenset(codes) for key, codes in promised.items()}


def _described(actors: pd.DataFrame, year: int, states: States) -> dict[str, object]:
    """Return the columns of one crisis that rest on its actors."""
    edges = edges_of(actors)
    sides = sides_of(edges, actors["actor"])
    named = list(dict.fromkeys(int(actor) for actor in actors["actor"]))
    everybody = list(dict.fromkeys([*named, *(state for edge in edges for state in edge)]))
    initiator, target = edges[0] if edges else (None, None)
    alliance_year = min(year, LAST_YEAR)
    across = [_pair(a, b) for a in sides.first for b in sides.second if _pact(states, a, b, alliance_year)]
    among = [
        _pair(a, b) for i, a in enumerate(everybody) for b in everybody[i + 1 :] if _pact(states, a, b, alliance_year)
    ]
    row: dict[str, object] = {
        "n_crisis_actors": len(named),
        "actors_cow": _listed(named),
        "adversary_edges": " ".join(f"{a}>{b}" for a, b in edges),
        "initiator_cow": initiator,
        "target_cow": target,
        "side1_cow": _listed(sides.first),
        "side2_cow": _listed(sides.second),
        "unassigned_actors_cow": _listed(sides.neither),
        "edge_conflicts": sides.conflicts,
        "us_is_actor": int(2 in named),
        "su_is_actor": int(365 in named),
        "nuclear_actors": _listed(state for state in named if is_nuclear(state, year)),
        "alliance_year_used": alliance_year,
        "defence_pacts_among": " ".join(sorted(among)),
        "defence_pacts_across_sides": " ".join(sorted(across)),
        "contig_principals": np.nan,
    }
    row |= _capabilities(states, year, initiator, target, sides)
    for number, side in ((1, sides.first), (2, sides.second)):
        patrons = {patron for state in side for patron in states.protectors.get((state, alliance_year), ())} - set(
            everybody
        )
        row[f"n_ext_pact_side{number}"] = len(patrons)
        row[f"ext_pact_major_side{number}"] = _listed(
            sorted(state for state in patrons if is_major(state, alliance_year))
        )
        row[f"nuc_side{number}"] = int(any(is_nuclear(state, year) for state in side))
    if initiator is not None and target is not None:
        row["contig_principals"] = states.contiguity.get((initiator, target, year), np.nan)
    for name, state in (("nuc_initiator", initiator), ("nuc_target", target)):
        row[name] = int(state is not None and is_nuclear(state, year))
    return row


def _capabilities(
    states: States, year: int, initiator: int | None, target: int | None, sides: Sides
) -> dict[str, float]:
    def total(side: Iterable[int | None]) -> float:
        known = [states.cinc[state, year] for state in side if state is not None and (state, year) in states.cinc]
        return sum(known) if known else np.nan

    own, other = total([initiator]), total([target])
    return {
        "cinc_initiator": own,
        "cinc_target": other,
        "cinc_side1": total(sides.first),
        "cinc_side2": total(sides.second),
        "strong_share_principals": max(own, other) / (own + other) if own + other > 0 else np.nan,
    }


def _pact(states: States, a: int, b: int, year: int) -> bool:
    return b in states.protectors.get((a, year), ()) or a in states.protectors.get((b, year), ())


def _pair(a: int, b: int) -> str:
    return f"{min(a, b)}-{max(a, b)}"


def _listed(codes: Iterable[int]) -> str:
    return " ".join(str(code) for code in codes)
