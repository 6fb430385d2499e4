"""Answers that are known beforehand, from theory or by symmetry, and what the package's own rules make of them."""

import copy
from functools import partial

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
import sim.world as arrays
from sim.batch import simulate
from sim.crisis import Crisis
from sim.draws import key, uniform
from sim.ensemble import compiled_runner
from sim.phases.treaties import choose_help
from sim.rules.decide import answers, burden, logit_choice, pick
from sim.rules.power import share
from sim.scenario.build import build
from sim.scenario.load import resolve
from sim.scenario.schema import ANY_RULE, DYAD_QUANTITIES, QUANTITIES, RULE_BOUNDS, SYMMETRIC, Figure
from sim.world import copy_params, copy_world, over_runs
from tiny import WORLDS, tree

# --- games with an exact solution ------------------------------------------------------------------


def chosen(precision, *utilities):
    """Choice probabilities by the package's rule."""
    probability = np.empty(len(utilities))
    logit_choice(np.array(utilities, float), precision, probability)
    return probability


def crisis_game(precision, assets, strength):
    """Signorino (1999): agent logit by backward induction; P(SQ), P(Cap1), P(War2), P(Cap2), P(War1)."""
    (a1, a2), (m1, m2) = assets, strength
    p = np.array([m1, m2]) / (m1 + m2)
    war = p * (a2, a1) - (1 - p) * (np.array(assets) + strength)
    cap1, cap2, quo = np.array([-a1, a1]), np.array([a2, -a2]), np.zeros(2)
    (fight_1, yield_2) = chosen(precision, war[1], cap2[1])  # 1 has fought: 2 fights back or capitulates
    (fight_2, yield_1) = chosen(precision, war[0], cap1[0])  # 2 has fought
    after_fight = fight_1 * war + yield_2 * cap2
    after_attack = fight_2 * war + yield_1 * cap1
    (attack, rest) = chosen(precision, after_attack[1], quo[1])  # 1 has not fought: 2 fights or leaves it
    after_peace = attack * after_attack + rest * quo
    (first, not_first) = chosen(precision, after_fight[0], after_peace[0])
    peace = not_first * attack
    return np.array([not_first * rest, peace * yield_1, peace * fight_2, first * yield_2, first * fight_1])


@pytest.mark.parametrize(
    ("precision", "expected"),
    [(0.01, (0.21428, 0.08782, 0.13102, 0.26928, 0.29760)), (0.1, (0.37882, 0.00039, 0.02139, 0.16120, 0.43820))],
)
def test_crisis_game_of_signorino(precision, expected):
    found = crisis_game(precision, assets=(50.0, 40.0), strength=(60.0, 30.0))
    assert found.sum() == pytest.approx(1)
    np.testing.assert_allclose(found, expected, atol=5.1e-6)


@pytest.mark.parametrize(("dearest", "own_cost"), [(0.4, 0.1), (0.2, 0.1), (0.3, 0.3), (0.1, 0.3)])
def test_take_it_or_leave_it_offer_fails_as_often_as_theory_says(dearest, own_cost):
    """A offers the share that balances its risk; B, whose cost of war is private, U[0, c], fights over less.

    War happens if B's cost is below what the offer leaves on the table: P(war) = max(0, (c - c_A) / (2 c))
    (Fearon 1995). B decides by the package's logit choice at a precision that leaves it no doubt, and its
    cost is the package's draw.
    """
    runs, win = 20_000, 0.5  # A's chance to win all
    offers = np.linspace(0.0, dearest, 201)  # what A asks beyond its chance to win
    accepted = np.clip(1 - offers / dearest, 0, 1)
    asked = offers[np.argmax(accepted * (win + offers) + (1 - accepted) * (win - own_cost))]
    war = 0
    for run in range(runs):
        cost = dearest * uniform(4, run, 0, key("B"), key("A"), 1)
        probability = chosen(1e6, 1 - win - cost, 1 - win - asked)  # fight, accept
        war += pick(probability, uniform(4, run, 0, key("B"), key("A"), 2)) == 0
    expected = max(0.0, (dearest - own_cost) / (2 * dearest))
    error = np.sqrt(max(expected * (1 - expected), 1e-9) / runs)
    assert abs(war / runs - expected) < 4 * error + 1 / 201 / 2


@numba.njit
def climbs(seed, runs, top, up, state):
    """Runs of a ladder, begun on rung 1, that reach the top before rung 0: the package's draws and choice."""
    probability = np.array([1.0 - up, up])
    reached = 0
    for run in range(runs):
        rung, turn = 1, 0
        while 0 < rung < top:
            rung += 2 * pick(probability, uniform(seed, run, turn, state, 0, 9)) - 1
            turn += 1
        reached += rung == top
    return reached


@pytest.mark.parametrize(("up", "top", "runs"), [(0.5, 4, 100_000), (0.4, 5, 200_000), (0.25, 7, 2_000_000)])
def test_a_ladder_with_fixed_chances_is_a_gamblers_ruin(up, top, runs):
    """P(top before 0 | rung 1) = (1 - q) / (1 - q^top), q = (1 - up) / up; down to one in a thousand."""
    odds = (1 - up) / up
    expected = 1 / top if odds == 1 else (1 - odds) / (1 - odds**top)
    found = climbs(7, runs, top, up, key("KOR"))
    assert expected > 9e-4
    # exact binomial spread; at 1e-3 and two million runs the interval is 9 % of the answer on either side
    assert abs(found - runs * expected) < 4 * np.sqrt(runs * expected * (1 - expected))
