"""Tables for R and Stata hold what the Parquet tables hold, with words for codes, and replace nothing unasked."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from pandas.io.stata import StataReader

import sim
from campaigns import campaign, make_all
from sim.campaign.gather import gathered
from sim.cli import main
from sim.columns import TABLES, documented
from sim.export import export
from sim.export import main as export_main
from sim.report.sheets import RESERVED, _for_stata, sheets_of_campaign, sheets_of_run
from sim.report.words import ALERTS
from undrawn import leave_undrawn


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> sim.StoredRuns:
    output = tmp_path_factory.mktemp("outputs")
    with pytest.MonkeyPatch.context() as patch:
        leave_undrawn(patch)
        assert main(["runs=40", "horizon_weeks=8", f"output={output}"]) == 0
    (folder,) = output.iterdir()
    return sim.open(folder)


@pytest.fixture(scope="module")
def stata(runs, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dta")
    export(sheets_of_run(runs), "dta", folder)
    return folder


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """Numbers as floats, words as text, empty where they are missing."""
    return pd.DataFrame(
        {
            name: column.astype(float)
            if pd.api.types.is_numeric_dtype(column) and column.notna().any()
            else column.astype(object).fillna("")
            for name, column in table.items()
        }
    )


def parquet(runs: sim.StoredRuns, name: str) -> pd.DataFrame:
    return plain(pd.read_parquet(runs.folder / f"{name}.parquet"))


@pytest.mark.parametrize("name", TABLES)
def test_stata_files_equal_the_tables(name, runs, stata):
    read = pd.read_stata(stata / f"{name}.dta", convert_categoricals=False)
    read = read.rename(columns={new: old for old, new in RESERVED.items()})
    pd.testing.assert_frame_equal(plain(read), parquet(runs, name), check_column_type=False)


@pytest.mark.parametrize("name", TABLES)
def test_stata_variables_carry_their_line(name, runs, stata):
    with StataReader(stata / f"{name}.dta") as reader:
        labels = reader.variable_labels()
    names = pq.read_schema(runs.folder / f"{name}.parquet").names
    lines = {RESERVED.get(c.name, c.name): c.meaning for c in documented(TABLES[name], names)}
    assert labels == lines


def test_stata_codes_carry_their_words(runs, stata):
    with StataReader(stata / "runs.dta") as reader:
        reader.read()
        words = reader.value_labels()
    assert words["highest_rung"] == dict(enumerate(runs.scenario.ladder.titles))
    assert words["alert_PRK"] == dict(enumerate(ALERTS))
    assert words["help_RUS"][3] == "limited forces" and words["war"] == {0: "no", 1: "yes"}
    assert not {"run", "day_war", "lost_KOR"} & words.keys()
    levels = pd.read_stata(stata / "events.dta")["rung"]
    assert set(levels.dropna().astype(str)) <= set(runs.scenario.ladder.titles)


def test_csv_files_equal_the_tables(runs, tmp_path):
    export(sheets_of_run(runs), "csv", tmp_path)
    for name in TABLES:
        pd.testing.assert_frame_equal(
            plain(pd.read_csv(tmp_path / f"{name}.csv")),
            parquet(runs, name),
            check_column_type=False,
        )
    text = (tmp_path / "runs.csv").read_text()
    assert ",TRUE," in text and ",FALSE," in text and "True" not in text and "nan" not in text.lower()


def test_text_longer_than_stata_s_fixed_width_is_kept(runs, tmp_path):
    log = runs.log.set_column(5, "treaty", [["x" * 3000 + "é"] * runs.log.num_rows])
    long = sim.StoredRuns(runs.folder, runs.manifest, runs.table, log, runs.series, runs.summary())
    export(sheets_of_run(long), "dta", tmp_path)
    assert set(pd.read_stata(tmp_path / "events.dta")["treaty"]) == {"x" * 3000 + "é"}


def test_runs_without_an_entry_have_an_empty_table(runs, tmp_path):
    log = runs.log.slice(0, 0)
    empty = sim.StoredRuns(runs.folder, runs.manifest, runs.table, log, runs.series, runs.summary())
    for form in ("dta", "csv"):
        export(sheets_of_run(empty), form, tmp_path)
    assert len(pd.read_stata(tmp_path / "events.dta")) == len(pd.read_csv(tmp_path / "events.csv")) == 0


def test_the_command_writes_beside_the_run_and_replaces_nothing_unasked(runs, capsys, tmp_path):
    command = [str(runs.folder), "--format", "dta", "--into", str(tmp_path / "new")]
    assert export_main(command) == 0
    assert [line.rpartition("/")[2] for line in capsys.readouterr().out.split()[1::2]] == [f"{t}.dta" for t in TABLES]
    first = {file.name: file.read_bytes() for file in (tmp_path / "new").iterdir()}
    assert export_main(command) == 2
    said = capsys.readouterr().err
    assert "runs.dta" in said and "--overwrite" in said and said.count("\n") == 1
    assert export_main([*command, "--overwrite"]) == 0
    assert {file.name: file.read_bytes() for file in (tmp_path / "new").iterdir()} == first


def test_a_table_that_cannot_be_written_leaves_nothing(runs, monkeypatch, tmp_path):
    def full(*_, **__):
        raise OSError(28, "No space left on device", "series.dta")

    monkeypatch.setattr("sim.export._write_stata", full)
    assert export_main([str(runs.folder), "--format", "dta", "--into", str(tmp_path)]) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["--format", "CSV"], "--format: unknown value 'CSV'; allowed: csv, dta; did you mean 'csv'?"),
        ([], "--format"),
        (["--format", "csv", "--in", "x"], "--into DIR"),
        (["--format", "csv", "--into", "/dev/null/x"], "--into: '/dev/null/x'"),
        (["--format", "csv", "--into", ""], "--into: ''"),
    ],
)
def test_what_is_wrong_is_refused_in_a_line(typed, words, runs, capsys):
    assert export_main([str(runs.folder), *typed]) == 2
    said = capsys.readouterr().err
    assert said.startswith("sim.export: ") and words in said and said.count("\n") == 1


def test_a_folder_in_a_file_s_place_is_not_replaced(runs, capsys, tmp_path):
    (tmp_path / "runs.csv").mkdir()
    assert export_main([str(runs.folder), "--format", "csv", "--into", str(tmp_path), "--overwrite"]) == 2
    assert "holds a folder where a file would be written" in capsys.readouterr().err


def test_a_folder_that_is_no_run_is_refused(capsys, tmp_path):
    assert export_main([str(tmp_path), "--format", "csv"]) == 2
    assert "is no folder of a run" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_a_column_that_stata_has_no_room_for_is_refused(runs, tmp_path):
    table = runs.table.assign(**{"a" * 33: 1})
    long = sim.StoredRuns(runs.folder, runs.manifest, table, runs.log, runs.series, runs.summary())
    with pytest.raises(ValueError, match="longer than 32"):
        export(sheets_of_run(long), "csv", tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_the_manifest_says_of_the_run_is_in_the_file(runs, stata):
    with StataReader(stata / "runs.dta") as reader:
        assert reader.data_label == f"sim {sim.__version__}: korea_strike, runs"
        assert np.datetime64(pd.to_datetime(reader.time_stamp), "D") == np.datetime64(
            json.loads((runs.folder / "manifest.json").read_text())["created"][:10], "D"
        )


# --- of a campaign ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A campaign over numbers, words and switches, with its runs."""
    over = "over={rules.omega:[0.4,0.9],theories.USA:[quantal,prospect],treaties.USA-KOR-1953.in_force:[true,false]}"
    made = campaign(tmp_path_factory.mktemp("swept"), "keep=runs", "points=2", over)
    make_all(made)
    gathered(made)
    return made


