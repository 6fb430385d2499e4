"""A summary as tables on a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.estimate import Proportion, half_width
from sim.scenario.schema import Scenario, titled
from sim.summary import headline

TREATIES = 12  # rows shown; the rest is in summary.json


def show(scenario: Scenario, summary: dict[str, Any], console: Console) -> None:
    """Print the answer, then the tables behind it."""
    title = titled(scenario.title, scenario.variant)
    console.print()
    console.print(Text(title, style="bold"))
    if scenario.changes:
        console.print(Text(f"changed: {' '.join(scenario.changes)}"))
    console.print(
        f"{summary['runs']:,} runs, seed {summary['seed']}, {scenario.horizon_weeks} weeks; "
        "shares of runs under these assumptions with 95 % intervals (Monte Carlo only), not a forecast."
    )
    for table in (
        _headline(summary),
        _rungs(summary),
        _treaties(summary),
        _unasked(summary),
        _participation(summary),
        _time(summary),
        *_order(summary),
    ):
        if table.row_count:
            console.print()
            console.print(table)


def show_precision(asked: float, most: int, summary: dict[str, Any], console: Console) -> None:
    """Say how many runs a precision took, or that it was not reached."""
    found, runs = half_width(Proportion(**summary["probabilities"]["war"])), summary["runs"]
    if found <= asked:
        told = f"{runs:,} runs were enough: the interval of the probability of war is +- {100 * found:.3g} points"
    else:
        told = f"not reached within {most:,} runs (+- {100 * found:.3g} points); runs=N allows more"
    console.print(
        f"\nPrecision asked for: +- {100 * asked:.2g} points. {told[0].upper() + told[1:]}. It is precision about "
        "chance: what is not known about parameters is as wide as it was (experiment=uncertainty)."
    )


def _order(summary: dict[str, Any]) -> list[Table]:
    """What the slow clock did, where it ran."""
    if "order" not in summary:
        return []
    order = summary["order"]
    table = _table("Order", "", "mean", "95 % interval")
    for name, mean in (*order["per_year"].items(), *order["at_the_end"].items()):
        label = name.replace("_", " ") + (", a year" if name in order["per_year"] else ", at the end")
        table.add_row(label, f"{mean['value']:.3g}", f"{mean['low']:.3g} to {mean['high']:.3g}")
    moves = _table("Who leaves and signs", "", "share of runs")
    for row in order["moves"][:TREATIES]:
        verb = "leaves" if row["kind"] == "left" else "signs"
        moves.add_row(f"{row['state']} {verb} {row['treaty']}", _share(row["share"]))
    return [table, moves]


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", no_wrap=number > 0)
    return table


def _share(entry: dict[str, Any]) -> str:
    return str(Proportion(**entry))


def _headline(summary: dict[str, Any]) -> Table:
    table = _table("How far", "", "share of runs")
    for line, share in headline(summary):
        table.add_row(line, str(share))
    return table


def _rungs(summary: dict[str, Any]) -> Table:
    table = _table("Highest rung", "rung", "exactly", "at least")
    for row in summary["rungs"]:
        set_by_scenario = row["rung"] <= summary["given_rung"]
        at_least = "set by the scenario" if set_by_scenario else _share(row["at_least"])
        table.add_row(
            f"{row['rung']} {row['name']}",
            "-" if row["rung"] < summary["given_rung"] else _share(row["exactly"]),
            at_least,
            style="dim" if set_by_scenario else "",
        )
    return table


def _treaties(summary: dict[str, Any]) -> Table:
    steps = ("triggered", "requested", "recognised")
    table = _table(
        "Defence pacts: each step given the one before, of the runs at risk",
        "clause, ally for protected", *steps, "fights", "materiel",
    )  # fmt: skip
    pacts = [row for row in summary["treaties"] if row["kind"] in ("defence", "offence")]
    for row in pacts[:TREATIES]:
        shares = [*(row[step] for step in steps), row["fights"], row["honoured"]["materiel"]]
        name = f"{row['treaty']} {row['clause']}\n  {row['ally']} for {row['protected']}"
        table.add_row(name, *(_at_risk(Proportion(**share)) for share in shares))
    if pacts:
        table.caption = "fights: limited forces or all means. Levels, intervals, duties to consult: summary.json"
        table.caption_justify = "left"
    return table


def _at_risk(share: Proportion) -> str:
    """A share and the number at risk; its interval is in summary.json."""
    if share.n == 0:
        return "-"
    return f"{_percent(share)}\n/ {share.n:,}"


def _percent(share: Proportion) -> str:
    return f"<{100 * share.high:.2g} %" if share.count == 0 else f"{100 * share.share:.1f} %"


def _unasked(summary: dict[str, Any]) -> Table:
    table = _table("Help that nobody asked for", "state", "level", "share of runs")
    for row in summary["unasked_help"]:
        if row["level"] in ("materiel", "limited_forces", "all_means") and row["share"]["share"] >= 0.005:
            table.add_row(row["state"], row["level"].replace("_", " "), _share(row["share"]))
    return table


def _participation(summary: dict[str, Any]) -> Table:
    table = _table("Who takes part", "state", "uses force", "of it war", "materiel only", "words only")
    involved = {
        code: row
        for code, row in summary["participation"].items()
        if any(row[column]["count"] for column in ("uses_force", "sends_materiel", "consults"))
    }
    for code, row in sorted(involved.items(), key=lambda item: -_weight(item[1])):
        columns = (row[column] for column in ("at_war", "sends_materiel", "consults"))
        shares = [_percent(Proportion(**column)) for column in columns]
        table.add_row(f"{code} {row['name']}", _share(row["uses_force"]), *shares)
    return table


def _weight(row: dict[str, Any]) -> float:
    return float(row["uses_force"]["share"] * 1e6 + row["sends_materiel"]["share"] * 1e3 + row["consults"]["share"])


def _time(summary: dict[str, Any]) -> Table:
    table = _table("How fast: share of runs by week", "", *summary["time_to_war"]["by_week"], "median day*")
    table.caption, table.caption_justify = "* of the runs in which it happens", "left"
    for name, key in (("War", "time_to_war"), ("Settled or lapsed", "time_to_settlement")):
        entry = summary[key]
        quartiles = entry["quartiles_days"]
        shares = [_percent(Proportion(**share)) for share in entry["by_week"].values()]
        table.add_row(name, *shares, f"{quartiles[1]:.0f}" if quartiles else "-")
    return table
