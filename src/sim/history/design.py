"""What a calibration fits, over which ranges, with which priors: `conf/history/calibrate.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from scipy.stats import truncnorm

from sim.history.logit import Floats
from sim.history.parameters import GRAVITY, StartParameters
from sim.scenario.errors import InputError, require_member, wrong
from sim.scenario.schema import Figure, Number, Share, Whole
from sim.scenario.tables import read_tree
from sim.scenario.validate import Strict, checked
from sim.world import RULES

START_NAMES = (
    "stake_base",
    *(f"stake_gravity.{name}" for name in GRAVITY),
    "stake_threat",
    *(f"observation.{name}" for name in ("minor_at_force", "serious_at_lethal", "war_at_war", "miscoded")),
)
_TRIANGLE = 24**0.5  # width of a symmetrical triangular distribution in standard deviations
_LEAST = 1e-3  # of a standard deviation: a sampler needs some room
Positive = Annotated[Number, Field(gt=0)]


class Span(Strict):
    """Range of a parameter in the bank of runs, the scale on which it is fitted, and how wide its prior is.

    Parameters
    ----------
    fit : bool
        Whether its prior is as wide as `Design.width` says. If not, it is the range in the set of rules, and its
        uncertainty is carried, not asked about.
    sd : float, optional
        Standard deviation of the prior in place of either, on the scale.
    """

    low: Number
    centre: Number
    high: Number
    fit: bool = False
    scale: Literal["linear", "log"] = "linear"
    sd: Positive | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        if not self.low <= self.centre <= self.high or self.low == self.high:
            raise wrong("", [self.low, self.centre, self.high], "low <= centre <= high, and low below high")
        if self.scale == "log" and self.low <= 0:
            raise wrong("low", self.low, "a number above 0 on a log scale")
        return self

    @property
    def figure(self) -> Figure:
        """The range as one that runs draw from."""
        return Figure(low=self.low, centre=self.centre, high=self.high)


class Bounds(Strict):
    """A prior of a parameter of the start: a normal distribution, cut off."""

    low: Number
    centre: Number
    high: Number
    sd: Positive

    @model_validator(mode="after")
    def _ordered(self) -> Bounds:
        if not self.low < self.centre < self.high:
            raise wrong("", [self.low, self.centre, self.high], "low < centre < high")
        return self


class Design(Strict):
    """See the comments of `conf/history/calibrate.yaml`."""

    prior: str
    since: Whole
    width: Positive
    least_sd: Positive
    identified: Annotated[Share, Field(gt=0)]
    duration_weight: Share
    duration_days: Annotated[tuple[Positive, ...], Field(min_length=1)]
    penalty: Positive
    kept: Annotated[Whole, Field(ge=1)]
    stake: Span
    rules: Annotated[dict[str, Span], Field(min_length=1)]
    start: dict[str, Bounds]

    @model_validator(mode="after")
    def _complete(self) -> Design:
        for name in self.rules:
            require_member("rules", name, RULES)
        for name in self.start:
            require_member("start", name, START_NAMES)
        for name in START_NAMES:
            if name not in self.start:
                raise InputError(f"lacks {name!r}", key="start", value=name, allowed=START_NAMES)
        if list(self.duration_days) != sorted(set(self.duration_days)):
            raise wrong("duration_days", list(self.duration_days), "days that rise")
        return self

    def start_of_bank(self, start: StartParameters) -> StartParameters:
        """Return the parameters of the start under which stakes are drawn from the bank's range alone."""
        none = Figure(low=0.0, centre=0.0, high=0.0)
        gravity = {f"stake_gravity.{name}": none for name in GRAVITY}
        return start.revised({"stake_base": self.stake.figure, **gravity, "stake_threat": none})


class Prior(NamedTuple):
    """Independent normal distributions, cut off at bounds, each on its scale; P parameters.

    Attributes
    ----------
    names : tuple of str
        Rules, then `START_NAMES`.
    fit : array of bool, shape (P,)
        Whether the prior was widened so that history is asked.
    log : array of bool
        Whether the scale is that of logarithms.
    mean, sd, low, high : array of float, shape (P,)
        On the scale; `mean` and `sd` are those before the distribution is cut off.
    """

    names: tuple[str, ...]
    fit: NDArray[np.bool_]
    log: NDArray[np.bool_]
    mean: Floats
    sd: Floats
    low: Floats
    high: Floats

    @property
    def rules(self) -> int:
        """How many of the parameters are rules: the first ones."""
        return len(self.names) - len(START_NAMES)

    @property
    def spread(self) -> Floats:
        """Standard deviations of the distributions as cut off, shape (P,)."""
        return np.asarray(self._distribution().std(), dtype=float)

    def draw(self, rng: np.random.Generator, n: int) -> Floats:
        """Draw parameters on their scale, shape (n, P)."""
        return np.asarray(self._distribution().rvs((n, len(self.names)), random_state=rng), dtype=float)

    def natural(self, theta: Floats) -> Floats:
        """Parameters in their own units, from their scale; shape (..., P)."""
        return np.where(self.log, np.exp(np.where(self.log, theta, 0.0)), theta)

    def _distribution(self) -> Any:
        low, high = (self.low - self.mean) / self.sd, (self.high - self.mean) / self.sd
        return truncnorm(low, high, loc=self.mean, scale=self.sd)


def prior(design: Design, rules: Mapping[str, Figure]) -> Prior:
    """Return the priors: centres are those of the rules, and of the design for the start; widths follow the design.

    Raises
    ------
    InputError
        If a centre lies outside the range over which runs are made.
    """
    rows = [_of_rule(name, span, rules[name], design) for name, span in design.rules.items()]
    for name in START_NAMES:
        bounds = design.start[name]
        rows.append((name, True, False, bounds.centre, bounds.sd, bounds.low, bounds.high))
    names, *columns = zip(*rows, strict=True)
    return Prior(tuple(names), *(np.array(column) for column in columns))


def _of_rule(
    name: str, span: Span, figure: Figure, design: Design
) -> tuple[str, bool, bool, float, float, float, float]:
    log = span.scale == "log"
    if not span.low <= figure.centre <= span.high:
        problem = f"a centre within {span.low:g} to {span.high:g}, over which runs are made"
        raise wrong(f"rules.{name}", figure.centre, problem)

    def scaled(value: float) -> float:
        return float(np.log(max(value, span.low / 10))) if log else value

    width = scaled(figure.high) - scaled(figure.low)
    wide = max(design.width * width, design.least_sd) if span.fit else max(width / _TRIANGLE, _LEAST)
    return name, span.fit, log, scaled(figure.centre), span.sd or wide, scaled(span.low), scaled(span.high)


def read_design(path: Path) -> Design:
    """Read a design.

    Raises
    ------
    InputError
        For the first thing that is wrong, with the file.
    """
    return checked(Design, read_tree(path), "", str(path))
