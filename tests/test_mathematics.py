"""The model's own elementary functions are accurate, and the same in compiled code and plain Python."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, triang

from child import python
from sim.mathematics import chance, exp, log, logistic, normal_quantile, triangular_quantile

DIGEST = """
import hashlib, struct
from sim.draws import uniform
from sim.mathematics import chance, exp, log, logistic, normal_quantile, triangular_quantile
values = [f(x / 7) for f in (exp, log, logistic) for x in range(1, 400)]
values += [f(-x / 7) for f in (exp, logistic) for x in range(1, 400)]
values += [normal_quantile(x / 400) for x in range(1, 400)]
values += [triangular_quantile(x / 400, -1.0, 0.3, 2.0) for x in range(1, 400)]
values += [chance(x / 4000, 7.0) for x in range(1, 400)]
values += [uniform(3, run, -1, 2, 3, 4) for run in range(100)]
print(len(values), hashlib.sha256(struct.pack(f"{len(values)}d", *values)).hexdigest())
"""


def ulps(found, wanted):
    """Distance from the exact value in units in the last place."""
    return abs(Decimal(found) - wanted) / Decimal(math.ulp(float(wanted)))


@given(st.floats(-700, 700) | st.floats(-1, 1))
def test_exp_within_two_ulp(x):
    with localcontext(prec=60):
        assert ulps(exp(x), Decimal(x).exp()) <= 2


@given(st.floats(1e-300, 1e300) | st.floats(0.5, 2) | st.floats(1 - 1e-6, 1 + 1e-6))
def test_log_within_two_ulp(x):
    with localcontext(prec=60):
        wanted = Decimal(x).ln()
        assert log(x) == 0 if wanted == 0 else ulps(log(x), wanted) <= 2


def test_exp_is_held_within_its_range():
    assert exp(1e6) == exp(700.0)
    assert exp(-1e6) == exp(-700.0) > 0


def test_normal_quantile():
    tails = 10.0 ** np.linspace(-16, -1, 1000)
    u = np.concatenate([np.linspace(0.001, 0.999, 4000), tails, 1 - tails[300:]])
    np.testing.assert_allclose([normal_quantile(v) for v in u], norm.ppf(u), rtol=1.2e-9)


@pytest.mark.parametrize(("low", "mode", "high"), [(0, 1, 4), (-2, -2, 3), (1, 5, 5)])
def test_triangular_quantile(low, mode, high):
    u = np.linspace(0.001, 0.999, 501)
    wanted = triang.ppf(u, (mode - low) / (high - low), low, high - low)
    np.testing.assert_allclose([triangular_quantile(v, low, mode, high) for v in u], wanted, rtol=1e-12, atol=1e-12)


def test_a_range_of_no_width_is_its_centre():
    assert triangular_quantile(0.3, 2.0, 2.0, 2.0) == 2.0


@given(st.floats(1e-6, 1), st.floats(0.1, 10), st.floats(0.1, 10))
def test_a_constant_hazard_does_not_know_the_clock(rate, first, second):
    survived = (1 - chance(rate, first)) * (1 - chance(rate, second))
    assert 1 - chance(rate, first + second) == pytest.approx(survived, abs=1e-15, rel=1e-13)


@given(st.floats(-600, 600))
def test_logistic_is_symmetric(x):
    assert logistic(x) + logistic(-x) == pytest.approx(1, abs=1e-15)


def test_compiled_and_plain_python_give_the_same_bits():
    digests = {python(DIGEST, NUMBA_DISABLE_JIT=off) for off in ("0", "1")}
    assert len(digests) == 1
