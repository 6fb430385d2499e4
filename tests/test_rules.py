"""The rules say what theory says, whatever their parameters."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import kstest

import sim.world as arrays
from doors import share_and_weigh
from sim.codes import TERMS
from sim.phases.start import start
from sim.rules.decide import (
    answers,
    foresee,
    highest_option,
    likelihood,
    logit_choice,
    lowest_option,
    pick,
    update,
)
from sim.rules.nuclear import use_rate
from sim.rules.perceive import misread, misread_chance
from sim.rules.power import front_need, share
from sim.rules.settle import incident_rate, loss_rate, settlement_rate
from sim.rules.treaties import honour_utility, need, recognition, widening
from sim.world import copy_world
from tiny import record

unit = st.floats(0.01, 0.99)
rung = st.integers(0, 8)


# --- contest and choice ----------------------------------------------------------------------------


@given(advantage=st.floats(-3, 3), r=rung, q=rung)
def test_the_two_shares_of_a_contest_sum_to_one(rules, advantage, r, q):
    assert share(rules, advantage, r, q) + share(rules, -advantage, q, r) == pytest.approx(1, abs=1e-14)


@given(advantage=st.floats(-3, 3), more=st.floats(0, 3), r=rung, q=rung)
def test_standing_higher_and_being_stronger_gain_more(rules, advantage, more, r, q):
    plain = share(rules, advantage, r, q)
    assert share(rules, advantage, r, q + 1) < plain < share(rules, advantage, r + 1, q)
    assert plain <= share(rules, advantage + more, r, q)


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


def expected_rung(rules, setting, ladder, *, stand, seen, resolve=1.0, risk=0.0, advantage=0.0):
    """Mean rung that a state chooses from `stand` against a rival seen at `seen`."""
    facts = {"accountability": 0.5, "warheads": 0.0, "survivability": 1.0}
    me, rival = record(arrays.STATE_FIGURE, **facts, risk_aversion=risk), record(arrays.STATE_FIGURE, **facts)
    highest = max(stand, seen)
    blow, back = (rung if rung >= setting.force else 0 for rung in (seen, stand))
    common = {"highest": highest, "ceiling": setting.top}
    mine = record(arrays.DYAD, rung=stand, seen=seen, peak=stand, suffered=blow, **common)
    theirs = record(arrays.DYAD, rung=seen, seen=stand, peak=seen, suffered=back, **common)
    low = lowest_option(setting, stand, mine, seen)
    utility = np.empty(highest_option(setting, stand, blow, setting.top) - low + 1)
    probability = np.empty(len(utility))
    exposure = float(1 / (1 + np.exp(advantage)))
    types = np.array([0.5, 1.0, 2.0])
    belief = np.full(3, 1 / 3)
    foresee(
        rules, setting, ladder, me, rival, mine, theirs, resolve, advantage, exposure, belief, types, utility,
        np.empty((len(utility), len(TERMS))),
    )  # fmt: skip
    logit_choice(utility, rules.precision, probability)
    return low + probability @ np.arange(len(utility))


duels = {"stand": rung, "seen": rung, "advantage": st.floats(-2, 2)}


@given(**duels, resolve=st.floats(0, 4), more=st.floats(0, 4))
def test_more_at_stake_goes_higher(rules, setting, ladder, resolve, more, **duel):
    """But where war is at hand against a rival that lets much pass: war it would have to answer."""
    assume(duel["stand"] + 2 < setting.war or duel["seen"] >= setting.war)
    plain = expected_rung(rules, setting, ladder, resolve=resolve, **duel)
    assert expected_rung(rules, setting, ladder, resolve=resolve + more, **duel) >= plain - 1e-12


@given(**duels, resolve=st.floats(0, 4), risk=st.floats(-0.5, 0.5), more=st.floats(0, 2))
def test_a_dearer_war_stays_lower(rules, setting, ladder, risk, more, **duel):
    plain = expected_rung(rules, setting, ladder, risk=risk, **duel)
    assert expected_rung(rules, setting, ladder, risk=risk + more, **duel) <= plain + 1e-12


# --- effort ----------------------------------------------------------------------------------------


def test_higher_fronts_need_more():
    needs = [front_need(r, 8) for r in range(9)]
    assert needs == sorted(needs)


@pytest.fixture(scope="module")
def fronts(model):
    """Effort and power of Russia in Europe, while it stands at some rung there and at another in Korea."""

    begun = copy_world(model.blank)
    start(model.params, begun, model.trace(), 1, 0)
    begun.dyad["active"] = 0
    russia, ukraine, korea = (model.states.index(code) for code in ("RUS", "UKR", "KOR"))
    europe, peninsula = (next(k for k, t in enumerate(model.theatres) if word in t) for word in ("ukraine", "korea"))

    def effort_and_power(first, second):
        world = copy_world(begun)
        for rival, place, height in ((ukraine, europe, first), (korea, peninsula, second)):
            if height is not None:
                dyads = world.dyad
                for a, b in ((russia, rival), (rival, russia)):
                    dyads[a, b].active, dyads[a, b].theatre, dyads[a, b].rung = 1, place, height
        share_and_weigh(model.params, world)
        return world.front[russia, europe].effort, world.dyad[russia, ukraine].power, world.front["effort"][russia]

    return effort_and_power


@given(first=rung, second=rung, higher=rung)
def test_a_second_front_never_raises_the_effort_on_the_first(fronts, first, second, higher):
    effort, power, _ = fronts(first, None)
    with_second, power_with_second, all_efforts = fronts(first, second)
    assert with_second <= effort and power_with_second <= power
    assert all_efforts[all_efforts > 0].min() > 0
    second, higher = sorted((second, higher))
    assert fronts(first, higher)[0] <= fronts(first, second)[0]


# --- belief ----------------------------------------------------------------------------------------

TYPES = np.array([0.3, 0.7, 1.1, 1.7, 3.0])


@pytest.fixture(scope="module")
def choices(rules, setting, ladder):
    """Choice probabilities of a rival on a rung, for each type of its resolve, as its perceiver models them."""

    def model_of(stand, mine=4):
        low = max(stand - 2, 0)
        options = np.empty((len(TYPES), highest_option(setting, stand, 0, setting.top) - low + 1))
        gain = np.array([share(rules, 0.0, low + a, mine) for a in range(options.shape[1])])
        me = record(arrays.STATE_FIGURE, accountability=0.5)
        dyad = record(arrays.DYAD, rung=stand, peak=stand, highest=max(stand, mine))
        answers(rules, setting, ladder, me, me, dyad, dyad, stand, low, mine, gain, 0.5, TYPES, options)
        return low, options

    return model_of


def evidence_of(low, options, stand, seen, revised, odds):
    return np.array([likelihood(options[t], low, stand, seen, revised, odds, 7) for t in range(len(options))])


@given(st.lists(unit, min_size=5, max_size=5), unit, st.floats(0, 0.9))
def test_belief_is_a_martingale(choices, weights, revised, odds):
    """With types and choices drawn from the perceiver's own model, E[posterior] = prior (away from the ends)."""
    prior = np.array(weights) / sum(weights)
    low, options = choices(4)
    mean, mass = np.zeros(5), np.zeros(5)
    for seen in range(low - 1, low + options.shape[1] + 1):
        evidence = evidence_of(low, options, 4, seen, revised, odds)
        posterior = prior.copy()
        update(posterior, evidence)
        mean += prior @ evidence * posterior
        mass += evidence
    np.testing.assert_allclose(mass, 1, atol=1e-12)
    np.testing.assert_allclose(mean, prior, atol=1e-12)


