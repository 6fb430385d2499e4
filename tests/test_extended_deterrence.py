"""Whom a challenger has to fear: those whom pacts with its rival would bring, while they may still come."""

import pytest

from begun import begin
from doors import weigh_powers
from sim.codes import Level, Stage


def feared(change=lambda begun: None):
    """Return North Korea's dyad against South Korea, both at a threat, after some change."""
    begun = begin()
    for dyad in begun.pair("PRK", "KOR"):
        dyad.active, dyad.rung, dyad.first = 1, 3, 0
    change(begun)
    weigh_powers(begun.params, begun.world)
    return begun.pair("PRK", "KOR")[0]


def clauses(begun, ally):
    found = begun.model.commitments
    return [c for c, held in enumerate(found) if (held.ally, held.protected) == (ally, "KOR")]


def put(begun, field, value):
    for c in clauses(begun, "USA"):
        begun.world.case[c][field] = value


def test_an_ally_of_the_rival_is_feared_from_the_trigger_on_the_more_reliable_the_more():
    doubtful = feared(lambda begun: put(begun, "reliability", 0.1))
    sure = feared(lambda begun: put(begun, "reliability", 0.8))
    assert sure.dreaded == doubtful.dreaded == 6  # lethal force, as article III says
    assert sure.dread > doubtful.dread > 0
    assert (sure.umbrella, doubtful.umbrella) == pytest.approx((0.8, 0.1))


def test_who_has_refused_or_come_already_is_feared_no_more():
    def come(begun):
        begun.world.dyad[begun.at("USA"), begun.at("KOR")].help = Level.ALL_MEANS

    for gone in (lambda begun: put(begun, "stage", Stage.DENIED), come):
        assert feared(gone).dread == feared(gone).umbrella == 0


def test_a_pact_that_leaves_a_provoked_attack_open_counts_half_for_who_struck_first():
    def struck(begun):
        begun.pair("KOR", "PRK")[0].first = 1

    assert feared(struck).umbrella == pytest.approx(feared().umbrella / 2)


def test_a_nuclear_umbrella_needs_nuclear_weapons():
    def disarm(begun):
        begun.params.state[begun.at("USA")].warheads = 0.0

    assert feared(disarm).umbrella == 0 < feared(disarm).dread
