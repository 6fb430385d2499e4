"""The slow clock: affinity drifts as it should, states leave and sign monotonely, crises begin; off it does nothing."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from begun import Begun
from doors import align, begin_crises, break_out, drift, lay_to_rest, worth_of_treaty
from sim.batch import simulate
from sim.codes import Entry, Level, Stage, Standing
from sim.crisis import Crisis
from sim.ensemble import compiled_runner
from sim.estimate import ratio
from sim.phases.start import start
from sim.rules.realign import (
    alliance_worth,
    closure,
    common_threat,
    drifted,
    entangling,
    initiative,
    leaving,
    onset,
    signing,
)
from sim.scenario.build import build
from sim.scenario.errors import InputError
from sim.world import copy_params, copy_world
from test_invariance import assert_same_runs, with_newcomers

YEAR = 365
share = st.floats(0, 1)
aims = st.floats(-1, 1)
rate = st.floats(0, 0.1)


def begin(*overrides: str) -> Begun:
    """Ten years that have just begun, at the centre of all figures."""
    model = build(sim.load("world_order", ["parameters=centre", *overrides]))
    params, world, trace = copy_params(model.params), copy_world(model.blank), model.trace(4096)
    start(params, world, trace, 1, 0)
    return Begun(model, params, world, trace)


def still() -> Begun:
    """The same where nothing pulls but what a test does: no treaties, flows, triads, and no way back."""
    begun = begin()
    for name in ("drift_treaty", "drift_flow", "drift_sanctions", "drift_closure", "drift_decay"):
        setattr(begun.params.rules[0], name, 0.0)
    return begun


# --- affinity --------------------------------------------------------------------------------------


@given(aims, aims, rate, rate, rate, st.floats(0.1, 400))
def test_drift_stays_within_bounds_and_goes_where_it_is_pulled(a, home, toward, apart, decay, days):
    after = drifted(a, home, toward, apart, decay, days)
    assert -1 <= after <= 1
    assert after <= drifted(a, home, toward + 0.01, apart, decay, days) + 1e-12
    assert after >= drifted(a, home, toward, apart + 0.01, decay, days) - 1e-12
    assert abs(drifted(a, home, 0.0, 0.0, decay, days) - home) <= abs(a - home) + 1e-12


@given(aims, aims, rate, rate, rate, st.floats(0.1, 100))
def test_two_rounds_of_drift_are_one_of_twice_the_length(a, home, toward, apart, decay, days):
    twice = drifted(drifted(a, home, toward, apart, decay, days), home, toward, apart, decay, days)
    assert twice == pytest.approx(drifted(a, home, toward, apart, decay, 2 * days), abs=1e-9)


def test_help_draws_together_and_hostility_apart():
    begun = still()
    begun.world.dyad["affinity"] = 0.0
    helper, _ = begun.pair("PRK", "RUS")
    helper.help = Level.ALL_MEANS
    for (one, other), rung in ((("CHN", "JPN"), 3), (("IND", "PAK"), 5)):
        first, second = begun.pair(one, other)
        first.active = second.active = 1
        second.rung = rung
    drift(begun.params, begun.world, 200)
    moved = begun.world.dyad["affinity"]
    at = begun.at
    assert moved[at("PRK"), at("RUS")] > 0.1 and moved[at("RUS"), at("PRK")] > 0.1
    assert moved[at("CHN"), at("JPN")] < 0 and moved[at("IND"), at("PAK")] < moved[at("CHN"), at("JPN")]
    touched = {
        (at(a), at(b)) for pair in (("PRK", "RUS"), ("CHN", "JPN"), ("IND", "PAK")) for a, b in (pair, pair[::-1])
    }
    assert {tuple(map(int, row)) for row in np.argwhere(moved != 0)} == touched


@pytest.mark.parametrize(("rule", "pair", "sign"), [
    ("drift_treaty", ("KOR", "USA"), 1), ("drift_flow", ("CHN", "PAK"), 1), ("drift_sanctions", ("RUS", "USA"), -1),
])  # fmt: skip
def test_treaties_and_flows_draw_together_sanctions_apart(rule, pair, sign):
    begun = still()
    setattr(begun.params.rules[0], rule, 0.001)
    i, j = (begun.at(code) for code in pair)
    before = begun.world.dyad[i, j].affinity
    drift(begun.params, begun.world, 50)
    assert (begun.world.dyad[i, j].affinity - before) * sign > 0


def test_a_shared_rival_and_a_shared_friend_draw_together_and_a_friends_rival_apart():
    begun = still()
    begun.params.rules[0].drift_closure = 0.001
    begun.world.dyad["affinity"] = begun.params.dyad["affinity"] = 0.0
    begun.params.dyad["rivalry"] = begun.params.dyad["interest"] = 0.0

    def tie(one, other, affinity):
        for figures, dyad in zip(
            (begun.params.dyad[begun.at(one), begun.at(other)], begun.params.dyad[begun.at(other), begun.at(one)]),
            begun.pair(one, other),
            strict=True,
        ):
            figures.rivalry, figures.interest = float(affinity < 0), max(affinity, 0.0)
            figures.affinity = dyad.affinity = affinity

    for one, other, affinity in (("CHN", "IND", -0.8), ("IND", "PAK", -0.8), ("USA", "JPN", 0.8), ("USA", "KOR", 0.8),
                                 ("RUS", "PRK", 0.8), ("RUS", "UKR", -0.8)):  # fmt: skip
        tie(one, other, affinity)
    drift(begun.params, begun.world, 1)
    assert begun.pair("CHN", "PAK")[0].affinity > 0
    assert begun.pair("JPN", "KOR")[0].affinity > 0
    assert begun.pair("PRK", "UKR")[0].affinity < 0
    assert begun.pair("AUS", "VNM")[0].affinity == 0


def test_drift_is_symmetric_and_returns_when_nothing_pulls():
    begun = begin()
    home = begun.params.dyad["affinity"].copy()
    begun.params.dyad["affinity"] = begun.world.dyad["affinity"] = (home + home.T) / 2
    drift(begun.params, begun.world, 300)
    after = begun.world.dyad["affinity"]
    np.testing.assert_array_equal(after, after.T)
    quiet = still()
    quiet.params.rules[0].drift_decay = 0.01
    quiet.world.dyad["affinity"] = 0.0
    drift(quiet.params, quiet.world, 2000)
    np.testing.assert_allclose(quiet.world.dyad["affinity"], quiet.params.dyad["affinity"], atol=1e-9)


@given(st.floats(0, 50), st.floats(0, 50))
def test_the_pull_of_third_states_is_a_share(one, other):
    assert 0 <= closure(one, other) <= 1
    assert closure(one + 1, other) > closure(one, other)


# --- commitments -----------------------------------------------------------------------------------


@given(st.floats(0, 3), aims, share, share)
def test_what_an_alliance_is_worth_grows_and_falls_as_it_should(rules, interest, affinity, shared, fear):
    value = alliance_worth(rules, interest, affinity, shared, fear)
    assert alliance_worth(rules, interest + 0.1, affinity, shared, fear) > value
    assert alliance_worth(rules, interest, affinity + 0.1, shared, fear) > value
    assert alliance_worth(rules, interest, affinity, shared + 0.1, fear) > value
    assert alliance_worth(rules, interest, affinity, shared, fear + 0.1) < value


@given(st.floats(-3, 6), st.floats(0, 3), st.floats(0, 0.9))
def test_leaving_is_rarer_and_signing_likelier_where_an_alliance_is_worth_more(rules, value, strength, accountability):
    odds = leaving(rules, value, strength, accountability)
    assert 0 < odds < 1
    assert leaving(rules, value + 0.1, strength, accountability) < odds
    assert leaving(rules, value, strength + 0.5, accountability) < odds  # words bind,
    assert leaving(rules, value, 1.0, accountability + 0.1) < leaving(
        rules, value, 1.0, accountability
    )  # the public too
    assert signing(rules, value + 0.1) > signing(rules, value)


@given(share, share, st.floats(0.1, 2), st.floats(0.1, 2))
def test_threats_shared_and_quarrels_not_shared(mine, theirs, one, other):
    assert 0 <= common_threat(mine, theirs, one, other) <= 1
    assert common_threat(mine, theirs, 2 * one, other) >= common_threat(mine, theirs, one, other)
    assert 0 <= entangling(theirs, mine, one, other) <= 1
    assert entangling(theirs, 0.0, one, other) >= entangling(theirs, mine, one, other)


def moves(begun: Begun, kind: int) -> set[tuple[str, str]]:
    """Who has left or signed what."""
    entries = begun.trace.entry[: begun.world.clock[0].entries]
    model = begun.model
    return {
        (model.states[int(row.state)], model.commitments[int(row.commitment)].treaty)
        for row in entries
        if row.kind == kind
    }


def test_whoever_hates_its_allies_leaves_them_and_nothing_then_binds_it():
    begun = begin()
    begun.params.rules[0].leave_cost = -100.0
    begun.params.rules[0].sign_cost = 100.0
    align(begun.params, begun.world, begun.trace, 4000)
    assert ("RUS", "RUS-PRK-2024") in moves(begun, Entry.LEFT) or ("PRK", "RUS-PRK-2024") in moves(begun, Entry.LEFT)
    assert not moves(begun, Entry.SIGNED)
    for c, row in enumerate(begun.model.commitments):
        if row.treaty in ("RUS-PRK-2024", "NATO-1949"):
            assert begun.world.case[c].standing == Standing.LEFT
    assert begun.pair("USA", "POL")[0].patron == begun.model.params.supplier[begun.at("USA"), begun.at("POL")]


def test_a_member_that_leaves_a_treaty_of_several_leaves_the_others_in_it():
    begun = begin()
    begun.params.rules[0].leave_cost = 100.0
    begun.params.rules[0].sign_cost = 100.0
    pole, pact = begun.at("POL"), "NATO-1949"
    begun.params.dyad["interest"][pole] = -500.0  # only a state of fiction could
    align(begun.params, begun.world, begun.trace, 6000)
    assert moves(begun, Entry.LEFT) >= {("POL", pact)}
    for c, row in enumerate(begun.model.commitments):
        if row.treaty == pact:
            gone = "POL" in (row.ally, row.protected)
            assert (begun.world.case[c].standing == Standing.LEFT) == gone


def test_nobody_leaves_a_treaty_whose_case_has_arisen():
    begun = begin()
    begun.params.rules[0].leave_cost = -100.0
    begun.world.case["stage"] = Stage.TRIGGERED
    align(begun.params, begun.world, begun.trace, 3000)
    assert not moves(begun, Entry.LEFT)


def test_a_treaty_is_signed_when_both_want_it_and_not_when_one_does_not():
    begun = begin()
    begun.params.rules[0].leave_cost = 100.0
    begun.params.rules[0].sign_cost = -100.0
    begun.params.dyad["interest"][begun.at("IND")] = -500.0
    align(begun.params, begun.world, begun.trace, 8000)
    signed = moves(begun, Entry.SIGNED)
    assert {("CHN", "CHN-RUS"), ("RUS", "CHN-RUS")} <= signed
    assert not any(treaty == "IND-USA" for _, treaty in signed)
    assert begun.pair("CHN", "RUS")[0].patron == 1
    unsigned = {
        row.treaty for c, row in enumerate(begun.model.commitments) if begun.world.case[c].standing == Standing.OPEN
    }
    assert unsigned == {"IND-USA"}


def test_who_stands_against_the_same_rival_is_worth_more_and_who_quarrels_with_others_less():
    begun = begin()
    pact = int(begun.model.params.commitment["pact"][[r.treaty for r in begun.model.commitments].index("JPN-KOR")])
    japan, korea = begun.at("JPN"), begun.at("KOR")
    base = worth_of_treaty(begun.params, begun.world, japan, pact)
    begun.world.dyad[korea, begun.at("PRK")].affinity = -1.0
    begun.world.dyad[japan, begun.at("PRK")].affinity = -1.0
    assert worth_of_treaty(begun.params, begun.world, japan, pact) > base
    begun.world.dyad[japan, begun.at("PRK")].affinity = 1.0
    assert worth_of_treaty(begun.params, begun.world, japan, pact) < base


# --- crises ----------------------------------------------------------------------------------------


@given(aims, share, st.floats(0, 12))
def test_crises_begin_between_rivals_the_worse_they_stand_the_nearer_and_the_more_equal(rules, a, parity, far):
    assert onset(rules, 0.0, a, parity, far) == 0
    base = onset(rules, 1.0, a, parity, far)
    assert base > 0
    assert onset(rules, 1.0, a - 0.1, parity, far) > base
    assert onset(rules, 1.0, a, parity + 0.1, far) >= base
    assert onset(rules, 1.0, a, parity, far + 1) < base
    assert initiative(rules, 1.0, 1.0, parity) > initiative(rules, 1.0, 0.5, parity)


def test_crises_begin_only_where_the_scenario_says_and_wake_both_at_threat():
    begun = begin("rules.onset_rate=100")
    begin_crises(begun.params, begun.world, begun.trace)
    named = {frozenset(quarrel.between) for quarrel in sim.load("world_order").quarrels}
    states, dyad = begun.model.states, begun.world.dyad
    woken = {frozenset((states[i], states[j])) for i, j in np.argwhere(dyad["active"] == 1)}
    assert woken == named
    assert begun.world.clock[0].crises == len(named)
    threat = begun.params.setting[0].threat
    for i, j in itertools.combinations(range(len(states)), 2):
        heights = sorted((int(dyad[i, j].rung), int(dyad[j, i].rung)))
        assert heights == ([0, threat] if dyad[i, j].active else [0, 0])
    begin_crises(begun.params, begun.world, begun.trace)
    assert begun.world.clock[0].crises == len(named)  # none begins where one is


def test_a_new_crisis_finds_new_resolve_and_an_old_one_is_forgotten():
    begun = begin()
    i, j = begun.at("KOR"), begun.at("PRK")
    mine = begun.world.dyad[i, j]
    before = float(mine.resolve)
    begun.world.clock[0].played = 500
    break_out(begun.params, begun.world, begun.trace, i, j, begun.model.theatres.index("korea"))
    assert mine.resolve != before
    mine.first, mine.highest, mine.stake = 1, 7, 9.0
    ally = begun.pair("USA", "KOR")[0]
    ally.help = ally.considered = 4
    begun.world.case["stage"] = Stage.RECOGNISED
    lay_to_rest(begun.params, begun.world, begun.trace)
    assert (mine.first, ally.help) == (1, 4)  # while it lasts nothing is
    for dyad in begun.pair("KOR", "PRK"):
        dyad.active = 0
    lay_to_rest(begun.params, begun.world, begun.trace)
    assert (mine.first, mine.highest, ally.help, ally.considered) == (0, 0, 0, 0)
    assert mine.stake == begun.params.dyad[i, j].stake
    assert (begun.world.case["stage"] == Stage.DORMANT).all() and (begun.world.case["epoch"] == 500).all()


# --- whole runs ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def order():
    return sim.load("world_order", ["horizon_weeks=156"])


@pytest.fixture(scope="module")
def ordered(order):
    return simulate(order, runs=60, seed=2)


def test_off_nothing_of_it_happens(scenario, some_runs):
    kinds = set(some_runs.events["kind"])
    assert not kinds & {"crisis", "left", "signed", "lifted"}
    assert not {"crises", "wars", "poles"} & set(some_runs.table.columns)
    assert "order" not in some_runs.summary()
    louder = sim.load("korea_strike", ["rules.drift_force=1", "rules.align_rate=1", "rules.onset_rate=1"])
    assert simulate(louder, len(some_runs), 1).table.equals(some_runs.table)


def test_it_does_what_it_says_and_the_summary_says_it(ordered):
    assert {"crisis", "left", "signed", "lifted"} <= set(ordered.events["kind"])
    table, summary = ordered.table, ordered.summary()["order"]
    assert summary["per_year"]["wars"]["value"] == pytest.approx(table["wars"].sum() / (table["last_day"].sum() / YEAR))
    assert (table["wars"] <= table["crises"] + 1).all() and table["crises"].sum() > 100
    assert ((table["wars"] > 0) == table["war"]).all()
    begun = ordered.events.loc[ordered.events["kind"] == "crisis", "run"].value_counts()
    assert begun.reindex(table["run"], fill_value=0).tolist() == table["crises"].tolist()
    assert table["poles"].between(1, 18).all() and table["bipolarity"].between(-1, 1).all()
    assert not any(row["triggered"]["count"] == 0 for row in ordered.summary()["treaties"])


def test_an_inert_state_is_not_felt(order, ordered):
    of_all_states = ("poles", "bipolarity", "rivals_opposed")
    assert_same_runs(ordered, simulate(with_newcomers(order, "MMM"), runs=60, seed=2), of_all_states)


def test_the_order_of_states_treaties_and_quarrels_is_irrelevant(order, ordered):
    world = order.world
    turned = world.model_copy(
        update={name: dict(reversed(getattr(world, name).items())) for name in ("states", "treaties", "flows", "dyads")}
    )
    quarrels = tuple(q.model_copy(update={"between": q.between[::-1]}) for q in reversed(order.quarrels))
    assert_same_runs(ordered, simulate(order.model_copy(update={"world": turned, "quarrels": quarrels}), 60, 2))


def test_nothing_leaks_from_one_run_into_the_next(order):
    model = build(order)
    runner = compiled_runner()
    together = runner(model, 2, 0, 6).words
    for run in (5, 3, 0):
        np.testing.assert_array_equal(runner(model, 2, run, 1).words[0], together[run])


def test_mesa_and_batch_are_the_same(order):
    model = build(order)
    chunk = compiled_runner()(model, 2, 0, 2)
    for run in range(2):
        crisis = Crisis(model, 2, run)
        while crisis.running:
            crisis.step()
        np.testing.assert_array_equal(crisis.world.words, chunk.words[run])


def test_longer_turns_of_the_same_rounds_are_the_same_runs(ordered):
    month = simulate(sim.load("world_order", ["horizon_weeks=156", "turn_days=28"]), runs=60, seed=2)
    by_turns = ["days_force", "days_war"]  # counted at the ends of turns
    assert month.table.drop(columns=by_turns).equals(ordered.table.drop(columns=by_turns))


@pytest.mark.slow
def test_the_clock_does_not_drive_the_means():
    """Rounds half as long: crises, moves and polarity agree within four standard errors."""
    long, short = (
        simulate(sim.load("world_order", ["horizon_weeks=106", f"turn_days={days}"]), runs=200, seed=5).table
        for days in (1.75, 0.875)
    )
    for name in ("crises", "treaties_left", "treaties_signed", "bipolarity"):
        off, error = long[name].mean() - short[name].mean(), np.hypot(long[name].sem(), short[name].sem())
        assert abs(off) < 4 * error, name


def test_the_scenario_without_the_deal_has_no_deal():
    variant = build(sim.load("world_order", ["variant=without_the_deal"]))
    assert not any(row.treaty == "RUS-PRK-2024" for row in variant.commitments)
    assert all(
        flow.rate.high == 0
        for flow in sim.load("world_order", ["variant=without_the_deal"]).world.flows.values()
        if {flow.giver, flow.taker} == {"RUS", "PRK"}
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("scenario.slow_clock=false", "slow_clock"),
        ("scenario.quarrels.0.between=[CHN,POL]", "rivals"),
        ("scenario.quarrels.0.between=[CHN,JPN]", "twice"),
        ("treaties.NATO-1949.open_for_signature=true", "in force already"),
    ],
)
def test_what_the_slow_clock_refuses(change, words):
    with pytest.raises(InputError, match=words):
        sim.load("world_order", [change])


def test_a_ratio_and_its_interval():
    mean = ratio([1.0, 3.0])
    assert (mean.value, mean.n) == (2.0, 2) and mean.high - mean.value == pytest.approx(1.96)
    draws = np.random.default_rng(1)
    inside = 0
    for _ in range(400):
        years = draws.uniform(5, 10, 200)
        found = ratio(draws.poisson(0.1 * years), years)
        inside += found.low <= 0.1 <= found.high
    assert 0.92 <= inside / 400 <= 0.98
