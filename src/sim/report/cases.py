"""Named crises of the past as tables on a terminal, and as one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.history.codes import VIOLENCE
from sim.study.cases import KINDS

Rows = Iterable[tuple[str, ...]]
_ABOUT = (
    "{runs:,} runs of each, seed {seed}. Shares of runs under stated assumptions with 95 % intervals (Monte Carlo "
    "only); of violence, expected shares, for a rung may be coded in two ways (docs/cases.md). What happened is "
    "marked *; its probability is what the model gave to it. No figure of a case was fitted, but rules fitted to "
    "crises of ICB have seen some of these crises there."
)
_OVERALL = (
    "Over {n} cases chosen for contrast, no sample: ranked probability score {rps:.3f} (a quarter for each class "
    "{rps_uniform:.3f}, lower is better); geometric mean of the probability of what happened {probability:.2f} "
    "({probability_uniform:.2f}). Much of that is settled by the first move, which is set."
)
_SET = "set"  # by the scenario, no finding
_RUNG = ("case", "force", "lethal", "war", "nuclear use", "highest rung *", "probability of *")
_DAYS = ("case", "quarter", "median", "three quarters", "happened *", "runs as long")
_CLAUSES = ("case, ally for whom: clause", "stage *", "probability of *", "help *", "probability of *", "P(forces)")


def show(result: dict[str, Any], console: Console) -> None:
    """Print how far each case went, who joined, what became of clauses, and where the model is far off."""
    console.print()
    console.print(_ABOUT.format(**result))
    for title, columns, rows in tables(result):
        console.print()
        table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
        for number, column in enumerate(columns):
            table.add_column(column, justify="left" if number == 0 else "right", no_wrap=number == 0)
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
    console.print()
    console.print(Text("Where the model is far off (less than one chance in ten)", style="bold"))
    for case in result["cases"]:
        for sentence in case["far"]:
            console.print(Text(f"- {short(case['name'])}: {sentence}"))
    console.print()
    console.print(_OVERALL.format(**result["overall"]))


def tables(result: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...], Rows]]:
    """Title, columns and rows of each table over all cases."""
    every = result["cases"]
    yield "Violence, %", ("case", *VIOLENCE, "probability of *"), [_violence(case) for case in every]
    yield "Highest rung, %: at least (set: by the scenario)", _RUNG, [_rung(case) for case in every]
    yield "Days until it ends, cut off at the horizon", _DAYS, [_days(case) for case in every]
    states = [_state(case, state) for case in every for state in case["states"]]
    yield "States outside, %: the most that they gave anyone", ("case, state", *KINDS, "probability of *"), states
    clauses = [_clause(case, clause) for case in every for clause in case["clauses"]]
    yield "Clauses: how far they went, what the ally gave", _CLAUSES, clauses


def short(name: str) -> str:
    """Name of a case without its group."""
    return name.rpartition("/")[2]


def _violence(case: dict[str, Any]) -> tuple[str, ...]:
    violence = case["violence"]
    cells = (_cell(violence, name) for name in VIOLENCE)
    return short(case["name"]), *cells, _share(violence["probability"])


def _rung(case: dict[str, Any]) -> tuple[str, ...]:
    rung = case["rung"]
    cells = (
        _SET if rung["given"][name] else _percent(rung["at_least"][name]["share"])
        for name in ("force", "lethal", "war")
    )
    happened = rung["happened"].replace("_", " ")
    nuclear = _percent(case["nuclear_use"]["share"])
    return short(case["name"]), *cells, nuclear, happened, _share(rung["probability"])


def _days(case: dict[str, Any]) -> tuple[str, ...]:
    days = case["days"]
    happened = f"over {days['horizon']:g}" if days["happened"] is None else f"{days['happened']:,}"
    quartiles = (_day(day, days["horizon"]) for day in days["quartiles"])
    return short(case["name"]), *quartiles, happened, _share(days["longer"])


def _day(day: float, horizon: float) -> str:
    return f"{day:.0f}" if day < horizon else f"over {horizon:.0f}"


def _state(case: dict[str, Any], state: dict[str, Any]) -> tuple[str, ...]:
    cells = (_cell(state, kind) for kind in KINDS)
    return f"{short(case['name'])}, {state['code']}", *cells, _share(state["probability"])


def _clause(case: dict[str, Any], clause: dict[str, Any]) -> tuple[str, ...]:
    who = f"{short(case['name'])}, {clause['ally']} for {clause['protected']}:\n{clause['treaty']} {clause['clause']}"
    stage, gave = clause["stage"], clause["help"]
    chances = (_share(stage["probability"]), _share(gave["probability"]), _share(gave["forecast"]["forces"]))
    return who, stage["happened"], chances[0], gave["happened"], chances[1], chances[2]


def _cell(beside: dict[str, Any], name: str) -> str:
    mark = " *" if name == beside["happened"] else ""
    return _percent(beside["forecast"][name]["share"]) + mark


def _percent(share: float) -> str:
    return "<1" if 0 < share < 0.01 else f"{100 * share:.0f}"


def _share(share: dict[str, float]) -> str:
    return f"{_percent(share['share'])} ({_percent(share['low'])}-{_percent(share['high'])}) %"


# --- the page --------------------------------------------------------------------------------------

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 62rem; margin: 2rem auto;
  padding: 0 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { border-bottom: 1px solid #999; padding: .25rem .6rem; text-align: right; vertical-align: top; }
th:first-child { text-align: left; white-space: pre-line; }
td.happened { background: #dbe9f6; font-weight: 700; }
.far { border-left: .3rem solid #a33; padding-left: .8rem; }
"""


