"""Estimates of chance and parameters apart, on answers that are known: beta-binomial counts."""

import numpy as np
import pytest
from scipy.stats import beta

from sim.estimate import proportion
from sim.random_effects import apart, band, interval, moments

TRIALS = 800


def counts(rng, points, runs, mean, correlation):
    """Counts whose probabilities have variance mean (1 - mean) correlation; sizes differ by one."""
    sizes = np.full(points, runs) + np.arange(points) % 2
    if correlation == 0:
        return rng.binomial(sizes, mean), sizes
    size = 1 / correlation - 1
    return rng.binomial(sizes, rng.beta(mean * size, (1 - mean) * size, points)), sizes


CASES = [(64, 16, 0.2, 0.0), (64, 16, 0.2, 0.1), (64, 160, 0.05, 0.02), (20, 50, 0.5, 0.2)]


@pytest.mark.parametrize("case", CASES)
def test_variance_between_points_is_unbiased(case):
    rng = np.random.default_rng(1)
    *_, mean, correlation = case
    found = np.array([moments(*counts(rng, *case)) for _ in range(TRIALS)])
    truth = [mean, correlation * mean * (1 - mean), (1 - correlation) * mean * (1 - mean)]
    error = found[:, :3].std(axis=0) / np.sqrt(TRIALS)
    assert (np.abs(found[:, :3].mean(axis=0) - truth) < 4 * error).all()
    assert found[:, 3].mean() == pytest.approx(found[:, 0].var(), rel=0.15)  # of the share itself


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_intervals_cover(case):
    rng = np.random.default_rng(2)
    *_, mean, correlation = case
    deviation = np.sqrt(correlation * mean * (1 - mean))
    share = spread = 0
    for trial in range(TRIALS // 2):
        count, runs = counts(rng, *case)
        found = interval(moments(count, runs), int(runs.sum()))
        share += found["low"] <= mean <= found["high"]
        tau = apart(count, runs, trial).deviation
        spread += tau.low <= deviation <= tau.high
    assert share / (TRIALS // 2) > 0.92 and spread / (TRIALS // 2) > 0.9


def test_the_band_is_that_of_the_probabilities_and_not_of_the_noisy_shares():
    rng = np.random.default_rng(3)
    mean, correlation = 0.2, 0.05
    truth = beta.ppf([0.025, 0.975], mean * 19, (1 - mean) * 19)
    bands, raw = [], []
    for _ in range(200):
        count, runs = counts(rng, 64, 16, mean, correlation)
        bands.append(band(moments(count, runs)))
        raw.append(np.quantile(count / runs, [0.025, 0.975]))
    assert np.median(bands, axis=0) == pytest.approx(truth, abs=0.02)
    assert np.median(raw, axis=0)[1] > truth[1] + 0.05


def test_runs_that_are_all_alike_leave_no_band():
    found = moments(np.zeros(20, int), np.full(20, 10))
    assert band(found) == (0, 0)
    exact = proportion(0, 200)
    assert interval(found, 200) == {"n": 200, "share": 0, "low": 0, "high": pytest.approx(exact.high)}


def test_more_runs_move_the_split_of_the_answer_and_not_the_parameters():
    rng = np.random.default_rng(4)
    few, many = (apart(*counts(rng, 200, runs, 0.3, 0.05), seed=1) for runs in (10, 400))
    assert few.of_answer.share < many.of_answer.share
    assert few.deviation.low < many.deviation.share < few.deviation.high


@pytest.mark.parametrize(("count", "runs"), [([1], [2]), ([1, 1], [1, 1]), ([3, 1], [2, 2]), ([0, 0], [0, 4])])
def test_counts_that_say_nothing_are_refused(count, runs):
    with pytest.raises(ValueError, match="counts must be"):
        moments(np.array(count), np.array(runs))
