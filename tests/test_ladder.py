"""The ladder files say what their sources say, and a ladder that cannot be climbed is refused."""

import copy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.ladder import DOMAINS, Ladder, from_mapping

FOLDER = Path(__file__).resolve().parents[1] / "conf" / "ladder"

# Goldstein's values of CAMEO roots and codes in the lookup table used by GDELT.
GOLDSTEIN = {
    **{"01": 0.0, "02": 3.0, "03": 4.0, "04": 1.0, "05": 3.5, "06": 6.0, "07": 7.0, "08": 5.0, "09": -2.0},
    **{"10": -5.0, "11": -2.0, "12": -4.0, "13": -6.0, "14": -6.5, "15": -7.2, "16": -4.0, "17": -7.0},
    **{
        "18": -9.0,
        "19": -10.0,
        "20": -10.0,
        "138": -7.0,
        "139": -7.0,
        "163": -8.0,
        "191": -9.5,
        "204": -10.0,
    },
}
# Hostility level of each Militarized Interstate Dispute action code, 0 to 22.
MID_HOSTILITY = [1, *[2] * 6, *[3] * 6, *[4] * 7, *[5] * 3]
RIVERA = {
    "de_escalation": -2,
    "status_quo": 0,
    "posturing": 4,
    "non_violent_escalation": 12,
    "violent_escalation": 28,
    "nuclear": 60,
}


