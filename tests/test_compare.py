"""Variants and parts of a scenario on the same runs: what is inert changes nothing, and a part is what it is."""

import json

import numpy as np
import pandas as pd
import pytest

import sim
from bad_inputs import folder_of_ones_own
from sim.cli import main
from sim.config import compared, compose, load
from sim.report.parting import _text, write
from sim.scenario.build import build
from sim.scenario.errors import InputError
from sim.store import arrays_hash
from sim.study.attribute import AS_IT_IS, attribute, parts
from sim.study.compare import compare, outcomes, require_distinct
from sim.study.parting import part, turned
from sim.study.replay import replay
from tiny import SCENARIO

RUNS = 120
VARIANTS = {
    "keen": {"summary": "More at stake.", "dyads": {pair: {"stake": 5} for pair in ("PRK>USA", "USA>PRK", "PRK>KOR")}},
    "no_pact": {"summary": "Without it.", "treaties": {"USA-KOR-1953": {"in_force": False}}},
    "more_people": {"summary": "No rule reads it.", "states": {"RUS": {"population": 999}}},
    "same": {"summary": "The same again.", "events": SCENARIO["events"]},
}


def quiet(_task, _total):
    return lambda _done: None


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    return folder_of_ones_own(tmp_path_factory.mktemp("mine"), variants=VARIANTS, horizon_weeks=12)


@pytest.fixture(scope="module")
def variants(mine):
    settings = compose(["scenario=tiny_strike", "variants=[as_is,no_pact,more_people,keen]"], [mine])
    return compared(settings)


@pytest.fixture(scope="module")
def beside(variants):
    return compare(variants, RUNS, 1, 2, quiet)


@pytest.fixture(scope="module")
def attribution(variants):
    return attribute(variants["as_is"], RUNS, 1, 2, quiet)


# --- compare ---------------------------------------------------------------------------------------


def test_python_loads_and_compares_as_the_command_does(mine, variants, beside):
    names = list(variants)
    assert sim.load_variants("tiny_strike", names, config_dirs=[mine]) == variants
    found = sim.compare({name: variants[name] for name in names[:2]}, runs=RUNS)
    war = found.differences.query("name == 'war'").iloc[0]
    assert (war["share"], war["variant"]) == (found.table.query("variant == 'no_pact'")["war"].mean(), "no_pact")
    steps = beside.differences.query("kind == 'step'")
    assert steps["commitment"].str.count(" ").eq(3).all() and len(beside.differences) == 3 * len(
        beside.result["outcomes"]
    )


def test_what_cannot_be_set_beside_is_refused(mine, variants):
    longer = sim.load("tiny_strike", ["horizon_weeks=13", "variant=keen"], [mine])
    with pytest.raises(InputError, match="two or more, by name"):
        sim.compare({"alone": variants["as_is"]})
    with pytest.raises(InputError, match="as_is and longer have not the same"):
        sim.compare({"as_is": variants["as_is"], "longer": longer})
    with pytest.raises(InputError, match="variants: 'as_is' is not allowed; allowed: a list"):
        sim.load_variants("tiny_strike", "as_is", config_dirs=[mine])


def test_results_are_told_in_a_line_and_shown_in_jupyter(beside, attribution, variants):
    several = (beside, attribution, sim.structure(variants["as_is"], 10), sim.uncertainty(variants["as_is"], 40, 10))
    assert repr(beside) == f"<4 variants of tiny_strike, {RUNS} runs each, seed 1>"
    assert repr(attribution) == f"<9 parts of tiny_strike, {RUNS} runs, seed 1>"
    for shown in (result._repr_html_() for result in several):
        assert "tiny_strike" in shown and "<td>" in shown and shown.count("<p>") == shown.count("<table ") == 1
        assert "ot a forecast" in shown and "interval" in shown


def test_by_default_every_variant_stands_beside_the_scenario_itself(mine):
    assert list(compared(compose(["scenario=tiny_strike"], [mine]))) == ["as_is", *VARIANTS]


def test_a_variant_beside_itself_by_another_name_is_refused(mine):
    found = compared(compose(["scenario=tiny_strike"], [mine]))
    with pytest.raises(InputError, match="as_is and same differ in nothing"):
        require_distinct(found)
    with pytest.raises(InputError, match="as_is and same differ in nothing"):
        compare(found, RUNS, 1, 2, quiet)


def test_what_no_rule_reads_changes_exactly_nothing(beside):
    result, table = beside
    for outcome in result["outcomes"]:
        apart = outcome["differences"]["more_people"]
        assert apart["difference"] == 0 and apart["variance_ratio"] is None
        assert apart["turned_up"]["count"] == apart["turned_down"]["count"] == 0
        assert apart["low"] < 0 < apart["high"]  # of so many runs; more might turn
    one, two = (table[table["variant"] == name].drop(columns="variant") for name in ("as_is", "more_people"))
    pd.testing.assert_frame_equal(one.reset_index(drop=True), two.reset_index(drop=True))


