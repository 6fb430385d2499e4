"""The log in words: each kind of entry fills the columns that it can fill, and no other."""

import json
import os
import subprocess
import sys

import pandas as pd
import pytest

import sim
from sim.belligerents import coalitions
from sim.outcomes.course import _sides
from sim.paths import paths, rung_of


@pytest.mark.parametrize(
    ("kind", "filled"),
    [
        ("rung", {"target", "rung"}),
        ("alert", {"target", "alert"}),
        ("settled", set()),
        ("offered", {"target", "choice"}),
        ("mediated", {"target"}),
        ("armistice_broken", {"target", "rung"}),
        ("armistice_restored", {"target"}),
        ("rearmed", {"choice"}),
    ],
)
def test_an_entry_fills_its_columns(some_runs, kind, filled):
    rows = some_runs.events[some_runs.events["kind"] == kind]
    assert len(rows)
    rows = rows[rows["treaty"].isna()]
    for column in ("target", "rung", "alert", "level", "choice"):
        assert rows[column].notna().all() if column in filled else rows[column].isna().all(), column


def test_words_of_new_entries(some_runs, model, scenario):
    events = some_runs.events

    def words(kind, column):
        return set(events.loc[events["kind"] == kind, column].astype(str))

    assert words("offered", "choice") == {"talks", "concession"}
    assert words("rearmed", "choice") == {"begun", "stopped"}
    assert words("mediated", "target") <= set(model.theatres)
    assert events.loc[events["kind"] == "armistice_broken", "rung"].min() >= scenario.ladder.force


# --- the course of a run ---------------------------------------------------------------------------


def fighters(text):
    """States of a constellation that use force."""
    return {
        state for quarrel in text.split(", ") for side in quarrel.split(" v ") for state in side.split("+") if state
    }


@pytest.mark.parametrize(
    ("fights", "told"),
    [
        ((), ""),
        ((("A", "B"),), "A v (B)"),
        ((("A", "B"), ("B", "A")), "A v B"),
        ((("A", "C"), ("B", "C"), ("C", "A")), "A+B v C"),
        ((("A", "B"), ("C", "D"), ("D", "C")), "A v (B), C v D"),
        ((("A", "B"), ("C", "B"), ("D", "C")), "A+C v (B)+D"),  # who attacks C is beside whom C attacks
        ((("A", "B"), ("B", "C"), ("C", "A")), "A v B v C"),
    ],
)
def test_sides_are_told_apart_by_common_enemies(fights, told):
    assert _sides(fights) == told


def test_who_fights_is_who_uses_force(some_runs):
    force = some_runs.scenario.ladder.force
    for _, run in some_runs.table.iterrows():
        armed = {code for code in some_runs.scenario.world.states if run[f"rung_{code}"] >= force}
        assert {state for state in fighters(run["belligerents"]) if not state.startswith("(")} == armed


def test_a_path_climbs_to_the_highest_rung(some_runs):
    for _, run in some_runs.table.iterrows():
        steps = run["path"].split(" > ")
        rungs = [rung_of(step) for step in steps]
        assert rungs == sorted(set(rungs)) and rungs[-1] == run["highest_rung"]
        top = some_runs.scenario.ladder.top
        for rung in (rung for rung in rungs[:-1] if rung < top):
            assert run[f"day_rung_{rung}"] <= run[f"day_rung_{rung + 1}"]


def test_a_step_holds_all_who_rose_to_it_in_that_round(some_runs):
    moves = some_runs.events.dropna(subset=["rung"])
    moves = moves[moves["treaty"].isna() | (moves["kind"] == "rung")]
    for run in (0, 3, 11):
        row = some_runs.table.loc[run]
        who, _, rung = row["path"].split(" > ")[-1].rpartition(" ")
        day = row["day_nuclear"] if row["nuclear_use"] else row[f"day_rung_{rung}"]
        rose = moves[(moves["run"] == run) & (moves["day"] == day) & (moves["rung"] == int(rung))]
        moved = rose["kind"].isin(["act", "rung", "incident", "widened", "nuclear_use"])
        assert set(who.split("+")) == set(rose[moved]["actor"])


