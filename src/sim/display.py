"""A summary as a few lines of HTML, which Jupyter shows for a set of runs."""

from __future__ import annotations

from html import escape
from typing import Any

from sim.estimate import Proportion
from sim.scenario.schema import titled
from sim.summary import headline


def html(summary: dict[str, Any]) -> str:
    """Return the answer in a line and the shares behind it with their intervals; everything from files is escaped."""
    name = titled(summary["scenario"], summary["variant"])
    war = Proportion(**summary["probabilities"]["war"])
    given = summary["given_rung"] >= summary["thresholds"]["war"]
    answer = f"war: {'set by the scenario' if given else war}"
    about = (
        f"{summary['runs']:,} runs, seed {summary['seed']}; shares of runs under these assumptions with 95 % intervals "
        "(Monte Carlo only), not a forecast."
    )
    rows = "".join(
        f"<tr><th>{escape(line)}</th><td>{escape(str(share))}</td></tr>" for line, share in headline(summary)
    )
    return (
        f"<p><strong>{escape(str(name))}</strong>, {escape(answer)}.<br>{escape(about)}</p>"
        f"<table><thead><tr><th></th><th>share of runs</th></tr></thead><tbody>{rows}</tbody></table>"
    )
