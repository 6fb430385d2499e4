"""Who is threatened rearms; who is safe stops; and it costs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from begun import begin, outcomes
from doors import build_forces, share_and_weigh, weigh_rearmament
from sim.codes import Entry
from sim.rules.posture import military_burden, rearmament

RUNS = 400
unit = st.floats(0.01, 0.8)


@given(rungs=st.integers(0, 5), fear=unit, lost=unit, burden=unit)
def test_fear_and_losses_arm_and_the_burden_disarms(model, rungs, fear, lost, burden):
    rules = model.params.rules[0]
    plain = rearmament(rules, rungs, fear, lost, burden)
    assert plain < rearmament(rules, rungs + 1, fear, lost, burden)
    assert plain < rearmament(rules, rungs, fear + 0.1, lost, burden)
    assert plain < rearmament(rules, rungs, fear, lost + 0.1, burden)
    assert plain > rearmament(rules, rungs, fear, lost, burden + 0.1)


@given(milex=st.floats(0.001, 2), industry=st.floats(0.001, 2))
def test_the_burden_grows_with_spending_and_with_the_loss_of_industry(milex, industry):
    plain = military_burden(milex, industry)
    assert 0 < plain < military_burden(milex + 0.1, industry)
    assert plain < military_burden(milex, industry * 0.9) < 1
    assert military_burden(0.0, 0.0) == 0


def arming(begun, seen, rearming=0):
    """Runs in which South Korea rearms after weighing it, North Korea being seen on a rung."""
    i = begun.at("KOR")
    begun.params.rules[0].rearm_rate = 100.0
    begun.world.state[i].rearming = rearming
    begun.pair("KOR", "PRK")[0].seen = seen
    share_and_weigh(begun.params, begun.world)
    worlds = outcomes(begun, weigh_rearmament, RUNS, i)
    return {run for run, world in enumerate(worlds) if world.state[i].rearming == 1}, worlds


def test_a_threatened_state_rearms_more_often_than_a_safe_one():
    begun = begin()
    safe, _ = arming(begun, seen=2)
    threatened, worlds = arming(begun, seen=3)
    fighting, _ = arming(begun, seen=7)
    assert safe == set()
    assert safe < threatened < fighting
    assert begun.kinds(worlds[RUNS - 1]) in ([], [Entry.REARMED])


def test_a_safe_state_stops_rearming():
    still, _ = arming(begin(), seen=0, rearming=1)
    assert len(still) < RUNS / 4


def test_losses_arm_even_after_the_rival_has_stepped_down():
    begun = begin()
    begun.world.state[begun.at("KOR")].lost = 0.5
    assert arming(begun, seen=0)[0]


def test_rearmament_raises_forces_and_costs_industry_of_whoever_rearms():
    begun = begin()
    i = begun.at("KOR")
    begun.world.state[i].rearming = 1
    before = begun.world.state.copy()
    build_forces(begun.params, begun.world)
    for domain in ("land", "air", "sea", "missile"):
        assert begun.world.state[domain][i] > before[domain][i]
        np.testing.assert_array_equal(np.delete(begun.world.state[domain], i), np.delete(before[domain], i))
    assert begun.world.state["industry"][i] < before["industry"][i]
