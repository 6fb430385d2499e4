"""What must not matter does not: bystanders, order, dead letters, how many runs follow; and what must, does."""

import itertools

import numpy as np
import pytest

import sim
from doors import settle_all
from named import ENGINE, SHORTER
from sim.batch import simulate
from sim.codes import Level
from sim.ensemble import compiled_runner
from sim.ladder import from_mapping
from sim.phases.start import start
from sim.scenario.build import build
from sim.scenario.schema import Act, Deploy, Figure
from sim.scenario.tables import read_tree
from sim.world import copy_params, copy_world
from tiny import ROOT

NOUGHT = Figure(low=0, centre=0, high=0)
DYADIC = ("stake", "interest", "affinity", "dependence", "rivalry", "war_state", "hotline")


def in_world(scenario, **parts):
    return scenario.model_copy(update={"world": scenario.world.model_copy(update=parts)})


def words(scenario, runs=20, seed=3):
    return compiled_runner()(build(scenario), seed, 0, runs).words


def assert_same_runs(mine, theirs, but=()):
    """Equal tables, but for columns that the second has more or that are named, and equal logs in words."""
    columns = [column for column in mine.table.columns if column not in but]
    assert mine.table[columns].equals(theirs.table[columns])
    assert mine.events.astype(str).equals(theirs.events.astype(str))
    np.testing.assert_array_equal(mine.rungs, theirs.rungs)


# --- bystanders and dead letters -------------------------------------------------------------------


def with_newcomers(scenario, *codes, **parts):
    """States that have nothing at stake, and in which nobody has."""
    world = scenario.world
    alike = world.states["VNM"]
    states = {**world.states, **{code: alike.model_copy(update={"code": code, "name": code}) for code in codes}}
    new = [f"{a}>{b}" for a, b in itertools.permutations(states, 2) if a in codes or b in codes]
    return in_world(
        scenario, states=states, dyads={**world.dyads, **{pair: dict.fromkeys(DYADIC, NOUGHT) for pair in new}}, **parts
    )


@pytest.mark.parametrize("code", ["AAA", "MMM", "ZZZ"])
def test_an_inert_state_changes_no_bit_elsewhere(scenario, some_runs, code):
    """Draws are keyed by names, so a state with nothing at stake is felt by nobody, wherever it sorts."""
    runs = simulate(with_newcomers(scenario, code), runs=len(some_runs), seed=1)
    assert_same_runs(some_runs, runs)
    assert (runs.table[f"rung_{code}"] == 0).all() and (runs.table[f"help_{code}"] == 0).all()


MECHANISMS = {"sanctioned", "vetoed", "evasion", "cyber", "blamed", "stance", "offered", "mediated", "rearmed"}


@pytest.mark.parametrize("name", ENGINE)
def test_an_inert_state_is_felt_by_no_mechanism_of_any_scenario(name):
    """Sanctions and vetoes, evasion, cyber acts and blame, patrons and mediators all occur, and pass it by."""
    plain = sim.load(name, SHORTER.get(name, []))
    runs = simulate(plain, runs=80, seed=4)
    assert set(runs.events["kind"]) >= MECHANISMS
    of_all_states = ("poles", "bipolarity", "rivals_opposed")
    assert_same_runs(runs, simulate(with_newcomers(plain, "MMM"), runs=80, seed=4), of_all_states)


def test_a_pact_between_bystanders_is_a_dead_letter(scenario, some_runs):
    world = scenario.world
    pact = world.treaties["RUS-PRK-2024"]
    clauses = {name: c.model_copy(update={"protects": (), "owed_by": ()}) for name, c in pact.clauses.items()}
    pact = pact.model_copy(update={"parties": ("AAA", "ZZZ"), "clauses": clauses})
    more = with_newcomers(scenario, "AAA", "ZZZ", treaties={**world.treaties, "AAA-ZZZ": pact})
    assert len(build(more).commitments) > len(build(scenario).commitments)
    assert_same_runs(some_runs, simulate(more, runs=len(some_runs), seed=1))


def test_a_treaty_that_never_triggers_can_be_removed(scenario, some_runs):
    world, triggered = scenario.world, set(some_runs.events["treaty"].dropna())
    idle = {
        name
        for name, treaty in world.treaties.items()
        # words that restrain, or on whose help the parties count, work without being triggered
        if name not in triggered
        and (treaty.in_force is False or {c.kind for c in treaty.clauses.values()} == {"consultation"})
    }
    assert idle
    less = in_world(scenario, treaties={name: t for name, t in world.treaties.items() if name not in idle})
    assert_same_runs(simulate(less, runs=len(some_runs), seed=1), some_runs)


# --- order -----------------------------------------------------------------------------------------


def backwards(mapping):
    return dict(reversed(mapping.items()))


def test_the_order_of_the_input_is_irrelevant(scenario):
    world = scenario.world
    parts = {name: backwards(getattr(world, name)) for name in ("states", "theatres", "dyads", "treaties", "flows")}
    turned = in_world(scenario, **parts, forces=world.forces[::-1]).model_copy(
        update={"rules": backwards(scenario.rules), "start_rungs": scenario.start_rungs[::-1]}
    )
    assert list(turned.world.states) != list(world.states)
    np.testing.assert_array_equal(words(turned), words(scenario))


