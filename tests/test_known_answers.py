"""Answers that are known beforehand, from theory or by symmetry, and what the package's own rules make of them."""

from random import Random

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
import sim.world as arrays
from sim.batch import simulate
from sim.codes import THEORIES
from sim.crisis import Crisis
from sim.draws import key, uniform
from sim.ensemble import compiled_runner
from sim.rules.decide import answers, burden, highest_option, logit_choice, lowest_option, pick
from sim.rules.power import share
from sim.rules.theories import equilibrium
from sim.rules.treaties import honour_utility
from sim.scenario.build import build
from sim.scenario.load import resolve
from sim.scenario.schema import DYAD_QUANTITIES, QUANTITIES, SYMMETRIC
from sim.world import over_runs
from tiny import WORLDS, tree

# --- games with an exact solution ------------------------------------------------------------------


def chosen(precision, *utilities):
    """Choice probabilities by the package's rule."""
    probability = np.empty(len(utilities))
    logit_choice(np.array(utilities, float), precision, probability)
    return probability


def alone(precision, *utilities):
    """The same by the equilibrium of a game in which the other side has nothing to choose."""
    one, payoff = np.ones(1), np.array(utilities, float)[:, None]
    probability, other = np.empty(len(utilities)), np.empty(1)
    nothing = np.zeros_like(payoff)
    equilibrium(
        precision, nothing, -payoff, one, one, nothing.T.copy(), nothing.T.copy(), one, one, probability, other
    )  # fmt: skip
    return probability


def crisis_game(precision, assets, strength, chosen=chosen):
    """Signorino (1999): agent logit by backward induction; P(SQ), P(Cap1), P(War2), P(Cap2), P(War1)."""
    (a1, a2), (m1, m2) = assets, strength
    p = np.array([m1, m2]) / (m1 + m2)
    war = p * (a2, a1) - (1 - p) * (np.array(assets) + strength)
    cap1, cap2, quo = np.array([-a1, a1]), np.array([a2, -a2]), np.zeros(2)
    (fight_1, yield_2) = chosen(precision, war[1], cap2[1])  # 1 has fought: 2 fights back or capitulates
    (fight_2, yield_1) = chosen(precision, war[0], cap1[0])  # 2 has fought
    after_fight = fight_1 * war + yield_2 * cap2
    after_attack = fight_2 * war + yield_1 * cap1
    (attack, rest) = chosen(precision, after_attack[1], quo[1])  # 1 has not fought: 2 fights or leaves it
    after_peace = attack * after_attack + rest * quo
    (first, not_first) = chosen(precision, after_fight[0], after_peace[0])
    peace = not_first * attack
    return np.array([not_first * rest, peace * yield_1, peace * fight_2, first * yield_2, first * fight_1])


@pytest.mark.parametrize("rule", [chosen, alone])
@pytest.mark.parametrize(
    ("precision", "expected"),
    [(0.01, (0.21428, 0.08782, 0.13102, 0.26928, 0.29760)), (0.1, (0.37882, 0.00039, 0.02139, 0.16120, 0.43820))],
)
def test_crisis_game_of_signorino(precision, expected, rule):
    """Each node is an agent's; in a game of perfect information agents' equilibrium is backward induction."""
    found = crisis_game(precision, (50.0, 40.0), (60.0, 30.0), rule)
    assert found.sum() == pytest.approx(1)
    np.testing.assert_allclose(found, expected, atol=5.1e-6)


@pytest.mark.parametrize(("dearest", "own_cost"), [(0.4, 0.1), (0.2, 0.1), (0.3, 0.3), (0.1, 0.3)])
def test_take_it_or_leave_it_offer_fails_as_often_as_theory_says(dearest, own_cost):
    """A offers the share that balances its risk; B, whose cost of war is private, U[0, c], fights over less.

    War happens if B's cost is below what the offer leaves on the table: P(war) = max(0, (c - c_A) / (2 c))
    (Fearon 1995). B decides by the package's logit choice at a precision that leaves it no doubt, and its
    cost is the package's draw.
    """
    runs, win = 20_000, 0.5  # A's chance to win all
    offers = np.linspace(0.0, dearest, 201)  # what A asks beyond its chance to win
    accepted = np.clip(1 - offers / dearest, 0, 1)
    asked = offers[np.argmax(accepted * (win + offers) + (1 - accepted) * (win - own_cost))]
    war = 0
    for run in range(runs):
        cost = dearest * uniform(4, run, 0, key("B"), key("A"), 1)
        probability = chosen(1e6, 1 - win - cost, 1 - win - asked)  # fight, accept
        war += pick(probability, uniform(4, run, 0, key("B"), key("A"), 2)) == 0
    expected = max(0.0, (dearest - own_cost) / (2 * dearest))
    error = np.sqrt(max(expected * (1 - expected), 1e-9) / runs)
    assert abs(war / runs - expected) < 4 * error + 1 / 201 / 2


