"""Folds for cross-validation that never part the crises of one protracted conflict."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def folds(groups: NDArray[np.int64], k: int, repeats: int = 1, seed: int = 0) -> NDArray[np.int64]:
    """Return the fold of each row in each repeat, shape (repeats, n), values 0 to k - 1.

    All models that are compared are given the same folds. The order of groups is shuffled; then the largest go
    first, each to the fold that has the fewest rows, so that folds differ in size by no more than a group.

    Parameters
    ----------
    groups : array of int, shape (n,)
        Rows with the same number stay together (`sim.history.table.groups`).
    k : int
        Number of folds, at least 2 and at most the number of groups.
    repeats : int
        Independent divisions.
    seed : int
        Divisions are those of the seed; the first r of more repeats are the same.

    Raises
    ------
    ValueError
        If `k` or `repeats` does not fit.
    """
    _, group_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if not 2 <= k <= len(sizes):
        raise ValueError(f"k is {k}; allowed: 2 to {len(sizes)}, the number of groups")
    if repeats < 1:
        raise ValueError(f"repeats is {repeats}; allowed: 1 or more")
    seeds = np.random.SeedSequence(seed).spawn(repeats)
    return np.stack([_division(sizes, k, np.random.default_rng(child))[group_of] for child in seeds])


def _division(sizes: NDArray[np.int64], k: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the fold of each group."""
    order = rng.permutation(len(sizes))
    order = order[np.argsort(-sizes[order], kind="stable")]
    fold = np.empty(len(sizes), dtype=np.int64)
    filled = np.zeros(k, dtype=np.int64)
    for group in order:
        emptiest = np.flatnonzero(filled == filled.min())
        fold[group] = rng.choice(emptiest)
        filled[fold[group]] += sizes[group]
    return fold
