"""How states answer: allies that are called, friends that are not, rivals that are hit, those who would mediate."""

import numpy as np
import pytest

from begun import begin, outcomes
from doors import (
    answers_in_kind,
    give_help,
    honour_treaties,
    incident,
    open_account,
    open_signals,
    settle_all,
    settle_theatre,
    tells,
)
from sim.codes import Entry, Level, Signal, Stage
from sim.rules.nuclear import alert_utility
from sim.scenario.build import Commitment

DISPLAY, FORCE, LETHAL, WAR = 4, 5, 6, 7


def menace(victim, rung, first):
    """North Korea faces a state on a rung, which did or did not strike first."""
    begun = begin()
    for dyad in (*begun.pair("USA", "PRK"), *begun.pair("KOR", "PRK")):
        dyad.rung, dyad.active = 0, 0
    mine, theirs = begun.pair(victim, "PRK")
    mine.active = theirs.active = 1
    mine.theatre = theirs.theatre = begun.model.theatres.index("korea")
    mine.power = theirs.power = mine.present = theirs.present = 1.0
    theirs.rung, mine.first = rung, int(first)
    begun.params.rules[0].request_rate = begun.params.rules[0].request_base = 1000.0
    return begun


def stages(begun, world, treaty, clause, protected):
    """Stage of each commitment under a clause to one protected state, by ally."""
    return {
        row.ally: int(world.case["stage"][c])
        for c, row in enumerate(begun.model.commitments)
        if isinstance(row, Commitment) and (row.treaty, row.clause, row.protected) == (treaty, clause, protected)
    }


@pytest.mark.parametrize(("rung", "first", "called"), [(4, False, True), (4, True, False), (5, True, True)])
def test_who_struck_first_cannot_call_a_display_a_menace(rung, first, called):
    begun = menace("USA", rung, first)
    (world,) = outcomes(begun, honour_treaties, 1)
    stage = stages(begun, world, "NATO-1949", "art4", "USA")
    assert stage and all((value > Stage.DORMANT) == called for value in stage.values())


def test_one_call_goes_to_all_whom_a_clause_binds():
    begun = menace("USA", DISPLAY, False)
    begun.params.rules[0].request_base, begun.params.rules[0].request_rate = 0.0, 0.3
    asked = set()
    for world in outcomes(begun, honour_treaties, 60):
        stage = stages(begun, world, "NATO-1949", "art4", "USA").values()
        asked.add(all(value > Stage.TRIGGERED for value in stage))
        assert len({value > Stage.TRIGGERED for value in stage}) == 1
    assert asked == {True, False}


@pytest.mark.parametrize(("host", "waits"), [(0.0, True), (1.0, False)])
def test_an_ally_deliberates_unless_its_own_forces_are_hit(host, waits):
    begun = menace("KOR", WAR, False)
    begun.params.host[begun.at("USA"), begun.at("KOR")] = host
    begun.params.rules[0].answer_rate = 1e-9
    (world,) = outcomes(begun, honour_treaties, 1)
    (stage,) = stages(begun, world, "USA-KOR-1953", "art3", "KOR").values()
    assert (stage == Stage.REQUESTED) == waits


def test_nobody_is_asked_to_talk_who_fights_already():
    begun = menace("KOR", WAR, False)
    begun.pair("USA", "KOR")[0].help = Level.LIMITED_FORCES
    (world,) = outcomes(begun, honour_treaties, 1)
    assert list(stages(begun, world, "USA-KOR-1953", "art2", "KOR").values()) == [Stage.TRIGGERED]


def test_help_tells_by_its_power_beside_the_stronger_of_the_two():
    begun = begin()
    places = [begun.at(code) for code in ("CHN", "PRK", "USA")]
    mine, theirs = begun.pair("PRK", "USA")
    mine.theatre = theirs.theatre = begun.model.theatres.index("korea")
    begun.world.front[places[0], mine.theatre].effort = 1.0
    shares = []
    for power in (1e-6, 1.0, 10.0, 20.0):  # of either, in turn
        mine.power, theirs.power = power, 1e-3
        shares.append(tells(begun.params, begun.world, *places))
        mine.power, theirs.power = 1e-3, power
        assert tells(begun.params, begun.world, *places) == shares[-1]
    assert shares[0] == 1.0 and shares[2] == pytest.approx(2 * shares[3]) and shares == sorted(shares, reverse=True)


def test_who_is_attacked_by_a_joiner_meets_it_with_the_forces_that_face_its_partner():
    begun = begin()
    begun.pair("USA", "PRK")[0].rung = LETHAL
    begun.pair("PRK", "USA")[0].power = 1.0
    china = begun.at("CHN")
    places = china, begun.at("PRK"), begun.at("USA")
    give_help(begun.params, begun.world, begun.trace, *places, int(Level.ALL_MEANS))
    assert begun.pair("USA", "CHN")[0].rung == FORCE - 1  # crosses no threshold
    assert begun.pair("CHN", "USA")[0].rung == LETHAL


