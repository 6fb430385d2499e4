"""Runs that share their draws: variants beside each other, and the scenario less one of its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from sim.config import Settings
from sim.experiments.terminal import announce_compilation, origin, progress, tasks, world_folder, written

if TYPE_CHECKING:
    import pandas as pd

    from sim.plot.forest import Forest
    from sim.study.parting import Parting


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
    announce_compilation(run_chunk)
    with progress() as bar:
        result, table = beside(scenarios, settings.runs, settings.seed, settings.threads, tasks(bar))
        first, *others = scenarios
        war = {name: runs["war"].to_numpy() for name, runs in table.groupby("variant")}
        chosen = [(first, name, *turn) for name in others for turn in turned(war[first], war[name], most=3)]
        parted = partings(scenarios, chosen, settings.seed, tasks(bar))
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
        write_comparison(result, scenarios, manifest, world_folder(settings), folder)

    final = _keep_paired(settings, result, table, parted, figure, more)
    show(result, console)
    written(console, final)


def attribute(settings: Settings, console: Console) -> None:
    """Take clauses, flows and deployments out one by one on the same draws: what each adds, a figure, a page."""
    from sim import store
    from sim.ensemble import run_chunk
    from sim.plot.forest import Forest
    from sim.report.attribute import show
    from sim.report.page import write_attribution
    from sim.study.attribute import AS_IT_IS, TOP
    from sim.study.attribute import attribute as take_out
    from sim.study.parting import partings, turned

    store.require_writable(settings.output)
    announce_compilation(run_chunk)
    with progress() as bar:
        found = take_out(settings.scenario, settings.runs, settings.seed, settings.threads, tasks(bar))
        parts, whole = found.result["parts"], found.war[AS_IT_IS]
        names = {frozenset({part["name"]}): f"without {part['name']}" for part in parts[:TOP]}
        chosen = [(name, "as it is", *turn) for out, name in names.items() for turn in turned(found.war[out], whole, 1)]
        scenarios = {name: found.scenarios[out] for out, name in {AS_IT_IS: "as it is", **names}.items()}
        parted = partings(scenarios, chosen, settings.seed, tasks(bar))
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

    def more(folder: Path, manifest: dict[str, Any]) -> None:
        write_attribution(found.result, settings.scenario, manifest, world_folder(settings), folder)

    final = _keep_paired(settings, found.result, found.table, parted, figure, more)
    show(found.result, console)
    written(console, final)


def _keep_paired(
    settings: Settings,
    result: dict[str, Any],
    table: pd.DataFrame,
    parted: Sequence[Parting],
    figure: Forest,
    more: Callable[[Path, dict[str, Any]], object],
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
        save_forest(figure, origin(settings), folder / "forest")
        more(folder, manifest)
    return final
