"""Decision theories other than quantal response: known answers, limits in which they are quantal, both drivers."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

import sim
import sim.world as arrays
from named import ENGINE, SHORTER, TODAY
from sim.batch import simulate
from sim.cli import main
from sim.codes import TERMS, THEORIES, Theory
from sim.crisis import Crisis
from sim.ensemble import compiled_runner
from sim.report.replay import lines
from sim.rules.decide import highest_option, logit_choice, lowest_option
from sim.rules.theories import decision_weight, equilibrium, prospect_value, subjective_value, worth
from sim.scenario.build import build
from sim.scenario.load import resolve
from sim.study.replay import replay
from sim.world import over_runs
from test_known_answers import assert_sound
from test_same_world import assert_same_world, finished
from tiny import WORLDS, record, scenario, tree

OTHERS = [name for name in THEORIES if name != "quantal"]
SCORES = np.array([-1.28, -0.52, 0.0, 0.52, 1.28])


def altered(rules, **values):
    """Rules with other parameters of theories; the median ones of Tversky & Kahneman unless given."""
    copy = rules.copy()
    median = {"loss_aversion": 2.25, "value_curvature": 0.88, "weighting_gains": 0.61, "weighting_losses": 0.69}
    for name, value in {**median, **values}.items():
        setattr(copy, name, value)
    return copy


def weighed(theory, rules, setting, ladder, *, stand, seen, resolve=1.0, advantage=0.0, belief=None, types=SCORES):
    """Lowest option, worth of each, and terms, of a state on `stand` against a rival seen at `seen`."""
    facts = {"accountability": 0.5, "survivability": 1.0}
    me, rival = record(arrays.STATE_FIGURE, **facts), record(arrays.STATE_FIGURE, **facts, warheads=0.01)
    common = {"highest": max(stand, seen), "ceiling": setting.top}
    blow, back = (rung if rung >= setting.force else 0 for rung in (seen, stand))
    mine = record(arrays.DYAD, rung=stand, seen=seen, peak=stand, suffered=blow, **common)
    theirs = record(arrays.DYAD, rung=seen, seen=stand, peak=seen, suffered=back, **common)
    low = lowest_option(setting, stand, mine, seen)
    utility = np.empty(highest_option(setting, stand, blow, setting.top) - low + 1)
    terms = np.empty((len(utility), len(TERMS)))
    even = np.full(len(types), 1 / len(types))
    worth(
        Theory[theory.upper()], rules, setting, ladder, me, rival, mine, theirs, 1.0, resolve, advantage,
        float(1 / (1 + np.exp(advantage))), even if belief is None else belief, even, types, np.exp(0.6 * types),
        utility, terms,
    )  # fmt: skip
    return low, utility, terms


def odds(utility):
    probability = np.empty(len(utility))
    logit_choice(utility, 1.0, probability)
    return probability


rung = st.integers(0, 8)
duels = {"stand": rung, "seen": rung, "advantage": st.floats(-2, 2), "resolve": st.floats(0, 6)}


@pytest.mark.parametrize("theory", THEORIES)
@given(**duels)
def test_worth_is_finite_and_the_prize_less_the_other_terms(rules, setting, ladder, theory, **duel):
    _, utility, terms = weighed(theory, rules, setting, ladder, **duel)
    assert np.isfinite(utility).all() and np.isfinite(terms).all()
    np.testing.assert_allclose(utility, terms[:, 0] - terms[:, 1:].sum(axis=1), atol=1e-9)
    assert odds(utility).sum() == pytest.approx(1)


# --- prospect --------------------------------------------------------------------------------------


def test_weights_and_values_of_tversky_and_kahneman(rules):
    """The median parameters of 1992: half weighs .42 for gains and .45 for losses; losses count 2.25 times."""
    median = altered(rules)
    assert decision_weight(0.5, 0.61) == pytest.approx(0.42, abs=0.005)
    assert decision_weight(0.5, 0.69) == pytest.approx(0.45, abs=0.005)
    assert [decision_weight(p, 0.61) for p in (0.0, 1.0)] == [0.0, 1.0]
    assert subjective_value(median, 100.0) == pytest.approx(100**0.88)
    assert subjective_value(median, -100.0) == pytest.approx(-2.25 * 100**0.88)


@pytest.mark.parametrize(
    ("prize", "equivalents"), [(100.0, (14, 25, 36, 52, 78)), (-100.0, (-8, -23.5, -42, -63, -84))]
)
def test_certainty_equivalents_are_those_of_their_subjects(rules, prize, equivalents):
    """Median certainty equivalents of 100 dollars, won or lost at odds of .05 to .95 (1992, table 3), within 5."""
    median = altered(rules)
    for p, observed in zip((0.05, 0.25, 0.5, 0.75, 0.95), equivalents, strict=True):
        value = prospect_value(median, np.array([0.0, prize]), np.array([1 - p, p]))
        found = (abs(value) / abs(subjective_value(median, np.sign(prize) * 1.0))) ** (1 / 0.88)
        assert np.sign(prize) * found == pytest.approx(observed, abs=5)


def test_a_sure_change_is_worth_its_value_and_equal_outcomes_are_one(rules):
    median = altered(rules)
    for change in (3.0, -3.0):
        sure = subjective_value(median, change)
        assert prospect_value(median, np.array([change]), np.array([1.0])) == pytest.approx(sure)
        halves = prospect_value(median, np.array([change, change]), np.array([0.5, 0.5]))
        assert halves == pytest.approx(sure)


@given(**duels)
def test_without_loss_aversion_and_distortion_prospect_is_quantal(rules, setting, ladder, **duel):
    plain = altered(rules, loss_aversion=1.0, value_curvature=1.0, weighting_gains=1.0, weighting_losses=1.0)
    (_, quantal, _), (_, prospect, _) = (weighed(t, plain, setting, ladder, **duel) for t in ("quantal", "prospect"))
    np.testing.assert_allclose(odds(prospect), odds(quantal), atol=1e-9)


@given(**duels)
def test_the_more_averse_to_losses_the_less_any_option_is_worth(rules, setting, ladder, **duel):
    worths = [weighed("prospect", altered(rules, loss_aversion=x), setting, ladder, **duel)[1] for x in (1.0, 2.25)]
    assert (worths[1] <= worths[0] + 1e-12).all()


# --- reciprocal ------------------------------------------------------------------------------------


@given(stand=rung, seen=rung)
def test_in_the_limit_it_answers_in_kind(rules, setting, ladder, stand, seen):
    """As near as it may go in one step; the generous stop a rung short of it."""
    for generosity in (0.0, 1.0):
        strict = altered(rules, in_kind=1e3, phi=0.1, generosity=generosity)
        low, utility, _ = weighed("reciprocal", strict, setting, ladder, stand=stand, seen=seen)
        assert low + utility.argmax() == np.clip(seen - generosity, low, low + len(utility) - 1)


@given(stand=rung, seen=rung)
def test_with_inertia_alone_it_stays(rules, setting, ladder, stand, seen):
    inert = altered(rules, in_kind=0.0, phi=1.0)
    low, utility, _ = weighed("reciprocal", inert, setting, ladder, stand=stand, seen=seen)
    assert low + utility.argmax() == max(stand, low)


# --- cautious --------------------------------------------------------------------------------------


@given(**duels)
def test_without_caution_or_doubt_cautious_is_quantal(rules, setting, ladder, **duel):
    sure = {"belief": np.ones(1), "types": np.zeros(1)}
    for caution, known in ((0.0, {}), (1.0, sure)):
        wary = altered(rules, caution=caution)
        (_, quantal, _), (_, cautious, _) = (
            weighed(theory, wary, setting, ladder, **duel, **known) for theory in ("quantal", "cautious")
        )
        np.testing.assert_allclose(cautious, quantal, atol=1e-12)


@given(**duels)
def test_caution_expects_no_more_than_any_type_would_give(rules, setting, ladder, **duel):
    wary = altered(rules, caution=1.0)
    _, cautious, _ = weighed("cautious", wary, setting, ladder, **duel)
    by_type = [weighed("quantal", wary, setting, ladder, **duel, belief=one)[1] for one in np.eye(len(SCORES))]
    np.testing.assert_allclose(cautious, np.min(by_type, axis=0), atol=1e-12)


# --- equilibrium -----------------------------------------------------------------------------------


def solved(precision, own, other):
    """Equilibrium of a game without types: payoffs [own option, rival's option] of each side."""
    one, nothing = np.ones(1), np.zeros(1)
    own, back = np.array(own, float), np.array(other, float).T.copy()
    mine, theirs = np.empty(own.shape[0]), np.empty(own.shape[1])
    error = equilibrium(
        precision, np.zeros_like(own), -own, nothing, one, np.zeros_like(back), -back, nothing, one, mine, theirs
    )
    return error, mine, theirs


@given(st.integers(0, 2**32))
def test_it_is_a_fixed_point_of_the_responses_of_all_types(seed):
    """Of games with resolve by types, payoffs as large as those of crises."""
    random = np.random.default_rng(seed)
    n, m, t = random.integers(1, 7), random.integers(1, 7), random.integers(1, 6)
    gain, price, back = random.random((n, m)), random.random((n, m)) * 4, random.random((m, n)) * 4
    resolve, other = np.exp(random.normal(0.5, 0.7, (2, t)))
    doubt, belief = random.dirichlet(np.ones(t), 2)
    mine, theirs = np.empty(n), np.empty(m)
    rival_gain = (1 - gain).T.copy()
    args = (1.0, gain, price, resolve, doubt, rival_gain, back, other, belief, mine, theirs)
    assert equilibrium(*args) < 1e-9

    def response(gain, price, types, weights, facing):
        return sum(w * odds((v * gain - price) @ facing) for w, v in zip(weights, types, strict=True))

    np.testing.assert_allclose(mine, response(gain, price, resolve, doubt, theirs), atol=2e-9)
    np.testing.assert_allclose(theirs, response(rival_gain, back, other, belief, mine), atol=2e-9)


@pytest.mark.parametrize("precision", [0.1, 0.5, 1.0, 2.0])
def test_matching_pennies_with_unequal_stakes(precision):
    """McKelvey & Palfrey 1995: the side with equal payoffs no longer mixes evenly; found by a root search too."""
    error, (p, _), (q, _) = solved(precision, [[9, 0], [0, 1]], [[0, 1], [1, 0]])

    def logistic(x):
        return 1 / (1 + np.exp(-x))

    def excess(p):
        q = logistic(precision * ((1 - p) - p))
        return logistic(precision * (9 * q - (1 - q))) - p

    root = brentq(excess, 0, 1, xtol=1e-13)
    assert error < 1e-9
    assert (p, q) == pytest.approx((root, logistic(precision * (1 - 2 * root))), abs=1e-7)
    assert p > 0.5 > q


def test_equilibrium_limits():
    """Without precision all is even; with much of it a dominant option is taken, and even odds in matching pennies."""
    assert solved(0.0, [[3, 0], [5, 1]], [[3, 5], [0, 1]])[1] == pytest.approx([0.5, 0.5])
    _, mine, theirs = solved(50.0, [[3, 0], [5, 1]], [[3, 5], [0, 1]])
    assert (mine[1], theirs[1]) == pytest.approx((1, 1))
    assert solved(3.0, [[1, -1], [-1, 1]], [[-1, 1], [1, -1]])[1] == pytest.approx([0.5, 0.5])


# --- in the engine ---------------------------------------------------------------------------------


# Four scenarios show all mechanisms (named.py); the slow tests ask all of today's, and all ten years of world_order.
@pytest.mark.parametrize(
    ("names", "shorter"), [(ENGINE, SHORTER), pytest.param(TODAY, {}, marks=pytest.mark.slow)], ids=["few", "all"]
)
@pytest.mark.parametrize("theory", OTHERS)
def test_mesa_and_batch_agree_under_every_theory(theory, names, shorter):
    for name in names:
        model = build(sim.load(name, [f"theory={theory}", *shorter.get(name, ())]))
        chunk = compiled_runner()(model, 5, 0, 3)
        worlds = over_runs(model.blank, chunk.words)
        assert_sound(model, worlds)
        assert_same_world(finished(model, 5, 1, Crisis), worlds, 1)


def test_theories_differ_and_one_state_may_have_its_own(some_runs):
    plain = some_runs.table
    for theory in OTHERS:
        assert not simulate(sim.load("korea_strike", [f"theory={theory}"]), 200, 1).table.equals(plain), theory
    assert not simulate(sim.load("korea_strike", ["theories.PRK=cautious"]), 200, 1).table.equals(plain)
    assert simulate(sim.load("korea_strike", ["theory=quantal"]), 200, 1).table.equals(plain)


@pytest.mark.parametrize("theory", OTHERS)
def test_a_replay_says_what_is_weighed(theory):
    told = replay(sim.load("korea_strike", [f"theory={theory}", "horizon_weeks=8"]), seed=1, run=3)
    choices = [choice for played in told.rounds for choice in played.choices]
    assert choices and {choice.theory for choice in choices} == {theory}
    for choice in choices:
        assert sum(option.probability for option in choice.options) == pytest.approx(1)
        for option in choice.options:
            prize, *costs = option.terms
            assert option.utility == pytest.approx(prize - sum(costs))
            assert theory == "prospect" or costs[-1] == 0
    assert f"{theory}: sees" in "\n".join(line.text for line in lines(told, "moves"))


# --- as data ---------------------------------------------------------------------------------------


def test_the_last_word_on_theories_wins():
    def theories(**changes):
        return resolve(scenario(**changes) | top, [WORLDS]).theories

    top = {}
    assert resolve(tree(), [WORLDS]).theories == {}
    assert theories(theory="cautious", theories={"PRK": "prospect"}) == {
        "KOR": "cautious", "PRK": "prospect", "RUS": "cautious", "USA": "cautious",
    }  # fmt: skip
    top = {"theories": {"prk": "reciprocal"}}
    assert theories(theories={"PRK": "prospect"}) == {"PRK": "reciprocal"}
    top = {"theory": "quantal"}
    assert set(theories(theories={"PRK": "prospect"}).values()) == {"quantal"}


def test_structure_writes_the_band(tmp_path, capsys):
    assert main(["experiment=structure", "runs=30", "horizon_weeks=4", f"output={tmp_path}"]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in (*THEORIES, "lowest", "highest"))
    (folder,) = tmp_path.iterdir()
    assert {file.name for file in folder.iterdir()} == {
        "structure.json", "manifest.json", "structure.png", "structure.svg", "report.html",
    }  # fmt: skip
    found = json.loads((folder / "structure.json").read_text())
    bands = [*found["outcomes"].values(), *found["at_least"]]
    bands += [row[part] for row in found["participation"].values() for part in ("uses_force", "at_war")]
    for band in bands:
        shares = {theory: entry["share"] for theory, entry in band["by_theory"].items()}
        assert set(shares) == set(THEORIES)
        assert shares[band["lowest"]] == min(shares.values()) and shares[band["highest"]] == max(shares.values())
    war = simulate(sim.load("korea_strike", ["horizon_weeks=4"]), 30, 1).table["war"]
    assert found["outcomes"]["war"]["by_theory"]["quantal"]["count"] == war.sum()
