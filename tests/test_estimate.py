"""Shares of runs come with exact intervals, and what was not seen is never called impossible."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from sim.estimate import half_width, proportion

counts = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_equals_scipys_exact_interval(case):
    count, n = case
    share = proportion(count, n)
    interval = binomtest(count, n).proportion_ci(method="exact")
    assert share.low == pytest.approx(interval.low, abs=1e-12)
    assert share.high == pytest.approx(interval.high, abs=1e-12)


@given(counts)
def test_the_share_lies_within_its_interval(case):
    share = proportion(*case)
    assert 0 <= share.low <= share.share <= share.high <= 1


@pytest.mark.parametrize("n", [5, 30, 200])
def test_the_interval_covers_the_truth_at_least_as_often_as_it_says(n):
    intervals = [proportion(count, n) for count in range(n + 1)]
    for truth in np.linspace(0.001, 0.999, 101):
        covers = [share.low <= truth <= share.high for share in intervals]
        assert binom.pmf(np.arange(n + 1), n, truth)[covers].sum() >= 0.95


def test_no_case_is_an_upper_bound():
    assert str(proportion(0, 10_000)) == "none in 10,000 (< 0.037 %)"
    assert str(proportion(1000, 1000)) == "all of 1,000 (> 99.6 %)"


@given(st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, min(n, 50)), st.just(n))))
def test_no_share_and_no_bound_is_printed_as_nought(case):
    text = re.sub(r"(in|of) [\d,]+", "", str(proportion(*case)))
    assert all(float(number) for number in re.findall(r"\d[\d.]*(?:e-\d+)?", text))


@given(st.integers(10, 10**6), st.integers(0, 5))
def test_no_share_and_no_bound_is_printed_as_a_hundred(n, fewer):
    text = str(proportion(n - fewer, n)).replace("-100.0)", ")")  # an upper bound may come to a hundred
    assert "100.0" not in text


def test_nobody_at_risk_says_so():
    share = proportion(0, 0)
    assert (share.low, share.high) == (0.0, 1.0)
    assert str(share) == "no run at risk"


@pytest.mark.parametrize(("count", "n"), [(-1, 3), (4, 3)])
def test_impossible_counts_are_refused(count, n):
    with pytest.raises(ValueError, match=str(count)):
        proportion(count, n)


@pytest.mark.parametrize("truth", [0.002, 0.01, 0.03, 0.1, 0.5])
def test_stopping_when_the_interval_is_narrow_keeps_its_coverage(truth):
    """The rule of `simulate(precision=...)`: look after every hundred runs, stop by the width."""
    rng, covered, precision, trials = np.random.default_rng(6), 0, 0.02, 600
    for _ in range(trials):
        count, n = 0, 0
        found = proportion(0, 1)
        while half_width(found) > precision:
            count, n = count + rng.binomial(100, truth), n + 100
            found = proportion(count, n)
        covered += found.low <= truth <= found.high
    assert covered / trials > 0.95 - 2.5 * np.sqrt(0.95 * 0.05 / trials)
