"""Calibration: priors, likelihood, information and ranks on known answers, a bank of runs, and a posterior."""

import numpy as np
import pytest
import yaml
from invented import row, table

from sim.config import CONF, compose
from sim.history.design import START_NAMES, Design, prior, read_design
from sim.history.emulator import Emulator
from sim.history.logit import Scale
from sim.history.observe import observation_matrix
from sim.history.parameters import GRAVITY, read_start_parameters
from sim.history.table import groups, read_crises
from sim.plot.calibration import save_ranks, save_shrinkage
from sim.scenario.errors import InputError
from sim.scenario.load import read_rules
from sim.scenario.tables import read_tree
from sim.study import calibrate as study
from sim.study.backtest import at_trigger
from sim.study.bank import Bank, fill_bank
from sim.study.crises import STAKES, START, simulate_crisis, slots
from sim.study.likelihood import Evidence, Forward, coding, duration_classes, evidence, fisher, log_likelihood

DESIGN = CONF / "history" / "calibrate.yaml"


@pytest.fixture(scope="module")
def design():
    return read_design(DESIGN)


@pytest.fixture(scope="module")
def rules():
    return read_rules(read_tree(CONF / "rules" / "prior.yaml"))


@pytest.fixture(scope="module")
def priors(design, rules):
    return prior(design, rules)


# --- design and priors -----------------------------------------------------------------------------


def test_priors_lie_where_runs_are_made(priors):
    drawn = priors.draw(np.random.default_rng(1), 4000)
    assert np.all((priors.low <= drawn) & (drawn <= priors.high))
    assert drawn.std(axis=0) == pytest.approx(priors.spread, rel=0.06)


def test_a_prior_keeps_its_width_unless_it_is_asked_about(priors, rules):
    sd = dict(zip(priors.names, priors.sd, strict=True))
    assert sd["omega"] == pytest.approx((rules["omega"].high - rules["omega"].low) / 24**0.5)
    assert sd["kappa"] == pytest.approx(rules["kappa"].high - rules["kappa"].low)


def test_natural_units_are_those_of_the_rules(priors, rules):
    natural = dict(zip(priors.names, priors.natural(priors.mean), strict=True))
    for name in ("omega", "incident_rate", "settle_base"):
        assert natural[name] == pytest.approx(rules[name].centre)


def test_the_bank_draws_stakes_from_its_own_range(design):
    start = design.start_of_bank(read_start_parameters(START))
    assert start.stake_base == design.stake.figure
    assert {figure.high for figure in (*start.stake_gravity.values(), start.stake_threat)} == {0}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"identifed": 0.5}, "identified"),
        ({"rules": {"omga": {"low": 0, "centre": 1, "high": 2}}}, "omega"),
        ({"rules": {"omega": {"low": 2, "centre": 1, "high": 2}}}, "low <= centre <= high"),
        ({"rules": {"omega": {"low": 0, "centre": 1, "high": 2, "scale": "log"}}}, "above 0"),
        ({"start": {}}, "stake_base"),
        ({"duration_days": [5, 3]}, "rise"),
        ({"duration_weight": 2}, "1.0 or less"),
    ],
)
def test_a_wrong_design_is_refused(tmp_path, change, words):
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(read_tree(DESIGN) | change))
    with pytest.raises(InputError, match=words):
        read_design(tmp_path / "mine.yaml")


def test_a_prior_centre_outside_the_runs_is_refused(rules):
    tree = read_tree(DESIGN)
    tree["rules"] = {"omega": {"low": 1, "centre": 1.1, "high": 1.2}}
    with pytest.raises(InputError, match=r"rules.omega: 0.75 .* 1 to 1.2"):
        prior(Design.model_validate(tree), rules)


# --- likelihood ------------------------------------------------------------------------------------


