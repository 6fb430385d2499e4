"""Files and trees become a world and a scenario, with every change in its order."""

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.changes import COMMAND, SCENARIO, merge, revise
from sim.scenario.errors import InputError
from sim.scenario.load import resolve
from sim.scenario.schema import DOMAINS, DYAD_QUANTITIES, QUANTITIES, RULE_BOUNDS, Figure, Scenario
from sim.scenario.validate import checked
from sim.scenario.worlds import read_world, worlds_in
from sim.world import DOMAINS as WORLD_DOMAINS
from sim.world import RULES, STATE_FIGURE
from tiny import ROOT, WORLDS, scenario, tree

TINY = WORLDS / "tiny"


def resolved(given_tree: dict[str, Any]) -> Scenario:
    return resolve(given_tree, [WORLDS])


def numbers(figure: Figure) -> tuple[float, float, float]:
    return figure.low, figure.centre, figure.high


# --- worlds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "folder"), [*worlds_in(WORLDS), *worlds_in(ROOT / "scenarios" / "worlds")], ids=lambda given: str(given)
)
def test_world_is_complete(name: str, folder: Path) -> None:
    world = read_world(folder)
    assert world.name == name
    assert all(state.figures.keys() == QUANTITIES.keys() for state in world.states.values())
    assert all(figures.keys() <= DYAD_QUANTITIES.keys() for figures in world.dyads.values())


def test_codes_that_hold_both_ways_are_stored_both_ways() -> None:
    dyads = read_world(TINY).dyads
    assert dyads["KOR>PRK"]["war_state"] == dyads["PRK>KOR"]["war_state"]
    assert numbers(dyads["KOR>PRK"]["war_state"]) == (1, 1, 1)
    assert "dependence" not in dyads.get("RUS>PRK", {})


def test_a_world_in_one_file_fills_in_units_bounds_and_defaults() -> None:
    world = read_world(WORLDS / "whole")
    figures = world.states["TWN"].figures
    assert numbers(figures["personnel"]) == (80, 90, 100) and figures["personnel"].unit == "thousand"
    assert numbers(world.states["CHN"].figures["personnel"]) == (2000, 2000, 2000)
    assert figures["accountability"].source == "TEST"
    assert world.theatres["strait"].weights == dict.fromkeys(DOMAINS, 0.0) | {"land": 1.0}
    assert world.dyads["TWN>CHN"].keys() == {"stake", "rivalry"} and world.dyads["CHN>TWN"].keys() == {
        "stake",
        "rivalry",
    }


def test_a_world_is_given_as_tables_or_as_one_file(tmp_path: Path) -> None:
    shutil.copytree(WORLDS / "whole", tmp_path / "whole")
    shutil.copy(TINY / "states.csv", tmp_path / "whole")
    with pytest.raises(InputError, match="given twice"):
        read_world(tmp_path / "whole")


def test_figure_keeps_unit_and_provenance() -> None:
    warheads = read_world(TINY).states["PRK"].figures["warheads"]
    assert numbers(warheads) == (30, 50, 90)
    assert (warheads.unit, warheads.year, warheads.source) == ("warheads", "2025", "TEST")
    assert warheads.uncertain


def test_clause_without_names_binds_and_protects_all_parties() -> None:
    treaties = read_world(TINY).treaties
    assert treaties["RUS-PRK-2024"].protected("art4") == ("RUS", "PRK")
    assert treaties["USA-KOR-1953"].owing("art3") == ("USA", "KOR")


def spoilt_copy(tmp_path: Path, file: str, old: str, new: str) -> Path:
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_byte_order_mark_blank_lines_and_lower_case_codes_change_nothing(tmp_path: Path) -> None:
    folder = spoilt_copy(tmp_path, "capabilities.csv", "KOR,", "kor,")
    table = folder / "capabilities.csv"
    table.write_text("\ufeff" + table.read_text(encoding="utf-8").replace("\n", "\r\n\r\n"), encoding="utf-8")
    assert read_world(folder) == read_world(TINY)


# --- scenarios -------------------------------------------------------------------------------------


def test_scenario_is_read_whole() -> None:
    found = resolved(tree())
    assert (found.start, found.horizon_weeks, found.turn_days) == (datetime.date(2025, 10, 10), 52, 7)
    assert found.parameters == "drawn"
    assert not found.armistice_is_war
    assert found.rules.keys() == RULES.keys()
    assert found.variants["quiet"] == "Nobody acts."
    assert found.events[0].theatre == "korea"
    assert (found.start_rungs[0].state, found.start_rungs[0].rival) == ("PRK", "USA")


