"""A calibration as tables on a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from sim.report.tables import reliable, titled_table

_SHORT = {
    "trigger_climatology": "by trigger",
    "logit_before_onset": "logit before",
    "logit_at_onset": "logit at",
}  # for 80 columns


def show(result: dict[str, Any], console: Console) -> None:
    """Print the posterior beside the prior, what is identified, scores out of sample, and the test of the method."""
    sampler, fisher = result["sampler"], result["fisher"]
    console.print()
    console.print(
        f"{result['crises']} crises, {result['runs']:,} runs each; {sampler['draws']} draws, largest R-hat "
        f"{sampler['rhat']:.3f}, least effective number {sampler['effective']:.0f}, {sampler['divergent']} divergent. "
        f"In {fisher['above_one']} directions the crises say more than the prior."
    )
    for table in (_emulators(result["emulators"]), _parameters(result["parameters"])):
        console.print()
        console.print(table)
    if "cross_validation" in result:
        for part, entry in result["cross_validation"].items():
            console.print()
            console.print(_scores(part, entry))
            console.print(reliable(entry["reliability"]))
    if "simulation_based_calibration" in result:
        test = result["simulation_based_calibration"]
        worst = min(test["p_values"], key=test["p_values"].get)
        console.print()
        console.print(
            f"Known parameters, {test['repetitions']} times: the least even ranks are those of {worst} "
            f"(p = {test['p_values'][worst]:.3f}; {test['bonferroni']:.2f} among so many)."
        )


def _emulators(emulators: dict[str, Any]) -> Table:
    table = titled_table("Log likelihood, held out", "of", "emulator", "shares alone")
    for name, entry in emulators.items():
        table.add_row(name, *(f"{entry[key]:.4f}" for key in ("emulator", "constant")))
    return table


def _parameters(parameters: list[dict[str, Any]]) -> Table:
    """Those that were asked about; all stand in calibration.json."""
    table = titled_table("90 % intervals, medians", "", "prior", "posterior", "sd", "shift")
    for row in parameters:
        if not row["widened"]:
            continue
        (low, _, high), (after_low, median, after_high) = row["prior"], row["posterior"]
        table.add_row(
            row["name"].removeprefix("observation.").removeprefix("stake_gravity.") + "*" * row["identified"],
            f"({low:.2g}, {high:.2g})", f"{median:.2g} ({after_low:.2g}, {after_high:.2g})",
            f"{row['shrinkage']:.2f}", f"{row['shift']:+.1f}",
        )  # fmt: skip
    table.caption = "* identified; sd and shift in prior standard deviations"
    table.caption_justify = "left"
    return table


def _scores(part: str, entry: dict[str, Any]) -> Table:
    title = f"Out of sample, {part.replace('_', ' ')} ({entry['n']} crises)"
    table = titled_table(title, "", "RPS", "model less it", "log", "model less it")
    for name in entry["rps"]:
        cells = []
        for score, digits in (("rps", 4), ("log", 3)):
            cells.append(f"{entry[score][name]:.{digits}f}")
            if name not in entry["differences"]:
                cells.append("")
                continue
            d = entry["differences"][name][score]
            cells.append(f"{d['mean']:+.3f} ({d['low']:+.3f}, {d['high']:+.3f})")
        table.add_row(_SHORT.get(name, name), *cells)
    return table
