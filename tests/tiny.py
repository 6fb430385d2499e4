"""A scenario of four states as a plain tree, for tests to spoil."""

import copy
from pathlib import Path
from typing import Any

import numpy as np

from sim.scenario.tables import read_tree
from sim.world import RULES

ROOT = Path(__file__).resolve().parents[1]
WORLDS = Path(__file__).parent / "worlds"

SCENARIO: dict[str, Any] = {
    "name": "tiny_strike",
    "title": "A strike among four states",
    "world": "tiny",
    "ladder": "ten_rungs",
    "start": "2025-10-10",
    "theatre": "korea",
    "horizon_weeks": 52,
    "turn_days": 7,
    "start_rungs": [{"from": "PRK", "to": "USA", "rung": 4}],
    "events": [
        {"day": 0, "kind": "act", "by": ["USA", "KOR"], "against": ["PRK"], "rung": 6},
        {"day": 14, "kind": "deploy", "state": "USA", "theatre": "korea", "personnel": 10},
    ],
    "states": {"RUS": {"committed": {"low": 0.4, "centre": 0.5, "high": 0.6, "source": "here"}}},
    "variants": {
        "no_clause": {"summary": "Without the clause.", "treaties": {"RUS-PRK-2024": {"in_force": False}}},
        "quiet": {"summary": "Nobody acts.", "events": [], "rules": {"omega": 0.9}},
    },
    "sources": {"here": "Invented."},
}


def tree(**changes: Any) -> dict[str, Any]:
    """Return a fresh composed tree with changes laid over its top level."""
    rules = {name: {"low": 0.4, "centre": 0.5, "high": 0.6, "source": "test"} for name in RULES}
    ladder = read_tree(ROOT / "conf" / "ladder" / "ten_rungs.yaml")
    return {"scenario": copy.deepcopy(SCENARIO), "rules": rules, "ladder": ladder, **changes}


def scenario(**changes: Any) -> dict[str, Any]:
    """Return a fresh composed tree with changes laid over its scenario."""
    spoilt = tree()
    spoilt["scenario"] |= changes
    return spoilt


def record(dtype: Any, **fields: Any) -> Any:
    """Return one record of a type, zero but for some fields."""
    row = np.zeros(1, dtype)[0]
    for name, value in fields.items():
        setattr(row, name, value)
    return row