def test_lower_case_codes_are_accepted_everywhere() -> None:
    given_tree = tree(states={"rus": {"committed": 0.1}}, dyads={"prk>usa": {"stake": 2}})
    given_tree["scenario"]["events"][0] |= {"by": ["usa", "kor"], "against": ["prk"]}
    found = resolved(given_tree)
    assert found.events[0].by == ("USA", "KOR")
    assert numbers(found.world.states["RUS"].figures["committed"]) == (0.1, 0.1, 0.1)
    assert numbers(found.world.dyads["PRK>USA"]["stake"]) == (2, 2, 2)


def test_scenario_then_variant_then_command_line() -> None:
    layered = scenario(
        states={"RUS": {"committed": 0.1}, "USA": {"committed": 0.1}, "KOR": {"committed": 0.1}},
        variants={"busy": {"states": {"RUS": {"committed": 0.2}, "USA": {"committed": 0.2}}}},
    )
    found = resolved({**layered, "variant": "busy", "states": {"RUS": {"committed": 0.3}}}).world.states
    committed = {code: state.figures["committed"] for code, state in found.items()}
    assert [committed[code].centre for code in ("KOR", "USA", "RUS")] == [0.1, 0.2, 0.3]
    assert (committed["USA"].source, committed["USA"].confidence) == ("scenario", "judgement")
    assert (committed["RUS"].source, committed["RUS"].confidence) == ("command line", "override")
    assert committed["RUS"].unit == "share"


def test_range_may_be_changed_in_part() -> None:
    found = resolved(tree(states={"PRK": {"warheads": {"high": 120}}})).world.states["PRK"].figures["warheads"]
    assert numbers(found) == (30, 50, 120)
    assert found.confidence == "override"


def test_note_alone_leaves_the_source() -> None:
    found = resolved(tree(states={"PRK": {"warheads": {"note": "disputed"}}}))
    figure = found.world.states["PRK"].figures["warheads"]
    assert (figure.source, figure.note) == ("TEST", "disputed")


def test_nested_dyads_mean_the_same() -> None:
    nested = resolved(tree(dyads={"PRK": {"USA": {"stake": 2, "war_state": 2}}}))
    flat = resolved(tree(dyads={"PRK>USA": {"stake": 2, "war_state": 2}}))
    assert nested.world == flat.world
    assert numbers(nested.world.dyads["USA>PRK"]["war_state"]) == (2, 2, 2)
    assert nested.world.dyads["PRK>USA"]["stake"].unit == "logit"


def test_variant_merges_maps_and_replaces_lists() -> None:
    assert resolved(tree(variant="no_clause")).world.treaties["RUS-PRK-2024"].in_force is False
    quiet = resolved(tree(variant="quiet"))
    assert quiet.events == ()
    assert quiet.rules["omega"].centre == 0.9
    assert quiet.start_rungs


def test_rule_set_by_hand_beats_the_variant() -> None:
    given_tree = tree(variant="quiet")
    given_tree["rules"]["omega"] = 0.7
    omega = resolved(given_tree).rules["omega"]
    assert (omega.centre, omega.confidence) == (0.7, "override")


def test_treaty_can_be_assumed_in_force_and_its_words_changed() -> None:
    found = resolved(
        tree(
            treaties={
                "SUN-PRK-1961": {"in_force": True},
                "RUS-PRK-2024": {"in_force": False, "clauses": {"art4": {"strength": 4, "filters": []}}},
            }
        )
    ).world.treaties
    assert found["SUN-PRK-1961"].in_force is True
    assert found["SUN-PRK-1961"].ended == datetime.date(1996, 9, 10)
    assert found["RUS-PRK-2024"].in_force is False
    art4 = found["RUS-PRK-2024"].clauses["art4"]
    assert (art4.strength, art4.filters, art4.duty) == (4, (), "all_means")
    assert found["RUS-PRK-2024"].clauses["art3"].strength == 3


def test_flow_can_be_stopped_and_a_new_one_added() -> None:
    new = {"kind": "intelligence", "from": "rus", "to": "prk", "rate": 0.2}
    flows = resolved(tree(flows={"prk_shells": {"rate": 0}, "rus_eyes": new})).world.flows
    assert (flows["prk_shells"].rate.centre, flows["prk_shells"].rate.confidence) == (0, "override")
    assert flows["prk_shells"].domain == "land"
    assert (flows["rus_eyes"].giver, flows["rus_eyes"].taker) == ("RUS", "PRK")


def test_horizon_and_turn_of_the_tree_beat_the_scenario() -> None:
    found = resolved(tree(horizon_weeks=4, turn_days=3.5))
    assert (found.horizon_weeks, found.turn_days) == (4, 3.5)
    assert resolved(tree(horizon_weeks=None)).horizon_weeks == 52


