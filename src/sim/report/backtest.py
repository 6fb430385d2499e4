"""A back-test as tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from sim.history.codes import VIOLENCE
from sim.report.tables import reliable, spaced, titled_table
from sim.study.backtest import MODEL

# Names of baselines over two lines, for 80 columns.
_HEADS = {
    "climatology": "climat-\nology",
    "trigger_climatology": "by\ntrigger",
    "logit_before_onset": "logit\nbefore",
    "logit_at_onset": "logit at\nonset",
}
_NOT_FORECASTS = ("n", "observed", "differences")


def show(result: dict[str, Any], console: Console) -> None:
    """Print scores of model and baselines, what was forecast against what happened, participation, duration."""
    console.print()
    console.print(
        f"{len(result['crises'])} crises, {result['runs']:,} runs each; scores are means over crises, lower is "
        "better; differences are model less baseline with 95 % bootstrap intervals over conflicts."
    )
    for outcome in result["scores"]:
        _print(scored(result, outcome), console)
        console.print(reliable(result["calibration"][outcome]))
    _print(others(result), console)


def scored(result: Mapping[str, Any], outcome: str) -> list[Table]:
    """Return the tables of scores of an outcome, by part of the crises."""
    parts = result["scores"][outcome]
    return [
        _scores(outcome, parts, "rps", "ranked probability score", 3),
        _scores(outcome, parts, "log", "log score", 2),
        _differences(outcome, parts),
        _shares(outcome, parts),
    ]


def others(result: Mapping[str, Any]) -> list[Table]:
    """Return the tables of what is scored beside the outcomes: force by powers outside, duration."""
    return [_participation(result["participation"]), _duration(result["duration"])]


def _print(tables: Iterable[Table], console: Console) -> None:
    for table in tables:
        if table.row_count:
            console.print()
            console.print(table)


def _forecasts(part: dict[str, Any]) -> list[str]:
    return [name for name in part if name not in _NOT_FORECASTS]


def _scores(outcome: str, parts: dict[str, Any], score: str, title: str, digits: int) -> Table:
    names = _forecasts(parts["all"])
    table = titled_table(f"{outcome.capitalize()}: {title}", "crises", "n", *(_HEADS.get(name, name) for name in names))
    for part, entry in parts.items():
        table.add_row(spaced(part), str(entry["n"]), *(f"{entry[name][score]:.{digits}f}" for name in names))
    return table


def _differences(outcome: str, parts: dict[str, Any]) -> Table:
    table = titled_table(f"{outcome.capitalize()}: model less baseline, after 1945", "baseline", "RPS", "log score")
    entry = parts.get("after_1945", parts["all"])
    for name, scores in entry["differences"].items():
        cells = (f"{score['mean']:+.3f} ({score['low']:+.3f} to {score['high']:+.3f})" for score in scores.values())
        table.add_row(spaced(name), *cells)
    return table


def _shares(outcome: str, parts: dict[str, Any]) -> Table:
    table = titled_table(f"{outcome.capitalize()}: mean forecast / share observed, %", "crises", "n", *VIOLENCE)
    for part, entry in parts.items():
        cells = (f"{100 * entry[MODEL]['forecast'][v]:.0f} / {100 * entry['observed'][v]:.0f}" for v in VIOLENCE)
        table.add_row(spaced(part), str(entry["n"]), *cells)
    return table


def _participation(powers: dict[str, Any]) -> Table:
    table = titled_table(
        "Force by powers outside", "power", "at risk", "forecast", "joined", "Brier", "climatology", "AUC"
    )
    for code, entry in powers.items():
        area = "-" if entry["auc"] is None else f"{entry['auc']:.2f}"
        table.add_row(
            code, str(entry["at_risk"]), f"{entry['forecast']:.1f}", str(entry["joined"]), f"{entry['brier']:.3f}",
            f"{entry['brier_climatology']:.3f}", area,
        )  # fmt: skip
    return table


def _duration(entry: dict[str, Any] | None) -> Table:
    table = titled_table(
        "Days until it ends, cut off at the horizon", "", "quarter", "median", "three quarters", "CRPS (log)"
    )
    if entry is not None:
        for name, score in (("forecast", "crps"), ("observed", "crps_climatology")):
            quartiles = (f"{day:.0f}" for day in entry[f"{name}_quartiles"])
            table.add_row(name, *quartiles, f"{entry[score]:.3f}")
        table.caption = f"{100 * entry['within_80_percent']:.0f} % of crises within the forecasts' middle 80 %"
        table.caption_justify = "left"
    return table
