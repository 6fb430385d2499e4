"""Scenario discovery: in which region of the keys an outcome is likely, by PRIM and by a regression tree.

References
----------
Friedman, J. H., & Fisher, N. I. (1999). Bump hunting in high-dimensional data. Statistics and Computing 9.
Bryant, B. P., & Lempert, R. J. (2010). Thinking inside the box: A participatory, computer-assisted approach to scenario
    discovery. Technological Forecasting and Social Change 77 (coverage, density, quasi-p-values, resampling).
Breiman, L., Friedman, J. H., Olshen, R. A., & Stone, C. J. (1984). Classification and regression trees.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.campaign.manifest import Campaign
from sim.campaign.points import (
    Floats,
    Group,
    gathered_points,
    groups,
    numeric_keys,
    shares,
    targets,
    values,
    whole,
)
from sim.scenario.errors import InputError

FEWEST, INTERESTING = 50, 10  # points, and interesting ones among them
QUANTILE = 0.75  # of points by share, where no threshold is given
PEEL, MASS, BOXES, LEFT, CHANCE = 0.05, 0.05, 3, 0.05, 0.05
RESAMPLES, PART = 10, 0.5  # halves of the points, in which a box is looked for again
LEAF, DEPTH, GAIN, FOLDS = 0.05, 4, 0.01, 10  # a split explains a hundredth of the variance or more


class Drawn(NamedTuple):
    """Points of a group, as numbers: keys, shape (P, D), and shares of runs, shape (P,)."""

    X: Floats
    share: Floats


def discovery(campaign: Campaign, target: str, threshold: float | None) -> tuple[dict[str, Any], list[Drawn]]:
    """Return boxes and a tree of each group of points, and the points.

    Parameters
    ----------
    target : str
        An outcome.
    threshold : float, optional
        Share of runs from which a point counts as interesting; the upper quartile of the points by default.

    Raises
    ------
    InputError
        If the campaign is not gathered, too few points count, or the libraries are not there.
    """
    _require_libraries()
    table = gathered_points(campaign)
    (name,) = targets(table, (target,))
    about = campaign.manifest
    every = shares(table, name).share[whole(table)]
    level = float(np.quantile(every, QUANTILE)) if threshold is None else threshold
    shown = ("name", "scenario", "variant", "design", "points", "runs", "seed")
    found = [_group(campaign, group, name, level) for group in groups(campaign, table)]
    if not any(group["problem"] is None for group, _ in found):
        alike = all(drawn.share.min() == drawn.share.max() for _, drawn in found)
        raise InputError(found[0][0]["problem"], key="target" if alike else "threshold", value=name if alike else level)
    result = {
        **{key: about[key] for key in shown},
        "target": name,
        "threshold": level,
        "threshold_is": "given" if threshold is not None else "the upper quartile of the points",
        "groups": [group for group, _ in found],
    }
    return result, [drawn for _, drawn in found]


def _require_libraries() -> None:
    for library, package in (("ema_workbench", "ema_workbench"), ("sklearn", "scikit-learn")):
        if importlib.util.find_spec(library) is None:
            problem = f"discovery needs {package}, which is missing: pip install 'sim-escalation[campaigns]'"
            raise InputError(problem, key="experiment", value="discovery")


def _group(campaign: Campaign, group: Group, name: str, level: float) -> tuple[dict[str, Any], Drawn]:
    keys = numeric_keys(campaign, group.table)
    share, kept = shares(group.table, name).share, whole(group.table)
    runs = group.table.column("runs").to_numpy().astype(np.float64)[kept]
    _require_points(campaign, group, keys, int(kept.sum()))
    drawn = Drawn(values(group.table, keys)[kept], share[kept])
    ranges = {key: [float(column.min()), float(column.max())] for key, column in zip(keys, drawn.X.T, strict=True)}
    about = {"given": group.given, "ranges": ranges, "problem": _problem(drawn.share, level)}
    if about["problem"] is not None:
        return about, drawn
    return about | discover(keys, drawn.X, drawn.share, runs, level, int(campaign.manifest["seed"])), drawn


def _require_points(campaign: Campaign, group: Group, keys: list[str], points: int) -> None:
    """Refuse points that are too few, or have no number that varies."""
    name = campaign.folder.name
    if not keys:
        raise InputError("must vary a key that is a number", key="name", value=name)
    if points < FEWEST:
        problem = f"must have {FEWEST} points or more (it has {points}{group.where})"
        raise InputError(problem, key="name", value=name)


def _problem(share: Floats, level: float) -> str | None:
    """Say why a threshold parts too few points from the others, if it does."""
    if share.min() == share.max():
        return f"all {len(share)} points have the same share, {100 * share[0]:.3g} %"
    count = int((share >= level).sum())
    if INTERESTING <= count <= len(share) - INTERESTING:
        return None
    return (
        f"{level:.3g} is reached by {count} of {len(share)} points; at least {INTERESTING} must lie on either side "
        f"(shares are {share.min():.3g} to {share.max():.3g})"
    )


def discover(keys: list[str], X: Floats, share: Floats, runs: Floats, level: float, seed: int) -> dict[str, Any]:
    """Return what is found among P points.

    Parameters
    ----------
    keys : list of str
        D of them.
    X : array, shape (P, D)
    share, runs : array, shape (P,)
        Share of runs with the outcome; number of runs, by which shares are weighted.
    level : float
        Share from which a point is interesting.
    seed : int
        Of resampling.

    Returns
    -------
    dict
        `points`, `interesting`, `mean`; `boxes`: coverage, density and mass in points, `mean` share in the box and
        `coverage_of_runs`, and its `limits` by key; `tree`.
    """
    interesting = share >= level
    rng = np.random.default_rng(seed)
    found, left = [], np.ones(len(X), bool)
    for _ in range(BOXES):
        if (interesting & left).sum() < max(INTERESTING, LEFT * interesting.sum()):
            break
        limits = _box(keys, X[left], interesting[left])
        if not limits:
            break
        inside = _within(limits, keys, X)
        first = inside & left  # later boxes are told by what they add
        if interesting[first].mean() <= interesting.mean():
            break
        stable = _stability(keys, X[left], interesting[left], rng)
        found.append(
            {
                "coverage": float((interesting & first).sum() / interesting.sum()),
                "density": float(interesting[first].mean()),
                "mass": float(first.mean()),
                "points": int(first.sum()),
                "mean": float(np.average(share[first], weights=runs[first])),
                "coverage_of_runs": float((share * runs)[first].sum() / max((share * runs).sum(), 1e-300)),
                "limits": {key: {**limit, "found_again": stable[key]} for key, limit in limits.items()},
            }
        )
        left &= ~inside
    return {
        "points": len(X),
        "interesting": int(interesting.sum()),
        "mean": float(np.average(share, weights=runs)),
        "resamples": RESAMPLES,
        "boxes": found,
        "tree": _tree(keys, X, share, runs, seed),
    }


def contents(box: Mapping[str, Any]) -> str:
    """Return coverage, density and mass of a box."""
    return ", ".join(f"{part} {100 * box[part]:.0f} %" for part in ("coverage", "density", "mass"))


# --- PRIM ------------------------------------------------------------------------------------------


def _box(keys: list[str], X: Floats, interesting: NDArray[np.bool_]) -> dict[str, dict[str, Any]]:
    """Limits of a box by key: on the trajectory, that with the best harmonic mean of coverage and density.

    Limits that may be chance (quasi-p-value) are dropped from it, as Bryant and Lempert (2010) do.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it says on being imported, of libraries that it would like as well
        from ema_workbench.analysis import prim

        # its threshold parts the interesting (1) from the others (0); the box is chosen below
        search = prim.Prim(pd.DataFrame(X, columns=keys), interesting, threshold=1e-9, peel_alpha=PEEL, mass_min=MASS)
        box = search.find_box()
        path = box.peeling_trajectory
        chosen = (path["coverage"] * path["density"] / (path["coverage"] + path["density"])).idxmax()
        limits, chances = box.box_lims[chosen], box.qp[chosen]
    found = {}
    for at, key in enumerate(keys):
        low, high = (float(value) for value in limits[key])
        qp_low, qp_high = (float(chance) for chance in chances.get(key, (1, 1)))
        lower = low > X[:, at].min() and qp_low <= CHANCE
        upper = high < X[:, at].max() and qp_high <= CHANCE
        if lower or upper:
            found[key] = {
                "low": low if lower else None,
                "high": high if upper else None,
                "qp_low": qp_low if lower else None,
                "qp_high": qp_high if upper else None,
            }
    return found


