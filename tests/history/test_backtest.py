"""Crises of the past as scenarios, and the back-test: on a table of invented crises."""

import json

import numpy as np
import pytest
import small
from invented import row, table
from research import FOLDER, needs_data

from sim.batch import simulate
from sim.cli import main
from sim.history.observe import observation_matrix, outcome_counts
from sim.history.parameters import GRAVITY, TRIGGERS
from sim.history.start import KNOWN, code, known, scenario_of, stake
from sim.history.table import OUTCOMES, SEEN_LATER, read_crises
from sim.scenario.errors import InputError
from sim.study.backtest import MODEL, _crps, assess, at_trigger, forecast
from sim.study.crises import build_start, rung_counts, simulate_crises
from sim.study.inputs import crises


@pytest.fixture
def predicted(settings, start_parameters):
    def predict(file, runs=8, seed=1):
        opened = at_trigger(read_crises(file), start_parameters)
        return forecast(opened, settings.scenario.rules, settings.scenario.ladder, start_parameters, runs, seed)

    return predict


# --- a crisis as a scenario ------------------------------------------------------------------------


def scenario(settings, parameters, **changes):
    crisis = known(row(901, **changes), parameters)
    return scenario_of(crisis, settings.scenario.rules, settings.scenario.ladder, parameters)


def test_a_violent_trigger_is_an_act_by_the_initiator(settings, start_parameters):
    made = scenario(settings, start_parameters)
    act = made.events[0]
    assert (act.day, act.by, act.against, act.rung) == (0, ("GFC",), ("GEA",), made.ladder.lethal)
    assert {start.rung for start in made.start_rungs} == {1}
    assert str(made.start) == "1960-05-17"


@pytest.mark.parametrize("trigger", [8, 9])
@pytest.mark.parametrize(("gravity", "rung"), [(0, "force"), (1, "force"), (2, "lethal"), (5, "lethal")])
def test_violence_that_threatens_limited_damage_is_limited(settings, start_parameters, trigger, gravity, rung):
    (act,) = scenario(settings, start_parameters, trigger_type=trigger, gravity=gravity).events
    assert act.rung == getattr(settings.scenario.ladder, rung)


def test_a_non_violent_military_trigger_is_where_the_initiator_stands(settings, start_parameters):
    made = scenario(settings, start_parameters, trigger_type=7)
    assert made.events == ()
    assert [(start.state, start.rung) for start in made.start_rungs] == [("GFC", made.ladder.threat), ("GEA", 1)]


def test_pacts_with_majors_outside_are_clauses(settings, start_parameters):
    made = scenario(settings, start_parameters)
    assert set(made.world.states) == {"GFC", "GEA", "USA", "GBR"}
    clause = made.world.treaties["USA-GEA"].clauses["pact"]
    assert (clause.kind, clause.owed_by, clause.protects) == ("defence", ("USA",), ("GEA",))
    assert made.world.states["USA"].figures["warheads"].centre > 0


def test_a_pact_counts_whether_or_not_the_major_came_to_be_an_actor(start_parameters):
    as_outsider = known(row(901, ext_pact_major_side2="2 200"), start_parameters)
    as_actor = known(row(901, ext_pact_major_side2="200", defence_pacts_among="2-640"), start_parameters)
    assert as_outsider.patrons == as_actor.patrons


def test_principals_in_a_pact_gave_their_word(settings, start_parameters):
    made = scenario(settings, start_parameters, defence_pacts_across_sides="640-652")
    assert made.world.treaties["GFC-GEA"].clauses["pact"].kind == "nonaggression"


def test_stakes_rise_with_gravity(start_parameters):
    stakes = {
        name: stake(known(row(901, gravity=number), start_parameters), start_parameters).centre
        for number, name in enumerate(GRAVITY)
    }
    assert stakes["economic"] < stakes["territorial"] < stakes["grave_damage"] < stakes["existence"]


def test_every_trigger_makes_a_scenario(settings, start_parameters):
    for number in range(1, len(TRIGGERS) + 1):
        scenario(settings, start_parameters, trigger_type=number)


def test_states_have_codes_of_their_own(start_parameters):
    codes = {code(number, start_parameters) for number in range(1, 1000)}
    assert len(codes) == 999


def test_the_crisis_runs_as_any_scenario_does(settings, start_parameters):
    """The engine of history is that of every scenario: the same runs by either door."""
    crisis = known(row(0), start_parameters)  # number 0: its runs are numbered from 0, as a scenario's are
    rules, ladder = settings.scenario.rules, settings.scenario.ladder
    ends = simulate_crises([build_start(crisis, rules, ladder, start_parameters)], 20, 3)[0]
    runs = simulate(scenario_of(crisis, rules, ladder, start_parameters), 20, 3)
    assert ends.peak.tolist() == runs.table["highest_rung"].tolist()
    assert np.array_equal(ends.settled, runs.table["day_settled"].to_numpy(np.float32), equal_nan=True)
    for n, state in enumerate(ends.states):
        assert ends.reached[:, n].tolist() == runs.table[f"rung_{state}"].tolist()


