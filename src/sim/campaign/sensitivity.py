"""Which keys a campaign's outcomes hang on: Sobol indices, Morris' screening, PAWN, each freed of the luck of the runs.

A share of n runs differs from the probability by luck, which adds to the variance between points. By how much is told
by the difference of even and odd runs (`sim.campaign.points.Shares`): whatever is quadratic in the shares is computed
of that difference as well, and subtracted. A binomial variance would not do: run 17 has the same luck at every point.

References
----------
Jansen, M. J. W. (1999). Analysis of variance designs for model output. Computer Physics Communications 117.
Saltelli, A., et al. (2010). Variance based sensitivity analysis of model output. Computer Physics Communications 181.
Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments. Technometrics 33.
Campolongo, F., Cariboni, J., & Saltelli, A. (2007). An effective screening design for sensitivity analysis of large
    models. Environmental Modelling & Software 22.
Pianosi, F., & Wagener, T. (2018). Distribution-based sensitivity analysis from a generic input-output sample.
    Environmental Modelling & Software 108.
Khorashadi Zadeh, F., et al. (2017). Comparison of variance-based and moment-independent global sensitivity analysis
    approaches. Environmental Modelling & Software 91 (the dummy parameter).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.campaign.design import LEVELS
from sim.campaign.manifest import Campaign
from sim.campaign.points import (
    Floats,
    Group,
    Shares,
    gathered_points,
    groups,
    numeric_keys,
    outcomes,
    require_runs,
    shares,
    targets,
    values,
)  # fmt: skip
from sim.scenario.errors import InputError

RESAMPLES = 500  # of blocks of points, for intervals of 95 %
SLICES, FEWEST = 10, 100  # of a key's values, and points, for PAWN
DUMMIES = 500  # keys without effect
CHECKED = 15  # keys whose PAWN is given an interval
FIFTH = 0.2
METHODS = {"saltelli": "sobol", "morris": "morris"}
MAIN = {"sobol": "total", "morris": "mu_star", "pawn": "pawn"}  # by which keys are ranked


def sensitivity(campaign: Campaign, asked: tuple[str, ...] | None) -> dict[str, Any]:
    """Return indices of every key for every target, by what the design allows.

    Parameters
    ----------
    asked : tuple of str, optional
        Outcomes; war, nuclear use and who uses force by default.

    Raises
    ------
    InputError
        If the campaign is not gathered, has too few points or runs, or does not count an outcome.
    """
    table = gathered_points(campaign)
    require_runs(campaign)
    names = targets(table, asked)
    about = campaign.manifest
    method = METHODS.get(about["design"], "pawn")
    found = [_group(campaign, group, names, method) for group in groups(campaign, table)]
    shown = ("name", "scenario", "variant", "design", "points", "runs", "seed")
    return {**{key: about[key] for key in shown}, "method": method, "outcomes": outcomes(table), "groups": found}


def _group(campaign: Campaign, group: Group, names: list[str], method: str) -> dict[str, Any]:
    keys = numeric_keys(campaign, group.table)
    block = {"sobol": len(keys) + 2, "morris": len(keys) + 1, "pawn": 1}[method]
    whole = ~np.isnan(shares(group.table, "war").share).reshape(-1, block).any(axis=1)
    kept = np.repeat(whole, block)
    X = values(group.table, keys)[kept]
    seed = int(campaign.manifest["seed"])
    if method == "pawn":
        keys, X = _sliced(campaign, keys, X)
    analysed = {}
    for name in names:
        found = shares(group.table, name)
        analysed[name] = analyse(method, keys, X, Shares(found.share[kept], found.luck[kept]), seed)
    out = [key for key in campaign.manifest["keys"] if key not in keys and key not in group.given]
    return {
        "given": group.given, "points": len(X), "points_left_out": int((~kept).sum()), "keys_left_out": out,
        "targets": analysed,
    }  # fmt: skip


def _sliced(campaign: Campaign, keys: list[str], X: Floats) -> tuple[list[str], Floats]:
    """Keys with values enough for slices."""
    if len(X) < FEWEST:
        problem = f"must have {FEWEST} points or more for design={campaign.manifest['design']} (it has {len(X)})"
        raise InputError(problem, key="name", value=campaign.folder.name)
    many = [len(np.unique(column)) > 2 * SLICES for column in X.T]
    if not any(many):
        problem = f"must vary a key over more than {2 * SLICES} numbers, as design=sobol or saltelli do"
        raise InputError(problem, key="name", value=campaign.folder.name)
    return [key for key, enough in zip(keys, many, strict=True) if enough], X[:, many]


def analyse(method: str, keys: Sequence[str], X: Floats, found: Shares, seed: int) -> dict[str, Any]:
    """Return the indices of an outcome.

    Parameters
    ----------
    method : str
        sobol, morris or pawn.
    keys : sequence of str
        D of them.
    X : array, shape (P, D)
        Points, in blocks as SALib's samplers give them.
    found : Shares
        Of P points.
    seed : int
        Of resampling.

    Returns
    -------
    dict
        `mean`; `variance` between points, freed of luck, with its interval; `luck`: the share of luck in the variance
        as it is; `keys`: what was found, by key; `problem`: why there are none, or null.
    """
    block = {"sobol": len(keys) + 2, "morris": len(keys) + 1, "pawn": 1}[method]
    blocks = len(X) // block
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(blocks, np.full(blocks, 1 / blocks), RESAMPLES) / blocks
    raw = float(found.share.var())
    luck = float(found.luck.var())
    every = _variance(found, block, weights)
    result: dict[str, Any] = {
        "mean": float(found.share.mean()),
        "variance": {"value": raw - luck, **_interval(every)},
        "luck": luck / raw if raw > 0 else np.nan,
        "problem": None,
        "keys": {},
    }
    if raw == 0:
        return result | {"problem": "the same at all points"}
    if result["variance"]["low"] <= 0:
        return result | {"problem": "no more between points than the luck of the runs"}
    of = {"sobol": _sobol, "morris": _morris, "pawn": _pawn}[method]
    indices = of(X, found, weights, seed)
    swings = _swings(X, found.share, block, weights)
    each = {key: {**indices[at], **swings[at]} for at, key in enumerate(keys)}
    main = MAIN[method]
    return result | {"keys": dict(sorted(each.items(), key=lambda item: -item[1][main]["value"]))}


def _interval(resampled: Floats) -> dict[str, float]:
    low, high = np.nanquantile(resampled, [0.025, 0.975])
    return {"low": float(low), "high": float(high)}


def _variance(found: Shares, block: int, weights: Floats) -> Floats:
    """Variance between points without that of luck, for each resample."""
    square, share, luck = (
        weights @ values.reshape(-1, block).mean(axis=1)
        for values in (found.share**2 - found.luck**2, found.share, found.luck)
    )
    return np.asarray(square - share**2 + luck**2)


# --- Sobol -----------------------------------------------------------------------------------------


def _sobol(X: Floats, found: Shares, weights: Floats, seed: int) -> list[dict[str, Any]]:
    """First-order and total indices; SALib's own, where there is no luck."""
    share, luck = (_forms(y, X.shape[1]) for y in found)
    rows = np.vstack([np.full((1, len(weights[0])), 1 / len(weights[0])), weights])
    variance = rows @ (share["square"] - luck["square"]) - (rows @ share["mean"]) ** 2 + (rows @ luck["mean"]) ** 2
    indices = {name: rows @ (share[name] - luck[name]) / variance[:, None] for name in ("first", "total")}
    return [
        {name: {"value": float(index[0, at]), **_interval(index[1:, at])} for name, index in indices.items()}
        for at in range(X.shape[1])
    ]


