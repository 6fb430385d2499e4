"""Whatever happens in a run, its numbers stay numbers and its rungs stay on the ladder."""

import numpy as np
import pytest

import sim
from sim.ensemble import compiled_runner
from sim.scenario.build import build
from sim.world import over_runs


@pytest.mark.parametrize("variant", [None, "regime_targets", "wording_1961", "armistice_is_war"])
def test_no_nan_and_nothing_off_the_ladder(variant):
    model = build(sim.load("korea_strike", [f"variant={variant}"] if variant else []))
    world = over_runs(model.blank, compiled_runner()(model, 11, 0, 300).words)
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
    """An evader that stands on threats against the target evades no longer: the target's forces fall faster."""
    ends = []
    for rung in (0, 3):
        crisis = sim.Crisis(model, seed=1, run=0)
        china, korea = crisis.codes.index("CHN"), crisis.codes.index("PRK")
        crisis.world.dyad[china, korea].rung = rung
        crisis.step()
        ends.append(float(crisis.world.state[korea].industry))
    assert ends[1] < ends[0]
