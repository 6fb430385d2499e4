"""What the command line can do: each experiment by name, with a line about it and the keys that it takes.

An experiment is a function of the validated settings and a console. What it needs is imported when it is
asked for: `--help` need not wait for the compiler's library.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.config import Settings
from sim.scenario.errors import InputError, UnfinishedError, require_member, wrong
from sim.scenario.load import TREE_KEYS
from sim.scenario.schema import titled

if TYPE_CHECKING:
    import pandas as pd

    from sim.campaign.manifest import Campaign
    from sim.compute import Local, Slurm
    from sim.plot.forest import Forest
    from sim.study.parting import Parting


def run(settings: Settings, console: Console) -> None:
    """Run a scenario: progress on standard error, tables on standard output, files and a page in a new folder."""
    from sim import store
    from sim.batch import MOST, simulate
    from sim.ensemble import run_chunk
    from sim.plot import save_figures
    from sim.report.console import show, show_precision
    from sim.report.page import write_run

    store.require_writable(settings.output)
    _announce_compilation(run_chunk)
    most = settings.runs if settings.precision is None or "runs" in settings.given else MOST
    with _progress() as bar:
        told = _tasks(bar)(settings.scenario.name, most)
        runs = simulate(
            settings.scenario, most, settings.seed, settings.threads, progress=told, precision=settings.precision
        )  # fmt: skip
    final = store.new_folder(settings.output, settings.scenario, settings.tree)
    with store.filling(final) as folder:
        manifest = store.write(runs, folder, settings.tree, settings.command)
        save_figures(runs, folder / "figures")
        write_run(runs, manifest, _world(settings), folder)
    show(settings.scenario, runs.summary(), console)
    if settings.precision is not None:
        show_precision(settings.precision, most, runs.summary(), console)
    _written(console, final)


def replay(settings: Settings, console: Console) -> None:
    """Tell one run of the batch turn by turn, and write it as text and as JSON Lines."""
    from sim import store
    from sim.phases.decide import explain
    from sim.report import replay as report
    from sim.study.replay import replay as watch

    store.require_writable(settings.output)
    _announce_compilation(explain)
    watched = watch(settings.scenario, settings.seed, settings.run)
    final = store.new_folder(settings.output, settings.scenario, settings.tree)
    with store.filling(final) as folder:
        report.write(watched, settings.detail, folder, settings.command)
    report.show(watched, settings.detail, console)
    _written(console, final)


def check(settings: Settings, console: Console) -> None:
    """Show what a scenario assumes, how much of it is judgement, and what looks like a slip."""
    from sim.config import compose_variants
    from sim.report.checking import show

    compose_variants(settings)
    show(settings.scenario, _world(settings), console)


def list_names(settings: Settings, console: Console) -> None:
    """Show everything that can be named on the command line."""
    from sim.config import Places
    from sim.report.listing import show

    lines = {name: experiment.line for name, experiment in EXPERIMENTS.items()}
    show(Places.find(settings.config_dirs), lines, console)


def new(settings: Settings, console: Console) -> None:
    """Write a commented scenario of the user's own, and say how to run it."""
    from sim.config import Places
    from sim.report.template import command, own_folder, write

    assert settings.name is not None
    places = Places.find(settings.config_dirs)
    source = str(settings.tree["from"] or settings.scenario.name)
    folder = settings.into or own_folder(settings.config_dirs)
    file = write(places.scenarios[source], source, settings.name, folder, settings.config_dirs)
    console.print(f"Written: {file}", soft_wrap=True)
    for experiment in ("run", "check"):
        line = command(settings.name, folder, settings.config_dirs, experiment)
        console.print(f"{experiment.capitalize()} it: {line}", soft_wrap=True)