ACTS = (
    Act(kind="act", day=0, by=("USA", "KOR"), against=("PRK",), rung=6, theatre="korea"),
    Act(kind="act", day=0, by=("PRK",), against=("USA",), rung=5, theatre="korea"),
    Act(kind="act", day=20, by=("CHN",), against=("USA",), rung=4, theatre="korea"),
)
DEPLOYMENTS = tuple(
    Deploy(kind="deploy", day=day, state=state, theatre="korea", personnel=Figure(low=5, centre=50, high=300))
    for day, state in ((14, "USA"), (21, "CHN"))
)


@pytest.mark.parametrize(
    "events",
    [
        ACTS,
        DEPLOYMENTS,
    ],
    ids=["acts", "deployments"],
)
def test_the_order_of_events_is_irrelevant(scenario, events):
    orders = [words(scenario.model_copy(update={"events": order})) for order in itertools.permutations(events)]
    for other in orders[1:]:
        np.testing.assert_array_equal(orders[0], other)


def test_who_strikes_first_does_not_depend_on_the_alphabet(model):
    """Exchange of symmetric states: both order force in the same turn, neither is the one who began."""
    params, world, trace = copy_params(model.params), copy_world(model.blank), model.trace()
    start(params, world, trace, 1, 0)
    i, j = model.states.index("KOR"), model.states.index("PRK")
    for a, b in ((i, j), (j, i)):
        world.dyad[a, b].order = params.setting[0].force
        world.dyad[a, b].power = 1.0
    settle_all(params, world, trace)
    assert world.dyad[i, j].rung >= params.setting[0].force
    assert world.dyad[i, j].first == world.dyad[j, i].first


# --- runs and parameters ---------------------------------------------------------------------------


def test_the_first_runs_are_the_same_however_many_follow(scenario, some_runs):
    assert simulate(scenario, runs=7, seed=1).table.equals(some_runs.table.head(7))
    assert not simulate(scenario, runs=7, seed=2).table.equals(some_runs.table.head(7))


def figures_of_runs(scenario, runs):
    model = build(scenario)
    params, drawn = copy_params(model.params), []
    for run in range(runs):
        start(params, copy_world(model.blank), model.trace(), 1, run)
        drawn.append(params.figures.copy())
    return model.params, np.array(drawn)


def test_parameters_at_their_centre_draw_nothing(scenario):
    params, drawn = figures_of_runs(sim.load("korea_strike", ["parameters=centre"]), 5)
    assert (drawn == params.figures).all()
    assert params.rules[0].omega == scenario.rules["omega"].centre


def test_drawn_parameters_have_the_range_and_the_mean_of_the_triangle(scenario):
    runs = 1000
    params, drawn = figures_of_runs(scenario, runs)
    certain = np.setdiff1d(np.arange(drawn.shape[1]), [*params.uncertain["slot"], *params.sampled])
    assert (drawn[:, certain] == params.figures[certain]).all()
    low, mode, high = (params.uncertain[part] for part in ("low", "mode", "high"))
    values = drawn[:, params.uncertain["slot"]]
    assert (values >= low).all() and (values <= high).all()
    variance = (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18
    off = (values.mean(axis=0) - (low + mode + high) / 3) / np.sqrt(variance / runs)
    # standard normal scores, about a thousand of them
    assert np.abs(off).max() < 5
    assert off.std() == pytest.approx(1, abs=0.1)


# --- what does matter ------------------------------------------------------------------------------


def test_without_the_clause_russia_does_less_and_the_rest_of_the_run_is_mostly_the_same(scenario):
    """do(no clause): paired runs, common draws."""
    runs = 300
    given = simulate(scenario, runs=runs, seed=1).table
    without = simulate(sim.load("korea_strike", ["treaties.RUS-PRK-2024.in_force=false"]), runs=runs, seed=1).table
    for column in ("rung_RUS", "help_RUS"):
        assert without[column].mean() <= given[column].mean()
    assert (without["help_RUS"] >= Level.LIMITED_FORCES).mean() <= (given["help_RUS"] >= Level.LIMITED_FORCES).mean()
    others = [f"rung_{code}" for code in scenario.world.states if code != "RUS"]
    same = (without[others] == given[others]).all(axis=1)
    assert same.mean() > 0.75


def test_a_dearer_war_is_rarer(scenario):
    """The weight of the cost of fighting, from the least to twice the most of its range."""
    kappa = scenario.rules["kappa"]
    least, most = (
        simulate(sim.load("korea_strike", [f"rules.kappa={value}", "horizon_weeks=13"]), runs=400, seed=1)
        .table["war"]
        .mean()
        for value in (kappa.low, 2 * kappa.high)
    )
    assert most < least


def test_a_ladder_of_seven_rungs_runs(scenario):
    ladder = from_mapping(read_tree(ROOT / "conf" / "ladder" / "seven_rungs.yaml"))
    to_seven = dict(enumerate((0, 1, 1, 2, 2, 3, 4, 5, 5)))
    shorter = scenario.model_copy(
        update={
            "ladder": ladder,
            "start_rungs": tuple(s.model_copy(update={"rung": to_seven[s.rung]}) for s in scenario.start_rungs),
            "events": tuple(e.model_copy(update={"rung": to_seven[e.rung]}) for e in scenario.events),
        }
    )
    runs = simulate(shorter, runs=300, seed=1)
    assert runs.table["highest_kinetic"].between(ladder.lethal, ladder.top).all()
    assert runs.table["highest_rung"].max() <= ladder.use
    assert 0 < runs.table["war"].mean() < 1
    summary = runs.summary()
    assert len(summary["rungs"]) == ladder.use + 1
    assert sum(rung["exactly"]["count"] for rung in summary["rungs"]) == 300
