"""Utilities have no scale of their own: twice all of them at half the precision is the same model, bit for bit."""

import pytest

import sim
from named import ENGINE, SHORTER
from sim.batch import simulate
from sim.codes import THEORIES
from sim.scenario.schema import DYAD_QUANTITIES, Figure, Scenario
from test_invariance import assert_same_runs, in_world


def power(unit: str) -> int:
    """How a figure follows the scale of utilities, by its unit: 1 with it, -1 against it, 0 not at all."""
    return int(unit.startswith("logit")) - int("per logit unit" in unit)


def scaled(figure: Figure, unit: str, factor: float) -> Figure:
    times = factor ** power(unit)
    parts = {part: getattr(figure, part) * times for part in ("low", "centre", "high")}
    return figure.model_copy(update=parts)


def in_other_units(scenario: Scenario, factor: float) -> Scenario:
    """Return the scenario with all that is in logit units, or per logit unit, scaled."""
    world = scenario.world

    def of_dyad(figures: dict[str, Figure]) -> dict[str, Figure]:
        return {name: scaled(figure, DYAD_QUANTITIES[name].unit, factor) for name, figure in figures.items()}

    dyads = {pair: of_dyad(figures) for pair, figures in world.dyads.items()}
    defaults = of_dyad(world.defaults)
    rules = {name: scaled(figure, figure.unit, factor) for name, figure in scenario.rules.items()}
    return in_world(scenario, dyads=dyads, defaults=defaults).model_copy(update={"rules": rules})


def test_units_say_what_scales(scenario: Scenario) -> None:
    powers = {name: power(figure.unit) for name, figure in scenario.rules.items()}
    assert {name for name, p in powers.items() if p < 0} == {
        "precision", "settle_weariness", "sanction_interest", "veto_interest", "evasion_interest", "align_interest"
    }  # fmt: skip
    assert all(powers[name] == 1 for name in ("kappa", "chi_war", "phi", "weariness_rate", "honour_refusal"))
    assert all(
        powers[name] == 0 for name in ("honour_interest", "omega", "settle_base", "recognise_base", "alert_force")
    )
    assert {name for name, quantity in DYAD_QUANTITIES.items() if power(quantity.unit)} == {"stake", "interest"}


@pytest.mark.parametrize("name", ENGINE)
def test_twice_the_utilities_at_half_the_precision_change_no_bit(name: str) -> None:
    """A power of two, so that not even rounding differs; no rule may use a utility without the precision."""
    scenario = sim.load(name, ["rules=prior", *SHORTER.get(name, ())])  # a joint sample has no units
    other = in_other_units(scenario, 2.0)
    assert (other.rules["precision"].centre, other.rules["chi_war"].low) == (0.5, 2 * scenario.rules["chi_war"].low)
    assert_same_runs(simulate(scenario, runs=60, seed=6), simulate(other, runs=60, seed=6))


@pytest.mark.parametrize("theory", [name for name in THEORIES if name != "quantal"])
def test_no_theory_has_a_scale_of_its_own(theory: str) -> None:
    scenario = sim.load("korea_strike", ["rules=prior", f"theory={theory}"])
    assert_same_runs(simulate(scenario, runs=30, seed=6), simulate(in_other_units(scenario, 2.0), runs=30, seed=6))


def test_twice_the_utilities_alone_do(scenario: Scenario) -> None:
    louder = in_other_units(scenario, 2.0)
    louder = louder.model_copy(update={"rules": {**louder.rules, "precision": scenario.rules["precision"]}})
    assert not simulate(scenario, 20, 6).table.equals(simulate(louder, 20, 6).table)
