"""Print the cross-validated scores of every baseline and of the feature sets tried: python docs/baselines.py FILE.

FILE is a table of crises (docs/data.md). Scores are those of usable crises after 1945, over repeated 10-fold
cross-validation, with crises divided at random and with protracted conflicts kept together.
"""

import sys

import numpy as np

from sim.history.baselines import AT_ONSET, BASELINES, BEFORE_ONSET, logit, out_of_sample
from sim.history.folds import folds
from sim.history.scores import log_score, paired_difference, rps
from sim.history.table import after_1945, groups, observed, read_crises, usable, violent_trigger

REPEATS = 20
TRIGGER = [f"trigger_{code}" for code in (6, 7, 8, 9)]
TRIGGERS = [f"trigger_{code}" for code in range(1, 10)]
GRAVITY = [f"gravity_{code}" for code in (1, 2, 5, 6)]
GRAVITIES = [f"gravity_{code}" for code in range(8)]
BETWEEN = ["preponderance", "land_border", "rivals", "joint_democracy"]
ALL = [
    "preponderance",
    "advantage",
    "size",
    "land_border",
    "water_border",
    "rivals",
    "joint_democracy",
    "one_nuclear",
    "both_nuclear",
    "pact",
    "year",
    "cold_war",
]
SETS = {
    "before onset: all": ALL,
    "before onset: few": BETWEEN,
    "before onset": BEFORE_ONSET,
    "trigger": TRIGGER,
    "trigger, each code": TRIGGERS,
    "trigger, gravity": [*TRIGGER, *GRAVITY],
    "trigger, gravity, each code": [*TRIGGERS, *GRAVITIES],
    "at onset: all": [*ALL, *TRIGGER, *GRAVITIES],
    "at onset: few more": [*BETWEEN, *TRIGGER, *GRAVITY],
    "at onset": AT_ONSET,
}


def main(path: str) -> None:
    """Print one row a forecast: mean scores over all crises and over those of a non-violent trigger."""
    table = after_1945(usable(read_crises(path)))
    happened, calm = observed(table), ~violent_trigger(table)
    print(f"{len(table)} crises, {calm.sum()} of a non-violent trigger; outcomes {np.bincount(happened)}")
    divisions = {
        "random": folds(np.arange(len(table)), 10, REPEATS),
        "conflicts together": folds(groups(table), 10, REPEATS),
    }
    print(f"{'':54}" + "".join(f"{name:^36}" for name in divisions))
    print(f"{'':54}" + f"{'rps':>8}{'log':>8}{'rps*':>8}{'log*':>8}    " * 2 + "* non-violent triggers")

    def show(name, fit):
        print(f"{name:54}", end="")
        for division in divisions.values():
            scores = _mean_scores(fit, table, happened, division)
            print("".join(f"{score[rows].mean():8.4f}" for rows in (..., calm) for score in scores), end="    ")
        print()

    for name, fit in BASELINES.items():
        show(name, fit)
    print("\ndifference from the climatology by trigger, conflicts kept together and drawn whole")
    reference = _mean_scores(BASELINES["trigger_climatology"], table, happened, divisions["conflicts together"])
    for name, fit in BASELINES.items():
        own = _mean_scores(fit, table, happened, divisions["conflicts together"])
        differences = [paired_difference(a, b, groups(table)) for a, b in zip(own, reference, strict=True)]
        print(f"{name:26}rps {differences[0]}   log {differences[1]}")
    print()
    for name, features in SETS.items():
        for kind in ("ordered", "multinomial"):
            for penalty in (1.0, 5.0, 30.0, 100.0):
                show(f"{name}; {kind}, penalty {penalty:g}", logit(features, kind, penalty))


def _mean_scores(fit, table, happened, division):
    """Scores of each crisis, averaged over repeats."""
    forecasts = out_of_sample(fit, table, division)
    return [np.mean([score(p, happened) for p in forecasts], axis=0) for score in (rps, log_score)]


if __name__ == "__main__":
    main(*sys.argv[1:])
