import numpy as np
import pytest
from hypothesis import settings

import sim
import sim.world as arrays
from sim.batch import Runs
from sim.rules.decide import burden
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


@pytest.fixture(scope="session")
def rules(scenario):
    """Every rule's parameter at its centre."""
    record = np.zeros(1, arrays.RULE)
    for name, figure in scenario.rules.items():
        record[name] = figure.centre
    return record[0]


@pytest.fixture(scope="session")
def setting(model):
    return model.params.setting[0]


@pytest.fixture(scope="session")
def ladder(rules, setting):
    rungs = np.zeros(int(setting.top) + 2, arrays.RUNG)
    rungs["burden"] = [burden(rules, r) for r in range(len(rungs))]
    return rungs
