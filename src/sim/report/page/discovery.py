"""The page of a scenario discovery: where an outcome is likely, as boxes and as a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.campaign.discovery import contents
from sim.campaign.manifest import Campaign
from sim.campaign.points import worded
from sim.report.discovery import tree_lines
from sim.report.page.analysed import NO_FORECAST, begun, of_group, suffix, write_analysis
from sim.report.page.points import named
from sim.report.page.shell import Cell, Picture, Table, number, picture

Result = Mapping[str, Any]


def write_discovery(campaign: Campaign, result: Result, manifest: Mapping[str, Any], folder: Path) -> Path:
    """Write report.html into the folder of a scenario discovery, in which its figures are already.

    Parameters
    ----------
    result : mapping
        As discovery.json has it.
    manifest : mapping
        Of the analysis, as `sim.store.about` returns it.
    """
    target = worded(result["target"])
    level = f"{target} in {100 * result['threshold']:.1f} % of the runs or more ({result['threshold_is']})"
    text = (
        "Coverage: share of the points of interest in a box; density: share of its points that are of interest; mass: "
        "its share of all points. Boxes are chosen to be dense, so that new points would fill them less; a key that "
        f"few half samples restrict again may be chance. {NO_FORECAST}"
    )
    every = [(at, group) for at, group in enumerate(result["groups"]) if group["problem"] is None]
    return write_analysis(
        campaign, manifest, folder, "a scenario discovery", more={"A point is of interest with": level},
        answers=[sentence for group in result["groups"] for sentence in _likely_where(group, target)], caution=text,
        figures=[figure for at, group in every for figure in _boxes(result, group, at, folder)],
        tables=[table for at, group in every for table in (*_limits(group, at), _tree(group, target, at))],
    )  # fmt: skip


def _likely_where(group: Mapping[str, Any], target: str) -> Iterator[str]:
    """The first box of a group as a sentence, or why there is none."""
    name = f"{begun(target)}{of_group(group)}"
    if group["problem"]:
        yield f"{name}: nothing is looked for, as {group['problem']}."
    elif not group["boxes"]:
        yield f"{name}: no box is denser than the whole, in which it comes in {100 * group['mean']:.1f} % of all runs."
    else:
        box = group["boxes"][0]
        limits = " and ".join(_limited(key, limit) for key, limit in box["limits"].items())
        yield (
            f"{name} is likeliest where {limits}: in {100 * box['mean']:.1f} % of the runs there, of all runs in "
            f"{100 * group['mean']:.1f} % ({contents(box)})."
        )


def _limited(key: str, limit: Mapping[str, Any]) -> str:
    low, high = limit["low"], limit["high"]
    if low is not None and high is not None:
        return f"{key} is {low:.4g} to {high:.4g}"
    return f"{key} is {low:.4g} or more" if low is not None else f"{key} is {high:.4g} or less"


def _boxes(result: Result, group: Mapping[str, Any], at: int, folder: Path) -> Iterator[Picture]:
    if not group["boxes"]:
        return
    end = suffix(result["groups"], at)
    told = ". ".join(
        f"Box {n}: {'; '.join(_limited(key, limit) for key, limit in box['limits'].items())}; {contents(box)}"
        for n, box in enumerate(group["boxes"], 1)
    )
    yield picture(
        folder, f"boxes{end}.svg", f"Limits of boxes{of_group(group)}. {told}.", f"boxes{end}.svg and .png", wide=True
    )


def _limits(group: Mapping[str, Any], at: int) -> Iterator[Table]:
    columns = ("key", "from", "to", "found again in half samples")
    for place, box in enumerate(group["boxes"], 1):
        rows = [
            [named(key), _end(limit["low"]), _end(limit["high"]),
             number(limit["found_again"], f"{100 * limit['found_again']:.0f} %")]
            for key, limit in box["limits"].items()
        ]  # fmt: skip
        yield Table(f"box-{at}-{place}", f"Box {place} (PRIM){of_group(group)}: {contents(box)}", columns, rows)


def _end(value: float | None) -> Cell:
    return number(value, "" if value is None else f"{value:.4g}")


def _tree(group: Mapping[str, Any], target: str, at: int) -> Table:
    """A line a branch, in the order of the tree; sorted by its place, not by its letters."""
    rows = [[number(place, line.replace("  ", "\u2003"))] for place, line in enumerate(tree_lines(group))]
    part = 100 * max(group["tree"]["explained_of_unseen"], 0)
    note = f"It explains {part:.0f} % of the variance of points that it has not seen."
    return Table(f"tree-{at}", f"Tree (CART){of_group(group)}: {target} in a leaf's runs", ("branch",), rows, note)
