"""Pages on crises and disputes of the past: how the model's forecasts score beside baselines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.report import backtest, joining
from sim.report.page.report import Report, write
from sim.report.page.shell import from_terminal, picture
from sim.report.tables import reliable, spaced

Result = Mapping[str, Any]
CAUTION = (
    "Scores are means over {of}, and lower is better; a difference is the model's score less the other's. Intervals "
    "(95 %) come of drawing {drawn} again, whole. Whether a forecast of the past was out of sample is said in "
    "docs/{page}.md."
)


def write_backtest(result: Result, asked: Mapping[str, str], manifest: Mapping[str, Any], folder: Path) -> Path:
    """Write report.html into the folder of a back-test, in which its figures are already.

    Parameters
    ----------
    result : mapping
        Of `sim.study.backtest.assess`.
    asked : mapping of str
        What was put to the model, as terms and words.
    manifest
        As it was written.
    """
    outcomes = list(result["scores"])
    found = [table for outcome in outcomes for table in backtest.scored(result, outcome)]
    report = Report(
        "a back-test",
        "Crises of the past, forecast from their triggers",
        {**asked, "Crises": f"{len(result['crises']):,}", "Runs": f"{result['runs']:,} of each"},
        {outcome.capitalize(): _chosen(result["scores"][outcome]) for outcome in outcomes},
        CAUTION.format(of="crises", drawn="conflicts", page="backtest"),
        [
            picture(folder, "skill.png", _skill(result), "skill.png"),
            picture(folder, "reliability.png", _reliability(result), "reliability.png", wide=True),
        ],
        [from_terminal(table, f"table-{number}") for number, table in enumerate([*found, *backtest.others(result)])],
    )
    return write(report, manifest, folder)


def _chosen(parts: Mapping[str, Any]) -> str:
    """Say how the ranked probability score is beside that of each baseline, after 1945 if there is such a part."""
    name = "after_1945" if "after_1945" in parts else "all"
    return _beside(name, parts[name])


def _beside(part: str, entry: Mapping[str, Any]) -> str:
    told = (f"{spaced(baseline)} {_difference(scores['rps'])}" for baseline, scores in entry["differences"].items())
    return (
        f"over {entry['n']:,} crises ({spaced(part)}), the model's ranked probability score less that of each "
        f"baseline: {', '.join(told)}; 95 % intervals."
    )


def _difference(score: Mapping[str, float], digits: int = 3) -> str:
    mean, low, high = (f"{score[key]:+.{digits}f}" for key in ("mean", "low", "high"))
    return f"{mean} ({low} to {high})"


def _skill(result: Result) -> str:
    told = (_beside(part, entry) for part, entry in result["scores"][result["outcome"]].items())
    return f"Dots with intervals: {' '.join(told)}"


def _reliability(result: Result) -> str:
    diagrams = result["calibration"][result["outcome"]]
    told = [
        f"{event}: "
        + ", ".join(
            f"forecast {100 * forecast:.0f} %, happened {100 * share:.0f} %"
            for forecast, share in zip(diagram["forecast"], diagram["frequency"], strict=True)
        )
        for event, diagram in diagrams.items()
    ]
    return f"Reliability diagrams. {'; '.join(told)}. {reliable(diagrams)}."


def write_joining(result: Result, asked: Mapping[str, str], manifest: Mapping[str, Any], folder: Path) -> Path:
    """Write report.html into the folder of experiment=joining.

    Parameters
    ----------
    result : mapping
        Of `sim.study.joining.assess`.
    asked, manifest
        As of `write_backtest`.
    """
    eras = list(result["eras"])
    tables = [table for era in eras for table in joining.tables(result, era)]
    report = Report(
        "who joined",
        "Allies of the attacked in disputes of the past",
        {**asked, "Rows": f"{result['rows']:,}, of an ally and a dispute", "Runs": f"{result['runs']:,} of each"},
        {spaced(era).capitalize(): _joined(result["eras"][era]) for era in eras},
        CAUTION.format(of="rows of an ally and a dispute", drawn="disputes", page="backtest"),
        [],
        [from_terminal(table, f"table-{number}") for number, table in enumerate(tables)],
    )
    return write(report, manifest, folder)


def _joined(era: Mapping[str, Any]) -> str:
    told = [
        f"{model} {_difference({key: 1000 * value for key, value in others['logit']['log'].items()}, 2)}"
        for model, others in era["differences"].items()
        if "logit" in others
    ]
    return f"log score of the model less that of the logit, in thousandths: {', '.join(told)}; 95 % intervals."
