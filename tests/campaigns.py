"""A small campaign on the tiny scenario, for tests of campaigns."""

import sys
from pathlib import Path

from bad_inputs import folder_of_ones_own
from sim.campaign.gather import gathered, standing
from sim.campaign.manifest import Campaign, submitted
from sim.campaign.work import make
from sim.config import Settings, compose

OVER = "over={rules.omega:[0.4,0.9],dyads.PRK.USA.stake:[1,3],variant:[null,quiet]}"
TYPED = ("scenario=tiny_strike", "experiment=sweep", "design=lhs", "points=3", "runs=30", "name=first", OVER)


def typed(folder: Path, *more: str) -> list[str]:
    """Words after `python -m sim` that sweep six points, with others in place of those that they contradict."""
    keys = [word.partition("=")[0] for word in more]
    words = [word for word in TYPED if word.partition("=")[0] not in keys]
    return ["--config-dir", str(folder / "own"), f"output={folder}", *words, *more]


def command(folder: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "sim", *typed(folder, *more)]


def settings(folder: Path, *more: str) -> Settings:
    if not (folder / "own").exists():
        folder_of_ones_own(folder / "own")
    return compose(typed(folder, *more)[2:], [folder / "own"])


def campaign(folder: Path, *more: str, chunk: int | None = None) -> Campaign:
    return submitted(settings(folder, *more), chunk)


def make_all(campaign: Campaign) -> None:
    """Do all that is still to be done, here and one after another."""
    for chunk in standing(campaign).todo:
        make(campaign, chunk, {})


def tables(campaign: Campaign) -> dict[str, bytes]:
    """Bytes of the tables that gathering writes."""
    gathered(campaign)
    return {file.name: file.read_bytes() for file in campaign.folder.glob("*.parquet")}
