"""Parameters in an outer sample, chance within: points are what a run would have drawn, and the parts add up."""

import json

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.codes import Purpose
from sim.draws import uniform
from sim.ensemble import compiled_runner
from sim.outcomes import finals, measure
from sim.random_effects import moments
from sim.scenario.build import build
from sim.scenario.errors import InputError
from sim.study.paired import score_interval
from sim.study.uncertainty import JOINT, at, sample, uncertainty
from sim.study.uncertainty_beside import beside, difference_interval, told_difference


def drawn_by(model, seed, run):
    """The quantiles and the row that a run draws for itself."""
    keys = np.unique(model.params.uncertain["key"])
    quantiles = {int(key): uniform(seed, run, -1, int(key), 0, Purpose.PARAMETER) for key in keys}
    return quantiles, int(uniform(seed, run, -1, JOINT, 0, Purpose.PARAMETER) * len(model.params.sample))


@pytest.mark.parametrize("name", ["korea_strike", "spy_satellite", "world_order"])
def test_at_the_point_that_a_run_would_draw_it_is_that_run(name):
    model, runner = build(sim.load(name)), compiled_runner()
    for run in (0, 7):
        alone = runner(model, 3, run, 1)
        fixed = runner(at(model, *drawn_by(model, 3, run)), 3, run, 1)
        assert (alone.words == fixed.words).all() and (alone.entry == fixed.entry).all()


def test_a_point_holds_for_all_its_runs_and_points_differ(model):
    first, second = map(sample(model, 2, 1), range(2))
    figures = []
    for point in (first, first, second):
        ends = finals(point, compiled_runner()(point, 1, 0, 2))
        figures.append(point.params.uncertain["mode"])
        assert len(measure(ends)["run"]) == 2
    assert (figures[0] == figures[1]).all() and (figures[0] != figures[2]).mean() > 0.9


def test_a_figure_more_moves_no_other(scenario):
    usa = scenario.world.states["USA"]
    name, figure = next((name, figure) for name, figure in usa.figures.items() if figure.uncertain)
    known = figure.model_copy(update={"low": figure.centre, "high": figure.centre})
    usa = usa.model_copy(update={"figures": {**usa.figures, name: known}})
    world = scenario.world.model_copy(update={"states": {**scenario.world.states, "USA": usa}})

    def values(which):
        points = [point.params.uncertain for point in map(sample(build(which), 12, 1), range(12))]
        return pd.DataFrame([dict(zip(point["slot"], point["mode"], strict=True)) for point in points])

    whole, rest = values(scenario), values(scenario.model_copy(update={"world": world}))
    assert len(whole.columns) == len(rest.columns) + 1
    pd.testing.assert_frame_equal(whole[rest.columns], rest)


def test_points_fill_the_range_of_every_figure_evenly(model):
    modes = np.array([point.params.uncertain["mode"] for point in map(sample(model, 200, 1), range(200))])
    ranges = model.params.uncertain
    means = (ranges["low"] + ranges["mode"] + ranges["high"]) / 3
    spread = np.abs(modes[:, : len(ranges)].mean(axis=0) - means) / (ranges["high"] - ranges["low"])
    assert spread.max() < 0.002  # a plain sample of 200 has .015
    rows = {tuple(row) for row in modes[:, len(ranges) :]}
    assert rows <= {tuple(row) for row in model.params.sample} and len(rows) > 150


@pytest.fixture(scope="module")
def found(scenario):
    return uncertainty(scenario, 330, 32, 2, 2)


def test_the_parts_are_there_and_in_order(found, scenario):
    result = found.result
    war = result["outcomes"]["war"]
    for entry in [war, *result["at_least"], *(row["at_war"] for row in result["participation"].values())]:
        sure, band = entry["monte_carlo"], entry["band"]
        assert 0 <= sure["low"] <= sure["share"] <= sure["high"] <= 1 and 0 <= band["low"] <= band["high"] <= 1
        assert (entry["apart"] is None) == (entry["count"] in (0, 330))
    assert war["count"] == found.runs["war"].sum() == found.points["war"].sum()
    assert found.points["runs"].sum() == 330 and set(found.points["runs"]) == {10, 11}
    assert (found.runs.groupby("point").size() == found.points["runs"]).all()
    assert list(found.runs["run"]) == list(range(330))
    at_least = {row["rung"]: row for row in result["at_least"]}
    assert at_least[scenario.ladder.war]["count"] == war["count"]


def test_threads_change_nothing(found, scenario):
    again = uncertainty(scenario, 330, 32, 2, 1)
    pd.testing.assert_frame_equal(found.runs, again.runs)
    assert found.result == again.result


@pytest.mark.slow
def test_the_mean_over_points_is_that_of_the_plain_run(scenario):
    """Both marginalise over chance and parameters: the same probability, to simulation error."""
    plain = sim.simulate(scenario, 1500, seed=11).table["war"].mean()
    split = uncertainty(scenario, 1500, 100, 12, 2).result["outcomes"]["war"]["monte_carlo"]
    assert abs(plain - split["share"]) < 4 * np.sqrt(2 * plain * (1 - plain) / 1500)


# --- variants beside each other ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def two():
    scenarios = {
        name: sim.load("korea_strike", [f"variant={variant}", "horizon_weeks=3"])
        for name, variant in (("as_is", "null"), ("regime_targets", "regime_targets"))
    }
    return scenarios, beside(scenarios, 120, 12, 3, 2, lambda name, runs: lambda done: None)


