"""A finished run is read as it was written, or refused with the reason."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import sim
from bad_inputs import folder_of_ones_own
from named import ENGINE
from sim.cli import main
from sim.columns import LABEL_LENGTH, NAME_LENGTH, SCHEMA, TABLES, documented, stands_for
from sim.config import available, compose, recompose
from sim.export import main as export_main
from sim.outcomes import KINDS
from sim.outcomes.measured import SLOW
from sim.plot import save_figures
from sim.scenario.build import build
from sim.scenario.errors import InputError
from sim.store import arrays_hash, file_hash

TYPED = ("runs=40", "horizon_weeks=8", "seed=3")


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    output = tmp_path_factory.mktemp("outputs")
    assert main([*TYPED, f"output={output}"]) == 0
    (folder,) = output.iterdir()
    return folder


@pytest.fixture
def copy(written, tmp_path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "run"))


def edit(folder: Path, **changes) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def test_it_answers_as_the_runs_did(written, tmp_path):
    runs = sim.simulate(sim.load("korea_strike", ["horizon_weeks=8"]), runs=40, seed=3)
    opened = sim.open(written)
    assert (len(opened), opened.seed, opened.scenario) == (40, 3, runs.scenario)
    for name in ("table", "events", "series"):
        pd.testing.assert_frame_equal(getattr(opened, name), getattr(runs, name))
    assert (opened.rungs == runs.rungs).all() and (opened.days == runs.days).all()
    assert opened.summary() == runs.summary()
    assert opened._repr_html_() == runs._repr_html_()
    for figure in save_figures(opened, tmp_path):
        assert figure.read_bytes() == (written / "figures" / figure.name).read_bytes()


CHANGED = ("rules.omega=0.7", "rules=prior", "states.RUS.committed=0.3", "parameters=centre", "ladder=seven_rungs")


@pytest.mark.parametrize(
    "overrides",
    [
        *([f"scenario={name}"] for name in ENGINE),
        *([text] for text in CHANGED),
        *(pytest.param([f"scenario={name}"], marks=pytest.mark.slow) for name in available() if name not in ENGINE),
    ],
)
def test_a_configuration_that_went_through_the_manifest_gives_the_same_numbers(overrides):
    settings = compose(overrides)
    tree = json.loads(json.dumps(settings.tree, default=str))
    assert arrays_hash(build(settings.scenario)) in {arrays_hash(build(scenario)) for scenario in recompose(tree)}


@pytest.mark.usefixtures("undrawn")
def test_a_world_that_has_changed_refuses_the_scenario_and_nothing_else(tmp_path):
    own = folder_of_ones_own(tmp_path / "mine")
    arguments = ["--config-dir", str(own), "scenario=tiny_strike", "runs=2", "horizon_weeks=3"]
    assert main([*arguments, f"output={tmp_path / 'out'}"]) == 0
    (folder,) = (tmp_path / "out").iterdir()
    assert sim.open(folder).scenario.name == "tiny_strike"
    states = own / "worlds" / "tiny" / "states.csv"
    text = states.read_text(encoding="utf-8")
    shutil.rmtree(own / "worlds")
    with pytest.raises(InputError, match=r"cannot be composed as it was run .* scenario\.world"):
        _ = sim.open(folder).scenario
    folder_of_ones_own(own)
    first = text.splitlines()[1]
    states.write_text(text.replace(first, first.replace("1", "2")), encoding="utf-8")
    with pytest.raises(InputError, match="cannot be composed as it was run"):
        _ = sim.open(folder).scenario
    assert len(sim.open(folder).table) == 2


def test_an_earlier_schema_is_read(copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    del manifest["sha256"]
    (copy / "manifest.json").write_text(json.dumps(manifest | {"schema": 1}))
    assert len(sim.open(copy)) == 40


def test_a_run_from_before_some_columns_is_read_and_exported(copy, tmp_path):
    """A new column does not raise the schema, so a run of it may lack some."""
    file = copy / "runs.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["path", "belligerents", "days_war", "day_rung_3"]), file)
    manifest = json.loads((copy / "manifest.json").read_text())
    edit(copy, sha256=manifest["sha256"] | {"runs.parquet": file_hash(file)})
    opened = sim.open(copy)
    assert "path" not in opened.table and opened.scenario.name == "korea_strike"
    assert export_main([str(copy), "--format", "dta", "--into", str(tmp_path / "dta")]) == 0


def spoil_table(folder: Path) -> None:
    file = folder / "runs.parquet"
    pq.write_table(pq.read_table(file).slice(1), file)


REFUSED = {
    "altered": (spoil_table, "was altered: runs.parquet"),
    "summary": (lambda folder: (folder / "summary.json").write_text("{}"), "was altered: summary.json"),
    "lacking": (lambda folder: (folder / "events.parquet").unlink(), "is not complete: it has no events.parquet"),
    "no sum": (lambda folder: edit(folder, sha256={}), "no SHA-256 of runs.parquet"),
    "newer": (lambda folder: edit(folder, schema=SCHEMA + 1, version="9.9"), f"by version 9.9, schema {SCHEMA + 1}"),
    "other": (lambda folder: (folder / "manifest.json").write_text("{}"), "is no folder of experiment=run"),
    "another's": (
        lambda folder: (folder / "manifest.json").write_text('{"command": ["python", "experiment=compare"]}'),
        "is no folder of experiment=run: it is one of experiment=compare",
    ),
    "no number": (lambda folder: edit(folder, seed=None), "its seed is no int"),
    "no schema": (lambda folder: edit(folder, schema=0), "there was no schema 0"),
    "broken": (lambda folder: (folder / "manifest.json").write_text("{"), "manifest.json that cannot be read"),
    "a list": (lambda folder: (folder / "manifest.json").write_text("[]"), "manifest.json that cannot be read"),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "has no manifest.json"),
    "gone": (shutil.rmtree, "the folder of a run, which exists"),
    "short": (lambda folder: (edit(folder, schema=1), spoil_table(folder)), "do not hold the 40 runs"),
    "no table": (
        lambda folder: (edit(folder, schema=1), (folder / "series.parquet").write_text("run,day")),
        "series.parquet that cannot be read",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused(name, copy):
    spoil, message = REFUSED[name]
    spoil(copy)
    with pytest.raises(InputError) as refused:
        sim.open(copy)
    assert message in str(refused.value) and str(copy) in str(refused.value) and "\n" not in str(refused.value)


def test_the_folder_above_names_the_run_within(written):
    with pytest.raises(InputError, match=f"did you mean '{written}'"):
        sim.open(written.parent)


def test_jupyter_is_shown_words_and_no_markup(copy):
    summary = json.loads((copy / "summary.json").read_text())
    (copy / "summary.json").write_text(json.dumps(summary | {"scenario": "<script>", "variant": "a & b"}))
    edit(copy, schema=1)
    shown = sim.open(copy)._repr_html_()
    assert "&lt;script&gt; [a &amp; b]" in shown and "<script>" not in shown
    assert "95 % intervals" in shown and "not a forecast" in shown and "War" in shown


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_documented_and_every_documented_column_exists(name, written):
    names = pq.read_schema(written / f"{name}.parquet").names
    columns = list(documented(TABLES[name], names))
    assert [column.name for column in columns] == names
    for column in columns:
        assert len(column.name) <= NAME_LENGTH and len(column.meaning) <= LABEL_LENGTH and column.kind in KINDS
    assert all(any(stands_for(c, n) for n in names) for c in TABLES[name] if c.missing != SLOW)


@pytest.mark.parametrize("name", TABLES)
def test_values_are_missing_only_where_that_is_documented(name, written):
    opened = sim.open(written)
    table = {"runs": opened.table, "events": opened.events, "series": opened.series}[name]
    missing = {column.name for column in documented(TABLES[name], map(str, table)) if column.missing}
    assert set(table.columns[table.isna().any()]) <= missing