def _forms(y: Floats, keys: int) -> dict[str, Floats]:
    """What the estimators average over blocks: first order (Saltelli 2010), total (Jansen 1999), variance."""
    centred = (y - y.mean()).reshape(-1, keys + 2)
    a, ab, b = centred[:, :1], centred[:, 1:-1], centred[:, -1:]
    ends = np.hstack([a, b])
    return {
        "first": b * (ab - a), "total": (a - ab) ** 2 / 2, "square": (ends**2).mean(axis=1), "mean": ends.mean(axis=1)
    }  # fmt: skip


# --- Morris ----------------------------------------------------------------------------------------


def _morris(X: Floats, found: Shares, weights: Floats, seed: int) -> list[dict[str, Any]]:
    """Elementary effects over the whole range: mean, mean of magnitudes, spread; and what luck alone would give."""
    from SALib.analyze import morris

    names = [str(at) for at in range(X.shape[1])]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)}
    share, luck = (morris.analyze(problem, X, y, num_levels=LEVELS, seed=seed) for y in found)
    spread = np.sqrt(np.maximum(np.square(share["sigma"]) - np.square(luck["sigma"]), 0))
    half = np.asarray(share["mu_star_conf"])
    return [
        {
            "mu_star": {
                "value": float(share["mu_star"][at]),
                "low": float(max(share["mu_star"][at] - half[at], 0)),
                "high": float(share["mu_star"][at] + half[at]),
            },
            "mu_star_of_luck": float(luck["mu_star"][at]),
            "mu": float(share["mu"][at]),
            "sigma": float(spread[at]),
        }
        for at in range(X.shape[1])
    ]


