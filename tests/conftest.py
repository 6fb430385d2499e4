import pytest
from hypothesis import settings

import sim
from sim.batch import Runs
from sim.scenario.build import Model, build
from sim.scenario.schema import Scenario

# the first example of a property may have to wait for the compiler
settings.register_profile("sim", deadline=None)
settings.load_profile("sim")


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return sim.load("korea_strike")


@pytest.fixture(scope="session")
def model(scenario: Scenario) -> Model:
    return build(scenario)


@pytest.fixture(scope="session")
def some_runs(scenario: Scenario) -> Runs:
    return sim.simulate(scenario, runs=200, seed=1)