@pytest.mark.parametrize(
    ("order", "answered", "stands", "blow", "single"),
    [
        (6, 0, DISPLAY, 0.0, True),  # the blow is over
        (5, 0, DISPLAY, 0.0, True),  # answered by less
        (6, 0, LETHAL, 3.0, True),  # it is a single one, under way
        (6, 0, LETHAL, 0.0, False),  # the rival goes on
        (7, 0, DISPLAY, 0.0, False),  # more than was suffered
        (6, 6, DISPLAY, 0.0, False),  # it has been answered
        (3, 0, DISPLAY, 0.0, False),  # no force
    ],
)
def test_the_answer_to_a_blow_that_is_over_is_a_blow(order, answered, stands, blow, single):
    begun = begin()
    mine, theirs = begun.pair("KOR", "PRK")
    mine.suffered, mine.answered = LETHAL, answered
    theirs.rung, theirs.blow = stands, blow
    assert answers_in_kind(begun.params, begun.world, begun.at("KOR"), begun.at("PRK"), order) == single


def test_an_answer_settles_the_account_and_leaves_its_author_where_it_stood():
    begun = begin()
    begun.params.rules[0].incident_rate, begun.params.rules[0].settle_base = 0.0, -100.0
    mine, theirs = begun.pair("KOR", "PRK")
    mine.suffered = mine.highest = theirs.highest = LETHAL
    mine.order, mine.once = FORCE, 1
    settle_all(begun.params, begun.world, begun.trace)
    assert (mine.rung, mine.before, mine.answered, mine.once) == (FORCE, DISPLAY, LETHAL, 0) and mine.blow > 0
    assert (theirs.suffered, mine.peak) == (FORCE, DISPLAY)


def exchange(first, second):
    """South Korea, whose own blow at force is under way, answers a lethal one while the North goes to war, or back."""
    begun = begin()
    begun.params.rules[0].incident_rate, begun.params.rules[0].settle_base = 0.0, -100.0
    mine, theirs = begun.pair(first, second)
    mine.suffered = mine.highest = theirs.highest = LETHAL
    mine.rung, mine.before, mine.blow = FORCE, DISPLAY, 100.0
    mine.order, mine.once = LETHAL, 1
    return begun, mine, theirs


@pytest.mark.parametrize("pair", [("KOR", "PRK"), ("USA", "PRK")])  # before and behind its rival by code
def test_an_answer_during_a_blow_of_ones_own_leaves_its_author_where_it_stood_before_both(pair):
    begun, mine, _ = exchange(*pair)
    settle_all(begun.params, begun.world, begun.trace)
    assert (mine.rung, mine.before, mine.peak) == (LETHAL, DISPLAY, DISPLAY)


@pytest.mark.parametrize("pair", [("KOR", "PRK"), ("USA", "PRK")])
def test_an_answer_does_not_settle_what_comes_in_the_same_round(pair):
    begun, mine, theirs = exchange(*pair)
    theirs.order = WAR
    settle_all(begun.params, begun.world, begun.trace)
    assert (mine.suffered, mine.answered) == (WAR, LETHAL)


@pytest.mark.parametrize(("stands", "opened"), [(DISPLAY, True), (FORCE, False)])
def test_a_blow_after_an_answer_asks_for_another(stands, opened):
    begun = begin()
    mine, _ = begun.pair("KOR", "PRK")
    mine.suffered = mine.answered = LETHAL
    mine.rung = stands
    open_account(begun.params, begun.world, begun.at("PRK"), begun.at("KOR"), LETHAL)
    assert (mine.suffered, mine.answered) == ((0, 0) if opened else (LETHAL, LETHAL))


def test_nobody_settles_in_the_round_in_which_somebody_opens_fire():
    begun = begin()
    begun.params.rules[0].settle_base = 1000.0
    korea, mine = begun.model.theatres.index("korea"), begun.pair("KOR", "PRK")[0]
    for dyad in (*begun.pair("USA", "PRK"), *begun.pair("KOR", "PRK")):
        dyad.power = dyad.present = 1.0
    mine.raised = begun.world.clock[0].played + 1
    (world,) = outcomes(begun, settle_theatre, 1, korea)
    assert world.dyad["active"].any()
    mine.raised = begun.world.clock[0].played
    (world,) = outcomes(begun, settle_theatre, 1, korea)
    assert not world.dyad["active"].any()


@pytest.mark.parametrize(("rung", "happens"), [(DISPLAY, True), (FORCE, True), (LETHAL, False)])
def test_armies_that_shoot_need_no_incident(rung, happens):
    begun = begin()
    begun.params.rules[0].incident_rate = 1e6
    for dyad in begun.pair("KOR", "PRK"):
        dyad.rung = rung
    (world,) = outcomes(begun, incident, 1, begun.at("KOR"), begun.at("PRK"))
    kinds = begun.kinds(world)
    assert (Entry.INCIDENT in kinds) == happens
    assert (Entry.SIGNAL in kinds) == (rung == DISPLAY)  # the one who is hit protests, unless it shoots as well


@pytest.mark.parametrize(("rung", "protests"), [(DISPLAY, True), (FORCE, False)])
def test_nobody_protests_while_shots_fall(rung, protests):
    begun = begin()
    begun.pair("KOR", "PRK")[1].rung = rung
    mask = open_signals(begun.params, begun.world, begun.at("KOR"), begun.at("PRK"))
    assert bool(mask >> Signal.PROTEST & 1) == protests


def test_an_alert_is_kept_where_the_danger_has_hardly_changed():
    rules, utility = begin().params.rules[0], np.empty(3)
    alert_utility(rules, 1.4, 1, utility)
    assert utility.argmax() == 1
    free = utility + rules.alert_inertia * np.array([1, 0, 1])
    np.testing.assert_allclose(free, -rules.alert_precision * (np.arange(3) - 1.4) ** 2)
