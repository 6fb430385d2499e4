"""What pages are made of: tables that can be sorted, figures with words for them, and the frame around both."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.estimate import Proportion

TEMPLATES = Path(__file__).parent / "templates"


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


def share(entry: Mapping[str, Any], of: bool = False) -> Cell:
    """Return a share of runs with its interval and, if wanted, with the number at risk."""
    found = Proportion(**entry)
    estimate, bracket, bounds = str(found).partition(" (")
    at_risk = f" of {found.n:,}" if of and 0 < found.count < found.n else ""
    return Cell(estimate, found.share if found.n else None, f"({bounds}{at_risk}" if bracket else "")


def in_words(found: Proportion) -> str:
    """Return a share of runs with its interval as a sentence says it."""
    estimate, _, bounds = str(found).rstrip(")").partition(" (")
    counted = {0: "none", found.n: "all"}.get(found.count, f"{found.count:,}")
    share = f", {estimate}" if 0 < found.count < found.n else ""
    return f"{counted} of {found.n:,} runs{share} (95 % interval {bounds})"


def picture(folder: Path, file: str, alt: str, caption: str, wide: bool = False) -> Picture:
    """Take an SVG of a folder into a page."""
    data = base64.b64encode((folder / file).read_bytes()).decode("ascii")
    return Picture(file, f"data:image/svg+xml;base64,{data}", alt, caption, wide)


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
