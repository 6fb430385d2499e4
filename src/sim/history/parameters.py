"""What the columns of a table of crises mean to the model, as declared figures with ranges."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sim.scenario.errors import require_member, unknown
from sim.scenario.schema import Figure, Number, Range, Share, Whole
from sim.scenario.tables import read_tree
from sim.scenario.validate import Strict, checked

# ICB's codes of the gravest value threatened, from 0, and of triggers, from 1, in their order.
GRAVITY = (
    "economic", "limited_damage", "political", "territorial", "influence", "grave_damage", "existence", "other",
)  # fmt: skip
TRIGGERS = (
    "verbal", "political", "economic", "external_change", "other_nonviolent", "internal_challenge",
    "nonviolent_military", "indirect_violent", "violent",
)  # fmt: skip


class TriggerRung(Strict):
    """Rung of a class of trigger (a word of the ladder), stood on at the start or reached by an act on day 0.

    `limited` is the rung instead where no more than limited damage is threatened.
    """

    rung: str
    limited: str | None = None
    how: Literal["stand", "act"]
    note: str = ""


class Era(Strict):
    """A state's share of the world's capabilities from a year on."""

    since: Whole
    share: Share


class Major(Strict):
    """A major power outside: COW number, first year with nuclear weapons, share of world capability by era."""

    cow: Whole
    nuclear: Whole | None
    cinc: Annotated[tuple[Era, ...], Field(min_length=1)]

    def share(self, year: int) -> float:
        """Share of world capability in a year; the first era reaches back without end."""
        return ([self.cinc[0]] + [era for era in self.cinc if era.since <= year])[-1].share


class Observation(Strict):
    """Probabilities with which coders call a highest rung more violent rather than less; see `sim.history.observe`."""

    minor_at_force: Range
    serious_at_lethal: Range
    war_at_war: Range
    miscoded: Range


class StartParameters(Strict):
    """How a row of a table of crises becomes a scenario; figures given as ranges are drawn once per run.

    Parameters
    ----------
    stake_base, stake_gravity, stake_threat, stake_least
        Logit units. The stake of a principal is the base and what ICB's gravity of threat adds (by its code),
        shifted where the trigger is a non-violent military act, and never less than the least.
    trigger, answer_rung
        Rung of the initiator by ICB's class of trigger, and of the target; words of the ladder.
    power_scale, power_elasticity
        Capability = scale x (CINC x 5)^elasticity / 5.
    distance_land, distance_water, distance_far, distance_major
        1000 km from capital to theatre.
    accountability_joint, accountability_other
        Accountability of both principals where both are democracies, and otherwise.
    majors_most, pact_interest, pact_strength, pact_affinity, rival_affinity, survivability, committed_major
        Major powers outside: how many at most, their interest (logit units), strength of the words (0-4),
        affinities, survivability of nuclear forces, share of a major's forces that is tied down elsewhere.
    majors
        The major powers by code.
    observation
        See `Observation`.
    """

    stake_base: Range
    stake_gravity: Annotated[dict[str, Range], Field(min_length=len(GRAVITY))]
    stake_threat: Range
    stake_least: Number
    trigger: Annotated[dict[str, TriggerRung], Field(min_length=len(TRIGGERS))]
    answer_rung: str
    power_scale: Annotated[Number, Field(gt=0)]
    power_elasticity: Range
    distance_land: Number
    distance_water: Number
    distance_far: Number
    distance_major: Number
    accountability_joint: Range
    accountability_other: Range
    majors_most: Annotated[Whole, Field(ge=0)]
    pact_interest: Range
    pact_strength: Number
    pact_affinity: Range
    rival_affinity: Range
    survivability: Range
    committed_major: Range
    majors: dict[Annotated[str, Field(pattern="^[A-Z]{3}$")], Major]
    observation: Observation

    @model_validator(mode="after")
    def _complete(self) -> StartParameters:
        for field, names in (("stake_gravity", GRAVITY), ("trigger", TRIGGERS)):
            for name in getattr(self, field):
                require_member(field, name, names)
        return self

    def revised(self, changes: Mapping[str, Any]) -> StartParameters:
        """Return these parameters with others in some places, by dotted key such as "stake_gravity.political".

        Raises
        ------
        InputError
            If there is no such key, or the value does not fit it.
        """
        tree = self.model_dump()
        for key, value in changes.items():
            *path, last = key.split(".")
            place = tree
            for part in path:
                place = place[_key(place, part, key)]
            place[_key(place, last, key)] = value.model_dump() if isinstance(value, Figure) else value
        return checked(StartParameters, tree, "start")


def _key(place: Any, part: str, key: str) -> Any:
    if part not in place:
        raise unknown("start", key, place, what="key")
    return part


def read_start_parameters(path: Path) -> StartParameters:
    """Read the parameters from a file such as `conf/history/start.yaml`.

    Raises
    ------
    InputError
        For the first thing that is wrong, with the file.
    """
    return checked(StartParameters, read_tree(path), "start", str(path))
