"""Names of the shipped scenarios: those of today, and crises of the past.

The latter put the same engine to smaller worlds. Their golden traces, bounds and loading are tested as those of all;
what is a property of the engine alone is tested on four of the former, and that these four show all mechanisms.
"""

from functools import cache

import sim
from sim.config import Places
from sim.scenario.schema import Scenario
from sim.scenario.tables import read_tree

FILES = Places.find().scenarios
SHORTER = {"world_order": ["horizon_weeks=106"]}  # where ten years of every property would take too long
PAST = [name for name in FILES if name.startswith("history/")]
TODAY = [name for name in FILES if name not in PAST]
ENGINE = ["korea_strike", "taiwan_blockade", "world_order", "yeonpyeong_shelling"]


def with_variants(names: list[str]) -> list[tuple[str, str | None]]:
    """Each scenario plain, then with each of its variants."""
    variants = {name: read_tree(FILES[name]).get("variants", {}) for name in sorted(names)}
    return [(name, variant) for name, own in variants.items() for variant in (None, *own)]


@cache
def loaded(name: str, variant: str | None = None) -> Scenario:
    """A scenario that is read and not altered, loaded once."""
    return sim.load(name, [f"variant={variant}"] if variant else [])


VARIANTS_TODAY, VARIANTS_PAST = with_variants(TODAY), with_variants(PAST)
VARIANTS_ENGINE = with_variants(ENGINE)
