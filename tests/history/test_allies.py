"""A row of an ally and a dispute as a scenario: what is read, what it becomes."""

import math

import numpy as np
import pandas as pd
import pytest

from sim.config import compose
from sim.history.allies import (
    INTEREST,
    KNOWN,
    MOST,
    codes,
    interest_design,
    interest_of,
    known,
    read_joining_parameters,
    scenario_of,
)
from sim.history.joining import COURSE, COVARIATES
from sim.history.parameters import read_start_parameters
from sim.history.start import as_figure
from sim.scenario.errors import InputError
from sim.study.allies import JOINING
from sim.study.crises import START


def row(**changes):
    """The United States, who owes South Korea defence, when North Korea acts against it in 1968."""
    cells = dict.fromkeys(COVARIATES, 0.0) | {
        "dispute": 1, "ally": 2, "year": 1968, "initiator": 731, "target": 732, "cinc_initiator": 0.008,
        "cinc_target": 0.006, "contiguity": 1, "ally_major": 1.0, "ally_capability": math.log(0.2), "joined": 0.0,
    }  # fmt: skip
    return cells | changes


@pytest.fixture(scope="module")
def made():
    settings = compose([])
    start, joining = read_start_parameters(START), read_joining_parameters(JOINING)

    def scenario(**changes):
        case = known(row(**changes))
        rules, ladder = settings.scenario.rules, settings.scenario.ladder
        return scenario_of(case, as_figure(2.0), rules, ladder, start, joining), codes(case, start)

    return scenario


def test_three_states_and_one_promise(made):
    scenario, (ally, initiator, target) = made()
    assert set(scenario.world.states) == {ally, initiator, target}
    (treaty,) = scenario.world.treaties.values()
    clause = treaty.clauses["pact"]
    assert (clause.kind, clause.owed_by, clause.protects) == ("defence", (ally,), (target,))
    assert scenario.world.dyads[f"{ally}>{target}"]["interest"].centre == 2.0


def test_every_dispute_opens_with_the_same_blow(made):
    scenario, (_, initiator, target) = made()
    (act,) = scenario.events
    assert (act.by, act.against, act.rung, act.once) == ((initiator,), (target,), scenario.ladder.force, True)
    assert str(scenario.start) == "1968-01-01"


def test_nuclear_weapons_are_those_of_the_year(made):
    early, late = made(year=1944)[0], made()[0]
    assert early.world.states["USA"].figures["warheads"].centre == 0
    assert late.world.states["USA"].figures["warheads"].centre > 0


def test_neighbours_are_near(made):
    far, near = made()[0], made(ally_borders_initiator=1.0)[0]
    assert abs(near.world.states["USA"].lon) < abs(far.world.states["USA"].lon)


def test_nothing_that_came_later_is_read():
    assert not {"joined", "level", "against", *COURSE} & set(KNOWN)
    assert known({name: row()[name] for name in KNOWN}) == known(row(joined=1.0))


def test_interest_is_positive_and_bounded():
    table = pd.DataFrame([row(), row(ally_major=0.0), row(ally_fought_initiator=1.0)])
    design = interest_design(table)
    assert design.shape == (3, len(INTEREST))
    coefficients = np.zeros(len(INTEREST))
    assert interest_of(design, coefficients) == pytest.approx([math.log(2)] * 3)
    coefficients[INTEREST.index("ally_major")] = 50
    assert interest_of(design, coefficients) == pytest.approx([MOST, math.log(2), MOST])
    by_row = np.tile(coefficients, (3, 1)) * np.array([[1], [0], [0]])
    assert interest_of(design, by_row) == pytest.approx([MOST, math.log(2), math.log(2)])


def test_capability_counts_from_a_typical_state():
    design = interest_design(pd.DataFrame([row(ally_capability=math.log(0.003))]))
    assert design[0, INTEREST.index("ally_capability")] == pytest.approx(0)


def test_parameters_name_what_is_wrong(tmp_path):
    text = JOINING.read_text()
    file = tmp_path / "joining.yaml"
    file.write_text(text.replace("honour_forces:", "honour_force:"))
    with pytest.raises(InputError, match="did you mean 'honour_forces'"):
        read_joining_parameters(file)
    file.write_text(text.replace("  protectors:", "  protector:"))
    with pytest.raises(InputError, match="did you mean 'protectors'"):
        read_joining_parameters(file)
