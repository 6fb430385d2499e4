"""Designs, and that a point's arrays are those that the whole way from its overrides leads to."""

import numpy as np
import pytest
import yaml
from scipy.stats import qmc

import tiny
from bad_inputs import folder_of_ones_own
from sim.campaign import design as designs
from sim.campaign.arrays import base_of, frozen, point_of, thawed
from sim.campaign.design import designed
from sim.campaign.keys import key_of, own_keys, revised
from sim.config import compose, load
from sim.scenario.build import build
from sim.scenario.errors import InputError
from sim.scenario.load import resolve
from sim.store import arrays_hash

OVER = {"rules.omega": [0.4, 0.9], "dyads.PRK>USA.stake": [1, 3]}


def columns(kind, over, points=None, seed=1):
    found = designed(kind, over, points, seed, load("korea_strike")).columns
    return {key: list(values) for key, values in found.items()}


def test_grid_crosses_values_and_levels():
    found = columns("grid", {"rules.omega": None, "variant": [None, "wording_1961"]}, 3)
    assert found["variant"] == [None, "wording_1961"] * 3
    omega = load("korea_strike").rules["omega"]
    assert found["rules.omega"][::2] == pytest.approx([omega.low, (omega.low + omega.high) / 2, omega.high])


def test_list_goes_through_its_values_together():
    found = columns("list", {"rules": {"omega": [0.4, 0.9]}, "horizon_weeks": [26, 52]})
    assert found == {"rules.omega": [0.4, 0.9], "horizon_weeks": [26, 52]}


def test_csv_has_a_column_a_key_and_a_row_a_point(tmp_path):
    file = tmp_path / "points.csv"
    file.write_text(
        "\ufeffrules.omega,variant,treaties.RUS-PRK-2024.in_force\r\n0.4,,true\r\n0.9,wording_1961,2025-01-01\r\n"
    )
    assert columns("csv", str(file)) == {
        "rules.omega": [0.4, 0.9],
        "variant": [None, "wording_1961"],
        "treaties.RUS-PRK-2024.in_force": [True, "2025-01-01"],
    }


@pytest.mark.parametrize(
    ("kind", "points", "size"), [("lhs", 10, 10), ("sobol", 16, 16), ("saltelli", 8, 32), ("morris", 20, 60)]
)
def test_samples_fill_their_ranges_and_repeat_for_each_variant(kind, points, size):
    if kind in ("saltelli", "morris"):
        pytest.importorskip("SALib")
    found = columns(kind, {**OVER, "variant": [None, "wording_1961"]}, points)
    assert found["variant"] == [None] * size + ["wording_1961"] * size
    for key, (low, high) in {"rules.omega": (0.4, 0.9), "dyads.PRK.USA.stake": (1, 3)}.items():
        values = found[key]
        assert values[:size] == values[size:]
        assert low <= min(values) < low + 0.3 * (high - low) and high - 0.3 * (high - low) < max(values) <= high
    assert columns(kind, OVER, points)["rules.omega"] == found["rules.omega"][:size]
    assert columns(kind, OVER, points, seed=2) != columns(kind, OVER, points)


def test_sobol_points_are_those_of_scipy():
    found = np.array(list(columns("sobol", OVER, 8).values())).T
    unit = qmc.Sobol(2, seed=np.random.default_rng(1)).random(8)
    assert found == pytest.approx(np.array([0.4, 1]) + np.array([0.5, 2]) * unit)


def test_keys_come_from_a_file_and_alone(tmp_path):
    file = tmp_path / "over.yaml"
    file.write_text(yaml.safe_dump({"rules": {"omega": [0.4, 0.9]}, "dyads.PRK.USA.stake": [1, 3]}, sort_keys=False))
    assert columns("lhs", str(file), 4) == columns("lhs", OVER, 4)
    omega = load("korea_strike").rules["omega"]
    assert columns("lhs", ["rules.omega"], 4) == columns("lhs", {"rules.omega": [omega.low, omega.high]}, 4)


def test_without_keys_every_range_of_the_scenario_is_varied(scenario):
    keys = own_keys(scenario)
    assert {key.text.partition(".")[0] for key in keys} == {"rules", "states", "dyads", "flows"}
    assert list(columns("lhs", None, 2)) == [key.text for key in keys]
    places = base_of(scenario, [key.text for key in keys]).places
    assert places["axis"].tolist() == list(range(len(keys))), "each has a place of its own"


def test_without_salib_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(designs.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"needs SALib.*sim-escalation\[campaigns\]"):
        columns("morris", OVER, 4)


# --- the quick way and the slow way ----------------------------------------------------------------

VALUES = {
    "rules.omega": 0.5,
    "rules.phi": 0.1,  # of the joint sample
    "states.RUS.committed": 0.3,
    "states.CHN.gdp": 20_000.0,
    "states.USA.personnel": 1500.0,  # of which forces abroad are shares, with ranges of their own
    "states.PRK.personnel": 1000,
    "dyads.PRK.USA.stake": 2.5,
    "dyads.KOR.GBR.interest": 0.7,  # not given in the world
    "dyads.USA.CHN.hotline": 0,  # holds both ways
    "flows.prk_rus_shells.rate": 0.2,
}


