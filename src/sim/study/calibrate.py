"""Calibration: the parameters that history speaks to, fitted to crises of the past.

The engine is asked twice: for a bank of runs over wide ranges, from which emulators are learnt, and for crises
at parameters drawn from the priors, on which the method must recover what is known. All else is probabilities.

PyMC, with nutpie's sampler, does the sampling: about fifty correlated parameters with bounds ask for gradients,
and both are well kept. It is imported where it is used: nothing else needs it.

References
----------
Brooks, S., & Gelman, A. (1998). General methods for monitoring convergence of iterative simulations. Journal of
    Computational and Graphical Statistics 7(4), 434-455.
Hoffman, M. D., & Gelman, A. (2014). The No-U-Turn sampler. Journal of Machine Learning Research 15, 1593-1623.
Kullback, S., & Leibler, R. A. (1951). On information and sufficiency. Annals of Mathematical Statistics 22(1), 79-86.
Talts, S., Betancourt, M., Simpson, D., Vehtari, A., & Gelman, A. (2018). Validating Bayesian inference algorithms
    with simulation-based calibration. arXiv:1804.06788.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chisquare

from sim.batch import Progress, Tasks
from sim.history.baselines import BASELINES, out_of_sample
from sim.history.codes import VIOLENCE
from sim.history.design import START_NAMES, Design, Prior, prior, read_design
from sim.history.emulator import Holdout, fit_emulator
from sim.history.logit import Floats, Integers
from sim.history.parameters import StartParameters, read_start_parameters
from sim.history.scores import log_score, paired_difference, rps
from sim.history.start import Crisis
from sim.history.table import groups, observed, since, violent_trigger
from sim.ladder import Ladder
from sim.scenario.errors import InputError, require_member
from sim.scenario.load import read_rules
from sim.scenario.schema import Figure
from sim.scenario.tables import read_tree
from sim.study.backtest import at_trigger, calibration, divided
from sim.study.bank import Bank, fill_bank
from sim.study.crises import STAKES, START, Start, build_start, simulate_crisis
from sim.study.likelihood import (
    Evidence,
    Forward,
    coding,
    duration_classes,
    evidence,
    fisher,
    forward_of,
    log_likelihood,
    peak_classes,
    scaled,
)

MODEL, WRITTEN = "model", "written"
_NAME = "historical"  # of the set of rules that comes out
_DRAWS = 1000  # of each chain
_AVERAGED = 200  # draws over which a forecast is averaged
_RANKS = 99  # draws among which a known value is ranked
_BINS = 10
_REPEATS = 5  # divisions over which scores out of sample are averaged


class Posterior(NamedTuple):
    """Draws of P parameters on their scale, and how well the chains agree."""

    draws: Floats  # [S, P]
    rhat: float  # largest over parameters (Brooks & Gelman 1998)
    effective: float  # least effective number of draws
    divergent: int


class Learnt(NamedTuple):
    """What the bank of runs has taught."""

    forward: Forward
    peak: Holdout
    duration: Holdout


def require_sampler() -> None:
    """Refuse to begin where PyMC or nutpie is not installed.

    Raises
    ------
    InputError
    """
    for module in ("pymc", "nutpie"):
        if importlib.util.find_spec(module) is None:
            problem = f"calibrate needs {module}, which is not installed: pip install 'sim-escalation[calibrate]'"
            raise InputError(problem, key="experiment")


def wide_starts(
    crises: Sequence[Crisis], rules: Mapping[str, Figure], ladder: Ladder, start: StartParameters, design: Design
) -> list[Start]:
    """Build crises with the ranges of the design for what is fitted, and those of the rules for all else."""
    wide = {**rules, **{name: span.figure for name, span in design.rules.items()}}
    opening = design.start_of_bank(start)
    return [build_start(crisis, wide, ladder, opening) for crisis in crises]


def noted(design: Design) -> tuple[str, ...]:
    """Parameters that a bank of runs must note, in their order."""
    return (*design.rules, *STAKES)


def learn(
    bank: Bank, crises: Sequence[Crisis], ladder: Ladder, start: StartParameters, design: Design, prior: Prior
) -> Learnt:
    """Fit the emulators of peaks and of durations to a bank of runs."""
    log = np.append(prior.log[: prior.rules], design.stake.scale == "log")
    X = scaled(bank.drawn.astype(float), log)
    openings = [start.trigger[crisis.trigger] for crisis in crises]
    _, pools = np.unique([f"{opening.how} {opening.rung}" for opening in openings], return_inverse=True)
    rungs = peak_classes(ladder)
    peaks = np.digitize(bank.peak, rungs).astype(np.int64)
    days = duration_classes(bank.settled.astype(float), design)
    peak, peak_score = fit_emulator(X, peaks, len(rungs) + 1, pools, design.penalty)
    duration, duration_score = fit_emulator(X, days, len(design.duration_days) + 1, pools, design.penalty)
    forward = forward_of(peak, duration, list(crises), design, prior, start.stake_least)
    return Learnt(forward, peak_score, duration_score)


# --- all of it -------------------------------------------------------------------------------------


class Question(NamedTuple):
    """What is asked of history, checked."""

    table: pd.DataFrame
    division: Integers | None  # fold of each crisis, shape (repeats, n)
    design: Design
    prior: Prior
    rules: Mapping[str, Figure]  # the set whose centres and ranges the priors are
    start: StartParameters
    ladder: Ladder


def question(
    table: pd.DataFrame, design_file: Path, sets: Mapping[str, Path], ladder: Ladder, fold: int | None
) -> Question:
    """Check all that a calibration is given.

    Parameters
    ----------
    sets : mapping of Path
        Files of the sets of rules that there are, by name.
    fold : int, optional
        Parts for scores out of sample.

    Raises
    ------
    InputError
        For the first thing that is wrong.
    """
    design = read_design(design_file)
    require_member("prior", design.prior, sets)
    rules = read_rules(read_tree(sets[design.prior]))
    chosen = since(table, design.since)
    division = None if fold is None else divided(chosen, fold, repeats=_REPEATS)
    return Question(chosen, division, design, prior(design, rules), rules, read_start_parameters(START), ladder)


def calibrate(
    asked: Question,
    runs: int,
    seed: int,
    folder: Path,
    threads: int,
    sbc: int,
    progress: Tasks,
) -> tuple[dict[str, Any], Floats]:
    """Fit, and judge the fit.

    Parameters
    ----------
    runs : int
        Of each crisis, in the bank.
    folder : Path
        Of the bank; see `sim.study.bank`.
    sbc : int
        Repetitions of simulation-based calibration.
    progress : callable
        Told of each task and its length; returns what is told how much is done.

    Returns
    -------
    dict
        The content of calibration.json.
    array, shape (S, P)
        Draws from the posterior, on the parameters' scales.
    """
    design, ladder, start, known = asked.design, asked.ladder, asked.start, evidence(asked.table, asked.design)
    crises = at_trigger(asked.table, start)
    starts = wide_starts(crises, asked.rules, ladder, start, design)
    bank = fill_bank(starts, noted(design), runs, seed, folder, threads, progress("bank of runs", len(starts)))
    learnt = learn(bank, crises, ladder, start, design, asked.prior)
    forward, sampler = learnt.forward, Sampler(learnt.forward, asked.prior, known)
    posterior = sampler(known, _DRAWS, seed)
    result = summary(learnt, asked.prior, posterior, known, asked.table, runs, design)
    if asked.division is not None:
        told = progress("folds", sum(int(division.max()) + 1 for division in asked.division))
        kept = np.array([row["identified"] for row in result["parameters"]])
        p = cross_validate(sampler, forward, known, asked.division, _DRAWS // 2, seed, asked.prior, kept, told)
        result["cross_validation"] = compare(asked.table, p, asked.division)
    if sbc:
        told = progress("known parameters", sbc)
        ranks = simulation_based_calibration(
            sampler, forward, starts, ladder, design, asked.prior, known, sbc, seed, told
        )
        result["simulation_based_calibration"] = uniformity(ranks, asked.prior)
    return result, posterior.draws


# --- posterior -------------------------------------------------------------------------------------


class Sampler:
    """The posterior given some evidence; compiled once, for evidence may be exchanged."""

    def __init__(self, forward: Forward, prior: Prior, known: Evidence) -> None:
        import nutpie
        import pymc as pm
        import pytensor.tensor as pt

        room = 1e-3 * (prior.high - prior.low)
        with pm.Model() as model:
            violence, duration = pm.Data("violence", known.violence), pm.Data("duration", known.duration)
            theta = pm.TruncatedNormal(
                "theta", prior.mean, prior.sd, lower=prior.low, upper=prior.high, shape=len(prior.names),
                initval=np.clip(prior.mean, prior.low + room, prior.high - room),
            )  # fmt: skip
            pm.Potential("likelihood", log_likelihood(forward, theta, violence, duration, pt))
        self._sample = nutpie.sample
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of BLAS, which the compiled function has from elsewhere
            self._compiled = nutpie.compile_pymc_model(model)

    def __call__(self, known: Evidence, draws: int, seed: int, tune: int = 400, chains: int = 2) -> Posterior:
        """Draw from the posterior: `draws` of each chain."""
        import arviz

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            trace = self._sample(
                self._compiled.with_data(**known._asdict()), draws=draws, tune=tune, chains=chains, cores=1,
                seed=seed, progress_bar=False,
            )  # fmt: skip
        theta = np.asarray(trace.posterior["theta"])
        rhat = float(arviz.rhat(trace)["theta"].max()) if chains > 1 else np.nan
        effective = float(arviz.ess(trace)["theta"].min()) if chains > 1 else np.nan
        divergent = int(np.asarray(trace.sample_stats["diverging"]).sum())
        return Posterior(theta.reshape(-1, theta.shape[-1]), rhat, effective, divergent)


def forecasts(forward: Forward, draws: Floats) -> Floats:
    """Probabilities of violence, shape (n, 4), averaged over the posterior."""
    chosen = draws[:: max(len(draws) // _AVERAGED, 1)]
    return np.asarray(np.mean([forward(theta)[0] for theta in chosen], axis=0))


def describe(prior: Prior, posterior: Posterior, share: float) -> list[dict[str, Any]]:
    """Set posterior beside prior for each parameter.

    `shrinkage` is the posterior's standard deviation over that of the prior as cut off at its bounds, on the
    scale of the fit; `shift` the difference of means in prior standard deviations. `information` is what was
    learnt, the divergence of the posterior from the prior (Kullback & Leibler 1951) as of normal distributions,

        log(1 / shrinkage) + (shrinkage^2 + shift^2 - 1) / 2    nats.

    A parameter is `identified` if its prior was widened to ask about it, and the information is at least that of
    a posterior that is narrower by `share` and has not moved.
    """
    centre = np.asarray(prior.draw(np.random.default_rng(0), 4000))
    shrinkage = posterior.draws.std(axis=0) / prior.spread
    shift = (posterior.draws.mean(axis=0) - centre.mean(axis=0)) / prior.spread
    information = gain(shrinkage, shift)
    before = np.quantile(prior.natural(centre), [0.05, 0.5, 0.95], axis=0).T
    after = np.quantile(prior.natural(posterior.draws), [0.05, 0.5, 0.95], axis=0).T
    return [
        {
            "name": name,
            "widened": bool(prior.fit[n]),
            "prior": before[n].tolist(),
            "posterior": after[n].tolist(),
            "shrinkage": float(shrinkage[n]),
            "shift": float(shift[n]),
            "information": float(information[n]),
            "identified": bool(prior.fit[n] and information[n] >= gain(share, 0.0)),
        }
        for n, name in enumerate(prior.names)
    ]


def gain(shrinkage: Any, shift: Any) -> Any:
    """Divergence of a normal distribution from a standard one, by its standard deviation and its mean, nats."""
    return -np.log(shrinkage) + (shrinkage**2 + shift**2 - 1) / 2


def directions(forward: Forward, prior: Prior, theta: Floats, known: Evidence) -> dict[str, Any]:
    """Eigenvalues of the Fisher information relative to the prior; the four largest parts of each direction above 1."""
    values, axes = fisher(forward, theta, known, prior)
    leading = []
    for n in range(int((values > 1).sum())):
        largest = np.argsort(-np.abs(axes[:, n]))[:4]
        sign = np.sign(axes[largest[0], n])
        leading.append({prior.names[k]: float(sign * axes[k, n]) for k in largest})
    return {"eigenvalues": values.tolist(), "above_one": len(leading), "leading": leading}


def summary(
    learnt: Learnt, prior: Prior, posterior: Posterior, known: Evidence, table: pd.DataFrame, runs: int, design: Design
) -> dict[str, Any]:
    """Return what calibration.json begins with: the fit, its emulators, and what is identified."""
    p, happened = forecasts(learnt.forward, posterior.draws), observed(table)
    return {
        "crises": len(table),
        "runs": runs,
        "design": design.model_dump(),
        "emulators": {"peak": learnt.peak._asdict(), "duration": learnt.duration._asdict()},
        "sampler": {
            "draws": len(posterior.draws),
            "rhat": posterior.rhat,
            "effective": posterior.effective,
            "divergent": posterior.divergent,
        },
        "parameters": describe(prior, posterior, design.identified),
        "fisher": directions(learnt.forward, prior, posterior.draws.mean(axis=0), known),
        "in_sample": {"rps": float(rps(p, happened).mean()), "log": float(log_score(p, happened).mean())},
    }


# --- out of sample ---------------------------------------------------------------------------------


def cross_validate(
    sampler: Sampler, forward: Forward, known: Evidence, division: Integers, draws: int, seed: int, prior: Prior,
    kept: NDArray[np.bool_], progress: Progress | None = None,
) -> dict[str, Floats]:  # fmt: skip
    """Forecast each crisis from posteriors that have not seen its fold; probabilities of shape (repeats, n, 4) each.

    Returns
    -------
    dict
        `MODEL`: of the whole posterior. `WRITTEN`: of what is written for later runs, where rules of which `kept`
        (shape (P,)) is False are drawn from their priors.
    """
    p = {name: np.empty((*division.shape, len(VIOLENCE))) for name in (MODEL, WRITTEN)}
    parts = [(repeat, fold) for repeat, of in enumerate(division) for fold in range(int(of.max()) + 1)]
    for done, (repeat, fold) in enumerate(parts):
        out = division[repeat] == fold
        found = sampler(known.of(~out), draws, seed + done).draws
        p[MODEL][repeat, out] = forecasts(forward, found)[out]
        p[WRITTEN][repeat, out] = forecasts(forward, written(prior, found, kept))[out]
        if progress is not None:
            progress(done + 1)
    return p


def written(prior: Prior, draws: Floats, kept: NDArray[np.bool_]) -> Floats:
    """Return draws in which rules that are not kept come from their priors, independent of all else."""
    fresh = prior.draw(np.random.default_rng(0), len(draws))
    replaced = ~kept & (np.arange(len(kept)) < prior.rules)
    return np.where(replaced, fresh, draws)


def compare(table: pd.DataFrame, p: Mapping[str, Floats], division: Integers) -> dict[str, Any]:
    """Score forecasts out of sample beside the baselines on the same folds, each crisis by its mean over repeats.

    Returns
    -------
    dict
        For all crises and by trigger: `n`, `rps` and `log` of each forecast, `differences`, those of the model
        from each baseline with bootstrap intervals over conflicts, negative where the model is better, and the model's
        `reliability` in the first repeat (`sim.study.backtest.calibration`).
    """
    happened, conflicts, violent = observed(table), groups(table), violent_trigger(table)
    others = {name: out_of_sample(fit, table, division, "violence") for name, fit in BASELINES.items()}
    result = {}
    parts = {"all": np.ones(len(table), bool), "violent_trigger": violent, "non_violent_trigger": ~violent}
    for name, part in parts.items():
        if not part.any():
            continue
        entry: dict[str, Any] = {"n": int(part.sum()), "differences": {}}
        for score in (rps, log_score):
            label = "rps" if score is rps else "log"
            of = {
                model: np.mean([score(one, happened)[part] for one in q], axis=0)
                for model, q in {**p, **others}.items()
            }
            entry[label] = {model: float(values.mean()) for model, values in of.items()}
            for model in others:
                difference = paired_difference(of[MODEL], of[model], conflicts[part])
                entry["differences"].setdefault(model, {})[label] = difference._asdict()
        entry["reliability"] = calibration(p[MODEL][0, part], happened[part])
        result[name] = entry
    return result


# --- does the method recover what is known? --------------------------------------------------------


def simulation_based_calibration(
    sampler: Sampler, forward: Forward, starts: Sequence[Start], ladder: Ladder, design: Design, prior: Prior,
    known: Evidence, repetitions: int, seed: int, progress: Progress | None = None,
) -> Integers:  # fmt: skip
    """Rank known parameters among draws from the posterior of crises that the engine simulates with them.

    Parameters are drawn from the priors, each crisis is run once with them by the engine itself, its peak coded
    as the observation matrix says, its duration noted where that of the real crisis is known. If the method is
    right, ranks are uniform (Talts et al. 2018).

    Returns
    -------
    array of int, shape (repetitions, P)
        Number of `_RANKS` draws below the known value.
    """
    rng = np.random.default_rng([seed, 1])
    truths = prior.draw(rng, repetitions)
    ranks = np.empty((repetitions, len(prior.names)), np.int64)
    for n, truth in enumerate(truths):
        made = invented(forward, starts, ladder, design, prior, truth, known, rng, seed + 1 + n)
        draws = sampler(made, 3 * _RANKS, seed + n, tune=300, chains=1).draws[2::3]
        ranks[n] = (draws < truth).sum(axis=0)
        if progress is not None:
            progress(n + 1)
    return ranks


def invented(
    forward: Forward, starts: Sequence[Start], ladder: Ladder, design: Design, prior: Prior, truth: Floats,
    known: Evidence, rng: np.random.Generator, seed: int,
) -> Evidence:  # fmt: skip
    """Return what would have been coded had each crisis been a run of the engine with parameters `truth`."""
    natural = prior.natural(truth)
    rules = dict(zip(prior.names[: prior.rules], natural[: prior.rules].tolist(), strict=True))
    peaks, days = np.empty(len(starts), np.int64), np.empty(len(starts))
    for n, (start, stake) in enumerate(zip(starts, forward.stakes(truth), strict=True)):
        end = simulate_crisis(start, 1, seed, rules | dict.fromkeys(STAKES, float(stake)))
        peaks[n], days[n] = end.peak[0], end.settled[0]
    rungs = peak_classes(ladder)
    chance = coding(np.eye(len(rungs) + 1)[np.digitize(peaks, rungs)], natural[prior.rules :])
    coded = (rng.random((len(starts), 1)) > chance.cumsum(axis=1)[:, :-1]).sum(axis=1)
    lasted = np.eye(len(design.duration_days) + 1)[duration_classes(days, design)]
    return Evidence(np.eye(len(VIOLENCE))[coded], lasted * known.duration.sum(axis=1, keepdims=True))


def uniformity(ranks: Integers, prior: Prior) -> dict[str, Any]:
    """Chi-square tests of ranks in ten bins, one per parameter, with Bonferroni's bound for all at once."""
    bins = [np.bincount(column * _BINS // (_RANKS + 1), minlength=_BINS) for column in ranks.T]
    tests = {name: float(chisquare(counts).pvalue) for name, counts in zip(prior.names, bins, strict=True)}
    return {
        "repetitions": len(ranks),
        "bins": dict(zip(prior.names, (counts.tolist() for counts in bins), strict=True)),
        "p_values": tests,
        "bonferroni": min(1.0, min(tests.values()) * len(tests)),
    }


# --- the set of rules that comes out ---------------------------------------------------------------


def rules_text(
    described: Sequence[Mapping[str, Any]], rules: Mapping[str, Figure], base: str, name: str, source: str
) -> str:
    """Return YAML of a set of rules: identified parameters with their posterior, the others as in the set `base`."""
    lines = [
        "# Behavioural parameters after history has been asked: the joint posterior of those that it identifies,",
        f"# the rest as in {base}.yaml. Low and high hold nine in ten draws, the centre is the median; runs take whole",
        f"# rows of {name}.csv. Made by `python -m sim experiment=calibrate`; method: docs/calibration.md.",
        f"defaults: [{base}, _self_]",
        "",
        f"draws: {name}",
    ]
    for row in described:
        if row["identified"] and row["name"] in rules:
            low, centre, high = (f"{value:.4g}" for value in row["posterior"])
            about = f"unit: {rules[row['name']].unit}, source: '{source}'"
            lines.append(f"{row['name']}: {{low: {low}, centre: {centre}, high: {high}, {about}}}")
    return "\n".join(lines) + "\n"


def start_text(described: Sequence[Mapping[str, Any]]) -> str:
    """Return YAML for `params=` of a back-test: parameters of the start with their posterior."""
    rows = [row for row in described if row["name"] in START_NAMES]
    lines = ["# Parameters of the start after history has been asked; for experiment=backtest params=FILE.", "start:"]
    for row in rows:
        low, centre, high = (f"{value:.4g}" for value in row["posterior"])
        lines.append(f"  {row['name']}: {{low: {low}, centre: {centre}, high: {high}}}")
    return "\n".join(lines) + "\n"


def draws_text(described: Sequence[Mapping[str, Any]], prior: Prior, draws: Floats, kept: int) -> str:
    """Return a table of joint draws of the identified rules, `kept` rows spread evenly over the sample."""
    chosen = [n for n, row in enumerate(described) if row["identified"] and n < prior.rules]
    rows = prior.natural(draws)[np.linspace(0, len(draws) - 1, kept).astype(int)][:, chosen]
    lines = [",".join(prior.names[n] for n in chosen), *(",".join(f"{value:.5g}" for value in row) for row in rows)]
    return "\n".join(lines) + "\n"


def texts(asked: Question, result: Mapping[str, Any], draws: Floats) -> dict[str, str]:
    """Return the files that a calibration leaves for later runs, by name."""
    described, years = result["parameters"], asked.table["year"]
    source = f"posterior; {len(asked.table)} crises, {years.min():.0f}-{years.max():.0f}"
    return {
        f"{_NAME}.yaml": rules_text(described, asked.rules, asked.design.prior, _NAME, source),
        f"{_NAME}.csv": draws_text(described, asked.prior, draws, asked.design.kept),
        "start.yaml": start_text(described),
    }