def test_variants_share_points_and_draws(two):
    scenarios, found = two
    alone = uncertainty(scenarios["as_is"], 120, 12, 3, 1)
    assert found.result["variants"]["as_is"] == alone.result
    runs = found.runs.set_index(["variant", "run"])
    pd.testing.assert_series_equal(runs.loc["as_is", "point"], runs.loc["regime_targets", "point"])
    assert list(found.points["variant"].unique()) == ["as_is", "regime_targets"] and len(found.points) == 24


def test_differences_are_of_the_same_run_under_both(two):
    _, found = two
    war = found.runs.pivot(index="run", columns="variant", values="war").astype(bool)
    told = found.result["differences"]["regime_targets"]["outcomes"]["war"]
    assert told["turned_up"] == (war["regime_targets"] & ~war["as_is"]).sum() > 60
    assert told["turned_down"] == (war["as_is"] & ~war["regime_targets"]).sum()
    assert told["monte_carlo"]["difference"] == pytest.approx(war["regime_targets"].mean() - war["as_is"].mean())
    apart = {row["rung"]: row for row in found.result["differences"]["regime_targets"]["at_least"]}
    assert apart[7]["monte_carlo"] == told["monte_carlo"]


def test_where_no_run_turns_a_difference_is_bounded_and_has_no_band():
    none = np.zeros(10, int)
    told = told_difference(none, none, np.full(10, 40), 1)
    assert (told["monte_carlo"]["low"], told["monte_carlo"]["high"]) == score_interval(0, 0, 400)
    assert told["band"] == {"low": 0, "high": 0} and told["apart"] is None


def test_intervals_of_a_difference_cover_where_points_differ_in_it():
    """Runs turn up or down with probabilities that differ from point to point; the mean difference is 0.03."""
    rng, points, runs, mean, hits = np.random.default_rng(5), 32, 60, 0.03, 0
    for _ in range(300):
        shift = np.clip(mean + 0.04 * rng.standard_normal(points), -0.2, 0.25)
        turned = np.array([rng.multinomial(runs, (0.2 + d / 2, 0.2 - d / 2, 0.6)) for d in shift])
        found = moments(turned[:, 0] - turned[:, 1], np.full(points, runs), turned[:, :2].sum(axis=1))
        ends = difference_interval(int(turned[:, 0].sum()), int(turned[:, 1].sum()), points * runs, found)
        hits += ends["low"] <= mean <= ends["high"]
    assert 0.91 < hits / 300 < 0.99


@pytest.mark.parametrize("deviation", [0.0, 0.1])
def test_the_spread_of_a_difference_is_found_without_luck(deviation):
    rng, points, runs = np.random.default_rng(6), 400, 60
    shift = deviation * rng.standard_normal(points)
    turned = np.array([rng.multinomial(runs, (0.2 + d / 2, 0.2 - d / 2, 0.6)) for d in np.clip(shift, -0.4, 0.4)])
    told = told_difference(turned[:, 0], turned[:, 1], np.full(points, runs), 1)
    assert told["apart"]["deviation"]["low"] <= deviation <= told["apart"]["deviation"]["high"]
    assert told["band"]["high"] - told["band"]["low"] == pytest.approx(2 * 1.96 * deviation, abs=0.06)


def test_the_command_sets_variants_beside_each_other(tmp_path, capsys):
    typed = [
        "experiment=uncertainty", "variants=[as_is,without_2024_clause]", "points=10", "runs=20", "horizon_weeks=2",
        f"output={tmp_path}",
    ]  # fmt: skip
    assert main(typed) == 0
    printed = " ".join(capsys.readouterr().out.split())
    (folder,) = tmp_path.iterdir()
    result = json.loads((folder / "uncertainty.json").read_text())
    assert list(result["variants"]) == ["as_is", "without_2024_clause"] == list(result["arrays_sha256"])
    assert list(result["differences"]) == ["without_2024_clause"]
    assert len(pd.read_parquet(folder / "runs.parquet")) == 40 and (folder / "exceedance.svg").stat().st_size > 0
    assert "without_2024_clause less as_is" in printed and "same 10 points" in printed


@pytest.mark.parametrize(
    ("overrides", "runs", "points", "words"),
    [
        (["parameters=centre"], 200, 20, "parameters: 'centre'"),
        ([], 200, 5, "points: 5"),
        ([], 39, 20, "40 or more"),
    ],
)
def test_what_cannot_tell_chance_from_parameters_is_refused(overrides, runs, points, words):
    with pytest.raises(InputError) as refused:
        uncertainty(sim.load("korea_strike", overrides), runs, points, 1, 1)
    assert words in str(refused.value)


def test_the_command_writes_and_tells(tmp_path, capsys):
    typed = ["experiment=uncertainty", "points=20", "runs=200", "horizon_weeks=8", f"output={tmp_path}"]
    assert main(typed) == 0
    printed = capsys.readouterr().out
    (folder,) = tmp_path.iterdir()
    result = json.loads((folder / "uncertainty.json").read_text())
    assert result["points"] == 20 and len(pd.read_parquet(folder / "points.parquet")) == 20
    assert len(pd.read_parquet(folder / "runs.parquet")) == 200
    assert "experiment=structure" in printed and "parameters" in printed
    assert "horizon_weeks=8" in printed.replace("\n", " ")
