"""Whatever happens in a run, its numbers stay numbers and its rungs stay on the ladder."""

import numpy as np
import pytest

import sim
from named import ENGINE, SHORTER, VARIANTS_ENGINE, VARIANTS_PAST, VARIANTS_TODAY
from sim.codes import Entry
from sim.ensemble import compiled_runner
from sim.scenario.build import build
from sim.world import over_runs

ON_LADDERS = [(*names, "ten_rungs") for names in [*VARIANTS_TODAY, *VARIANTS_PAST]]
ON_LADDERS += [(*names, "seven_rungs") for names in VARIANTS_TODAY if names in VARIANTS_ENGINE or names[1] is None]


@pytest.mark.parametrize(
    ("name", "variant", "ladder", "runs"),
    [
        *((*chosen, 20) for chosen in ON_LADDERS if chosen[0] in ENGINE),
        *(pytest.param(*chosen, 60, marks=pytest.mark.slow) for chosen in ON_LADDERS),
    ],
    ids=str,
)
def test_no_nan_and_nothing_off_the_ladder(name, variant, ladder, runs):
    chosen = [f"variant={variant}"] if variant else []
    model = build(sim.load(name, [f"ladder={ladder}", *SHORTER.get(name, ()), *chosen]))
    world = over_runs(model.blank, compiled_runner()(model, 11, 0, runs).words)
    for name, array in zip(world._fields[1:], world[1:], strict=True):
        for field in array.dtype.names or ("",):
            values = array[field] if field else array
            assert np.isfinite(values).all(), f"{name}.{field}"
    top = int(model.params.setting[0].top)
    for field in ("rung", "peak", "highest", "order", "seen"):
        assert world.dyad[field].min() >= 0 and world.dyad[field].max() <= top
    for field in ("alert", "seen_alert", "order_alert"):
        assert world.dyad[field].min() >= 0 and world.dyad[field].max() <= 3
    met = world.belief.sum(axis=-1)
    off_diagonal = ~np.eye(met.shape[1], dtype=bool)
    np.testing.assert_allclose(met[:, off_diagonal], 1.0, atol=1e-9)
    for domain in ("land", "air", "sea", "missile", "cyber", "space", "industry"):
        assert world.state[domain].min() >= 0


def test_sanctions_bite_when_their_evaders_turn_on_the_target(model):
    """An evader that has stopped leaves the door shut: the target's forces fall faster."""
    ends = []
    for evades in (1, 0):
        crisis = sim.Crisis(model, seed=1, run=0)
        china, korea = crisis.codes.index("CHN"), crisis.codes.index("PRK")
        assert crisis.world.dyad[china, korea].evades == 1
        crisis.world.dyad[china, korea].evades = evades
        crisis.step()
        ends.append(float(crisis.world.state[korea].industry))
    assert ends[1] < ends[0]


def test_a_crisis_that_has_not_begun_is_not_settled(scenario):
    """With nobody on a rung before a strike on day 30, no run is over before it."""
    strike = scenario.events[0].model_copy(update={"day": 30})
    late = scenario.model_copy(update={"start_rungs": (), "events": (strike,)})
    table = sim.simulate(late, runs=50, seed=1).table
    assert (table["day_force"] == 29.75).all()  # the round that holds it
    assert not (table["day_settled"] < 28).any()


def test_a_helper_is_not_the_one_who_struck_first():
    """China, coming to a struck North Korea, did not begin the fight with those who struck it, unless it widened it."""
    model = build(sim.load("korea_strike", ["rules.settle_base=-50", "horizon_weeks=13"]))
    chunk = compiled_runner()(model, 1, 0, 300)
    world = over_runs(model.blank, chunk.words)
    china = model.states.index("CHN")
    widened = ((chunk.entry["kind"] == Entry.WIDENED) & (chunk.entry["state"] == china)).any(axis=1)
    came = (world.dyad["peak"][:, china] >= model.params.setting[0].force) & ~widened[:, None]
    strikers = [model.states.index(code) for code in ("KOR", "USA")]
    assert came[:, strikers].any()
    assert not world.dyad["first"][:, china][:, strikers][came[:, strikers]].any()
