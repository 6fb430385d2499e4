"""What a study of history is given: a table of crises, and a file of parameters."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd

from sim.history.build import crises_from
from sim.history.joining import ally_disputes, eras
from sim.history.parameters import StartParameters, read_start_parameters
from sim.history.table import read_crises, usable
from sim.scenario.changes import COMMAND, as_mapping, revise
from sim.scenario.checks import check_rules
from sim.scenario.errors import InputError, require_member, unknown, wrong
from sim.scenario.load import read_rules
from sim.scenario.paths import found
from sim.scenario.schema import Figure
from sim.scenario.tables import read_tree
from sim.study.crises import START

_PARTS = ("rules", "start")


def crises(key: str, path: Path | None) -> pd.DataFrame:
    """Read the crises that are fit for a back-test.

    Parameters
    ----------
    key : str
        Under which the path was given, for messages.
    path : Path
        A table, or a folder with the published files from which one is built.

    Raises
    ------
    InputError
        If there is no such file, something in it is wrong, or none of its crises is fit.
    """
    if path is None:
        raise InputError("is missing: a table of crises (CSV), or a folder of the published files", key=key)
    there = found(key, path)
    if there is None:
        raise wrong(key, str(path), "a file or folder that exists")
    table = usable(crises_from(path) if there == "folder" else read_crises(path)).reset_index(drop=True)
    if table.empty:
        raise InputError("has no crisis that is fit; usable_dyad_notintrawar must be 1", key=key, where=str(path))
    return table


def disputes(key: str, folder: Path | None, fold: int) -> pd.DataFrame:
    """Build the rows of allies at risk from a folder of the published files; the index is 0 to n - 1.

    Parameters
    ----------
    key : str
        Under which the folder was given, for messages.
    fold : int
        Parts into which the disputes of each era will be divided.

    Raises
    ------
    InputError
        If there is no such folder, something in it is wrong, or there are fewer disputes than parts.
    """
    if folder is None:
        raise InputError("is missing: a folder of the published files (docs/data.md)", key=key)
    if found(key, folder) != "folder":
        raise wrong(key, str(folder), "a folder that exists")
    rows = ally_disputes(folder).reset_index(drop=True)
    if rows.empty:
        raise InputError("has no ally at risk: no state owes a target of a dispute defence", key=key, where=str(folder))
    for name, era in eras(rows).items():
        most = rows.loc[era, "dispute"].nunique()
        if fold > most:
            raise wrong("fold", fold, f"at most {most}, the number of disputes {name.replace('_', ' ')}")
    return rows


def fingerprint(table: pd.DataFrame) -> str:
    """SHA-256 of a table, to tell which crises were scored."""
    return hashlib.sha256(table.to_csv(index=False).encode()).hexdigest()


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
        if found("params", file) != "file":
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
