"""A result as a few lines of HTML, which Jupyter shows, and the words for differences that tables have as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from sim.estimate import Proportion
from sim.scenario.schema import titled
from sim.summary import headline


def shown(title: str, answer: str, about: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a result as Jupyter shows it: the answer, what its intervals hold, a table; everything is escaped."""
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        f"<tr><th>{escape(first)}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in rest)}</tr>"
        for first, *rest in rows
    )
    return (
        f"<p><strong>{escape(title)}</strong>, {escape(answer)}<br>{escape(about)}</p>"
        f"<table style='white-space: nowrap'><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def html(summary: Mapping[str, Any]) -> str:
    """Return a summary as Jupyter shows it: war, and the shares behind it with their intervals."""
    given = summary["given_rung"] >= summary["thresholds"]["war"]
    return shown(
        str(titled(summary["scenario"], summary["variant"])),
        f"war: {'set by the scenario' if given else Proportion(**summary['probabilities']['war'])}.",
        f"{summary['runs']:,} runs, seed {summary['seed']}; shares of runs under these assumptions with 95 % intervals "
        "(Monte Carlo only), not a forecast.",
        ("", "share of runs"),
        [(line, str(share)) for line, share in headline(dict(summary))],
    )


def points(share: Mapping[str, Any]) -> str:
    """A difference and its interval in percentage points."""
    return f"{_points(share['difference'])} ({_points(share['low'])} to {_points(share['high'])})"


def _points(value: float) -> str:
    """Percentage points with their sign; what is small keeps a digit that counts."""
    value = 100 * value
    return "0" if value == 0 else f"{value:+.1f}" if abs(value) >= 0.95 else f"{value:+.1g}"


def turned(share: Mapping[str, Any]) -> str:
    """Share of turned runs in per cent, as a bound where none was seen."""
    found = Proportion(**share)
    return f"<{100 * found.high:.2g}" if found.count == 0 else f"{100 * found.share:.1f}"