def _within(limits: dict[str, dict[str, Any]], keys: list[str], X: Floats) -> NDArray[np.bool_]:
    inside = np.ones(len(X), bool)
    for key, limit in limits.items():
        column = X[:, keys.index(key)]
        inside &= column >= (-np.inf if limit["low"] is None else limit["low"])
        inside &= column <= (np.inf if limit["high"] is None else limit["high"])
    return inside


def _stability(
    keys: list[str], X: Floats, interesting: NDArray[np.bool_], rng: np.random.Generator
) -> dict[str, float]:
    """Share of halves of the points whose box restricts a key as well."""
    count = dict.fromkeys(keys, 0)
    for _ in range(RESAMPLES):
        rows = rng.permutation(len(X))[: round(PART * len(X))]
        for key in _box(keys, X[rows], interesting[rows]):
            count[key] += 1
    return {key: number / RESAMPLES for key, number in count.items()}


# --- CART ------------------------------------------------------------------------------------------


def _tree(keys: list[str], X: Floats, share: Floats, runs: Floats, seed: int) -> dict[str, Any]:
    """A tree of shares of runs, weighted by runs, and what it explains of points that it has not seen."""
    from sklearn.model_selection import KFold, cross_val_predict
    from sklearn.tree import DecisionTreeRegressor

    spread = float(np.average((share - np.average(share, weights=runs)) ** 2, weights=runs))

    def tree() -> DecisionTreeRegressor:
        return DecisionTreeRegressor(
            max_depth=DEPTH, min_weight_fraction_leaf=LEAF, min_impurity_decrease=GAIN * spread, random_state=seed
        )

    folds = KFold(FOLDS, shuffle=True, random_state=seed)
    unseen = cross_val_predict(tree(), X, share, cv=folds, params={"sample_weight": runs})
    explained = 1 - np.average((share - unseen) ** 2, weights=runs) / spread
    fitted = tree().fit(X, share, sample_weight=runs)
    return {"explained_of_unseen": float(explained), "root": _node(fitted.tree_, 0, keys)}


def _node(tree: Any, at: int, keys: list[str]) -> dict[str, Any]:
    """A node with those below it."""
    about: dict[str, Any] = {"points": int(tree.n_node_samples[at]), "mean": float(tree.value[at].item())}
    if tree.children_left[at] < 0:
        return about
    return about | {
        "key": keys[tree.feature[at]],
        "at": float(tree.threshold[at]),
        "below": _node(tree, tree.children_left[at], keys),
        "above": _node(tree, tree.children_right[at], keys),
    }
