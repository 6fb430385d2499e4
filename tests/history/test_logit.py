"""Logits find what is known, and the climatology where nothing may be learnt."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.special import expit

from sim.history.logit import multinomial_logit, ordered_logit, scale

FITS = (ordered_logit, multinomial_logit)


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(20_000, 2))
    latent = X @ [1.0, -0.5] + rng.logistic(size=20_000)
    return X, np.searchsorted([-1.0, 0.5, 2.0], latent).astype(np.int64)


def test_the_ordered_logit_recovers_its_parameters(drawn):
    fit = ordered_logit(*drawn, 4, 0.0)
    assert fit.slopes == pytest.approx([1.0, -0.5], abs=0.05)
    assert fit.cuts == pytest.approx([-1.0, 0.5, 2.0], abs=0.06)


@pytest.mark.parametrize("fit", FITS)
def test_with_two_outcomes_it_is_the_binary_logit(fit, drawn):
    X, y = drawn
    binary = (y > 1).astype(np.int64)
    p = fit(X, binary, 2, 0.0)(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))[:, 1]
    assert p == pytest.approx(expit([-0.5, 0.5, -1.0]), abs=0.015)


@pytest.mark.parametrize("fit", FITS)
def test_an_endless_penalty_gives_the_climatology(fit):
    y = np.repeat(range(4), [5, 4, 2, 1])
    X = np.random.default_rng(0).normal(size=(12, 3))
    assert fit(X, y, 4, 1e9)(X) == pytest.approx(np.tile(np.bincount(y) / 12, (12, 1)), abs=1e-3)


@pytest.mark.parametrize("fit", FITS)
def test_the_likelihood_is_flat_at_the_fit(fit, drawn):
    X, y = drawn[0][:300], drawn[1][:300]
    found = fit(X, y, 4, 2.0)

    def loss(packed):
        slopes = packed[: found.slopes.size].reshape(found.slopes.shape)
        p = type(found)(slopes, packed[found.slopes.size :])(X)
        return -np.log(p[np.arange(len(y)), y]).sum() + (slopes**2).sum()

    at = np.concatenate([part.ravel() for part in found])
    assert approx_fprime(at, loss, 1e-6) == pytest.approx(np.zeros(len(at)), abs=0.02)


@pytest.mark.parametrize("fit", FITS)
def test_an_outcome_never_seen_and_a_column_that_separates_are_no_obstacle(fit):
    X = np.array([[-1.0], [-1.0], [1.0], [1.0]])
    p = fit(X, np.array([0, 0, 3, 3]), 4, 0.1)(X)
    assert p.sum(axis=1) == pytest.approx(np.ones(4))
    assert np.all(np.isfinite(p))
    assert p[0, 0] > 0.8
    assert p[3, 3] > 0.8


def test_columns_are_standardised_and_blanks_are_the_mean():
    X = np.array([[1.0, 5.0, np.nan], [3.0, 5.0, np.nan], [np.nan, 5.0, np.nan]])
    assert scale(X)(X).tolist() == [[-1, 0, 0], [1, 0, 0], [0, 0, 0]]
