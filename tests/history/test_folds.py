"""Folds keep conflicts together, are alike in size and belong to their seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.history.folds import folds

conflicts = st.lists(st.integers(-30, 8), min_size=12, max_size=120).filter(lambda g: len(set(g)) >= 5)


@given(conflicts, st.integers(2, 5), st.integers(0, 3))
def test_no_conflict_is_parted_and_no_fold_is_empty(groups, k, seed):
    for division in folds(np.array(groups), k, repeats=2, seed=seed):
        assert sorted(set(division)) == list(range(k))
        assert all(len(set(division[np.array(groups) == group])) == 1 for group in set(groups))


@given(conflicts, st.integers(2, 5))
def test_folds_differ_by_no_more_than_the_largest_conflict(groups, k):
    sizes = np.bincount(folds(np.array(groups), k)[0], minlength=k)
    assert sizes.max() - sizes.min() <= max(map(groups.count, groups))


def test_single_crises_divide_evenly_and_anew_in_each_repeat():
    division = folds(np.arange(100), 10, repeats=20, seed=1)
    assert all((np.bincount(row) == 10).all() for row in division)
    assert len({tuple(row) for row in division}) == 20


def test_the_seed_decides_and_more_repeats_begin_alike():
    groups = np.arange(40) // 2
    assert np.array_equal(folds(groups, 5, 3, seed=7), folds(groups, 5, 6, seed=7)[:3])
    assert not np.array_equal(folds(groups, 5, seed=7), folds(groups, 5, seed=8))


@pytest.mark.parametrize(("k", "repeats", "says"), [(1, 1, "2 to 4"), (5, 1, "2 to 4"), (2, 0, "1 or more")])
def test_what_does_not_fit_is_refused(k, repeats, says):
    with pytest.raises(ValueError, match=says):
        folds(np.arange(4), k, repeats)
