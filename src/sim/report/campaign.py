"""A campaign on a terminal: how far it is, and what its points say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.text import Text

from sim.campaign import sensitivity
from sim.campaign.discovery import FEWEST
from sim.campaign.gather import Standing, lacks
from sim.campaign.keys import key_of
from sim.campaign.manifest import Campaign
from sim.campaign.points import OUTCOMES
from sim.campaign.sensitivity import METHODS
from sim.campaign.slurm import Queue, complaints, place, queue
from sim.estimate import proportion
from sim.report.tables import spaced, titled_table
from sim.scenario.errors import UnfinishedError
from sim.scenario.schema import Scenario, titled

FAILURES, LISTED = 5, 5  # shown


def begun(campaign: Campaign, found: Standing) -> str:
    """Say what is to be done, and what of it there is."""
    about = campaign.manifest
    text = (
        f"Campaign {about['name']}: {_count(campaign.points, 'point')} ({about['design']}, "
        f"{_count(len(about['keys']), 'key')}), {_count(campaign.runs, 'run')} each, in "
        f"{_count(len(campaign.chunks), 'part')}."
    )
    if found.made:
        text += f" {len(found.made):,} are made."
    if found.failed:
        text += f" {len(found.failed):,} hold points that failed and are made again."
    if found.unsound:
        text += f" {len(found.unsound):,} are damaged or of another campaign and are made again."
    return text


def wider(campaign: Campaign, scenario: Scenario) -> str:
    """Say which keys are varied beyond their own ranges, as a slip of the decimal point would do; else nothing."""
    found = []
    for key, (low, high) in campaign.manifest["ranges"].items():
        figure = key_of(key, scenario).figure
        if figure is not None and figure.uncertain and not figure.low <= low < high <= figure.high:
            found.append(f"{key} {low:.4g} to {high:.4g} (own: {figure.low:.4g} to {figure.high:.4g})")
    more = f", and {len(found) - LISTED:,} more" if len(found) > LISTED else ""
    return f"Wider than the scenario's own ranges: {', '.join(found[:LISTED])}{more}." if found else ""


def show(campaign: Campaign, points: pa.Table, console: Console) -> None:
    """Print the spread of the main outcomes over the points, and which points failed."""
    failed = points.filter(pc.is_valid(points.column("failed")))
    whole = points.filter(pc.is_null(points.column("failed")))
    about = campaign.manifest
    title = titled(about["scenario"], about["variant"])
    console.print()
    console.print(Text(f"{about['name']}: {title}", style="bold"))
    console.print(
        f"{campaign.points:,} points, {campaign.runs:,} runs each, seed {about['seed']}; shares of runs under these "
        "assumptions with 95 % intervals (Monte Carlo only), not a forecast."
    )
    if len(whole):
        table = titled_table("Points by share of runs", "", "lowest", "median", "highest")
        for name in OUTCOMES:
            counts = np.sort(whole.column(f"{name}_count").to_numpy())
            shares = counts[[0, (len(counts) - 1) // 2, -1]]
            table.add_row(spaced(name).capitalize(), *(_share(count, campaign.runs) for count in shares))
        for column in table.columns:
            column.no_wrap = False  # a narrow terminal parts an interval from its share, and cuts neither
        table.caption = "Of many points the lowest and the highest are partly luck. All points: points.parquet."
        table.caption_justify = "left"
        console.print()
        console.print(table)
    if len(failed):
        console.print(f"\n{len(failed):,} points failed; the same command tries them again.")
        for row in failed.slice(0, FAILURES).select(["point", "failed"]).to_pylist():
            console.print(Text(f"  point {row['point']}: {row['failed']}"))


def _share(count: int, runs: int) -> str:
    """A share with its interval, short; never 0 % or 100 % for what merely has not been seen, or missed."""
    share = proportion(count, runs)
    if share.count in (0, share.n):
        gap = float(f"{100 * (share.high if share.count == 0 else 1 - share.low):.3g}")
        return f"none (< {gap:g} %)" if share.count == 0 else f"all (> {100 - gap:.10g} %)"
    return str(share)


def show_standing(campaign: Campaign, found: Standing, console: Console) -> None:
    """Print how far a campaign is, and the command that goes on with it."""
    about = campaign.manifest
    console.print(Text(f"{about['name']}: {about['scenario']}, {about['design']}", style="bold"))
    if found.lacking:
        console.print(lacks(campaign, found.lacking), soft_wrap=True)
    else:
        console.print(f"made: {_count(len(campaign.chunks), 'part')} of {len(campaign.chunks):,}")
        _show_commands(campaign, "Next, where points and runs are enough:", _next(campaign), console)
    if found.failed:
        console.print(f"{len(found.failed):,} parts hold points that failed; the same command tries them again")
    if found.todo:
        console.print(f"Go on: {campaign.command('resume')}", soft_wrap=True)


def _next(campaign: Campaign) -> list[str]:
    """Experiments for which a complete campaign has points enough, as far as their number tells."""
    if not (campaign.folder / "points.parquet").exists():
        return ["gather"]
    points = campaign.points // campaign.manifest["copies"]
    found = ["sensitivity"] if campaign.manifest["design"] in METHODS or points >= sensitivity.FEWEST else []
    return [*found, *(["discovery"] if points >= FEWEST else [])]


def show_submitted(campaign: Campaign, tasks: int, waiting: Queue, console: Console) -> None:
    """Say what was given to Slurm, and how to look after it."""
    if waiting.jobs:
        console.print(f"In the queue of Slurm already: {_tasks(waiting)}.")
    if tasks:
        console.print(f"Submitted: {_count(tasks, 'task')}, after one that compiles.")
    else:
        console.print("Nothing is to be submitted.")
    _show_commands(campaign, "", ("status", "gather", "cancel"), console)


def _show_commands(campaign: Campaign, title: str, experiments: Sequence[str], console: Console) -> None:
    if title and experiments:
        console.print(title)
    for experiment in experiments:
        console.print(f"  {campaign.command(experiment)}", soft_wrap=True)


def show_queue(campaign: Campaign, found: Standing, console: Console) -> None:
    """Say what Slurm still has of a campaign, and what tasks said that ended without their parts."""
    try:
        waiting = queue(campaign)
    except UnfinishedError as error:
        console.print(Text(f"Slurm: {error}"), soft_wrap=True)
        return
    lost = [chunk for chunk in found.lacking if chunk.number not in waiting.chunks]
    there = f"In the queue of Slurm: {_tasks(waiting)}" if waiting.jobs else "Nothing is in the queue of Slurm"
    console.print(f"{there}; of the parts that are missing it will not make {len(lost):,}.")
    for number, (log, line) in enumerate(complaints(campaign, lost)):
        if number == FAILURES:
            break
        console.print(Text(f"  {place(campaign) / log}: {line}"), soft_wrap=True)


def _tasks(waiting: Queue) -> str:
    if waiting.jobs and not waiting.running + waiting.waiting:
        return "the task that compiles"
    return f"{_count(waiting.running, 'task')} at work, {waiting.waiting:,} waiting"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
