"""Events that change figures: they take effect on their day, with all that follows, and end with their run."""

import numpy as np
import pytest

import sim
from sim.ensemble import compiled_runner
from sim.scenario.build import build
from sim.scenario.schema import Act, Change, Deploy, Figure


def change(day=14, **values):
    """`states_PRK_gdp=5` stands for the key states.PRK.gdp; two underscores for one of a quantity."""
    keys = {key.replace("__", "%").replace("_", ".").replace("%", "_"): value for key, value in values.items()}
    return Change(kind="change", day=day, changes=keys)


def with_events(scenario, *events):
    return scenario.model_copy(update={"events": (*scenario.events, *events)})


def after(scenario, turns, run=0):
    crisis = sim.Crisis(scenario, seed=1, run=run)
    for _ in range(turns):
        crisis.step()
    return crisis


def words(scenario, first=0, runs=8):
    return compiled_runner()(build(scenario), 3, first, runs).words


def test_a_figure_changes_on_its_day_and_stays(scenario):
    changed = with_events(scenario, change(states_PRK_risk__aversion=0.3, dyads_KOR_PRK_affinity=-0.1))
    for turns, expected in ((2, False), (3, True), (6, True)):
        crisis = after(changed, turns)
        korea, south = crisis.codes.index("PRK"), crisis.codes.index("KOR")
        assert (crisis.params.state[korea].risk_aversion == 0.3) == expected
        assert (crisis.params.dyad[south, korea].affinity == -0.1) == expected


@pytest.mark.parametrize(
    "values",
    [
        {"states_PRK_risk__aversion": 0.5},  # drawn in every run
        {"states_KOR_gdp": 9000.0},  # certain: no draw sets it back
        {"dyads_PRK_USA_hotline": 1.0},
        {"dyads_USA_PRK_stake": Figure(low=1, centre=3, high=5)},
    ],
    ids=str,
)
def test_no_change_leaks_into_the_next_run(scenario, values):
    changed = with_events(scenario, change(0, **values))
    together = words(changed)
    for run in range(1, 8):
        np.testing.assert_array_equal(together[run], words(changed, run, 1)[0])
    model = build(changed)
    before = model.params.figures.copy()
    compiled_runner()(model, 3, 0, 3)
    np.testing.assert_array_equal(model.params.figures, before)


def test_a_change_to_what_was_there_changes_nothing():
    scenario = sim.load("korea_strike", ["parameters=centre"])
    centre = {
        f"states_{code}_{name.replace('_', '__')}": scenario.world.states[code].figures[name].centre
        for code in ("PRK", "USA")
        for name in ("personnel", "milex", "quality", "satellites", "gdp", "risk_aversion", "committed")
    }
    same = with_events(
        scenario, change(0, **centre, dyads_PRK_USA_stake=scenario.world.dyads["PRK>USA"]["stake"].centre)
    )
    np.testing.assert_array_equal(words(scenario), words(same))


def test_capabilities_follow_and_keep_what_was_lost_and_gained(scenario):
    plain = after(scenario, 3, run=2)  # a run that is not over by then
    changed = after(with_events(scenario, change(states_KOR_quality=0.3)), 3, run=2)
    assert plain.day == changed.day == 21
    korea = plain.codes.index("KOR")
    ratio = 0.3 / plain.params.state[korea].quality
    for domain in ("land", "air", "sea", "missile"):
        # losses and arms of the third turn itself come on top, and are small
        found = changed.world.state[domain][korea] / plain.world.state[domain][korea]
        assert found == pytest.approx(ratio, rel=0.02)
    assert changed.world.state["industry"][korea] == pytest.approx(plain.world.state["industry"][korea])


def test_forces_abroad_stay_as_many_when_the_army_grows(scenario):
    plain = after(scenario, 3)
    grown = after(with_events(scenario, change(states_USA_personnel=2560.0)), 3)
    usa, korea = plain.codes.index("USA"), plain.theatres.index("korea")
    men = [crisis.world.front[usa, korea].stationed * crisis.params.state[usa].personnel for crisis in (plain, grown)]
    assert men[0] == pytest.approx(men[1])
    # and a later deployment is a share of the larger army
    more = Deploy(kind="deploy", day=21, state="USA", theatre="korea", personnel=100.0)
    late = build(with_events(scenario, change(states_USA_personnel=2560.0), more)).params
    assert late.event_figure[late.event["day"] == 21]["value"] == pytest.approx(100 / 2560)


def test_a_stake_moves_but_not_below_what_a_fight_at_a_friends_side_made_of_it(scenario):
    changed = with_events(scenario, change(dyads_PRK_USA_stake=0.2, dyads_USA_PRK_stake=4.0))
    crisis = after(changed, 2)
    korea, usa = crisis.codes.index("PRK"), crisis.codes.index("USA")
    crisis.world.dyad[korea, usa].stake = 9.0
    crisis.step()
    assert crisis.world.dyad[korea, usa].stake == 9.0
    assert crisis.world.dyad[usa, korea].stake == 4.0
    assert after(changed, 3).world.dyad[korea, usa].stake == 0.2


def test_what_holds_both_ways_changes_both_ways(scenario):
    crisis = after(with_events(scenario, change(0, dyads_PRK_KOR_hotline=1.0)), 1)
    north, south = crisis.codes.index("PRK"), crisis.codes.index("KOR")
    assert crisis.params.dyad[north, south].hotline == crisis.params.dyad[south, north].hotline == 1


def test_a_range_is_drawn_once_per_run(scenario):
    changed = with_events(scenario, change(0, states_PRK_opacity=Figure(low=0.1, centre=0.2, high=0.3)))
    found = []
    for run in range(5):
        crisis = after(changed, 1, run)
        found.append(float(crisis.params.state[crisis.codes.index("PRK")].opacity))
    assert len(set(found)) == 5
    assert min(found) >= 0.1 and max(found) <= 0.3


def test_the_order_of_changes_is_irrelevant(scenario):
    a, b = change(7, states_PRK_quality=0.5, states_PRK_milex=20.0), change(7, states_USA_growth=0.1)
    np.testing.assert_array_equal(words(with_events(scenario, a, b)), words(with_events(scenario, b, a)))
    turned = change(7, states_PRK_milex=20.0, states_PRK_quality=0.5)
    np.testing.assert_array_equal(words(with_events(scenario, a)), words(with_events(scenario, turned)))


def test_a_treaty_signed_after_the_start_binds_from_its_day_on():
    """The Soviet words of 1961, signed anew on 1 November 2025, day 22."""
    signed = ["treaties.SUN-PRK-1961.in_force=2025-11-01", "treaties.SUN-PRK-1961.ended=null"]
    events = sim.simulate(sim.load("korea_strike", signed), runs=200, seed=1).events
    mine = events[(events["treaty"] == "SUN-PRK-1961") & (events["kind"] == "triggered")]
    assert len(mine) > 0
    assert mine["day"].min() >= 22
    other = events[(events["treaty"] == "RUS-PRK-2024") & (events["kind"] == "triggered")]
    assert other["day"].min() == 0


def test_acts_and_changes_do_not_mix(scenario):
    """A change does not count as an act together with others against a rival."""
    act = Act(kind="act", day=0, by=("JPN",), against=("PRK",), rung=4, theatre="korea")
    crisis = after(with_events(scenario, act, change(0, dyads_CHN_PRK_stake=3.0)), 1)
    china, japan, usa = (crisis.codes.index(code) for code in ("CHN", "JPN", "USA"))
    assert crisis.world.dyad[japan, usa].help > crisis.world.dyad[china, usa].help