def page(result: dict[str, Any]) -> str:
    """Return the whole page: it loads nothing, and says in words and marks what it says in colour."""
    parts = [
        "<h1>Named crises of the past beside what happened</h1>",
        f"<p>{escape(_ABOUT.format(**result))}</p>",
        f"<p>{escape(_OVERALL.format(**result['overall']))}</p>",
        '<h2 id="all">All cases</h2>',
        *(_html_table(title, columns, rows) for title, columns, rows in tables(result)),
        *(_section(case) for case in result["cases"]),
    ]
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Named crises of the past</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _section(case: dict[str, Any]) -> str:
    far = case["far"]
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in far)
    verdict = (
        f'<div class="far"><p>Far off (less than one chance in ten):</p><ul>{items}</ul></div>'
        if far
        else "<p>Nothing that happened had less than one chance in ten.</p>"
    )
    notes = "".join(
        f"<li>{escape(clause['treaty'])} {escape(clause['clause'])}: {escape(clause['note'])}</li>"
        for clause in case["clauses"]
        if clause["note"]
    )
    return "\n".join(
        (
            f'<h2 id="{escape(short(case["name"]))}">{escape(case["title"])}</h2>',
            f"<p><strong>Asked:</strong> {escape(case['question'])}</p>",
            f"<p><strong>Happened:</strong> {escape(case['summary'])} (confidence: {escape(case['confidence'])})</p>",
            f"<ul>{notes}</ul>" if notes else "",
            verdict,
        )
    )


def _html_table(title: str, columns: tuple[str, ...], rows: Rows) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "\n".join(f"<tr>{_html_row(row)}</tr>" for row in rows)
    return (
        f'<div class="wide"><table>\n<caption>{escape(title)}</caption>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table></div>"
    )


def _html_row(row: tuple[str, ...]) -> str:
    first, *rest = row
    cells = (
        f'<td class="happened">{escape(cell)}</td>' if cell.endswith(" *") else f"<td>{escape(cell)}</td>"
        for cell in rest
    )
    return f'<th scope="row">{escape(first)}</th>' + "".join(cells)
