"""What a study of history is given: a table of crises, and a file of parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from sim.history.parameters import StartParameters, read_start_parameters
from sim.history.table import read_crises, usable
from sim.scenario.changes import COMMAND, as_mapping, revise
from sim.scenario.checks import check_rules
from sim.scenario.errors import InputError, require_member, unknown, wrong
from sim.scenario.load import read_rules
from sim.scenario.schema import Figure
from sim.scenario.tables import read_tree
from sim.study.crises import START

_PARTS = ("rules", "start")


def crises(key: str, path: Path | None) -> tuple[pd.DataFrame, Path]:
    """Read the crises of a table that are fit for a back-test, and return which file it was.

    Parameters
    ----------
    key : str
        Under which the path was given, for messages.
    path : Path
        A table, or a folder with one table of crises (crises*.csv).

    Raises
    ------
    InputError
        If there is no such file, or none of its crises is fit.
    """
    if path is None:
        raise InputError("is missing: a table of crises (CSV), or a folder that holds one", key=key)
    file = _table_in(key, path) if path.is_dir() else path
    if not file.is_file():
        raise wrong(key, str(path), "a file that exists")
    table = usable(read_crises(file)).reset_index(drop=True)
    if table.empty:
        raise InputError("has no crisis that is fit; usable_dyad_notintrawar must be 1", key=key, where=str(file))
    return table, file


def _table_in(key: str, folder: Path) -> Path:
    found = sorted(folder.glob("crises*.csv"))
    if len(found) != 1:
        expected = f"a folder with one table crises*.csv, not {len(found)}; or the table itself"
        raise wrong(key, str(folder), expected)
    return found[0]


def parameters(tree: object, file: Path | None) -> tuple[dict[str, Figure], StartParameters]:
    """Return behavioural parameters and those of the start, with what a file says laid over both.

    Parameters
    ----------
    tree : mapping
        `rules` of the composed configuration.
    file : Path, optional
        YAML with the keys `rules` (by name) and `start` (by dotted key): numbers or ranges.
    """
    rules, start = read_rules(tree), read_start_parameters(START)
    if file is not None:
        if not file.is_file():
            raise wrong("params", str(file), "a file that exists")
        try:
            changes = _parts(read_tree(file))
            for name, value in changes["rules"].items():
                require_member(f"rules.{name}", name, rules)
                rules[name] = revise(rules[name], value, COMMAND, f"rules.{name}")
            start = start.revised(changes["start"])
        except InputError as error:
            raise error.within("", str(file)) from None
    check_rules(rules)
    return rules, start


def _parts(tree: dict[str, Any]) -> dict[str, dict[str, Any]]:
    for key in tree:
        if key not in _PARTS:
            raise unknown("", key, _PARTS, what="key")
    return {part: dict(as_mapping(tree.get(part), part)) for part in _PARTS}
