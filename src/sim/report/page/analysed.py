"""The frame of pages of what was asked of a campaign afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.campaign.background import read_background
from sim.campaign.manifest import Campaign
from sim.campaign.points import described
from sim.report.page.assumed import assumed_of
from sim.report.page.campaign import asked
from sim.report.page.report import Report, write
from sim.report.page.shell import Picture, Table
from sim.scenario.schema import titled

NO_FORECAST = "Over the ranges of the design, under the assumptions below; not a forecast."


def write_analysis(
    campaign: Campaign, manifest: Mapping[str, Any], folder: Path, of: str, more: dict[str, str],
    answers: Sequence[str], caution: str, figures: Sequence[Picture], tables: Sequence[Table],
) -> Path:  # fmt: skip
    """Write the page of an analysis of a campaign: `more` is said before what the campaign was asked."""
    about = read_background(campaign.folder)
    first, *others = answers
    report = Report(
        of,
        f"{campaign.manifest['name']}: {titled(about.facts['title'], about.facts['variant'])}",
        {**more, **asked(campaign, campaign.rows(0, campaign.points), about)},
        {"": first},
        " ".join([*others, caution]),
        figures,
        tables,
        about.facts,
        assumed_of(about.assumptions, about.sources),
    )
    return write(report, manifest, folder)


def suffix(groups: Sequence[Any], at: int) -> str:
    """Return what the names of a group's files end with."""
    return f"-{at}" if len(groups) > 1 else ""


def begun(text: str) -> str:
    """Return a text with a capital at its beginning, and codes of states as they are."""
    return text[:1].upper() + text[1:]


def of_group(group: Mapping[str, Any]) -> str:
    """Return in brackets what holds of all points of a group."""
    return f" ({described(group['given'])})" if group["given"] else ""
