"""What many tests share, and their order."""

import os
from functools import cache
from hashlib import sha256
from pathlib import Path

# Read when NumPy is imported: tests run beside each other, and threads that wait for small matrices take turns.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pytest
from hypothesis import settings
from numba import config

import doors
import sim
import sim.world as arrays
from sim.batch import Runs
from sim.compiled import CACHE_FOLDER
from sim.rules.decide import burden
from sim.scenario.build import Model, build
from sim.scenario.schema import Scenario
from undrawn import leave_undrawn

try:
    import fcntl
except ImportError:  # Windows: every worker compiles for itself
    fcntl = None

# the first example of a property may have to wait for the compiler
settings.register_profile("sim", deadline=None)
settings.load_profile("sim")

# Files whose tests read, refuse and reckon, and run nothing; and such tests of other files.
LIGHT = (
    "test_bad_input.py",
    "test_config.py",
    "test_designs.py",
    "test_load.py",
    "test_docs.py",
    "test_incidence.py",
    "test_ladder.py",
    "test_estimate.py",
    "test_paired.py",
    "test_random_effects.py",
    # of history
    "test_baselines.py",
    "test_build.py",
    "test_emulator.py",
    "test_folds.py",
    "test_joining.py",
    "test_logit.py",
    "test_readers.py",
    "test_scores.py",
    "test_table.py",
    # of sensitivity
    "test_without_luck_sobol_indices_are_those_of_salib_and_near_the_truth",
    "test_with_luck_sobol_indices_are_those_without_it",
    "test_intervals_of_sobol_indices_hold_the_truth_about_as_often_as_they_say",
    "test_pawn_tells_keys_from_a_dummy_and_swings_have_their_sign",
    "test_a_known_box_is_found_with_what_it_holds",
    # of runs that are opened again
    "test_a_configuration_that_went_through_the_manifest_gives_the_same_numbers",
    # of cases
    "test_only_the_first_move_is_set",
    "test_every_input_has_a_source_that_is_explained",
    "test_no_rule_reads_what_happened",
    "test_choices_of_rules_hold_of_every_case",
    # of the sampler
    "test_the_posterior_finds_what_is_known",
    "test_the_same_seed_gives_the_same_draws",
    "test_without_evidence_the_posterior_is_the_prior",
    "test_ranks_of_known_parameters_are_uniform",
    "test_folds_are_forecast_by_those_who_have_not_seen_them",
)


def is_light(item: pytest.Item) -> bool:
    return item.path.name in LIGHT or getattr(item, "originalname", "") in LIGHT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One test that needs compiled code first, then those that need none: on a cold cache one worker compiles, once."""
    heavy = [item for item in items if not is_light(item)]
    first = heavy[:1]
    items[:] = [*first, *(item for item in items if is_light(item)), *heavy[1:]]


@pytest.fixture(autouse=True)
def compiled_once(request: pytest.FixtureRequest) -> None:
    """Let no two workers compile the same code at the same time."""
    if not is_light(request.node):
        compile_model()


@cache
def compile_model() -> None:
    """Compile what both drivers and the doors call, or wait for the worker that does."""
    if fcntl is None or config.DISABLE_JIT:
        return
    whole = CACHE_FOLDER / f"whole-{sha256(Path(doors.__file__).read_bytes()).hexdigest()[:16]}"
    with (CACHE_FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            sim.simulate(sim.load("korea_strike"), runs=1)
            sim.Crisis(sim.load("korea_strike"), seed=1, run=0).step()
            doors.compile_doors()
            whole.touch()


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of other things than figures and pages."""
    leave_undrawn(monkeypatch)


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
