"""The page of an attribution: what each part adds with its interval, what parts add together, runs that turned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.display import points, turned
from sim.estimate import Proportion
from sim.report.attribute import changes, states
from sim.report.compare import ratio
from sim.report.page.assumed import assumed
from sim.report.page.report import Report, write
from sim.report.page.run import asked
from sim.report.page.shell import Cell, Table, bracketed, in_words, number, picture, words
from sim.report.tables import spaced
from sim.scenario.schema import Scenario, titled

Result = Mapping[str, Any]
CAUTION = (
    "Each part is taken out by itself, and the same runs are played again with the same draws: a part adds what "
    "happens with it less what happens without it. Intervals are of Monte Carlo error alone and hold for all parts and "
    "both measures at once with 95 % (Bonferroni). What parts add does not sum up to the whole. A clause or a flow of "
    "the model is taken out, not a treaty from history; not a forecast."
)
COLUMNS = ("part", "kind", "adds to war, points", "turned up, %", "turned down, %", "variance ratio", "adds states")
TOLD = 12  # parts in the words for the figure


def write_attribution(
    result: Result, scenario: Scenario, manifest: Mapping[str, Any], world: Path, folder: Path
) -> Path:
    """Write report.html into the folder of an attribution, in which its figure and parting.txt are already.

    Parameters
    ----------
    result : mapping
        Of `sim.study.attribute.attribute`.
    manifest, world
        As of `sim.report.page.run.write_run`.
    """
    told = asked(scenario, result["seed"], result["runs"])
    told["Runs"] = f"{result['runs']:,} as it is and as many less each of {len(result['parts'])} parts, same draws"
    report = Report(
        "an attribution",
        titled(scenario.title, scenario.variant),
        told,
        {"": answer(result)},
        CAUTION,
        [picture(folder, "forest.svg", _forest(result), "forest.svg and .png", wide=True)],
        _tables(result),
        scenario,
        assumed(scenario, world),
        (folder / "parting.txt").read_text(encoding="utf-8"),
    )
    return write(report, manifest, folder)


def answer(result: Result) -> str:
    """Return the answer in a sentence: which part adds most to war, and how many do beyond chance."""
    war, first = Proportion(**result["war"]), result["parts"][0]
    told = f"It comes to war in {in_words(war)}"
    if not any(first["war"][way]["count"] for way in ("turned_up", "turned_down")):
        return f"{told}; none of {len(result['parts'])} parts changes that in any run."
    estimate, _, bounds = points(first["war"]).rstrip(")").partition(" (")
    beyond = sum(row["war"]["low"] > 0 or row["war"]["high"] < 0 for row in result["parts"])
    leaving = f"the intervals of {beyond} leave" if beyond > 1 else f"that of {('no', 'one')[beyond]} part leaves"
    return (
        f"{told}. Of {len(result['parts'])} parts, {_named(first)} moves it most: with it, {estimate} percentage "
        f"points (interval {bounds}); {leaving} out 0."
    )


def _named(row: Mapping[str, Any]) -> str:
    return f"the {row['kind']} {row['name']}"


def _tables(result: Result) -> list[Table]:
    """Parts that change something, and the others folded away: they are most, and found as they were expected."""
    moving = [row for row in result["parts"] if changes(row)]
    inert = [row for row in result["parts"] if not changes(row)]
    whole = result["states"]
    note = (
        "Turned up: war with the part alone; turned down: war without it alone. Variance ratio: how many times as many "
        f"runs the same precision would take without common draws. States: that use force, {whole['value']:.2f} on "
        f"average as it is ({whole['low']:.2f} to {whole['high']:.2f}). In the order of what is added to war."
    )
    return [
        Table("parts", "What each part adds", COLUMNS, _rows(moving), note),
        Table("inert", "Parts that change neither war nor who uses force in any run", COLUMNS, _rows(inert), "", True),
        _interactions(result),
        _others(result),
    ]


def _rows(parts: Iterable[Mapping[str, Any]]) -> list[list[Cell]]:
    return [
        [
            words(row["name"]),
            words(row["kind"]),
            bracketed(points(row["war"]), row["war"]["difference"]),
            *(number(row["war"][way]["share"], turned(row["war"][way])) for way in ("turned_up", "turned_down")),
            number(row["war"]["variance_ratio"], ratio(row["war"]["variance_ratio"])),
            bracketed(states(row["states"]), row["states"]["difference"]),
        ]
        for row in parts
    ]


def _interactions(result: Result) -> Table:
    rows = [
        [
            words(" and ".join(row["parts"])),
            bracketed(points(row["war"]), row["war"]["difference"]),
            bracketed(states(row["states"]), row["states"]["difference"]),
        ]
        for row in result["interactions"]
    ]
    note = (
        "Of the first three parts. Above 0 they need each other, below 0 they stand in for each other. Intervals hold "
        "for all of these at once with 95 %."
    )
    columns = ("parts", "to war, points", "to states that use force")
    return Table("together", "Added together beyond what they add apart", columns, rows, note)


def _others(result: Result) -> Table:
    """Other outcomes that some run has with a part alone or without it alone."""
    rows: list[list[Cell]] = [
        [
            words(row["name"]),
            words(spaced(name)),
            bracketed(points(apart), apart["difference"]),
            *(number(apart[way]["share"], turned(apart[way])) for way in ("turned_up", "turned_down")),
        ]
        for row in result["parts"]
        for name, apart in row["others"].items()
        if apart["turned_up"]["count"] or apart["turned_down"]["count"]
    ]
    note = "Intervals hold for all parts at once with 95 %, each outcome by itself. What turns in no run is left out."
    columns = ("part", "outcome", "adds, points", "turned up, %", "turned down, %")
    return Table("others", "What each part adds to other outcomes", columns, rows, note, folded=True)


def _forest(result: Result) -> str:
    told = "; ".join(f"{_named(row)} {points(row['war'])}" for row in result["parts"][:TOLD] if changes(row))
    return f"Forest plot. What a part adds to the probability of war, percentage points: {told or 'no part adds any'}."