@numba.njit
def climbs(seed, runs, top, up, state):
    """Runs of a ladder, begun on rung 1, that reach the top before rung 0: the package's draws and choice."""
    probability = np.array([1.0 - up, up])
    reached = 0
    for run in range(runs):
        rung, turn = 1, 0
        while 0 < rung < top:
            rung += 2 * pick(probability, uniform(seed, run, turn, state, 0, 9)) - 1
            turn += 1
        reached += rung == top
    return reached


@pytest.mark.parametrize(("up", "top", "runs"), [(0.5, 4, 100_000), (0.4, 5, 200_000), (0.25, 7, 2_000_000)])
def test_a_ladder_with_fixed_chances_is_a_gamblers_ruin(up, top, runs):
    """P(top before 0 | rung 1) = (1 - q) / (1 - q^top), q = (1 - up) / up; down to one in a thousand."""
    odds = (1 - up) / up
    expected = 1 / top if odds == 1 else (1 - odds) / (1 - odds**top)
    found = climbs(7, runs, top, up, key("KOR"))
    assert expected > 9e-4
    # exact binomial spread; at 1e-3 and two million runs the interval is 9 % of the answer on either side
    assert abs(found - runs * expected) < 4 * np.sqrt(runs * expected * (1 - expected))


# --- symmetry --------------------------------------------------------------------------------------

TWINS = ("AAA", "BBB")


def duel(striker, struck, theory="quantal"):
    """Two states alike in everything, of which one strikes the other."""
    prior = sim.load("korea_strike").rules
    whole = resolve(tree(parameters="centre"), [WORLDS])
    alike = whole.world.states["PRK"]
    states = {code: alike.model_copy(update={"code": code, "name": code}) for code in TWINS}
    world = whole.world.model_copy(
        update={"states": states, "forces": (), "dyads": {}, "treaties": {}, "flows": {}},
    )
    event = whole.events[0].model_copy(update={"by": (striker,), "against": (struck,), "rung": 5})
    theories = dict.fromkeys(TWINS, theory)
    return whole.model_copy(
        update={"rules": prior, "world": world, "events": (event,), "start_rungs": (), "theories": theories}
    )


def exchanged_runs(seed, runs, theory):
    """Final worlds of a strike, and of the twin's strike with the twin's draws: two views of the same runs."""
    mine, theirs = build(duel(*TWINS, theory)), build(duel(*TWINS[::-1], theory))
    exchanged = theirs._replace(params=theirs.params._replace(key=theirs.params.key[::-1].copy()))
    plain, turned = (over_runs(m.blank, compiled_runner()(m, seed, 0, runs).words) for m in (mine, exchanged))
    yield "clock", plain.clock, turned.clock
    yield "rung", plain.rung, turned.rung
    for name in ("state", "front"):
        yield name, getattr(plain, name), getattr(turned, name)[:, ::-1]
    for name in ("dyad", "belief"):
        yield name, getattr(plain, name), getattr(turned, name)[:, ::-1, ::-1]


# Where two equilibria of a symmetric game are about to part, rounding moves the fixed point by up to a thousandth, and
# once in some thousand decisions a choice with it.
PARTED = {"equilibrium": 2}


@pytest.mark.parametrize("theory", THEORIES)
def test_symmetric_states_exchanged_with_their_draws_exchange_every_move(theory):
    """Rows have no favourites: whole numbers are the same, and the others but for the order of sums."""
    parted = set()
    for name, plain, turned in exchanged_runs(3, 200, theory):
        for field in plain.dtype.names or ():
            tolerance = 0 if plain[field].dtype == np.int64 else 1e-12
            same = np.isclose(plain[field], turned[field], tolerance, tolerance / 1e3)
            parted |= set(np.flatnonzero(~same.reshape(200, -1).all(axis=1)))
        if name == "clock":
            assert len(np.unique(plain["highest"])) > 1, "runs differ"
    assert len(parted) <= PARTED.get(theory, 0)


