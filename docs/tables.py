"""Writes the parameter tables of docs/model.md: ``python docs/tables.py``.

A table stands between ``<!-- parameters: PATTERN ... -->`` and ``<!-- /parameters -->``; the patterns say which
parameters it holds, in the order of `sim.world.RULES`. Meanings come from there, ranges and sources from
conf/rules/prior.yaml.
"""

import re
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from sim.world import RULES

ROOT = Path(__file__).parents[1]
MODEL, PRIOR = ROOT / "docs" / "model.md", ROOT / "conf" / "rules" / "prior.yaml"
BLOCK = re.compile(r"<!-- parameters:(?P<patterns>[^>]*?)-->\n.*?<!-- /parameters -->", re.DOTALL)
HEAD = "| parameter | meaning | low | centre | high | unit | source |\n|---|---|---|---|---|---|---|"


def chosen(patterns: str) -> list[str]:
    """Return the parameters that some of the patterns name, which must all name one."""
    words = patterns.split()
    for word in words:
        if not any(fnmatchcase(name, word) for name in RULES):
            raise ValueError(f"docs/model.md: no parameter is named {word!r}")
    return [name for name in RULES if any(fnmatchcase(name, word) for word in words)]


def line(name: str, figure: dict[str, Any]) -> str:
    """Return a row of a table."""
    numbers = (f"{figure[key]:g}" for key in ("low", "centre", "high"))
    cells = [f"`{name}`", RULES[name], *numbers, figure["unit"], figure["source"]]
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def filled(text: str) -> str:
    """Return a document with its tables made anew."""
    figures = yaml.safe_load(PRIOR.read_text(encoding="utf-8"))

    def block(found: re.Match[str]) -> str:
        rows = (line(name, figures[name]) for name in chosen(found["patterns"]))
        return "\n".join([f"<!-- parameters:{found['patterns']}-->", "", HEAD, *rows, "", "<!-- /parameters -->"])

    return BLOCK.sub(block, text)


def counted(text: str) -> Counter[str]:
    """Return in how many tables each parameter stands."""
    return Counter(name for found in BLOCK.finditer(text) for name in chosen(found["patterns"]))


if __name__ == "__main__":
    MODEL.write_text(filled(MODEL.read_text(encoding="utf-8")), encoding="utf-8")