@pytest.mark.parametrize("keys", [*([key] for key in VALUES), list(VALUES)], ids=",".join)
def test_numbers_put_into_arrays_are_those_of_a_scenario_composed_with_them(scenario, keys):
    base = base_of(scenario, keys)
    assert set(base.places["axis"]) == set(range(len(keys)))
    quick = point_of(base, np.array([VALUES[key] for key in keys], float))
    slow = build(compose(["scenario=korea_strike", *(f"{key}={VALUES[key]}" for key in keys)]).scenario)
    assert arrays_hash(quick) == arrays_hash(slow)


def test_all_joint_draws_replaced_leave_no_sample(scenario):
    keys = [f"rules.{name}" for name in scenario.draws]
    values = [scenario.rules[name].centre for name in scenario.draws]
    composed = compose([f"{key}={value!r}" for key, value in zip(keys, values, strict=True)]).scenario
    assert arrays_hash(point_of(base_of(scenario, keys), np.array(values))) == arrays_hash(build(composed))


def test_every_range_of_its_own_put_into_arrays_at_once(scenario):
    keys = own_keys(scenario)
    rng = np.random.default_rng(1)
    values = {key.text: rng.uniform(key.figure.low, key.figure.high) for key in keys}
    quick = point_of(base_of(scenario, list(values)), np.array(list(values.values())))
    assert arrays_hash(quick) == arrays_hash(build(revised(scenario, values)))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("treaties.RUS-PRK-2024.clauses.art4.strength", 1.5),
        ("treaties.RUS-PRK-2024.in_force", False),
        ("horizon_weeks", 26),
        ("turn_days", 3.5),
        ("states.RUS.ideal_point", 1.0),
        ("dyads.PRK.USA.war_state", 2),
    ],
)
def test_what_has_no_place_of_its_own_is_built_anew(scenario, key, value):
    assert not len(base_of(scenario, [key]).places)
    composed = compose(["scenario=korea_strike", f"{key}={value}"]).scenario
    assert arrays_hash(build(revised(scenario, {key: value}))) == arrays_hash(build(composed))


def test_what_an_event_counts_by_is_built_anew():
    changes = {"day": 3, "kind": "change", "changes": {"states.PRK.risk_aversion": 0.2}}
    scenario = resolve(tiny.scenario(events=[*tiny.SCENARIO["events"], changes]), [tiny.WORLDS])
    for key in ("states.USA.personnel", "states.PRK.risk_aversion"):  # deployed of, and changed
        assert not len(base_of(scenario, [key]).places)
    assert len(base_of(scenario, ["states.PRK.personnel"]).places)


def test_arrays_come_back_from_the_ice(scenario):
    keys = list(VALUES)
    base, values = base_of(scenario, keys), np.array([float(value) for value in VALUES.values()])
    again = thawed(frozen(base))
    assert again.keys == base.keys
    assert again.model[2:] == base.model[2:]
    assert arrays_hash(again.model) == arrays_hash(base.model)
    assert arrays_hash(point_of(again, values)) == arrays_hash(point_of(base, values))


@pytest.mark.parametrize(
    ("own", "values"),
    [
        ({}, {"theory": "prospect"}),
        ({"theories": {"KOR": "cautious"}}, {"theory": "quantal"}),  # of all states, whatever the scenario says
        ({"theory": "cautious"}, {"theories.PRK": "reciprocal"}),
        ({}, {"theories.PRK": "equilibrium", "theory": "cautious"}),
    ],
)
def test_a_theory_is_that_of_a_scenario_composed_with_it(tmp_path, own, values):
    folder_of_ones_own(tmp_path, **own)
    chosen = ["scenario=tiny_strike", *(f"{key}={value}" for key, value in values.items())]
    varied = revised(load("tiny_strike", config_dirs=[tmp_path]), values)
    composed = compose(chosen, [tmp_path]).scenario
    assert set(varied.theories) and varied.theories == composed.theories
    assert arrays_hash(build(varied)) == arrays_hash(build(composed))


def test_theories_are_crossed_with_figures_and_repeat_a_sample():
    over = {"rules.omega": [0.4, 0.9], "theory": ["quantal", "prospect"], "theories.prk": ["cautious", "quantal"]}
    assert columns("grid", over)["theories.PRK"] == ["cautious", "quantal"] * 4
    assert columns("lhs", over, 3)["theory"] == ["quantal"] * 6 + ["prospect"] * 6


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"theory": ["quantal", "prospekt"]}, "did you mean 'prospect'"),
        ({"theories.PRQ": ["quantal"]}, "did you mean 'PRK'"),
        ({"theori": ["quantal"]}, "did you mean 'theories'"),
    ],
)
def test_a_theory_that_is_none_is_refused(over, said):
    with pytest.raises(InputError, match=said):
        for value in columns("list", over)["theory"]:
            revised(load("korea_strike"), {"theory": value})


def test_a_key_is_read_in_capitals_with_or_without_the_arrow(scenario):
    assert key_of("dyads.prk>usa.stake", scenario).text == "dyads.PRK.USA.stake"
