"""An armistice breaks only under force, and is restored once force has ended or the crisis is settled."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from begun import begin, outcomes
from doors import keep_armistice, restrain, settle_theatre
from sim.codes import Entry, War
from sim.rules.armistice import collapse_rate

RUNS = 300
rung = st.integers(0, 8)


@given(mine=rung, theirs=rung)
def test_only_force_breaks_an_armistice_and_more_force_sooner(mine, theirs, model):
    rules, setting = model.params.rules[0], model.params.setting[0]
    rate = collapse_rate(rules, setting, mine, theirs)
    assert rate == collapse_rate(rules, setting, theirs, mine)
    if max(mine, theirs) < setting.force:
        assert rate == 0
    else:
        assert 0 < rate <= collapse_rate(rules, setting, mine + 1, theirs)


def stand(begun, mine, theirs):
    for dyad, height in zip(begun.pair("KOR", "PRK"), (mine, theirs), strict=True):
        dyad.rung = height
    return begun


def after(begun, runs=RUNS):
    """Worlds after a turn's keeping of the armistice of 1953."""
    return outcomes(begun, keep_armistice, runs, begun.at("KOR"), begun.at("PRK"))


def broken(begun):
    i, j = begun.at("KOR"), begun.at("PRK")
    return {run for run, world in enumerate(after(begun)) if world.dyad[i, j].broken == 1}


def test_an_armistice_breaks_only_after_force_and_at_war_for_certain():
    begun = begin()
    begun.params.rules[0].armistice_base = 0.02
    assert broken(stand(begun, 4, 4)) == set()
    raid, exchange = broken(stand(begun, 0, 5)), broken(stand(begun, 5, 6))
    assert raid and raid < exchange
    assert len(broken(stand(begun, 7, 0))) == RUNS
    world = after(begun, 1)[0]
    assert begun.kinds(world) == [Entry.ARMISTICE_BROKEN]
    assert world.dyad[begun.at("PRK"), begun.at("KOR")].war == War.WAR
    assert begun.trace.entry[0].state == begun.at("KOR") and begun.trace.entry[0].value == 7


def broken_off():
    begun = begin()
    for dyad in begun.pair("KOR", "PRK"):
        dyad.war, dyad.broken = War.WAR, 1
    return begun


def test_a_broken_armistice_is_restored_only_when_both_have_ceased_fire():
    begun = broken_off()
    i, j = begun.at("KOR"), begun.at("PRK")
    assert all(world.dyad[i, j].broken == 1 for world in after(stand(begun, 4, 5)))
    restored = [world for world in after(stand(begun, 4, 4)) if world.dyad[i, j].broken == 0]
    assert 0 < len(restored) < RUNS
    assert all(world.dyad[j, i].war == War.ARMISTICE for world in restored)
    assert begun.kinds(restored[0]) == [Entry.ARMISTICE_RESTORED]


def test_settlement_restores_an_armistice():
    begun = broken_off()
    begun.params.rules[0].settle_base = math.log(100.0)
    (world,) = outcomes(begun, settle_theatre, 1, begun.model.theatres.index("korea"))
    dyad = world.dyad[begun.at("KOR"), begun.at("PRK")]
    assert (dyad.war, dyad.broken, dyad.armistice) == (War.ARMISTICE, 0, 1)
    assert set(begun.kinds(world)) == {Entry.SETTLED, Entry.ARMISTICE_RESTORED}


@pytest.mark.parametrize("broken", [0, 1])
def test_a_cease_fire_restrains_only_while_it_holds(broken):
    begun = begin()
    i, j = begun.at("PRK"), begun.at("KOR")
    begun.world.dyad[i, j].broken = broken
    restrain(begun.params, begun.world, i, j)
    assert (begun.world.dyad[i, j].restraint > 0) == (broken == 0)