def test_days_of_rungs_are_those_of_the_thresholds(some_runs):
    table, ladder = some_runs.table, some_runs.scenario.ladder
    for name in ("force", "lethal", "war"):
        pd.testing.assert_series_equal(
            table[f"day_rung_{getattr(ladder, name)}"], table[f"day_{name}"], check_names=False
        )


def test_days_at_war_are_those_of_the_series(some_runs):
    table, series, ladder = some_runs.table, some_runs.series, some_runs.scenario.ladder
    at_war = series[(series["rung"] >= ladder.war) & (series["day"] > 0)].groupby("run").size()
    lived = table["day_nuclear"].isna()  # nuclear use ends a run; the series goes on where it stood
    expected = table["run"].map(at_war).fillna(0) * some_runs.scenario.turn_days
    assert (table["days_war"][lived] == expected[lived]).all() and (table["days_war"] <= table["last_day"]).all()
    assert not table.loc[~table["war"], "days_war"].any() and (table["days_force"] >= table["days_war"]).all()


# --- what the summary makes of it ------------------------------------------------------------------


def test_reaching_settling_and_neither_are_all_there_is(some_runs):
    summary, table = some_runs.summary(), some_runs.table
    for row in summary["time_to_rung"]:
        for week, reached in row["reached"].items():
            assert reached["share"] + row["settled_short_of_it"][week]["share"] + row["neither"][week] == pytest.approx(
                1
            )
            assert reached["count"] == (table[f"day_rung_{row['rung']}"] < 7 * int(week)).sum()


def test_paths_by_hand():
    told = paths(pd.Series(["A 4 > B 7 > A 8", "A 4 > B 7", "A 4 > A+C 7", "A 4 > B 5", "A 4", "A 4 > A+C 7"]), war=7)
    assert (told["runs"], told["wars"], told["distinct"]) == (6, 4, 2)
    assert [(row["path"], row["share"]["count"]) for row in told["to_war"]] == [("A 4 > A+C 7", 2), ("A 4 > B 7", 2)]
    assert [(step["step"], step["share"]["count"], step["share"]["n"]) for step in told["to_war"][1]["steps"]] == [
        ("A 4", 6, 6),
        ("B 7", 2, 6),
    ]
    (branch,) = told["branches"]
    assert (branch["after"], branch["n"], branch["no_further"]["count"]) == ("A 4", 6, 1)
    assert [row["step"] for row in branch["next"]] == ["A+C 7", "B 7", "B 5"]


def test_coalitions_by_hand():
    told = coalitions(pd.Series(["A+B v C", "A+B v C", "A+B v C, D v (E)", "A v C", "", "A+B+(F) v C+D"]))
    assert [(row["states"], row["against"], row["share"]["count"]) for row in told["together"]] == [
        (["A", "B"], "C", 4),
        (["C", "D"], "A+B+(F)", 1),
    ]
    assert sum(row["share"]["count"] for row in told["sides"]) == 6


def test_dyads_go_as_far_as_their_states(some_runs):
    summary, table, ladder = some_runs.summary(), some_runs.table, some_runs.scenario.ladder
    for code in ("KOR", "USA", "PRK"):
        rows = [
            row["at_least"].get(str(ladder.war), {"count": 0})["count"]
            for row in summary["dyads"]
            if row["state"] == code
        ]
        assert max(rows) <= (table[f"rung_{code}"] >= ladder.war).sum() <= sum(rows)


