"""What a published file must look like, and how one is read and refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from sim.history.table import numbers, require_codes, require_columns
from sim.scenario.errors import InputError


@dataclass(frozen=True)
class Layout:
    """A published table: its columns, and what may stand in them.

    Attributes
    ----------
    title : str
        Dataset and release, as a user knows it.
    files : tuple of str
        Patterns of the names under which it is published.
    columns : mapping
        Published name, in lower case, to the name used here; all hold numbers but those of `texts`.
    texts : tuple of str
        Columns, by their name here, that hold text.
    codes : mapping
        Column, by its name here, to the codes there are; blanks are allowed.
    missing : tuple of int
        Codes that stand for a missing value; they are read as NaN.
    version : tuple of str
        How the column `version` must begin, where the file has one.
    """

    title: str
    files: tuple[str, ...]
    columns: Mapping[str, str]
    texts: tuple[str, ...] = ()
    codes: Mapping[str, range | frozenset[int]] = field(default_factory=dict)
    missing: tuple[int, ...] = ()
    version: tuple[str, ...] = ()


def read(layout: Layout, path: Path | str) -> pd.DataFrame:
    """Return the columns of a layout, under the names used here; rows keep the file's order.

    Published names are matched without regard to case, other columns are passed over.

    Raises
    ------
    InputError
        If the file cannot be read, is another release or another dataset, or holds a code that does not exist.
    """
    where = str(path)
    table = read_csv(path)
    table.columns = table.columns.str.strip().str.lower()
    try:
        require_columns(table, tuple(layout.columns), where)
    except InputError as error:
        problem = f"{error.problem}; is this {layout.title}?"
        raise InputError(problem, key=error.key, value=error.value, nearest=error.nearest, where=where) from None
    if layout.version and "version" in table:
        _require_version(layout, table["version"], where)
    table = table[list(layout.columns)].rename(columns=dict(layout.columns))
    for name in layout.columns.values():
        if name in layout.texts:
            table[name] = table[name].fillna("").astype(str).str.strip()
        else:
            column = numbers(table, name, where)
            table[name] = column.mask(column.isin(layout.missing))
    for name, codes in layout.codes.items():
        require_codes(table, name, codes, where)
    return table


def read_csv(path: Path | str) -> pd.DataFrame:
    """Return a comma-separated table of UTF-8 or, failing that, Latin-1 text.

    Raises
    ------
    InputError
    """
    try:
        try:
            return pd.read_csv(path, encoding="utf-8-sig", low_memory=False)
        except UnicodeDecodeError:
            return pd.read_csv(path, encoding="latin-1", low_memory=False)
    except (OSError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"cannot be read as a comma-separated table: {error}", where=str(path)) from None


def find(layout: Layout, folder: Path | str) -> Path:
    """Return the file of a layout in a folder or the folders within it; of several the last by name.

    Raises
    ------
    InputError
        If there is none.
    """
    found = [path for pattern in layout.files for path in sorted(Path(folder).rglob(pattern))]
    if not found:
        problem = f"{layout.title} is not here; expected {' or '.join(layout.files)} (see docs/data.md)"
        raise InputError(problem, where=str(folder))
    return found[-1]


def _require_version(layout: Layout, versions: pd.Series[str], where: str) -> None:
    given = versions.dropna().astype(str)
    other = given[~given.str.startswith(layout.version)]
    if len(other):
        problem = f"release {other.iloc[0]} is not read; use {layout.title}"
        raise InputError(problem, key="version", value=other.iloc[0], where=where)