def toy(crises=400, seed=0):
    """Emulators of invented crises with two rules: the first drives peaks, the second durations."""
    rng = np.random.default_rng(seed)
    names = ("kappa", "omega")

    def emulator(levels, drives):
        weights = rng.normal(scale=0.1, size=(2, 8, levels))
        weights[:, drives] = np.linspace(-1.5, 1.5, levels)
        constants = rng.normal(scale=0.5, size=(crises, levels))
        return Emulator(weights, constants, np.arange(crises) % 2, Scale(np.zeros(4), np.ones(4)))

    gravity = rng.integers(len(GRAVITY), size=crises)
    threat = rng.integers(2, size=crises).astype(float)
    forward = Forward(emulator(5, 0), emulator(6, 1), gravity, threat, 0.05, np.array([False, False, True]))
    tree = read_tree(DESIGN)
    span = {"low": -3, "centre": 0.1, "high": 3, "fit": True, "sd": 1.0}
    tree["rules"] = {name: span for name in names}
    return forward, prior(Design.model_validate(tree), read_rules(read_tree(CONF / "rules" / "prior.yaml")))


def drawn_from(forward, theta, seed=0):
    rng = np.random.default_rng(seed)
    chosen = [(rng.random((len(p), 1)) > p.cumsum(axis=1)[:, :-1]).sum(axis=1) for p in forward(theta)]
    return Evidence(np.eye(4)[chosen[0]], np.eye(6)[chosen[1]])


def test_probabilities_are_the_emulators():
    forward, priors = toy(20)
    theta = priors.draw(np.random.default_rng(2), 1)[0]
    stake = np.log(forward.stakes(theta))
    X = np.column_stack([np.tile(theta[:2], (20, 1)), stake, stake])[:, None]
    violence, duration = forward(theta)
    assert duration == pytest.approx(forward.duration(X)[:, 0])
    assert violence == pytest.approx(coding(forward.peak(X)[:, 0], theta[2:]))
    assert violence.sum(axis=1) == pytest.approx(np.ones(20))


def test_a_stake_is_a_sum_that_never_falls_below_the_least():
    forward, priors = toy(20)
    theta = priors.mean.copy()
    theta[2] = 2.0
    expected = 2 + theta[3 + forward.gravity] + theta[2 + START_NAMES.index("stake_threat")] * forward.threat
    assert forward.stakes(theta) == pytest.approx(expected, abs=0.01)
    theta[2] = -9.0
    assert forward.stakes(theta) == pytest.approx(np.full(20, forward.least), abs=0.01)


def test_coding_is_that_of_the_back_test():
    ladder, observation = compose([]).scenario.ladder, read_start_parameters(START).observation
    names = ("minor_at_force", "serious_at_lethal", "war_at_war", "miscoded")
    start = np.zeros(len(START_NAMES))
    start[-4:] = [getattr(observation, name).centre if hasattr(observation, name) else 0 for name in names]
    matrix = observation_matrix(observation, ladder)
    rungs = [0, ladder.force, ladder.lethal, ladder.war, ladder.war + 1]
    assert coding(np.eye(5), start) == pytest.approx(matrix[rungs])


def test_what_is_not_known_or_not_asked_does_not_count(design, tmp_path):
    crises = read_crises(table(tmp_path, row(901), row(902, duration_days="")))
    known = evidence(crises, design)
    assert known.duration.sum(axis=1).tolist() == [design.duration_weight, 0]
    assert duration_classes(np.array([3.0, 40, np.nan]), design).tolist() == [0, 2, 5]
    forward, priors = toy(30)
    made = drawn_from(forward, priors.mean)
    half = made.of(np.arange(30) < 15)
    parts = [log_likelihood(forward, priors.mean, *made.of(np.isin(np.arange(30) < 15, side))) for side in (0, 1)]
    assert sum(parts) == pytest.approx(log_likelihood(forward, priors.mean, *made))
    assert half.violence[15:].sum() == 0 and half.duration[15:].sum() == 0


