"""Experiments that run nothing: what there is, what is assumed, and a scenario of one's own."""

import shlex

import pytest
from rich.console import Console

import sim
import tiny
from sim.cli import main
from sim.config import CONF, SCENARIOS, available, compose
from sim.experiments import EXPERIMENTS
from sim.report.checking import count
from sim.report.template import command
from sim.scenario.assumptions import assumptions, explained
from sim.scenario.load import SCENARIO_KEYS, resolve
from sim.scenario.schema import QUANTITIES
from sim.scenario.suspicions import suspicions
from sim.scenario.template import EXAMPLES, EXPLANATIONS, template
from sim.world import RULES

WORLD = SCENARIOS / "worlds" / "pacific_2025"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIM_SCENARIO_PATH", raising=False)
    return tmp_path


# --- list ------------------------------------------------------------------------------------------


def test_list_names_everything_in_80_columns(here, capsys, monkeypatch, scenario):
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["experiment=list"]) == 0
    printed = capsys.readouterr().out
    names = {*available(), *EXPERIMENTS, *scenario.variants, scenario.world.name, "quantal"}
    names |= {file.stem for group in ("ladder", "rules") for file in (CONF / group).glob("*.yaml")}
    assert all(name in printed for name in names)
    assert max(map(len, printed.splitlines())) <= 80
    assert not list(here.iterdir())


def test_help_names_the_experiments(capsys):
    assert main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(experiment.line in printed for experiment in EXPERIMENTS.values())


# --- check -----------------------------------------------------------------------------------------


def test_check_counts_every_input_once(scenario):
    inputs = assumptions(scenario)
    assert len({line.key for line in inputs}) == len(inputs)
    by_group = {}
    for line in inputs:
        by_group.setdefault(line.group, []).append(line)
    counts = {group: sum(count(lines).values()) for group, lines in by_group.items()}
    world = scenario.world
    rates = {"technology": 3, "sanctions": 3}
    assert counts == {
        "Crisis": 1 + len(scenario.start_rungs) + len(scenario.events),
        "States": len(world.states) * len(QUANTITIES),
        "Theatres": 7 * len(world.theatres),
        "Forces abroad": len(world.forces),
        "Dyads": counts["Dyads"],
        "Treaties": 3 * sum(len(treaty.clauses) for treaty in world.treaties.values()),
        "Flows": sum(rates.get(flow.kind, 2) for flow in world.flows.values()),
        "Rules": len(RULES),
    }
    rows = (WORLD / "dyads.csv").read_text().splitlines()
    assert counts["Dyads"] == len(rows) - 1 + len(world.defaults)
    assert sum(count(inputs).values()) == sum(counts.values())


def test_check_prints_all_assumptions_and_writes_nothing(here, capsys, scenario):
    assert main(["experiment=check"]) == 0
    printed = capsys.readouterr().out
    assert "How much is judgement" in printed and "SIPRI-YB-2025" in printed
    assert all(word in printed for word in (*scenario.world.states, *scenario.world.flows, "omega"))
    assert not list(here.iterdir())


def test_every_key_of_a_source_in_the_shipped_world_is_explained(scenario):
    found = suspicions(scenario, assumptions(scenario), explained(WORLD))
    assert not [sentence for sentence in found if "explained neither" in sentence]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start_rungs": [], "events": []}, "nothing can happen"),
        ({"states": {"RUS": {"committed": {"low": 0, "centre": 0.1, "high": 1, "source": "NOWHERE"}}}}, "NOWHERE"),
        ({"states": {"RUS": {"committed": 0.5}}}, "no width although judgement"),
        ({"events": [{"day": 0, "kind": "act", "by": ["PRK"], "against": ["USA"], "rung": 4}]}, "does nothing"),
    ],
)
def test_check_points_at_what_is_legal_but_odd(changes, said):
    odd = resolve(tiny.scenario(**changes), [tiny.WORLDS])
    assert any(said in sentence for sentence in suspicions(odd, assumptions(odd), set()))


def test_check_points_at_a_state_that_nothing_ties_to_the_crisis():
    whole = resolve(tiny.tree(), [tiny.WORLDS])
    loose = whole.world.states["RUS"].model_copy(update={"code": "BRA", "name": "Brazil"})
    world = whole.world.model_copy(update={"states": {**whole.world.states, "BRA": loose}})
    found = suspicions(whole.model_copy(update={"world": world}), [], set())
    assert [sentence for sentence in found if "nothing ties" in sentence] == [
        "BRA (Brazil) is in the world, but nothing ties it to any state in the crisis."
    ]


