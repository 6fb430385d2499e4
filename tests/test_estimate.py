"""Shares of runs come with exact intervals, and what was not seen is never called impossible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from sim.estimate import proportion


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_equals_scipys_exact_interval(case):
    count, n = case
    share = proportion(count, n)
    interval = binomtest(count, n).proportion_ci(method="exact")
    assert share.low == pytest.approx(interval.low, abs=1e-12)
    assert share.high == pytest.approx(interval.high, abs=1e-12)


def test_no_case_is_an_upper_bound():
    assert str(proportion(0, 10_000)) == "none in 10,000 (< 0.037 %)"
    assert str(proportion(1000, 1000)) == "all of 1,000 (> 99.6 %)"


def test_nobody_at_risk_says_so():
    share = proportion(0, 0)
    assert (share.low, share.high) == (0.0, 1.0)
    assert str(share) == "no run at risk"


@pytest.mark.parametrize(("count", "n"), [(-1, 3), (4, 3)])
def test_impossible_counts_are_refused(count, n):
    with pytest.raises(ValueError, match=str(count)):
        proportion(count, n)
