"""What the command line can do: each experiment by name, with a line about it and the keys that it takes.

An experiment is a function of the validated settings and a console. What it needs is imported when it is
asked for: `--help` need not wait for the compiler's library.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rich.console import Console

from sim.config import Settings
from sim.experiments.batches import replay, run, structure, uncertainty
from sim.experiments.campaigns import cancel, discovery, gather, resume, sensitivity, status, sweep
from sim.experiments.paired import attribute, compare
from sim.experiments.past import backtest, calibrate, cases, joining
from sim.experiments.scenarios import check, list_names, new
from sim.scenario.errors import InputError, require_member
from sim.scenario.load import TREE_KEYS


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
        ("points", "variants"),
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
