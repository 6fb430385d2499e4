"""What a scenario is about can be switched: in pairs of runs on the same draws the quantity moves as it should."""

import re

import numpy as np
import pytest

from named import TODAY, loaded
from sim.ensemble import compiled_runner
from sim.scenario.build import build
from sim.world import over_runs
from tiny import ROOT

PAGE = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")

# scenario, variant, state, figure of its last world, and whether it grows (1) or shrinks (-1) against the base
MOVES = [
    ("arms_for_ukraine", "no_flow", "PRK", "land", 1),
    ("arms_for_ukraine", "no_flow", "PRK", "missile", 1),
    ("arms_for_ukraine", "double_flow", "RUS", "land", 1),
    ("technology_transfer", "none", "PRK", "air", -1),
    ("technology_transfer", "slow", "PRK", "missile", -1),
    ("technology_transfer", "as_claimed", "PRK", "land", 1),
    ("spy_satellite", "none", "PRK", "sight", -1),
    ("spy_satellite", "russian_satellite", "PRK", "sight", 1),
    ("spy_satellite", "denial_by_jamming", "PRK", "sight", -1),
    ("cyber_campaign", "harmless", "KOR", "hacked", -1),
    ("japan_rearms", "status_quo", "JPN", "missile", -1),
    ("japan_rearms", "doubled_budget", "JPN", "air", 1),
    ("sanctions_hollow", "enforced", "PRK", "industry", -1),
    ("sanctions_hollow", "lifted", "PRK", "industry", 1),
    ("us_response", "intelligence", "KOR", "sight", 1),
    ("us_response", "outreach", "KOR", "sight", 1),
]


@pytest.mark.parametrize(("name", "variant", "code", "figure", "sign"), MOVES)
def test_the_mechanism_moves_its_quantity(name: str, variant: str, code: str, figure: str, sign: int) -> None:
    ends = []
    for chosen in (None, variant):
        model = build(loaded(name, chosen))
        world = over_runs(model.blank, compiled_runner()(model, 1, 0, 12).words)
        ends.append(world.state[figure][:, model.states.index(code)])
    assert sign * np.mean(ends[1] - ends[0]) > 0


@pytest.mark.parametrize("name", TODAY)
def test_the_page_names_every_scenario_with_all_its_variants(name: str) -> None:
    row = re.search(rf"^\| `{name}` \|.*$", PAGE, re.MULTILINE)
    assert row and re.findall(r"`(\w+)`", row[0])[1:] == list(loaded(name).variants)
    assert PAGE.count(f"<!-- runs of {name}: written by benchmarks/scenarios.py -->") == 1