def test_shares_and_differences_are_those_of_the_runs(beside):
    result, table = beside
    war = {name: runs["war"].to_numpy() for name, runs in table.groupby("variant")}
    found = next(outcome for outcome in result["outcomes"] if outcome["name"] == "war")
    apart = found["differences"]["no_pact"]
    assert found["shares"]["no_pact"]["count"] == war["no_pact"].sum()
    assert apart["difference"] == pytest.approx(war["no_pact"].mean() - war["as_is"].mean())
    assert apart["turned_up"]["count"] == (war["no_pact"] & ~war["as_is"]).sum()
    assert set(result["variants"]) == set(war) and "no_pact" not in found["shares"].keys() - set(war)


def test_outcomes_are_those_of_the_summary(some_runs):
    found, summary = outcomes(some_runs), some_runs.summary()
    counts = {outcome[:2]: int(happened.sum()) for outcome, happened in found.items() if not outcome.commitment}
    for name in ("war", "nuclear_use", "settled"):
        assert counts["event", name] == summary["probabilities"][name]["count"]
    for row in summary["rungs"][1:-1]:
        name = some_runs.scenario.ladder.names[row["rung"]]
        assert counts["rung", name] == row["at_least"]["count"]
    for code, row in summary["participation"].items():
        assert counts["state", code] == row["uses_force"]["count"]
    for row in summary["treaties"]:
        commitment = tuple(row[name] for name in ("treaty", "clause", "ally", "protected"))
        for step in ("triggered", "requested", "recognised", "fights"):
            happened = found.get(("step", step, commitment), np.zeros(1))
            assert happened.sum() == row[step]["count"]


# --- partings --------------------------------------------------------------------------------------


def test_runs_that_turn_are_taken_in_their_order():
    first, second = np.array([0, 1, 0, 0, 1], bool), np.array([1, 0, 1, 1, 1], bool)
    assert turned(first, second, 2) == [(0, "up"), (2, "up"), (1, "down")]


def test_fates_are_one_until_they_differ_and_someone_stands_elsewhere_where_they_part(variants, beside):
    runs = dict(list(beside[1].groupby("variant")))
    one, two = (runs[name].filter(regex="^rung_").to_numpy() for name in ("as_is", "keen"))
    run = int(np.flatnonzero((one != two).any(axis=1))[0])
    fates = replay(variants["as_is"], 1, run), replay(variants["keen"], 1, run)
    found = part(("as_is", "keen"), run, "up", *fates)
    assert found.differs <= found.parts <= found.last
    for one, two in zip(*(fate.rounds[: found.parts] for fate in fates), strict=True):
        assert one.standing == two.standing
    for one, two in zip(*(fate.rounds[: found.differs] for fate in fates), strict=True):
        assert one.entries == two.entries
    one, two = (fate.rounds[found.parts].standing for fate in fates)
    assert one != two


def test_two_fates_that_do_not_differ_are_told_to_the_end_and_once(variants, tmp_path):
    fates = replay(variants["as_is"], 1, 0), replay(variants["more_people"], 1, 0)
    found = part(("as_is", "more_people"), 0, "up", *fates)
    assert found.differs == found.parts == found.last == len(fates[0].rounds) - 1
    shown = [line for line in _text([found]) if " | " in line]
    assert len(shown) == 4  # heads and ends


def test_no_turned_run_is_said(tmp_path):
    write([], tmp_path, ["sim"])
    assert "No run turned" in (tmp_path / "parting.txt").read_text()


# --- attribute -------------------------------------------------------------------------------------


def test_every_part_is_taken_out_once(variants):
    found = parts(variants["as_is"])
    assert len({(part.kind, part.name) for part in found}) == len(found) == 9
    hashes = {arrays_hash(build(part.removed(variants["as_is"]))) for part in found}
    assert len(hashes | {arrays_hash(build(variants["as_is"]))}) == 10


def test_a_flow_takes_the_back_fills_behind_it_along(scenario):
    behind = {flow.behind for flow in scenario.world.flows.values() if flow.behind}
    (chosen,) = [part for part in parts(scenario) if part.name == min(behind)]
    left = chosen.removed(scenario).world.flows
    assert chosen.name not in left and all(flow.behind != chosen.name for flow in left.values())
    build(chosen.removed(scenario))


def test_a_part_taken_out_is_the_variant_without_it(variants, beside, attribution):
    (row,) = [row for row in attribution.result["parts"] if row["name"] == "USA-KOR-1953 art3"]
    removed = frozenset({"USA-KOR-1953 art3"})
    without = attribution.scenarios[removed]
    assert arrays_hash(build(without)) == arrays_hash(build(variants["no_pact"]))
    war = next(outcome for outcome in beside[0]["outcomes"] if outcome["name"] == "war")["differences"]["no_pact"]
    assert row["war"]["difference"] == -war["difference"]
    assert row["war"]["turned_up"] == war["turned_down"] and row["war"]["turned_down"] == war["turned_up"]
    assert row["war"]["low"] <= -war["high"] <= -war["low"] <= row["war"]["high"]  # one of many: wider


