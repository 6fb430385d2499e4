"""A task of an array: ``python -m sim.campaign.task FOLDER SUBMISSION FIRST``, started by Slurm.

It makes those of its parts that are not there yet, so it may be stopped and put back into the queue at any time.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sim.campaign.local import work_off
from sim.campaign.manifest import Campaign, Chunk, model_of, read, require_engine
from sim.campaign.slurm import tasks_of
from sim.campaign.work import run_point, state_of
from sim.ensemble import compiled_runner
from sim.scenario.errors import InputError, UnfinishedError


def warm(campaign: Campaign) -> None:
    """Compile, by one run of the first point, so that the tasks after this one need not."""
    row = campaign.rows(0, 1).to_pylist()[0]
    run_point(campaign, Chunk(0, 0, 1, 0, 1), 0, model_of(campaign, campaign.base(row["base"]), row), compiled_runner())


def work(campaign: Campaign, numbers: list[int]) -> None:
    """Make the parts of a task that are missing, with as many processes as the task has cores."""
    chunks = [campaign.chunks[number] for number in numbers]
    todo = [chunk for chunk in chunks if state_of(campaign, chunk) != "made"]
    work_off(campaign, todo, int(os.environ.get("SLURM_CPUS_PER_TASK", "1")), lambda chunk: None)


def main(folder: Path, submission: int, first: str) -> None:
    """Do what this task of the array is for."""
    campaign = read(folder)
    require_engine(campaign)
    if first == "warm":
        warm(campaign)
    else:
        work(campaign, tasks_of(campaign, submission)[int(first) + int(os.environ["SLURM_ARRAY_TASK_ID"])])


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
    except (InputError, UnfinishedError, OSError) as error:
        sys.exit(f"sim: {error}")