def test_rules_that_are_fixed_equal_rules_without_width(settings, start_parameters):
    crisis = known(row(901), start_parameters)
    rules, ladder = settings.scenario.rules, settings.scenario.ladder
    exact = {"omega": 0.7, "chi_force": 1.0}
    figures = {name: {"low": value, "centre": value, "high": value} for name, value in exact.items()}
    built = {**rules, **{name: rules[name].model_copy(update=bounds) for name, bounds in figures.items()}}
    one = simulate_crises([build_start(crisis, rules, ladder, start_parameters)], 20, 3, exact)[0]
    other = simulate_crises([build_start(crisis, built, ladder, start_parameters)], 20, 3)[0]
    assert one.peak.tolist() == other.peak.tolist()
    with pytest.raises(InputError, match="did you mean 'kappa'"):
        simulate_crises([], 1, 1, {"kapa": 0.1})


# --- observation -----------------------------------------------------------------------------------


def test_observation_is_monotone_and_within_the_crosswalk(settings, start_parameters):
    ladder = settings.scenario.ladder
    matrix = observation_matrix(start_parameters.observation, ladder)
    assert np.allclose(matrix.sum(axis=1), 1)
    assert np.all(np.diff(np.cumsum(matrix, axis=1), axis=0) <= 1e-12), "a higher rung is never coded lower"
    for rung in range(ladder.use + 1):
        coded = np.flatnonzero(matrix[rung] > start_parameters.observation.miscoded.centre) + 1
        assert set(coded) <= set(ladder.to_icb(rung)) | {4} if rung > ladder.war else set(ladder.to_icb(rung))


def test_counts_follow_the_matrix(settings, start_parameters):
    matrix = observation_matrix(start_parameters.observation, settings.scenario.ladder)
    counts = outcome_counts(rung_counts([np.array([0, 5, 5, 8], np.int8)], 10), matrix)
    minor, slips = (getattr(start_parameters.observation, name).centre for name in ("minor_at_force", "miscoded"))
    assert np.allclose(counts, (1 - slips) * np.array([[1 + 2 * (1 - minor), 2 * minor, 0, 1]]) + slips)


# --- the back-test ---------------------------------------------------------------------------------


def test_nothing_that_came_after_the_trigger_enters(tmp_path, predicted):
    """Whatever is put in the columns of outcomes and of joiners: the same forecasts, to the bit."""
    hidden = [name for name in (*OUTCOMES, *SEEN_LATER) if name not in KNOWN]
    spoilt = {name: "" for name in hidden} | {
        "violence_1to4": 4, "severity_used_1to4": 4, "duration_days": 999, "us_involvement": 4, "su_involvement": 4,
        "crisis_mgmt": 8, "side1_cow": "652 2 365", "side2_cow": "640 666", "actors_cow": "652 640 2 365 666",
        "cinc_side1": 0.5, "cinc_side2": 0.5, "system_level": 1, "us_is_actor": 1,
    }  # fmt: skip
    one = predicted(table(tmp_path, row(901), row(902, trigger_type=2)))
    other = predicted(table(tmp_path, row(901, **spoilt), row(902, trigger_type=2, **spoilt)))
    for outcome in one.counts:
        assert np.array_equal(one.counts[outcome], other.counts[outcome])
    assert np.array_equal(one.days, other.days)
    assert one.force == other.force


def test_a_crisis_does_not_depend_on_its_neighbours_in_the_table(tmp_path, predicted):
    both = predicted(table(tmp_path))
    alone = predicted(table(tmp_path, row(902, trigger_type=2, gravity=6)))
    assert np.array_equal(both.counts["violence"][1], alone.counts["violence"][0])
    assert np.array_equal(both.days[1], alone.days[0])


