"""Campaigns by a real Slurm of one node: the same bytes as here, whatever is cancelled, killed or edited on the way."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from campaigns import campaign, make_all, settings, tables, typed
from sim.campaign import slurm
from sim.campaign.gather import standing
from sim.campaign.manifest import Campaign, Chunk, read
from sim.cli import main
from sim.compute import compute_of
from sim.config import compose

HERE = Path(__file__).resolve().parent / "slurm"
DAEMONS = ("sbatch", "slurmctld", "slurmd", "munged")
LACKING = [name for name in DAEMONS if shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None]
REASON = f"needs {', '.join(LACKING)}" if LACKING else "needs root" if os.geteuid() else ""
ON_SLURM = ("compute=slurm", "compute.memory=1G", "compute.chunks=1")


def real(test):
    """Mark a test that needs a Slurm."""
    return pytest.mark.slow(pytest.mark.skipif(bool(REASON), reason=REASON)(test))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A Slurm whose arrays hold four tasks at most."""
    folder = tmp_path_factory.mktemp("cluster")
    before = {name: os.environ.get(name) for name in ("PATH", "SLURM_CONF")}
    os.environ |= {"PATH": f"{os.environ['PATH']}:/usr/sbin", "SLURM_CONF": str(folder / "slurm.conf")}
    try:
        subprocess.run([HERE / "up.sh", folder], check=True, timeout=120)
        yield folder
    finally:
        subprocess.run([HERE / "down.sh", folder], check=True)
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """The tables of the same campaign, made without Slurm."""
    made = campaign(tmp_path_factory.mktemp("here"), "keep=runs")
    make_all(made)
    return tables(made)


def begun(folder: Path, *more: str):
    """A campaign of six parts, frozen but not begun."""
    return campaign(folder, "keep=runs", *more, chunk=30)


def submit(folder: Path, *more: str) -> int:
    return main(typed(folder, "keep=runs", *ON_SLURM, *more))


def wait_for(condition, seconds=180):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.2)


def ended(made) -> bool:
    return not slurm.queue(made).jobs


