"""Runs of a scenario: many, one told turn by turn, under every theory, with parameters apart."""

from __future__ import annotations

from rich.console import Console

from sim.config import Settings
from sim.experiments.terminal import announce_compilation, progress, tasks, world_folder, written
from sim.scenario.errors import InputError


def run(settings: Settings, console: Console) -> None:
    """Run a scenario: progress on standard error, tables on standard output, files and a page in a new folder."""
    from sim import store
    from sim.batch import MOST, simulate
    from sim.ensemble import run_chunk
    from sim.plot import save_figures
    from sim.report.console import show, show_precision
    from sim.report.page import write_run

    store.require_writable(settings.output)
    announce_compilation(run_chunk)
    most = settings.runs if settings.precision is None or "runs" in settings.given else MOST
    with progress() as bar:
        told = tasks(bar)(settings.scenario.name, most)
        runs = simulate(
            settings.scenario, most, settings.seed, settings.threads, progress=told, precision=settings.precision
        )  # fmt: skip
    final = store.new_folder(settings.output, settings.scenario, settings.tree)
    with store.filling(final) as folder:
        manifest = store.write(runs, folder, settings.tree, settings.command)
        save_figures(runs, folder / "figures")
        write_run(runs, manifest, world_folder(settings), folder)
    show(settings.scenario, runs.summary(), console)
    if settings.precision is not None:
        show_precision(settings.precision, most, runs.summary(), console)
    written(console, final)


def replay(settings: Settings, console: Console) -> None:
    """Tell one run of the batch turn by turn, and write it as text and as JSON Lines."""
    from sim import store
    from sim.phases.decide import explain
    from sim.report import replay as report
    from sim.study.replay import replay as watch

    store.require_writable(settings.output)
    announce_compilation(explain)
    watched = watch(settings.scenario, settings.seed, settings.run)
    final = store.new_folder(settings.output, settings.scenario, settings.tree)
    with store.filling(final) as folder:
        report.write(watched, settings.detail, folder, settings.command)
    report.show(watched, settings.detail, console)
    written(console, final)


def structure(settings: Settings, console: Console) -> None:
    """Run a scenario under every decision theory and show the band: tables, structure.json, a figure, a page."""
    from sim import store
    from sim.ensemble import run_chunk
    from sim.plot.structure import save_structure
    from sim.report.page import write_structure
    from sim.report.structure import show
    from sim.study.structure import structure as compare

    store.require_writable(settings.output)
    announce_compilation(run_chunk)
    with progress() as bar:
        result = compare(settings.scenario, settings.runs, settings.seed, settings.threads, tasks(bar))
    final = store.named_folder(settings.output, f"structure-{result['scenario']}", settings.tree)
    with store.filling(final) as folder:
        store.write_json(folder / "structure.json", result)
        manifest = store.about(settings.tree, settings.command)
        store.write_json(folder / "manifest.json", manifest)
        save_structure(result, folder / "structure")
        write_structure(result, settings.scenario, manifest, world_folder(settings), folder)
    show(result, console)
    written(console, final)


def uncertainty(settings: Settings, console: Console) -> None:
    """Tell chance and parameters apart, of variants in their differences too: tables, the points, a figure, a page."""
    import pyarrow as pa

    from sim import store
    from sim.config import compared
    from sim.ensemble import run_chunk
    from sim.plot.uncertainty import save_exceedance_apart
    from sim.report.page import write_uncertainty, write_uncertainty_beside
    from sim.report.uncertainty import show, show_beside
    from sim.study.compare import require_distinct
    from sim.study.uncertainty import POINTS, require_spread
    from sim.study.uncertainty import uncertainty as tell_apart
    from sim.study.uncertainty_beside import beside

    store.require_writable(settings.output)
    points, variants = settings.points or POINTS, settings.variants is not None
    if variants and settings.tree["variant"] is not None:
        problem = "cannot be given with variants: name it there, with what it is set beside"
        raise InputError(problem, key="variant", value=settings.tree["variant"])
    scenarios = compared(settings) if variants else {settings.scenario.name: settings.scenario}
    for scenario in scenarios.values():
        require_spread(scenario, settings.runs, points)
    require_distinct(scenarios)
    announce_compilation(run_chunk)
    given = (settings.runs, points, settings.seed, settings.threads)
    with progress() as bar:
        if variants:
            found = beside(scenarios, *given, tasks(bar))
        else:
            found = tell_apart(settings.scenario, *given, tasks(bar)(settings.scenario.name, settings.runs))
    final = store.named_folder(settings.output, f"uncertainty-{settings.scenario.name}", settings.tree)
    with store.filling(final) as folder:
        store.write_json(folder / "uncertainty.json", found.result)
        manifest = store.about(settings.tree, settings.command)
        store.write_json(folder / "manifest.json", manifest)
        for name, table in (("runs", found.runs), ("points", found.points)):
            store.write_table(pa.Table.from_pandas(table, preserve_index=False), folder / f"{name}.parquet")
        save_exceedance_apart(found.result, settings.scenario.ladder, folder / "exceedance")
        write = write_uncertainty_beside if variants else write_uncertainty
        write(found.result, settings.scenario, manifest, world_folder(settings), folder)
    (show_beside if variants else show)(found.result, settings.command, console)
    written(console, final)
