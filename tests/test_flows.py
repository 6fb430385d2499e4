"""What moves between states: arms and back-fill, technology, sight, cyber acts, sanctions and their evasion."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
import sim.world as arrays
from sim.codes import Council, Entry
from sim.crisis import Crisis
from sim.rules.cyber import attribution, cyber_act_rate, seen_after_blame, suspicion
from sim.rules.perceive import misread_chance
from sim.rules.power import capability
from sim.rules.sanctions import evasion_odds, growth_cut, proposal, veto_chance
from sim.scenario.build import build

unit = st.floats(0, 1)
tie = st.floats(-1, 1)
logit = st.floats(0, 4)
rung = st.integers(0, 8)


@pytest.fixture(scope="module")
def rules(scenario):
    record = np.zeros(1, arrays.RULE)
    for name, figure in scenario.rules.items():
        record[name] = figure.centre
    return record[0]


@pytest.fixture(scope="module")
def setting(model):
    return model.params.setting[0]


def begun(*changes):
    """A crisis at the centre of every figure, before its first turn, with a way to find a state's row."""
    crisis = Crisis(build(sim.load("korea_strike", ["parameters=centre", *changes])), seed=1, run=0)
    return crisis, crisis.codes.index


def stock(code, domain, *changes, turns=1):
    crisis, of = begun(*changes)
    for _ in range(turns):
        crisis.play_round()
    return float(getattr(crisis.world.state[of(code)], domain))


def entries(crisis, kind):
    log = crisis.trace.entry[: crisis.world.clock[0].entries]
    return log[log["kind"] == kind]


# --- arms, back-fill, technology, sight ------------------------------------------------------------

QUIET = "scenario.events=[]"
PATRIOTS = "flows.jpn_usa_patriot={rate:0.9,start:2025-01-01}"
NO_PATRIOTS = "flows.jpn_usa_patriot.rate=0"
FREE = "flows.jpn_usa_patriot.reexport=allowed"


def test_a_backfill_under_a_ban_fills_up_the_middle_and_not_the_end():
    """Japan replaces what the United States gives Ukraine: American stocks fall less, Ukraine gets no more."""
    assert stock("USA", "air", QUIET, PATRIOTS) > stock("USA", "air", QUIET, NO_PATRIOTS)
    assert stock("JPN", "air", QUIET, PATRIOTS) < stock("JPN", "air", QUIET, NO_PATRIOTS)
    assert stock("UKR", "air", QUIET, PATRIOTS) == stock("UKR", "air", QUIET, NO_PATRIOTS)


def test_a_backfill_that_may_be_passed_on_reaches_the_end():
    assert stock("USA", "air", QUIET, PATRIOTS, FREE) == stock("USA", "air", QUIET, NO_PATRIOTS)
    assert stock("UKR", "air", QUIET, PATRIOTS, FREE) > stock("UKR", "air", QUIET, NO_PATRIOTS)


def test_a_backfill_moves_stocks_and_makes_none():
    def total(*changes):
        return sum(stock(code, "air", QUIET, *changes) for code in ("JPN", "USA", "UKR"))

    assert total(PATRIOTS) == pytest.approx(total(NO_PATRIOTS), rel=1e-12)
    assert total(PATRIOTS, FREE) == pytest.approx(total(NO_PATRIOTS), rel=1e-12)


def test_nothing_stands_in_for_arms_that_are_not_given():
    stopped = "flows.usa_ukr_air.end=2025-06-01"
    assert stock("JPN", "air", QUIET, PATRIOTS, stopped) == stock("JPN", "air", QUIET, NO_PATRIOTS, stopped)


@pytest.mark.parametrize("domain", ["missile", "cyber", "space"])
def test_technology_tells_after_its_delay(domain):
    new = f"+flows.new={{kind:technology,from:RUS,to:PRK,domain:{domain},rate:0.5,start:2025-10-10,delay_years:"
    plain = [stock("PRK", domain, QUIET, turns=turns) for turns in (8, 24)]
    late = [stock("PRK", domain, QUIET, new + "0.06}", turns=turns) for turns in (8, 24)]
    assert late[0] == plain[0] and late[1] > plain[1]


def test_satellites_of_a_friend_cut_noise_and_sharpen_missiles(rules, setting, model):
    with_help, without = (stock("PRK", "sight", QUIET, f"flows.rus_prk_space.rate={rate}") for rate in (0.9, 0))
    assert with_help > without
    noise = [misread_chance(rules, setting, sight, 0.5, 2) for sight in (with_help, without)]
    assert noise[0] < noise[1]
    theatre = model.params.theatre[model.theatres.index("korea")]
    state = np.zeros(1, arrays.STATE)[0]
    state.missile = 1.0
    power = []
    for sight in (with_help, without):
        state.sight = sight
        power.append(capability(rules, state, theatre))
    assert power[0] > power[1]


