"""Chance and parameters apart: parameters in an outer sample of points, chance in the runs at each of them.

A plain run draws its own parameters, so that its spread holds both. Here the figures that a run would draw are drawn
once a point and the same for all its runs, each run with luck of its own. Structure (the decision theory) is the third
uncertainty: `sim.study.structure`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc

import sim.world as arrays
from sim.batch import Progress
from sim.display import shown
from sim.ensemble import CHUNK, compiled_runner
from sim.mathematics import triangular_quantile
from sim.outcomes import finals, measure, truths
from sim.random_effects import LEVEL, Moments, apart, band, interval, moments
from sim.scenario.build import Model, build
from sim.scenario.errors import InputError, wrong
from sim.scenario.schema import Scenario, titled
from sim.summary import given_rung

POINTS, FEWEST, MOST = 64, 10, 10_000  # points unless given; the fewest of which the variance tells; what memory holds
JOINT = 0  # address of the draw of a row of the joint sample; figures have keys of their own
Happened = dict[tuple[str, str], NDArray[np.bool_]]  # by kind and name, a value a run


class Uncertainty(NamedTuple):
    """The result as plain values; the runs, each with its point; and the points, each with its counts."""

    result: dict[str, Any]
    runs: pd.DataFrame
    points: pd.DataFrame

    def __repr__(self) -> str:
        """Say what was run, in a line."""
        result = self.result
        return f"<{result['points']:,} points of {result['scenario']}, {result['runs']:,} runs, seed {result['seed']}>"

    def _repr_html_(self) -> str:
        """Show in Jupyter the probabilities of outcomes with their interval and band."""
        result = self.result
        return shown(
            str(titled(result["scenario"], result["variant"])),
            "chance and parameters apart.",
            f"{result['runs']:,} runs at {result['points']:,} points of all parameters that are drawn, seed "
            f"{result['seed']}. Interval: 95 %, simulation error. Band: where the probabilities of the middle 95 % of "
            "the points lie, which no run narrows. Part: of what is not known, in per cent, with its interval. Not a "
            "forecast.",
            ("outcome", "share, %", "interval", "band", "parameters' part, %"),
            [
                (name.replace("_", " "), *_in_words(entry))
                for name, entry in result["outcomes"].items()
                if entry["count"] < result["runs"]
            ],
        )


def _in_words(entry: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Share, interval, band and the parameters' part of a probability, in per cent."""
    sure, band, split = entry["monte_carlo"], entry["band"], entry["apart"]
    share, low, high, least, most = (100 * p for p in (sure["share"], sure["low"], sure["high"], *band.values()))
    if split is None:
        return "none seen", f"<{high:.1f}", "-", "-"
    part = split["of_answer"]
    told = f"{100 * part['share']:.0f} ({100 * part['low']:.0f}-{100 * part['high']:.0f})"
    return f"{share:.1f}", f"{low:.1f}-{high:.1f}", f"{least:.1f}-{most:.1f}", told


def require_spread(scenario: Scenario, runs: int, points: int) -> None:
    """Refuse a scenario whose parameters are not drawn, and points too few or with too few runs.

    Raises
    ------
    InputError
    """
    if scenario.parameters != "drawn":
        expected = "drawn: at their centre, parameters have no spread that could be told from chance"
        raise wrong("parameters", scenario.parameters, expected)
    params = build(scenario).params
    if not len(params.uncertain) and not params.sample.size:
        raise InputError("gives no figure as a range; nothing but chance is uncertain", key="scenario")
    if not FEWEST <= points <= MOST:
        raise wrong("points", points, f"{FEWEST} to {MOST:,}: the variance between fewer points tells nothing")
    if runs < 2 * points:
        expected = (
            f"{2 * points:,} or more, two at each of {points:,} points, from which chance is told; or fewer points"
        )
        raise wrong("runs", runs, expected)


def uncertainty(
    scenario: Scenario, runs: int = 1000, points: int = POINTS, seed: int = 1, threads: int | None = None,
    progress: Progress = lambda done: None,
) -> Uncertainty:  # fmt: skip
    """Run a scenario at points of its parameters and tell chance and parameters apart in every probability.

    Parameters
    ----------
    scenario : Scenario
        Its figures are drawn (`parameters` is "drawn").
    runs : int
        Of all points together; run n belongs to point n * points // runs, so that points differ by one run at most.
    points : int
        Size of the outer sample.
    progress : callable
        Told how many runs are done.

    Returns
    -------
    Uncertainty
        In `result`, of each of `outcomes`, `at_least` (by rung) and `participation` (by state): `monte_carlo`, the
        share with its interval for simulation error; `band`, within which the middle 95 % of the points' probabilities
        lie, free of binomial noise; `apart`, how much of the spread is parameters (`sim.random_effects.apart`), None
        where nothing was seen or nothing else.

    Raises
    ------
    InputError
        As `require_spread` does.
    """
    require_spread(scenario, runs, points)
    of_point = np.arange(runs) * points // runs
    tables, done = [], 0
    for table in _simulated(build(scenario), of_point, points, seed, threads):
        tables.append(table)
        done += len(table)
        progress(done)
    table = pd.concat(tables, ignore_index=True)
    table.insert(0, "point", of_point)
    happened = outcomes(table, scenario)
    counted = {name: np.bincount(of_point, fate, points).astype(np.int64) for name, fate in happened.items()}
    runs_of = np.bincount(of_point, minlength=points)
    told = {name: _told(count, runs_of, seed) for name, count in counted.items()}
    ladder, states = scenario.ladder, scenario.world.states
    result = {
        "scenario": scenario.name,
        "variant": scenario.variant,
        "title": scenario.title,
        "horizon_weeks": scenario.horizon_weeks,
        "runs": runs,
        "points": points,
        "seed": seed,
        "level": LEVEL,
        "given_rung": given_rung(scenario),
        "war": ladder.war,
        "outcomes": {name: entry for (kind, name), entry in told.items() if kind == "event"},
        "at_least": [
            {"rung": rung, "name": ladder.titles[rung], **told["rung", str(rung)]} for rung in range(1, ladder.use + 1)
        ],
        "participation": {
            code: {
                "name": states[code].name,
                **{part: told[part, code] for part in ("uses_force", "at_war")},
            }
            for code in sorted(states)
        },
    }
    columns = {"_".join(filter(None, name)).removeprefix("event_"): count for name, count in counted.items()}
    by_point = pd.DataFrame({"point": np.arange(points), "runs": runs_of, **columns})
    return Uncertainty(result, table, by_point)


