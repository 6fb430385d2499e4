"""The command line: compose and validate everything, then run, print and write."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.config import Command, Settings, available, compose, expand, parse_command_line
from sim.scenario.errors import InputError, require_member

HELP = """\
How far does a crisis between states go, how fast, and who joins? An agent-based simulation.

  python -m sim scenario=korea_strike                 run a scenario, print the answer, write a folder
  python -m sim scenario=korea_strike variant=wording_1961 runs=10000 seed=7
  python -m sim states.RUS.committed=0.3 rules.omega=0.7 horizon_weeks=26
  python -m sim -m horizon_weeks=26,52                one run after another

Keys (KEY=VALUE)
  scenario       one of those below
  variant        one of the scenario's variants
  runs           number of runs (1000); 1e4 will do
  seed           whole number (1): same scenario, seed and version, same results
  horizon_weeks  where to stop looking (the scenario's)
  turn_days      length of a turn (the scenario's, a week)
  parameters     drawn: figures given as ranges are drawn once per run; centre: they stay at their centre
  threads        threads of the batch (all cores)
  output         folder below which each run makes its own (outputs)
  rules, ladder  sets of behavioural parameters, and ladders; rules.NAME=... sets one parameter
  states.CODE.FIGURE, dyads.CODE.CODE.FIGURE, treaties.ID.in_force, flows.ID.rate
                 change the world: a number, or {low:..,centre:..,high:..}

Options
  -m, --multirun        several values separated by commas: one run for each combination
  -cd, --config-dir DIR more scenarios, rules, ladders (SIM_SCENARIO_PATH names folders of scenarios)
  --cfg job             print the composed configuration and stop
  -h, --help            this text

Scenarios
"""


def run(settings: Settings, console: Console) -> None:
    """Run a scenario: progress on standard error, tables on standard output, files in a new folder."""
    from sim import store
    from sim.batch import Runs, simulate
    from sim.plot import save_figures
    from sim.report.console import show

    store.require_writable(settings.output)
    _announce_compilation()
    with _progress() as bar:
        task = bar.add_task(settings.scenario.name, total=settings.runs)
        runs: Runs = simulate(
            settings.scenario,
            settings.runs,
            settings.seed,
            settings.threads,
            progress=lambda done: bar.update(task, completed=done),
        )
    show(settings.scenario, runs.summary(), console)
    final = store.new_folder(settings.output, settings.scenario, settings.tree)
    with store.filling(final) as folder:
        store.write(runs, folder, settings.tree, settings.overrides)
        save_figures(runs, folder / "figures")
    console.print(f"\nWritten to {final}", soft_wrap=True)


EXPERIMENTS: dict[str, Callable[[Settings, Console], None]] = {"run": run}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code: 0, 2 for input that was refused, 130 for Ctrl-C."""
    console = Console(highlight=False)
    try:
        command = parse_command_line(sys.argv[1:] if argv is None else argv)
        if command.help:
            print(HELP + "\n".join(f"  {name:24} {title}" for name, title in available(command.config_dirs).items()))
            return 0
        for settings in _settings(command):
            if command.show_config:
                print(yaml.safe_dump(settings.tree, sort_keys=False, allow_unicode=True), end="")
            else:
                EXPERIMENTS[settings.experiment](settings, console)
    except InputError as error:
        print(f"sim: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nsim: stopped; nothing of this run was written", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has gone: no reason to complain
        sys.stderr.close()
        return 0
    return 0


def _settings(command: Command) -> list[Settings]:
    """Validate every run of a command line before the first one starts."""
    points = expand(command.overrides) if command.multirun else [list(command.overrides)]
    every = [compose(point, command.config_dirs) for point in points]
    for settings in every:
        require_member("experiment", settings.experiment, EXPERIMENTS)
    return every


def _announce_compilation() -> None:
    from sim.compiled import is_cached
    from sim.ensemble import run_chunk

    if not is_cached(run_chunk):
        print("compiling the model (first run only, about half a minute)", file=sys.stderr, flush=True)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
