"""A table of bad inputs: each is refused with one paragraph that names key, value and what would do."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from sim.config import compose, load
from sim.scenario.errors import InputError
from sim.scenario.load import resolve
from sim.scenario.worlds import read_world
from tiny import SCENARIO, WORLDS, scenario, tree


def refused(error: pytest.ExceptionInfo[InputError], *words: str) -> None:
    message = str(error.value)
    assert "\n" not in message
    assert "pydantic" not in message
    for word in words:
        assert word in message, message


# --- overrides, by the whole way -------------------------------------------------------------------

OVERRIDES: list[tuple[str, tuple[str, ...]]] = [
    # names
    ("scenario=korea_strik", ("scenario", "'korea_strik'", "did you mean 'korea_strike'?")),
    ("scenario=null", ("scenario", "None", "korea_strike")),
    ("scenario=[korea_strike]", ("scenario", "korea_strike")),
    ("scenario=korea_strike,taiwan_blockade", ("scenario", "one value")),
    ("korea_strike", ("korea_strike", "KEY=VALUE", "did you mean 'scenario=korea_strike'?")),
    ("runss=5", ("unknown key 'runss'", "did you mean 'runs'?")),
    ("Runs=5", ("unknown key 'Runs'", "did you mean 'runs'?")),
    ("horizon=5", ("unknown key 'horizon'", "did you mean 'horizon_weeks'?")),
    ("hydra.run.dir=here", ("unknown key 'hydra'",)),
    ("rules=priors", ("rules", "'priors'", "did you mean 'prior'?")),
    ("ladder=ten_rung", ("ladder", "'ten_rung'", "did you mean 'ten_rungs'?")),
    ("variant=wording_1916", ("variant", "'wording_1916'", "did you mean 'wording_1961'?")),
    ("parameters=centred", ("parameters", "'centred'", "drawn, centre", "did you mean 'centre'?")),
    ("rules.kapa=1", ("rules.kapa", "did you mean 'kappa'?")),
    ("+rules.kapa=.1", ("rules.kapa", "did you mean 'kappa'?")),
    ("++rules.omga.low=.1", ("rules.omga", "did you mean 'omega'?")),
    ("states.ROK.gdp=1", ("states.ROK", "'ROK'", "did you mean 'KOR'?")),
    ("states.DPRK.gdp=1", ("states.DPRK", "did you mean 'PRK'?")),
    ("states.UK.gdp=1", ("states.UK", "did you mean 'GBR'?")),
    ("states.Russia.gdp=1", ("states.Russia", "did you mean 'RUS'?")),
    ("states.RSU.gdp=1", ("states.RSU", "did you mean 'RUS'?")),
    ("states.RUS.comitted=.5", ("states.RUS.comitted", "did you mean 'committed'?")),
    ("dyads.PRK>DPRK.stake=1", ("PRK>DPRK", "did you mean 'PRK'?")),
    ("dyads.PRK>USA.steak=1", ("dyads.PRK.USA.steak", "did you mean 'stake'?")),
    ("treaties.RUS-PRK-2025.in_force=false", ("RUS-PRK-2025", "did you mean 'RUS-PRK-2024'?")),
    ("treaties.RUS-PRK-2024.clauses.art44.strength=1", ("art44", "did you mean 'art4'?")),
    ("treaties.RUS-PRK-2024.inforce=false", ("inforce", "did you mean 'in_force'?")),
    ("flows.prk_rus_shels.rate=0", ("prk_rus_shels", "did you mean 'prk_rus_shells'?")),
    ("scenario.theater=korea", ("scenario", "unknown key 'theater'", "did you mean 'theatre'?")),
    ("scenario.theatre=corea", ("scenario.theatre", "'corea'", "did you mean 'korea'?")),
    ("scenario.world=pacific_2052", ("scenario.world", "did you mean 'pacific_2025'?")),
    # numbers
    ("runs=0", ("runs", "0", "greater than or equal to 1")),
    ("runs=-5", ("runs", "-5")),
    ("runs=1.5", ("runs", "1.5", "whole number")),
    ("runs=many", ("runs", "'many'", "whole number")),
    ("runs=null", ("runs", "None")),
    ("runs=true", ("runs", "True")),
    ("runs=", ("runs", "''")),
    ("runs=10,000", ("runs", "'10,000'", "one value")),
    ("runs='5'", ("runs", "'5'", "whole number")),
    ("runs=nan", ("runs", "nan")),
    ("seed=1.5", ("seed", "1.5", "whole number")),
    ("seed=-1", ("seed", "-1", "0")),
    ("seed=1,2", ("seed", "'1,2'", "-m")),
    ("seed=99999999999999999999999", ("seed",)),
    ("threads=0", ("threads", "0")),
    ("horizon_weeks=0", ("horizon_weeks", "0", "greater than or equal to 1")),
    ("horizon_weeks=2.5", ("horizon_weeks", "2.5", "whole number")),
    ("horizon_weeks=1000000", ("horizon_weeks", "1000000", "1040")),
    ("turn_days=0", ("turn_days", "0", "greater than 0")),
    ("turn_days=weekly", ("turn_days", "'weekly'", "number")),
    ("rules.kappa=0,1", ("rules.kappa", "'0,1'", "0.1")),
    ("rules.kappa=inf", ("rules.kappa", "inf", "finite")),
    ("rules.kappa=nan", ("rules.kappa", "nan", "finite")),
    ("rules.kappa=-1", ("rules.kappa", "-1", "0 to 100")),
    ("rules.kappa=1e9", ("rules.kappa", "1000000000", "0 to 100")),
    ("rules.kappa=high", ("rules.kappa", "'high'", "a number, or a range")),
    ("rules.kappa=null", ("rules.kappa", "None")),
    ("rules.kappa=[1,2,3]", ("rules.kappa=[1,2,3]", "merge")),
    ("rules.kappa={low:1,centre:0.5,high:2}", ("rules.kappa", "low <= centre <= high")),
    ("rules.kappa.low=5", ("rules.kappa", "low <= centre <= high")),
    ("rules.kappa.centr=0.1", ("rules.kappa", "unknown key 'centr'", "did you mean 'centre'?")),
    ("rules.misreading=1.1", ("rules.misreading", "1.1", "0 to 1")),
    ("~rules.kappa", ("rules.kappa", "missing")),
    ("~rules", ("rules", "missing")),
    ("states.RUS.committed=1.5", ("states.RUS.committed", "1.5", "0 to 1")),
    ("states.RUS.milex=-3", ("states.RUS.milex", "-3", "0 to")),
    ("states.RUS=0.5", ("states.RUS", "0.5", "mapping")),
    ("states.RUS.committed=some", ("states.RUS.committed", "'some'")),
    ("states=RUS", ("states", "'RUS'", "mapping")),
    ("states={1:2}", ("states", "1", "text as a key")),
    ("dyads.PRK>PRK.stake=1", ("PRK>PRK", "toward itself")),
    ("dyads.PRK.stake=1", ("dyads.PRK.stake", "1", "mapping")),
    ("dyads.PRK>USA>KOR.stake=1", ("dyads.PRK",)),
    ("dyads.PRK>USA.affinity=-2", ("affinity", "-2", "-1 to 1")),
    ("dyads.PRK>USA.war_state=1.5", ("war_state", "1.5", "whole")),
    ("dyads.PRK>USA.war_state=3", ("war_state", "3", "0 to 2")),
    ("dyads.PRK>USA.rivalry={low:0,centre:1,high:1}", ("rivalry", "not a range")),
    ("treaties.RUS-PRK-2024.in_force=perhaps", ("in_force", "'perhaps'", "2025-10-10")),
    ("treaties.RUS-PRK-2024.parties=[RUS]", ("parties", "['RUS']", "at least two")),
    ("treaties.RUS-PRK-2024.clauses.art4.strength=9", ("clauses.art4.strength", "9", "4")),
    ("treaties.RUS-PRK-2024.clauses.art4.duty=everything", ("duty", "'everything'", "all_means")),
    ("treaties.RUS-PRK-2024=false", ("treaties.RUS-PRK-2024", "False", "mapping")),
    ("flows.prk_rus_shells.rate=2", ("flows.prk_rus_shells.rate", "2", "0 to 1")),
    ("flows.prk_rus_shells.to=PRK", ("flows.prk_rus_shells.to", "'PRK'", "another state")),
    ("scenario.start=yesterday", ("scenario.start", "'yesterday'", "2025-10-10")),
    ("scenario.armistice_is_war=1", ("scenario.armistice_is_war", "1", "true or false")),
    ("scenario.events.0.rung=9", ("scenario.events.0.rung", "9", "up to 8")),
    ("scenario.events.0.threat=1.5", ("scenario.events.0.threat", "1.5", "1")),
    # grammar
    ("=5", ("=5", "KEY=VALUE")),
    ("runs=[1,", ("runs=[1,", "KEY=VALUE")),
    ("runs@here=5", ("runs@here=5", "KEY=VALUE")),
    ("runs=${seeds}", ("seeds",)),
    ("output=''", ("output", "''")),
]


@pytest.mark.parametrize(("override", "words"), OVERRIDES, ids=[override for override, _ in OVERRIDES])
def test_override(override: str, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as error:
        compose([override])
    refused(error, *words)


def test_horizon_that_cuts_off_an_event() -> None:
    later = "scenario.events.0.day=100"
    with pytest.raises(InputError) as error:
        compose([later, "horizon_weeks=10"])
    refused(error, "scenario.events.0.day", "100", "0 to 69", "10 weeks")


def test_load_names_the_nearest_scenario() -> None:
    with pytest.raises(InputError) as error:
        load("korea-strike")
    refused(error, "'korea-strike'", "did you mean 'korea_strike'?")


def test_config_dir_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        compose([], [tmp_path / "nowhere"])
    refused(error, "--config-dir", "nowhere", "a folder that exists")


def test_scenario_path_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIM_SCENARIO_PATH", "/nowhere")
    with pytest.raises(InputError) as error:
        compose()
    refused(error, "SIM_SCENARIO_PATH", "'/nowhere'")


@pytest.mark.parametrize("text", ["omega: [1", "omega: 1\nomega: 2\n", "- omega\n", "omega: ${x}\n", "{omega: \x00}"])
def test_rules_file_that_is_no_set_of_rules(tmp_path: Path, text: str) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        compose(["rules=mine"], [tmp_path])
    refused(error)


# --- trees -----------------------------------------------------------------------------------------

ACT: dict[str, Any] = SCENARIO["events"][0]
DEPLOY: dict[str, Any] = SCENARIO["events"][1]
TREES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    (scenario(events=[ACT | {"day": 364}]), ("scenario.events.0.day", "364", "0 to 363", "52 weeks")),
    (scenario(events=[ACT | {"day": -1}]), ("scenario.events.0.day", "-1")),
    (scenario(events=[ACT | {"day": 1.5}]), ("scenario.events.0.day", "1.5", "whole number")),
    (scenario(events=[ACT | {"by": ["ROK"]}]), ("scenario.events.0.by", "'ROK'", "did you mean 'KOR'?")),
    (scenario(events=[ACT | {"by": []}]), ("scenario.events.0.by", "at least one")),
    (scenario(events=[ACT | {"by": "USA"}]), ("scenario.events.0.by", "'USA'", "a list")),
    (scenario(events=[ACT | {"by": ["USA", "USA"]}]), ("scenario.events.0.by", "each state once")),
    (scenario(events=[ACT | {"against": ["USA"]}]), ("scenario.events.0.against", "'USA'", "itself")),
    (scenario(events=[ACT | {"rung": 0}]), ("scenario.events.0.rung", "0", "1")),
    (scenario(events=[ACT | {"kind": "strike"}]), ("scenario.events.0.kind", "'strike'", "act, deploy")),
    (scenario(events=[{"day": 0}]), ("scenario.events.0.kind", "missing")),
    (scenario(events=[ACT | {"theatre": "korean"}]), ("events.0.theatre", "did you mean 'korea'?")),
    (scenario(events=[ACT | {"agaist": ["PRK"]}]), ("scenario.events.0", "did you mean 'against'?")),
    (scenario(events=ACT), ("scenario.events", "a list")),
    (scenario(events=["strike"]), ("scenario.events.0", "'strike'")),
    (scenario(events=[DEPLOY | {"personnel": 5000}]), ("scenario.events.0.personnel", "1330")),
    (scenario(events=[DEPLOY] * 140), ("scenario.events.130.personnel", "at most 1330 thousand")),
    (scenario(events=[DEPLOY | {"personnel": -5}]), ("scenario.events.0.personnel", "-5")),
    (scenario(events=[DEPLOY | {"personnel": "ten"}]), ("scenario.events.0.personnel", "'ten'")),
    (scenario(events=[DEPLOY | {"state": "JPN"}]), ("scenario.events.0.state", "'JPN'", "USA")),
    (scenario(start_rungs=[{"from": "PRK", "to": "PRK", "rung": 4}]), ("start_rungs.0.to", "itself")),
    (scenario(start_rungs=[{"from": "PRK", "to": "US", "rung": 4}]), ("'US'", "did you mean 'USA'?")),
    (scenario(start_rungs=[{"from": "PRK", "to": "USA", "rung": 9}]), ("start_rungs.0.rung", "9", "8")),
    (scenario(start_rungs=SCENARIO["start_rungs"] * 2), ("start_rungs.1", "PRK>USA", "twice")),
    (scenario(start_rungs=[{"to": "USA", "rung": 4}]), ("scenario.start_rungs.0.from", "missing")),
    (scenario(titel="x"), ("scenario", "'titel'", "did you mean 'title'?")),
    (scenario(title=5), ("scenario.title", "5", "text")),
    (scenario(world=None), ("scenario.world", "None", "tiny")),
    (scenario(horizon_weeks=0), ("scenario.horizon_weeks", "0")),
    (scenario(horizon_weeks="a year"), ("scenario.horizon_weeks", "'a year'", "whole number")),
    (scenario(start="2025-13-01"), ("scenario.start", "'2025-13-01'", "2025-10-10")),
    (scenario(states={"TAIWAN": {"gdp": 1}}), ("scenario.states.TAIWAN", "KOR, PRK, RUS, USA")),
    (scenario(rules={"kapa": 1}), ("scenario.rules.kapa", "did you mean 'kappa'?")),
    (scenario(variants={"x": {}}), ("scenario.variants.x", "changes nothing")),
    (scenario(variants={"x": {"summary": "Nothing."}}), ("scenario.variants.x", "changes nothing")),
    (scenario(variants={"x": {"treatys": {}}}), ("scenario.variants.x", "did you mean 'treaties'?")),
    (scenario(variants={"x": 5}), ("scenario.variants.x", "5", "mapping")),
    (tree(variant="noclause"), ("variant", "'noclause'", "did you mean 'no_clause'?")),
    (
        scenario(variants={"x": {"states": {"RUS": {"gdp": -1}}}}) | {"variant": "x"},
        ("scenario.variants.x.states.RUS.gdp", "-1"),
    ),
    (
        scenario(variants={"x": {"events": [ACT | {"rung": 12}]}}) | {"variant": "x"},
        ("scenario.variants.x.events.0.rung", "12"),
    ),
    (tree(runs=5), ("'runs'",)),
    (tree(scenario=None), ("scenario.world", "missing")),
    (tree(scenario="korea"), ("scenario", "'korea'", "mapping")),
    (tree(rules={}), ("rules.omega", "missing")),
    (tree(ladder=None), ("ladder", "missing name")),
    (tree(ladder={"name": "x", "rungs": 5, "thresholds": 6}), ("ladder",)),
    (tree(states={"USA": {"personnel": 20}}), ("forces.USA.korea", "28.5", "at most 20")),
    (tree(treaties={"NEW": {"parties": ["RUS"], "clauses": {}}}), ("treaties.NEW",)),
    (
        tree(treaties={"USA-KOR-1953": {"parties": ["USA", "JPN"]}}),
        ("parties", "'JPN'", "KOR, PRK, RUS, USA"),
    ),
    (tree(treaties={"USA-KOR-1953": {"ended": "1950-01-01"}}), ("ended", "1950-01-01", "1954-11-18")),
    (
        tree(flows={"x": {"kind": "arm", "from": "PRK", "to": "RUS", "rate": 0}}),
        ("kind", "did you mean 'arms'?"),
    ),
    (
        tree(flows={"x": {"kind": "arms", "from": "PRK", "to": "RUS", "rate": 0}}),
        ("flows.x.domain", "missing"),
    ),
    (tree(flows={"prk_shells": {"evaded_by": ["USA"]}}), ("flows.prk_shells.evaded_by", "only sanctions")),
    (
        tree(flows={"rus_space": {"delay_years": 2}}),
        ("flows.rus_space.delay_years", "2.0", "only technology"),
    ),
    (
        tree(flows={"prk_shells": {"end": "2020-01-01"}}),
        ("flows.prk_shells.end", "2020-01-01", "after the start"),
    ),
    (tree(flows={"prk_shells": {"from": "JPN"}}), ("flows.prk_shells.from", "'JPN'")),
    (tree(dyads={"PRK": {"ROK": {"stake": 1}}}), ("'ROK'", "did you mean 'KOR'?")),
]


@pytest.mark.parametrize(("bad", "words"), TREES, ids=[" ".join(words[:2]) for _, words in TREES])
def test_tree(bad: dict[str, Any], words: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as error:
        resolve(bad, [WORLDS])
    refused(error, *words)


# --- files of a world ------------------------------------------------------------------------------

FILES: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("states.csv", "PRK,", "KOR,", ("states.csv:3", "KOR", "twice")),
    ("states.csv", "KOR,South", "ROK1,South", ("capabilities.csv:2", "'KOR'")),
    ("states.csv", "37.57", "137.57", ("states.csv:2", "lat", "137.57", "90")),
    ("states.csv", "37.57", "north", ("states.csv:2", "lat", "'north'", "a number")),
    (
        "states.csv",
        "state,name,capital,lat,lon",
        "state;name;capital;lat;lon",
        ("states.csv:1", "semicolons"),
    ),
    (
        "capabilities.csv",
        "quantity",
        "quality",
        ("capabilities.csv:1", "'quality'", "did you mean 'quantity'?"),
    ),
    ("capabilities.csv", ",confidence,note", ",confidence", ("capabilities.csv:1", "'note'", "missing")),
    ("capabilities.csv", "low,centre,high", "low,low,high", ("capabilities.csv:1", "'low'", "twice")),
    ("capabilities.csv", "KOR,aircraft", "KOR,aircrafts", (":3", "'aircrafts'", "did you mean 'aircraft'?")),
    ("capabilities.csv", "KOR,aircraft", "DPRK,aircraft", (":3", "'DPRK'", "did you mean 'PRK'?")),
    ("capabilities.csv", "KOR,aircraft,400,400,400", "KOR,aircraft,400,about 400,400", (":3", "'about 400'")),
    ("capabilities.csv", "KOR,aircraft,400,400,400", "KOR,aircraft,400,,400", (":3", "centre", "''")),
    ("capabilities.csv", "KOR,aircraft,400,400,400", "KOR,aircraft,nan,400,400", (":3", "low", "'nan'")),
    ("capabilities.csv", "KOR,aircraft,400,400,400", "KOR,aircraft,400,400,1e999", (":3", "high", "'1e999'")),
    ("capabilities.csv", "KOR,aircraft,400,400,400", 'KOR,aircraft,400,400,"1,000"', (":3", "'1,000'")),
    ("capabilities.csv", "KOR,aircraft,400,400,400", "KOR,aircraft,4_00,400,400", (":3", "'4_00'")),
    ("capabilities.csv", "KOR,aircraft,400,400,400", "KOR,aircraft,400,400,1,000", (":3", "11 cells", "10")),
    (
        "capabilities.csv",
        "KOR,aircraft,400,400,400",
        "KOR,aircraft,500,400,400",
        (":3", "aircraft", "low <= centre"),
    ),
    (
        "capabilities.csv",
        "KOR,aircraft,400,400,400",
        "KOR,aircraft,-1,400,400",
        (":3", "aircraft", "-1", "0 to"),
    ),
    ("capabilities.csv", "KOR,aircraft", "KOR,accountability", (":3", "accountability", "twice")),
    (
        "capabilities.csv",
        "400,400,400,combat aircraft",
        "4,4,4,hundreds",
        (":3", "'hundreds'", "combat aircraft"),
    ),
    (
        "capabilities.csv",
        "0.8,0.8,0.8,index 0-1,2025,TEST,judgement",
        "0.8,0.8,1.8,index 0-1,2025,TEST,V",
        ("1.8",),
    ),
    ("capabilities.csv", "TEST,judgement", "TEST,verified", (":2", "confidence", "'verified'", "judgement")),
    (
        "capabilities.csv",
        "KOR,aircraft,400,400,400,combat aircraft,2025,TEST,judgement,\n",
        "",
        ("capabilities.csv", "states.KOR.aircraft", "missing"),
    ),
    ("capabilities.csv", "KOR,aircraft,", 'KOR,"aircraft"x,', ("capabilities.csv:3",)),
    ("theatres.csv", "0.3,0.2", "0.4,0.2", ("theatres.csv:2", "korea.weights", "1.1", "sum to 1")),
    ("theatres.csv", "0.3,0.2", "-0.3,0.2", ("theatres.csv:2", "korea.weights.land", "-0.3")),
    ("theatres.csv", "ukraine,", "korea,", ("theatres.csv:3", "korea", "twice")),
    ("forces.csv", "USA,korea", "USA,corea", ("forces.csv:3", "theatre", "'corea'", "did you mean 'korea'?")),
    ("forces.csv", "korea,KOR", "korea,ROK", ("forces.csv:3", "host", "'ROK'", "did you mean 'KOR'?")),
    ("forces.csv", "28,28.5,29", "28000,28500,29000", ("forces.csv:3", "personnel", "20000")),
    ("forces.csv", "28,28.5,29", "2800,2850,2900", ("forces.csv", "forces.USA.korea", "2850", "1330")),
    ("dyads.csv", "USA,PRK,stake", "PRK,PRK,stake", ("dyads.csv:11", "PRK>PRK", "itself")),
    ("dyads.csv", "USA,PRK,stake", "USA,DPRK,stake", ("dyads.csv:11", "to", "did you mean 'PRK'?")),
    ("dyads.csv", "USA,PRK,stake", "PRK,USA,stake", ("dyads.csv:11", "stake", "twice")),
    ("dyads.csv", "USA,PRK,stake,0.7,1,1.4,logit", "USA,PRK,rivalry,1,1,1,code", (":11", "rivalry", "twice")),
    ("dyads.csv", "USA,PRK,stake", "USA,PRK,steak", ("dyads.csv:11", "'steak'", "did you mean 'stake'?")),
    ("dyads.csv", "0.2,0.3,0.5,0-1", "0.2,0.3,5,0-1", ("dyads.csv:5", "dependence", "5", "0 to 1")),
    (
        "treaties.yaml",
        "parties: [RUS, PRK]",
        "parties: [RUS]",
        ("treaties.yaml", "RUS-PRK-2024.parties", "two"),
    ),
    (
        "treaties.yaml",
        "parties: [RUS, PRK]",
        "parties: [RUS, RUS]",
        ("treaties.RUS-PRK-2024.parties", "once"),
    ),
    ("treaties.yaml", "parties: [RUS, PRK]", "parties: [RUS, DPRK]", ("'DPRK'", "did you mean 'PRK'?")),
    ("treaties.yaml", "protects: [KOR, USA]", "protects: [PRK]", ("art3.protects", "'PRK'", "USA, KOR")),
    ("treaties.yaml", "owed_by: [USA, KOR]", "owed_by: [RUS]", ("art3.owed_by", "'RUS'")),
    (
        "treaties.yaml",
        "protects: [KOR, USA]\n      owed_by: [USA, KOR]",
        "protects: [KOR]\n      owed_by: [KOR]",
        ("art3.owed_by", "besides"),
    ),
    (
        "treaties.yaml",
        "theatres: [korea]",
        "theatres: [corea]",
        ("trigger.theatres", "did you mean 'korea'?"),
    ),
    ("treaties.yaml", "rung: lethal", "rung: letal", ("trigger.rung", "'letal'", "did you mean 'lethal'?")),
    ("treaties.yaml", "provoked: open", "provoked: maybe", ("trigger.provoked", "'maybe'", "covered")),
    (
        "treaties.yaml",
        "state_of_war: true",
        "state_of_war: needed",
        ("state_of_war", "'needed'", "true or false"),
    ),
    ("treaties.yaml", "kind: defence", "kind: defense", ("kind", "'defense'", "did you mean 'defence'?")),
    ("treaties.yaml", "filters: [article_51,", "filters: [article_15,", ("'article_15'", "'article_51'?")),
    ("treaties.yaml", "strength: 4", "strength: 5", ("strength", "5", "4")),
    ("treaties.yaml", "signed: 2024-06-19", "signed: 19 June 2024", ("signed", "'19 June 2024'")),
    ("treaties.yaml", "SUN-PRK-1961:", "RUS-PRK-2024:", ("treaties.yaml:27", "'RUS-PRK-2024'", "twice")),
    (
        "treaties.yaml",
        "parties: [RUS, PRK]",
        "parties: [RUS, PRK",
        ("treaties.yaml:", "does not parse as YAML"),
    ),
    ("flows.yaml", "to: RUS", "to: PRK", ("flows.yaml", "flows.prk_shells.to", "'PRK'", "another state")),
    ("flows.yaml", "to: RUS", "too: RUS", ("flows.prk_shells", "'too'", "did you mean 'to'?")),
    ("flows.yaml", "domain: land", "domain: ground", ("flows.prk_shells.domain", "'ground'", "land")),
    ("flows.yaml", "rate: 0.02", "rate: 2", ("flows.rus_sanctions.rate", "2", "0 to 1")),
    ("flows.yaml", "rate: 0.02", "rate: .nan", ("flows.rus_sanctions.rate", "nan")),
    ("flows.yaml", "  rate: 0.02\n", "", ("flows.rus_sanctions.rate", "missing")),
    ("world.yaml", "title:", "titel:", ("world.yaml", "'titel'", "did you mean 'title'?")),
    ("world.yaml", "2025-10-10", "autumn", ("world.yaml", "date", "'autumn'")),
    ("world.yaml", "stake:", "steak:", ("defaults.steak", "did you mean 'stake'?")),
    ("world.yaml", "high: 0.9", "high: 0.1", ("defaults.stake", "low <= centre <= high")),
]


@pytest.mark.parametrize(("file", "old", "new", "words"), FILES, ids=[f"{f}: {new}" for f, _, new, _ in FILES])
def test_file(tmp_path: Path, file: str, old: str, new: str, words: tuple[str, ...]) -> None:
    folder = tmp_path / "tiny"
    shutil.copytree(WORLDS / "tiny", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_world(folder)
    refused(error, *words)


@pytest.mark.parametrize("file", sorted(path.name for path in (WORLDS / "tiny").glob("*.[cy]*")))
@pytest.mark.parametrize("damage", ["missing", "a folder", "no text"])
def test_unreadable_file(tmp_path: Path, file: str, damage: str) -> None:
    folder = tmp_path / "tiny"
    shutil.copytree(WORLDS / "tiny", folder)
    (folder / file).unlink()
    if damage == "a folder":
        (folder / file).mkdir()
    elif damage == "no text":
        (folder / file).write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(InputError) as error:
        read_world(folder)
    refused(error, file, "UTF-8" if damage == "no text" else "cannot be read")
