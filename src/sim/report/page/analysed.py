"""The frame of pages of what was asked of a campaign afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.campaign.background import read_background
from sim.campaign.manifest import Campaign
from sim.report.page.assumed import assumed_of
from sim.report.page.campaign import asked
from sim.report.page.shell import again, rendered
from sim.report.sensitivity import described
from sim.scenario.schema import titled

NO_FORECAST = "Over the ranges of the design, under the assumptions below; not a forecast."


def write_analysis(
    campaign: Campaign, manifest: Mapping[str, Any], folder: Path, kind: str, more: dict[str, str], **content: Any
) -> Path:
    """Write the page of an analysis of a campaign: `more` is said before what the campaign was asked."""
    about = read_background(campaign.folder)
    page = folder / "report.html"
    title = f"{campaign.manifest['name']}: {titled(about.facts['title'], about.facts['variant'])}"
    text = rendered(
        "campaign.html",
        kind=kind,
        title=title,
        scenario=about.facts,
        asked={**more, **asked(campaign, campaign.rows(0, campaign.points), about)},
        assumed=assumed_of(about.assumptions, about.sources),
        again=again(manifest),
        **content,
    )
    page.write_text(text, encoding="utf-8")
    return page


def suffix(groups: Sequence[Any], at: int) -> str:
    """Return what the names of a group's files end with."""
    return f"-{at}" if len(groups) > 1 else ""


def begun(text: str) -> str:
    """Return a text with a capital at its beginning, and codes of states as they are."""
    return text[:1].upper() + text[1:]


def of_group(group: Mapping[str, Any]) -> str:
    """Return in brackets what holds of all points of a group."""
    return f" ({described(group)})" if group["given"] else ""
