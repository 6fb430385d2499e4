"""A dispute and an ally of its target -> Scenario: three states, one promise, as it stood on the first day.

Only the columns in `KNOWN` are read: none of them is an outcome. The highest action of a dispute, its length and
its deaths are known when it is over, so every dispute opens alike.

References
----------
Palmer, G., et al. (2022). The MID5 Dataset, 2011-2014. Conflict Management and Peace Science 39(4), 470-482.
Siverson, R. M., & Starr, H. (1991). The Diffusion of War. Ann Arbor: University of Michigan Press.
Olson, M., & Zeckhauser, R. (1966). An Economic Theory of Alliances. Review of Economics and Statistics 48(3).
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sim.history.codes import is_nuclear
from sim.history.joining import PRINCIPALS
from sim.history.parameters import StartParameters
from sim.history.start import THEATRE, checked_scenario, code, pact, state_entry
from sim.ladder import Ladder
from sim.scenario.errors import require_member
from sim.scenario.posterior import Draws
from sim.scenario.rungs import on_ladder
from sim.scenario.schema import DOMAINS, Figure, Range, Scenario
from sim.scenario.tables import read_tree
from sim.scenario.validate import Strict, checked
from sim.world import RULES

Floats = NDArray[np.float64]

# Covariates of an ally that may bear on its interest, in the order of coefficients; the base comes first.
INTEREST: Final = (
    "base", "ally_major", "ally_capability", "ally_borders_target", "ally_borders_initiator",
    "ally_fought_initiator", "ally_fought_beside_target", "protectors",
)  # fmt: skip
KNOWN: Final = ("dispute", "ally", "year", *PRINCIPALS, *INTEREST[1:])
HORIZON_WEEKS: Final = 13  # whoever joins does so early: a year adds less than a twentieth (a test)
MOST: Final = 10.0  # logit units; the schema's bound on an interest
_TYPICAL = math.log(0.003)  # CINC


class JoiningParameters(Strict):
    """How a row of `sim.history.joining.ally_disputes` becomes a scenario, and what calibration may move.

    Parameters
    ----------
    opening : str
        Rung of what the initiator does to the target on the first day, a word of the ladder.
    once : bool
        Whether that is a blow, after which it stands where it stood.
    answer_rung : str
        Where both stand when it happens.
    stake : Figure
        What the two have at stake against each other, logit units; drawn once per run.
    interest : dict of Figure
        Coefficients of `INTEREST`, logit units (see `interest_of`): their centres, and where calibration looks.
    rules : dict of Figure
        Behavioural parameters that calibration may move: where from, and where it looks. Without calibration
        they are what `rules` says.
    """

    opening: str
    once: Annotated[bool, Field(strict=True)]
    answer_rung: str
    stake: Range
    interest: Annotated[dict[str, Range], Field(min_length=len(INTEREST))]
    rules: dict[str, Range]

    @model_validator(mode="after")
    def _complete(self) -> JoiningParameters:
        for name in self.interest:
            require_member("interest", name, INTEREST)
        for name in self.rules:
            require_member("rules", name, RULES)
        return self

    @property
    def centres(self) -> Floats:
        """Coefficients of `INTEREST` before calibration."""
        return np.array([self.interest[name].centre for name in INTEREST])


class Case(NamedTuple):
    """What is known of a dispute and one ally of its target on the first day; states by COW number."""

    dispute: int
    year: int
    ally: int
    initiator: int
    target: int
    cinc: tuple[float, float, float]  # of ally, initiator, target
    contiguity: int  # of initiator and target: 1 by land, 2-5 across water, 0 none
    near: bool  # whether the ally borders one of them


def read_joining_parameters(path: Path) -> JoiningParameters:
    """Read the parameters from a file such as `conf/history/joining.yaml`.

    Raises
    ------
    InputError
        For the first thing that is wrong, with the file.
    """
    return checked(JoiningParameters, read_tree(path), "joining", str(path))


def known(row: Mapping[str, Any]) -> Case:
    """Read a row, nothing of it but `KNOWN`."""
    return Case(
        dispute=int(row["dispute"]),
        year=int(row["year"]),
        ally=int(row["ally"]),
        initiator=int(row["initiator"]),
        target=int(row["target"]),
        cinc=(math.exp(row["ally_capability"]), float(row["cinc_initiator"]), float(row["cinc_target"])),
        contiguity=int(row["contiguity"]),
        near=row["ally_borders_target"] > 0 or row["ally_borders_initiator"] > 0,
    )


def interest_design(rows: pd.DataFrame) -> Floats:
    """Return what each coefficient of `INTEREST` multiplies, shape (n, coefficients)."""
    columns = rows[list(INTEREST[1:])].to_numpy(dtype=float, copy=True)
    columns[:, INTEREST.index("ally_capability") - 1] -= _TYPICAL
    return np.column_stack([np.ones(len(rows)), columns])


def interest_of(design: Floats, coefficients: Floats) -> Floats:
    """Interest of each ally in its target, logit units: ``log(1 + exp(design . coefficients))``, 10 at most.

    Coefficients are the same for all rows, or have a row for each.
    """
    interest: Floats = np.minimum(np.logaddexp(0.0, (design * coefficients).sum(axis=1)), MOST)
    return interest


def scenario_of(
    case: Case,
    interest: Figure,
    rules: Mapping[str, Figure],
    ladder: Ladder,
    start: StartParameters,
    joining: JoiningParameters,
    draws: Draws | None = None,
) -> Scenario:
    """Return a case as a scenario, checked as one that is read from a file.

    Parameters
    ----------
    interest : Figure
        Of the ally in the target's defence, logit units.
    rules : mapping of Figure
        Every behavioural parameter, as for any scenario.
    draws : Draws, optional
        Joint sample of some of them.
    """
    world = _world(case, interest, start, joining)
    about = {"name": f"mid_{case.dispute}_{case.ally}", "title": world["title"], "horizon_weeks": HORIZON_WEEKS}
    about |= _opening(case, ladder, start, joining)
    return checked_scenario(about, world, rules, ladder, draws)


def codes(case: Case, start: StartParameters) -> tuple[str, str, str]:
    """Codes of ally, initiator and target."""
    return code(case.ally, start), code(case.initiator, start), code(case.target, start)


def _world(case: Case, interest: Figure, start: StartParameters, joining: JoiningParameters) -> dict[str, Any]:
    ally, initiator, target = codes(case, start)
    return {
        "name": "history",
        "title": f"dispute {case.dispute}, {case.year}",
        "date": datetime.date(case.year, 1, 1),
        "states": dict(_states(case, start)),
        "theatres": {
            THEATRE: {
                "name": THEATRE, "title": f"dispute {case.dispute}", "lat": 0, "lon": 0,
                "weights": {domain: float(domain == "land") for domain in DOMAINS},
            }
        },
        "dyads": {
            f"{initiator}>{target}": {"stake": joining.stake},
            f"{target}>{initiator}": {"stake": joining.stake},
            f"{ally}>{target}": {"interest": interest, "affinity": start.pact_affinity},
            f"{target}>{ally}": {"affinity": start.pact_affinity},
        },
        "treaties": {
            f"{ally}-{target}": pact(
                (ally, target), "defence", "all_means", start.pact_strength, protects=(target,), owed_by=(ally,)
            )
        },
        "flows": {},
        "defaults": {"affinity": 0.0},
    }  # fmt: skip


def _states(case: Case, start: StartParameters) -> Iterator[tuple[str, dict[str, Any]]]:
    near = start.distance_land if case.contiguity in (0, 1) else start.distance_water
    stronger = (False, case.cinc[1] > case.cinc[2], case.cinc[2] >= case.cinc[1])
    numbers = (case.ally, case.initiator, case.target)
    for n, (number, name) in enumerate(zip(numbers, codes(case, start), strict=True)):
        if n == 0:
            distance = start.distance_land if case.near else start.distance_major
        else:
            distance = start.distance_far if case.contiguity == 0 and stronger[n] else near
        armed = is_nuclear(number, case.year)
        known_here: dict[str, Any] = {
            "accountability": start.accountability_other,
            "warheads": 100.0 * armed,
            "survivability": start.survivability if armed else 0.0,
        }
        if n == 0:
            known_here["committed"] = start.committed_major
        yield state_entry(number, name, case.cinc[n], distance if n == 1 else -distance, known_here, start)


def _opening(case: Case, ladder: Ladder, start: StartParameters, joining: JoiningParameters) -> dict[str, Any]:
    _, one, other = codes(case, start)
    stands = [{"from": a, "to": b, "rung": joining.answer_rung} for a, b in ((one, other), (other, one))]
    act = {
        "kind": "act", "day": 0, "by": (one,), "against": (other,), "rung": joining.opening, "theatre": THEATRE,
        "once": joining.once,
    }  # fmt: skip
    return {
        "start_rungs": on_ladder("start_rungs", stands, ladder, None),
        "events": on_ladder("events", [act], ladder, None),
    }