@given(arms=st.floats(0.01, 1), cyber=unit, sight=unit, more=unit)
def test_cyber_and_space_help_arms_and_do_not_stand_for_them(rules, model, arms, cyber, sight, more):
    state = np.zeros(1, arrays.STATE)[0]
    state.land, state.cyber, state.space = arms, cyber, sight
    for theatre in model.params.theatre:
        power = capability(rules, state, theatre)
        bare = theatre.land * arms
        assert bare <= power * (1 + 1e-12) <= bare / (1 - theatre.cyber - theatre.space) * (1 + 1e-9)
        state.cyber = cyber + more
        assert power <= capability(rules, state, theatre) * (1 + 1e-12)
        state.cyber = cyber


def test_cyber_help_raises_cyber():
    raised, plain = (stock("PRK", "cyber", QUIET, f"flows.rus_prk_cyber.rate={rate}") for rate in (0.5, 0))
    assert raised > plain


# --- cyber acts ------------------------------------------------------------------------------------


@given(r=rung, cyber=st.floats(0.001, 1), more=unit)
def test_cyber_acts_belong_between_coercion_and_lethal_force(rules, setting, r, cyber, more):
    rate = cyber_act_rate(rules, setting, r, cyber)
    assert 0 <= rate <= cyber_act_rate(rules, setting, r, cyber + more)
    assert (rate > 0) == (setting.threat - 1 <= r < setting.lethal)


@given(sight=unit, cyber=unit, more=unit)
def test_who_sees_and_knows_more_blames_the_right_one_more_often(rules, sight, cyber, more):
    assert 0 < attribution(rules, sight, cyber) <= attribution(rules, sight + more, cyber + more) < 1


@given(r=rung)
def test_blame_raises_what_is_seen_and_never_to_force(setting, r):
    seen = seen_after_blame(setting, r)
    assert r <= seen <= r + 1
    assert seen < setting.force or seen == r


@given(cyber=st.floats(0.01, 1), more=unit, u=st.floats(1e-9, 1 - 1e-9))
def test_the_more_capable_suspect_comes_first(cyber, more, u):
    assert suspicion(cyber + more, u) <= suspicion(cyber, u)


def test_a_victim_that_blames_the_wrong_one_draws_it_in():
    """No attribution, always a false charge: American rivals that did nothing come into the crisis."""
    wrong = ("rules.attribution_base=-50", "rules.attribution_means=0", "rules.misattribution=1")
    crisis, of = begun(*wrong, "rules.cyber_rate=5")
    usa, korea = of("USA"), of("PRK")
    crisis.play_round()
    acts = entries(crisis, Entry.CYBER)
    blamed = entries(crisis, Entry.BLAMED)
    assert {(a["state"], a["rival"]) for a in acts} == {(korea, usa), (korea, of("KOR"))}
    (charged,) = (b["rival"] for b in blamed if b["state"] == usa)
    assert charged != korea and crisis.params.dyad[usa, charged].rivalry == 1
    assert crisis.world.dyad[usa, charged].active == 1
    assert crisis.world.state[usa].hacked > 0
    crisis.play_round()
    clean, _ = begun("rules.cyber_rate=0")
    for _ in range(2):
        clean.play_round()
    assert crisis.world.state[usa].sight < clean.world.state[usa].sight
    assert crisis.world.state[usa].cyber < clean.world.state[usa].cyber


# --- sanctions -------------------------------------------------------------------------------------


@given(victim=logit, target=logit, affinity=tie, dependence=unit, more=unit)
def test_senders_spare_friends_and_those_on_whom_they_depend(rules, victim, target, affinity, dependence, more):
    plain = proposal(rules, victim, target, affinity, dependence)
    assert proposal(rules, victim, target, affinity + more, dependence + more) <= plain
    assert proposal(rules, victim + more, target, affinity, dependence) >= plain


@given(interest=logit, affinity=tie, more=unit)
def test_vetoes_protect_friends_and_thwart_rivals(rules, interest, affinity, more):
    plain = veto_chance(rules, interest, affinity, 0, 0.0)
    assert plain <= veto_chance(rules, interest + more, affinity + more, 0, 0.0)
    assert plain < veto_chance(rules, interest, affinity, 0, 1.0)
    assert plain < veto_chance(rules, interest, affinity, 1, 0.0)


