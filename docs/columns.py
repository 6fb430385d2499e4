"""Writes the tables of columns of docs/results.md from `sim.columns`: ``python docs/columns.py``.

A table stands between ``<!-- columns: TABLE -->`` and ``<!-- /columns -->``.
"""

import re
from pathlib import Path

from sim.columns import SCHEMA, TABLES
from sim.outcomes import KINDS, Column

RESULTS = Path(__file__).parent / "results.md"
BLOCK = re.compile(r"<!-- columns: (?P<table>\w+) -->\n.*?<!-- /columns -->", re.DOTALL)
HEAD = "| column | what it holds | values | missing |\n|---|---|---|---|"


def line(column: Column) -> str:
    """Return a row of a table."""
    return f"| `{column.name}` | {column.meaning} | {KINDS[column.kind]} | {column.missing} |"


def filled(text: str) -> str:
    """Return the document with its tables made anew."""

    def block(found: re.Match[str]) -> str:
        rows = map(line, TABLES[found["table"]])
        return "\n".join([f"<!-- columns: {found['table']} -->", "", HEAD, *rows, "", "<!-- /columns -->"])

    return re.sub(r"(?<=schema )\d+(?= of the tables)", str(SCHEMA), BLOCK.sub(block, text))


if __name__ == "__main__":
    RESULTS.write_text(filled(RESULTS.read_text(encoding="utf-8")), encoding="utf-8")
