"""Hydra composes, we judge: overrides, groups, search paths, multirun and the command line."""

import json
from pathlib import Path

import pytest
from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra

from sim import config
from sim.config import available, compose, expand, load, parse_command_line
from sim.scenario.errors import InputError

SCENARIO = config.SCENARIOS / "korea_strike.yaml"


@pytest.fixture(autouse=True)
def no_scenario_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIM_SCENARIO_PATH", raising=False)


def test_defaults() -> None:
    settings = compose()
    assert settings.scenario.name == "korea_strike"
    assert (settings.runs, settings.seed, settings.experiment) == (1000, 1, "run")
    assert settings.threads >= 1
    assert settings.scenario.horizon_weeks == 52
    assert settings.output == Path("outputs")
    assert not settings.output.is_absolute()


def test_tree_is_plain_and_complete() -> None:
    tree = json.loads(json.dumps(compose(["runs=7"]).tree))
    assert set(tree) == set(config.KEYS)
    assert tree["runs"] == 7


def test_every_scenario_and_variant_loads_and_gives_the_sources_that_its_events_name() -> None:
    for name, title in available().items():
        plain = load(name)
        assert title == plain.title
        for variant in (None, *plain.variants):
            found = load(name, [f"variant={variant}"]) if variant else plain
            assert found.variant == variant
            for event in found.events:
                named = {key.strip() for key in event.source.split(";")} - {""}
                assert named, f"{name}, {variant}: {event.summary} names no source"
                assert named <= found.sources.keys(), f"{name}, {variant}"


def test_variants_of_the_scenarios_differ_in_what_they_say() -> None:
    shelling = {v: load("yeonpyeong_shelling", [f"variant={v}"]) for v in load("yeonpyeong_shelling").variants}
    clause = shelling["russian_words_cover_provoked"].world.treaties["RUS-PRK-2024"].clauses["art4"]
    assert (clause.trigger.provoked, clause.trigger.rung, clause.strength) == ("covered", "lethal", 3)
    assert shelling["russian_words_cover_provoked"].events == shelling["strike_on_command_posts"].events
    assert shelling["armistice_is_war"].events == shelling["proportionate_answer"].events
    assert shelling["new_leader"].events[1].kind == "change"
    clear = load("taiwan_blockade", ["variant=us_clear_commitment"]).world.treaties
    assert clear["USA-TWN-CLARITY"].clauses["commitment"].duty == "limited_forces"
    assert clear["USA-TWN-TRA"] == load("taiwan_blockade").world.treaties["USA-TWN-TRA"]
    struck = load("taiwan_blockade", ["variant=bases_struck"]).events
    assert [event.theatre for event in struck] == ["taiwan_strait", "japan"]


def test_variants_of_korea_strike() -> None:
    def treaties(variant: str) -> tuple[object, object]:
        found = load("korea_strike", [f"variant={variant}"]).world.treaties
        return found["RUS-PRK-2024"].in_force, found["SUN-PRK-1961"].in_force

    assert treaties("without_2024_clause")[0] is False
    assert treaties("without_2024_clause")[1] is not True
    assert treaties("wording_1961") == (False, True)
    assert load("korea_strike", ["variant=armistice_is_war"]).armistice_is_war
    strike = load("korea_strike", ["variant=regime_targets"]).events[0]
    assert (strike.kind, strike.rung, strike.threat) == ("act", 7, 0.5)


@pytest.mark.parametrize("override", ["runs=1e4", "runs=10000", "+runs=10000", "++runs=1e4", "runs=1_0000"])
def test_ten_thousand_runs(override: str) -> None:
    settings = compose([override])
    assert settings.runs == 10_000
    assert repr(settings.tree["runs"]) == "10000", "as it was understood, not as it was written"


@pytest.mark.parametrize(
    "override",
    ["dyads.PRK>USA.stake=2", "dyads.PRK.USA.stake=2", "dyads.prk>usa.stake=2", "+dyads.PRK>USA.stake=2"],
)
def test_dyads_from_the_command_line(override: str) -> None:
    stake = compose([override]).scenario.world.dyads["PRK>USA"]["stake"]
    assert (stake.low, stake.centre, stake.high, stake.confidence) == (2, 2, 2, "override")


def test_changes_from_the_command_line() -> None:
    world = compose(
        [
            "states.RUS.committed=0.5",
            "treaties.RUS-PRK-2024.in_force=false",
            "states.rus.gdp={low:1,centre:2,high:3}",
        ]
    ).scenario.world
    assert world.states["RUS"].figures["committed"].centre == 0.5
    assert world.states["RUS"].figures["gdp"].high == 3
    assert world.treaties["RUS-PRK-2024"].in_force is False


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("rules.omega=0.7", (0.7, 0.7, 0.7)),
        ("rules.omega={low:0.5,centre:0.6,high:0.9}", (0.5, 0.6, 0.9)),
        ("rules.omega.low=0.5", None),
    ],
)
def test_rules_from_the_command_line(override: str, expected: tuple[float, ...] | None) -> None:
    omega = compose([override]).scenario.rules["omega"]
    assert omega.confidence == "override"
    assert omega.source == "command line"
    assert omega.low == 0.5 if expected is None else (omega.low, omega.centre, omega.high) == expected


