"""Forecasts without a model of crises, made as strong as the data allow: what a simulation must beat.

Each fit takes a table of crises with known outcomes and returns a function that takes any table of crises to
probabilities of none, minor, serious, war, shape (n, 4). Only columns known at the trigger are used
(`sim.history.table.KNOWN_AT_TRIGGER`, and whether the two principals have a defence pact).

Features and penalties are those with the best cross-validated scores on the training crises after 1945, of the
sets that docs/baselines.py lists; having been chosen there, they are if anything flattered there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.history.codes import VIOLENCE
from sim.history.logit import Floats, multinomial_logit, ordered_logit, scale
from sim.history.table import Outcome, observed, violent_trigger

Predict = Callable[[pd.DataFrame], Floats]
Fit = Callable[[pd.DataFrame, Outcome], Predict]
LEVELS: Final = len(VIOLENCE)


def fit_climatology(train: pd.DataFrame, outcome: Outcome = "violence") -> Predict:
    """Shares of the outcomes, whatever the crisis; a quarter of a crisis is added to each, so that none is 0."""
    p = _shares(observed(train, outcome))
    return lambda table: np.tile(p, (len(table), 1))


def fit_trigger_climatology(train: pd.DataFrame, outcome: Outcome = "violence") -> Predict:
    """Shares of the outcomes among crises triggered by violence, and among the others."""
    violent, happened = violent_trigger(train), observed(train, outcome)
    p = np.stack([_shares(happened[~violent]), _shares(happened[violent])])
    return lambda table: p[violent_trigger(table).astype(int)]


def fit_logit_before_onset(train: pd.DataFrame, outcome: Outcome = "violence") -> Predict:
    """Ordered logit on what was known before the trigger: the two principals and what lies between them."""
    return logit(BEFORE_ONSET, "ordered", penalty=30.0)(train, outcome)


def fit_logit_at_onset(train: pd.DataFrame, outcome: Outcome = "violence") -> Predict:
    """Multinomial logit on the trigger, what it put at stake, and what lies between the principals."""
    return logit(AT_ONSET, "multinomial", penalty=5.0)(train, outcome)


BASELINES: Final[dict[str, Fit]] = {
    "climatology": fit_climatology,
    "trigger_climatology": fit_trigger_climatology,
    "logit_before_onset": fit_logit_before_onset,
    "logit_at_onset": fit_logit_at_onset,
}


def logit(features: Sequence[str], kind: Literal["ordered", "multinomial"], penalty: float) -> Fit:
    """Return the fit of a penalised logit on standardised features (names of `FEATURES`)."""
    solve = ordered_logit if kind == "ordered" else multinomial_logit

    def fit(train: pd.DataFrame, outcome: Outcome = "violence") -> Predict:
        X = design(train, features)
        standardised = scale(X)
        probabilities = solve(standardised(X), observed(train, outcome), LEVELS, penalty)
        return lambda table: probabilities(standardised(design(table, features)))

    return fit


def design(table: pd.DataFrame, features: Sequence[str]) -> Floats:
    """Features of each crisis, shape (n, m); NaN where not known."""
    columns = [np.asarray(FEATURES[name](table), dtype=float) for name in features]
    return np.stack(columns, axis=1)


def out_of_sample(fit: Fit, table: pd.DataFrame, folds: NDArray[np.int64], outcome: Outcome = "violence") -> Floats:
    """Probabilities for each crisis, fitted without its fold.

    Parameters
    ----------
    fit : function
        One of `BASELINES`, or any like it.
    table : DataFrame of n rows
    folds : array of int, shape (repeats, n)
        From `sim.history.folds.folds`.

    Returns
    -------
    array, shape (repeats, n, 4)
    """
    p = np.empty((*folds.shape, LEVELS))
    for repeat, division in enumerate(folds):
        for fold in np.unique(division):
            held = division == fold
            p[repeat, held] = fit(table[~held], outcome)(table[held])
    return p


def _shares(happened: NDArray[np.int64]) -> Floats:
    counts = np.bincount(happened, minlength=LEVELS) + 1 / LEVELS
    p: Floats = counts / counts.sum()
    return p


def _capabilities(table: pd.DataFrame) -> Floats:
    """CINC of initiator and target, shape (2, n), kept above 0."""
    cinc: Floats = table[["cinc_initiator", "cinc_target"]].to_numpy(dtype=float).T
    return np.maximum(cinc, 1e-6)


def _preponderance(table: pd.DataFrame) -> Floats:
    initiator, target = _capabilities(table)
    gap: Floats = np.abs(np.log(initiator / target))
    return gap


def _advantage(table: pd.DataFrame) -> Floats:
    initiator, target = _capabilities(table)
    advantage: Floats = np.log(initiator / target)
    return advantage


def _size(table: pd.DataFrame) -> Floats:
    size: Floats = np.log(_capabilities(table).max(axis=0))
    return size


def _pact(table: pd.DataFrame) -> list[bool]:
    rows = zip(table["initiator_cow"], table["target_cow"], table["defence_pacts_across_sides"], strict=True)
    return [bool({f"{a}-{b}", f"{b}-{a}"} & set(str(pacts).split())) for a, b, pacts in rows]


def _nuclear(least: int) -> Callable[[pd.DataFrame], pd.Series[bool]]:
    return lambda table: table["nuc_initiator"] + table["nuc_target"] >= least


def _is(column: str, *codes: int) -> Callable[[pd.DataFrame], pd.Series[bool]]:
    return lambda table: table[column].isin(codes)


# Contiguity that is not recorded is none. Codes of trigger and gravity: sim.history.codes and the ICB codebook.
FEATURES: Final[dict[str, Callable[[pd.DataFrame], object]]] = {
    "preponderance": _preponderance,
    "advantage": _advantage,
    "size": _size,
    "land_border": _is("contig_principals", 1),
    "water_border": _is("contig_principals", 2, 3, 4, 5),
    "rivals": lambda table: table["rivals_principals"],
    "joint_democracy": lambda table: table["joint_dem_vdem"].fillna(table["joint_dem_polity"]),
    "one_nuclear": _nuclear(1),
    "both_nuclear": _nuclear(2),
    "pact": _pact,
    "year": lambda table: table["year"],
    "cold_war": lambda table: table["year"].between(1946, 1989),
    "violent_trigger": violent_trigger,
    **{f"trigger_{code}": _is("trigger_type", code) for code in range(1, 10)},
    **{f"gravity_{code}": _is("gravity", code) for code in range(8)},
}
BEFORE_ONSET: Final = ("advantage", "size", "land_border", "water_border", "rivals", "joint_democracy", "pact")
# Triggers: internal challenge, non-violent military, indirect violence, violence. Gravity: limited military
# damage, political, grave damage, existence.
AT_ONSET: Final = (
    *(f"trigger_{code}" for code in (6, 7, 8, 9)),
    *(f"gravity_{code}" for code in (1, 2, 5, 6)),
    "land_border",
    "joint_democracy",
)
