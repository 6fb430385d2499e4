"""Campaigns: made, gone on with, gathered, and asked what matters in them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from rich.console import Console

from sim.config import Settings
from sim.experiments.terminal import announce_compilation, progress, written
from sim.scenario.errors import InputError, UnfinishedError, wrong

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.campaign.manifest import Campaign
    from sim.compute import Local, Slurm


def sweep(settings: Settings, console: Console) -> None:
    """Simulate every point of a design, or go on where that stopped: progress, a table, a folder of its own."""
    from sim.campaign.manifest import submitted
    from sim.campaign.slurm import require_accepted
    from sim.compute import Slurm
    from sim.report.campaign import wider

    if isinstance(settings.compute, Slurm):
        require_accepted(settings.compute)
    campaign = submitted(settings)
    if beyond := wider(campaign, settings.scenario):
        console.print(beyond)
    _go_on(campaign, settings, settings.compute, console)


def resume(settings: Settings, console: Console) -> None:
    """Go on with a campaign by its name, whatever has become of the scenario's files, and where it was begun."""
    from sim.campaign.manifest import folder_of, read, require_engine
    from sim.compute import compute_of

    campaign = read(folder_of(settings))
    require_engine(campaign)
    begun = campaign.manifest["configuration"]["compute"]
    _go_on(campaign, settings, settings.compute if "compute" in settings.given else compute_of(begun), console)


def _go_on(campaign: Campaign, settings: Settings, compute: Local | Slurm, console: Console) -> None:
    """Do what is missing of a campaign, here or by Slurm; gather it if nothing is."""
    from sim.campaign import slurm
    from sim.campaign.gather import gathered, standing
    from sim.campaign.local import alone, sweep_out, work_off
    from sim.compiled import is_cached
    from sim.compute import Slurm
    from sim.ensemble import run_chunk
    from sim.report.campaign import begun, show_submitted
    from sim.report.page import write_campaign

    with alone(campaign):
        found, waiting = standing(campaign), slurm.queue(campaign)
        console.print(begun(campaign, found), soft_wrap=True)
        if not waiting.jobs:
            sweep_out(campaign)
        if isinstance(compute, Slurm) and found.todo:
            rest = [chunk for chunk in found.todo if chunk.number not in waiting.chunks]
            show_submitted(campaign, slurm.submit(campaign, rest, compute) if rest else 0, waiting, console)
            return
        if waiting.jobs and found.todo:
            problem = "is in the queue of Slurm; wait for it, or take it out with experiment=cancel"
            raise InputError(problem, key="name", value=campaign.folder.name)
        if found.todo:
            announce_compilation(run_chunk)
        try:
            with progress() as bar:
                todo = sum(chunk.runs for chunk in found.todo)
                total = campaign.points * campaign.runs
                task = bar.add_task(campaign.folder.name, total=total, completed=total - todo)
                work_off(
                    campaign, found.todo, settings.threads, lambda chunk: bar.update(task, advance=chunk.runs),
                    is_cached(run_chunk),
                )  # fmt: skip
            points = gathered(campaign)
            page = campaign.folder / "report.html"
            if not page.exists() or page.stat().st_mtime < _last_made(campaign):
                write_campaign(campaign, points)
        except KeyboardInterrupt:
            raise _to_be_continued(settings, "stopped", 130) from None
        except (OSError, UnfinishedError) as error:
            raise _to_be_continued(settings, str(error), 1) from None
    _show(campaign, points, console)


def _last_made(campaign: Campaign) -> float:
    """When the last part was made, here or by Slurm."""
    return max(campaign.part(chunk).stat().st_mtime for chunk in campaign.chunks)


def _show(campaign: Campaign, points: pa.Table, console: Console) -> None:
    from sim.report.campaign import show

    show(campaign, points, console)
    written(console, campaign.folder)


def _to_be_continued(settings: Settings, why: str, code: int) -> UnfinishedError:
    again = shlex.join(settings.command)
    return UnfinishedError(f"{why}; all parts that are made are kept. Go on by the same command: {again}", code)


def cancel(settings: Settings, console: Console) -> None:
    """Take a campaign out of the queue of Slurm; what is made stays."""
    from sim.campaign import slurm
    from sim.campaign.manifest import folder_of, read

    campaign = read(folder_of(settings))
    found = slurm.cancel(campaign)
    if not found.jobs:
        console.print(f"{campaign.folder.name} has nothing in the queue of Slurm.")
        return
    console.print(f"Taken out of the queue: {found.running + found.waiting:,} tasks. What is made stays.")
    console.print(f"Go on: {campaign.command('resume')}", soft_wrap=True)


