"""The one shape of all pages: what a result fills in, and the file that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim import store
from sim.report.page.shell import Picture, Table, again, rendered
from sim.scenario.schema import Scenario

FILE = "report.html"


class Report(NamedTuple):
    """What a page says, from its top down.

    Attributes
    ----------
    of : str
        Of what it is the report, as "a run".
    title : str
        Its heading.
    asked : mapping of str
        What was put to the model, as terms and words.
    answers : mapping of str
        Sentences by what each is about; one about the whole has the empty name.
    caution : str
        What the intervals hold and what they do not.
    figures : sequence of Picture
        Those of the folder.
    tables : sequence of Table
        Of these, those that have a row are shown.
    scenario : Scenario or mapping, optional
        Whose question and description are told; none where crises of the past are the matter.
    assumed : mapping, optional
        Its assumptions, as `sim.report.page.assumed` sorts them.
    turned : str
        Runs that turned, side by side as text.
    """

    of: str
    title: str
    asked: Mapping[str, str]
    answers: Mapping[str, str]
    caution: str
    figures: Sequence[Picture]
    tables: Sequence[Table]
    scenario: Scenario | Mapping[str, Any] | None = None
    assumed: Mapping[str, Any] | None = None
    turned: str = ""


def write(report: Report, manifest: Mapping[str, Any], folder: Path) -> Path:
    """Write a report into the folder of its result, in which everything else is already.

    Parameters
    ----------
    manifest : mapping
        As it was written into the folder.

    Returns
    -------
    Path
        The page.
    """
    page = folder / FILE
    text = rendered(
        "base.html",
        kind=f"report of {report.of}",
        sections=_sections(report),
        again=again(manifest),
        **report._replace(tables=[table for table in report.tables if table.rows])._asdict(),
    )
    with store.whole_file(page) as file:
        file.write(text.encode("utf-8"))
    return page


def _sections(report: Report) -> dict[str, str]:
    """Headings by their anchors, of what there is."""
    every = (
        ("asked", "What was asked", True),
        ("answer", "The answer", True),
        ("figures", "Figures", report.figures),
        ("tables", "Tables", True),
        ("turned", "Runs that turned", report.turned),
        ("assumptions", "Assumptions", report.assumed),
        ("again", "To run it again", True),
    )
    return {name: heading for name, heading, there in every if there}
