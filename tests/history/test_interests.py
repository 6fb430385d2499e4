"""The surrogate, the search through it, and the study of who joins."""

import json

import numpy as np
import pandas as pd
import pytest
from published import write as write_published
from research import needs_data
from scipy.special import expit
from small import write

from sim.cli import main
from sim.config import compose
from sim.history import allies
from sim.history.allies import INTEREST, interest_design, interest_of, read_joining_parameters
from sim.history.joining import ally_disputes
from sim.history.parameters import read_start_parameters
from sim.rules.treaties import rung_of_help
from sim.study.allies import JOINING, open_cases, simulate_cases
from sim.study.crises import START
from sim.study.inputs import disputes
from sim.study.interests import Evidence, Search, calibrate, held_out, predicted, spread
from sim.study.joining import FORECASTS, Setting, assess, forecast
from sim.study.surrogate import Surrogate, fit_surrogate, probabilities

# --- the surrogate ---------------------------------------------------------------------------------


def test_the_surrogate_finds_a_quadratic_form():
    rng = np.random.default_rng(0)
    curvature = np.array([[0.5, 0.3, 0], [0.3, -0.4, 0], [0, 0, 0]])
    truth = Surrogate(-2.0, np.array([1.0, -0.5, 0.0]), curvature)
    z = rng.uniform(-1, 1, (20_000, 3))
    found = fit_surrogate(z, rng.binomial(20, expit(truth(z))).astype(float), 20)
    assert found(z) == pytest.approx(truth(z), abs=0.12)
    step = np.array([1e-5, 0, 0])
    assert found.gradient(z)[:, 0] == pytest.approx((found(z + step) - found(z - step)) / 2e-5, abs=1e-6)


def test_few_runs_borrow_and_many_do_not():
    rng = np.random.default_rng(0)
    truth = rng.normal(-5, 1.5, 2000)
    few = rng.binomial(50, expit(truth)).astype(float)
    p = probabilities(truth, few, 50)
    assert p.mean() == pytest.approx(few.mean() / 50, rel=0.05)
    assert np.all(p > 0)
    error = np.abs(p - expit(truth)).mean()
    assert error < 0.5 * np.abs(few / 50 - expit(truth)).mean()
    many = rng.binomial(100_000, expit(truth)).astype(float)
    assert probabilities(np.zeros(2000), many, 100_000) == pytest.approx(many / 100_000, abs=2e-4)


# --- the search ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def search():
    return Search.of(read_joining_parameters(JOINING))


@pytest.fixture(scope="module")
def surrogate(search):
    """Interest and the reluctance to send forces matter, nothing else does."""
    inputs = 2 + len(search.rules) + 6
    slopes = np.zeros(inputs)
    slopes[0], slopes[2 + search.rules.index("honour_forces")] = 8.0, -2.0
    return Surrogate(-2.0, slopes, np.zeros((inputs, inputs)))


def evidence(search, surrogate, theta, n=20_000):
    rng = np.random.default_rng(1)
    design = np.column_stack([np.ones(n), rng.normal(0, 1, (n, len(INTEREST) - 1))])
    rows = Evidence(design, np.zeros((n, 6)), np.zeros(n))
    return rows._replace(joined=rng.binomial(1, expit(predicted(surrogate, search, rows, theta))).astype(float))


def test_the_search_finds_what_made_the_data(search, surrogate):
    theta = search.centre.copy()
    theta[0], theta[1], theta[-1] = 1.0, 2.0, 2.0
    rows = evidence(search, surrogate, theta)
    found = calibrate(surrogate, search, rows)
    sd = spread(surrogate, search, rows, found)
    assert np.all(np.abs(found - theta)[: len(INTEREST)] < 3.5 * sd[: len(INTEREST)])
    assert abs(found[-1] - theta[-1]) < 3.5 * sd[-1]
    silent = len(INTEREST) + search.rules.index("request_base")
    assert found[silent] == pytest.approx(search.centre[silent], abs=1e-3), "data say nothing of it"
    assert sd[silent] == pytest.approx(search.sd[silent], rel=0.01)


