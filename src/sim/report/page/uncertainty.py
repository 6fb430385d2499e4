"""The page on chance and parameters: each probability with its interval, its band, and how much of it is which."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.report.page.assumed import assumed
from sim.report.page.report import Report, write
from sim.report.page.run import asked
from sim.report.page.shell import Table, from_terminal, number, picture, words
from sim.report.uncertainty import advice, cells, rows, tables_beside, told_of_war
from sim.scenario.schema import Scenario, titled

Result = Mapping[str, Any]
CAUTION = (
    "Interval: 95 %, simulation error, which more runs and points narrow. Band: where the probabilities of the middle "
    "95 % of the points lie, chance taken out, which no run narrows. Both hold under the assumptions below, with one "
    "theory of decisions; experiment=structure asks under the others. Not a forecast."
)
COLUMNS = ("what", "share, %", "interval", "band", "parameters' part of the spread, %")


def write_uncertainty(
    result: Result, scenario: Scenario, manifest: Mapping[str, Any], world: Path, folder: Path
) -> Path:
    """Write report.html into the folder of experiment=uncertainty, in which its figure is already.

    Parameters
    ----------
    result : mapping
        Of `sim.study.uncertainty.uncertainty`.
    manifest, world
        As of `sim.report.page.run.write_run`.
    """
    told = asked(scenario, result["seed"], result["runs"])
    told["Runs"] = f"{result['runs']:,} at {result['points']:,} points of all parameters that are drawn"
    report = Report(
        "chance and parameters",
        titled(scenario.title, scenario.variant),
        told,
        {"": answer(result)},
        f"{advice(result)} {CAUTION}",
        [picture(folder, "exceedance.svg", _drawn(result), "exceedance.svg and .png")],
        [_shares(result)],
        scenario,
        assumed(scenario, world),
    )
    return write(report, manifest, folder)


def write_uncertainty_beside(
    result: Result, scenario: Scenario, manifest: Mapping[str, Any], world: Path, folder: Path
) -> Path:
    """Write report.html into the folder of variants beside each other, in which their figure is already.

    Parameters
    ----------
    result : mapping
        Of `sim.study.uncertainty_beside.beside`.
    scenario : Scenario
        The first of them, whose assumptions are told.
    manifest, world
        As of `sim.report.page.run.write_run`.
    """
    variants = result["variants"]
    told = asked(scenario, result["seed"], result["runs"])
    told["Runs"] = f"{result['runs']:,} of each, at the same {result['points']:,} points of all parameters drawn"
    told["Variants"] = "; ".join(variants)
    answers = {name: answer(one) for name, one in variants.items()}
    changes = {f"{name}, less {result['first']}": told_of_war(result, name) for name in result["differences"]}
    drawn = " ".join(f"{name}: {_drawn(one)}" for name, one in variants.items())
    report = Report(
        "chance and parameters, of variants",
        titled(scenario.title, scenario.variant),
        told,
        {**answers, **changes},
        CAUTION,
        [picture(folder, "exceedance.svg", drawn, "exceedance.svg and .png", wide=True)],
        [from_terminal(table, f"table-{place}") for place, table in enumerate(tables_beside(result))],
        scenario,
        assumed(scenario, world),
    )
    return write(report, manifest, folder)


def answer(result: Result) -> str:
    """Return the answer in a sentence: of war, or of what goes beyond where the scenario itself makes war."""
    given = result["given_rung"]
    if given < result["war"]:
        what, found = "It comes to war", result["outcomes"]["war"]
    else:
        what = f"The crisis goes beyond rung {given}, which the scenario sets,"
        found = next(row for row in result["at_least"] if row["rung"] == given + 1)
    share, interval, band, _ = cells(found, result["runs"])
    known = f"{share} % of runs (95 % interval {interval}, band of the parameters {band})" if interval else share
    return f"{what} within {result['horizon_weeks']} weeks in {known}."


def _shares(result: Result) -> Table:
    found = []
    for name, entry in rows(result):
        share, *texts = cells(entry, result["runs"])
        split = entry["apart"]["of_answer"]["share"] if entry["apart"] else None
        orders = (entry["monte_carlo"]["low"], entry["band"]["low"], split)
        told = (number(order, text) for order, text in zip(orders, texts, strict=True))
        found.append([words(name), number(entry["monte_carlo"]["share"], share), *told])
    note = (
        "Intervals and bands are sorted by their lower end. What the scenario sets is left out; the rest is in "
        "uncertainty.json, the points in points.parquet."
    )
    return Table("shares", "Share of runs, and what is not known about it", COLUMNS, found, note)


def _drawn(result: Result) -> str:
    told = []
    for row in result["at_least"]:
        if row["rung"] > result["given_rung"]:
            share, interval, band, _ = cells(row, result["runs"])
            told.append(f"{row['rung']} {row['name']} {f'{share} % ({interval}; band {band})' if interval else share}")
    return (
        "Dots with intervals and bands by rung, logarithmic scale. Share of runs that reach at least that rung: "
        f"{'; '.join(told)}."
    )
