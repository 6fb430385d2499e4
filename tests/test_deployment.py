"""Forces sent to the theatre: a signal that sinks cost, power there while the crisis lasts, and home again."""

import numpy as np
import pytest

import sim
from begun import begin
from doors import believe, calm, send_signals, show_forces
from sim.codes import Entry, Signal


def tense():
    """Return a crisis in which both stand at a threat, with the places of the state and the theatre."""
    begun = begin()
    for dyad in begun.pair("USA", "PRK"):
        dyad.active, dyad.rung, dyad.order, dyad.seen = 1, 3, 3, 3
        dyad.power = dyad.present = 1.0
    return begun, begun.at("USA"), begun.model.theatres.index("korea")


def test_forces_that_are_sent_stand_in_the_theatre_until_the_crisis_is_over():
    begun, usa, korea = tense()
    front = begun.world.front[usa, korea]
    before, share = float(front.stationed), float(begun.params.rules[0].deployment_share)
    begun.pair("USA", "PRK")[0].signal = Signal.DEPLOYMENT
    send_signals(begun.params, begun.world, begun.trace, usa)
    assert front.stationed == before + share
    calm(begun.params, begun.world, begun.trace, korea, int(Entry.SETTLED))
    assert front.stationed == pytest.approx(before, abs=1e-15)


def test_forces_that_the_scenario_brings_are_seen_and_not_sent_twice():
    begun, usa, korea = tense()
    before = float(begun.world.front[usa, korea].stationed)
    show_forces(begun.world, usa, korea)
    assert begun.pair("USA", "PRK")[0].signal == Signal.DEPLOYMENT
    send_signals(begun.params, begun.world, begun.trace, usa)
    assert begun.world.front[usa, korea].stationed == before


def test_who_sees_forces_come_believes_more_in_resolve_than_who_hears_nothing():
    expected = {}
    for shown in (False, True):
        begun, usa, korea = tense()
        if shown:
            show_forces(begun.world, usa, korea)
        prk = begun.at("PRK")
        believe(begun.params, begun.world, prk)
        expected[shown] = begun.world.belief[prk, usa] @ np.exp(begun.params.types)
        assert begun.world.belief[prk, usa].sum() == pytest.approx(1)
    assert expected[True] > expected[False] + 0.05


def test_a_deployment_is_in_the_log_of_runs():
    runs = sim.simulate(sim.load("carrier_at_busan"), runs=20)
    sent = runs.events[(runs.events["kind"] == "signal") & (runs.events["choice"] == "deployment")]
    assert set(sent.loc[sent["day"] == 0, "run"]) == set(range(20))
