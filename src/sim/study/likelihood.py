"""From parameters to the probability of what was coded of each crisis, by way of the emulators.

Of crisis c, with rules theta and stake s_c,

    s_c = least + log(1 + exp(8 (base + gravity_g(c) + threat [non-violent military trigger] - least))) / 8,
    P(violence = v) = (1 - e) sum_k P_c(peak in class k | theta, s_c) O_kv + e / 4,

where O is the matrix of `sim.history.observe` with its probabilities free, and e the share miscoded. Durations
have the emulator's classes as they are. Everything is written once, for numpy and for pytensor alike.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.history.codes import VIOLENCE
from sim.history.design import START_NAMES, Design, Prior
from sim.history.emulator import Emulator
from sim.history.logit import Floats, Integers
from sim.history.parameters import GRAVITY
from sim.history.start import Crisis
from sim.history.table import observed
from sim.ladder import Ladder
from sim.study.crises import STAKES

_SHARPNESS = 8.0  # of the bend where a stake would fall below the least
_RARE = 1e-4  # chance of a duration that no run had


class Evidence(NamedTuple):
    """What was coded of n crises, as weights: a row of one 1, or of a 0 throughout where nothing is known or asked."""

    violence: Floats  # [n, 4]
    duration: Floats  # [n, classes], 1 replaced by the weight of durations

    def of(self, chosen: Any) -> Evidence:
        """Return the same with weight 0 on crises that are not chosen (array of bool, shape (n,))."""
        return Evidence(self.violence * chosen[:, None], self.duration * chosen[:, None])


class Forward(NamedTuple):
    """All that turns parameters into probabilities of n crises."""

    peak: Emulator
    duration: Emulator
    gravity: Integers  # [n] index into GRAVITY
    threat: Floats  # [n] 1 where the trigger is a non-violent military act
    least: float  # least stake, logit units
    log: Any  # [d] whether a rule, then the stake, is on a log scale in the emulators

    def __call__(self, theta: Any, xp: ModuleType = np) -> tuple[Any, Any]:
        """Probabilities of violence, shape (n, 4), and of classes of duration, (n, classes).

        Parameters
        ----------
        theta : array, shape (P,)
            Parameters of `Prior` on their scale.
        xp : module
            numpy, or pytensor.tensor.
        """
        stake = self.stakes(theta, xp)
        stake = xp.log(stake) if self.log[-1] else stake
        rules = theta[: self.rules]
        peak = _probabilities(self.peak, rules, stake, xp)
        return coding(peak, theta[self.rules :], xp), _probabilities(self.duration, rules, stake, xp)

    @property
    def rules(self) -> int:
        """How many of the parameters are rules: the first ones."""
        return int(self.peak.weights.shape[1]) // 2 - len(STAKES)

    def stakes(self, theta: Any, xp: ModuleType = np) -> Any:
        """What the principals of each crisis have at stake, logit units, shape (n,)."""
        start = theta[self.rules :]
        first = START_NAMES.index(f"stake_gravity.{GRAVITY[0]}")
        total = start[START_NAMES.index("stake_base")] + start[first + self.gravity]
        total = total + start[START_NAMES.index("stake_threat")] * self.threat
        return self.least + xp.log1p(xp.exp(_SHARPNESS * (total - self.least))) / _SHARPNESS


def coding(peak: Any, start: Any, xp: ModuleType = np) -> Any:
    """Probabilities of violence, shape (n, 4), from those of classes of peaks, shape (n, 5).

    `start` are parameters in the order of `START_NAMES`; the matrix is that of `sim.history.observe`.
    """
    minor, serious, war, slips = (
        start[START_NAMES.index(f"observation.{name}")]
        for name in ("minor_at_force", "serious_at_lethal", "war_at_war", "miscoded")
    )
    below, force, lethal, limited, general = (peak[:, k] for k in range(5))
    coded = [
        below + force * (1 - minor),
        force * minor + lethal * (1 - serious),
        lethal * serious + limited * (1 - war),
        limited * war + general,
    ]
    return (1 - slips) * xp.stack(coded, axis=1) + slips / len(VIOLENCE)


def _probabilities(emulator: Emulator, rules: Any, stake: Any, xp: ModuleType) -> Any:
    """Return P(class), shape (n, K), where both principals have the same stake; rules of shape (d,), stake (n,)."""
    pools, width, levels = emulator.weights.shape
    d = width // 2 - len(STAKES)
    weights, pool, measure = emulator.weights, emulator.pool, emulator.scale
    z = (rules - measure.mean[:d]) / measure.spread[:d]
    of_rules = [*range(d), *range(2 + d, 2 + 2 * d)]
    flat = weights[:, of_rules].transpose(0, 2, 1).reshape(pools * levels, 2 * d)
    logs = emulator.constants + xp.dot(flat, xp.concatenate([z, z**2 - 1])).reshape((pools, levels))[pool]
    for k in (d, d + 1):
        s = ((stake - measure.mean[k]) / measure.spread[k])[:, None]
        logs = logs + weights[pool, k] * s + weights[pool, 2 + d + k] * (s**2 - 1)
    terms = xp.exp(logs - logs.max(axis=1, keepdims=True))
    return terms / terms.sum(axis=1, keepdims=True)


def log_likelihood(forward: Forward, theta: Any, violence: Any, duration: Any, xp: ModuleType = np) -> Any:
    """Log likelihood of evidence, natural units."""
    coded, lasted = forward(theta, xp)
    return (violence * xp.log(coded)).sum() + (duration * xp.log(lasted + _RARE)).sum()


def peak_classes(ladder: Ladder) -> list[int]:
    """Rungs at which a class of peaks begins: force, lethal force, war, and what is above its first rung."""
    return [ladder.force, ladder.lethal, ladder.war, ladder.war + 1]


def duration_classes(days: Floats, design: Design) -> Integers:
    """Class of each duration, 0 upwards; the last for those that outlast the horizon (NaN)."""
    return np.digitize(np.where(np.isnan(days), np.inf, days), design.duration_days).astype(np.int64)


def evidence(table: pd.DataFrame, design: Design) -> Evidence:
    """Return what a table of crises says of violence and, where it does, of durations."""
    n, levels = len(table), len(design.duration_days) + 1
    days = table["duration_days"].to_numpy(dtype=float) if "duration_days" in table else np.full(n, np.nan)
    lasted = np.eye(levels)[duration_classes(days, design)] * ~np.isnan(days)[:, None]
    return Evidence(np.eye(len(VIOLENCE))[observed(table)], design.duration_weight * lasted)


def forward_of(
    peak: Emulator, duration: Emulator, crises: list[Crisis], design: Design, prior: Prior, least: float
) -> Forward:
    """Put together what turns parameters into probabilities; emulators learnt from `scaled` parameters."""
    return Forward(
        peak,
        duration,
        np.array([GRAVITY.index(crisis.gravity) for crisis in crises]),
        np.array([float(crisis.trigger == "nonviolent_military") for crisis in crises]),
        least,
        np.append(prior.log[: prior.rules], design.stake.scale == "log"),
    )


def scaled(drawn: Floats, log: Any) -> Floats:
    """Parameters of a bank, shape (C, R, D), on the scales on which they are fitted; the two stakes share one."""
    both = np.append(log, log[-1])
    values = drawn.astype(float)
    values[..., both] = np.log(values[..., both])
    return values


def fisher(forward: Forward, theta: Floats, weights: Evidence, prior: Prior) -> tuple[Floats, Floats]:
    """Eigenvalues of the Fisher information relative to the prior's precision, falling, and their directions.

    With the prior's standard deviations S on the diagonal, those of S J S, where
    J = sum over crises and outcomes of (gradient of P)(gradient of P)' / P. An eigenvalue of 1 is a direction of
    which the crises say as much as the prior; the posterior's variance there is about 1 / (1 + eigenvalue).

    Returns
    -------
    values : array, shape (P,)
    directions : array, shape (P, P)
        Columns, in prior standard deviations.
    """
    step = 1e-3 * prior.spread
    total = np.zeros((len(theta), len(theta)))
    there = forward(theta)
    ahead, behind = zip(*(_both(forward, theta, n, step[n]) for n in range(len(theta))), strict=True)
    for kind, weight in enumerate((weights.violence.sum(axis=1), weights.duration.sum(axis=1))):
        slopes = np.stack([(a[kind] - b[kind]) / 2e-3 for a, b in zip(ahead, behind, strict=True)])
        slopes = slopes.reshape(len(theta), -1)
        p = (there[kind] + _RARE) / np.maximum(weight, 1e-300)[:, None]
        total += (slopes / p.ravel()) @ slopes.T
    values, directions = np.linalg.eigh(total)
    return values[::-1], directions[:, ::-1]


def _both(forward: Forward, theta: Floats, n: int, step: float) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    move = np.zeros(len(theta))
    move[n] = step
    return forward(theta + move), forward(theta - move)
