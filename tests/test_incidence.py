"""Cumulative incidence among competing events: by hand with censoring, and the plain share without."""

import numpy as np
import pytest

from sim.estimate import proportion
from sim.incidence import aalen_johansen, incidence


def test_by_hand():
    """Five runs: event at 1, censored at 2, the other event at 3, event at 4, censored at 5."""
    time, cause = [1, 2, 3, 4, 5], [1, 0, 2, 1, 0]
    times, first, variance = aalen_johansen(time, cause, 1)
    assert list(times) == [1, 3, 4]
    # at 1: 1/5; left .8; at 3 three are at risk: the other takes .8/3, left 8/15; at 4 two are: 8/30 more
    assert first == pytest.approx([1 / 5, 1 / 5, 1 / 5 + 4 / 15])
    assert aalen_johansen(time, cause, 2)[1] == pytest.approx([0, 4 / 15, 4 / 15])
    assert variance[0] == pytest.approx(0.2 * 0.8 / 5)
    # at 4, term by term: (F - F_j)^2 d/(n(n-d)) + S^2 (n-d)d/n^3 - 2 (F - F_j) S d/n^2
    apart = 4 / 15
    by_hand = apart**2 / 20 + 4 / 125 - 2 * apart / 25 + apart**2 / 6 + (8 / 15) ** 2 / 8
    assert variance[2] == pytest.approx(by_hand)


def test_without_censoring_it_is_the_share_and_its_binomial_variance():
    rng = np.random.default_rng(1)
    cause, time = rng.integers(1, 4, 400), rng.integers(0, 50, 400)
    times, found, variance = aalen_johansen(time, cause, 2)
    shares = np.array([((cause == 2) & (time <= t)).mean() for t in times])
    assert found == pytest.approx(shares)
    assert variance == pytest.approx(shares * (1 - shares) / 400)
    by = incidence(time, cause, 2, [0, 10, 1000])
    assert by[0] == proportion(0, 400)._asdict()
    assert by[2] == proportion(int((cause == 2).sum()), 400)._asdict()


def test_censoring_at_the_end_changes_nothing_before_it():
    time, cause = np.array([3.0, 20, 20, 5, 20]), np.array([1, 0, 0, 2, 0])
    assert incidence(time, cause, 1, [20])[0] == proportion(1, 5)._asdict()


def test_intervals_cover_under_censoring():
    rng, trials, covered = np.random.default_rng(2), 600, 0
    truth = 0.3 * (1 - np.exp(-1.0))  # three in ten exponential events are of the cause, by time 1
    for _ in range(trials):
        event, until = rng.exponential(1.0, 150), rng.uniform(0, 3, 150)
        cause = np.where(event < until, np.where(rng.random(150) < 0.3, 1, 2), 0)
        (found,) = incidence(np.minimum(event, until), cause, 1, [1.0])
        covered += found["low"] <= truth <= found["high"]
    assert covered / trials > 0.93


def test_nothing_seen_has_an_interval_of_those_at_risk():
    (found,) = incidence([1.0, 2, 3, 4], [0, 0, 0, 0], 1, [2.5])
    assert (found["share"], found["low"]) == (0, 0) and found["high"] == pytest.approx(proportion(0, 2).high)


@pytest.mark.parametrize(("time", "cause"), [([], []), ([1.0, np.nan], [1, 1]), ([1.0], [1, 2])])
def test_times_that_are_not_there_are_refused(time, cause):
    with pytest.raises(ValueError, match="must be as many"):
        aalen_johansen(time, cause, 1)