def test_every_outcome_is_summarised_by_its_kind(some_runs):
    outcomes, table = some_runs.summary()["outcomes"], some_runs.table
    assert outcomes["war"]["count"] == table["war"].sum()
    assert outcomes["day_war"]["happened"]["count"] == table["war"].sum()
    assert outcomes["days_war"]["mean"]["value"] == pytest.approx(table["days_war"].mean())
    assert set(outcomes["lost_STATE"]["each"]) == set(some_runs.scenario.world.states)
    assert sum(row["share"]["count"] for row in outcomes["path"]["most"]) <= len(table)
    json.dumps(outcomes, allow_nan=False)


def test_one_run_has_a_summary_that_can_be_written(scenario):
    json.dumps(sim.simulate(scenario, runs=1, seed=1).summary(), allow_nan=False)


# --- an outcome of one's own -----------------------------------------------------------------------

ADDED = '''

def mine(ends: Finals) -> Columns:
    """Added by a test."""
    rung = ends.chunk.rung
    return {"even_run": (ends.chunk.first + np.arange(len(rung))) % 2 == 0, "days_mine": rung[:, -1] * 7.0}


OUTCOMES += (
    Outcome(mine, (
        Column("even_run", "truth", "The number of the run is even", told="Even run"),
        Column("days_mine", "days", "A length of time", told="My days"),
    )),
)
'''
EVERYWHERE = """
from pathlib import Path
from sim.cli import main
from sim.export import main as export
out = ["runs=20", "horizon_weeks=3", "threads=2"]
assert main([*out, "output=run"]) == 0
assert export([str(next(Path("run").iterdir())), "--format", "dta", "--into", "dta"]) == 0
assert main([*out, "output=compare", "experiment=compare", "variants=[as_is,without_2024_clause]"]) == 0
assert main([*out, "runs=2", "output=attribute", "experiment=attribute"]) == 0
assert main([*out, "output=uncertainty", "experiment=uncertainty", "points=10"]) == 0
assert main([*out, "output=.", "experiment=sweep", "name=c", "design=list", "over.rules.omega=[0.4,0.8]"]) == 0
"""


AS_IF_WRITTEN = f"""
import sys
from importlib.machinery import PathFinder, SourceFileLoader
class Loader(SourceFileLoader):
    def get_code(self, name):
        return compile(self.get_data(self.path) + {ADDED.encode()!r}, self.path, "exec")
class Finder(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        spec = super().find_spec(name, path, target) if name == "sim.outcomes.measured" else None
        if spec is not None:
            spec.loader = Loader(name, spec.origin)
        return spec
sys.meta_path.insert(0, Finder)
"""


@pytest.mark.slow
def test_an_outcome_is_added_in_one_file_and_appears_everywhere(tmp_path):
    """The file is read with lines added to it, by workers too; a copy of the package would be compiled anew."""
    (tmp_path / "sitecustomize.py").write_text(AS_IF_WRITTEN, encoding="utf-8")
    places = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    env = os.environ | {"PYTHONPATH": places, "COLUMNS": "100"}
    done = subprocess.run([sys.executable, "-c", EVERYWHERE], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

    def read(experiment, name):
        (file,) = tmp_path.glob(f"{experiment}/*/{name}")
        return json.loads(file.read_text()) if name.endswith(".json") else pd.read_parquet(file)

    assert "Even run" in done.stdout and "My days" in done.stdout
    assert read("run", "runs.parquet")["even_run"].sum() == 10
    assert read("run", "summary.json")["outcomes"]["even_run"]["count"] == 10
    with pd.io.stata.StataReader(tmp_path / "dta" / "runs.dta") as stata:
        assert stata.variable_labels()["even_run"] == "The number of the run is even"
    compared = read("compare", "compare.json")
    assert "even_run" in [outcome["name"] for outcome in compared["outcomes"]]
    assert "days_mine" in [amount["name"] for amount in compared["amounts"]]
    assert "even_run" in read("attribute", "attribute.json")["parts"][0]["others"]
    assert read("uncertainty", "uncertainty.json")["outcomes"]["even_run"]["count"] == 10
    assert list(pd.read_parquet(tmp_path / "campaigns" / "c" / "points.parquet")["even_run_count"]) == [10, 10]