def backtest(settings: Settings, console: Console) -> None:
    """Simulate crises of the past from their triggers and score the forecasts: tables, backtest.json, figures."""
    from sim import store
    from sim.ensemble import run_chunk
    from sim.plot.reliability import save_reliability
    from sim.plot.skill import save_skill
    from sim.report.backtest import show
    from sim.study.backtest import assess, at_trigger, baselines, forecast
    from sim.study.inputs import crises, fingerprint, parameters

    store.require_writable(settings.output)
    if settings.train is not None and settings.fold is not None:
        problem = "cannot be given with train: they are two ways to fit the baselines"
        raise InputError(problem, key="fold", value=settings.fold)
    table = crises("data", settings.data)
    train = crises("train", settings.train) if settings.train else None
    rules, start = parameters(settings.tree["rules"], settings.params)
    drawn = settings.scenario.draws
    known = at_trigger(table, start)
    baselines(table, settings.outcome, train, settings.fold)  # whatever is wrong with them shows before the work
    _announce_compilation(run_chunk)
    with _progress() as bar:
        model = forecast(
            known, rules, settings.scenario.ladder, start, settings.runs, settings.seed, settings.threads,
            progress=_tasks(bar)("crises", len(table)),
            draws={name: draw for name, draw in drawn.items() if rules[name] == settings.scenario.rules[name]},
        )  # fmt: skip
    result = assess(table, model, settings.outcome, train, settings.fold)
    final = store.named_folder(settings.output, "backtest", settings.tree)
    with store.filling(final) as folder:
        store.write_json(folder / "backtest.json", result)
        about = store.about(settings.tree, settings.command)
        store.write_json(folder / "manifest.json", {**about, "data_sha256": fingerprint(table)})
        save_reliability(result["calibration"][settings.outcome], folder / "reliability.png")
        save_skill(result["scores"][settings.outcome], folder / "skill.png")
    show(result, console)
    _written(console, final)


def calibrate(settings: Settings, console: Console) -> None:
    """Fit parameters to crises of the past: tables, calibration.json, a set of rules with its draws, figures."""
    from sim import store
    from sim.config import CONF, Places
    from sim.ensemble import run_chunk
    from sim.plot.calibration import save_ranks, save_shrinkage
    from sim.report.calibrate import show
    from sim.study.calibrate import calibrate as fit
    from sim.study.calibrate import question, require_sampler, texts
    from sim.study.inputs import crises, fingerprint

    store.require_writable(settings.output)
    asked = question(
        crises("data", settings.data),
        settings.design or CONF / "history" / "calibrate.yaml",
        Places.find(settings.config_dirs).files("rules"),
        settings.scenario.ladder,
        settings.fold,
    )
    require_sampler()
    _announce_compilation(run_chunk)
    with _progress() as bar:
        bank = settings.bank or settings.output / "bank"
        result, draws = fit(asked, settings.runs, settings.seed, bank, settings.threads, settings.sbc, _tasks(bar))
    final = store.named_folder(settings.output, "calibrate", settings.tree)
    with store.filling(final) as folder:
        store.write_json(folder / "calibration.json", result)
        about = store.about(settings.tree, settings.command)
        store.write_json(folder / "manifest.json", {**about, "data_sha256": fingerprint(asked.table)})
        for name, text in texts(asked, result, draws).items():
            (folder / name).write_text(text, encoding="utf-8")
        save_shrinkage(result["parameters"], asked.design.identified, folder / "shrinkage.png")
        if settings.sbc:
            save_ranks(result["simulation_based_calibration"], folder / "ranks.png")
    show(result, console)
    _written(console, final)


def joining(settings: Settings, console: Console) -> None:
    """Ask which allies join the attacked in past disputes, and score the answer beside a logit: tables, files."""
    from sim import store
    from sim.ensemble import run_chunk
    from sim.history.allies import read_joining_parameters
    from sim.history.parameters import read_start_parameters
    from sim.report.joining import show
    from sim.study.allies import JOINING
    from sim.study.crises import START
    from sim.study.inputs import disputes, fingerprint
    from sim.study.joining import FOLDS, RUNS, Setting, assess, forecast, table

    store.require_writable(settings.output)
    fold = settings.fold or FOLDS
    rows = disputes("data", settings.data, fold)
    setting = Setting(
        settings.scenario.rules, settings.scenario.ladder, read_start_parameters(START),
        read_joining_parameters(JOINING), settings.runs if "runs" in settings.given else RUNS, settings.seed,
        settings.threads, draws=settings.scenario.draws,
    )  # fmt: skip
    _announce_compilation(run_chunk)
    with _progress() as bar:
        found = forecast(rows, setting, fold, _tasks(bar))
    result = assess(rows, found)
    final = store.named_folder(settings.output, "joining", settings.tree)
    with store.filling(final) as folder:
        store.write_json(folder / "joining.json", result)
        table(rows, found).to_csv(folder / "rows.csv", index=False)
        about = store.about(settings.tree, settings.command)
        store.write_json(folder / "manifest.json", {**about, "data_sha256": fingerprint(rows)})
    show(result, console)
    _written(console, final)


