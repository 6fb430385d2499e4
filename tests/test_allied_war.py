"""How far a war goes for an ally, and to whom it is carried."""

import pytest

from begun import begin, outcomes
from doors import keep_word, widen
from sim.codes import Entry, Level

LETHAL = 6


def attack(begun, victim):
    """North Korea at lethal force against South Korea, for which the United States has sent forces."""
    for state in ("KOR", "USA"):
        for dyad in begun.pair(state, "PRK"):
            dyad.active, dyad.theatre = 1, begun.model.theatres.index("korea")
    begun.pair("USA", "KOR")[0].help = Level.LIMITED_FORCES
    begun.pair("PRK", "KOR")[0].rung = LETHAL
    begun.pair(victim, "PRK")[0].suffered = LETHAL


@pytest.mark.parametrize(("victim", "partner", "ceiling"), [("KOR", 6, 6), ("KOR", 7, 7), ("KOR", 2, 5), ("USA", 2, 8)])
def test_a_helper_goes_as_far_as_its_partner_or_its_word_unless_it_is_hit(victim, partner, ceiling):
    begun = begin()
    attack(begun, victim)
    begun.pair("KOR", "PRK")[0].rung = partner
    helper = begun.pair("USA", "PRK")[0]
    keep_word(begun.params, begun.world, begun.at("USA"), begun.at("PRK"))
    assert helper.ceiling == ceiling


def test_war_is_carried_to_bases_within_reach_and_no_further():
    begun = begin()
    begun.params.rules[0].widen_rate = begun.params.rules[0].widen_base = 1000.0
    for dyad in begun.pair("PRK", "USA"):
        dyad.active, dyad.theatre, dyad.rung = 1, begun.model.theatres.index("korea"), LETHAL
    hosts = {"JPN", "KOR"}  # more than a brigade of Americans, near; in Germany far, in Taiwan and the Philippines few
    for dyad in begun.pair("PRK", "KOR"):
        dyad.active = 0
    (world,) = outcomes(begun, widen, 1, begun.at("PRK"), begun.at("USA"))
    assert begun.kinds(world).count(Entry.WIDENED) == len(hosts)
    attacked = {code for code in begun.model.states if world.dyad["rung"][begun.at("PRK"), begun.at(code)] == LETHAL}
    assert attacked == hosts | {"USA"}