def outcomes(table: pd.DataFrame, scenario: Scenario) -> Happened:
    """Whether each outcome came about, run by run, by kind (event, rung, uses_force, at_war) and name."""
    ladder = scenario.ladder
    found = {
        ("event", "use_of_force"): table["force"],
        ("event", "war"): table["war"],
        ("event", "nuclear_use"): table["nuclear_use"],
        ("event", "settled"): table["day_settled"].notna(),
    }
    found |= {("event", name): table[name] for name in truths(table) if name != "force"}
    found |= {("rung", str(rung)): table["highest_rung"] >= rung for rung in range(1, ladder.use + 1)}
    for code in sorted(scenario.world.states):
        found["uses_force", code] = table[f"rung_{code}"] >= ladder.force
        found["at_war", code] = table[f"rung_{code}"] >= ladder.war
    return {name: fate.to_numpy(bool) for name, fate in found.items()}


def _told(count: NDArray[np.int64], runs: NDArray[np.int64], seed: int) -> dict[str, Any]:
    """What is known of one probability."""
    found: Moments = moments(count, runs)
    low, high = band(found)
    split = None
    if 0 < count.sum() < runs.sum():
        split = {name: part._asdict() for name, part in apart(count, runs, seed)._asdict().items()}
    return {
        "count": int(count.sum()),
        "monte_carlo": interval(found, int(runs.sum())),
        "band": {"low": low, "high": high},
        "variance": {"parameters": found.between, "chance": found.within, "of_share": found.of_share},
        "apart": split,
    }


# --- points ----------------------------------------------------------------------------------------


def _simulated(
    model: Model, of_point: NDArray[np.int64], points: int, seed: int, threads: int | None
) -> Iterator[pd.DataFrame]:
    """Yield the tables of the points in order; run numbers go on from one to the next: no two runs share their luck."""
    edges = np.searchsorted(of_point, np.arange(points + 1))
    runner, sampled = compiled_runner(), sample(model, points, seed)

    def table(point: int) -> pd.DataFrame:
        drawn = sampled(point)
        first, last = int(edges[point]), int(edges[point + 1])
        parts = [
            measure(finals(drawn, runner(drawn, seed, start, min(CHUNK, last - start))))
            for start in range(first, last, CHUNK)
        ]
        return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})

    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(table, range(points))


def sample(model: Model, points: int, seed: int) -> Callable[[int], Model]:
    """Return what gives the arrays at each point of a Latin hypercube over everything that a run draws at its start.

    Each figure has a column of its own that is addressed by its key, so that one more figure moves no other; figures
    that share a key move together, as in a run. Rows of the joint sample are taken whole.
    """
    params = model.params
    columns = {int(key): _column(int(key), points, seed) for key in np.unique(params.uncertain["key"])}
    joint = _column(JOINT, points, seed)

    def point(number: int) -> Model:
        chosen = {key: float(column[number]) for key, column in columns.items()}
        return at(model, chosen, int(joint[number] * len(params.sample)))

    return point


def _column(key: int, points: int, seed: int) -> NDArray[np.float64]:
    """Probabilities, one a point, of which each of as many equal parts of (0, 1) holds one."""
    column: NDArray[np.float64] = qmc.LatinHypercube(1, seed=np.random.default_rng([seed, key])).random(points)[:, 0]
    return column


def at(model: Model, quantiles: Mapping[int, float], row: int) -> Model:
    """Return the arrays of a scenario whose figures every run finds drawn: by quantiles of their ranges, and a row.

    A run that draws nothing takes each range's mode. What was drawn is therefore put there, for figures of the joint
    sample too, and undoing an event's change of a figure leaves it as it is.

    Parameters
    ----------
    quantiles : mapping of int to float
        By the key of a draw.
    row : int
        Of the joint sample; without meaning where there is none.
    """
    params = model.params
    joint = np.zeros(len(params.sampled) if params.sample.size else 0, arrays.UNCERTAIN)
    drawn = np.concatenate([params.uncertain, joint])
    ranges = zip(*(params.uncertain[name].tolist() for name in ("low", "mode", "high", "key")), strict=True)
    drawn["mode"][: len(params.uncertain)] = [
        triangular_quantile(quantiles[key], low, mode, high) for low, mode, high, key in ranges
    ]
    if len(joint):
        drawn["slot"][-len(joint) :], drawn["mode"][-len(joint) :] = params.sampled, params.sample[row]
    setting = params.setting.copy()
    setting["drawn"] = 0
    fixed = params._replace(
        uncertain=drawn, setting=setting, sample=np.empty((0, 0)), sampled=np.empty(0, np.int64)
    )  # fmt: skip
    return model._replace(params=fixed)
