"""A single blow, by the scenario's will or by chance: what its author stands by, and what the other has suffered."""

import pytest

import sim
from begun import begin, outcomes
from doors import give_order, incident, settle_all, strike_once
from sim.codes import Entry, Offer
from sim.scenario.schema import Act

DISPLAY, FORCE, LETHAL = 4, 5, 6


@pytest.fixture
def struck():
    """South Korea has struck North Korea once from where it stood, at display."""
    begun = begin()
    begun.params.rules[0].incident_rate, begun.params.rules[0].settle_base = 0.0, -100.0
    strike_once(begun.params, begun.world, begun.trace, begun.at("KOR"), begun.at("PRK"), LETHAL)
    return begun


def pass_days(begun, days):
    """Close rounds without orders until so many days are over; return where South Korea stood after each."""
    stood = []
    while begun.world.clock[0].day < days:
        settle_all(begun.params, begun.world, begun.trace)
        begun.world.clock[0].day += begun.params.setting[0].round_days
        begun.world.clock[0].played += 1
        stood.append(int(begun.pair("KOR", "PRK")[0].rung))
    return stood


def test_the_one_who_is_hit_has_seen_the_limit_crossed_and_the_striker_has_promised_nothing(struck):
    mine, theirs = struck.pair("KOR", "PRK")
    assert (mine.rung, mine.peak, mine.highest, mine.first) == (LETHAL, DISPLAY, DISPLAY, 1)
    assert (theirs.suffered, theirs.highest, theirs.seen) == (LETHAL, LETHAL, LETHAL)


def test_it_lasts_its_days_and_leaves_its_author_where_it_stood(struck):
    stood = pass_days(struck, 14)
    days = (1 + stood.count(LETHAL)) * struck.params.setting[0].round_days
    assert stood == sorted(stood, reverse=True) and stood[-1] == DISPLAY
    assert abs(days - struck.params.rules[0].blow_days) <= struck.params.setting[0].round_days


def test_an_order_to_stand_lower_changes_what_comes_after_it(struck):
    give_order(struck.pair("KOR", "PRK")[0], 2)
    stood = pass_days(struck, 14)
    assert stood[0] == LETHAL and stood[-1] == 2


@pytest.mark.parametrize("crossed", [DISPLAY, LETHAL])  # before, by either side
def test_an_order_to_go_on_makes_it_policy(struck, crossed):
    mine, _ = struck.pair("KOR", "PRK")
    mine.highest = crossed
    give_order(mine, LETHAL)
    struck.world.clock[0].entries = 0
    assert set(pass_days(struck, 14)) == {LETHAL}
    assert (mine.peak, mine.highest) == (LETHAL, LETHAL)
    assert struck.kinds(struck.world).count(Entry.RUNG) == 1  # it is told once


@pytest.mark.parametrize(("rung", "stands"), [(FORCE, FORCE), (LETHAL, LETHAL)])
def test_a_lasting_act_during_a_blow_is_no_part_of_it(rung, stands):
    acts = [
        Act(kind="act", day=day, by=("KOR",), against=("PRK",), rung=height, theatre="korea", once=once)
        for day, height, once in ((0, LETHAL, True), (1, rung, False))
    ]
    scenario = sim.load("korea_strike", ["parameters=centre", "rules.revision_rate=0", "rules.settle_base=-100"])
    crisis = sim.Crisis(scenario.model_copy(update={"events": tuple(acts)}))
    for _ in range(2):
        crisis.step()
    assert crisis.world.dyad["rung"][crisis.codes.index("KOR"), crisis.codes.index("PRK")] == stands


def test_when_it_is_over_the_other_sees_it(struck):
    pass_days(struck, 14)
    assert abs(struck.pair("PRK", "KOR")[0].seen - DISPLAY) <= 1  # below force a look may be off by one


def test_an_offer_outlives_an_incident_of_its_author(struck):
    mine, _ = struck.pair("KOR", "PRK")
    mine.offer, mine.offered_at = Offer.TALKS, DISPLAY
    struck.params.rules[0].offer_rate = 0.0
    pass_days(struck, 3)
    assert mine.offer == Offer.TALKS


def test_a_second_blow_leaves_its_author_where_it_stood_before_the_first(struck):
    strike_once(struck.params, struck.world, struck.trace, struck.at("KOR"), struck.at("PRK"), LETHAL)
    assert pass_days(struck, 14)[-1] == DISPLAY


def test_an_incident_is_a_blow_of_one_side_that_raises_nobodys_limit_but_the_others():
    begun = begin()
    begun.params.rules[0].incident_rate = 1e6
    worlds = outcomes(begun, incident, 200, begun.at("KOR"), begun.at("PRK"))
    actors = {"KOR": 0, "PRK": 0}
    for world in worlds:
        for code, other in (("KOR", "PRK"), ("PRK", "KOR")):
            mine, theirs = (world.dyad[begun.at(a), begun.at(b)] for a, b in ((code, other), (other, code)))
            if mine.rung == FORCE:
                actors[code] += 1
                assert (mine.highest, mine.peak, mine.before, theirs.suffered) == (DISPLAY, DISPLAY, DISPLAY, FORCE)
                assert mine.blow > 0 and theirs.highest == FORCE
    assert sum(actors.values()) == len(worlds) and min(actors.values()) > 60