def test_rules_can_be_left_alone(search, surrogate):
    rows = evidence(search, surrogate, search.centre, 2000)
    none, one = (calibrate(surrogate, search, rows, free) for free in ((), ("honour_forces",)))
    moved = one[len(INTEREST) :] != search.centre[len(INTEREST) :]
    assert np.array_equal(none[len(INTEREST) :], search.centre[len(INTEREST) :])
    assert [name for name, has in zip(search.rules, moved, strict=True) if has] == ["honour_forces"]


def test_the_outcomes_of_a_fold_do_not_enter_its_own_parameters(search, surrogate):
    rows = evidence(search, surrogate, search.centre, 600)
    division = np.arange(600) % 3
    one = held_out(surrogate, search, rows, division)
    spoilt = rows._replace(joined=np.where(division == 0, 1 - rows.joined, rows.joined))
    other = held_out(surrogate, search, spoilt, division)
    assert np.array_equal(one[division == 0], other[division == 0])
    assert not np.array_equal(one[division == 1], other[division == 1])


# --- the study -------------------------------------------------------------------------------------


def folder(path):
    """Twelve disputes of the United States against Russia; Britain, who owes Russia defence, joins every third."""
    header = "ddyad,stateA,stateB,year,atopally,defense,offense,neutral,nonagg,consul\n"
    years = range(1950, 1962)
    owed = [(200, 365, year) for year in years] + [(220, 365, year) for year in years] + [(2, 200, 2018)]
    atop = header + "".join(f"1,{a},{b},{year},1,1,0,0,0,0\n" for a, b, year in owed)
    mida = "dispnum,stday,stmon,styear,endday,endmon,endyear,outcome,fatality,hostlev,numa,numb,version\n"
    midb = "dispnum,ccode,stday,stmon,styear,sidea,revstate,hostlev,orig,version\n"
    for number, year in enumerate(years, start=1):
        mida += f"{number},2,3,{year},9,4,{year},5,{number % 2},4,1,1,5\n"
        midb += f"{number},2,2,3,{year},1,1,4,1,5\n{number},365,2,3,{year},0,0,1,1,5\n"
        midb += f"{number},200,9,3,{year},0,0,3,0,5\n" if number % 3 == 0 else ""
    return write(path, atop5_1ddyr=atop, MIDA=mida, MIDB=midb)


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return disputes("data", folder(tmp_path_factory.mktemp("published")), 2)


@pytest.fixture(scope="module")
def setting():
    composed = compose([]).scenario
    start, joining = read_start_parameters(START), read_joining_parameters(JOINING)
    return Setting(composed.rules, composed.ladder, start, joining, runs=20, seed=1, threads=2, points=60)


def test_more_interest_more_joining_and_reluctance_less(rows, setting):
    opened = open_cases(rows[:6], setting.rules, setting.ladder, setting.start, setting.joining)
    n = len(opened)

    def joined(interest, forces):
        rules = {"honour_forces": np.full(n, forces)}
        return simulate_cases(opened, 200, 3, np.full(n, interest), rules).joined.sum()

    assert joined(0.0, 0.3) < joined(4.0, 0.3) < joined(10.0, 0.3)
    assert joined(10.0, 3.0) < joined(10.0, 0.3)


def test_what_is_built_in_equals_what_is_set(rows, setting):
    opened = open_cases(rows[:4], setting.rules, setting.ladder, setting.start, setting.joining)
    interest = interest_of(interest_design(rows[:4]), setting.joining.centres)
    one, other = simulate_cases(opened, 50, 3), simulate_cases(opened, 50, 3, interest)
    assert one.joined.tolist() == other.joined.tolist()
    assert one.lethal.tolist() == other.lethal.tolist()