def test_information_of_a_known_model(priors):
    """Of n coins with log odds theta it is n p (1 - p), here in units of the prior's precision."""
    n, at = 50, len(priors.names)
    theta = np.full(at, 0.4)

    def coins(t):
        p = 1 / (1 + np.exp(-t[0]))
        return np.tile([p, 1 - p], (n, 1)), np.tile([0.5, 0.5], (n, 1))

    values, axes = fisher(coins, theta, Evidence(np.eye(2)[np.zeros(n, int)], np.zeros((n, 2))), priors)
    p = 1 / (1 + np.exp(-0.4))
    assert values[0] == pytest.approx(n * p * (1 - p) * priors.spread[0] ** 2, rel=1e-3)
    assert np.abs(values[1:]).max() < 1e-6 and abs(axes[0, 0]) == pytest.approx(1)


def test_ranks_are_judged(priors):
    rng = np.random.default_rng(3)
    even = rng.integers(100, size=(500, len(priors.names)))
    assert study.uniformity(even, priors)["bonferroni"] > 0.05
    skewed = even.copy()
    skewed[:, 4] = rng.integers(60, size=500)
    result = study.uniformity(skewed, priors)
    assert result["bonferroni"] < 1e-6
    assert min(result["p_values"], key=result["p_values"].get) == priors.names[4]


# --- the bank of runs ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def starts(design, rules, tmp_path_factory):
    start = read_start_parameters(START)
    crises = at_trigger(read_crises(table(tmp_path_factory.mktemp("crises"))), start)
    return study.wide_starts(crises, rules, compose([]).scenario.ladder, start, design)


def same(one, other):
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


def test_a_bank_is_the_same_for_any_threads_and_is_taken_up_again(starts, design, tmp_path, monkeypatch):
    names = study.noted(design)
    bank = fill_bank(starts, names, 6, 1, threads=2)
    assert bank.drawn.shape == (2, 6, len(names)) and bank.peak.shape == (2, 6)
    assert same(bank, fill_bank(starts[:1], names, 6, 1, tmp_path, threads=1)) is False
    (file,) = tmp_path.iterdir()
    assert same(bank, fill_bank(starts, names, 6, 1, tmp_path, threads=1))
    file.write_bytes(b"damaged")
    assert same(bank, fill_bank(starts, names, 6, 1, tmp_path, threads=1))
    assert not same(bank, fill_bank(starts, names, 6, 2, tmp_path, threads=1))
    assert len(list(tmp_path.iterdir())) == 4 and not list(tmp_path.glob("*.partial"))
    monkeypatch.setattr("sim.study.bank.simulate_crisis", None)  # all is there: nothing is run
    assert same(bank, fill_bank(starts, names, 6, 1, tmp_path, threads=1))


def test_a_bank_notes_what_its_runs_draw(starts, design):
    """A run whose figures are fixed at what it drew is the same run."""
    names = study.noted(design)
    bank = fill_bank(starts[:1], names, 5, 1)
    figures = dict(zip(names, bank.drawn[0, 0].astype(float).tolist(), strict=True))
    again = simulate_crisis(starts[0], 1, 1, figures)
    assert again.peak[0] == bank.peak[0, 0]
    spans = {**{name: span for name, span in design.rules.items()}, **dict.fromkeys(STAKES, design.stake)}
    for k, name in enumerate(names):
        assert spans[name].low - 1e-6 <= bank.drawn[0, :, k].min() <= bank.drawn[0, :, k].max() <= spans[name].high


def test_positions_of_figures(starts):
    params = starts[0].model.params
    one, other = (starts[0].model.states.index(code) for code in starts[0].principals)
    where = slots(starts[0], ("kappa", *STAKES))
    assert params.figures[where].tolist() == [
        params.rules[0].kappa, params.dyad[one, other].stake, params.dyad[other, one].stake,
    ]  # fmt: skip
    assert len(set(where.tolist())) == 3


