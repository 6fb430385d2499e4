"""The clock must not drive the answer: turns of 1, 3.5 and 7 days."""

import numpy as np
import pytest

import sim
from named import ENGINE, SHORTER
from sim.batch import simulate
from sim.scenario.schema import Scenario
from test_invariance import in_world

PRINCIPALS = {"CHN", "JPN", "KOR", "PRK", "RUS", "USA"}


@pytest.mark.parametrize("name", ENGINE)
def test_a_week_in_two_rounds_is_two_half_weeks(name: str) -> None:
    """All that happens is the same to the bit; only the ends of turns are fewer, and what is counted by them."""
    week, half = (
        simulate(sim.load(name, [*SHORTER.get(name, ()), f"turn_days={days}"]), runs=40, seed=2) for days in (7, 3.5)
    )
    by_turns = ["days_force", "days_war"]
    assert week.table.drop(columns=by_turns).equals(half.table.drop(columns=by_turns))
    assert week.log.equals(half.log)
    np.testing.assert_array_equal(week.rungs, half.rungs[:, ::2])


def among(scenario: Scenario, kept: set[str]) -> Scenario:
    """Return the scenario with fewer states, and what binds them to each other alone."""
    world = scenario.world
    flows = {
        name: flow.model_copy(update={"evaded_by": tuple(code for code in flow.evaded_by if code in kept)})
        for name, flow in world.flows.items()
        if {flow.giver, flow.taker} <= kept
    }
    return in_world(
        scenario,
        states={code: state for code, state in world.states.items() if code in kept},
        dyads={pair: figures for pair, figures in world.dyads.items() if set(pair.split(">")) <= kept},
        treaties={name: treaty for name, treaty in world.treaties.items() if set(treaty.parties) <= kept},
        forces=tuple(f for f in world.forces if f.state in kept and (f.host is None or f.host in kept)),
        flows={name: flow for name, flow in flows.items() if flow.behind is None or flow.behind in flows},
        veto=tuple(code for code in world.veto if code in kept),
    )


RUNS = 48_000


@pytest.mark.slow
def test_days_and_half_weeks_give_wars_as_often() -> None:
    """The 95 % interval of the difference in P(war) lies within a hundredth.

    Runs are paired by number: parameters, resolve and first tastes are the same whatever the clock, and the
    difference of a pair has a standard deviation of about .4, so that the interval is +-.004 wide: a
    true difference of .003, such as the scenarios show (benchmarks/README.md), is hardly ever taken for too much.
    """
    day, half = (
        simulate(among(sim.load("korea_strike", [f"turn_days={days}"]), PRINCIPALS), RUNS, seed=1).table["war"]
        for days in (1, 3.5)
    )
    off = day.to_numpy(float) - half.to_numpy(float)
    width = 1.96 * off.std(ddof=1) / np.sqrt(RUNS)
    assert 0 < half.mean() < 1
    assert off.mean() - width > -0.01 and off.mean() + width < 0.01, f"{off.mean():+.4f} +- {width:.4f}"
