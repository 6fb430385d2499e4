"""The page of a scenario under every decision theory: the band, and the shares that span it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.estimate import Proportion
from sim.report.page.assumed import assumed
from sim.report.page.report import Report, write
from sim.report.page.run import asked
from sim.report.page.shell import Cell, Table, in_words, picture, share, words
from sim.report.structure import rows
from sim.scenario.schema import Scenario, titled

Result = Mapping[str, Any]
CAUTION = (
    "Every state decides by one theory, by each in turn, on the same draws. The band from the lowest share to the "
    "highest is what the choice of a theory leaves open and no interval of a probability; 95 % intervals are of Monte "
    "Carlo error alone. No theory is weighed against another here, and their mean means nothing; not a forecast."
)


def write_structure(result: Result, scenario: Scenario, manifest: Mapping[str, Any], world: Path, folder: Path) -> Path:
    """Write report.html into the folder of experiment=structure, in which its figure is already.

    Parameters
    ----------
    result : mapping
        Of `sim.study.structure.structure`.
    manifest, world
        As of `sim.report.page.run.write_run`.
    """
    told = asked(scenario, result["seed"], result["runs"])
    told["Runs"] = f"{result['runs']:,} under each theory, with the same draws"
    told["Theories"] = "; ".join(f"{name}: {meaning}" for name, meaning in result["theories"].items())
    report = Report(
        "the decision theories",
        titled(scenario.title, scenario.variant),
        told,
        {"": answer(result, scenario)},
        CAUTION,
        [picture(folder, "structure.svg", _drawn(result), "structure.svg and .png")],
        [_shares(result)],
        scenario,
        assumed(scenario, world),
    )
    return write(report, manifest, folder)


def answer(result: Result, scenario: Scenario) -> str:
    """Return the band in a sentence: of war, or of what goes beyond where the scenario itself makes war."""
    given = result["given_rung"]
    if given < scenario.ladder.war:
        what, found = "It comes to war", result["outcomes"]["war"]
    else:
        what = f"The crisis goes beyond rung {given}, which the scenario sets,"
        found = next(row for row in result["at_least"] if row["rung"] == given + 1)
    low, high = (f"{_share(found, end)} under {found[end]}" for end in ("lowest", "highest"))
    return f"{what} within {result['horizon_weeks']} weeks in {low} at the least, and in {high} at the most."


def _share(found: Mapping[str, Any], end: str) -> str:
    return in_words(Proportion(**found["by_theory"][found[end]]))


def _shares(result: Result) -> Table:
    cells = [
        [words(name), *(share(found["by_theory"][theory]) for theory in result["theories"]), *_ends(found)]
        for name, found in rows(result)
    ]
    note = (
        "States that use force in less than 0.5 % of runs under every theory are left to structure.json. Where shares "
        "are alike, which is lowest or highest may be chance."
    )
    return Table("shares", "Share of runs", ("what", *result["theories"], "lowest", "highest"), cells, note)


def _ends(found: Mapping[str, Any]) -> list[Cell]:
    """The theories of the lowest and the highest share, if they differ."""
    low, high = (found["by_theory"][found[end]]["share"] for end in ("lowest", "highest"))
    return [words(found[end]) for end in ("lowest", "highest")] if low < high else [words("-")] * 2


def _drawn(result: Result) -> str:
    told = (
        f"{row['rung']} {row['name']}: "
        + ", ".join(f"{theory} {Proportion(**found)}" for theory, found in row["by_theory"].items())
        for row in result["at_least"]
        if row["rung"] > result["given_rung"]
    )
    return f"Dots with intervals by rung and theory, share of runs that reach at least that rung. {'; '.join(told)}."
