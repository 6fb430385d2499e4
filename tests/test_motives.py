"""Signals, patrons, allies' company and the taste that only the chooser knows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim.world as arrays
from sim.codes import TERMS, Signal, Stance
from sim.draws import key, uniform
from sim.rules.decide import cost_terms, gumbel, logit_choice, update
from sim.rules.patrons import entrapment, pressure_share, stance_utility
from sim.rules.signals import reserves, signal_utility
from tiny import record

unit = st.floats(0.01, 0.99)
resolve = st.floats(0.1, 5)
EVERY = 0b11110  # signals


# --- taste -----------------------------------------------------------------------------------------


def test_the_best_choice_with_tastes_is_a_logit_choice():
    """McFadden 1974: over all tastes the frequencies are those of the logit; five standard errors."""
    utility, runs = np.array([0.0, 0.7, -0.4, 1.1]), 20_000
    tastes = [[gumbel(uniform(1, run, 0, key("A"), key("B"), 256 * a)) for a in range(4)] for run in range(runs)]
    chosen = np.bincount(np.argmax(utility + np.array(tastes), axis=1), minlength=4) / runs
    expected = np.empty(4)
    logit_choice(utility, 1.0, expected)
    assert np.abs(chosen - expected).max() < 5 * np.sqrt(0.25 / runs)


# --- signals ---------------------------------------------------------------------------------------


def odds(rules, rho, contested=0.6, retreat=0.3, mask=EVERY, risk=0.0):
    utility, probability = np.empty(len(Signal)), np.empty(len(Signal))
    signal_utility(rules, rho, contested, retreat, mask, risk, utility)
    logit_choice(utility, 1.0, probability)
    return probability


@given(rho=resolve, more=st.floats(0.1, 3), contested=unit)
def test_costly_signals_are_for_the_resolved(rules, rho, more, contested):
    weak, strong = odds(rules, rho, contested), odds(rules, rho + more, contested)
    assert strong[Signal.COMMITMENT] > weak[Signal.COMMITMENT]
    assert strong[Signal.MOBILISATION] > weak[Signal.MOBILISATION]
    assert strong[Signal.DEPLOYMENT] > weak[Signal.DEPLOYMENT]


@given(rho=resolve, more=st.floats(0.1, 3))
def test_who_may_retreat_does_not_tie_his_hands(rules, rho, more):
    assert odds(rules, rho, retreat=0.3 + more)[Signal.COMMITMENT] < odds(rules, rho)[Signal.COMMITMENT]


@given(low=resolve, more=st.floats(0.1, 3))
def test_cheap_talk_alone_says_nothing_and_commitment_does(rules, low, more):
    """If talk is all that can be sent, types do not differ in sending it, so that beliefs stay where they were."""
    types = np.array([low, low + more])
    for mask, signal, moves in ((1 << Signal.PROTEST, Signal.PROTEST, False), (EVERY, Signal.COMMITMENT, True)):
        belief = np.array([0.5, 0.5])
        update(belief, np.array([odds(rules, rho, mask=mask)[signal] for rho in types]))
        assert (belief[1] > 0.5 + 1e-12) == moves


def test_a_signal_that_is_not_open_is_never_sent(rules):
    assert odds(rules, 2.0, mask=1 << Signal.PROTEST)[[Signal.COMMITMENT, Signal.MOBILISATION]].max() < 1e-12


@given(personnel=st.floats(0.01, 3), people=st.floats(0.1, 1500), more=st.floats(0.1, 100))
def test_a_larger_people_has_more_to_call_up(rules, personnel, people, more):
    assert 0 <= reserves(rules, personnel, people) <= reserves(rules, personnel, people + more)
    assert reserves(rules, personnel, people + more) <= rules.mobilisation_gain


# --- patrons ---------------------------------------------------------------------------------------

CALM = {"value": 1.0, "danger": 0.5, "leverage": 0.5, "rivals": 0.2, "ties": 0.2, "words": 0.5}
CALM |= {"host": 0.0, "stance": Stance.HEDGE}


def stance(rules, **changes):
    utility, probability = np.empty(4), np.empty(4)
    stance_utility(rules, *(CALM | changes).values(), utility)
    logit_choice(utility, 1.0, probability)
    return probability


@pytest.mark.parametrize(
    ("more", "chosen"),
    [
        ({"value": 3.0}, Stance.BACK), ({"danger": 3.0, "leverage": 0.9}, Stance.RESTRAIN),
        ({"danger": 6.0, "leverage": 0.0}, Stance.LET_GO),
    ],
)  # fmt: skip
def test_the_patrons_dilemma(rules, more, chosen):
    """A client in need is backed, a dangerous one restrained if that works, and let go if it does not."""
    assert stance(rules, **more)[chosen] > stance(rules)[chosen]
    assert stance(rules, **more).argmax() == chosen


@given(rivals=unit, more=unit)
def test_a_second_patron_makes_restraint_rarer(rules, rivals, more):
    assert stance(rules, rivals=rivals + more)[Stance.RESTRAIN] < stance(rules, rivals=rivals)[Stance.RESTRAIN]


def test_entrapment_begins_with_force_and_is_worse_with_a_client_that_struck_first(rules, setting):
    feared = [entrapment(rules, setting, r, 0) for r in range(int(setting.top) + 1)]
    assert feared == sorted(feared) and feared[int(setting.force) - 1] == 0 < feared[int(setting.force)]
    assert entrapment(rules, setting, int(setting.war), 1) > feared[int(setting.war)]


def test_only_who_restrains_or_hedges_presses(rules):
    pressed = {s: pressure_share(rules, s) for s in Stance}
    assert pressed[Stance.RESTRAIN] == 1 > pressed[Stance.HEDGE] > 0 == pressed[Stance.BACK] == pressed[Stance.LET_GO]


# --- company and reciprocity -----------------------------------------------------------------------


def terms(rules, setting, ladder, r, q, **mine):
    me = record(arrays.STATE_FIGURE, accountability=0.5)
    values = cost_terms(
        rules, setting, ladder, me, me, record(arrays.DYAD, **mine), record(arrays.DYAD), r, r, q, 0.5
    )  # fmt: skip
    return dict(zip(TERMS[1:-1], values, strict=True))


def test_force_that_goes_unanswered_costs_and_anything_less_does_not(rules, setting, ladder):
    unanswered = [terms(rules, setting, ladder, r, 7)["reciprocity"] for r in range(9)]
    assert unanswered == sorted(unanswered, reverse=True)
    assert unanswered[6] > 0 == unanswered[7] == unanswered[8]
    assert terms(rules, setting, ladder, 0, int(setting.force) - 1)["reciprocity"] == 0


def test_the_junior_keeps_company_and_the_senior_does_as_it_likes(rules, setting, ladder):
    junior = [terms(rules, setting, ladder, r, 6, company=6.0, junior=0.8)["cohesion"] for r in (4, 5, 6, 7)]
    senior = [terms(rules, setting, ladder, r, 6, company=6.0, junior=0.2)["cohesion"] for r in (4, 5, 6, 7)]
    assert junior[0] > junior[1] > junior[2] == 0 < junior[3]
    assert junior[0] > senior[0]


def test_who_would_come_is_feared_from_the_trigger_on(rules, setting, ladder):
    def feared(**mine):
        return [terms(rules, setting, ladder, r, 3, dreaded=6, **mine)["intervention"] for r in range(9)]

    power, arms, both = feared(dread=0.2), feared(umbrella=0.4), feared(dread=0.2, umbrella=0.4)
    for cost in (power, arms, both):
        assert cost[:6] == [0] * 6 and 0 < cost[6] < cost[7] < cost[8]
    assert both[6] > max(power[6], arms[6])
    assert feared() == [0] * 9


def test_a_pledge_is_kept_from_below(rules, setting, ladder):
    kept = [terms(rules, setting, ladder, r, 7, pledged=7)["pledge"] for r in (5, 6, 7, 8)]
    assert kept[0] > kept[1] > kept[2] == kept[3] == 0
