"""Print how often allies join, and how well covariates tell who does: python docs/joining.py FOLDER.

FOLDER holds the published files (docs/data.md). Scores are out of sample, over repeated 10-fold cross-validation
that keeps the rows of one dispute together.
"""

import sys

import numpy as np

from sim.history.folds import folds
from sim.history.joining import COVARIATES, ally_disputes, out_of_sample, rate
from sim.history.logit import ordered_logit, scale
from sim.history.scores import auc, brier, log_score

REPEATS = 5


def main(folder: str) -> None:
    """Print rates by period, scores of the logit and of the base rate, and the logit's slopes."""
    rows = ally_disputes(folder)
    periods = {"1816-1945": rows["year"] <= 1945, "1946-2014": rows["year"] > 1945, "1991-2014": rows["year"] > 1990}
    for name, period in periods.items():
        found = rate(rows.loc[period, "joined"], rows.loc[period, "dispute"])
        print(
            f"{name}: {found.count} of {found.n}, {100 * found.share:.2f} % (Wilson {100 * found.low:.2f}-"
            f"{100 * found.high:.2f}, disputes drawn {100 * found.cluster_low:.2f}-{100 * found.cluster_high:.2f})"
        )
    late = rows[rows["year"] > 1945]
    joined = late["joined"].to_numpy(dtype=int)
    print(f"\n1946-2014, {len(late)} rows{'':6}{'Brier':>9}{'log':>9}{'AUC':>7}")
    for penalty in (1.0, 3.0, 10.0, 30.0, 100.0):
        divisions = folds(late["dispute"].to_numpy(dtype=int), 10, REPEATS)
        forecasts = [out_of_sample(late, division, penalty) for division in divisions]
        named = [(f"logit, penalty {penalty:g}", 0)] + [("base rate", 1)] * (penalty == 1.0)
        for name, which in named:
            scores = [
                (brier(p[which], joined, 1).mean(), log_score(p[which], joined).mean(), auc(p[which], joined, 1))
                for p in forecasts
            ]
            print("{:26}{:9.5f}{:9.5f}{:7.3f}".format(name, *np.mean(scores, axis=0)))
    print("(the base rate's AUC is below a half since a fold with more joiners leaves fewer to the others)")
    X = late[list(COVARIATES)].to_numpy(dtype=float)
    slopes = ordered_logit(scale(X)(X), joined, 2, 30.0).slopes
    print("\nslopes for one standard deviation (penalty 30)")
    for name, slope in zip(COVARIATES, slopes, strict=True):
        print(f"{name:26}{slope:+.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
