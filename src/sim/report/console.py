"""A summary as tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.estimate import Proportion, half_width
from sim.scenario.schema import Scenario, titled
from sim.summary import headline, to_fight

TREATIES, DYADS, TOP, BRANCHES, NEXT, WEEKS = 12, 8, 5, 3, 4, 5  # rows shown; the rest is in summary.json
LEAST = 0.001  # share or mean from which a state is told of among the other outcomes


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
        _dyads(summary),
        _coalitions(summary),
        _paths(summary),
        _branches(summary),
        *_told(summary),
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
    pacts = to_fight(summary)
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
    weeks = list(summary["time_to_war"]["by_week"])[-WEEKS:]
    table = _table("How fast: share of runs by week", "", *weeks, "median day*")
    table.caption, table.caption_justify = "* of the runs in which it happens", "left"
    days, war = summary["outcomes"]["day_rung_RUNG"]["each"], summary["thresholds"]["war"]
    rows = [
        (
            f"{'War' if row['rung'] == war else 'Rung'} ({row['rung']} or more)",
            row["reached"],
            days[str(row["rung"])]["quartiles"],
        )
        for row in summary["time_to_rung"]
        if row["rung"] > summary["given_rung"]
    ]
    ended = summary["time_to_settlement"]
    rows.append(("Settled or lapsed", ended["by_week"], ended["quartiles_days"]))
    for name, by_week, quartiles in rows:
        shares = [_percent(Proportion(**share)) for share in (by_week[week] for week in weeks)]
        table.add_row(name, *shares, f"{quartiles[1]:.0f}" if quartiles else "-")
    return table


def _dyads(summary: dict[str, Any]) -> Table:
    """Who goes how far against whom, of those that use force."""
    thresholds = summary["thresholds"]
    table = _table("Who goes how far against whom", "", *thresholds)
    for row in summary["dyads"][:DYADS]:
        shares = [row["at_least"].get(str(rung)) for rung in thresholds.values()]
        if shares[0]:
            cells = (_percent(Proportion(**share)) if share else "-" for share in shares)
            table.add_row(f"{row['state']} against {row['rival']}", *cells)
    return table


def _coalitions(summary: dict[str, Any]) -> Table:
    table = _table("Who fights together", "coalition, and whom it fights most often", "share of runs")
    for row in summary["coalitions"]["together"][:TOP]:
        table.add_row(f"{'+'.join(row['states'])}  v {row['against']}", _share(row["share"]))
    return table


def _paths(summary: dict[str, Any]) -> Table:
    """The most frequent ways to war; numbers are rungs."""
    found = summary["paths"]
    table = _table("Paths to war: who first stood on each new highest rung", "", "share of wars")
    for row in _repeated(found)[:TOP]:
        table.add_row(row["path"], _share(row["share"]))
    if found["distinct"] > table.row_count:
        table.caption = f"{found['distinct']:,} different ones in {found['wars']:,} wars; more in summary.json"
        table.caption_justify = "left"
    return table


def _repeated(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Paths that more than one run went; on the slow clock there are hardly any."""
    return [row for row in found["to_war"] if row["share"]["count"] > 1]


def _branches(summary: dict[str, Any]) -> Table:
    """Where runs part: what follows after the places to which most runs come."""
    table = _table("Where paths branch", "after, and what follows", "share of runs there")
    found = summary["paths"]
    for branch in found["branches"][:BRANCHES] if _repeated(found) else []:
        table.add_row(f"{branch['after'] or 'the start'}  ({branch['n']:,} runs)", "")
        for row in branch["next"][:NEXT]:
            table.add_row(f"  {row['step']}", _share(row["share"]))
        table.add_row("  goes no higher", _share(branch["no_further"]))
    return table


def _told(summary: dict[str, Any]) -> list[Table]:
    """Outcomes that say how they are called: what is true or false, days, amounts, and amounts by state."""
    shares, means = _table("Other outcomes", "", "share of runs"), _table("Amounts", "", "mean (95 %)", "quartiles")
    for column in summary["outcomes"].values():
        for label, entry in _labelled(column):
            if "mean" in entry:
                means.add_row(label, *_amount(entry, column["kind"] == "share"))
            else:
                shares.add_row(label, _share(entry.get("happened") or {k: entry[k] for k in Proportion._fields}))
    return [shares, means]


def _labelled(column: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Lines of an outcome that is told; states that have hardly any of it are left out."""
    if not column["told"] or column["kind"] in ("rung", "alert", "level", "text"):
        return
    if "each" not in column:
        yield column["told"], column
        return
    rows = [(place, entry) for place, entry in column["each"].items() if _size(entry) >= LEAST]
    for place, entry in sorted(rows, key=lambda row: (-_size(row[1]), row[0]))[:DYADS]:
        yield f"{column['told']}, {place}", entry


def _size(entry: dict[str, Any]) -> float:
    return float(entry["mean"]["value"] or 0.0) if "mean" in entry else float(entry.get("happened", entry)["share"])


def _amount(entry: dict[str, Any], in_percent: bool) -> tuple[str, str]:
    mean, quartiles = entry["mean"], entry["quartiles"]
    if mean["value"] is None:
        return "-", "-"
    factor, unit = (100, " %") if in_percent else (1, "")
    told = f"{_figure(factor * mean['value'])}{unit}"
    if mean["low"] is not None:
        told += f" ({_figure(factor * mean['low'])} to {_figure(factor * mean['high'])})"
    return told, ", ".join(_figure(factor * quartile) for quartile in quartiles)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2g}" if abs(value) < 10 else f"{value:.1f}"
