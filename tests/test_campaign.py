"""Campaigns: no run lost, none counted twice, the same bytes whatever happened on the way."""

import errno
import json
import os
import resource
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import sim
from campaigns import campaign, command, make_all, settings, tables, typed
from sim.campaign import gather, local, manifest, work
from sim.campaign.gather import gathered, standing
from sim.campaign.manifest import chunk_size, chunks, read, submitted
from sim.campaign.points import gathered_points
from sim.cli import main
from sim.config import with_variant
from sim.report.campaign import _share
from sim.scenario.errors import InputError


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Tables of a campaign that nothing disturbed, with its runs."""
    folder = tmp_path_factory.mktemp("whole")
    made = campaign(folder, "keep=runs")
    make_all(made)
    return tables(made)


@pytest.fixture(scope="module")
def whole_points(tmp_path_factory):
    """The same of a campaign that keeps no runs."""
    made = campaign(tmp_path_factory.mktemp("points"))
    make_all(made)
    return tables(made)


# --- the work divided ------------------------------------------------------------------------------


@pytest.mark.parametrize(("points", "runs", "size"), [(7, 3, 10), (7, 10, 3), (1, 1, 1), (5, 10, 10), (3, 1000, 999)])
def test_chunks_cover_every_run_of_every_point_once(points, runs, size):
    seen = np.zeros((points, runs), int)
    for number, chunk in enumerate(chunks(points, runs, size)):
        assert chunk.number == number and 0 < chunk.runs <= size
        seen[chunk.first_point : chunk.last_point, chunk.first_run : chunk.last_run] += 1
    assert (seen == 1).all()


@pytest.mark.parametrize("total", [1, 1000, 10**6, 10**9])
def test_parts_are_not_too_many(total):
    assert total / chunk_size(total) <= manifest.PARTS


@pytest.mark.parametrize("size", [7, 30, 100])
def test_tables_are_the_same_whatever_the_chunks(tmp_path, whole, size):
    made = campaign(tmp_path, "keep=runs", chunk=size)
    make_all(made)
    assert tables(made) == whole


def test_points_are_the_same_whether_runs_are_kept_or_not(whole, whole_points, tmp_path):
    for name, table in {"kept": whole, "not": whole_points}.items():
        (tmp_path / name).write_bytes(table["points.parquet"])
    assert pq.read_table(tmp_path / "kept").equals(pq.read_table(tmp_path / "not"))


def test_counts_are_those_of_a_simulation(tmp_path):
    made = campaign(tmp_path)
    make_all(made)
    rows = gathered(made).to_pylist()
    assert [row["variant"] for row in rows] == [None] * 3 + ["quiet"] * 3
    for row in (rows[1], rows[4]):
        by_hand = settings(tmp_path, "over=null", f"rules.omega={row['rules.omega']!r}",
                           f"dyads.PRK.USA.stake={row['dyads.PRK.USA.stake']!r}")  # fmt: skip
        table = sim.simulate(with_variant(by_hand, row["variant"]), 30, 1).table
        assert row["runs"] == 30 and row["failed"] is None
        assert row["war_count"] == table["war"].sum() and row["war"] == table["war"].mean()
        assert row["settled_count"] == table["day_settled"].notna().sum()
        assert row["force_KOR_count"] == (table["rung_KOR"] >= 5).sum()
        assert sum(row[f"rung_{rung}_count"] for rung in range(10)) == 30


# --- going on --------------------------------------------------------------------------------------


def spoil(made, other):
    """Damage parts in every way that is left by what may happen."""
    parts = [made.part(chunk) for chunk in made.chunks]
    parts[0].unlink()
    parts[1].write_bytes(parts[1].read_bytes()[:-100])
    flipped = bytearray(parts[2].read_bytes())
    flipped[200] ^= 255
    parts[2].write_bytes(flipped)
    parts[3].write_bytes(other.part(other.chunks[3]).read_bytes())
    parts[4].write_bytes(parts[5].read_bytes())
    parts[6].write_bytes(b"")
    (parts[0].parent / f".{parts[0].name}.abc.partial").write_bytes(b"half")


def test_what_is_missing_or_unsound_is_made_again_and_nothing_else(tmp_path, whole):
    made, other = (
        campaign(tmp_path, "keep=runs", chunk=10),
        campaign(tmp_path, "keep=runs", "seed=2", "name=b", chunk=10),
    )
    make_all(made)
    make_all(other)
    spoil(made, other)
    kept = made.part(made.chunks[7]).stat().st_mtime_ns
    found = standing(campaign(tmp_path, "keep=runs"))
    assert [chunk.number for chunk in found.todo] == [0, 1, 2, 3, 4, 6]
    assert [chunk.number for chunk in found.missing] == [0]
    make_all(made)
    assert tables(made) == whole
    assert made.part(made.chunks[7]).stat().st_mtime_ns == kept


@pytest.mark.parametrize("damaged", [b"settlee_tenths", b"settle\xe5_tenths"])
def test_a_part_whose_columns_have_other_names_is_unsound(tmp_path, damaged):
    made = campaign(tmp_path)
    work.make(made, made.chunks[0], {})
    assert work.state_of(made, made.chunks[0]) == "made"
    file = made.part(made.chunks[0])
    file.write_bytes(file.read_bytes().replace(b"settled_tenths", damaged))
    assert work.state_of(made, made.chunks[0]) == "unsound"


def test_an_incomplete_campaign_is_not_called_complete(tmp_path, capsys):
    made = campaign(tmp_path, chunk=30)
    make_all(made)
    made.part(made.chunks[2]).unlink()
    with pytest.raises(InputError, match=r"not complete: 1 of 6 parts are missing, 30 of 180 runs \(points 2\)"):
        gathered(made)
    assert main(["experiment=gather", "name=first", f"output={tmp_path}"]) == 2
    assert "points 2" in capsys.readouterr().err
    assert main(["experiment=status", f"output={tmp_path}"]) == 0
    printed = capsys.readouterr().out
    assert "1 of 6 parts are missing" in printed and "Go on: python -m sim" in printed
    assert f"experiment=resume name=first output={tmp_path}" in printed
    assert not list(made.folder.glob("points*"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("runs=31", "runs 30, now 31"),
        ("seed=2", "seed 1, now 2"),
        ("points=4", "points 6, now 8"),
        ("keep=runs", "keep 'points', now 'runs'"),
        ("over={rules.omega:[0.4,0.8],dyads.PRK.USA.stake:[1,3],variant:[null,quiet]}", "ranges"),
        ("states.RUS.committed=0.1", "figures of the scenario"),
    ],
)
def test_another_design_under_the_same_name_is_refused(tmp_path, more, said):
    campaign(tmp_path)
    with pytest.raises(InputError, match="another campaign") as refused:
        campaign(tmp_path, more)
    assert said in str(refused.value)


def test_a_changed_world_is_refused_but_its_campaign_goes_on_from_its_folder(tmp_path, whole_points):
    made = campaign(tmp_path)
    file = tmp_path / "own" / "worlds" / "tiny" / "dyads.csv"
    file.unlink()
    make_all(read(made.folder))
    assert tables(made) == whole_points


def test_another_engine_does_not_go_on(tmp_path, monkeypatch):
    campaign(tmp_path)
    monkeypatch.setattr(manifest, "engine_hash", lambda *more: "another")
    with pytest.raises(InputError, match="begun by another engine"):
        campaign(tmp_path)


def test_a_submission_that_was_killed_is_no_obstacle(tmp_path):
    (tmp_path / "campaigns" / ".first.partial").mkdir(parents=True)
    assert campaign(tmp_path).points == 6


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "campaigns" / "first").mkdir(parents=True)
    with pytest.raises(InputError, match="holds no campaign"):
        campaign(tmp_path)


# --- what goes wrong at a point --------------------------------------------------------------------


def test_a_point_that_fails_is_a_row_with_its_reason_and_is_tried_again(tmp_path, whole, monkeypatch):
    made = campaign(tmp_path, "keep=runs", chunk=20)
    right = work.run_point

    def wrong(campaign, chunk, point, *rest):
        if point == 2 and chunk.first_run > 0:
            raise ZeroDivisionError("by nothing")
        return right(campaign, chunk, point, *rest)

    monkeypatch.setattr(work, "run_point", wrong)
    make_all(made)
    rows = gathered(made).to_pylist()
    assert [row["failed"] for row in rows] == [None, None, "ZeroDivisionError: by nothing", None, None, None]
    assert rows[2]["runs"] == 0 and rows[2]["war"] is None and rows[2]["rules.omega"] is not None
    assert rows[2]["settled_tenths"] == [0] * 10  # also where another chunk of it did not fail
    assert set(pq.read_table(made.folder / "runs.parquet").column("point").to_pylist()) == {0, 1, 3, 4, 5}
    monkeypatch.setattr(work, "run_point", right)
    make_all(made)
    assert tables(made) == whole


def test_when_every_point_fails_there_is_still_a_table(tmp_path, monkeypatch):
    made = campaign(tmp_path, "keep=runs")
    monkeypatch.setattr(work, "run_point", lambda *arguments: 1 / 0)
    make_all(made)
    assert all("division" in row["failed"] for row in gathered(made).to_pylist())
    with pytest.raises(InputError, match=r"all failed, .*division by zero"):
        gathered_points(made)


def test_arrays_that_are_not_those_frozen_are_refused(tmp_path):
    made = campaign(tmp_path)
    file = made.folder / "design.parquet"
    table = pq.read_table(file)
    place = table.column_names.index("rules.omega")
    pq.write_table(table.set_column(place, "rules.omega", [[0.5] * 6]), file)
    with pytest.raises(InputError, match=r"point 0: .*SHA-256 differs"):
        make_all(read(made.folder))
    assert not list((made.folder / "parts").iterdir())


@pytest.mark.parametrize("damage", ["flipped", "cut"])
def test_a_design_that_is_damaged_is_not_gathered(tmp_path, damage):
    made = campaign(tmp_path)
    make_all(made)
    file = made.folder / "design.parquet"
    content = bytearray(file.read_bytes())
    value = struct.pack("<d", made.rows(0, 1).column("rules.omega")[0].as_py())
    content[content.index(value)] ^= 1
    file.write_bytes(content if damage == "flipped" else content[:-9])
    with pytest.raises(InputError, match="design cannot be read"):
        gathered(read(made.folder))


def test_a_full_disk_leaves_no_half_part(tmp_path, monkeypatch):
    made = campaign(tmp_path)

    def full(table, file, **options):
        file.write(b"PAR1")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(work.pq, "write_table", full)
    with pytest.raises(OSError, match="No space"):
        make_all(made)
    assert not list((made.folder / "parts").iterdir())


def test_where_compiled_code_cannot_be_kept_no_point_is_to_blame(tmp_path, monkeypatch):
    made = campaign(tmp_path)

    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(work, "run_point", full)
    with pytest.raises(OSError, match="No space"):
        make_all(made)
    assert not list((made.folder / "parts").iterdir())


def test_what_another_machine_may_be_writing_is_not_swept_out(tmp_path):
    made = campaign(tmp_path)
    fresh, old = (made.folder / "parts" / f".0000{at}.parquet.abc.partial" for at in range(2))
    for file in (fresh, old):
        file.write_bytes(b"half")
    os.utime(old, (0, 0))
    local.sweep_out(made)
    assert fresh.exists() and not old.exists()


# --- whole commands --------------------------------------------------------------------------------


def test_the_same_command_again_does_nothing_twice(tmp_path, capsys, monkeypatch, whole_points):
    settings(tmp_path)
    assert main(typed(tmp_path, "threads=2")) == 0
    printed = capsys.readouterr().out
    assert "6 points (lhs, 3 keys), 30 runs each" in printed and "War" in printed
    own = sim.load("tiny_strike", config_dirs=[tmp_path / "own"]).rules["omega"]
    assert f"rules.omega 0.4 to 0.9 (own: {own.low:.4g} to {own.high:.4g})" in " ".join(printed.split())
    made = read(tmp_path / "campaigns" / "first")
    assert (made.folder / "report.html").exists()
    page = (made.folder / "report.html").stat().st_mtime_ns
    times = [made.part(chunk).stat().st_mtime_ns for chunk in made.chunks]
    assert {name: (made.folder / name).read_bytes() for name in whole_points} == whole_points
    assert main(typed(tmp_path)) == 0
    assert "are made." in capsys.readouterr().out
    assert [made.part(chunk).stat().st_mtime_ns for chunk in made.chunks] == times
    assert (made.folder / "report.html").stat().st_mtime_ns == page
    monkeypatch.setattr("sim.report.page.write_campaign", lambda *about: None)  # which takes as long as all the rest
    assert main(["experiment=gather", "name=first", f"output={tmp_path}"]) == 0
    assert main(["experiment=status", "name=first", f"output={tmp_path}"]) == 0
    assert "made: 2 parts of 2" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["2024", "1.5", "1e5", "true", "1_000"])
def test_what_looks_like_a_number_is_a_name(name, tmp_path):
    assert campaign(tmp_path, f"name={name}").folder.name == name


@pytest.mark.parametrize(
    ("count", "runs", "shown"),
    [(0, 40, "none (< 8.81 %)"), (40, 40, "all (> 91.19 %)"), (10_000, 10_000, "all (> 99.9631 %)")],
)
def test_what_was_never_or_always_seen_is_a_bound(count, runs, shown):
    assert _share(count, runs) == shown


def test_a_campaign_that_cannot_be_read_hides_no_other(tmp_path, capsys):
    campaign(tmp_path)
    damaged = campaign(tmp_path, "name=damaged").folder / "manifest.json"
    damaged.write_text(damaged.read_text()[:50])
    assert main(["experiment=status", f"output={tmp_path}"]) == 0
    printed = capsys.readouterr().out
    assert "is no manifest of a campaign" in printed and "name=first" in printed
    assert main(["experiment=status", "name=damaged", f"output={tmp_path}"]) == 2


def test_two_commands_do_not_work_at_one_campaign(tmp_path):
    made = campaign(tmp_path)
    with local.alone(made), pytest.raises(InputError, match="another command"), local.alone(made):
        pass


@pytest.mark.skipif(local.fcntl is None, reason="Windows has no such locks")
def test_a_file_system_without_locks_keeps_nobody_from_work(tmp_path, monkeypatch):
    def unknown(*arguments):
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(local.fcntl, "flock", unknown)
    with local.alone(campaign(tmp_path)):
        pass


@pytest.mark.slow
def test_a_point_that_kills_its_workers_fails_alone(tmp_path, monkeypatch, whole_points):
    made = campaign(tmp_path, chunk=90)
    deadly = (
        "import os, sys; from pathlib import Path; from sim.campaign import work; right = work.run_point\n"
        "def run_point(campaign, chunk, point, *rest):\n"
        "    return os.kill(os.getpid(), 9) if point == 1 else right(campaign, chunk, point, *rest)\n"
        "work.run_point = run_point; work.serve(Path(sys.argv[1]))"
    )
    monkeypatch.setattr(local, "COMMAND", (sys.executable, "-c", deadly))
    local.work_off(made, standing(made).todo, 2, lambda chunk: None)
    rows = gathered(made).to_pylist()
    assert [row["point"] for row in rows if row["failed"]] == [1]
    assert "died 3 times (exit code -9)" in rows[1]["failed"]
    make_all(made)
    assert tables(made) == whole_points


def test_workers_that_cannot_begin_end_the_command(tmp_path, monkeypatch):
    made = campaign(tmp_path)
    monkeypatch.setattr(local, "COMMAND", (sys.executable, "-c", "raise SystemExit(3)"))
    with pytest.raises(local.UnfinishedError, match="exit code 3"):
        local.work_off(made, standing(made).todo, 2, lambda chunk: None)


# --- killed ----------------------------------------------------------------------------------------

LONG = ("points=8", "runs=400", "keep=runs")  # long enough to be killed on the way


@pytest.fixture(scope="module")
def whole_long(tmp_path_factory):
    folder = tmp_path_factory.mktemp("long")
    settings(folder)
    subprocess.run(command(folder, *LONG), check=True, capture_output=True)
    made = read(folder / "campaigns" / "first")
    return {file.name: file.read_bytes() for file in made.folder.glob("*.parquet")}


def heard() -> None:
    """Let a child hear Ctrl-C, which jobs in the background of a script ignore."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def begun(folder: Path, **options) -> subprocess.Popen:
    """Start the long campaign and wait until some parts are made."""
    settings(folder)
    process = subprocess.Popen(
        command(folder, *LONG, "threads=2"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
        preexec_fn=heard,
    )
    wait_for(lambda: len(parts(folder)) >= 3 or process.poll() is not None)
    return process


def wait_for(condition, seconds=120):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def parts(folder: Path) -> list[Path]:
    return list((folder / "campaigns" / "first" / "parts").glob("[0-9]*.parquet"))


def workers(parent: int) -> list[int]:
    """Children of a process, by the process table of Linux."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, ppid = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(ppid) == parent and state != "Z":
            found.append(int(stat.parent.name))
    return found


def finished(folder: Path) -> dict[str, bytes]:
    """Tables after the same command again, with another number of workers."""
    subprocess.run(command(folder, *LONG, "threads=3"), check=True, capture_output=True)
    return {file.name: file.read_bytes() for file in (folder / "campaigns" / "first").glob("*.parquet")}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs the process table of Linux")
def test_a_worker_that_is_killed_takes_nothing_with_it(tmp_path, whole_long):
    process = begun(tmp_path)
    os.kill(workers(process.pid)[0], signal.SIGKILL)
    assert process.wait() == 0
    assert {file.name: file.read_bytes() for file in (tmp_path / "campaigns" / "first").glob("*.parquet")} == whole_long


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs the process table of Linux")
def test_killed_with_all_its_workers_it_goes_on(tmp_path, whole_long):
    process = begun(tmp_path)
    for pid in (*workers(process.pid), process.pid):
        os.kill(pid, signal.SIGKILL)
    process.wait()
    assert 0 < len(parts(tmp_path)) < len(read(tmp_path / "campaigns" / "first").chunks)
    assert finished(tmp_path) == whole_long


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs the process table of Linux")
def test_when_the_command_alone_is_killed_its_workers_end_and_it_goes_on(tmp_path, whole_long):
    process = begun(tmp_path)
    orphans = workers(process.pid)
    assert orphans
    process.kill()
    process.wait()
    assert finished(tmp_path) == whole_long
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in orphans))


@pytest.mark.slow
def test_ctrl_c_leaves_it_to_be_continued_and_says_how(tmp_path, whole_long):
    process = begun(tmp_path)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert "sim: stopped" in said and "Go on by the same command: python -m sim" in said and "Traceback" not in said
    assert parts(tmp_path)
    assert finished(tmp_path) == whole_long


@pytest.mark.slow
def test_a_disk_that_is_full_leaves_it_to_be_continued(tmp_path, whole_long):
    process = begun(tmp_path)
    process.kill()
    process.wait()
    time.sleep(3)  # its workers end
    before = len(parts(tmp_path))

    def no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    failed = subprocess.run(command(tmp_path, *LONG), preexec_fn=no_room, capture_output=True, text=True, check=False)
    assert failed.returncode == 1
    assert "too large" in failed.stderr and "Go on by the same command" in failed.stderr
    assert len(parts(tmp_path)) == before
    assert finished(tmp_path) == whole_long


def test_manifest_says_what_was_asked_for_and_under_which_version(tmp_path):
    about = json.loads((campaign(tmp_path).folder / "manifest.json").read_text())
    assert about["keys"] == ["rules.omega", "dyads.PRK.USA.stake", "variant"]
    assert about["ranges"] == {"rules.omega": [0.4, 0.9], "dyads.PRK.USA.stake": [1.0, 3.0]}
    assert {"engine", "version", "libraries", "configuration", "command", "campaign"} <= about.keys()
    assert gather.standing(submitted(settings(tmp_path))).made == []
