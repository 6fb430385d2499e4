"""Scenario discovery on a terminal: boxes with what they hold, and a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from sim.campaign.discovery import contents
from sim.campaign.points import described, worded
from sim.report.tables import titled_table
from sim.scenario.schema import titled


def show(result: Mapping[str, Any], console: Console) -> None:
    """Print the boxes and the tree of each group of points."""
    target = worded(result["target"])
    console.print()
    console.print(Text(f"{result['name']}: {titled(result['scenario'], result['variant'])}", style="bold"))
    console.print(
        f"{result['points']:,} points ({result['design']}), {result['runs']:,} runs each; over the ranges of the "
        "design, not a forecast.\n"
        f"A point is of interest where {target} comes in {100 * result['threshold']:.1f} % of its runs or more "
        f"({result['threshold_is']})."
    )
    for group in result["groups"]:
        if group["given"]:
            console.print(Text("\n" + described(group["given"]), style="bold"))
        if group["problem"]:
            console.print(f"Nothing is looked for: {group['problem']}.", soft_wrap=True)
            continue
        _show_boxes(group, target, console)
        explained = group["tree"]["explained_of_unseen"]
        console.print(Text(f"\nTree (CART): {target} in a leaf's runs", style="bold"))
        console.print(f"It explains {100 * max(explained, 0):.0f} % of the variance of points that it has not seen.")
        for line in tree_lines(group):
            console.print(Text(line), soft_wrap=True)


def _show_boxes(group: Mapping[str, Any], target: str, console: Console) -> None:
    console.print(
        f"\n{group['interesting']:,} points are of interest; {target} in {100 * group['mean']:.1f} % of all runs."
    )
    if not group["boxes"]:
        console.print("PRIM finds no box that is denser than the whole.")
    for number, box in enumerate(group["boxes"], 1):
        title = f"Box {number} (PRIM): {contents(box)}"
        table = titled_table(title, "", "from", "to", "quasi-p", "found again")
        for key, limit in sorted(box["limits"].items(), key=lambda item: -item[1]["found_again"]):
            ends = ("" if limit[end] is None else f"{limit[end]:.4g}" for end in ("low", "high"))
            chances = [limit[end] for end in ("qp_low", "qp_high") if limit[end] is not None]
            table.add_row(key, *ends, _chance(max(chances)), f"{100 * limit['found_again']:.0f} %")
        held = f"{target} in {100 * box['mean']:.1f} % of its runs"
        table.caption = f"{box['points']:,} points; {held}, {100 * box['coverage_of_runs']:.0f} % of all that have it"
        table.caption_justify = "left"
        console.print()
        console.print(table)
    if group["boxes"]:
        console.print(
            "Coverage: share of the points of interest in the box; density: share of its points that are of interest; "
            "mass: its share of all points.\nLimits with a quasi-p above 0.05 are dropped; a "
            f"key that few of the {group['resamples']} half samples restrict again may be chance as well."
        )


def _chance(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def tree_lines(group: Mapping[str, Any]) -> list[str]:
    """Return a tree as text, a line a branch."""
    return list(_branches(group["tree"]["root"], ""))


def _branches(node: Mapping[str, Any], indent: str) -> Iterator[str]:
    if "key" not in node:
        yield f"{indent}{100 * node['mean']:.1f} % ({node['points']:,} points)"
        return
    for side, sign in (("below", "<="), ("above", ">")):
        below = node[side]
        line = f"{indent}{node['key']} {sign} {node['at']:.4g}"
        if "key" in below:
            yield line
            yield from _branches(below, indent + "  ")
        else:
            yield f"{line}: {next(_branches(below, ''))}"