def cases(settings: Settings, console: Console) -> None:
    """Simulate named crises of the past and set them beside what happened: tables, cases.json, cases.html."""
    from sim import store
    from sim.batch import simulate
    from sim.config import cases as chosen
    from sim.ensemble import run_chunk
    from sim.history.parameters import read_start_parameters
    from sim.report.cases import page, show
    from sim.study.cases import judge, overall
    from sim.study.crises import START

    store.require_writable(settings.output)
    observation = read_start_parameters(START).observation
    scenarios = chosen(settings)
    _announce_compilation(run_chunk)
    found = []
    with _progress() as bar:
        told = _tasks(bar)("cases", len(scenarios))
        for scenario in scenarios:
            runs = simulate(scenario, settings.runs, settings.seed, settings.threads)
            found.append(judge(runs, observation))
            told(len(found))
    result = {"runs": settings.runs, "seed": settings.seed, "overall": overall(found), "cases": found}
    final = store.named_folder(settings.output, "cases", settings.tree)
    with store.filling(final) as folder:
        store.write_json(folder / "cases.json", result)
        store.write_json(folder / "manifest.json", store.about(settings.tree, settings.command))
        (folder / "cases.html").write_text(page(result), encoding="utf-8")
    show(result, console)
    _written(console, final)


def compare(settings: Settings, console: Console) -> None:
    """Run variants of a scenario with the same draws: differences, turned runs and where they part, figures, a page."""
    from sim import store
    from sim.config import compared
    from sim.ensemble import run_chunk
    from sim.plot.beside import reached, save_exceedance_beside
    from sim.plot.forest import Forest
    from sim.report.compare import show
    from sim.report.page import write_comparison
    from sim.study.compare import compare as beside
    from sim.study.compare import require_distinct
    from sim.study.parting import partings, turned

    store.require_writable(settings.output)
    scenarios = compared(settings)
    require_distinct(scenarios)
    _announce_compilation(run_chunk)
    with _progress() as bar:
        result, table = beside(scenarios, settings.runs, settings.seed, settings.threads, _tasks(bar))
        first, *others = scenarios
        war = {name: runs["war"].to_numpy() for name, runs in table.groupby("variant")}
        chosen = [(first, name, *turn) for name in others for turn in turned(war[first], war[name], most=3)]
        parted = partings(scenarios, chosen, settings.seed, _tasks(bar))
    rows = next(outcome["differences"] for outcome in result["outcomes"] if outcome["name"] == "war")
    figure = Forest(
        "What a variant changes",
        rows,
        f"Same runs under each variant, beside {first}",
        "Paired 95 % intervals (Tango's score), each by itself; filled: without 0. Right: per cent of runs in which "
        "war comes under one of the two alone.",
        frozenset(name for name, about in result["variants"].items() if about["given_rung"] >= result["war"]),
    )
    ladder = scenarios[first].ladder

    def more(folder: Path, manifest: dict[str, Any]) -> None:
        save_exceedance_beside(reached(result, ladder), ladder, folder / "exceedance")
        write_comparison(result, scenarios, manifest, _world(settings), folder)

    final = _keep_paired(settings, result, table, parted, figure, more)
    show(result, console)
    _written(console, final)