# --- new -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("undrawn")
def test_new_writes_a_scenario_that_runs_by_the_command_it_prints(here, capsys, scenario):
    assert main(["experiment=new", "scenario=my_strike", "from=korea_strike"]) == 0
    printed = capsys.readouterr().out
    assert [path.name for path in here.iterdir()] == ["scenarios_own"]
    assert [path.name for path in (here / "scenarios_own").iterdir()] == ["my_strike.yaml"]
    line = next(line for line in printed.splitlines() if line.startswith("Run it: "))
    assert main([*shlex.split(line)[5:], "runs=2", "horizon_weeks=2", "output=out"]) == 0
    made = sim.load("my_strike", config_dirs=["scenarios_own"])
    assert made.model_copy(update={"name": scenario.name}) == scenario


def test_the_template_explains_every_key_and_keeps_comments():
    text = template("# about\nname: a\nstart: 2025-10-10 # why\n", "a", "b", "run")
    assert set(EXPLANATIONS) == set(SCENARIO_KEYS) and set(EXAMPLES) < set(SCENARIO_KEYS)
    assert "# about\n" in text and "start: 2025-10-10 # why\n" in text and "\nname: b\n" in text
    for key, explanation in EXPLANATIONS.items():
        assert f"# {explanation.splitlines()[0]}\n" in text
        assert f"\n{key}:" in text or f"\n# {key}:" in text


def test_the_examples_in_the_template_are_legal(here):
    text = template((SCENARIOS / "korea_strike.yaml").read_text(), "korea_strike", "mine", "run")
    for key, example in EXAMPLES.items():
        text = text.replace(f"# {key}:\n#   {example}", f"{key}:\n  {example}")
    (here / "mine.yaml").write_text(text)
    made = sim.load("mine", config_dirs=[here])
    assert made.rules["omega"].centre == 0.7 and made.world.dyads["PRK>USA"]["stake"].high == 3


def test_new_writes_into_the_users_own_folder(here, capsys, monkeypatch):
    for name in ("path", "dir", "into"):
        (here / name).mkdir()
    monkeypatch.setenv("SIM_SCENARIO_PATH", "path")
    assert main(["experiment=new", "scenario=first"]) == 0
    assert main(["-cd", "dir", "experiment=new", "scenario=second"]) == 0
    assert main(["experiment=new", "scenario=third", "into=into", "from=first"]) == 0
    assert "Run it: python -m sim scenario=first\n" in capsys.readouterr().out
    assert {str(file.relative_to(here)) for file in here.rglob("*.yaml")} == {
        "path/first.yaml",
        "dir/second.yaml",
        "into/third.yaml",
    }
    assert command("x", here / "into", [here / "dir"]).count("--config-dir") == 2


def test_new_leaves_a_file_that_is_there_alone(here, capsys):
    (here / "scenarios_own").mkdir()
    (here / "scenarios_own" / "mine.yaml").write_text("mine")
    assert main(["experiment=new", "scenario=mine"]) == 2
    assert "left as it is" in capsys.readouterr().err
    assert (here / "scenarios_own" / "mine.yaml").read_text() == "mine"


def test_a_scenario_that_cannot_be_taken_over_line_by_line_is_refused(here, capsys):
    text = (SCENARIOS / "korea_strike.yaml").read_text()
    (here / "odd.yaml").write_text(text.replace("\nname: korea_strike\n", "\n'name': odd\n"))
    assert main(["-cd", str(here), "experiment=new", "scenario=mine", "from=odd"]) == 2
    assert "line by line" in capsys.readouterr().err
    assert [path.name for path in here.iterdir()] == ["odd.yaml"]


# --- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("run=3", "experiment=replay"),
        ("detail=full", "experiment=replay"),
        ("from=korea_strike", "experiment=new"),
        ("experiment=check into=x", "experiment=new"),
        ("experiment=replay run=-1", "run"),
        ("experiment=replay detail=all", "moves, full"),
        ("experiment=list scenario=korea_strike", "scenario"),
        ("experiment=new scenario=x runs=3", "runs"),
        ("experiment=new", "name of the new scenario"),
        ("experiment=new scenario=korea_strike", "a scenario already"),
        ("experiment=new scenario=../x", "small letter"),
        ("experiment=new scenario=config", "small letter"),
        ("experiment=new scenario=x from=korea_strik", "did you mean 'korea_strike'"),
        ("experiment=replai", "did you mean 'replay'"),
    ],
)
def test_a_key_that_would_do_nothing_and_a_bad_name_are_refused(here, capsys, arguments, said):
    assert main(arguments.split()) == 2
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error
    assert not list(here.iterdir())


def test_the_scenario_that_new_begins_from_is_the_one_composed():
    settings = compose(["experiment=new", "scenario=mine", "from=korea_strike"])
    assert (settings.name, settings.scenario.name) == ("mine", "korea_strike")
    assert compose(["scenario=korea_strike"]).name is None


def test_a_console_of_any_width_will_do(here):
    for width in (20, 200):
        console = Console(width=width, file=(here / "out").open("w"))
        EXPERIMENTS["list"].function(compose(["experiment=list"]), console)