@real
def test_tables_are_those_made_without_slurm_and_arrays_are_split(cluster, tmp_path, here, capsys):
    made = begun(tmp_path)
    assert slurm.largest_array() == 4
    before = time.monotonic()
    assert submit(tmp_path) == 0
    assert time.monotonic() - before < 30 and len(standing(made).missing) == 6  # it does not wait
    assert "Submitted: 6 tasks" in capsys.readouterr().out
    assert slurm.queue(made).chunks == set(range(6))
    assert sorted(file.name for file in slurm.place(made).glob("*.sh")) == ["0001-0.sh", "0001-4.sh", "0001-warm.sh"]
    assert submit(tmp_path) == 0  # while all is queued nothing is submitted
    assert "Nothing is to be submitted" in capsys.readouterr().out
    assert main(["experiment=gather", "name=first", f"output={tmp_path}"]) == 2
    assert main(["experiment=status", "name=first", f"output={tmp_path}"]) == 0
    assert "In the queue of Slurm" in capsys.readouterr().out
    # what was submitted does not change with the scenario
    world = tmp_path / "own" / "worlds" / "tiny" / "dyads.csv"
    world.write_text(world.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    wait_for(lambda: ended(made))
    assert main(["experiment=gather", "name=first", f"output={tmp_path}"]) == 0
    assert {name: (made.folder / name).read_bytes() for name in here} == here


@real
def test_what_was_cancelled_goes_on_and_nothing_is_done_twice(cluster, tmp_path, here, capsys):
    made = begun(tmp_path)
    assert submit(tmp_path) == 0
    wait_for(lambda: len(standing(made).made) >= 1)
    assert main(["experiment=cancel", "name=first", f"output={tmp_path}"]) == 0
    wait_for(lambda: ended(made))
    left = len(standing(made).missing)
    assert 0 < left < 6
    times = {chunk.number: made.part(chunk).stat().st_mtime_ns for chunk in standing(made).made}
    shutil.rmtree(tmp_path / "own")  # resuming needs the folder alone
    capsys.readouterr()
    assert main(["experiment=resume", "name=first", f"output={tmp_path}", *ON_SLURM]) == 0
    assert f"Submitted: {left} task" in capsys.readouterr().out
    wait_for(lambda: ended(made))
    assert tables(made) == here
    assert times == {number: made.part(made.chunks[number]).stat().st_mtime_ns for number in times}


LONGER = "runs=200"  # parts that take long enough to be caught between two of them


@pytest.fixture(scope="module")
def longer_here(tmp_path_factory):
    """The tables of a longer campaign, made without Slurm."""
    made = campaign(tmp_path_factory.mktemp("longer"), LONGER)
    make_all(made)
    return tables(made)


def caught(folder: Path) -> tuple[Campaign, dict[int, int]]:
    """A campaign whose one task has made some of six parts and then hangs; and when these parts were made."""
    made = campaign(folder, LONGER, chunk=200)
    assert main(typed(folder, LONGER, *ON_SLURM, "compute.chunks=6", "compute.time=5")) == 0
    wait_for(lambda: any(made.part(chunk).exists() for chunk in made.chunks))
    for pid in processes_of(made):
        os.kill(pid, signal.SIGSTOP)
    found = standing(made)
    assert found.made and found.missing
    return made, made_at(made, found.made)


def made_at(made: Campaign, chunks: Iterable[Chunk]) -> dict[int, int]:
    return {chunk.number: made.part(chunk).stat().st_mtime_ns for chunk in chunks}


def processes_of(made: Campaign) -> list[int]:
    """Processes that work at a campaign, by the process table of Linux."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if f"sim.campaign.work\0{made.folder}" in file.read_text():
                found.append(int(file.parent.name))
    return found


def told_slurm(made: Campaign, *command: str) -> None:
    """Have scontrol do something to every job of a campaign."""
    for job in slurm.queue(made).jobs:
        subprocess.run(["scontrol", *[word.format(job=job) for word in command]], check=True)


@real
def test_a_task_that_is_preempted_makes_what_is_missing_and_nothing_twice(cluster, tmp_path, longer_here):
    made, times = caught(tmp_path)
    told_slurm(made, "requeue", "{job}")  # what preemption does, and a node that fails
    wait_for(lambda: not standing(made).lacking)
    assert times == made_at(made, [made.chunks[number] for number in times])
    assert tables(made) == longer_here


@real
def test_a_task_that_runs_out_of_time_keeps_its_parts_and_resume_makes_the_others(
    cluster, tmp_path, longer_here, capsys
):
    made, times = caught(tmp_path)
    told_slurm(made, "update", "jobid={job}", "EndTime=now")  # its time is up; Slurm looks twice a minute
    wait_for(lambda: ended(made))
    assert made_at(made, standing(made).made) == times
    capsys.readouterr()
    assert main(["experiment=status", "name=first", f"output={tmp_path}"]) == 0
    assert "DUE TO TIME LIMIT" in " ".join(capsys.readouterr().out.split())
    assert main(["experiment=resume", "name=first", f"output={tmp_path}", *ON_SLURM, "compute.chunks=6"]) == 0
    assert "Submitted: 1 task" in capsys.readouterr().out
    wait_for(lambda: not standing(made).lacking)
    assert times == made_at(made, [made.chunks[number] for number in times])
    assert tables(made) == longer_here


@real
def test_where_nothing_compiles_no_task_waits_for_ever_and_status_says_why(cluster, tmp_path, capsys):
    made = begun(tmp_path)
    manifest = made.folder / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    assert submit(tmp_path) == 0
    manifest.write_text(text.replace(made.manifest["engine"], "another"), encoding="utf-8")
    wait_for(lambda: ended(made))
    assert len(standing(made).missing) == 6
    capsys.readouterr()
    assert main(["experiment=status", "name=first", f"output={tmp_path}"]) == 0
    assert "begun by another engine" in " ".join(capsys.readouterr().out.split())


@real
def test_what_slurm_refuses_is_refused_before_anything_is_written(cluster, tmp_path, capsys):
    settings(tmp_path)
    assert submit(tmp_path, "compute.partition=nowhere") == 2
    assert "partition" in capsys.readouterr().err
    assert not (tmp_path / "campaigns").exists()


# --- without Slurm ---------------------------------------------------------------------------------


def test_without_sbatch_it_is_refused_and_nothing_is_written(tmp_path, monkeypatch, capsys):
    settings(tmp_path)
    monkeypatch.setattr(slurm.shutil, "which", lambda name: None)
    assert submit(tmp_path) == 2
    assert "login node" in capsys.readouterr().err
    assert not (tmp_path / "campaigns").exists()


def test_a_script_says_all_that_a_task_asks_for(tmp_path, monkeypatch):
    chosen = compose(["compute=slurm", "compute.partition=long", "compute.time=1-00:00:00", "compute.cpus=4",
                      'compute.lines=["--qos=low"]'])  # fmt: skip
    made, sent = campaign(tmp_path, chunk=30), []

    def told(command):
        sent.append(command)
        return "MaxArraySize = 4" if command[0] == "scontrol" else "17;elsewhere"

    monkeypatch.setattr(slurm, "_told", told)
    assert slurm.submit(made, made.chunks, compute_of({**chosen.tree["compute"], "chunks": 1})) == 6
    script = (slurm.place(made) / "0001-4.sh").read_text(encoding="utf-8")
    for option in ("partition=long", "time=1-00:00:00", "cpus-per-task=4", "mem=2G", "qos=low", "requeue",
                   "array=0-1", "dependency=afterok:17", "kill-on-invalid-dep=yes"):  # fmt: skip
        assert f"#SBATCH --{option}\n" in script
    assert "account" not in script
    assert f"-m sim.campaign.task {read(made.folder).folder} 1 4" in script
    assert [command[0] for command in sent] == ["scontrol", "sbatch", "sbatch", "sbatch"]
    assert slurm.tasks_of(made, 1) == [[0], [1], [2], [3], [4], [5]]
