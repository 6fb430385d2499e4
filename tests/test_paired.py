"""Estimates from paired runs give published and exact answers, and cover the truth where few runs turn."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import multinomial, norm

from sim.study.paired import contrast, difference, mean_difference, score_interval, simultaneous, variance_ratio

counts = st.integers(1, 400).flatmap(
    lambda n: st.integers(0, n).flatmap(
        lambda up: st.integers(0, n - up).map(lambda down: (up, down, n)),
    )
)


def runs(up, down, both, neither):
    """Two sets of runs with so many of each fate."""
    first = np.repeat([False, True, True, False], [up, down, both, neither])
    second = np.repeat([True, False, True, False], [up, down, both, neither])
    return first, second


@pytest.mark.parametrize(
    ("up", "down", "n", "level", "low", "high"),
    [
        # airway hyper-responsiveness (Bentur et al. 2009), as in Fagerland, Lydersen & Laake (2014)
        (1, 7, 21, 0.95, -0.517, -0.026),
        # R, PropCIs::scoreci.mp(25, 28, 618, .90), which counts the other way round
        (28, 25, 618, 0.90, -0.0148, 0.0247),
    ],
)
def test_score_interval_is_the_published_one(up, down, n, level, low, high):
    assert score_interval(up, down, n, level) == pytest.approx((low, high), abs=6e-4 if n == 21 else 6e-5)


@given(counts)
def test_score_interval_mirrors_and_holds_the_estimate(case):
    up, down, n = case
    low, high = score_interval(up, down, n)
    assert -1 <= low <= (up - down) / n <= high <= 1 and low < high
    assert score_interval(down, up, n) == pytest.approx((-high, -low), abs=1e-9)


@given(st.integers(1, 10**6), st.sampled_from([0.9, 0.95, 0.999]))
def test_where_no_run_turned_the_interval_has_its_closed_form(n, level):
    half = norm.ppf((1 + level) / 2) ** 2
    assert score_interval(0, 0, n, level) == pytest.approx((-half / (n + half), half / (n + half)), rel=1e-6)


def test_limits_are_where_the_score_test_just_rejects():
    """The nuisance share is found by maximising the likelihood, instead of by the formula."""
    up, down, n = 9, 3, 60

    def statistic(d):
        def loss(q):
            return -(up * np.log(q + d) + down * np.log(q) + (n - up - down) * np.log(1 - 2 * q - d))

        bounds = (max(0, -d) + 1e-12, (1 - d) / 2 - 1e-12)
        q = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x
        return (up - down - n * d) / np.sqrt(n * (2 * q + d - d * d))

    low, high = score_interval(up, down, n)
    assert (statistic(low), statistic(high)) == pytest.approx((norm.ppf(0.975), -norm.ppf(0.975)), abs=1e-4)


@pytest.mark.parametrize("interval", ["score", "adjusted"])
@pytest.mark.parametrize(("level", "least"), [(0.95, 0.92), (0.999, 0.992)])
@pytest.mark.parametrize("turn", [(0.002, 0.002), (0.01, 0.0), (0.03, 0.01), (0.2, 0.1)])
def test_intervals_cover_the_truth_also_where_few_runs_turn(interval, level, least, turn):
    """Exact, over all that can be seen in 200 runs; the plain normal interval covers a third where few turn."""
    n = 200
    most = [int(n * p + 8 * np.sqrt(n * p) + 12) for p in turn]
    covered = total = 0.0
    for up, down in product(*(range(top) for top in most)):
        if up + down > n:
            continue
        p = multinomial.pmf([up, down, n - up - down], n, [*turn, 1 - sum(turn)])
        if p < 1e-9:
            continue
        if interval == "score":
            low, high = score_interval(up, down, n, level)
        else:
            found = mean_difference(np.repeat([1, -1, 0], [up, down, n - up - down]), level)
            low, high = found["low"], found["high"]
        total += p
        covered += p * (low <= turn[0] - turn[1] <= high)
    assert total > 0.99999 and covered >= least


@given(counts)
def test_mean_difference_is_bonett_and_price_for_what_happens_or_not(case):
    """Where z is 2, and a pseudo-run each way weighs one run."""
    up, down, n = case
    found = mean_difference(np.repeat([1, -1, 0], [up, down, n - up - down]), level=norm.cdf(2) - norm.cdf(-2))
    p, q = (up + 1) / (n + 2), (down + 1) / (n + 2)
    half = 2 * np.sqrt((p + q - (p - q) ** 2) / (n + 2))
    assert found["difference"] == pytest.approx((up - down) / n)
    assert (found["low"], found["high"]) == pytest.approx((p - q - half, p - q + half), abs=1e-12)
    assert found["low"] <= found["difference"] <= found["high"]


def test_mean_difference_of_many_runs_is_the_normal_interval():
    values = np.random.default_rng(1).integers(-3, 5, 20_000)
    found = mean_difference(values)
    half = norm.ppf(0.975) * values.std() / np.sqrt(len(values))
    expected = (values.mean() - half, values.mean() + half)
    assert (found["low"], found["high"]) == pytest.approx(expected, abs=1e-3)


def test_difference_counts_the_runs_that_turn():
    found = difference(*runs(up=6, down=2, both=10, neither=82))
    assert found["difference"] == pytest.approx(0.04)
    assert (found["turned_up"]["count"], found["turned_down"]["count"]) == (6, 2)
    assert (found["low"], found["high"]) == score_interval(6, 2, 100)


def test_variance_ratio_of_known_tables():
    half = np.array([True, False] * 50)
    assert variance_ratio(half, half) is None  # nothing turned
    assert variance_ratio(half, ~half) == pytest.approx(0.5)  # pairing of opposites does harm
    independent = runs(up=25, down=25, both=25, neither=25)
    assert variance_ratio(*independent) == pytest.approx(1)
    # p = .12, .16; paired variance .08 - .04^2
    assert variance_ratio(*runs(6, 2, 10, 82)) == pytest.approx((0.12 * 0.88 + 0.16 * 0.84) / (0.08 - 0.0016))


def test_contrasts_are_differences_of_differences():
    fates = {
        frozenset(): np.array([1, 1, 1, 0]),
        frozenset({"a"}): np.array([0, 1, 0, 0]),
        frozenset({"b"}): np.array([0, 0, 1, 0]),
        frozenset({"a", "b"}): np.array([0, 0, 0, 1]),
    }
    assert contrast(fates, ["a"]).tolist() == [1, 0, 1, 0]
    assert contrast(fates, ["a", "b"]).tolist() == [1, 0, 0, 1]


def test_contrasts_recover_the_terms_that_made_the_fates():
    terms = {(): 5, ("a",): 1, ("b",): -2, ("c",): 3, ("a", "b"): 4, ("b", "c"): -1, ("a", "b", "c"): 7}
    names = ("a", "b", "c")
    fates = {}
    for out in product([False, True], repeat=3):
        removed = frozenset(name for name, gone in zip(names, out, strict=True) if gone)
        fates[removed] = np.array([sum(value for term, value in terms.items() if not removed & set(term))])
    assert contrast(fates, names) == terms["a", "b", "c"]
    # of two, where the third is there
    assert contrast(fates, ("a", "b")) == terms["a", "b"] + terms["a", "b", "c"]
    assert contrast(fates, ("a", "c")) == terms["a", "b", "c"]


@pytest.mark.parametrize(("up", "down", "n"), [(-1, 0, 5), (3, 3, 5), (0, 0, 0)])
def test_impossible_counts_are_refused(up, down, n):
    with pytest.raises(ValueError, match=f"{up} up"):
        score_interval(up, down, n)


def test_simultaneous_levels():
    assert simultaneous(1) == 0.95 and simultaneous(50) == pytest.approx(0.999)
