"""Off-ramps: offers come when it is dear to stand, and settle crises sooner, mediators too."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from begun import Begun, begin, outcomes
from doors import offer, settle_theatre
from sim.codes import Entry, Offer
from sim.rules.decide import logit_choice
from sim.rules.offers import accepts_mediator, offer_utility, offer_weight
from sim.rules.settle import settlement_rate

RUNS = 400


@pytest.fixture(scope="module")
def rules():
    return begin().params.rules[0]


def reach(rules, dearness, resolve, share, accountability):
    """How far the offers go that a side makes, on average."""
    utility, probability = np.empty(3), np.empty(3)
    offer_utility(rules, dearness, resolve, share, accountability, utility)
    logit_choice(utility, rules.precision, probability)
    return sum(p * offer_weight(rules, o) for o, p in enumerate(probability))


@given(
    dearness=st.floats(0, 6), resolve=st.floats(0.1, 4), share=st.floats(0.01, 0.8), accountability=st.floats(0, 0.8)
)
def test_offers_go_further_the_dearer_it_is_to_stand_and_the_less_there_is_to_lose(
    rules, dearness, resolve, share, accountability
):
    plain = reach(rules, dearness, resolve, share, accountability)
    assert reach(rules, dearness + 0.5, resolve, share, accountability) > plain
    assert reach(rules, dearness, resolve + 0.5, share, accountability) < plain
    assert reach(rules, dearness, resolve, share + 0.1, accountability) < plain
    assert reach(rules, dearness, resolve, share, accountability + 0.2) < plain


@given(height=st.integers(0, 8), weariness=st.floats(0, 3), stuck=st.floats(0, 1), offers=st.floats(0, 1))
def test_two_offers_and_a_mediator_settle_sooner_than_one(rules, height, weariness, stuck, offers):
    plain = settlement_rate(rules, height, weariness, stuck, False, offers, 0.0)
    assert plain < settlement_rate(rules, height, weariness, stuck, False, offers + 0.5, 0.0)
    assert plain < settlement_rate(rules, height, weariness, stuck, True, offers, 0.0)


@given(affinity=st.floats(-1, 0.8))
def test_a_friend_is_accepted_as_mediator_sooner_and_by_whoever_has_offered(rules, affinity):
    plain = accepts_mediator(rules, affinity, False)
    assert plain < accepts_mediator(rules, affinity + 0.1, False)
    assert plain < accepts_mediator(rules, affinity, True)


def strike() -> Begun:
    """The United States and North Korea stand highest, and settle about once in two months."""
    begun = begin()
    begun.params.rules[0].settle_base, begun.params.rules[0].settle_rung = math.log(0.02), 0.0
    begun.params.rules[0].mediation_rate = 0.0
    for dyad in begun.pair("USA", "PRK"):
        dyad.rung = dyad.seen = dyad.offered_at = 6
        dyad.power = dyad.present = 1.0
    return begun


def settled(begun):
    korea = begun.model.theatres.index("korea")
    worlds = outcomes(begun, settle_theatre, RUNS, korea)
    return {run for run, world in enumerate(worlds) if not world.dyad["active"].any()}


def test_a_concession_on_the_table_settles_sooner_and_two_sooner_still():
    begun = strike()
    mine, theirs = begun.pair("USA", "PRK")
    none = settled(begun)
    mine.offer = Offer.CONCESSION
    one = settled(begun)
    theirs.offer = Offer.CONCESSION
    assert none < one < settled(begun)


def test_a_mediator_settles_sooner():
    begun = strike()
    begun.pair("USA", "PRK")[0].offer = Offer.TALKS
    without = settled(begun)
    begun.world.front[begun.at("VNM"), begun.model.theatres.index("korea")].mediates = 1
    assert without < settled(begun)


def test_only_an_offer_brings_a_mediator_and_the_acceptable_and_strong_come_most_often():
    begun = strike()
    begun.params.rules[0].mediation_rate = 100.0
    begun.params.rules[0].settle_base = -100.0
    korea = begun.model.theatres.index("korea")
    (world,) = outcomes(begun, settle_theatre, 1, korea)
    assert not world.front["mediates"].any()
    begun.pair("USA", "PRK")[1].offer = Offer.TALKS
    runs, came = 1000, np.zeros(len(begun.model.states))
    for world in outcomes(begun, settle_theatre, runs, korea):
        came += world.front["mediates"][:, korea]
        assert begun.kinds(world) == [Entry.MEDIATED]
    affinity, rules, usa, prk = begun.params.dyad["affinity"], begun.params.rules[0], begun.at("USA"), begun.at("PRK")
    weight = np.array([
        accepts_mediator(rules, affinity[usa, k], False) * accepts_mediator(rules, affinity[prk, k], True)
        for k in range(len(came))
    ]) * begun.world.state["industry"] * (1 - begun.params.state["committed"])  # fmt: skip
    weight[(affinity[:, usa] == 0) & (affinity[:, prk] == 0)] = 0
    weight[[begun.at(code) for code in ("USA", "PRK", "KOR")]] = 0
    share = weight / weight.sum()
    assert came.sum() == runs
    assert (np.abs(came / runs - share) <= 4.5 * np.sqrt(share * (1 - share) / runs)).all()


@pytest.mark.parametrize("side", ["arms", "sanctions", "garrison", "none"])
def test_who_takes_sides_neither_comes_to_mediate_nor_stays(side):
    begun = strike()
    begun.params.rules[0].mediation_rate, begun.params.rules[0].settle_base = 100.0, -100.0
    begun.pair("USA", "PRK")[1].offer = Offer.TALKS
    korea, vietnam = begun.model.theatres.index("korea"), begun.at("VNM")
    begun.world.state["industry"][vietnam] = 1e9  # nobody else would come
    begun.world.front[vietnam, korea].mediates = 1
    if side == "arms":
        begun.pair("VNM", "USA")[0].rung = 2
    elif side == "sanctions":
        begun.pair("VNM", "PRK")[0].sanctions = 1
    elif side == "garrison":
        begun.params.host[vietnam, begun.at("USA")] = 1.0
    mediates = [world.front["mediates"][vietnam, korea] for world in outcomes(begun, settle_theatre, 20, korea)]
    assert mediates == [int(side == "none")] * 20


def test_escalation_takes_an_offer_off_the_table():
    begun = strike()
    begun.params.rules[0].offer_rate = 0.0
    mine, _ = begun.pair("USA", "PRK")
    mine.offer = Offer.CONCESSION
    i, j = begun.at("USA"), begun.at("PRK")
    for rung, left in ((6, Offer.CONCESSION), (5, Offer.CONCESSION), (6, Offer.NONE)):
        mine.rung = rung
        offer(begun.params, begun.world, begun.trace, i, j)
        assert mine.offer == left


def test_the_weary_offer_more_often():
    begun = strike()
    begun.params.rules[0].offer_rate = 100.0
    i, j = begun.at("USA"), begun.at("PRK")
    made = []
    for weariness in (0.0, 3.0):
        begun.world.dyad[i, j].weariness = weariness
        worlds = outcomes(begun, offer, RUNS, i, j)
        made.append(sum(world.dyad[i, j].offer != Offer.NONE for world in worlds))
    assert made[0] < made[1]