@pytest.mark.parametrize("form", ["csv", "dta"])
def test_files_of_a_campaign_equal_its_tables(form, swept, tmp_path):
    sheets = sheets_of_campaign(swept)
    assert [file.name for file in export(sheets, form, tmp_path)] == [f"points.{form}", f"runs.{form}"]
    for sheet in sheets.sheets:
        file = tmp_path / f"{sheet.name}.{form}"
        read = pd.read_csv(file) if form == "csv" else pd.read_stata(file, convert_categoricals=False)
        if form == "dta":
            read = read.rename(columns={new: old for old, new in sheet.renamed.items()})
        table = pd.read_parquet(swept.folder / f"{sheet.name}.parquet")
        table = table[[name for name in table if not name.endswith("_tenths")]]
        pd.testing.assert_frame_equal(plain(read), plain(table), check_column_type=False)


def test_stata_tells_the_keys_of_a_campaign_whole(swept, tmp_path):
    export(sheets_of_campaign(swept), "dta", tmp_path)
    with StataReader(tmp_path / "points.dta") as reader:
        reader.read()
        lines, words = reader.variable_labels(), reader.value_labels()
    assert lines["rules_omega"] == "rules.omega" and lines["treaties_USA_KOR_1953_in_force"].endswith(".in_force")
    assert lines["war"] == "Share of runs: war" and lines["force_KOR_count"] == "Runs: KOR uses force"
    assert words["treaties_USA_KOR_1953_in_force"] == {0: "no", 1: "yes"} and "war" not in words
    with StataReader(tmp_path / "runs.dta") as reader:
        reader.read()
        assert "highest_rung" in reader.value_labels() and reader.variable_labels()["point"] == "Number of the point"


def test_keys_that_stata_would_take_for_one_are_told_apart():
    long = "treaties.RUS_DPRK_2024.clauses.article_4.strength"
    names = _for_stata([long, f"{long}_2", "a.b", "a_b"], ["point", long, f"{long}_2", "a.b", "a_b"])
    assert len(set(names.values())) == 4 and max(map(len, names.values())) == 32 and names["a_b"] == "a_b"


def test_a_campaign_that_is_not_gathered_is_not_exported(swept, capsys, tmp_path):
    made = campaign(tmp_path)
    assert export_main([str(made.folder), "--format", "csv"]) == 2
    assert "must be gathered first" in capsys.readouterr().err
    assert export_main([str(swept.folder), "--format", "csv", "--into", str(tmp_path / "csv")]) == 0
    assert capsys.readouterr().out.count("Written: ") == 2
    make_all(made)
    gathered(made)
    points = made.folder / "points.parquet"
    points.write_bytes(points.read_bytes()[:-9])
    assert export_main([str(made.folder), "--format", "csv"]) == 2
    assert "points.parquet is damaged" in capsys.readouterr().err