def gather(settings: Settings, console: Console) -> None:
    """Put the parts of a campaign that is complete together: tables of points and of runs."""
    from sim.campaign.gather import gathered
    from sim.campaign.local import alone
    from sim.campaign.manifest import folder_of, read
    from sim.report.page import write_campaign

    campaign = read(folder_of(settings))
    with alone(campaign):
        points = gathered(campaign)
        write_campaign(campaign, points)
    _show(campaign, points, console)


def status(settings: Settings, console: Console) -> None:
    """Tell how far a campaign is, or all of them, and how to go on; nothing is written."""
    from sim.campaign import slurm
    from sim.campaign.gather import standing
    from sim.campaign.manifest import every, folder_of, read
    from sim.report.campaign import show_queue, show_standing

    place = settings.output / "campaigns"
    folders = every(place) if settings.campaign is None else [folder_of(settings)]
    if not folders:
        problem = "must be a folder in which there are campaigns; experiment=sweep name=NAME makes one"
        raise InputError(problem, key="output", value=str(settings.output))
    for folder in folders:
        try:
            campaign = read(folder)
        except InputError as error:
            if settings.campaign is not None:
                raise
            console.print(f"{folder.name}: {error}", soft_wrap=True)  # and the others are told of
            continue
        found = standing(campaign)
        show_standing(campaign, found, console)
        if found.lacking and slurm.place(campaign).is_dir():
            show_queue(campaign, found, console)


def sensitivity(settings: Settings, console: Console) -> None:
    """Tell which keys of a campaign its outcomes hang on: tables, sensitivity.json, figures, a page."""
    from sim import store
    from sim.campaign.manifest import folder_of, read
    from sim.campaign.points import as_json
    from sim.campaign.sensitivity import sensitivity as analysed
    from sim.plot.sensitivity import save_heatmap, save_tornado
    from sim.report.page import write_sensitivity
    from sim.report.sensitivity import show

    store.require_writable(settings.output)
    campaign = read(folder_of(settings))
    result = as_json(analysed(campaign, settings.target))
    final = store.named_folder(settings.output, f"sensitivity-{result['name']}", settings.tree)
    with store.filling(final) as folder:
        about = store.about(settings.tree, settings.command)
        store.write_json(folder / "sensitivity.json", result)
        store.write_json(folder / "manifest.json", about)
        for number, group in enumerate(result["groups"]):
            end = f"-{number}" if len(result["groups"]) > 1 else ""
            save_heatmap(result, group, folder / f"heatmap{end}")
            for target, found in group["targets"].items():
                if found["keys"]:
                    save_tornado(result, group, target, folder / f"tornado-{target}{end}")
        write_sensitivity(campaign, result, about, folder)
    show(result, console)
    written(console, final)


def discovery(settings: Settings, console: Console) -> None:
    """Look for the region of a campaign's keys in which an outcome is likely: boxes, a tree, a figure, a page."""
    from sim import store
    from sim.campaign.discovery import discovery as discovered
    from sim.campaign.manifest import folder_of, read
    from sim.plot.discovery import save_boxes
    from sim.report.discovery import show, tree_lines
    from sim.report.page import write_discovery

    store.require_writable(settings.output)
    if settings.target is not None and len(settings.target) != 1:
        raise wrong("target", list(settings.target), "one outcome, such as war")
    (target,) = settings.target or ("war",)
    campaign = read(folder_of(settings))
    result, drawn = discovered(campaign, target, settings.threshold)
    final = store.named_folder(settings.output, f"discovery-{result['name']}", settings.tree)
    with store.filling(final) as folder:
        about = store.about(settings.tree, settings.command)
        store.write_json(folder / "discovery.json", result)
        store.write_json(folder / "manifest.json", about)
        for number, (group, points) in enumerate(zip(result["groups"], drawn, strict=True)):
            if group["problem"]:
                continue
            end = f"-{number}" if len(drawn) > 1 else ""
            (folder / f"tree{end}.txt").write_text("\n".join(tree_lines(group)) + "\n", encoding="utf-8")
            save_boxes(result, group, points.X, points.share, folder / f"boxes{end}")
        write_discovery(campaign, result, about, folder)
    show(result, console)
    written(console, final)