def test_scenario_keys_can_be_overridden() -> None:
    settings = compose(["scenario.theatre=taiwan_strait", "scenario.events.0.rung=7", "horizon_weeks=4"])
    assert settings.scenario.theatre == "taiwan_strait"
    assert settings.scenario.events[0].kind == "act"
    assert settings.scenario.events[0].rung == 7
    assert settings.scenario.horizon_weeks == 4


def own_scenario(folder: Path, name: str, **texts: str) -> None:
    text = SCENARIO.read_text(encoding="utf-8").replace("name: korea_strike", f"name: {name}")
    for old, new in texts.items():
        text = text.replace(old, new)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_scenarios_from_the_environment_and_from_config_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "history").mkdir()
    (tmp_path / "deep" / "scenario").mkdir(parents=True)
    own_scenario(tmp_path, "mine")
    own_scenario(tmp_path / "deep" / "scenario", "deeper")
    text = (tmp_path / "mine.yaml").read_text(encoding="utf-8").replace("name: mine", "name: history/old")
    (tmp_path / "history" / "old.yaml").write_text(text, "utf-8")
    assert load("mine", config_dirs=[tmp_path]).name == "mine"
    assert load("deeper", config_dirs=[tmp_path / "deep"]).name == "deeper"
    monkeypatch.setenv("SIM_SCENARIO_PATH", str(tmp_path))
    assert load("mine").name == "mine"
    assert load("history/old").name == "history/old"
    assert {"mine", "history/old", "korea_strike"} <= available().keys()
    assert load("mine", config_dirs=[tmp_path]).name == "mine", "the same folder twice is no conflict"


def test_two_scenarios_of_one_name_are_refused(tmp_path: Path) -> None:
    own_scenario(tmp_path, "korea_strike")
    with pytest.raises(InputError, match="two scenarios"):
        compose([], [tmp_path])


def test_two_worlds_of_one_name_are_refused(tmp_path: Path) -> None:
    world = tmp_path / "worlds" / "pacific_2025"
    world.mkdir(parents=True)
    (world / "world.yaml").write_text("name: pacific_2025\n", encoding="utf-8")
    with pytest.raises(InputError, match="two worlds"):
        compose([], [tmp_path])


def test_rules_from_config_dir(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    prior = (config.CONF / "rules" / "prior.yaml").read_text(encoding="utf-8")
    (tmp_path / "rules" / "mine.yaml").write_text(prior, encoding="utf-8")
    assert compose(["rules=mine"], [tmp_path]).scenario.rules == compose(["rules=prior"]).scenario.rules


def test_scenario_brings_its_ladder_unless_one_is_named(tmp_path: Path) -> None:
    own_scenario(
        tmp_path,
        "seven",
        **{"ladder: ten_rungs": "ladder: seven_rungs", "rung: 6": "rung: 4", "rung: 7": "rung: 5"},
    )
    assert load("seven", config_dirs=[tmp_path]).ladder.name == "seven_rungs"
    assert load("seven", ["ladder=ten_rungs"], [tmp_path]).ladder.name == "ten_rungs"


def test_unreadable_scenario_is_listed_but_not_loaded(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("name: [", encoding="utf-8")
    assert "does not parse" in available([tmp_path])["broken"]
    assert compose([], [tmp_path]).scenario.name == "korea_strike"
    with pytest.raises(InputError, match=r"broken\.yaml:\d+: does not parse as YAML"):
        load("broken", config_dirs=[tmp_path])


def test_composing_leaves_another_hydra_application_alone() -> None:
    with initialize_config_dir(str(config.CONF), version_base="1.3"):
        held = GlobalHydra.instance().hydra
        compose()
        assert GlobalHydra.instance().hydra is held
    assert not GlobalHydra.instance().is_initialized()


def test_composing_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    compose(["output=there"])
    with pytest.raises(InputError):
        compose(["runs=0"])
    assert not list(tmp_path.iterdir())


# --- multirun and the command line -----------------------------------------------------------------


def test_expand_without_sweeps_is_one_run() -> None:
    assert expand(["runs=5", "rules.omega={low:0.5,centre:0.6,high:0.9}"]) == [
        ["runs=5", "rules.omega={low:0.5,centre:0.6,high:0.9}"]
    ]


def test_expand_in_hydras_order() -> None:
    points = expand(["horizon_weeks=26,52", "runs=5", "variant=null,wording_1961"])
    assert points == [
        ["horizon_weeks=26", "runs=5", "variant=null"],
        ["horizon_weeks=26", "runs=5", "variant=wording_1961"],
        ["horizon_weeks=52", "runs=5", "variant=null"],
        ["horizon_weeks=52", "runs=5", "variant=wording_1961"],
    ]
    assert [compose(point).scenario.variant for point in points[:2]] == [None, "wording_1961"]


def test_expand_ranges_and_dyads() -> None:
    assert len(expand(["dyads.PRK>USA.stake=1,2", "horizon_weeks=range(10,40,10)"])) == 6
    point = expand(["dyads.PRK>USA.stake=1,2"])[1]
    assert compose(point).scenario.world.dyads["PRK>USA"]["stake"].centre == 2


def test_command_line() -> None:
    command = parse_command_line(["runs=5", "-m", "-cd", "here", "horizon_weeks=26,52", "--cfg", "job"])
    assert command.overrides == ("runs=5", "horizon_weeks=26,52")
    assert command.config_dirs == (Path("here"),)
    assert command.multirun
    assert command.show_config
    assert not command.help
    assert parse_command_line(["--help"]).help
    assert parse_command_line([]).overrides == ()
