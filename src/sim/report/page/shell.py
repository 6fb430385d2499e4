"""What pages are made of: tables that can be sorted, figures with words for them, and the frame around both."""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import rich.table
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.estimate import Proportion

TEMPLATES = Path(__file__).parent / "templates"
IMAGES = {".svg": "image/svg+xml", ".png": "image/png"}


class Cell(NamedTuple):
    """A cell: what is read first, what it is sorted by (None: it comes last, whichever way), and what is added."""

    text: str
    order: float | str | None
    more: str = ""


class Table(NamedTuple):
    """A table of a page; the first cell of a row is its heading.

    Attributes
    ----------
    name : str
        Its anchor.
    caption : str
        What it shows.
    columns : tuple of str
        Their headings.
    rows : sequence of sequence of Cell
        In the order that says most.
    note : str
        How to read it.
    folded : bool
        Whether it stays closed until a reader opens it; a closed one is not printed.
    """

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    folded: bool = False


class Picture(NamedTuple):
    """A figure: where its file is below the folder, its data, and its numbers in words."""

    file: str
    data: str
    alt: str
    caption: str
    wide: bool = False


def words(text: str) -> Cell:
    """Return a cell that is sorted by its letters."""
    return Cell(text, text)


def number(value: float | None, text: str) -> Cell:
    """Return a cell that is sorted by a number."""
    return Cell(text, value)


def bracketed(text: str, order: float | None) -> Cell:
    """Return a cell of an estimate, sorted by a number, whose interval in brackets is what is added."""
    estimate, bracket, bounds = text.partition(" (")
    return Cell(estimate, order, f"({bounds}" if bracket else "")


def share(entry: Mapping[str, Any], of: bool = False) -> Cell:
    """Return a share of runs with its interval and, if wanted, with the number at risk."""
    found = Proportion(**entry)
    cell = bracketed(str(found), found.share if found.n else None)
    at_risk = f" of {found.n:,}" if of and 0 < found.count < found.n else ""
    return cell._replace(more=f"{cell.more}{at_risk}")


def in_words(found: Proportion) -> str:
    """Return a share of runs with its interval as a sentence says it."""
    estimate, _, bounds = str(found).rstrip(")").partition(" (")
    counted = {0: "none", found.n: "all"}.get(found.count, f"{found.count:,}")
    share = f", {estimate}" if 0 < found.count < found.n else ""
    return f"{counted} of {found.n:,} runs{share} (95 % interval {bounds})"


def from_terminal(table: rich.table.Table, name: str, folded: bool = False) -> Table:
    """Return a table of a terminal as one of a page; cells are sorted by the number with which they begin, or as words.

    Parameters
    ----------
    name : str
        Its anchor.
    """
    columns = [[_plain(cell) for cell in column.cells] for column in table.columns]
    rows = [[_cell(text, first=number == 0) for number, text in enumerate(row)] for row in zip(*columns, strict=True)]
    heads = tuple(_plain(column.header) or "what" for column in table.columns)
    return Table(name, _plain(table.title), heads, rows, _plain(table.caption or ""), folded)


def _cell(text: str, first: bool) -> Cell:
    number = re.match(r"[-+]?[\d,]*\.?\d+", text.lstrip("<"))
    if first or not (number or text in ("", "-")):
        return words(text)
    return bracketed(text, float(number[0].replace(",", "")) if number else None)


def _plain(text: object) -> str:
    """Words of a cell in a line, as before they were broken for a terminal."""
    return " ".join(str(text).replace("-\n", "").split())


def picture(folder: Path, file: str, alt: str, caption: str, wide: bool = False) -> Picture:
    """Take an SVG or PNG of a folder into a page."""
    path = folder / file
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return Picture(file, f"data:{IMAGES[path.suffix]};base64,{data}", alt, caption, wide)


def again(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything needed to run something again: command, facts about the program and the machine, tree."""
    facts = {
        "Version": f"sim {manifest['version']}, source {manifest['source']}",
        "Made": manifest["created"],
        "Python": f"{manifest['python']} on {manifest['platform']}",
        "Libraries": ", ".join(f"{name} {version}" for name, version in manifest["libraries"].items()),
    }
    if "arrays_sha256" in manifest:
        facts["SHA-256 of what the engine was given"] = manifest["arrays_sha256"]
    return {
        "command": shlex.join(manifest["command"]),
        "facts": facts,
        "sums": manifest.get("sha256", {}),
        "configuration": yaml.safe_dump(manifest["configuration"], sort_keys=False, allow_unicode=True),
    }


def tight(text: str) -> str:
    """Return a text in which no line begins with a sign of per cent."""
    return text.replace(" %", "\u00a0%")


def rendered(template: str, **content: Any) -> str:
    """Return a page; everything that is put into it is escaped."""
    return _environment().get_template(template).render(**content)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["tight"] = tight
    return environment
