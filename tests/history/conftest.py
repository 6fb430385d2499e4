"""What tests of history share: the default choices, and what columns mean to the model."""

import pytest

from sim.config import compose
from sim.history.parameters import read_start_parameters
from sim.study.crises import START


@pytest.fixture(scope="module")
def settings():
    return compose([])


@pytest.fixture(scope="module")
def start_parameters():
    return read_start_parameters(START)