def test_the_engine_answers_for_known_parameters(starts, design, priors):
    known = Evidence(np.eye(4)[[0, 1]], np.array([[0, 0, 0.5, 0, 0, 0], [0.0] * 6]))
    forward, _ = toy(2)
    wide = len(priors.names) - len(START_NAMES)
    forward = forward._replace(peak=forward.peak._replace(weights=np.zeros((2, 2 * (wide + 2), 5))))
    ladder, truth = compose([]).scenario.ladder, priors.mean

    def make(seed):
        return study.invented(forward, starts, ladder, design, priors, truth, known, np.random.default_rng(0), seed)

    made = make(1)
    assert made.violence.sum(axis=1).tolist() == [1, 1] and made.duration.sum(axis=1).tolist() == [0.5, 0]
    assert same(made, make(1))


def test_emulators_are_learnt_from_a_bank(starts, design, priors):
    rng = np.random.default_rng(0)
    names = study.noted(design)
    drawn = rng.uniform(0.1, 1, size=(2, 60, len(names))).astype(np.float32)
    peak, days = rng.integers(2, 9, size=(2, 60)).astype(np.int8), rng.uniform(1, 400, size=(2, 60))
    crises = [start.crisis for start in starts]
    bank = Bank(drawn, peak, np.where(days > 364, np.nan, days).astype(np.float32))
    learnt = study.learn(bank, crises, compose([]).scenario.ladder, read_start_parameters(START), design, priors)
    violence, duration = learnt.forward(priors.mean)
    assert violence.shape == (2, 4) and duration.shape == (2, 6)
    assert learnt.forward.rules == len(design.rules)


# --- what is written -------------------------------------------------------------------------------


def described(priors, draws):
    return study.describe(priors, study.Posterior(draws, 1.0, 100.0, 0), 0.7)


def test_only_what_is_identified_takes_its_posterior(priors, rules, tmp_path):
    draws = priors.draw(np.random.default_rng(1), 2000)
    k = priors.names.index("settle_base")
    draws[:, k] = np.random.default_rng(2).normal(-4.2, 0.1, 2000)
    rows = described(priors, draws)
    assert [row["name"] for row in rows if row["identified"]] == ["settle_base"]
    text = study.rules_text(rows, rules, "prior", "mine", "posterior")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.yaml").write_text(text)
    (tmp_path / "rules" / "mine.csv").write_text(study.draws_text(rows, priors, draws, 50))
    scenario = compose(["rules=mine"], [tmp_path]).scenario
    assert list(scenario.draws) == ["settle_base"] and len(scenario.draws["settle_base"]) == 50
    assert scenario.rules["settle_base"].centre == pytest.approx(-4.2, abs=0.02)
    assert scenario.rules["omega"] == rules["omega"]
    start = yaml.safe_load(study.start_text(rows))["start"]
    assert set(start) == set(START_NAMES)


def test_a_parameter_is_identified_by_what_was_learnt(priors):
    draws = priors.draw(np.random.default_rng(1), 4000)
    for name, move in (("chi_force", -0.9), ("kappa", -0.2), ("omega", 2.0)):
        draws[:, priors.names.index(name)] += move * priors.spread[priors.names.index(name)]
    rows = {row["name"]: row for row in described(priors, draws)}
    assert rows["chi_force"]["identified"] and not rows["kappa"]["identified"]
    assert not rows["omega"]["identified"]  # it was not asked about
    assert study.gain(1.0, 0.0) == 0 and study.gain(1.0, 2.0) == 2
    assert study.gain(0.5, 1.0) == pytest.approx(np.log(2) + 0.125)


def test_what_is_not_written_comes_from_its_prior(priors):
    draws = np.zeros((4000, len(priors.names)))
    kept = np.arange(len(priors.names)) == 3
    made = study.written(priors, draws, kept)
    rules = ~kept & (np.arange(len(priors.names)) < priors.rules)
    assert made[:, ~rules].std() == 0 and made[:, rules].std(axis=0) == pytest.approx(priors.spread[rules], rel=0.06)


