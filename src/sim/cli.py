"""The command line: compose and validate everything, then run, print and write."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import yaml
from rich.console import Console

from sim import __version__
from sim.config import Command, Settings, available, compose, expand, parse_command_line
from sim.experiments import EXPERIMENTS, require_fit
from sim.scenario.errors import InputError, UnfinishedError

HELP = """\
How far does a crisis between states go, how fast, and who joins? An agent-based simulation.

  python -m sim scenario=korea_strike                 run a scenario, print the answer, write a folder
  python -m sim scenario=korea_strike variant=wording_1961 runs=10000 seed=7
  python -m sim states.RUS.committed=0.3 rules.omega=0.7 horizon_weeks=26
  python -m sim -m horizon_weeks=26,52                one run after another
  python -m sim experiment=list                       everything that can be named
  python -m sim experiment=replay run=17              one run of them, turn by turn
  python -m sim experiment=compare 'variants=[as_is,without_2024_clause]'
  python -m sim experiment=attribute                  what each clause, flow and deployment adds
  python -m sim experiment=uncertainty runs=4000      how much of the spread is chance, how much parameters
  python -m sim experiment=check                      what is assumed, and on which source
  python -m sim experiment=backtest data=crises.csv fold=10 runs=200
  python -m sim experiment=calibrate data=crises.csv fold=10 runs=2000 sbc=100
  python -m sim experiment=cases                      named crises of the past beside what happened
  python -m sim experiment=sweep design=sobol points=64 runs=500 name=first over.rules.omega=[0.4,0.9]
  python -m sim experiment=sensitivity name=first     which of its keys matter, and for what; also discovery
  python -m sim experiment=new scenario=my_strike from=korea_strike

Keys (KEY=VALUE)
  experiment     what to do (run); one of those below
  scenario       one of those below
  variant        one of the scenario's variants
  runs           number of runs (1000); 1e4 will do
  precision      run: go on until the interval of P(war) is +- this, as 0.01; runs is then the most
  seed           whole number (1): same scenario, seed and version, same results
  horizon_weeks  where to stop looking (the scenario's)
  turn_days      length of a turn (the scenario's, a week), in rounds of at most 1.75 days
  parameters     drawn: figures given as ranges are drawn once per run; centre: they stay at their centre
  threads        threads of the batch (all cores)
  output         folder below which each run makes its own (outputs)
  variants       compare, uncertainty: a list; as_is names the scenario without a variant (compare: all)
  run, detail    replay: number of the run (0); moves, or full
  from, into     new: scenario to begin from; folder to write to
  data           backtest, calibrate: a table of crises; train, or fold: what the baselines are fitted on
  outcome        backtest: violence or severity; params: a file of parameters
  design, bank   calibrate: what is fitted, and a folder of runs to keep; sbc: trials of the method
  name           of a campaign; keep: runs, to keep every run; compute: slurm, to submit it to a cluster
  points         uncertainty: points of the parameters, among which the runs are divided (64)
  design, points sweep: grid, list, csv, lhs, sobol, saltelli or morris, and its size
  target         sensitivity, discovery: outcomes of a campaign; threshold: share of runs that makes a point interesting
  over           sweep: keys with ranges or values, keys alone, or a file (the scenario's own ranges)
  rules, ladder  sets of behavioural parameters, and ladders; rules.NAME=... sets one parameter
  states.CODE.FIGURE, dyads.CODE.CODE.FIGURE, treaties.ID.in_force, flows.ID.rate
                 change the world: a number, or {low:..,centre:..,high:..}

Options
  -m, --multirun        several values separated by commas: one run for each combination
  -cd, --config-dir DIR more scenarios, rules, ladders (SIM_SCENARIO_PATH names folders of scenarios)
  --cfg job             print the composed configuration and stop
  --version             print the version
  -h, --help            this text

Experiments
{experiments}

Scenarios
{scenarios}
"""


class _Output(Console):
    """A console that goes on without a word when its reader has gone: the results are in their folder."""

    def on_broken_pipe(self) -> None:
        _fall_silent()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code.

    0, 1 where the machine fails (a disk that is full), 2 for input that was refused, 130 for Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without some letters is no reason to lose a run
    try:
        _obey(parse_command_line(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except InputError as error:
        print(f"sim: {error}", file=sys.stderr)
        return 2
    except UnfinishedError as error:
        print(f"sim: {error}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        print("\nsim: stopped; nothing of this run was written", file=sys.stderr)
        return 130
    except BrokenPipeError:
        _fall_silent()
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        print(f"sim: {place}{error.strerror or error}; nothing of this run was written", file=sys.stderr)
        return 1
    return 0


def _fall_silent() -> None:
    """Send what is still to be printed nowhere: the reader of our output has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _obey(command: Command) -> None:
    if command.version:
        print(f"sim {__version__}")
        return
    if command.help:
        print(_help(command), end="")
        return
    console = _Output(highlight=False, markup=False, emoji=False)  # [null,quiet] in a command is no style
    for settings in _settings(command):
        if command.show_config:
            print(yaml.safe_dump(settings.tree, sort_keys=False, allow_unicode=True), end="")
        else:
            EXPERIMENTS[settings.experiment].function(settings, console)


def _help(command: Command) -> str:
    def listed(lines: dict[str, str], width: int) -> str:
        return "\n".join(f"  {name:{width}} {line}" for name, line in lines.items())

    experiments = {name: experiment.line for name, experiment in EXPERIMENTS.items()}
    scenarios = listed(available(command.config_dirs), 24)
    # not str.format: the text shows braces of the configuration
    return HELP.replace("{experiments}", listed(experiments, 14)).replace("{scenarios}", scenarios)


def _settings(command: Command) -> list[Settings]:
    """Validate every run of a command line before the first one starts."""
    points = expand(command.overrides) if command.multirun else [list(command.overrides)]
    every = [compose(point, command.config_dirs) for point in points]
    for settings in every:
        require_fit(settings)
    return every