def test_ranks_of_the_true_type_are_uniform(choices):
    """Over many lives of a rival drawn from the perceiver's own model, beliefs are calibrated."""
    generator = np.random.default_rng(4)
    low, options = choices(4)
    seen = np.arange(low - 1, low + options.shape[1] + 1)
    table = np.array([evidence_of(low, options, 4, s, 0.5, 0.2) for s in seen]).T  # types x rungs seen
    ranks = []
    learnt = []
    for _ in range(2000):
        truth = generator.integers(len(TYPES))
        belief = np.full(len(TYPES), 1 / len(TYPES))
        for look in generator.choice(len(seen), size=100, p=table[truth] / table[truth].sum()):
            update(belief, np.ascontiguousarray(table[:, look]))
        ranks.append(belief[:truth].sum() + generator.random() * belief[truth])
        learnt.append(belief[truth])
    assert np.mean(learnt) > 0.25  # a hundred looks teach something
    assert kstest(ranks, "uniform").pvalue > 0.001


@pytest.mark.parametrize("stand", [0, 1, 3, 4, 5, 6])
def test_likelihood_is_the_law_by_which_rungs_are_seen(rules, setting, choices, stand):
    """What the perceiver thinks it would see, `likelihood`, is what the phases make it see, `misread`."""
    low, options = choices(stand)
    happens, expected = np.zeros((2, setting.top + 2))
    for a, p in enumerate(options[2]):
        odds = misread_chance(rules, setting, 0.2, 0.8, low + a)
        chosen = 0.5 * p + (0.5 if low + a == stand else 0.0)
        for u, weight in ((0.25 * odds, 0.5 * odds), (0.75 * odds, 0.5 * odds), ((1 + odds) / 2, 1 - odds)):
            happens[misread(low + a, odds, u, setting.force - 1)] += weight * chosen
    for seen in range(len(expected)):
        odds = misread_chance(rules, setting, 0.2, 0.8, 0)
        expected[seen] = likelihood(options[2], low, stand, seen, 0.5, odds, setting.force - 1)
    np.testing.assert_allclose(expected, happens, atol=1e-12)


