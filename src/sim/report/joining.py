"""Who joins, as tables on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from scipy.stats import binomtest

from sim.report.tables import spaced, titled_table
from sim.study.joining import FORECASTS

_HEADS = ("model,\ndefault", "model,\ncalibrated", "logit", "base rate")
_DIGITS = {"log": 4, "brier": 5, "auc": 3, "expected": 1}
_TITLES = {
    "log": "log score", "brier": "Brier score", "auc": "AUC (higher is better)", "expected": "expected / joined",
}  # fmt: skip

_INTERVAL = ("mean", "low", "high")


def show(result: dict[str, Any], console: Console) -> None:
    """Print scores, differences, what the course of a dispute says, and parameters, by era."""
    console.print(
        f"\n{result['rows']:,} rows of an ally and a dispute, {result['runs']:,} runs each. The calibrated model and "
        "the logit are fitted on the other folds; lower is better where not said otherwise; intervals (95 %) by "
        "drawing disputes whole."
    )
    for era in result["eras"]:
        for table in tables(result, era):
            console.print()
            console.print(table)


def tables(result: Mapping[str, Any], era: str) -> list[Table]:
    """Return the tables of an era."""
    found, words = result["eras"][era], spaced(era)
    scores = [_scores(found, score, f"{words.capitalize()}: {title}") for score, title in _TITLES.items()]
    more = (_differences, _course, _parameters, _variants)
    return [*scores, *(table(found, words) for table in more)]


def _scores(era: dict[str, Any], score: str, title: str) -> Table:
    table = titled_table(title, "rows", "n", "joined", *_HEADS)
    for part, entry in era["scores"].items():
        values = (entry[name][score] for name in FORECASTS)
        cells = ("-" if value is None else f"{value:.{_DIGITS[score]}f}" for value in values)
        table.add_row(spaced(part), f"{entry['n']:,}", str(entry["joined"]), *cells)
    return table


def _differences(era: dict[str, Any], words: str) -> Table:
    title = f"{words.capitalize()}: model less other, in thousandths"
    table = titled_table(title, "model", "other", "log score", "Brier score")
    for model, others in era["differences"].items():
        for other, scores in others.items():
            mean, low, high = ([1000 * scores[name][key] for name in ("log", "brier")] for key in _INTERVAL)
            cells = (f"{m:+.2f} ({a:+.2f} to {b:+.2f})" for m, a, b in zip(mean, low, high, strict=True))
            table.add_row(model, spaced(other), *cells)
    return table


def _course(era: dict[str, Any], words: str) -> Table:
    """Conditional on what is known only when a dispute is over: no forecast."""
    title = f"{words.capitalize()}: given the course of the dispute, known only after it"
    table = titled_table(title, "", "share of disputes", "ally joins, %")
    for kind, courses in era["course"].items():
        for course, entry in courses.items():
            table.add_row(f"{kind}, {course}", f"{100 * entry['share']:.1f} %", _joins(entry))
    return table


def _joins(entry: dict[str, Any]) -> str:
    if "n" not in entry:
        return "-" if entry["joined"] is None else f"{100 * entry['joined']:.2f}"
    if entry["n"] == 0:
        return "-"
    interval = binomtest(entry["count"], entry["n"]).proportion_ci(method="wilson")
    share = 100 * entry["count"] / entry["n"]
    return f"{share:.2f} ({100 * interval.low:.2f}-{100 * interval.high:.2f}), {entry['count']} of {entry['n']:,}"


def _parameters(era: dict[str, Any], words: str) -> Table:
    table = titled_table(
        f"{words.capitalize()}: calibrated parameters", "parameter", "prior (sd)", "all rows (sd)", "by fold"
    )
    for name, entry in era["parameters"].items():
        low, high = entry["folds"]
        table.add_row(
            name, f"{entry['prior']:.2f} ({entry['prior_sd']:.2f})", f"{entry['value']:.2f} ({entry['sd']:.2f})",
            f"{low:.2f} to {high:.2f}",
        )  # fmt: skip
    return table


def _variants(era: dict[str, Any], words: str) -> Table:
    table = titled_table(f"{words.capitalize()}: by the surrogate, out of sample", "calibrated", "log score")
    for name, entry in era["surrogate"].items():
        table.add_row(name, f"{entry['log']:.4f}")
    return table
