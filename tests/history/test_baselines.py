"""Baselines use what was known at the trigger, and nothing of the crises they forecast."""

import numpy as np
import pandas as pd
import pytest
from research import FOLDER, needs_data

from sim.history.baselines import BASELINES, FEATURES, design, fit_climatology, fit_trigger_climatology, out_of_sample
from sim.history.folds import folds
from sim.history.scores import log_score, rps
from sim.history.table import KNOWN_AT_TRIGGER, after_1945, observed, read_crises, usable


@pytest.fixture(scope="module")
def made_up() -> pd.DataFrame:
    """Crises in which violence begets violence, and a stronger initiator more of it."""
    rng = np.random.default_rng(0)
    n = 240
    table = pd.DataFrame({"crisno": np.arange(n), "year": rng.integers(1946, 2018, n).astype(float)})
    table["trigger_type"] = rng.integers(1, 10, n).astype(float)
    table["gravity"] = rng.integers(0, 8, n).astype(float)
    table["initiator_cow"], table["target_cow"] = 2, 365
    table["cinc_initiator"], table["cinc_target"] = rng.uniform(0.001, 0.2, (2, n))
    table["nuc_initiator"], table["nuc_target"] = 1.0, 0.0
    table["contig_principals"] = rng.choice([np.nan, 0, 1, 5], n)
    table["rivals_principals"] = rng.integers(0, 2, n).astype(float)
    table["joint_dem_vdem"], table["joint_dem_polity"] = rng.choice([np.nan, 0, 1], n), 0.0
    table["defence_pacts_across_sides"] = rng.choice(["", "200-220", "2-365 200-220", "365-2"], n)
    pull = 1.5 * (table["trigger_type"] >= 8) + np.log(table["cinc_initiator"] / table["cinc_target"])
    level = np.searchsorted([-0.5, 1.0, 2.5], pull + rng.logistic(size=n))
    table["violence_1to4"] = table["severity_used_1to4"] = level + 1.0
    return table


def test_climatology_is_the_share_of_each_outcome(made_up):
    counts = np.bincount(observed(made_up), minlength=4)
    p = fit_climatology(made_up)(made_up[:3])
    assert p == pytest.approx(np.tile((counts + 0.25) / (counts.sum() + 1), (3, 1)))


def test_trigger_climatology_is_that_of_each_class(made_up):
    p = fit_trigger_climatology(made_up)(made_up)
    violent = (made_up["trigger_type"] >= 8).to_numpy()
    for rows in (violent, ~violent):
        counts = np.bincount(observed(made_up[rows]), minlength=4)
        assert p[rows] == pytest.approx(np.tile((counts + 0.25) / (counts.sum() + 1), (rows.sum(), 1)))


@pytest.mark.parametrize("name", BASELINES)
def test_forecasts_are_probabilities_and_do_not_see_outcomes(name, made_up):
    predict = BASELINES[name](made_up, "violence")
    p = predict(made_up)
    assert p.shape == (240, 4)
    assert p.sum(axis=1) == pytest.approx(np.ones(240))
    assert (p > 0).all()
    known = [*(column for column in made_up if column in KNOWN_AT_TRIGGER), "defence_pacts_across_sides"]
    assert np.array_equal(predict(made_up[known]), p)


@pytest.mark.parametrize("name", list(BASELINES)[1:])
def test_what_there_is_to_learn_is_learnt(name, made_up):
    division = folds(np.arange(240), 10, repeats=2)
    learnt, plain = (out_of_sample(BASELINES[each], made_up, division) for each in (name, "climatology"))
    assert np.mean([rps(p, observed(made_up)) for p in learnt]) < np.mean([rps(p, observed(made_up)) for p in plain])


def test_a_forecast_does_not_depend_on_its_own_outcome(made_up):
    division = folds(np.arange(240), 4)
    other = made_up.copy()
    other.loc[division[0] == 2, "violence_1to4"] = 4.0
    for fit in BASELINES.values():
        before, after = (out_of_sample(fit, table, division)[0, division[0] == 2] for table in (made_up, other))
        assert np.array_equal(before, after)


def test_features_are_what_they_say(made_up):
    table = made_up[:4].assign(cinc_initiator=[0.2, 0.1, 0.1, 0.1], cinc_target=[0.1, 0.2, 0.1, 0.0])
    table["defence_pacts_across_sides"] = ["2-365", "365-2 2-200", "2-200", ""]
    assert design(table, ["pact"])[:, 0].tolist() == [1, 1, 0, 0]
    assert design(table[:3], ["advantage"])[:, 0] == pytest.approx([np.log(2), -np.log(2), 0])
    assert design(table[:3], ["preponderance"])[:, 0] == pytest.approx([np.log(2), np.log(2), 0])
    assert np.isfinite(design(table, list(FEATURES)[:3])).all()


@needs_data
def test_scores_on_the_training_crises():
    # Random 10-fold cross-validation of 233 crises; docs/baselines.py prints more.
    table = after_1945(usable(read_crises(FOLDER / "crises_train.csv")))
    division = folds(np.arange(len(table)), 10, repeats=5)
    found = {
        name: [
            np.mean([score(p, observed(table)) for p in out_of_sample(fit, table, division)])
            for score in (rps, log_score)
        ]
        for name, fit in BASELINES.items()
    }
    assert found["climatology"] == pytest.approx([0.167, 1.277], abs=0.002)
    assert found["trigger_climatology"] == pytest.approx([0.134, 1.09], abs=0.003)
    assert found["logit_before_onset"] == pytest.approx([0.160, 1.245], abs=0.003)
    assert found["logit_at_onset"] == pytest.approx([0.129, 1.045], abs=0.003)