def test_figures_have_the_same_bytes_each_time(priors, tmp_path):
    rows = described(priors, priors.draw(np.random.default_rng(1), 500))
    ranks = study.uniformity(np.random.default_rng(1).integers(100, size=(50, len(priors.names))), priors)
    files = [save_shrinkage(rows, 0.7, tmp_path / f"{n}.png").read_bytes() for n in (1, 2)]
    assert files[0] == files[1]
    files = [save_ranks(ranks, tmp_path / f"{n}.png").read_bytes() for n in (1, 2)]
    assert files[0] == files[1]


def test_without_a_sampler_nothing_is_begun(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"sim-escalation\[calibrate\]"):
        study.require_sampler()


# --- the posterior ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sampled():
    pytest.importorskip("pymc")
    pytest.importorskip("nutpie")
    forward, priors = toy()
    truth = priors.mean.copy()
    truth[:2] = 0.8, -0.6
    made = drawn_from(forward, truth)
    return forward, priors, truth, made, study.Sampler(forward, priors, made)


@pytest.mark.slow
def test_the_posterior_finds_what_is_known(sampled):
    _, priors, truth, made, sampler = sampled
    posterior = sampler(made, 500, 1)
    assert posterior.rhat < 1.03 and posterior.divergent < 10
    mean, sd = posterior.draws.mean(axis=0), posterior.draws.std(axis=0)
    assert np.all(np.abs(mean - truth)[:2] < 3 * sd[:2]) and np.all(sd[:2] < 0.3 * priors.spread[:2])


@pytest.mark.slow
def test_the_same_seed_gives_the_same_draws(sampled):
    _, _, _, made, sampler = sampled
    one, other, third = (sampler(made, 50, seed, tune=50).draws for seed in (1, 1, 2))
    assert np.array_equal(one, other) and not np.array_equal(one, third)


@pytest.mark.slow
def test_without_evidence_the_posterior_is_the_prior(sampled):
    _, priors, _, made, sampler = sampled
    draws = sampler(made.of(np.zeros(len(made.violence))), 1000, 1).draws
    assert draws.std(axis=0) == pytest.approx(priors.spread, rel=0.15)


@pytest.mark.slow
def test_ranks_of_known_parameters_are_uniform(sampled):
    """Crises drawn from the model that is fitted: whatever is uneven is the method's own."""
    forward, priors, _, _, sampler = sampled
    rng = np.random.default_rng(5)
    truths = priors.draw(rng, 60)
    ranks = np.array(
        [
            (sampler(drawn_from(forward, t, n), 297, n, tune=300, chains=1).draws[2::3] < t).sum(axis=0)
            for n, t in enumerate(truths)
        ]
    )
    assert study.uniformity(ranks, priors)["bonferroni"] > 0.01


@pytest.mark.slow
def test_folds_are_forecast_by_those_who_have_not_seen_them(sampled):
    forward, priors, _, made, sampler = sampled
    kept = np.ones(len(priors.names), bool)
    division = np.arange(len(made.violence)) % 2
    p = study.cross_validate(sampler, forward, made, division[None], 60, 1, priors, kept)[study.MODEL][0]
    changed = made._replace(violence=np.where(division[:, None] == 0, np.roll(made.violence, 1, axis=1), made.violence))
    again = study.cross_validate(sampler, forward, changed, division[None], 60, 1, priors, kept)[study.MODEL][0]
    assert np.array_equal(p[division == 0], again[division == 0])
    assert not np.array_equal(p[division == 1], again[division == 1])


def test_scores_stand_beside_those_of_baselines(tmp_path):
    rows = [row(900 + n, violence_1to4=1 + n % 4, trigger_type=2 + 7 * (n % 2), pc_id=n % 6) for n in range(24)]
    crises = read_crises(table(tmp_path, *rows))
    division = np.unique(groups(crises), return_inverse=True)[1] % 3
    result = study.compare(crises, {study.MODEL: np.full((2, 24, 4), 0.25)}, np.stack([division, division % 2]))
    assert result["all"]["n"] == 24 and result["all"]["log"]["model"] == pytest.approx(np.log(4))
    assert set(result["all"]["differences"]) == {
        "climatology",
        "trigger_climatology",
        "logit_before_onset",
        "logit_at_onset",
    }
