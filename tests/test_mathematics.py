"""The model's own elementary functions are accurate, and the same in compiled code and plain Python."""

import os
import subprocess
import sys

import numpy as np
import pytest
from scipy.stats import norm, triang

from sim.mathematics import exp, log, normal_quantile, triangular_quantile

ULP = 2.0**-52
DIGEST = """
import hashlib, struct
from sim.draws import uniform
from sim.mathematics import exp, log, normal_quantile
values = [f(x / 7) for f in (exp, log) for x in range(1, 400)] + [normal_quantile(x / 400) for x in range(1, 400)]
values += [uniform(3, run, 1, 2, 3, 4) for run in range(100)]
print(hashlib.sha256(struct.pack(f"{len(values)}d", *values)).hexdigest())
"""


def test_exp_within_two_ulp():
    x = np.linspace(-80, 80, 4001)
    assert np.max(np.abs([exp(v) for v in x] / np.exp(x) - 1)) <= 2 * ULP


def test_log_within_two_ulp():
    x = np.exp(np.linspace(-80, 80, 4001))
    wanted = np.log(x)
    scale = np.maximum(np.abs(wanted), ULP)
    assert np.max(np.abs([log(v) for v in x] - wanted) / scale) <= 2 * ULP


def test_normal_quantile():
    u = np.linspace(1e-9, 1 - 1e-9, 4001)
    np.testing.assert_allclose([normal_quantile(v) for v in u], norm.ppf(u), rtol=2e-9, atol=2e-9)


@pytest.mark.parametrize(("low", "mode", "high"), [(0, 1, 4), (-2, -2, 3), (1, 5, 5)])
def test_triangular_quantile(low, mode, high):
    u = np.linspace(0.001, 0.999, 501)
    wanted = triang.ppf(u, (mode - low) / (high - low), low, high - low)
    np.testing.assert_allclose([triangular_quantile(v, low, mode, high) for v in u], wanted, rtol=1e-12, atol=1e-12)


def test_a_range_of_no_width_is_its_centre():
    assert triangular_quantile(0.3, 2.0, 2.0, 2.0) == 2.0


def test_compiled_and_plain_python_give_the_same_bits():
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "NUMBA_DISABLE_JIT": off},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for off in ("0", "1")
    }
    assert len(digests) == 1
