"""The command line: a readable answer and a whole folder, or one message and nothing at all."""

import errno
import json
import os
import subprocess
import sys

import pandas as pd
import pytest

import sim
from bad_inputs import folder_of_ones_own
from sim.cli import main
from sim.config import cases, compose
from sim.scenario.build import build
from sim.store import arrays_hash


def test_a_run_prints_the_answer_and_leaves_a_folder(tmp_path, capsys):
    assert main(["runs=20", "horizon_weeks=4", f"output={tmp_path}"]) == 0
    printed = capsys.readouterr().out
    assert "RUS for PRK" in printed and "War" in printed
    (folder,) = tmp_path.iterdir()
    assert len(pd.read_parquet(folder / "runs.parquet")) == 20
    assert {"run", "kind", "treaty", "level"} <= set(pd.read_parquet(folder / "events.parquet").columns)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["seed"] == 1 and manifest["runs"] == 20 and len(manifest["arrays_sha256"]) == 64
    assert json.loads((folder / "summary.json").read_text())["runs"] == 20
    assert list((folder / "figures").glob("*.png")) and list((folder / "figures").glob("*.svg"))


def manifest(folder):
    (run,) = folder.iterdir()
    return json.loads((run / "manifest.json").read_text())


def test_ten_thousand_may_be_written_as_a_float_and_is_shown_in_full(capsys):
    assert main(["runs=1e4", "horizon_weeks=2.6e1", "--cfg", "job"]) == 0
    shown = capsys.readouterr().out
    assert "\nruns: 10000\n" in shown and "\nhorizon_weeks: 26\n" in shown


@pytest.mark.usefixtures("undrawn")
def test_what_was_run_is_printed_and_kept_as_it_was_understood(tmp_path, capsys):
    assert main(["runs=2e0", "seed=1e1", "horizon_weeks=2", f"output={tmp_path}"]) == 0
    assert "2 runs, seed 10, 2 weeks" in capsys.readouterr().out
    kept = manifest(tmp_path)
    assert (kept["runs"], kept["seed"]) == (2, 10)
    assert (repr(kept["configuration"]["runs"]), repr(kept["configuration"]["seed"])) == ("2", "10")


def arrays(*overrides, config_dirs=()):
    return arrays_hash(build(compose(overrides, config_dirs).scenario))


def test_codes_in_lower_case_mean_the_same():
    upper = arrays("states.RUS.committed=0.3", "dyads.PRK>USA.stake=2")
    assert upper == arrays("states.rus.committed=0.3", "dyads.prk>usa.stake=2") != arrays()


def test_a_byte_order_mark_in_a_table_changes_nothing(tmp_path):
    folder = folder_of_ones_own(tmp_path)
    plain = arrays("scenario=tiny_strike", config_dirs=[folder])
    for table in (folder / "worlds" / "tiny").glob("*.csv"):
        table.write_text("\ufeff" + table.read_text(encoding="utf-8"), encoding="utf-8")
    assert arrays("scenario=tiny_strike", config_dirs=[folder]) == plain


CTRL_C = """
import os, signal, sys
import sim.batch, sim.store
from sim.cli import main

def press(*_):
    os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)  # jobs in the background of a script ignore it
simulate = sim.batch.simulate
if sys.argv[1] == "running":
    sim.batch.simulate = lambda *a, progress, **k: simulate(*a, progress=press, **k)
else:  # tables are written, summary and manifest are not
    sim.store.write_json = press
sys.exit(main([f"runs={sys.argv[2]}", "horizon_weeks=2", f"output={sys.argv[3]}"]))
"""


