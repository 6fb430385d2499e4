"""The clock does not drive the answer."""

import numpy as np
import pytest

import sim

EQUIVALENT = 0.01  # of P(war)


def shares(days, *overrides, **how):
    return sim.simulate(sim.load("korea_strike", [f"turn_days={days}", *overrides]), **how)


def test_a_turn_of_a_week_is_two_rounds_of_half_a_week():
    week, half = (shares(days, "horizon_weeks=12", runs=40) for days in (7, 3.5))
    assert week.table.equals(half.table)
    assert week.log.equals(half.log)
    np.testing.assert_array_equal(week.rungs, half.rungs[:, ::2])


@pytest.mark.slow
def test_a_day_and_half_a_week_give_the_same_chance_of_war():
    """Equivalence, not absence of evidence: the whole 95 % interval of the difference lies within the bound.

    Runs are paired by number: parameters, resolve and first tastes share their draws whatever the clock.
    """
    runs = 20_000
    day, half = (shares(days, "horizon_weeks=13", runs=runs, seed=5).table["war"].astype(float) for days in (1, 3.5))
    off = day - half
    middle, spread = off.mean(), 1.96 * off.std() / np.sqrt(runs)
    assert max(spread - middle, spread + middle) < EQUIVALENT, f"{middle:+.4f} +- {spread:.4f}"
