"""Whether allies join: one row for each COW dispute and each state that had promised to defend one of its targets.

At risk is a state with an ATOP defence obligation, in the year in which the dispute began, to an original member
of side B; that is no original participant itself, and has no defence pact with an original member of side A. It
joined if MID B lists it on side B. The rate is per ally and dispute, whatever the dispute's severity; it is not
the share of invocations that are honoured, which counts far fewer and graver cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binomtest

from sim.history.build import States, states_from
from sim.history.codes import is_major, is_nuclear
from sim.history.logit import Floats, ordered_logit, scale
from sim.history.readers.cow import MID_A, MID_B, read_mid_a, read_mid_b
from sim.history.readers.layout import find
from sim.history.scores import paired_difference

# All known when the dispute begins.
COVARIATES: Final = (
    "ally_major",
    "ally_nuclear",
    "ally_capability",
    "ally_borders_target",
    "ally_borders_initiator",
    "ally_fought_initiator",
    "ally_fought_beside_target",
    "initiator_major",
    "initiator_nuclear",
    "advantage",
    "protectors",
    "year",
)
# Who the leading states are, for a model that starts from them rather than from covariates: COW numbers, CINC,
# and the border between the two (COW contiguity, 0 none).
PRINCIPALS: Final = ("initiator", "target", "cinc_initiator", "cinc_target", "contiguity")
# How the whole dispute went; MID codes it when it is over.
COURSE: Final = ("hostility", "fatality")
LAST_OF_EARLY: Final = 1945  # year; alliances and disputes are others after it
MEMORY: Final = 10  # years over which earlier disputes count
_LEAST = 1e-6  # CINC of a state that has none


class Sides(NamedTuple):
    """Original participants of a dispute, and who came later on side B and on side A, with hostility reached."""

    a: frozenset[int]
    b: frozenset[int]
    later_b: Mapping[int, float]
    later_a: Mapping[int, float]


class Rate(NamedTuple):
    """A share with its Wilson interval (95 %), and the one of a bootstrap over disputes."""

    count: int  # type: ignore[assignment]  # hides tuple.count
    n: int
    share: float
    low: float
    high: float
    cluster_low: float
    cluster_high: float


def ally_disputes(folder: Path | str) -> pd.DataFrame:
    """Return the rows at risk, from a folder with MID A and B, ATOP, NMC and Direct Contiguity.

    Returns
    -------
    DataFrame
        Columns `dispute`, `ally`; `joined`, `level` (highest hostility it reached on side B, 0 if it did
        not join), `against` (joined side A); `PRINCIPALS`: the strongest original member of side A, and the
        strongest of side B whom the ally owes defence; `COVARIATES`: 0 or 1, but for capability (log CINC of
        the ally), advantage (log CINC of side A over side B), protectors (log of how many states are at risk
        with it, and itself) and the year; `COURSE`: the dispute's highest hostility (1-5) and level of deaths
        (0-6, NaN where unknown), for description only. A CINC that is missing counts as the least there is.

    Raises
    ------
    InputError
        If a file is missing, another release, or holds a code that does not exist.
    """
    states = states_from(folder)
    began = read_mid_a(find(MID_A, folder)).sort_values(["year", "dispute"])
    participants = read_mid_b(find(MID_B, folder))
    by_dispute = _sides_of_disputes(participants)
    fought, beside = _history(began, by_dispute)
    rows: list[dict[str, float]] = []
    for dispute, year in began[["dispute", "year"]].astype(int).itertuples(index=False):
        sides = by_dispute.get(dispute)
        if sides is not None:
            rows += _at_risk(dispute, year, sides, states, fought, beside)
    columns = ["dispute", "ally", "joined", "level", "against", *PRINCIPALS, *COVARIATES]
    course = began.set_index("dispute")[list(COURSE)]
    return pd.DataFrame(rows, columns=columns).join(course, on="dispute")


def eras(rows: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Return the parts of the table that are calibrated and scored each by itself; the headline first."""
    late = (rows["year"] > LAST_OF_EARLY).to_numpy()
    return {name: part for name, part in (("after_1945", late), ("until_1945", ~late)) if part.any()}


def rate(happened: ArrayLike, disputes: ArrayLike) -> Rate:
    """Return how often something happened per row, where rows of one dispute are alike.

    The Wilson interval takes rows as independent, and is too narrow where allies of one target join together;
    the other draws whole disputes (percentile bootstrap).

    Raises
    ------
    ValueError
        If there is no row.
    """
    values = np.asarray(happened, dtype=float)
    drawn = paired_difference(values, np.zeros(len(values)), disputes, resamples=4000)
    count, n = int(values.sum()), len(values)
    interval = binomtest(count, n).proportion_ci(method="wilson")
    return Rate(count, n, count / n, float(interval.low), float(interval.high), drawn.low, drawn.high)


def fit_base_rate(train: pd.DataFrame) -> Floats:
    """Probabilities of (not joining, joining), shape (1, 2), half a case of each added."""
    share = (train["joined"].sum() + 0.5) / (len(train) + 1)
    return np.array([[1 - share, share]])


