"""Pages are whole, need nothing else, and say to a listener what they show to a reader."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest

import sim
from bad_inputs import folder_of_ones_own
from campaigns import campaign, make_all
from pages import Page
from sim.batch import Runs
from sim.campaign.gather import gathered
from sim.campaign.manifest import Campaign
from sim.config import SCENARIOS
from sim.estimate import proportion
from sim.plot import FIGURES, save_figures
from sim.plot.beside import reached, save_exceedance_beside
from sim.plot.forest import Forest, save_forest
from sim.plot.structure import save_structure
from sim.plot.uncertainty import save_exceedance_apart
from sim.report.page import (
    write_attribution,
    write_campaign,
    write_comparison,
    write_run,
    write_structure,
    write_uncertainty,
)
from sim.report.page.assumed import MARKS
from sim.report.page.described import DESCRIPTIONS
from sim.report.page.run import answer
from sim.report.page.shell import from_terminal, in_words
from sim.report.tables import titled_table
from sim.scenario.assumptions import assumptions
from sim.scenario.schema import Scenario
from sim.store import about, write
from sim.study.attribute import attribute
from sim.study.compare import compare
from sim.study.structure import structure
from sim.study.uncertainty import uncertainty

WORLD = SCENARIOS / "worlds" / "pacific_2025"
EVIL = "<script>alert('&\"')</script>"


@pytest.fixture(scope="module")
def page_of_run(some_runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    manifest = write(some_runs, folder, {"seed": 1, "note": EVIL}, ["python", "-m", "sim", "runs=200", EVIL])
    save_figures(some_runs, folder / "figures")
    return write_run(some_runs, manifest, WORLD, folder)


@pytest.fixture(scope="module")
def page_of_comparison(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare")
    variants = {
        "as_is": [],
        "without_2024_clause": ["variant=without_2024_clause"],
        "regime_targets": ["variant=regime_targets"],
    }
    scenarios = {name: sim.load("korea_strike", overrides=changes) for name, changes in variants.items()}
    result, _ = compare(scenarios, 60, 1, 2, quiet)
    rows = next(outcome["differences"] for outcome in result["outcomes"] if outcome["name"] == "war")
    save_forest(Forest("What a variant changes", rows, "", ""), "here", folder / "forest")
    ladder = scenarios["as_is"].ladder
    save_exceedance_beside(reached(result, ladder), ladder, folder / "exceedance")
    (folder / "parting.txt").write_text(f"Runs that turned {EVIL}")
    return write_comparison(result, scenarios, about({}, ["python", "-m", "sim"]), WORLD, folder)


@pytest.fixture(scope="module")
def tiny_strike(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    own = folder_of_ones_own(tmp_path_factory.mktemp("mine"), horizon_weeks=4)
    return sim.load("tiny_strike", config_dirs=[own])


@pytest.fixture(scope="module")
def page_of_attribution(tiny_strike: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attribute")
    result = attribute(tiny_strike, 120, 1, 2, quiet).result
    rows = {part["name"]: part["war"] for part in result["parts"]}
    save_forest(Forest("What a part adds", rows, "", ""), "here", folder / "forest")
    (folder / "parting.txt").write_text("Runs that turned")
    return write_attribution(result, tiny_strike, about({"note": EVIL}, []), WORLD, folder)


@pytest.fixture(scope="module")
def page_of_structure(tiny_strike: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("structure")
    result = structure(tiny_strike, 20, 1, 2, quiet)
    save_structure(result, folder / "structure")
    return write_structure(result, tiny_strike, about({"note": EVIL}, []), WORLD, folder)


@pytest.fixture(scope="module")
def page_of_uncertainty(tiny_strike: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("uncertainty")
    result = uncertainty(tiny_strike, 40, 10, 1, 2).result
    save_exceedance_apart(result, tiny_strike.ladder, folder / "exceedance")
    return write_uncertainty(result, tiny_strike, about({"note": EVIL}, []), WORLD, folder)


def quiet(_task: str, _total: int) -> Callable[[int], None]:
    return lambda _done: None


@pytest.fixture(scope="module")
def some_campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    made = campaign(tmp_path_factory.mktemp("campaign"), "horizon_weeks=8")
    make_all(made)
    return made


@pytest.fixture(scope="module")
def page_of_campaign(some_campaign: Campaign) -> Path:
    """The page of a campaign in which a point failed."""
    points = gathered(some_campaign)
    failed = pa.array([EVIL if point == 2 else None for point in range(len(points))])
    points = points.set_column(points.column_names.index("failed"), "failed", failed)
    return write_campaign(some_campaign, points)


@pytest.fixture(params=["run", "comparison", "attribution", "structure", "uncertainty", "campaign"])
def text(request: pytest.FixtureRequest) -> str:
    page: Path = request.getfixturevalue(f"page_of_{request.param}")
    return page.read_text(encoding="utf-8")


@pytest.fixture
def page(text: str) -> Page:
    return Page(text)


def test_a_page_needs_nothing_else(page: Page, text: str) -> None:
    assert all(address.startswith(("data:", "#")) for address in page.addresses())
    assert not page.all("link") and "@import" not in text and "url(" not in text
    policy = next(meta for meta in page.all("meta") if "http-equiv" in meta.attributes)
    assert str(policy.attributes["content"]).startswith("default-src 'none'")


def test_headings_are_in_order(page: Page) -> None:
    levels = [int(element.name[1]) for element in page.elements if re.fullmatch("h[1-6]", element.name)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_what_is_pointed_at_is_there_once(page: Page) -> None:
    ids = page.ids()
    assert len(set(ids)) == len(ids)
    pointed = [address[1:] for address in page.addresses() if address.startswith("#")]
    for element in page.elements:
        for key in ("aria-labelledby", "for"):
            pointed += str(element.attributes.get(key, "")).split()
    assert set(pointed) <= set(ids)


def test_there_are_landmarks_and_a_way_past_them(page: Page) -> None:
    assert [len(page.all(name)) for name in ("header", "nav", "main")] == [1, 1, 1]
    first = page.all("a")[0]
    assert first.attributes == {"class": "skip", "href": "#main"}
    assert page.all("html")[0].attributes["lang"] == "en"


def test_figures_are_told_with_their_numbers(page: Page) -> None:
    alternatives = [str(image.attributes["alt"]) for image in page.all("img")]
    assert alternatives
    assert all(len(alt) > 60 and re.search(r"\d", alt) for alt in alternatives)


def test_tables_have_captions_and_scopes(page: Page) -> None:
    tables = page.all("table")
    assert len(page.all("caption")) == len(tables) > 2
    for head in page.all("th"):
        assert head.attributes["scope"] == ("col" if "thead" in head.around else "row")
    assert len(page.all("thead")) == len(tables)


def test_what_scrolls_can_be_reached_by_keyboard(page: Page) -> None:
    wide = [element for element in page.elements if element.attributes.get("class") == "wide"]
    assert wide and all(element.attributes["tabindex"] == "0" for element in wide)


def test_what_comes_from_files_is_escaped(page: Page) -> None:
    assert len(page.all("script")) == 1
    assert any(EVIL in element.text for element in [*page.all("pre"), *page.all("th")])


def test_a_run_tells_what_was_asked_and_how_to_ask_again(page_of_run: Path, some_runs: Runs) -> None:
    page = Page(page_of_run.read_text(encoding="utf-8"))
    told = [element.text for element in page.all("dd")]
    assert {"korea_strike", "nothing", "52 weeks", "200, numbered from 0", "1"} <= set(told)
    war = proportion(int(some_runs.table["war"].sum()), 200)
    assert sentence(page) == f"It comes to war within 52 weeks in {in_words(war)}."
    sums = [element.text for element in page.all("code")]
    assert sum(len(code) == 64 for code in sums) == 4


def test_a_run_shows_every_assumption(page_of_run: Path, scenario: Scenario) -> None:
    page = Page(page_of_run.read_text(encoding="utf-8"))
    lines = [row for row in page.all("tr") if row.attributes.get("class") in ("sourced", "memory", "judgement")]
    inputs = assumptions(scenario)
    assert len(lines) == len(inputs)
    assert {line.confidence for line in inputs} <= set(MARKS)
    assert "SIPRI-YB-2025" in [element.text for element in page.all("dt")]


def test_a_campaign_tells_what_was_asked_and_answers(page_of_campaign: Path) -> None:
    page = Page(page_of_campaign.read_text(encoding="utf-8"))
    told = [element.text for element in page.all("dd")]
    assert {"lhs", "6", "30 at each point, with the same luck run by run", "8 weeks"} <= set(told)
    assert any("rules.omega 0.4 to 0.9" in text and "variant null, quiet" in text for text in told)
    said = " ".join(element.text for element in page.all("p")).replace("\xa0", " ")
    assert re.search(r"It comes to war within 8 weeks in a share of runs that goes from .* at point \d", said)
    assert "1 of 6 points failed and are left out." in said
    rows = [row.text for row in page.all("tr")]
    assert f"{EVIL}12" in rows, "the reason, one point, number 2"
    assert sum(len(element.text) == 64 for element in page.all("code")) == 3


def test_of_a_large_campaign_the_page_stays_small(some_campaign: Campaign, tmp_path: Path) -> None:
    small = gathered(some_campaign)
    points = pa.concat_tables([small] * 1000)
    points = points.set_column(0, "point", pa.array(range(len(points))))
    large = replace(some_campaign, folder=tmp_path)
    for name in ("scenario.json", "design.parquet"):
        (tmp_path / name).write_bytes((some_campaign.folder / name).read_bytes())
    page = write_campaign(large, points)
    assert page.stat().st_size < 1.5e6
    (note,) = (p.text for p in Page(page.read_text()).all("p") if "All 6,000 points" in p.text)
    assert "points.parquet" in note


def test_when_every_point_fails_the_page_says_so(some_campaign: Campaign, tmp_path: Path) -> None:
    points = gathered(some_campaign)
    points = points.set_column(points.column_names.index("failed"), "failed", pa.array(["by nothing"] * 6))
    empty = replace(some_campaign, folder=tmp_path)
    (tmp_path / "scenario.json").write_bytes((some_campaign.folder / "scenario.json").read_bytes())
    text = write_campaign(empty, points).read_text(encoding="utf-8")
    assert "all 6 points failed" in text and "by nothing" in text


def test_every_figure_has_words(some_runs: Runs) -> None:
    assert set(DESCRIPTIONS) == set(FIGURES)
    nothing = replace(some_runs, log=some_runs.log.slice(0, 0))
    assert all(describe(nothing) for describe in DESCRIPTIONS.values())


def test_a_comparison_says_what_the_variants_assume_otherwise(page_of_comparison: Path) -> None:
    page = Page(page_of_comparison.read_text(encoding="utf-8"))
    rows = [row.text for row in page.all("tr")]
    (otherwise,) = (row for row in rows if row.startswith("without_2024_clausetreaty"))
    assert otherwise.endswith("RUS-PRK-2024RUS, PRK, in force from 2024-12-04RUS, PRK, not in force")
    assert any(row.replace(" ", "").startswith("warregime_targets") and "set by the scenario" in row for row in rows)
    answers = [element.text for element in page.all("p") if element.attributes.get("class") == "answer"]
    assert [answer.partition(":")[0] for answer in answers] == ["without_2024_clause", "regime_targets"]
    assert answers[1].endswith("war is set by the scenario.")


def test_answers_name_what_moves_war_and_what_spans_the_band(
    page_of_attribution: Path, page_of_structure: Path, page_of_uncertainty: Path
) -> None:
    pages = (page_of_attribution, page_of_structure, page_of_uncertainty)
    told = [sentence(Page(page.read_text(encoding="utf-8"))) for page in pages]
    assert re.match(r"It comes to war in .* \(95 % interval .*\)\. Of \d+ parts, the \w+ .* moves it most", told[0])
    assert " under " in told[1] and told[1].endswith("at the most.")
    assert "band of the parameters" in told[2]


def sentence(page: Page) -> str:
    (found,) = (element.text for element in page.all("p") if element.attributes.get("class") == "answer")
    return found.replace("\xa0", " ")


def test_a_table_of_a_terminal_is_sorted_by_the_numbers_that_its_cells_begin_with() -> None:
    table = titled_table("Title", "", "climat-\nology", "name")
    for cells in (("one", "+1,200.5 (-3 to 4)", "a 1"), ("two", "<0.01", "b"), ("three", "-", "c")):
        table.add_row(*cells)
    found = from_terminal(table, "anchor")
    assert found.columns == ("what", "climatology", "name")
    assert [row[1].order for row in found.rows] == [1200.5, 0.01, None]
    assert [row[2].order for row in found.rows] == ["a 1", "b", "c"]


@pytest.mark.parametrize(
    ("happened", "told"),
    [
        (0, "none of 200 runs (95 % interval < 1.8 %)"),
        (200, "all of 200 runs (95 % interval > 98.2 %)"),
        (20, "20 of 200 runs, 10.0 % (95 % interval 6.2-15.0)"),
    ],
)
def test_nothing_and_all_are_told_as_bounds(happened: int, told: str) -> None:
    assert in_words(proportion(happened, 200)) == told


def test_what_the_scenario_sets_is_no_answer(some_runs: Runs) -> None:
    summary = some_runs.summary() | {"given_rung": 8}
    assert answer(some_runs.scenario, summary).startswith("The crisis goes beyond rung 8 (general conventional war")


def test_the_same_run_gives_the_same_page(page_of_run: Path, some_runs: Runs, tmp_path: Path) -> None:
    manifest = json.loads((page_of_run.parent / "manifest.json").read_text())
    save_figures(some_runs, tmp_path / "figures")
    assert write_run(some_runs, manifest, WORLD, tmp_path).read_bytes() == page_of_run.read_bytes()
