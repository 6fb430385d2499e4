"""Which keys a campaign's outcomes hang on: Sobol indices, Morris' screening, PAWN, each freed of the luck of the runs.

A share of n runs differs from the probability by luck, which adds to the variance between points. By how much is told
by what ten parts of the runs differ by (`sim.campaign.points.Shares`): whatever is quadratic in the shares is computed
of these differences as well, and subtracted. A binomial variance would not do: run 17 has the same luck at every point.

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

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

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
    whole,
)
from sim.scenario.errors import InputError

RESAMPLES, BATCH = 500, 50  # of blocks of points, for intervals of 95 %, and how many are in memory as numbers
BLOCKS = 4  # trajectories, as in Morris (1991), or base points: fewer tell nothing of how much others would differ
SLICES, FEWEST = 10, 100  # of a key's values, and points, for PAWN
DUMMIES = 500  # keys without effect
Counts = NDArray[np.uint16]
LUCKY = "no more between points than the luck of the runs can make"
FEW = "too few points or runs to tell what lies between points"
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
    block = _block(method, len(keys))
    kept = np.repeat(whole(group.table).reshape(-1, block).all(axis=1), block)
    X = values(group.table, keys)[kept]
    if method == "pawn":
        keys, X = _sliced(campaign, group, keys, X)
    elif len(X) < BLOCKS * block:
        blocks = {"sobol": "base points", "morris": "trajectories"}[method]
        problem = f"must have {BLOCKS} {blocks} or more at which no point failed (it has {len(X) // block})"
        raise InputError(problem, key="name", value=campaign.folder.name)
    seed = int(campaign.manifest["seed"])
    analysed = {name: analyse(method, keys, X, shares(group.table, name).at(kept), seed) for name in names}
    out = [key for key in campaign.manifest["keys"] if key not in keys and key not in group.given]
    return {
        "given": group.given, "points": len(X), "points_left_out": int((~kept).sum()), "keys_left_out": out,
        "targets": analysed,
    }  # fmt: skip


def _block(method: str, keys: int) -> int:
    """Points that belong together in a design."""
    return {"sobol": keys + 2, "morris": keys + 1, "pawn": 1}[method]


def _sliced(campaign: Campaign, group: Group, keys: list[str], X: Floats) -> tuple[list[str], Floats]:
    """Keys with values enough for slices."""
    if len(X) < FEWEST:
        design = campaign.manifest["design"]
        problem = f"must have {FEWEST} points or more for design={design} (it has {len(X)}{group.where})"
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
    block = _block(method, len(keys))
    blocks = len(X) // block
    resamples = _resamples(blocks, seed)
    raw, luck = float(found.share.var()), float(found.luck.var(axis=1).sum())
    variance = _estimate(lambda shares, rows: _variance(shares, block, rows)[:, None], found, resamples)[0]
    result: dict[str, Any] = {
        "mean": float(found.share.mean()),
        "variance": variance,
        "luck": luck / raw if raw > 0 else np.nan,
        "problem": None,
        "keys": {},
    }
    if raw == 0:
        return result | {"problem": "the same at all points"}
    if variance["low"] <= 0:
        return result | {"problem": LUCKY if variance["value"] < raw / 2 else FEW}
    indices = {"sobol": _sobol, "morris": _morris, "pawn": _pawn}[method](X, found, resamples, seed)
    swings = _swings(X, found, block, resamples)
    each = {key: {**indices[at], **swings[at]} for at, key in enumerate(keys)}
    main = MAIN[method]
    return result | {"keys": dict(sorted(each.items(), key=lambda item: -item[1][main]["value"]))}


def _resamples(blocks: int, seed: int) -> Counts:
    """How often each resample takes each block, shape (resamples, blocks)."""
    rng, even = np.random.default_rng(seed), np.full(blocks, 1 / blocks)
    batches = [rng.multinomial(blocks, even, BATCH).astype(np.uint16) for _ in range(RESAMPLES // BATCH)]
    return np.concatenate(batches)


# An estimator takes shares and rows of weights of blocks, and returns a row of values for each.
Estimator = Callable[[Shares, Floats], Floats]


def _estimate(estimator: Estimator, found: Shares, resamples: Counts) -> list[dict[str, float]]:
    """Values with intervals of 95 %: for the points by the bootstrap, for the luck of the runs by the jackknife.

    Both are needed. Runs of one number share their luck at all points, so no choice of other points tells what other
    runs would have said.
    """
    blocks = resamples.shape[1]
    even = np.full((1, blocks), 1 / blocks)
    value = estimator(found, even)[0]
    others = [estimator(found, batch / blocks) for batch in np.split(resamples, RESAMPLES // BATCH)]
    low, high = np.quantile(np.concatenate(others), [0.025, 0.975], axis=0)
    left_out = [estimator(found.without(part), even)[0] for part in range(len(found.weights))]
    return _with_luck(value, low, high, np.array(left_out))


def _with_luck(value: Floats, low: Floats, high: Floats, left_out: Floats) -> list[dict[str, float]]:
    """Intervals widened by what the value owes to single parts of the runs."""
    parts = len(left_out)
    half = t.ppf(0.975, parts - 1) * np.sqrt((parts - 1) * left_out.var(axis=0))
    low, high = (value + sign * np.hypot(value - end, half) for sign, end in ((-1, low), (1, high)))
    return [{"value": float(v), "low": float(a), "high": float(b)} for v, a, b in zip(value, low, high, strict=True)]


def _variance(found: Shares, block: int, rows: Floats) -> Floats:
    """Variance between points without that of luck."""
    square, share = (rows @ values.reshape(-1, block).mean(axis=1) for values in (found.share**2, found.share))
    lucky = rows @ (found.luck**2).sum(axis=0).reshape(-1, block).mean(axis=1)
    common = (rows @ found.luck.reshape(len(found.luck), -1, block).mean(axis=2).T) ** 2
    return np.asarray(square - share**2 - lucky + common.sum(axis=1))


# --- Sobol -----------------------------------------------------------------------------------------


def _sobol(X: Floats, found: Shares, resamples: Counts, seed: int) -> list[dict[str, Any]]:
    """First-order and total indices; SALib's own, where there is no luck."""
    keys = X.shape[1]

    def both(shares: Shares, rows: Floats) -> Floats:
        forms = [_forms(y, keys, rows) for y in (shares.share, *shares.luck)]
        first, total, variance = (of - sum(luck) for of, *luck in zip(*forms, strict=True))
        return np.asarray(np.hstack([first, total]) / variance)

    indices = _estimate(both, found, resamples)
    return [{"first": indices[at], "total": indices[keys + at]} for at in range(keys)]