def out_of_sample(rows: pd.DataFrame, folds: NDArray[np.int64], penalty: float = 30.0) -> tuple[Floats, Floats]:
    """Probabilities of (not joining, joining) for each row, fitted without its fold: logit and base rate.

    Parameters
    ----------
    rows : DataFrame of n rows
        From `ally_disputes`.
    folds : array of int, shape (n,)
        One division of `sim.history.folds.folds` with disputes as groups.
    penalty : float
        Of the logit on `COVARIATES` (`sim.history.logit.ordered_logit`).

    Returns
    -------
    logit, base_rate : array, shape (n, 2)
    """
    X = rows[list(COVARIATES)].to_numpy(dtype=float)
    joined = rows["joined"].to_numpy(dtype=np.int64)
    logit, base = np.empty((len(rows), 2)), np.empty((len(rows), 2))
    for fold in np.unique(folds):
        held = folds == fold
        standardised = scale(X[~held])
        logit[held] = ordered_logit(standardised(X[~held]), joined[~held], 2, penalty)(standardised(X[held]))
        base[held] = fit_base_rate(rows[~held])
    return logit, base


def _sides_of_disputes(participants: pd.DataFrame) -> dict[int, Sides]:
    columns = participants[["dispute", "state", "side_a", "originator", "hostility"]]
    spells = defaultdict(list)
    for dispute, *spell in columns.itertuples(index=False, name=None):
        spells[int(dispute)].append(spell)
    return {dispute: _sides(listed) for dispute, listed in spells.items()}


def _sides(spells: list[list[float]]) -> Sides:
    """Divide the spells (state, side A or not, original or not, hostility) of one dispute."""
    a, b = (frozenset(int(state) for state, of, first, _ in spells if first and of == side) for side in (1, 0))
    later: tuple[dict[int, float], dict[int, float]] = ({}, {})
    for state, side, _, hostility in spells:
        if int(state) not in a | b:
            came = later[int(side)]
            came[int(state)] = max(hostility, came.get(int(state), 0.0))
    return Sides(a, b, later_b=later[0], later_a=later[1])


Pairs = Mapping[tuple[int, int], list[int]]


def _history(began: pd.DataFrame, by_dispute: Mapping[int, Sides]) -> tuple[Pairs, Pairs]:
    """Years in which disputes began between two states, and in which they stood on one side; both ways round."""
    fought: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    beside: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for dispute, year in began[["dispute", "year"]].astype(int).itertuples(index=False):
        sides = by_dispute.get(dispute)
        if sides is None:
            continue
        a, b = {*sides.a, *sides.later_a}, {*sides.b, *sides.later_b}
        for i in a | b:
            for j in a | b:
                if i != j:
                    (beside if (i in a) == (j in a) else fought)[i, j].append(year)
    return fought, beside


def _at_risk(
    dispute: int, year: int, sides: Sides, states: States, fought: Pairs, beside: Pairs
) -> list[dict[str, float]]:
    protectors = {ally for state in sides.b for ally in states.protectors.get((state, year), ())}
    bound = {ally for state in sides.a for ally in states.protectors.get((state, year), ())}
    allies = sorted(protectors - bound - sides.a - sides.b)
    own, other = (_capability(states, side, year) for side in (sides.b, sides.a))
    shared: dict[str, float] = {
        "initiator_major": _any(is_major(state, year) for state in sides.a),
        "initiator_nuclear": _any(is_nuclear(state, year) for state in sides.a),
        "advantage": other - own,
        "protectors": float(np.log(max(len(allies), 1))),
        "year": float(year),
    }
    return [
        {
            "dispute": dispute,
            "ally": ally,
            "joined": float(ally in sides.later_b),
            "level": sides.later_b.get(ally, 0.0),
            "against": float(ally in sides.later_a),
            **_principals(ally, year, sides, states),
            "ally_major": float(is_major(ally, year)),
            "ally_nuclear": float(is_nuclear(ally, year)),
            "ally_capability": _capability(states, [ally], year),
            "ally_borders_target": _any((ally, state, year) in states.contiguity for state in sides.b),
            "ally_borders_initiator": _any((ally, state, year) in states.contiguity for state in sides.a),
            "ally_fought_initiator": _any(_lately(fought.get((ally, state), []), year) for state in sides.a),
            "ally_fought_beside_target": _any(_lately(beside.get((ally, state), []), year) for state in sides.b),
            **shared,
        }
        for ally in allies
    ]


def _principals(ally: int, year: int, sides: Sides, states: States) -> dict[str, float]:
    initiator = _strongest(states, sides.a, year)
    owed = (state for state in sides.b if ally in states.protectors.get((state, year), ()))
    target = _strongest(states, owed, year)
    return {
        "initiator": initiator,
        "target": target,
        "cinc_initiator": max(states.cinc.get((initiator, year), 0.0), _LEAST),
        "cinc_target": max(states.cinc.get((target, year), 0.0), _LEAST),
        "contiguity": states.contiguity.get((initiator, target, year), 0),
    }


def _strongest(states: States, of: Iterable[int], year: int) -> int:
    return max(sorted(of), key=lambda state: states.cinc.get((state, year), 0.0))


def _capability(states: States, side: frozenset[int] | list[int], year: int) -> float:
    """Log of the CINC of some states together."""
    return float(np.log(max(sum(states.cinc.get((state, year), 0.0) for state in side), _LEAST)))


def _lately(years: list[int], year: int) -> bool:
    """Whether one of the years is among the last before this one."""
    return any(year - MEMORY <= earlier < year for earlier in years)


def _any(conditions: Iterable[bool]) -> float:
    return float(any(conditions))