def test_parts_are_ranked_and_interactions_are_those_of_the_first_three(attribution):
    result = attribution.result
    sizes = [abs(row["war"]["difference"]) for row in result["parts"]]
    assert sizes == sorted(sizes, reverse=True)
    top = [row["name"] for row in result["parts"][:3]]
    assert [row["parts"] for row in result["interactions"]] == [top[:2], [top[0], top[2]], top[1:], top]
    assert len(attribution.scenarios) == 1 + 9 + 4
    war = {removed: fate.astype(int) for removed, fate in attribution.war.items()}
    one, two = frozenset(top[:1]), frozenset(top[1:2])
    expected = (war[AS_IT_IS] - war[one] - war[two] + war[one | two]).mean()
    assert result["interactions"][0]["war"]["difference"] == pytest.approx(expected)


def test_participation_is_the_expected_number_of_states(attribution, variants, beside):
    table = beside[1]
    whole = table[table["variant"] == "as_is"]
    codes = variants["as_is"].world.states
    states = sum((whole[f"rung_{code}"] >= variants["as_is"].ladder.force).mean() for code in codes)
    assert attribution.result["states"]["value"] == pytest.approx(states)


def test_where_there_is_nothing_to_take_out_that_is_said(variants):
    scenario = variants["as_is"]
    world = scenario.world.model_copy(update={"treaties": {}, "flows": {}, "forces": ()})
    bare = scenario.model_copy(update={"world": world, "events": scenario.events[:1]})
    with pytest.raises(InputError, match="nothing can be attributed"):
        attribute(bare, RUNS, 1, 2, quiet)


# --- the commands ----------------------------------------------------------------------------------

FILES = {"manifest.json", "runs.parquet", "parting.txt", "parting.jsonl", "forest.png", "forest.svg", "report.html"}


def command(mine, output, *typed):
    arguments = ["-cd", str(mine), "scenario=tiny_strike", f"runs={RUNS}", f"output={output}", *typed]
    assert main(arguments) == 0
    (folder,) = output.iterdir()
    return folder


def test_compare_writes_what_it_says(mine, tmp_path, capsys, beside, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    folder = command(mine, tmp_path, "experiment=compare", "variants=[as_is,no_pact,more_people,keen]")
    printed = capsys.readouterr().out
    assert (
        "no_pact" in printed
        and "…" not in printed
        and max(map(len, printed.partition("Written to")[0].splitlines())) <= 80
    )
    assert {file.name for file in folder.iterdir()} == {"compare.json", "exceedance.png", "exceedance.svg", *FILES}
    result = json.loads((folder / "compare.json").read_text())
    assert result["outcomes"] == json.loads(json.dumps(beside[0]["outcomes"]))
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "runs.parquet"), beside[1])
    assert check_partings(folder)


def test_attribute_writes_what_it_says(mine, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    folder = command(mine, tmp_path, "experiment=attribute", "variant=keen")
    printed = capsys.readouterr().out
    assert "less one of 9 parts" in printed and "…" not in printed
    assert {file.name for file in folder.iterdir()} == {"attribute.json", *FILES}
    result = json.loads((folder / "attribute.json").read_text())
    table = pd.read_parquet(folder / "runs.parquet")
    assert len(table) == 14 * RUNS and table["removed"].nunique() == 14
    whole = table[table["removed"] == ""].reset_index()
    for row in result["parts"]:
        less = table[table["removed"] == row["name"]].reset_index()
        for name in ("war", "states"):
            assert row[name]["difference"] == pytest.approx(whole[name].mean() - less[name].mean())
    check_partings(folder)


def check_partings(folder):
    """Both fates of every turned run are there as text of a width and as records; return how many runs."""
    text = (folder / "parting.txt").read_text()
    assert max(map(len, text.splitlines())) <= 159
    head, *records = map(json.loads, (folder / "parting.jsonl").read_text().splitlines())
    assert head["record"] == "partings" and head["command"][:3] == ["python", "-m", "sim"]
    partings = {record["parting"]: record for record in records if record["record"] == "parting"}
    assert text.count("\nRun ") == len(partings)
    for number, about in partings.items():
        fates = [record for record in records if record["parting"] == number and record["record"] == "entry"]
        assert {record["fate"] for record in fates} == set(about["fates"])
        assert {record["run"] for record in fates} == {about["run"]}
        assert max(record["round"] for record in fates) <= about["last"]
    return len(partings)


def test_a_variant_that_is_chosen_is_attributed(mine):
    assert load("tiny_strike", ["variant=no_pact"], [mine]).variant == "no_pact"
    names = [part.name for part in parts(load("tiny_strike", ["variant=no_pact"], [mine]))]
    assert "USA-KOR-1953 art3" not in names and "RUS-PRK-2024 art4" in names