@pytest.mark.slow
def test_symmetric_states_exchanged_exchange_the_distribution():
    """With draws of their own: 4000 runs a side find a difference of .055 in a share with power .94.

    A share is called different falsely once in a thousand (3.3 standard errors).
    """
    one, other = (simulate(duel(*pair), runs=4000, seed=5).table for pair in (TWINS, TWINS[::-1]))
    for column, twin in (("rung_AAA", "rung_BBB"), ("rung_BBB", "rung_AAA"), ("highest_rung", "highest_rung")):
        for height in range(5, 10):
            shares = (one[column] >= height).mean(), (other[twin] >= height).mean()
            both = np.mean(shares)
            assert abs(shares[0] - shares[1]) <= 3.3 * np.sqrt(2 * both * (1 - both) / 4000)


# --- monotone --------------------------------------------------------------------------------------


def war_share(*overrides, runs=400):
    return simulate(sim.load("korea_strike", ["horizon_weeks=13", *overrides]), runs=runs, seed=1).table["war"].mean()


def test_more_at_stake_makes_war_likelier():
    """Both sides' stakes, from low to high, on the same draws."""
    pairs = ("PRK>USA", "USA>PRK", "PRK>KOR", "KOR>PRK")
    shares = [war_share(*(f"dyads.{pair}.stake={stake}" for pair in pairs)) for stake in (0.3, 1.5, 4.0)]
    assert shares[0] < shares[1] < shares[2]


def test_a_war_that_grows_dearer_faster_is_rarer():
    """Growth of the cost of fighting by rung; its weight is in test_invariance."""
    shares = [war_share(f"rules.cost_growth={growth}") for growth in (0.2, 0.45, 0.7)]
    assert shares[0] > shares[1] > shares[2]


@pytest.mark.parametrize(("treaty", "ally"), [("RUS-PRK-2024", "RUS"), ("CHN-PRK-1961", "CHN")])
def test_without_its_clause_an_ally_takes_no_greater_part_in_the_same_attack(scenario, treaty, ally):
    """do(no clause), paired: the attack is the scenario's own, and eight weeks leave it little time to breed others."""
    given_clause, without = (
        simulate(sim.load("korea_strike", ["horizon_weeks=8", *change]), runs=1000, seed=2).table
        for change in ([], [f"treaties.{treaty}.in_force=false"])
    )
    more = (without[f"help_{ally}"] > given_clause[f"help_{ally}"]).sum()
    less = (without[f"help_{ally}"] < given_clause[f"help_{ally}"]).sum()
    assert more < less
    for level in range(1, 5):
        assert (without[f"help_{ally}"] >= level).mean() <= (given_clause[f"help_{ally}"] >= level).mean()


unit = st.floats(0.0, 1.0)


@given(
    strength=st.floats(0, 4), duty=st.integers(1, 4), discretion=st.sampled_from([0.0, 0.5, 1.0]),
    interest=st.floats(0, 4), goodwill=st.floats(-2, 2), plea=unit, threat=unit, tripwire=st.sampled_from([0.0, 1.0]),
    tied=unit, attack=st.integers(5, 8), reached=st.integers(0, 8), exposure=unit, armed=unit, neutral=st.booleans(),
)  # fmt: skip
def test_in_the_same_plight_a_clause_never_lowers_the_odds_of_any_level_of_help(
    scenario, model, strength, duty, discretion, **plight
):
    """Given the attack, help at level l or more is at least as likely under the clause as without one."""
    rules = np.zeros(1, arrays.RULE)
    for name, figure in scenario.rules.items():
        rules[name] = figure.centre
    rules, setting = rules.view(np.recarray)[0], model.params.setting[0]
    plight = {
        name: plight[name]
        for name in ("interest", "goodwill", "plea", "threat", "tripwire", "tied", "attack", "reached", "exposure",
                     "armed", "neutral")
    }  # fmt: skip
    order = list(plight.values())
    cost = burden(rules, plight["attack"])
    situation = (*order[:7], cost, *order[7:])

    def at_least(*words):
        utility = np.empty(5)
        honour_utility(rules, setting, *words, *situation, utility)
        return np.cumsum(chosen(1.0, *utility)[::-1])

    assert (at_least(strength, duty, discretion) >= at_least(0.0, 0, 1.0) - 1e-12).all()


