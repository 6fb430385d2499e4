"""Named crises of the past: honest inputs, an outcome that no rule reads, and what is said of both."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from named import PAST, VARIANTS_PAST, loaded
from sim.batch import simulate
from sim.cli import main
from sim.config import SCENARIOS, cases, compose
from sim.estimate import expected_proportion, proportion
from sim.history.parameters import read_start_parameters
from sim.report.cases import page
from sim.report.checking import explained
from sim.scenario.assumptions import assumptions
from sim.scenario.build import build
from sim.scenario.schema import Act, ObservedClause
from sim.scenario.suspicions import suspicions
from sim.store import arrays_hash
from sim.study.cases import FAR, STAGES, _stage, far_off, help_given, judge, overall
from sim.study.crises import START

WORLDS = SCENARIOS / "worlds" / "history"
SEEN = ObservedClause(treaty="T", clause="c", ally="AAA", protected="BBB", stage="denied", level="consult")


@pytest.fixture(scope="module")
def observation():
    return read_start_parameters(START).observation


@pytest.fixture(scope="module")
def kursk():
    return simulate(loaded("history/kursk_2024"), runs=60, seed=3)


# --- what is put in --------------------------------------------------------------------------------


def test_the_cases_are_there():
    years = {name.rpartition("_")[2] for name in PAST}
    assert years == {
        "1950", "1958", "1962", "1968", "1969", "1979", "1982", "1983", "1994", "1999", "2010", "2017", "2022", "2024"
    }  # fmt: skip


@pytest.mark.parametrize(("name", "variant"), VARIANTS_PAST, ids=str)
def test_only_the_first_move_is_set(name, variant):
    scenario = loaded(name, variant)
    assert scenario.name == scenario.world.name == name
    assert scenario.horizon_weeks == 52 and scenario.start == scenario.world.date
    assert all(isinstance(event, Act) and event.day == 0 for event in scenario.events)
    assert scenario.observed is not None


@pytest.mark.parametrize("name", PAST)
def test_every_input_has_a_source_that_is_explained(name):
    scenario = loaded(name)
    inputs = assumptions(scenario)
    assert not [line.key for line in inputs if line.figure is not None and not line.source]
    assert suspicions(scenario, inputs, explained(WORLDS / name.rpartition("/")[2])) == []
    assert scenario.observed is not None
    for key in scenario.observed.source.split(";"):
        assert key.strip() in scenario.sources


def test_stakes_and_ties_come_from_the_tables_of_classes_alone():
    """No figure of a dyad can be chosen with an eye to what happened: only the class is."""
    text = (WORLDS / "SOURCES.md").read_text(encoding="utf-8")
    classes = {}
    for heading, block in re.findall(r"^\| (\w+) \| low .*\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.MULTILINE):
        cells = [[cell.strip() for cell in row.strip("|\n ").split("|")] for row in block.splitlines()]
        classes[heading] = {tuple(map(float, row[1:4])) for row in cells}
    assert classes.keys() == {"stake", "interest", "affinity", "dependence"}
    for name, variant in VARIANTS_PAST:
        world = loaded(name, variant).world
        for pair, figures in {**world.dyads, "defaults": world.defaults}.items():
            for quantity in classes.keys() & figures.keys():
                figure = figures[quantity]
                assert (figure.low, figure.centre, figure.high) in classes[quantity], f"{name} {pair} {quantity}"


@pytest.mark.parametrize("name", PAST)
def test_no_rule_reads_what_happened(name):
    scenario = loaded(name)
    blind = scenario.model_copy(update={"observed": None})
    assert arrays_hash(build(scenario)) == arrays_hash(build(blind))


def test_choices_of_rules_hold_of_every_case():
    found = cases(compose(["experiment=cases", "rules.omega=0.7", "parameters=centre", "ladder=seven_rungs"]))
    assert [scenario.name for scenario in found] == PAST
    assert all((s.rules["omega"].centre, s.parameters, s.ladder.war) == (0.7, "centre", 5) for s in found)
    (one,) = cases(compose(["experiment=cases", "scenario=history/ussuri_1969"]))
    assert one.name == "history/ussuri_1969"


# --- what is said ----------------------------------------------------------------------------------


def log(*rows):
    columns = ("run", "kind", "actor", "target", "treaty", "clause", "ally", "protected", "level")
    return pd.DataFrame(rows, columns=columns)


EVENTS = log(
    (0, "triggered", "CCC", "BBB", "T", "c", "AAA", "BBB", None),
    (0, "denied", "CCC", "BBB", "T", "c", "AAA", "BBB", None),
    (0, "volunteered", "AAA", "BBB", None, None, None, None, "materiel"),
    (1, "triggered", "CCC", "BBB", "T", "c", "AAA", "BBB", None),
    (1, "recognised", "CCC", "BBB", "T", "c", "AAA", "BBB", None),
    (1, "honoured", "AAA", "CCC", "T", "c", "AAA", "BBB", "all_means"),
    (1, "volunteered", "AAA", "BBB", None, None, None, None, "consult"),
    (2, "triggered", "CCC", "BBB", "T", "other", "AAA", "BBB", None),
    (2, "volunteered", "AAA", "CCC", None, None, None, None, "materiel"),
)


def test_stage_and_help_are_those_of_the_pair_and_the_clause():
    assert [STAGES[n] for n in _stage(EVENTS, SEEN, 4)] == ["denied", "recognised", "dormant", "dormant"]
    assert help_given(EVENTS, "AAA", "BBB", 4).tolist() == [2, 4, 0, 0]
    assert help_given(EVENTS, "AAA", "CCC", 4).tolist() == [0, 0, 2, 0]


def test_an_expected_share_is_the_exact_one_where_its_count_is_whole():
    for count in (0, 3, 20):
        exact = proportion(count, 20)
        assert expected_proportion(float(count), 20) == pytest.approx(
            {"n": 20, "share": exact.share, "low": exact.low, "high": exact.high}
        )
    between = expected_proportion(3.5, 20)
    assert proportion(3, 20).low < between["low"] < between["share"] < between["high"] < proportion(4, 20).high
    for count, n in ((-0.1, 5), (5.1, 5), (0, 0)):
        with pytest.raises(ValueError, match="count"):
            expected_proportion(count, n)


def test_a_case_is_judged_by_its_runs(kursk, observation):
    case = judge(kursk, observation)
    assert sum(share["share"] for share in case["violence"]["forecast"].values()) == pytest.approx(1)
    assert case["violence"]["happened"] == "war" and case["given_rung"] == 7
    assert case["rung"]["at_least"]["war"]["share"] == kursk.table["war"].mean() == 1
    assert case["days"]["longer"]["share"] == kursk.table["day_settled"].isna().mean()
    states = {state["code"]: state for state in case["states"]}
    assert states.keys() == {"PRK", "USA"}, "the principals are no bystanders"
    assert states["PRK"]["forecast"]["forces"]["share"] == (kursk.table["help_PRK"] >= 3).mean()
    (clause,) = case["clauses"]
    assert sum(share["share"] for share in clause["stage"]["forecast"].values()) == pytest.approx(1)
    assert clause["help"]["level_happened"] == "limited_forces" and clause["help"]["happened"] == "forces"
    assert case["far"] == far_off(case)


def test_without_an_outcome_there_is_nothing_to_judge(some_runs, observation):
    with pytest.raises(ValueError, match="korea_strike does not say what happened"):
        judge(some_runs, observation)


def test_far_off_is_said_where_the_whole_interval_is_below_one_in_ten(kursk, observation):
    case = judge(kursk, observation)
    for high, expected in ((FAR - 1e-9, 1), (FAR, 0)):
        plain = {"happened": "war", "likeliest": "none", "probability": {"high": high}}
        certain = {**plain, "probability": {"high": 1.0}}
        days = {**case["days"], "longer": {"high": 1.0}, "shorter": {"high": 1.0}}
        found = far_off({**case, "violence": plain, "rung": certain, "days": days, "states": [], "clauses": []})
        assert len(found) == expected


def test_scores_over_cases_are_those_of_known_forecasts():
    def case(p, happened):
        forecast = dict(zip(("none", "minor", "serious", "war"), ({"share": x} for x in p), strict=True))
        return {"runs": 10, "violence": {"forecast": forecast, "happened": happened, "probability": forecast[happened]}}

    both = overall([case((0, 0, 0, 1.0), "war"), case((0.25, 0.25, 0.25, 0.25), "none")])
    assert both["rps"] == pytest.approx((0 + np.mean(np.square([0.75, 0.5, 0.25]))) / 2)
    assert both["probability"] == pytest.approx(0.5)
    assert both["rps_uniform"] == pytest.approx(np.mean(np.square([0.75, 0.5, 0.25])))


# --- the command -----------------------------------------------------------------------------------


class Reader(HTMLParser):
    """What a page is made of."""

    def __init__(self):
        super().__init__()
        self.tags, self.loads, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.loads += [value for name, value in attrs if name in ("src", "href", "data", "srcset")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_command_writes_tables_and_a_page_that_loads_nothing(tmp_path, capsys):
    choices = ["experiment=cases", "scenario=history/ussuri_1969", "runs=20", f"output={tmp_path}"]
    assert main(choices) == 0
    printed = capsys.readouterr().out
    assert "ussuri_1969" in printed and "far off" in printed
    (folder,) = tmp_path.iterdir()
    assert {file.name for file in folder.iterdir()} == {"cases.json", "cases.html", "manifest.json"}
    result = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    assert [case["name"] for case in result["cases"]] == ["history/ussuri_1969"]
    reader = Reader()
    reader.feed((folder / "cases.html").read_text(encoding="utf-8"))
    assert reader.open == [] and reader.loads == []
    tags = [tag for tag, _ in reader.tags]
    assert tags.count("table") == tags.count("caption") == 5 and "script" not in tags
    assert ("html", {"lang": "en"}) in reader.tags
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in reader.tags if tag == "th")


def test_the_page_escapes_what_files_say(kursk, observation):
    case = {**judge(kursk, observation), "title": "<b>war & peace</b>"}
    text = page({"runs": 60, "seed": 3, "overall": overall([case]), "cases": [case]})
    assert "<b>war" not in text and "&lt;b&gt;war &amp; peace" in text
