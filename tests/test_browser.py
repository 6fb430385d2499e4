"""Pages in a browser: nothing is fetched, nothing complains, tables are sorted and filtered by keyboard alone."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.cli import main
from sim.report.page.report import Report, write
from sim.report.page.shell import Table, words
from sim.store import about

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"), executable_path=CHROMIUM, headless=True, args=FLAGS
        )
        yield context
        context.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page of each kind, as the command line leaves it."""
    folder, found = tmp_path_factory.mktemp("out"), {}
    variants = ["variants=[as_is,without_2024_clause]"]
    sweep = ["name=first", "design=grid", "over={rules.omega:[0.4,0.9],theory:[quantal,prospect]}"]
    for experiment, more in (("run", []), ("compare", variants), ("sweep", sweep)):
        output = folder / experiment
        assert main([f"experiment={experiment}", "runs=60", "horizon_weeks=8", f"output={output}", *more]) == 0
        (found[experiment],) = output.rglob("report.html")
    return found


@pytest.fixture(params=["run", "compare", "sweep"])
def page(request: pytest.FixtureRequest, browser: Any, pages: dict[str, Path]) -> Iterator[Any]:
    """An opened page; at the end it has neither asked for anything nor complained."""
    opened, asked, said = browser.new_page(), [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(pages[request.param].as_uri())
    yield opened
    assert [url for url in asked if not url.startswith("data:")] == [pages[request.param].as_uri()]
    assert said == []
    opened.close()


def test_a_table_is_sorted_by_keyboard(page: Any) -> None:
    table = page.locator("main table.sortable").nth(1)
    button = table.locator("thead button").nth(-1)
    button.focus()
    page.keyboard.press("Enter")
    head = table.locator("thead th").nth(-1)
    first = head.get_attribute("aria-sort")
    order = table.locator("tbody th").all_text_contents()
    page.keyboard.press("Space")
    assert {first, head.get_attribute("aria-sort")} == {"ascending", "descending"}
    assert sorted(table.locator("tbody th").all_text_contents()) == sorted(order)
    assert table.locator("thead th[aria-sort]").count() == 1
    assert "sorted by" in page.locator("#sorted").text_content()


def test_figures_are_sorted_as_numbers_and_missing_ones_are_last(browser: Any, pages: dict[str, Path]) -> None:
    page = browser.new_page()
    page.goto(pages["run"].as_uri())
    table = page.locator("table.sortable", has=page.locator("#rungs"))
    button = table.locator("thead button").nth(2)
    for _ in range(2):
        button.press("Enter")
        cells = table.locator("tbody td:nth-child(3)").all()
        orders = [cell.get_attribute("data-order") for cell in cells]
        known = [float(order) for order in orders if order]
        assert orders[: len(known)] == [order for order in orders if order] and len(known) < len(orders)
        rising = table.locator("thead th").nth(2).get_attribute("aria-sort") == "ascending"
        assert known == sorted(known, reverse=not rising)
    page.close()


def test_the_skip_link_is_first_and_leads_to_the_content(page: Any) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_assumptions_are_filtered(page: Any) -> None:
    page.locator("summary", has_text="Every assumption").press("Enter")
    page.locator("#containing").fill("warheads rus")
    page.locator("#basis").select_option("sourced")
    (shown,) = page.locator("#filtered tbody tr:visible").all_text_contents()
    assert "RUS" in shown
    assert page.locator("#shown").text_content().startswith("1 of ")


def test_nothing_but_tables_is_wider_than_a_telephone(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator("h1").count() == 1


def test_a_page_without_assumptions_or_figures_says_nothing(browser: Any, tmp_path: Path) -> None:
    rows = [[words("one"), words("two")]]
    report = Report("a test", "Title", {}, {"": "It is."}, "", [], [Table("table", "Caption", ("a", "b"), rows)])
    opened, said = browser.new_page(), []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(write(report, about({}, ["python"]), tmp_path).as_uri())
    opened.locator("thead button").first.press("Enter")
    assert said == [] and "sorted by" in opened.locator("#sorted").text_content()
    assert opened.locator("h2").all_text_contents() == ["What was asked", "The answer", "Tables", "To run it again"]
    opened.close()


def test_every_image_is_drawn(page: Any) -> None:
    assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")


def test_it_prints(page: Any) -> None:
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible() and page.locator("h1").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