@pytest.mark.slow
def test_a_year_gives_the_shares_of_a_quarter(rows, setting, monkeypatch):
    def joined():
        opened = open_cases(rows[:6], setting.rules, setting.ladder, setting.start, setting.joining)
        return simulate_cases(opened, 3000, 3, np.full(6, 2.5)).joined.sum() / 18000

    short = joined()
    monkeypatch.setattr(allies, "HORIZON_WEEKS", 52)
    assert short > 0.05
    assert joined() == pytest.approx(short, rel=0.05)


def test_whoever_joins_uses_force(rows, setting):
    """Between arms and armed forces the model has no help: THREAT and FORCE are one threshold for an ally."""
    case = open_cases(rows[:1], setting.rules, setting.ladder, setting.start, setting.joining)[0]
    levels = {rung_of_help(case.model.params.setting[0], level, 5) for level in range(5)}
    assert not {rung for rung in levels if setting.ladder.threat <= rung < setting.ladder.force}


def test_outcomes_enter_by_calibration_alone(rows, setting):
    """Other joiners, other courses: the default model says the same, to the bit."""
    spoilt = rows.assign(joined=1 - rows["joined"], level=5.0, hostility=5.0, fatality=6.0)
    one, other = forecast(rows, setting, 2), forecast(spoilt, setting, 2)
    assert np.array_equal(one.p["default"], other.p["default"])
    assert not np.array_equal(one.p["calibrated"], other.p["calibrated"])


def test_the_assessment_counts_everything_once(rows, setting):
    found = forecast(rows, setting, 3)
    result = assess(rows, found)
    assert list(result["eras"]) == ["after_1945"]
    whole = result["eras"]["after_1945"]["scores"]["all"]
    assert (whole["n"], whole["joined"], whole["disputes"]) == (24, 4, 12)
    for name in FORECASTS:
        p = found.p[name]
        assert np.all((p > 0) & (p < 1))
        assert whole[name]["expected"] == pytest.approx(p.sum())
        assert whole[name]["brier"] == pytest.approx(((p - rows["joined"]) ** 2).mean())
    observed = result["eras"]["after_1945"]["course"]["observed"]
    assert (observed["lethal"]["n"], observed["lethal"]["count"], observed["war"]["n"]) == (12, 2, 0)


@pytest.mark.slow
def test_the_command_writes_what_it_promises(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "published").mkdir()
    folder(tmp_path / "published")
    typed = ["experiment=joining", "data=published", "fold=2", "runs=8"]
    assert main([*typed, "fold=20"]) == 2
    assert "at most 12" in capsys.readouterr().err
    assert main(typed) == 0
    assert main([*typed, "threads=1"]) == 0
    printed = capsys.readouterr().out
    assert "After 1945: log score" in printed and "…" not in printed
    first, second = sorted((tmp_path / "outputs").iterdir())
    assert {file.name for file in first.iterdir()} == {"joining.json", "manifest.json", "report.html", "rows.csv"}
    for name in ("joining.json", "rows.csv"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), "the same whatever the threads"
    assert len(pd.read_csv(first / "rows.csv")) == 24
    assert json.loads((first / "joining.json").read_text())["runs"] == 8


@needs_data
@pytest.mark.slow
def test_on_the_published_data_the_model_does_not_lose_to_the_logit_by_more_than_it_may(tmp_path):
    """A third of the disputes after 1945: log and Brier score at most .003 above those of the logit."""
    rows = ally_disputes(write_published(tmp_path))
    rows = rows[(rows["year"] > 1945) & (rows["dispute"] % 3 == 0)].reset_index(drop=True)
    composed = compose([]).scenario
    start, joining = read_start_parameters(START), read_joining_parameters(JOINING)
    setting = Setting(composed.rules, composed.ladder, start, joining, runs=30, seed=1, points=8000)
    result = assess(rows, forecast(rows, setting, 10))["eras"]["after_1945"]
    difference = result["differences"]["calibrated"]["logit"]
    assert difference["log"]["mean"] < 0.003
    assert difference["brier"]["mean"] < 0.003