def attribute(settings: Settings, console: Console) -> None:
    """Take clauses, flows and deployments out one by one on the same draws: what each adds, interactions, a figure."""
    from sim import store
    from sim.ensemble import run_chunk
    from sim.plot.forest import Forest
    from sim.report.attribute import show
    from sim.study.attribute import AS_IT_IS, TOP
    from sim.study.attribute import attribute as take_out
    from sim.study.parting import partings, turned

    store.require_writable(settings.output)
    _announce_compilation(run_chunk)
    with _progress() as bar:
        found = take_out(settings.scenario, settings.runs, settings.seed, settings.threads, _tasks(bar))
        parts, whole = found.result["parts"], found.war[AS_IT_IS]
        names = {frozenset({part["name"]}): f"without {part['name']}" for part in parts[:TOP]}
        chosen = [(name, "as it is", *turn) for out, name in names.items() for turn in turned(found.war[out], whole, 1)]
        scenarios = {name: found.scenarios[out] for out, name in {AS_IT_IS: "as it is", **names}.items()}
        parted = partings(scenarios, chosen, settings.seed, _tasks(bar))
    rows = {f"{part['kind']} {part['name']}": part["war"] for part in parts}
    turning = {label: war for label, war in rows.items() if war["turned_up"]["count"] or war["turned_down"]["count"]}
    figure = Forest(
        "What a part adds",
        turning or rows,
        "The scenario as it is, beside the same runs without the part",
        f"Paired intervals (Tango's score) that hold for all {len(parts)} parts at once with 95 %; filled: without 0. "
        "Right: per cent of runs in which war comes only without the part, and only with it. "
        f"{len(rows) - len(turning)} parts turn no run.",
    )
    final = _keep_paired(settings, found.result, found.table, parted, figure)
    show(found.result, console)
    _written(console, final)


def _keep_paired(
    settings: Settings,
    result: dict[str, Any],
    table: pd.DataFrame,
    parted: Sequence[Parting],
    figure: Forest,
    more: Callable[[Path, dict[str, Any]], object] = lambda folder, manifest: None,
) -> Path:
    """Write what both paired experiments leave: result, manifest, runs, turned runs, a figure; return the folder.

    `more` is told the folder and the manifest when all that is there, to add what only one of them leaves.
    """
    import pyarrow as pa

    from sim import store
    from sim.plot.forest import save_forest
    from sim.report import parting as report

    final = store.named_folder(settings.output, f"{settings.experiment}-{settings.scenario.name}", settings.tree)
    with store.filling(final) as folder:
        manifest = store.about(settings.tree, settings.command)
        store.write_json(folder / f"{settings.experiment}.json", result)
        store.write_json(folder / "manifest.json", manifest)
        store.write_table(pa.Table.from_pandas(table, preserve_index=False), folder / "runs.parquet")
        report.write(parted, folder, settings.command)
        save_forest(figure, _origin(settings), folder / "forest")
        more(folder, manifest)
    return final


def sweep(settings: Settings, console: Console) -> None:
    """Simulate every point of a design, or go on where that stopped: progress, a table, a folder of its own."""
    from sim.campaign.manifest import submitted
    from sim.campaign.slurm import require_accepted
    from sim.compute import Slurm

    if isinstance(settings.compute, Slurm):
        require_accepted(settings.compute)
    _go_on(submitted(settings), settings, settings.compute, console)


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
    from sim.report.campaign import begun, show, show_submitted

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
            _announce_compilation(run_chunk)
        try:
            with _progress() as bar:
                todo = sum(chunk.runs for chunk in found.todo)
                total = campaign.points * campaign.runs
                task = bar.add_task(campaign.folder.name, total=total, completed=total - todo)
                work_off(
                    campaign, found.todo, settings.threads, lambda chunk: bar.update(task, advance=chunk.runs),
                    is_cached(run_chunk),
                )  # fmt: skip
            points = gathered(campaign)
        except KeyboardInterrupt:
            raise _to_be_continued(settings, "stopped", 130) from None
        except (OSError, UnfinishedError) as error:
            raise _to_be_continued(settings, str(error), 1) from None
    show(campaign, points, console)
    _written(console, campaign.folder)