def _forms(y: Floats, keys: int, rows: Floats) -> tuple[Floats, Floats, Floats]:
    """What indices are made of: first order (Saltelli 2010), total (Jansen 1999), variance."""
    centred = (y - y.mean()).reshape(-1, keys + 2)
    a, ab, b = centred[:, :1], centred[:, 1:-1], centred[:, -1:]
    ends = np.hstack([a, b])
    variance = rows @ (ends**2).mean(axis=1) - (rows @ ends.mean(axis=1)) ** 2
    return rows @ (b * (ab - a)), rows @ ((a - ab) ** 2 / 2), variance[:, None]


# --- Morris ----------------------------------------------------------------------------------------


def _morris(X: Floats, found: Shares, resamples: Counts, seed: int) -> list[dict[str, Any]]:
    """Elementary effects over the whole range: mean, mean of magnitudes, spread; and what luck alone would give."""
    share = _effects(X, found.share, seed)
    luck = [_effects(X, y, seed) for y in found.luck]
    lucky = np.sqrt(len(luck)) * np.mean([effects["mu_star"] for effects in luck], axis=0)
    spread = np.square(share["sigma"]) - np.sum([np.square(effects["sigma"]) for effects in luck], axis=0)
    left_out = [_effects(X, found.without(part).share, seed)["mu_star"] for part in range(len(luck))]
    half = share["mu_star_conf"]
    stars = _with_luck(share["mu_star"], share["mu_star"] - half, share["mu_star"] + half, np.array(left_out))
    return [
        {
            "mu_star": star, "mu_star_of_luck": float(lucky[at]), "mu": float(share["mu"][at]),
            "sigma": float(np.sqrt(max(spread[at], 0))),
        }
        for at, star in enumerate(stars)
    ]  # fmt: skip


def _effects(X: Floats, y: Floats, seed: int) -> dict[str, Floats]:
    from SALib.analyze import morris

    names = [str(at) for at in range(X.shape[1])]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)}
    found = morris.analyze(problem, X, np.array(y), num_levels=LEVELS, seed=seed)
    return {name: np.asarray(found[name], np.float64) for name in ("mu", "mu_star", "sigma", "mu_star_conf")}


# --- PAWN ------------------------------------------------------------------------------------------


def _pawn(X: Floats, found: Shares, resamples: Counts, seed: int) -> list[dict[str, Any]]:
    """Median distance of the outcome's distribution in slices of a key from that in all, and what a dummy has."""
    rng = np.random.default_rng(seed)
    value = _medians(X, found.share)
    dummies = [_medians(rng.random((len(X), BATCH)), found.share) for _ in range(DUMMIES // BATCH)]
    dummy = float(np.quantile(dummies, 0.95))
    checked = np.argsort(-value)[:CHECKED]
    samples = [rng.integers(len(X), size=len(X)) for _ in range(RESAMPLES // 5)]
    again = [_medians(X[np.ix_(rows, checked)], found.share[rows]) for rows in samples]
    low, high = np.quantile(again, [0.025, 0.975], axis=0)
    left_out = [_medians(X[:, checked], found.without(part).share) for part in range(len(found.weights))]
    intervals = dict(zip(checked.tolist(), _with_luck(value[checked], low, high, np.array(left_out)), strict=True))
    return [
        {
            "pawn": intervals.get(at, {"value": float(value[at]), "low": np.nan, "high": np.nan}),
            "pawn_of_a_dummy": dummy,
        }
        for at in range(X.shape[1])
    ]


def _medians(X: Floats, y: Floats) -> Floats:
    from SALib.analyze import pawn

    names = [str(at) for at in range(X.shape[1])]
    return np.asarray(pawn.analyze({"num_vars": len(names), "names": names}, X, y, S=SLICES)["median"], float)


# --- swings ----------------------------------------------------------------------------------------


def _swings(X: Floats, found: Shares, block: int, resamples: Counts) -> list[dict[str, Any]]:
    """Mean outcome where a key is in its lowest fifth, and in its highest."""
    keys = X.shape[1]
    ends = np.hstack([np.quantile(X, FIFTH, axis=0) >= X, np.quantile(X, 1 - FIFTH, axis=0) <= X])
    number = ends.reshape(-1, block, 2 * keys).sum(axis=1)

    def means(shares: Shares, rows: Floats) -> Floats:
        total = (ends * shares.share[:, None]).reshape(-1, block, 2 * keys).sum(axis=1)
        return np.asarray((rows @ total) / np.maximum(rows @ number, 1e-12))

    both = _estimate(means, found, resamples)
    return [{"at_low": both[at], "at_high": both[keys + at]} for at in range(keys)]
