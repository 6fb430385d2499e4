"""Scores have their known values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.history.scores import (
    auc,
    brier,
    counts_to_probability,
    log_score,
    paired_difference,
    pit,
    reliability,
    rps,
    sharpness,
)

EVEN = [0.25, 0.25, 0.25, 0.25]
CERTAIN = [1.0, 0.0, 0.0, 0.0]

forecasts = st.lists(st.floats(0.01, 1), min_size=4, max_size=4).map(lambda w: np.array([w]) / sum(w))


def test_rps_is_the_mean_of_cumulative_differences_squared():
    even_none = ((0.25 - 1) ** 2 + (0.5 - 1) ** 2 + (0.75 - 1) ** 2) / 3
    assert rps([EVEN, EVEN], [0, 3]) == pytest.approx([even_none, even_none])
    assert rps([CERTAIN] * 4, range(4)) == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_rps_over_two_outcomes_is_the_brier_score():
    assert rps([[0.7, 0.3]], [1]) == pytest.approx(brier([[0.7, 0.3]], [1], 1))


@given(forecasts, st.integers(0, 3))
def test_rps_is_the_mean_of_brier_scores_over_thresholds(p, observed):
    parts = [brier(p, [observed], threshold) for threshold in (1, 2, 3)]
    assert rps(p, [observed]) == pytest.approx(np.mean(parts))


@given(forecasts, forecasts)
def test_scores_are_proper(truth, other):
    for score in (rps, log_score):
        expected = [np.dot(truth[0], score(np.repeat(p, 4, axis=0), range(4))) for p in (truth, other)]
        assert expected[0] <= expected[1] + 1e-12


def test_climatology_of_the_training_crises_is_known():
    # 74 none, 87 minor, 60 serious, 16 war, each the other's forecast: E rps = mean over thresholds of q (1 - q)
    counts = np.array([74, 87, 60, 16])
    observed = np.repeat(range(4), counts)
    p = np.tile(counts / counts.sum(), (len(observed), 1))
    above = np.cumsum(counts)[:-1] / counts.sum()
    assert rps(p, observed).mean() == pytest.approx(np.mean(above * (1 - above)))


def test_log_score_is_natural_and_infinite_for_the_impossible():
    assert log_score([EVEN], [2]) == pytest.approx([np.log(4)])
    assert log_score([CERTAIN], [1]) == [np.inf]


def test_auc_orders_and_counts_ties_half():
    p = [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.8, 0.2]]
    assert auc(p, [0, 0, 1, 1], 1) == pytest.approx(3.5 / 4)
    assert np.isnan(auc(p, [0, 0, 0, 0], 1))


def test_pit_of_one_case_is_flat_over_its_interval():
    assert pit([[0.2, 0.4, 0.4, 0.0]], [1], bins=10) == pytest.approx([0, 0, 0.25, 0.25, 0.25, 0.25, 0, 0, 0, 0])


def test_pit_is_flat_where_forecasts_are_right():
    p = np.array([0.1, 0.3, 0.4, 0.2])
    observed = np.repeat(range(4), (p * 10).astype(int))
    assert pit(np.tile(p, (10, 1)), observed, bins=7) == pytest.approx(np.full(7, 1 / 7))


def test_sharpness_is_entropy():
    assert sharpness([EVEN, CERTAIN]) == pytest.approx([np.log(4), 0])


def test_reliability_of_right_forecasts_lies_within_its_bars_as_often_as_it_says():
    rng = np.random.default_rng(1)
    within = 0
    for trial in range(300):
        p = rng.beta(1, 3, size=200)
        within += reliability(p, rng.random(200) < p, bins=5, resamples=500, seed=trial).consistent
    # 95 % of 300, less four standard deviations; bars of few events are wider than they need be
    assert within >= 270


def test_reliability_refuses_forecasts_that_are_wrong():
    p = np.repeat([0.1, 0.3], 200)
    happened = np.random.default_rng(0).random(400) < 2 * p
    diagram = reliability(p, happened, bins=10)
    assert not diagram.consistent
    assert diagram.n.tolist() == [200, 200]
    assert diagram.forecast == pytest.approx([0.1, 0.3])
    assert diagram.frequency == pytest.approx([happened[:200].mean(), happened[200:].mean()])


def test_paired_difference_is_the_normal_interval_for_many_cases():
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(2, 2000))
    difference = paired_difference(a, b)
    error = 1.96 * np.std(a - b) / np.sqrt(2000)
    assert difference.mean == pytest.approx(np.mean(a - b))
    assert difference.high - difference.mean == pytest.approx(error, rel=0.05)
    assert difference.mean - difference.low == pytest.approx(error, rel=0.05)


def test_paired_difference_of_equal_scores_is_nought():
    assert paired_difference([0.2, 0.5], [0.2, 0.5]) == (0, 0, 0)


def test_clusters_of_copies_count_once():
    rng = np.random.default_rng(3)
    once = rng.normal(size=100)
    groups = np.repeat(np.arange(100), 9)
    clustered = paired_difference(np.repeat(once, 9), np.zeros(900), groups)
    assert clustered == pytest.approx(paired_difference(once, np.zeros(100)))


def test_counts_become_probabilities_above_nought():
    p = counts_to_probability([[0, 0, 3, 97], [0, 0, 0, 0]])
    assert p[0] == pytest.approx(np.array([0.25, 0.25, 3.25, 97.25]) / 101)
    assert p[1] == pytest.approx(EVEN)


@pytest.mark.parametrize(
    ("p", "observed", "says"),
    [
        ([[0.5, 0.6]], [0], "sum to 1"),
        ([[1.5, -0.5]], [0], "sum to 1"),
        ([[np.nan, 1.0]], [0], "sum to 1"),
        ([EVEN], [4], "0 to 3"),
        ([EVEN], [0.5], "whole numbers"),
        ([EVEN], [0, 1], "1 forecasts"),
        (EVEN, [0], "shape"),
    ],
)
def test_what_is_no_forecast_is_refused(p, observed, says):
    with pytest.raises(ValueError, match=says):
        rps(p, observed)
