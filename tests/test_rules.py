"""The rules say what theory says, whatever their parameters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim.world as arrays
from sim.rules.decide import likelihood, logit_choice, pick, update
from sim.rules.nuclear import use_rate
from sim.rules.power import front_need, share
from sim.rules.settle import incident_rate, loss_rate, settlement_rate
from sim.rules.treaties import honour_utility, need, recognition, widening

unit = st.floats(0.01, 0.99)


@pytest.fixture(scope="module")
def rules(scenario):
    record = np.zeros(1, arrays.RULE)
    for name, figure in scenario.rules.items():
        record[name] = figure.centre
    return record[0]


@pytest.fixture(scope="module")
def setting(model):
    return model.params.setting[0]


@given(advantage=st.floats(-3, 3), r=st.integers(0, 8), q=st.integers(0, 8))
def test_the_two_shares_of_a_contest_sum_to_one(rules, advantage, r, q):
    assert share(rules, advantage, r, q) + share(rules, -advantage, q, r) == pytest.approx(1, abs=1e-14)


def test_standing_higher_gains_more(rules):
    shares = [share(rules, 0.2, r, 4) for r in range(9)]
    assert shares == sorted(shares)


@given(st.lists(st.floats(-20, 20), min_size=2, max_size=5), st.floats(0.1, 10))
def test_utilities_and_precision_trade_off(values, factor):
    """Only their product is free: multiplying all utilities and dividing precision changes nothing."""
    utility = np.array(values)
    plain, scaled = np.empty(len(values)), np.empty(len(values))
    logit_choice(utility, 1.0, plain)
    logit_choice(utility * factor, 1.0 / factor, scaled)
    assert plain.sum() == pytest.approx(1)
    np.testing.assert_allclose(plain, scaled, rtol=1e-9, atol=1e-12)


@given(st.lists(unit, min_size=2, max_size=5), unit)
def test_pick_follows_the_distribution(weights, u):
    probability = np.array(weights) / sum(weights)
    chosen = pick(probability, u)
    assert probability[:chosen].sum() <= u + 1e-12
    assert u <= probability[: chosen + 1].sum() + 1e-12


def test_belief_is_a_martingale():
    """With types and choices drawn from the perceiver's own model, E[posterior] = prior."""
    generator = np.random.default_rng(4)
    prior = generator.dirichlet(np.ones(5))
    choices = generator.dirichlet(np.ones(5), size=5)  # types x rungs 2..6
    mean = np.zeros(5)
    total = 0.0
    for seen in range(1, 8):
        evidence = np.array([likelihood(choices[t], 2, 4, seen, 0.4, 0.2) for t in range(5)])
        posterior = prior.copy()
        update(posterior, evidence)
        mean += prior @ evidence * posterior
        total += prior @ evidence
    assert total == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(mean, prior, atol=1e-12)


def test_higher_fronts_need_more():
    needs = [front_need(r, 8) for r in range(9)]
    assert needs == sorted(needs)


CLAUSE = np.zeros(1, arrays.COMMITMENT)


def clause(**fields):
    row = CLAUSE.copy()[0]
    row.provoked = 1
    for name, value in fields.items():
        setattr(row, name, value)
    return row


def test_recognition_falls_with_filters_blame_and_a_missing_war(rules):
    plain = recognition(rules, clause(), 0, 0.0, False, 0.5, 0.0)
    assert recognition(rules, clause(filters=2), 0, 0.0, False, 0.5, 0.0) < plain
    assert recognition(rules, clause(), 0, 1.0, False, 0.5, 0.0) < plain
    assert recognition(rules, clause(provoked=0), 0, 1.0, False, 0.5, 0.0) == plain
    assert recognition(rules, clause(provoked=2), 0, 1.0, False, 0.5, 0.0) < recognition(
        rules, clause(), 0, 1.0, False, 0.5, 0.0
    )
    assert recognition(rules, clause(needs_war=1), 0, 0.0, False, 0.5, 0.0) < plain
    assert recognition(rules, clause(needs_war=1), 0, 0.0, True, 0.5, 0.0) == plain
    assert recognition(rules, clause(), 1, 0.0, False, 0.5, 0.0) > plain


def mean_level(rules, setting, **changes):
    case = {
        "strength": 3.0, "duty": 4, "discretion": 0.0, "interest": 1.5, "goodwill": 0.0, "plea": 0.7, "threat": 0.0,
        "tripwire": 0.0, "tied": 0.2, "attack": 6, "burden": 8.0, "reached": 0, "exposure": 0.5, "armed": 1.0,
        "neutral": False,
    } | changes  # fmt: skip
    utility, probability = np.empty(5), np.empty(5)
    honour_utility(rules, setting, *case.values(), utility)
    logit_choice(utility, 1.0, probability)
    return probability @ np.arange(5)


@pytest.mark.parametrize(
    ("field", "less", "more"),
    [
        ("interest", 0.5, 2.5), ("strength", 1.0, 4.0), ("tripwire", 0.0, 1.0), ("plea", 0.1, 0.9),
        ("threat", 0.0, 1.0), ("reached", 0, 7), ("tied", 0.9, 0.0), ("armed", 1.0, 0.0), ("exposure", 0.9, 0.1),
        ("neutral", True, False), ("discretion", 1.0, 0.0),
    ],
)  # fmt: skip
def test_an_ally_does_more_for_more_at_stake_and_less_for_more_risk(rules, setting, field, less, more):
    assert mean_level(rules, setting, **{field: less}) < mean_level(rules, setting, **{field: more})


def test_a_stronger_victim_needs_less_help(rules):
    assert need(rules, 1, 0.9) < need(rules, 1, 0.1) < need(rules, 2, 0.1)


def test_nuclear_use_rises_with_every_danger(rules):
    calm = use_rate(rules, 0, 0, 0.9, 0.0)
    assert (
        0
        < calm
        < min(
            use_rate(rules, 1, 0, 0.9, 0.0),
            use_rate(rules, 0, 1, 0.9, 0.0),
            use_rate(rules, 0, 0, 0.2, 0.0),
            use_rate(rules, 0, 0, 0.9, 0.5),
        )
    )


def test_hotlines_calm_and_rungs_and_rivalry_do_not(rules):
    plain = incident_rate(rules, 8, 2, 0.0, 0.0)
    assert incident_rate(rules, 8, 2, 0.0, 1.0) < plain < incident_rate(rules, 10, 2, 0.0, 0.0)
    assert plain < incident_rate(rules, 8, 2, 1.0, 0.0)


def test_settlement_comes_with_weariness_and_stalemate(rules):
    plain = settlement_rate(rules, 6, 0.5, 0.2)
    assert settlement_rate(rules, 8, 0.5, 0.2) < plain < settlement_rate(rules, 6, 1.0, 0.2)
    assert plain < settlement_rate(rules, 6, 0.5, 0.9)


def test_losses_begin_with_lethal_force_and_fall_on_the_weaker(rules, setting):
    assert loss_rate(rules, setting, 5, 1.0, 1.0) == 0
    assert loss_rate(rules, setting, 7, 1.0, 2.0) > loss_rate(rules, setting, 7, 1.0, 1.0) > 0


def test_war_is_carried_to_the_near_and_the_unarmed(rules, setting):
    plain = widening(rules, setting, 2, 7, 1.0, 0.0)
    assert widening(rules, setting, 2, 7, 3.0, 0.0) < plain
    assert widening(rules, setting, 2, 7, 1.0, 1.0) < plain
    assert plain < widening(rules, setting, 3, 7, 1.0, 0.0)