def _to_be_continued(settings: Settings, why: str, code: int) -> UnfinishedError:
    again = shlex.join(settings.command)
    return UnfinishedError(f"{why}; all parts that are made are kept. Go on by the same command: {again}", code)


def cancel(settings: Settings, console: Console) -> None:
    """Take a campaign out of the queue of Slurm; what is made stays."""
    from sim.campaign import slurm
    from sim.campaign.manifest import folder_of, read
    from sim.report.campaign import resume_command

    campaign = read(folder_of(settings))
    found = slurm.cancel(campaign)
    if not found.jobs:
        console.print(f"{campaign.folder.name} has nothing in the queue of Slurm.")
        return
    console.print(f"Taken out of the queue: {found.running + found.waiting:,} tasks. What is made stays.")
    console.print(f"Go on: {resume_command(campaign)}", soft_wrap=True)


def gather(settings: Settings, console: Console) -> None:
    """Put the parts of a campaign that is complete together: tables of points and of runs."""
    from sim.campaign.gather import gathered
    from sim.campaign.local import alone
    from sim.campaign.manifest import folder_of, read
    from sim.report.campaign import show

    campaign = read(folder_of(settings))
    with alone(campaign):
        points = gathered(campaign)
    show(campaign, points, console)
    _written(console, campaign.folder)


def status(settings: Settings, console: Console) -> None:
    """Tell how far a campaign is, or all of them, and how to go on; nothing is written."""
    from sim.campaign import slurm
    from sim.campaign.gather import standing
    from sim.campaign.manifest import every, folder_of, read
    from sim.report.campaign import show_queue, show_standing

    place = settings.output / "campaigns"
    campaigns = every(place) if settings.campaign is None else [read(folder_of(settings))]
    if not campaigns:
        raise wrong("output", str(settings.output), "a folder in which there are campaigns")
    for campaign in campaigns:
        found = standing(campaign)
        show_standing(campaign, found, console)
        if found.lacking and slurm.place(campaign).is_dir():
            show_queue(campaign, found, console)


def sensitivity(settings: Settings, console: Console) -> None:
    """Tell which keys of a campaign its outcomes hang on: tables, sensitivity.json, a tornado and a heatmap."""
    from sim import store
    from sim.campaign.manifest import folder_of, read
    from sim.campaign.points import as_json
    from sim.campaign.sensitivity import sensitivity as analysed
    from sim.plot.sensitivity import save_heatmap, save_tornado
    from sim.report.sensitivity import show

    store.require_writable(settings.output)
    result = as_json(analysed(read(folder_of(settings)), settings.target))
    final = store.named_folder(settings.output, f"sensitivity-{result['name']}", settings.tree)
    with store.filling(final) as folder:
        store.write_json(folder / "sensitivity.json", result)
        store.write_json(folder / "manifest.json", store.about(settings.tree, settings.command))
        for number, group in enumerate(result["groups"]):
            end = f"-{number}" if len(result["groups"]) > 1 else ""
            save_heatmap(result, group, folder / f"heatmap{end}")
            for target, found in group["targets"].items():
                if found["keys"]:
                    save_tornado(result, group, target, folder / f"tornado-{target}{end}")
    show(result, console)
    _written(console, final)


def discovery(settings: Settings, console: Console) -> None:
    """Look for the region of a campaign's keys in which an outcome is likely: boxes, a tree, a figure."""
    from sim import store
    from sim.campaign.discovery import discovery as discovered
    from sim.campaign.manifest import folder_of, read
    from sim.plot.discovery import save_boxes
    from sim.report.discovery import show, tree_lines

    store.require_writable(settings.output)
    if settings.target is not None and len(settings.target) != 1:
        raise wrong("target", list(settings.target), "one outcome, such as war")
    (target,) = settings.target or ("war",)
    result, drawn = discovered(read(folder_of(settings)), target, settings.threshold)
    final = store.named_folder(settings.output, f"discovery-{result['name']}", settings.tree)
    with store.filling(final) as folder:
        store.write_json(folder / "discovery.json", result)
        store.write_json(folder / "manifest.json", store.about(settings.tree, settings.command))
        for number, (group, points) in enumerate(zip(result["groups"], drawn, strict=True)):
            if group["problem"]:
                continue
            end = f"-{number}" if len(drawn) > 1 else ""
            (folder / f"tree{end}.txt").write_text("\n".join(tree_lines(group)) + "\n", encoding="utf-8")
            save_boxes(result, group, points.X, points.share, folder / f"boxes{end}")
    show(result, console)
    _written(console, final)


