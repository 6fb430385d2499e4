"""The page of a run: what was asked, the answer, figures, tables, assumptions, and how to run it again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.batch import Runs
from sim.estimate import Proportion
from sim.plot import FIGURES
from sim.report.page.assumed import assumed
from sim.report.page.described import DESCRIPTIONS
from sim.report.page.report import Report, write
from sim.report.page.shell import Cell, Table, in_words, number, picture, share, words
from sim.scenario.schema import Scenario, titled
from sim.summary import LEVELS, TO_FIGHT, headline

Summary = Mapping[str, Any]
CAUTION = (
    "Shares of runs under the assumptions below, with 95 % intervals of Monte Carlo error alone; not a forecast. More "
    "runs narrow an interval and make no assumption truer."
)


def write_run(runs: Runs, manifest: Mapping[str, Any], world: Path, folder: Path) -> Path:
    """Write report.html into a run's folder, in which the figures are already.

    Parameters
    ----------
    manifest : mapping
        As `sim.store.write` wrote it.
    world : Path
        Folder of the scenario's world, whose SOURCES.md says what keys of sources mean.

    Returns
    -------
    Path
        The page.
    """
    scenario, summary = runs.scenario, runs.summary()
    figures = [
        picture(folder, f"figures/{name}.svg", DESCRIPTIONS[name](runs), f"figures/{name}.svg and .png")
        for name in FIGURES
    ]
    report = Report(
        "a run",
        titled(scenario.title, scenario.variant),
        asked(scenario, runs.seed, len(runs)),
        {"": answer(scenario, summary)},
        CAUTION,
        figures,
        tables(summary),
        scenario,
        assumed(scenario, world),
    )
    return write(report, manifest, folder)


def asked(scenario: Scenario, seed: int, runs: int) -> dict[str, str]:
    """Return what was put to the model, as terms and words."""
    variant = f"{scenario.variant}: {scenario.variants[scenario.variant]}" if scenario.variant else "none"
    return {
        "Scenario": scenario.name,
        "Variant": variant,
        "Changed on the command line": " ".join(scenario.changes) or "nothing",
        "Begins": f"{scenario.start:%Y-%m-%d}, in {scenario.theatre.replace('_', ' ')}",
        "Looked at for": f"{scenario.horizon_weeks} weeks",
        "Runs": f"{runs:,}, numbered from 0",
        "Seed": str(seed),
    }


def answer(scenario: Scenario, summary: Summary) -> str:
    """Return the answer in a sentence: war, or what goes beyond where the scenario itself makes war."""
    given, ladder = summary["given_rung"], scenario.ladder
    if given < ladder.war:
        what, found = "It comes to war", Proportion(**summary["probabilities"]["war"])
    else:
        beyond = f"The crisis goes beyond rung {given} ({ladder.titles[given].lower()}), which the scenario sets,"
        what, found = beyond, Proportion(**summary["probabilities"]["beyond_the_given"])
    return f"{what} within {scenario.horizon_weeks} weeks in {in_words(found)}."


def tables(summary: Summary) -> list[Table]:
    """Return the tables of a summary."""
    return [
        _headline(summary), _rungs(summary), _participation(summary), *_treaties(summary), _unasked(summary),
        _time(summary), *_order(summary),
    ]  # fmt: skip


def _headline(summary: Summary) -> Table:
    rows = [[words(line), Cell(str(found), found.share)] for line, found in headline(dict(summary))]
    return Table("how-far", "How far it goes", ("what", "share of runs"), rows)


def _rungs(summary: Summary) -> Table:
    given = summary["given_rung"]
    rows = []
    for row in summary["rungs"]:
        rung = row["rung"]
        exactly = Cell("set by the scenario", None) if rung < given else share(row["exactly"])
        at_least = Cell("set by the scenario", None) if rung <= given else share(row["at_least"])
        rows.append([number(rung, f"{rung} {row['name']}"), exactly, at_least])
    note = "What the scenario itself sets is no finding."
    return Table("rungs", "Highest rung", ("rung", "exactly this rung", "at least this rung"), rows, note)


def _participation(summary: Summary) -> Table:
    ways = ("uses_force", "at_war", "sends_materiel", "consults")
    involved = {code: row for code, row in summary["participation"].items() if any(row[way]["count"] for way in ways)}
    order = sorted(involved.items(), key=lambda item: [-item[1][way]["share"] for way in ways])
    rows = [[words(f"{row['name']} ({code})"), *(share(row[way]) for way in ways)] for code, row in order]
    columns = ("state", "uses force", "of it at war", "sends materiel only", "consults only")
    return Table("participation", "Who takes part", columns, rows, "States that do nothing in any run are left out.")


def _treaties(summary: Summary) -> list[Table]:
    """Pacts of defence first; duties to consult and other clauses are many, and fold away."""
    pacts: list[list[Cell]] = []
    others: list[list[Cell]] = []
    for row in summary["treaties"]:
        name, who = f"{row['treaty']} {row['clause']}", f"{row['ally']} for {row['protected']}"
        steps = [share(row[step], of=True) for step in ("triggered", "requested", "recognised")]
        levels = [share(row["honoured"][level], of=True) for level in reversed(LEVELS)]
        cells = [Cell(name, f"{name} {who}", who), *steps, *levels]
        if row["kind"] in TO_FIGHT:
            pacts.append(cells)
        else:
            others.append([cells[0], words(row["kind"]), *cells[1:]])
    clause = "clause, ally for protected"
    steps_to = ("triggered", "requested", "recognised", *(level.replace("_", " ") for level in reversed(LEVELS)))
    note = (
        "Requested: of the runs in which it was triggered; recognised: of those in which it was requested; what the "
        "ally gives, at the most: of those in which it recognised the case. The number at risk stands beside each "
        "share. Clauses that no run triggered are left out."
    )
    return [
        Table("treaties", "The treaty funnel", (clause, *steps_to), pacts, note),
        Table("other-clauses", "Duties to consult, and other clauses", (clause, "kind", *steps_to), others, note, True),
    ]


def _unasked(summary: Summary) -> Table:
    rows = [
        [words(row["state"]), words(row["level"].replace("_", " ")), share(row["share"])]
        for row in summary["unasked_help"]
    ]
    return Table("unasked", "Help that nobody asked for", ("state", "level", "share of runs"), rows)


def _time(summary: Summary) -> Table:
    rows = []
    for name, key in (("War", "time_to_war"), ("Settled or lapsed", "time_to_settlement")):
        entry = summary[key]
        quartiles = entry["quartiles_days"]
        days = [number(day, f"{day:.0f}") for day in quartiles] if quartiles else [Cell("none", None)] * 3
        rows.append([words(name), *(share(found) for found in entry["by_week"].values()), *days])
    weeks = [f"by week {week}" for week in summary["time_to_war"]["by_week"]]
    note = (
        "Cumulative incidence: shares of all runs in which it has happened by then. Quartiles are of the runs in which "
        "it happens within the horizon."
    )
    return Table(
        "time", "How fast", ("what", *weeks, "first quartile, day", "median, day", "third quartile, day"), rows, note
    )


def _order(summary: Summary) -> list[Table]:
    """What the slow clock did, where it ran."""
    if "order" not in summary:
        return []
    order = summary["order"]
    means = [
        [words(f"{name.replace('_', ' ')}, {when}"), number(mean["value"], f"{mean['value']:.3g}"),
         number(mean["low"], f"{mean['low']:.3g} to {mean['high']:.3g}")]
        for part, when in (("per_year", "a year"), ("at_the_end", "at the end"))
        for name, mean in order[part].items()
    ]  # fmt: skip
    moves = [
        [words(f"{row['state']} {'leaves' if row['kind'] == 'left' else 'signs'} {row['treaty']}"), share(row["share"])]
        for row in order["moves"]
    ]
    return [
        Table("order", "Order", ("what", "mean", "95 % interval"), means),
        Table("moves", "Who leaves and signs", ("move", "share of runs"), moves),
    ]