def content(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def mapping() -> dict[str, Any]:
    return content("seven_rungs")


@pytest.fixture(params=sorted(path.stem for path in FOLDER.glob("*.yaml")))
def ladder(request: pytest.FixtureRequest) -> Ladder:
    loaded = from_mapping(content(request.param))
    assert loaded.name == request.param
    return loaded


def rungs(ladder: Ladder) -> range:
    return range(ladder.use + 1)


@pytest.mark.parametrize(
    ("name", "thresholds", "top"), [("ten_rungs", (3, 5, 6, 7), 8), ("seven_rungs", (2, 3, 4, 5), 5)]
)
def test_thresholds_and_ends(name: str, thresholds: tuple[int, ...], top: int) -> None:
    ladder = from_mapping(content(name))
    assert (ladder.threat, ladder.force, ladder.lethal, ladder.war) == thresholds
    assert (ladder.top, ladder.use) == (top, top + 1)
    assert ladder.names[ladder.use] == "nuclear_use"


def test_severity_is_convex_on_ten_rungs() -> None:
    severity = from_mapping(content("ten_rungs")).severity
    steps = [high - low for low, high in pairwise(severity)]
    assert severity[0] == 0 and severity[-1] == 100
    assert steps == sorted(steps)


def test_every_rung_is_described_in_six_domains(ladder: Ladder) -> None:
    assert all(set(acts) == set(DOMAINS) and all(acts.values()) for acts in ladder.acts)
    assert ladder.acts[ladder.use]["nuclear"] == "detonation"


def test_every_code_of_the_finite_scales_has_a_rung(ladder: Ladder) -> None:
    assert {code for r in rungs(ladder) for code in ladder.crosswalk(r, "mid_codes")} == set(range(23))
    assert {level for r in rungs(ladder) for level in ladder.to_mid(r)} == {1, 2, 3, 4, 5}
    assert {level for r in rungs(ladder) for level in ladder.to_icb(r)} == {1, 2, 3, 4}
    assert {rung for r in rungs(ladder) for rung in ladder.to_kahn(r)} == set(range(1, 45))
    assert {root for r in rungs(ladder) for root in ladder.crosswalk(r, "cameo")} >= {f"{n:02}" for n in range(1, 20)}


def test_crosswalks_rise_with_the_rung(ladder: Ladder) -> None:
    for codes in (ladder.to_mid, ladder.to_icb):
        lowest, highest = zip(*[(min(codes(r)), max(codes(r))) for r in rungs(ladder)], strict=True)
        assert list(lowest) == sorted(lowest) and list(highest) == sorted(highest)
    weights = [max(found.values()) for r in rungs(ladder) if (found := ladder.to_rivera(r))]
    assert weights == sorted(weights)


def test_thresholds_are_those_of_the_sources(ladder: Ladder) -> None:
    # MID: below the threat level nothing militarised, force is level 4, war level 5.
    assert all(max(ladder.to_mid(r)) == 1 for r in range(ladder.threat))
    assert all(max(ladder.to_mid(r)) < 4 for r in range(ladder.force))
    assert ladder.to_mid(ladder.lethal) == (4,) and ladder.to_mid(ladder.war) == (5,)
    # ICB: no violence without force, full-scale war from the war threshold only.
    assert all(ladder.to_icb(r) == (1,) for r in range(ladder.force))
    assert all((4 in ladder.to_icb(r)) == (r >= ladder.war) for r in rungs(ladder))
    # Kahn: beyond his threshold "no nuclear use" (20|21) lies our event of use, and his 15 besides.
    assert set(ladder.to_kahn(ladder.use)) == {15, *range(21, 45)}
    assert ladder.to_rivera(ladder.use) == {"nuclear": 60}


def test_codes_agree_with_the_levels_of_their_rung(ladder: Ladder) -> None:
    above_their_code = {18, 19}  # hostility 4 by themselves, at rungs of war here
    for r in rungs(ladder):
        codes = set(ladder.crosswalk(r, "mid_codes")) - above_their_code
        assert {MID_HOSTILITY[code] for code in codes} <= set(ladder.to_mid(r))
        low, high = ladder.to_goldstein(r)
        assert all(low <= GOLDSTEIN[code] <= high for code in ladder.crosswalk(r, "cameo"))
        assert ladder.to_rivera(r).items() <= RIVERA.items()


def test_seven_rungs_join_the_codes_of_ten() -> None:
    ten, seven = from_mapping(content("ten_rungs")), from_mapping(content("seven_rungs"))
    joined = [(0,), (1, 2), (3, 4), (5,), (6,), (7, 8), (9,)]
    for r, parts in enumerate(joined):
        for scale in ("mid_hostility", "mid_codes", "icb_violence", "cameo", "kahn", "rivera"):
            assert set(seven.crosswalk(r, scale)) == {c for part in parts for c in ten.crosswalk(part, scale)}
        ranges = [ten.to_goldstein(part) for part in parts]
        assert seven.to_goldstein(r) == (min(low for low, _ in ranges), max(high for _, high in ranges))


def test_lookup_refuses_what_it_does_not_have(mapping: dict[str, Any]) -> None:
    ladder = from_mapping(mapping)
    with pytest.raises(ValueError, match="nearest: icb_violence"):
        ladder.crosswalk(0, "icb_violance")
    for rung in (-1, 7):
        with pytest.raises(ValueError, match=f"rungs 0 to 6, not {rung}"):
            ladder.to_mid(rung)
    del mapping["crosswalk"]
    with pytest.raises(ValueError, match="no crosswalk"):
        from_mapping(mapping).to_mid(0)


def test_missing_rung_is_refused(mapping: dict[str, Any]) -> None:
    del mapping["rungs"][2]
    with pytest.raises(ValueError, match=r"numbered 0 to 5 in order, got \[0, 1, 3, 4, 5, 6\]"):
        from_mapping(mapping)


def test_crosswalk_must_cover_every_rung_on_the_same_scales(mapping: dict[str, Any]) -> None:
    short = copy.deepcopy(mapping)
    short["crosswalk"].pop()
    with pytest.raises(ValueError, match="crosswalk must be numbered 0 to 6"):
        from_mapping(short)
    del mapping["crosswalk"][3]["kahn"]
    with pytest.raises(ValueError, match="crosswalk of rung 3: missing kahn"):
        from_mapping(mapping)


@pytest.mark.parametrize("domain", DOMAINS)
def test_missing_domain_is_refused(mapping: dict[str, Any], domain: str) -> None:
    del mapping["rungs"][4][domain]
    with pytest.raises(ValueError, match=f"rung 4: missing {domain}"):
        from_mapping(mapping)


def test_unknown_key_is_refused_with_the_nearest(mapping: dict[str, Any]) -> None:
    mapping["thresholds"]["letal"] = 4
    with pytest.raises(ValueError, match=r"unknown key 'letal' \(nearest: lethal\)"):
        from_mapping(mapping)


@pytest.mark.parametrize(("key", "value"), [("war", 6), ("threat", 0), ("war", 5.0), ("force", True)])
def test_threshold_off_the_kinetic_rungs_is_refused(mapping: dict[str, Any], key: str, value: object) -> None:
    mapping["thresholds"][key] = value
    with pytest.raises(ValueError, match=f"threshold {key} must be a kinetic rung from 1 to 5"):
        from_mapping(mapping)


def test_words_are_thresholds_names_and_the_finer_rungs_that_one_joins() -> None:
    ten, seven = (from_mapping(content(name)) for name in ("ten_rungs", "seven_rungs"))
    assert [ten.words[word] for word in ("threat", "display", "force", "lethal", "war", "general_war")] == [
        3,
        4,
        5,
        6,
        7,
        8,
    ]
    assert [seven.words[word] for word in ("threat", "display", "force", "lethal", "war", "general_war")] == [
        2,
        2,
        3,
        4,
        5,
        5,
    ]
    assert ten.words.keys() <= seven.words.keys(), "every scenario for ten rungs runs on seven"


def test_a_word_means_one_rung(mapping: dict[str, Any]) -> None:
    mapping["rungs"][0]["also"] = ["lethal"]
    with pytest.raises(ValueError, match="'lethal' means both rung"):
        from_mapping(mapping)


def test_falling_severity_and_repeated_names_are_refused(mapping: dict[str, Any]) -> None:
    repeated = copy.deepcopy(mapping)
    repeated["rungs"][3]["name"] = "war"
    with pytest.raises(ValueError, match="names repeat"):
        from_mapping(repeated)
    mapping["rungs"][3]["severity"] = 1
    with pytest.raises(ValueError, match="severity must never fall"):
        from_mapping(mapping)


@given(top=st.integers(4, 30), data=st.data())
def test_a_ladder_of_any_length_holds_if_its_thresholds_rise(top: int, data: st.DataObject) -> None:
    levels = data.draw(st.lists(st.integers(1, top), min_size=4, max_size=4))
    words = dict.fromkeys(DOMAINS, "-")
    mapping = {
        "name": "made_up",
        "thresholds": dict(zip(("threat", "force", "lethal", "war"), levels, strict=True)),
        "rungs": [
            {"rung": r, "name": f"r{r}", "title": f"Rung {r}", "severity": r, "reversible": "-", **words}
            for r in range(top + 2)
        ],
    }
    if levels == sorted(set(levels)):
        ladder = from_mapping(mapping)
        assert (ladder.top, ladder.use, ladder.war) == (top, top + 1, levels[3])
    else:
        with pytest.raises(ValueError, match="thresholds must rise"):
            from_mapping(mapping)