def test_resolving_leaves_the_tree_as_it_was() -> None:
    given_tree = tree(variant="quiet", flows={"prk_shells": {"rate": 0}})
    resolved(given_tree)
    assert given_tree == tree(variant="quiet", flows={"prk_shells": {"rate": 0}})


def test_names_agree_with_the_core() -> None:
    assert DOMAINS == WORLD_DOMAINS
    assert RULE_BOUNDS.keys() <= RULES.keys()
    assert set(STATE_FIGURE.names or ()) <= QUANTITIES.keys()


# --- properties ------------------------------------------------------------------------------------

finite = st.floats(allow_nan=False, allow_infinity=False)
trees = st.recursive(
    st.integers(0, 3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
maps = st.dictionaries(st.sampled_from("abc"), trees, max_size=3)
# all leaves on one level: where a leaf and a map replace each other, the order of steps should matter
level_maps = st.dictionaries(st.sampled_from("abc"), st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)))


@given(st.lists(finite, min_size=3, max_size=3))
def test_figure_is_ordered_or_refused(values: list[float]) -> None:
    low, centre, high = values
    given_tree = {"low": low, "centre": centre, "high": high}
    if low <= centre <= high:
        figure = checked(Figure, given_tree)
        assert figure.uncertain == (low < high)
    else:
        with pytest.raises(InputError, match="low <= centre <= high"):
            checked(Figure, given_tree)


@given(finite, finite)
def test_number_is_a_range_of_no_width_whatever_was_there(before: float, after: float) -> None:
    old = revise(None, before, SCENARIO, "x", "thousand")
    new = revise(old, after, COMMAND, "x")
    assert numbers(new) == (after, after, after)
    assert (new.unit, new.confidence, new.uncertain) == ("thousand", "override", False)


@given(st.sampled_from([float("nan"), float("inf"), float("-inf"), True, "1", None, [1.0]]))
def test_what_is_no_finite_number_never_becomes_a_figure(value: object) -> None:
    with pytest.raises(InputError):
        revise(None, value, COMMAND, "x")
    with pytest.raises(InputError):
        checked(Figure, {"low": 0.0, "centre": 0.5, "high": value})


@given(maps, maps)
def test_merging_keeps_the_change_and_what_it_does_not_name(base: dict[str, Any], change: dict[str, Any]) -> None:
    merged = merge(base, change)
    assert merged.keys() == base.keys() | change.keys()
    assert merge(merged, change) == merged
    assert all(merged[key] == base[key] for key in base.keys() - change.keys())
    assert all(merged[key] == value for key, value in change.items() if not isinstance(value, dict))


@given(level_maps, level_maps, level_maps)
def test_merging_in_steps_is_merging_at_once(a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]) -> None:
    assert merge(merge(a, b), c) == merge(a, merge(b, c))


# --- forces, and who can veto ----------------------------------------------------------------------


def placed(found: Scenario) -> dict[tuple[str, str, str | None], float]:
    return {(force.state, force.theatre, force.host): force.personnel.centre for force in found.world.forces}


def test_rows_of_forces_replace_those_of_the_same_place_and_variants_come_last() -> None:
    plain = placed(resolved(tree()))
    more = {"state": "USA", "theatre": "korea", "host": "KOR", "personnel": 40}
    elsewhere = {"state": "RUS", "theatre": "korea", "personnel": {"low": 1, "centre": 2, "high": 3}}
    given_tree = tree()
    given_tree["scenario"] |= {"forces": [more, elsewhere]}
    given_tree["scenario"]["variants"]["home"] = {"summary": "Home.", "forces": [more | {"personnel": 0}]}
    assert placed(resolved(given_tree)) == plain | {("USA", "korea", "KOR"): 40, ("RUS", "korea", None): 2}
    assert placed(resolved(given_tree | {"variant": "home"}))["USA", "korea", "KOR"] == 0


def test_those_who_can_veto_are_named_anew() -> None:
    given_tree = tree()
    given_tree["scenario"] |= {"veto": ["USA"]}
    given_tree["scenario"]["variants"]["council"] = {"summary": "None.", "veto": []}
    assert resolved(given_tree).world.veto == ("USA",)
    assert resolved(given_tree | {"variant": "council"}).world.veto == ()


def test_a_treaty_may_be_put_in_force_whatever_its_dates() -> None:
    found = resolved(tree(treaties={"SUN-PRK-1961": {"in_force": True}}))
    assert found.world.treaties["SUN-PRK-1961"].in_force is True
