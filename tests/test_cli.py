"""The command line: a readable answer and a whole folder, or one message and nothing at all."""

import json

import pandas as pd
import pytest

from sim.cli import main


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


@pytest.mark.parametrize(
    ("argument", "named"),
    [
        ("scenario=korea_strik", "korea_strike"),
        ("rules.kapa=1", "kappa"),
        ("runs=0", "runs"),
        ("experiment=rum", "run"),
    ],
)
def test_a_refusal_is_one_message_and_writes_nothing(tmp_path, capsys, argument, named):
    assert main([argument, f"output={tmp_path / 'out'}"]) == 2
    said = capsys.readouterr().err
    assert named in said and "Traceback" not in said
    assert not list(tmp_path.iterdir())


def test_an_output_that_cannot_be_written_to_is_refused_before_any_run(tmp_path, capsys):
    file = tmp_path / "file"
    file.write_text("")
    assert main(["runs=5", f"output={file / 'below'}"]) == 2
    assert "output" in capsys.readouterr().err


def test_help_names_the_scenarios(capsys):
    assert main(["--help"]) == 0
    assert "korea_strike" in capsys.readouterr().out