# --- PAWN ------------------------------------------------------------------------------------------


def _pawn(X: Floats, found: Shares, weights: Floats, seed: int) -> list[dict[str, Any]]:
    """Median distance of the outcome's distribution in slices of a key from that in all, and what a dummy has."""
    rng = np.random.default_rng(seed)
    value = _medians(X, found.share)
    dummy = float(np.quantile(_medians(rng.random((len(X), DUMMIES)), found.share), 0.95))
    checked = np.argsort(-value)[:CHECKED]
    again = []
    for _ in range(RESAMPLES // 5):
        rows = rng.integers(len(X), size=len(X))
        again.append(_medians(X[np.ix_(rows, checked)], found.share[rows]))
    intervals = {int(key): _interval(np.array(again)[:, at]) for at, key in enumerate(checked)}
    unknown = {"low": np.nan, "high": np.nan}
    return [
        {"pawn": {"value": float(value[at]), **intervals.get(at, unknown)}, "pawn_of_a_dummy": dummy}
        for at in range(X.shape[1])
    ]


def _medians(X: Floats, y: Floats) -> Floats:
    from SALib.analyze import pawn

    names = [str(at) for at in range(X.shape[1])]
    return np.asarray(pawn.analyze({"num_vars": len(names), "names": names}, X, y, S=SLICES)["median"], float)


# --- swings ----------------------------------------------------------------------------------------


def _swings(X: Floats, y: Floats, block: int, weights: Floats) -> list[dict[str, Any]]:
    """Mean outcome where a key is in its lowest fifth, and in its highest."""
    ends = {}
    for name, inside in (
        ("at_low", np.quantile(X, FIFTH, axis=0) >= X),
        ("at_high", np.quantile(X, 1 - FIFTH, axis=0) <= X),
    ):
        total, number = (part.reshape(-1, block, X.shape[1]).sum(axis=1) for part in (inside * y[:, None], inside))
        with np.errstate(invalid="ignore"):
            ends[name] = (total.sum(axis=0) / number.sum(axis=0), (weights @ total) / (weights @ number))
    return [
        {name: {"value": float(mean[at]), **_interval(again[:, at])} for name, (mean, again) in ends.items()}
        for at in range(X.shape[1])
    ]