def structure(settings: Settings, console: Console) -> None:
    """Run a scenario under every decision theory and show the band: tables, structure.json, a figure."""
    from sim import store
    from sim.ensemble import run_chunk
    from sim.plot.structure import save_structure
    from sim.report.structure import show
    from sim.study.structure import structure as compare

    store.require_writable(settings.output)
    _announce_compilation(run_chunk)
    with _progress() as bar:
        result = compare(settings.scenario, settings.runs, settings.seed, settings.threads, _tasks(bar))
    final = store.named_folder(settings.output, f"structure-{result['scenario']}", settings.tree)
    with store.filling(final) as folder:
        store.write_json(folder / "structure.json", result)
        store.write_json(folder / "manifest.json", store.about(settings.tree, settings.command))
        save_structure(result, folder / "structure")
    show(result, console)
    _written(console, final)


def uncertainty(settings: Settings, console: Console) -> None:
    """Tell chance and parameters apart: tables, uncertainty.json, the points and their runs."""
    import pyarrow as pa

    from sim import store
    from sim.ensemble import run_chunk
    from sim.report.uncertainty import show
    from sim.study.uncertainty import POINTS, require_spread
    from sim.study.uncertainty import uncertainty as tell_apart

    store.require_writable(settings.output)
    points = settings.points or POINTS
    require_spread(settings.scenario, settings.runs, points)
    _announce_compilation(run_chunk)
    with _progress() as bar:
        told = _tasks(bar)(settings.scenario.name, settings.runs)
        found = tell_apart(settings.scenario, settings.runs, points, settings.seed, settings.threads, told)
    final = store.named_folder(settings.output, f"uncertainty-{settings.scenario.name}", settings.tree)
    with store.filling(final) as folder:
        store.write_json(folder / "uncertainty.json", found.result)
        store.write_json(folder / "manifest.json", store.about(settings.tree, settings.command))
        for name, table in (("runs", found.runs), ("points", found.points)):
            store.write_table(pa.Table.from_pandas(table, preserve_index=False), folder / f"{name}.parquet")
    show(found.result, settings.command, console)
    _written(console, final)


class Experiment(NamedTuple):
    """An entry of the registry.

    Parameters
    ----------
    function : callable
        Takes the settings and a console.
    line : str
        What it does.
    own : tuple of str
        Keys that no other experiment takes.
    only : tuple of str, optional
        The general keys that it takes; all of them by default.
    """

    function: Callable[[Settings, Console], None]
    line: str
    own: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None