# --- treaties --------------------------------------------------------------------------------------


def clause(**fields):
    return record(arrays.COMMITMENT, **{"provoked": 1, **fields})


@given(severity=st.integers(0, 4), affinity=st.floats(-1, 1), standing=st.floats(-2, 2))
def test_recognition_falls_with_filters_blame_and_a_missing_war(rules, severity, affinity, standing):
    def odds(blame=False, at_war=False, more=0, shared=0.0, **words):
        return recognition(rules, clause(**words), severity + more, blame, at_war, affinity, standing, shared)

    plain = odds()
    assert odds(filters=2) < odds(filters=1) < plain < odds(more=1)
    assert odds(True, provoked=2) < odds(True) < odds(True, provoked=0) == plain < odds(shared=0.5)
    assert odds(needs_war=1) < odds(needs_war=1, at_war=True) == plain


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
        ("neutral", True, False), ("discretion", 1.0, 0.0), ("goodwill", -1.0, 1.0),
    ],
)  # fmt: skip
def test_an_ally_does_more_for_more_at_stake_and_less_for_more_risk(rules, setting, field, less, more):
    assert mean_level(rules, setting, **{field: less}) < mean_level(rules, setting, **{field: more})


@given(win=unit, more=unit, severity=st.integers(0, 4))
def test_a_stronger_victim_needs_less_help(rules, win, more, severity):
    assert need(rules, severity, win + more, 0) < need(rules, severity, win, 0) < need(rules, severity + 1, win, 0)
    assert need(rules, severity, win, 0.0) < need(rules, severity, win, 0.5)


@given(level=st.integers(0, 3), height=st.integers(6, 7), distance=st.floats(0, 12), armed=st.floats(0, 0.5))
def test_war_is_carried_to_the_near_the_weak_and_the_unarmed(rules, setting, level, height, distance, armed):
    def odds(level=level, host=0, height=height, distance=distance, advantage=-0.5, armed=armed):
        return widening(rules, setting, level, host, height, distance, advantage, armed)

    assert odds(distance=distance + 1) < odds() < odds(host=1)
    assert odds(armed=armed + 0.5) < odds() < odds(level=level + 1)
    assert odds(advantage=-1.5) < odds() < odds(height=height + 1)


# --- what follows ----------------------------------------------------------------------------------


@given(own=st.integers(0, 2), rival=st.integers(0, 2), survivability=st.floats(0.2, 1), threat=st.floats(0, 0.8))
def test_nuclear_use_rises_with_every_danger(rules, own, rival, survivability, threat):
    calm = use_rate(rules, own, rival, survivability, threat)
    assert 0 < calm < use_rate(rules, own + 1, rival, survivability, threat)
    assert calm < use_rate(rules, own, rival + 1, survivability, threat)
    assert calm < use_rate(rules, own, rival, survivability - 0.1, threat)
    assert calm < use_rate(rules, own, rival, survivability, threat + 0.1)


@given(rungs=st.integers(0, 15), alerts=st.integers(0, 5), rivalry=st.floats(0, 0.9))
def test_hotlines_calm_and_rungs_alerts_and_rivalry_do_not(rules, rungs, alerts, rivalry):
    plain = incident_rate(rules, rungs, alerts, rivalry, 0.0)
    assert (
        incident_rate(rules, rungs, alerts, rivalry, 1.0)
        < plain
        < incident_rate(rules, rungs + 1, alerts, rivalry, 0.0)
    )
    assert plain < incident_rate(rules, rungs, alerts + 1, rivalry, 0.0)
    assert plain < incident_rate(rules, rungs, alerts, rivalry + 0.1, 0.0)


@given(height=rung, weariness=st.floats(0, 3), stuck=st.floats(0, 0.9))
def test_settlement_comes_with_weariness_and_stalemate(rules, height, weariness, stuck):
    plain = settlement_rate(rules, height, weariness, stuck, False, 0.0, 0.0)
    assert settlement_rate(rules, height + 1, weariness, stuck, False, 0.0, 0.0) < plain
    assert plain < settlement_rate(rules, height, weariness + 0.1, stuck, False, 0.0, 0.0)
    assert plain < settlement_rate(rules, height, weariness, stuck + 0.1, False, 0.0, 0.0)


def test_losses_begin_with_lethal_force_and_fall_on_the_weaker(rules, setting):
    assert loss_rate(rules, setting, setting.lethal - 1, 1.0, 1.0) == 0
    assert loss_rate(rules, setting, 7, 1.0, 2.0) > loss_rate(rules, setting, 7, 1.0, 1.0) > 0