@pytest.mark.parametrize(("moment", "runs"), [("running", 10_000_000), ("writing", 5)])
def test_ctrl_c_stops_at_once_and_leaves_nothing(tmp_path, moment, runs):
    """The signal comes from within, at a known moment: while runs are under way, and between two files."""
    output = tmp_path / "out"
    command = [sys.executable, "-c", CTRL_C, moment, str(runs), str(output)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 130
    assert done.stderr.strip() == "sim: stopped; nothing of this run was written"
    assert moment == "writing" or done.stdout == ""
    assert not list(output.glob("*")) and not list(output.glob(".*"))


def test_help_names_the_scenarios(capsys):
    assert main(["--help"]) == 0
    assert "korea_strike" in capsys.readouterr().out


def run(*arguments, **options):
    """A short run in a process of its own."""
    command = [sys.executable, "-m", "sim", "runs=5", "horizon_weeks=2", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


@pytest.mark.slow
def test_a_reader_that_goes_away_costs_no_results(tmp_path):
    with run(f"output={tmp_path}") as process:
        process.stdout.close()
        assert process.wait() == 0 and b"Traceback" not in process.stderr.read()
    assert manifest(tmp_path)["runs"] == 5


@pytest.mark.slow
def test_a_terminal_without_some_letters_costs_no_results(tmp_path):
    with run(f"output={tmp_path}", env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}) as process:
        assert b"South Korea" in process.communicate()[0]
    assert process.returncode == 0 and manifest(tmp_path)["runs"] == 5


def test_a_full_disk_is_told_in_a_line_and_leaves_nothing(tmp_path, monkeypatch, capsys):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "summary.json")

    monkeypatch.setattr("sim.store.write_json", full)
    assert main(["runs=2", "horizon_weeks=2", f"output={tmp_path}"]) == 1
    said = capsys.readouterr().err.strip()
    assert said == "sim: summary.json: No space left on device; nothing of this run was written"
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("undrawn")
def test_the_command_that_is_kept_names_every_folder(tmp_path, monkeypatch):
    folder_of_ones_own(tmp_path / "mine")
    (tmp_path / "more").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIM_SCENARIO_PATH", "mine")
    typed = ["scenario=tiny_strike", "runs=2", "horizon_weeks=3", "output=out"]
    assert main(["--config-dir", "more", *typed]) == 0
    kept = manifest(tmp_path / "out")["command"]
    assert kept == ["python", "-m", "sim", "--config-dir", "mine", "--config-dir", "more", *typed]
    monkeypatch.delenv("SIM_SCENARIO_PATH")
    assert main(kept[3:]) == 0


def test_check_looks_into_every_variant(tmp_path, capsys):
    variants = {"odd": {"summary": "Odd.", "treaties": {"USA-KOR-1935": {"in_force": False}}}}
    folder = folder_of_ones_own(tmp_path / "mine", variants=variants)
    assert main(["--config-dir", str(folder), "scenario=tiny_strike", "experiment=check"]) == 2
    assert "'USA-KOR-1935'" in capsys.readouterr().err


def test_a_scenario_that_does_not_parse_does_not_keep_cases_from_being_found(tmp_path):
    (tmp_path / "half_written.yaml").write_text("name: [half\n")
    assert len(cases(compose(["experiment=cases"], [tmp_path]))) >= 14


@pytest.mark.usefixtures("undrawn")
def test_a_precision_stops_at_whole_hundreds_with_the_bytes_of_so_many_runs(tmp_path, capsys):
    typed = ["horizon_weeks=4", "threads=2"]
    assert main([*typed, "precision=0.04", f"output={tmp_path / 'a'}"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    (first,) = (tmp_path / "a").iterdir()
    runs = json.loads((first / "manifest.json").read_text())["runs"]
    assert runs % 100 == 0 and f"{runs:,} runs were enough" in printed
    assert main([*typed, f"runs={runs}", f"output={tmp_path / 'b'}"]) == 0
    (second,) = (tmp_path / "b").iterdir()
    for name in ("runs.parquet", "events.parquet", "series.parquet", "summary.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    war = json.loads((first / "summary.json").read_text())["probabilities"]["war"]
    assert (war["high"] - war["low"]) / 2 <= 0.04 and len(sim.open(first)) == runs


@pytest.mark.usefixtures("undrawn")
def test_runs_are_the_most_that_a_precision_may_take(tmp_path, capsys):
    assert main(["horizon_weeks=4", "precision=0.001", "runs=150", f"output={tmp_path}"]) == 0
    assert "Not reached within 150 runs" in " ".join(capsys.readouterr().out.split())
    assert manifest(tmp_path)["runs"] == 150