EXPERIMENTS: dict[str, Experiment] = {
    "run": Experiment(run, "simulate many times: tables, figures, a folder of results", ("precision",)),
    "replay": Experiment(
        replay, "one run turn by turn: who did what, and why", ("run", "detail"), ("seed", "output", *TREE_KEYS)
    ),
    "compare": Experiment(
        compare,
        "variants on the same draws: what each changes, and which runs turn",
        ("variants",),
        ("runs", "seed", "threads", "output", *(key for key in TREE_KEYS if key != "variant")),
    ),
    "attribute": Experiment(
        attribute,
        "what each clause, flow and deployment adds, and how they interact",
        only=("runs", "seed", "threads", "output", *TREE_KEYS),
    ),
    "check": Experiment(check, "every assumption with its source, and what looks amiss", only=TREE_KEYS),
    "list": Experiment(list_names, "everything that can be named on the command line", only=()),
    "calibrate": Experiment(
        calibrate,
        "fit what history can tell of the parameters, and show what it cannot",
        ("data", "fold", "design", "bank", "sbc"),
        ("runs", "seed", "threads", "output", "ladder"),
    ),
    "joining": Experiment(
        joining,
        "who joined the attacked in past disputes, beside a logit",
        ("data", "fold"),
        ("runs", "seed", "threads", "output", "rules", "ladder"),
    ),
    "backtest": Experiment(
        backtest,
        "crises of the past, forecast from their triggers and scored",
        ("data", "train", "fold", "outcome", "params"),
        ("runs", "seed", "threads", "output", "rules", "ladder"),
    ),
    "cases": Experiment(
        cases,
        "named crises of the past beside what happened",
        only=("scenario", "runs", "seed", "threads", "output", "rules", "ladder", "parameters", "theory"),
    ),
    "structure": Experiment(
        structure,
        "the same scenario under every decision theory: the band, not the mean",
        only=("runs", "seed", "threads", "output", *(key for key in TREE_KEYS if key not in ("theory", "theories"))),
    ),
    "sweep": Experiment(
        sweep,
        "a campaign: every point of a design, many runs each; the same command goes on",
        ("name", "design", "points", "over", "keep", "compute"),
        ("runs", "seed", "threads", "output", *TREE_KEYS),
    ),
    "resume": Experiment(
        resume, "go on with a campaign from its folder alone", ("name", "compute"), ("threads", "output")
    ),
    "cancel": Experiment(cancel, "take a campaign out of the queue of Slurm", ("name",), ("output",)),
    "uncertainty": Experiment(
        uncertainty,
        "chance and parameters apart: how much of each probability's spread is which",
        ("points",),
        ("runs", "seed", "threads", "output", *TREE_KEYS),
    ),
    "status": Experiment(status, "how far campaigns are, and how to go on", ("name",), ("output",)),
    "gather": Experiment(gather, "the tables of a campaign that is complete", ("name",), ("output",)),
    "sensitivity": Experiment(
        sensitivity, "which keys of a campaign its outcomes hang on", ("name", "target"), ("output",)
    ),
    "discovery": Experiment(
        discovery,
        "in which region of a campaign's keys an outcome is likely",
        ("name", "target", "threshold"),
        ("output",),
    ),
    "new": Experiment(new, "begin a scenario of your own, with comments", ("from", "into"), ("scenario",)),
}


def require_fit(settings: Settings) -> None:
    """Refuse an unknown experiment, and keys that the chosen one would pass over in silence.

    Raises
    ------
    InputError
        With the experiment that takes the key, or the keys that this one takes.
    """
    require_member("experiment", settings.experiment, EXPERIMENTS)
    chosen = EXPERIMENTS[settings.experiment]
    for key in sorted(settings.given - {"experiment"} - set(chosen.own)):
        owners = [name for name, experiment in EXPERIMENTS.items() if key in experiment.own]
        if owners:
            problem = f"is a key of experiment={' or '.join(owners)}, not of experiment={settings.experiment}"
            raise InputError(problem, key=key)
        if chosen.only is not None and key not in chosen.only:
            problem = f"means nothing to experiment={settings.experiment}"
            raise InputError(problem, key=key, allowed=("experiment", *chosen.only, *chosen.own))


def _written(console: Console, folder: Path) -> None:
    console.print(f"\nWritten to {folder}", soft_wrap=True)


def _announce_compilation(function: Callable[..., object]) -> None:
    from sim.compiled import is_cached

    if not is_cached(function):
        print("compiling the model (first run only, a minute or two)", file=sys.stderr, flush=True)


def _world(settings: Settings) -> Path:
    """Folder of the world in which a scenario is set."""
    from sim.config import Places

    return Places.find(settings.config_dirs).world_folders[settings.tree["scenario"]["world"]]


def _origin(settings: Settings) -> str:
    scenario = settings.scenario
    return f"{titled(scenario.name, scenario.variant)}, {settings.runs:,} runs, seed {settings.seed}"


def _tasks(bar: Progress) -> Callable[[str, int], Callable[[int], None]]:
    """Return what makes a row of a progress display, and from it what tells the row how much is done."""

    def begun(name: str, total: int) -> Callable[[int], None]:
        row = bar.add_task(name, total=total)
        return lambda done: bar.update(row, completed=done)

    return begun


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
