"""The scenario of a campaign as a reader wants it told: frozen at submission, for its files may change or go."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from sim.scenario.assumptions import Assumption, assumptions, explained
from sim.scenario.errors import InputError
from sim.scenario.schema import Scenario

FILE = "scenario.json"
TOLD = ("name", "title", "question", "description", "variant", "theatre", "horizon_weeks")


class Background(NamedTuple):
    """What is told of a scenario.

    Attributes
    ----------
    facts : dict
        `TOLD`; `changes` of the command; `start`; `summary` of the variant; `given_rung`, the highest that it sets;
        `rungs`: their titles.
    assumptions : list of Assumption
    sources : dict of str
        Citations by short key.
    """

    facts: dict[str, Any]
    assumptions: list[Assumption]
    sources: dict[str, str]


def background(scenario: Scenario, world: Path) -> dict[str, Any]:
    """Return what is frozen of a scenario; `world` is the folder of its world, whose SOURCES.md explains keys."""
    from sim.summary import given_rung  # which brings pandas: workers, who read campaigns as well, do not need it

    facts = {name: getattr(scenario, name) for name in TOLD}
    facts |= {
        "changes": list(scenario.changes),
        "start": scenario.start.isoformat(),
        "summary": scenario.variants[scenario.variant] if scenario.variant else "",
        "given_rung": given_rung(scenario),
        "rungs": list(scenario.ladder.titles),
    }
    lines = [line._replace(figure=None)._asdict() for line in assumptions(scenario)]
    return {"facts": facts, "assumptions": lines, "sources": {**explained(world), **scenario.sources}}


def read_background(folder: Path) -> Background:
    """Return what was frozen in the folder of a campaign.

    Raises
    ------
    InputError
        If the file is missing or not as it was written.
    """
    file = folder / FILE
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return Background(found["facts"], [Assumption(**line) for line in found["assumptions"]], found["sources"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"what is told of the scenario cannot be read: {error}", key="name", where=str(file)
        ) from error
