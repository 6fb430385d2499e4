"""A joint sample of the rules: a run takes one row of it, whole, unless a rule is set by hand."""

import numpy as np
import pytest

import sim
from sim.config import compose
from sim.phases.start import draw_figures
from sim.scenario.build import build
from sim.scenario.errors import InputError

TABLE = "omega,kappa\n0.7,0.05\n0.8,0.15\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "rules").mkdir()
    prior = sim.config.CONF / "rules" / "prior.yaml"
    (tmp_path / "rules" / "mine.yaml").write_text(prior.read_text(encoding="utf-8") + "\ndraws: mine\n")
    (tmp_path / "rules" / "mine.csv").write_text(TABLE)
    return tmp_path


def drawn(folder, *overrides, runs=60):
    model = build(compose(["rules=mine", *overrides], [folder]).scenario)
    pairs = []
    for run in range(runs):
        draw_figures(model.params, 1, run)
        pairs.append((float(model.params.rules[0].omega), float(model.params.rules[0].kappa)))
    return pairs


def test_a_run_takes_a_whole_row_and_rows_come_alike_often(folder):
    pairs = drawn(folder, runs=400)
    assert set(pairs) == {(0.7, 0.05), (0.8, 0.15)}
    assert abs(np.mean([pair == (0.7, 0.05) for pair in pairs]) - 0.5) < 0.1


def test_what_is_set_by_hand_is_not_sampled(folder):
    pairs = drawn(folder, "rules.kappa=0.1")
    assert {omega for omega, _ in pairs} == {0.7, 0.8} and {kappa for _, kappa in pairs} == {0.1}


def test_at_the_centre_nothing_is_sampled(folder):
    assert len(set(drawn(folder, "parameters=centre"))) == 1


@pytest.mark.parametrize(
    ("table", "named"),
    [("omega,kapa\n0.7,0.05\n", "kappa"), ("omega,kappa\n", "no rows"), ("omega,kappa\n0.7,much\n", "much")],
)
def test_a_wrong_sample_is_refused(folder, table, named):
    (folder / "rules" / "mine.csv").write_text(table)
    with pytest.raises(InputError, match=named):
        compose(["rules=mine"], [folder])


def test_a_sample_that_is_missing_is_refused(folder):
    (folder / "rules" / "mine.csv").unlink()
    with pytest.raises(InputError, match="mine"):
        compose(["rules=mine"], [folder])