def test_the_command_writes_what_it_promises(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    table(tmp_path)
    typed = ["experiment=backtest", "data=crises.csv", "train=crises.csv", "runs=8"]
    assert main(typed) == 0
    assert main([*typed, "threads=1"]) == 0
    printed = capsys.readouterr().out
    assert "Violence: ranked probability score" in printed
    assert "…" not in printed
    first, second = sorted((tmp_path / "outputs").iterdir())
    files = {"backtest.json", "manifest.json", "reliability.png", "report.html", "skill.png"}
    assert {file.name for file in first.iterdir()} == files
    for name in ("backtest.json", "reliability.png", "skill.png"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), "the same whatever the threads"

    result = json.loads((first / "backtest.json").read_text())
    assert [crisis["crisno"] for crisis in result["crises"]] == [901, 902]
    assert [crisis["observed"] for crisis in result["crises"]] == [1, 0]
    p = np.array([[crisis[name] for name in ("none", "minor", "serious", "war")] for crisis in result["crises"]])
    assert np.allclose(p.sum(axis=1), 1)
    assert np.all(p >= 0.25 / 9 - 1e-12), "(count + 1/4) / (runs + 1)"
    whole = result["scores"]["violence"]["all"]
    assert whole[MODEL]["log"] == pytest.approx(-np.log(p[[0, 1], [1, 0]]).mean())
    assert whole["n"] == 2
    assert set(whole["differences"]) == {
        "climatology", "trigger_climatology", "logit_before_onset", "logit_at_onset",
    }  # fmt: skip
    assert result["participation"]["USA"]["at_risk"] == 2
    assert json.loads((first / "manifest.json").read_text())["data_sha256"]


def test_unseen_crises_need_no_training_table(tmp_path, predicted):
    fit = read_crises(table(tmp_path))
    result = assess(fit, predicted(tmp_path / "crises.csv"), "severity")
    assert result["scores"]["severity"]["all"]["differences"] == {}
    assert [crisis["observed"] for crisis in result["crises"]] == [0, 0]


def test_parameters_from_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    table(tmp_path, row(901, trigger_type=2))
    (tmp_path / "calm.yaml").write_text(
        "rules: {chi_force: 30, incident_rate: 0}\nstart: {stake_base: 0.1, observation.miscoded: 0}\n"
    )
    assert main(["experiment=backtest", "data=crises.csv", "params=calm.yaml", "runs=8"]) == 0
    result = json.loads(next((tmp_path / "outputs").glob("*/backtest.json")).read_text())
    assert result["crises"][0]["none"] == pytest.approx(8.25 / 9)


def test_crps_of_draws():
    draws, happened = np.array([[0.0, 1.0, 3.0]]), np.array([2.0])
    pairs = np.abs(draws[0][:, None] - draws[0][None, :]).mean()
    assert _crps(draws, happened)[0] == pytest.approx(np.abs(draws[0] - 2).mean() - pairs / 2)


@needs_data
def test_every_crisis_of_the_table_becomes_a_scenario(settings, start_parameters):
    fit = crises("data", FOLDER / "crises_train.csv")
    for cells in fit.to_dict("records"):
        crisis = known(cells, start_parameters)
        scenario_of(crisis, settings.scenario.rules, settings.scenario.ladder, start_parameters)
    assert len(fit) == 302


def test_a_folder_of_the_published_files_will_do(tmp_path, start_parameters):
    found = crises("data", small.write(tmp_path))
    assert [crisis.number for crisis in at_trigger(found, start_parameters)] == [1]


BAD = [
    ("", row(901), "data", "missing"),
    ("data=nowhere.csv", row(901), "data", "'nowhere.csv'"),
    ("data=.", row(901), "icb1"),
    ("data=crises.csv fold=1", row(901), "fold", "2 or more"),
    ("data=crises.csv fold=5", row(901), "fold", "5", "number of conflicts"),
    ("data=crises.csv fold=2 train=crises.csv", row(901), "fold", "train"),
    ("data=crises.csv outcome=deaths", row(901), "outcome", "'deaths'", "severity"),
    ("data=crises.csv runs=0", row(901), "runs", "0"),
    ("data=crises.csv variant=wording_1961", row(901), "variant", "experiment=backtest"),
    ("data=crises.csv", row(901, violence_1to4=7), "crises.csv:2", "violence_1to4", "7"),
    ("data=crises.csv", row(901, trigger_type="war"), "crises.csv:2", "trigger_type", "war"),
    ("data=crises.csv", row(901, initiator_cow=1001), "crises.csv:2", "initiator_cow", "1001"),
    ("data=crises.csv", row(901, usable_dyad_notintrawar=0), "crises.csv", "no crisis that is fit"),
    ("data=crises.csv", row(901, trigger_type=""), "trigger_type", "crisis 901"),
    ("data=crises.csv params=none.yaml", row(901), "params", "'none.yaml'"),
    ("data=crises.csv params=slip.yaml", row(901), "slip.yaml", "rules.kapa", "did you mean 'kappa'?"),
    ("data=crises.csv params=twist.yaml", row(901), "twist.yaml", "stake_bas", "did you mean 'stake_base'?"),
    ("data=crises.csv params=other.yaml", row(901), "other.yaml", "starts", "did you mean 'start'?"),
]


@pytest.mark.parametrize(("typed", "cells", "words"), [(bad[0], bad[1], bad[2:]) for bad in BAD])
def test_what_is_wrong_is_refused(tmp_path, monkeypatch, capsys, typed, cells, words):
    monkeypatch.chdir(tmp_path)
    table(tmp_path, cells)
    (tmp_path / "slip.yaml").write_text("rules: {kapa: 0.1}\n")
    (tmp_path / "twist.yaml").write_text("start: {stake_bas: 0.1}\n")
    (tmp_path / "other.yaml").write_text("starts: {}\n")
    there = sorted(tmp_path.iterdir())
    assert main(["experiment=backtest", "runs=2", *typed.split()]) == 2
    printed, message = capsys.readouterr()
    assert printed == ""
    assert message.count("\n") == 1
    for word in words:
        assert word in message, message
    assert sorted(tmp_path.iterdir()) == there
