"""Crises and disputes of the past: forecasts that are scored, and what they say of the parameters."""

from __future__ import annotations

from rich.console import Console

from sim.config import Settings
from sim.experiments.terminal import announce_compilation, progress, tasks, written
from sim.scenario.errors import InputError


def backtest(settings: Settings, console: Console) -> None:
    """Simulate crises of the past from their triggers and score the forecasts: tables, figures, a page."""
    from sim import store
    from sim.ensemble import run_chunk
    from sim.plot.reliability import save_reliability
    from sim.plot.skill import save_skill
    from sim.report.backtest import show
    from sim.report.page import write_backtest
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
    announce_compilation(run_chunk)
    with progress() as bar:
        model = forecast(
            known, rules, settings.scenario.ladder, start, settings.runs, settings.seed, settings.threads,
            progress=tasks(bar)("crises", len(table)),
            draws={name: draw for name, draw in drawn.items() if rules[name] == settings.scenario.rules[name]},
        )  # fmt: skip
    result = assess(table, model, settings.outcome, train, settings.fold)
    final = store.named_folder(settings.output, "backtest", settings.tree)
    with store.filling(final) as folder:
        store.write_json(folder / "backtest.json", result)
        manifest = {**store.about(settings.tree, settings.command), "data_sha256": fingerprint(table)}
        store.write_json(folder / "manifest.json", manifest)
        save_reliability(result["calibration"][settings.outcome], folder / "reliability.png")
        save_skill(result["scores"][settings.outcome], folder / "skill.png")
        write_backtest(result, _asked(settings), manifest, folder)
    show(result, console)
    written(console, final)


def _asked(settings: Settings) -> dict[str, str]:
    """What a page says was asked of the past."""
    given = {
        "Data": settings.data,
        "Baselines from": settings.train,
        "Folds": settings.fold,
        "Seed": settings.seed,
    }
    return {term: str(value) for term, value in given.items() if value is not None}


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
    announce_compilation(run_chunk)
    with progress() as bar:
        bank = settings.bank or settings.output / "bank"
        result, draws = fit(asked, settings.runs, settings.seed, bank, settings.threads, settings.sbc, tasks(bar))
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
    written(console, final)


def joining(settings: Settings, console: Console) -> None:
    """Ask which allies join the attacked in past disputes, and score the answer beside a logit: tables, files."""
    from sim import store
    from sim.ensemble import run_chunk
    from sim.history.allies import read_joining_parameters
    from sim.history.parameters import read_start_parameters
    from sim.report.joining import show
    from sim.report.page import write_joining
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
    announce_compilation(run_chunk)
    with progress() as bar:
        found = forecast(rows, setting, fold, tasks(bar))
    result = assess(rows, found)
    final = store.named_folder(settings.output, "joining", settings.tree)
    with store.filling(final) as folder:
        store.write_json(folder / "joining.json", result)
        table(rows, found).to_csv(folder / "rows.csv", index=False)
        manifest = {**store.about(settings.tree, settings.command), "data_sha256": fingerprint(rows)}
        store.write_json(folder / "manifest.json", manifest)
        write_joining(result, _asked(settings), manifest, folder)
    show(result, console)
    written(console, final)


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
    announce_compilation(run_chunk)
    found = []
    with progress() as bar:
        told = tasks(bar)("cases", len(scenarios))
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
    written(console, final)
