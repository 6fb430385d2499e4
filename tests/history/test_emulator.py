"""The emulator finds a logit that is known, and says by held-out runs how good it is."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.special import softmax

from sim.history.emulator import fit_emulator, quadratic, ridge_logit

SLOPES = np.array([[0.0, 0.8, -0.4], [0.0, -0.3, 0.9]])  # [d, K]
CURVES = np.array([[0.0, 0.3, 0.0], [0.0, 0.0, -0.2]])


def probabilities(Z, constants):
    return softmax(constants + Z @ SLOPES + (Z**2 - 1) @ CURVES, axis=-1)


@pytest.fixture(scope="module")
def drawn():
    """Runs of four crises whose logits differ by their constants."""
    rng = np.random.default_rng(3)
    constants = rng.normal(size=(4, 1, 3))
    X = rng.normal(size=(4, 4000, 2))
    p = probabilities(X, constants)
    y = (rng.random((4, 4000, 1)) > p.cumsum(axis=2)).sum(axis=2).astype(np.int64)
    return X, y, constants


def test_it_recovers_a_known_logit(drawn):
    X, y, constants = drawn
    emulator, _ = fit_emulator(X, y, 3, np.zeros(4, np.int64))
    asked = np.random.default_rng(4).uniform(-1.5, 1.5, size=(4, 200, 2))
    error = emulator(asked) - probabilities(asked, constants)
    assert np.sqrt((error**2).mean()) < 0.015
    assert abs(error.mean(axis=(0, 1))).max() < 3 * np.sqrt(0.25 / (4 * 3400))  # what shares of so many runs leave open


def test_held_out_runs_tell_it_from_what_knows_less(drawn):
    X, y, constants = drawn
    _, holdout = fit_emulator(X, y, 3, np.zeros(4, np.int64))
    p = probabilities(X[:, -600:], constants)
    truth = np.log(np.take_along_axis(p, y[:, -600:, None], axis=2)).mean()
    assert holdout.constant < holdout.emulator
    assert holdout.emulator == pytest.approx(truth, abs=0.01)


def test_a_class_that_no_run_reached_has_no_probability(drawn):
    X, y, _ = drawn
    y = y.copy()
    y[2] = np.minimum(y[2], 1)
    emulator, _ = fit_emulator(X, y, 3, np.zeros(4, np.int64))
    assert emulator(X[:, :5])[2, :, 2].max() == 0 and emulator(X[:, :5])[1, :, 2].min() > 0


def test_the_unit_of_a_parameter_does_not_matter(drawn):
    X, y, _ = drawn
    emulator, _ = fit_emulator(X, y, 3, np.zeros(4, np.int64))
    other, _ = fit_emulator(1000 * X + 7, y, 3, np.zeros(4, np.int64))
    assert other(1000 * X[:, :9] + 7) == pytest.approx(emulator(X[:, :9]), abs=1e-3)


def test_the_gradient_vanishes_at_the_ridge_logit(drawn):
    X, y, _ = drawn
    F, outcome, penalty = quadratic(X[0, :500]), y[0, :500], np.ones(4)
    weights = ridge_logit(F, outcome, 3, penalty)

    def loss(packed):
        w = packed.reshape(-1, 3)
        p = softmax(F @ w, axis=1)
        return -np.log(p[np.arange(500), outcome]).sum() + (penalty[:, None] * w**2).sum() / 2

    assert np.abs(approx_fprime(weights.ravel(), loss, 1e-6)).max() < 0.05


@pytest.mark.parametrize(
    ("change", "words"),
    [({"levels": 2}, "0 to 1"), ({"pools": np.zeros(3, np.int64)}, "shapes"), ({"held": 0.0}, "held")],
)
def test_what_does_not_fit_is_refused(drawn, change, words):
    X, y, _ = drawn
    with pytest.raises(ValueError, match=words):
        fit_emulator(**({"X": X, "y": y, "levels": 3, "pools": np.zeros(4, np.int64)} | change))