# --- any small world -------------------------------------------------------------------------------


def between(random, low, high):
    """A range within bounds; now and then it touches one."""
    ends = sorted(random.choice([low, high, *(random.uniform(low, high) for _ in range(6))]) for _ in range(3))
    return dict(zip(("low", "centre", "high"), ends, strict=True))


def any_tiny_world(random):
    """The tiny scenario with figures anywhere within their bounds, rules within those of the prior."""
    prior = sim.load("korea_strike").rules
    codes = ("KOR", "PRK", "RUS", "USA")
    states, dyads = {}, {}
    for code in codes:
        chosen_few = random.sample(sorted(QUANTITIES), 8)
        states[code] = {name: between(random, *QUANTITIES[name][:2]) for name in chosen_few if name != "personnel"}
    for a in codes:
        for b in codes:
            if a != b:
                names = [name for name in DYAD_QUANTITIES if name not in SYMMETRIC]
                dyads[f"{a}>{b}"] = {name: between(random, *DYAD_QUANTITIES[name][:2]) for name in names}
    rules = {name: between(random, figure.low, figure.high) for name, figure in prior.items()}
    return resolve(tree(states=states, dyads=dyads, rules=rules, horizon_weeks=random.randint(3, 52)), [WORLDS])


def backwards(scenario):
    world = scenario.world
    parts = {name: dict(reversed(getattr(world, name).items())) for name in ("states", "dyads", "treaties", "flows")}
    return scenario.model_copy(update={"world": world.model_copy(update={**parts, "forces": world.forces[::-1]})})


def assert_sound(model, world):
    for name, array in zip(world._fields[1:], world[1:], strict=True):
        for field in array.dtype.names or ("",):
            assert np.isfinite(array[field] if field else array).all(), f"{name}.{field}"
    top = int(model.params.setting[0].top)
    for field in ("rung", "peak", "highest", "order", "seen"):
        assert ((world.dyad[field] >= 0) & (world.dyad[field] <= top)).all()
    assert ((world.dyad["help"] >= 0) & (world.dyad["help"] <= 4)).all()
    off_diagonal = ~np.eye(world.belief.shape[1], dtype=bool)
    np.testing.assert_allclose(world.belief[:, off_diagonal].sum(axis=-1), 1.0, atol=1e-9)


def assert_choices_sum_to_one(crisis):
    """What each type of each state would choose now against each other state."""
    params, world = crisis.params, crisis.world
    for i, j in ((0, 1), (1, 3), (3, 1), (2, 0)):
        mine, theirs = world.dyad[i, j], world.dyad[j, i]
        low = lowest_option(params.setting[0], mine.rung, mine, 4)
        high = highest_option(params.setting[0], mine.rung, 0, params.setting[0].top)
        gain = np.array([share(params.rules[0], 0.3, r, 4) for r in range(low, high + 1)])
        probability = np.empty((len(params.types), len(gain)))
        answers(
            params.rules[0], params.setting[0], world.rung, params.state[i], params.state[j], mine, theirs,
            mine.rung, low, 4, gain, 0.5, np.exp(params.types), probability,
        )  # fmt: skip
        assert (probability >= 0).all()
        np.testing.assert_allclose(probability.sum(axis=1), 1.0, atol=1e-12)


@settings(max_examples=8)
@given(st.integers(0, 2**32))
def test_any_small_world_is_sound_and_the_same_for_both_drivers_in_any_order(number):
    scenario = any_tiny_world(Random(number))
    model = build(scenario)
    chunk = compiled_runner()(model, 9, 0, 20)
    worlds = over_runs(model.blank, chunk.words)
    assert_sound(model, worlds)
    np.testing.assert_array_equal(compiled_runner()(build(backwards(scenario)), 9, 0, 20).words, chunk.words)
    crisis = Crisis(model, seed=9, run=1)
    while crisis.running:
        crisis.step()
    np.testing.assert_array_equal(crisis.world.words, chunk.words[1])
    assert_choices_sum_to_one(crisis)