@given(interest=logit, affinity=tie, dependence=unit, r=rung, more=unit)
def test_evasion_follows_interest_and_yields_to_dependence(rules, interest, affinity, dependence, r, more):
    plain = evasion_odds(rules, interest, affinity, dependence, r)
    assert evasion_odds(rules, interest + more, affinity + more, dependence, r) >= plain
    assert evasion_odds(rules, interest, affinity, dependence + more, r) <= plain
    assert evasion_odds(rules, interest, affinity, dependence, r + 1) < plain


@given(coverage=unit, doors=unit, more=unit)
def test_sanctions_bite_by_coverage_less_evasion(rules, coverage, doors, more):
    cut = growth_cut(rules, coverage, doors)
    assert 0 <= cut <= rules.sanction_bite
    assert growth_cut(rules, min(coverage + more, 1), doors) >= cut >= growth_cut(rules, coverage, min(doors + more, 1))


PROPOSE = ("rules.sanction_rate=50", "rules.sanction_base=50")
NO_VETO = ("rules.veto_base=-50", *(f"rules.veto_{part}=0" for part in ("interest", "affinity", "patron", "rivalry")))


def test_a_vetoed_proposal_leaves_national_measures():
    """Everybody shields everybody: those opposed to the strike act alone, and Washington has its own veto."""
    crisis, of = begun(*PROPOSE, "rules.veto_base=50")
    crisis.play_round()
    usa = of("USA")
    assert crisis.world.state[usa].council == Council.DIVIDED
    assert crisis.world.dyad[of("CHN"), usa].sanctions == 1
    assert set(entries(crisis, Entry.SANCTIONED)["value"]) == {0}
    assert usa in set(entries(crisis, Entry.VETOED)["state"])


def test_without_a_veto_sanctions_are_whole_and_cost_more():
    left = {}
    for name, veto in (("whole", NO_VETO), ("national", ("rules.veto_base=50",))):
        crisis, of = begun(*PROPOSE, *veto, "scenario.events.0.by=[KOR]")
        korea = of("KOR")
        for _ in range(3):
            crisis.play_round()
        assert (crisis.world.state[korea].council == Council.AGREED) == (name == "whole")
        left[name] = float(crisis.world.state[korea].industry)
    assert left["whole"] < left["national"]


def test_who_uses_no_force_is_not_sanctioned():
    crisis, _ = begun(*PROPOSE, QUIET)
    crisis.play_round()
    assert not len(entries(crisis, Entry.SANCTIONED))


def test_evaders_stop_when_they_depend_on_the_sanctioners_and_outsiders_begin():
    stop, of = begun("rules.evasion_rate=50", "rules.evasion_base=-50", "rules.evasion_least=0")
    stop.play_round()
    assert stop.world.dyad[of("CHN"), of("PRK")].evades == 0
    start, _ = begun("rules.evasion_rate=50", "rules.evasion_base=50", "rules.evasion_least=0")
    assert start.world.dyad[of("IRN"), of("PRK")].evades == 0
    start.play_round()
    assert start.world.dyad[of("IRN"), of("PRK")].evades == 1
    assert start.world.dyad[of("USA"), of("PRK")].evades == 0  # a sanctioner does not evade


# --- in words --------------------------------------------------------------------------------------


def test_the_log_says_in_words_how_moves_came_out(some_runs):
    log = some_runs.events
    endings = {
        "cyber": {"not misattributed", "misattributed"},
        "sanctioned": {"national", "whole"},
        "evasion": {"begun", "stopped"},
    }
    for kind, words in endings.items():
        of_kind = log[log["kind"] == kind]
        assert len(of_kind) and set(of_kind["choice"].dropna()) <= words and of_kind["choice"].notna().all()
        assert of_kind[["rung", "alert", "level"]].isna().all(axis=None)
    assert log[log["kind"] == "vetoed"][["rung", "alert", "level"]].isna().all(axis=None)
    assert log[log["kind"] == "blamed"]["rung"].notna().all()


def test_cyber_acts_alone_change_few_wars(scenario):
    """Paired runs: they are common, and few runs end in war for them or in peace."""
    with_acts = sim.simulate(scenario, runs=200, seed=1).table["war"]
    without = sim.simulate(sim.load("korea_strike", ["rules.cyber_rate=0"]), runs=200, seed=1).table["war"]
    assert (with_acts != without).mean() < 0.1
