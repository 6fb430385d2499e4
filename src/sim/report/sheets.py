"""The tables of a run, or of a campaign that is gathered, as R and Stata get them: columns, lines and words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from sim.campaign.background import read_background
from sim.campaign.manifest import Campaign, read
from sim.campaign.points import gathered_points, gathered_table, outcomes, worded
from sim.codes import Level
from sim.columns import NAME_LENGTH, TABLES, documented
from sim.outcomes import Column, Kind
from sim.report.words import ALERTS, LEVELS
from sim.scenario.schema import titled
from sim.stored import StoredRuns
from sim.stored import open as open_run

RESERVED = {"protected": "protected_state"}  # a word that pandas keeps for Stata's own use
Words = dict[str, dict[float, str]]
POINT = Column("point", "number", "Number of the point")
OF_POINTS = {
    "point": POINT,
    "id": Column("id", "text", "Hash of the point's arrays and the seed"),
    "arrays_sha256": Column("arrays_sha256", "text", "SHA-256 of the point's arrays"),
    "runs": Column("runs", "number", "Runs of the point"),
    "failed": Column("failed", "text", "Why the point failed", "it did not"),
}


class Sheet(NamedTuple):
    """A table.

    Attributes
    ----------
    name : str
        Of its file, without the ending.
    read : callable
        Returns it.
    columns : mapping of str to Column
        Those whose values are documented.
    renamed : mapping of str to str
        Names in Stata, where they differ.
    """

    name: str
    read: Callable[[], pd.DataFrame]
    columns: Mapping[str, Column]
    renamed: Mapping[str, str]


class Sheets(NamedTuple):
    """All tables of a folder.

    Attributes
    ----------
    folder : Path
    label : str
        What they are of, and the version that made them.
    created : datetime
        When that was: the same folder is to give the same bytes.
    words : mapping
        By kind of column: words for its codes.
    sheets : list of Sheet
    """

    folder: Path
    label: str
    created: datetime
    words: Words
    sheets: list[Sheet]


def sheets_in(folder: str) -> Sheets:
    """Return the tables of a folder: of a run, or of a campaign.

    Raises
    ------
    InputError
        If it is neither, not complete, or not as it was written.
    """
    try:
        about = json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        about = None
    if isinstance(about, dict) and "campaign" in about:
        return sheets_of_campaign(read(Path(folder)))
    return sheets_of_run(open_run(folder))


def sheets_of_run(runs: StoredRuns) -> Sheets:
    """Return the tables of a finished run."""
    summary = runs.summary()
    tables = {"runs": runs.table, "events": _frame(runs.log), "series": runs.series}
    sheets = [
        Sheet(name, partial(pd.DataFrame, table), _known(TABLES[name], map(str, table)), RESERVED)
        for name, table in tables.items()
    ]
    rungs = {row["rung"]: row["name"] for row in summary["rungs"]}
    return _sheets(runs.folder, runs.manifest, titled(summary["scenario"], summary["variant"]), rungs, sheets)


def sheets_of_campaign(campaign: Campaign) -> Sheets:
    """Return the tables of a campaign: of its points and, where they are kept, of its runs.

    Counts in tenths of the runs are left out: they serve `experiment=sensitivity` and would be ten columns an outcome.

    Raises
    ------
    InputError
        If it is not gathered.
    """
    about = campaign.manifest
    points = gathered_points(campaign)
    points = points.drop_columns([f"{name}_tenths" for name in outcomes(points)])
    columns = {column.name: column for column in _of_points(points.schema, about["keys"])}
    sheets = [Sheet("points", lambda: _frame(points), columns, _for_stata(about["keys"], points.column_names))]
    if about["keep"] == "runs":
        runs = gathered_table(campaign, "runs")
        sheets.append(Sheet("runs", lambda: _frame(runs), _known((POINT, *TABLES["runs"]), runs.column_names), {}))
    title = f"{about['name']}, {titled(about['scenario'], about['variant'])}"
    rungs = dict(enumerate(read_background(campaign.folder).facts["rungs"]))
    return _sheets(campaign.folder, about, title, rungs, sheets)


def _sheets(
    folder: Path, about: Mapping[str, Any], title: str, rungs: Mapping[Any, str], sheets: list[Sheet]
) -> Sheets:
    words: Words = {
        "rung": dict(rungs),
        "alert": dict(enumerate(ALERTS)),
        "level": {level.value: LEVELS[level.name.lower()] for level in Level},
        "truth": {0: "no", 1: "yes"},
    }
    return Sheets(folder, f"sim {about['version']}: {title}", datetime.fromisoformat(about["created"]), words, sheets)


def _known(columns: Iterable[Column], names: Iterable[str]) -> dict[str, Column]:
    return {column.name: column for column in documented(columns, names)}


def _of_points(schema: pa.Schema, keys: Iterable[str]) -> Iterator[Column]:
    """Columns of the table of points: what a point is, and shares and counts of its runs."""
    varied = set(keys)
    for name, kind in zip(schema.names, schema.types, strict=True):
        if name in varied:
            yield Column(name, _kind(kind), name)
        elif name in OF_POINTS:
            yield OF_POINTS[name]
        elif name.endswith("_count"):
            yield Column(name, "number", f"Runs: {worded(name.removesuffix('_count'))}")
        else:
            yield Column(name, "share", f"Share of runs: {worded(name)}")


def _kind(of: pa.DataType) -> Kind:
    """Kind of the values of a key."""
    if pa.types.is_string(of):
        return "text"
    return "truth" if pa.types.is_boolean(of) else "real"


def _for_stata(keys: Iterable[str], names: Iterable[str]) -> dict[str, str]:
    """Names of keys as Stata takes them: letters, digits and _, not too long, each once; labels tell them whole."""
    taken, given = set(names), {}
    for key in keys:
        plain = re.sub(r"\W", "_", key)
        name, number = plain[:NAME_LENGTH], 1
        while name in taken - {key}:
            number += 1
            name = f"{plain[: NAME_LENGTH - len(f'_{number}')]}_{number}"
        taken.add(name)
        given[key] = name
    return given


def _frame(table: pa.Table) -> pd.DataFrame:
    """A table with words as text, and whole numbers that may be missing as such."""
    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_dictionary(column.type):
            columns[name] = column.cast(pa.string()).to_pandas().astype(object)
        elif pa.types.is_integer(column.type):
            columns[name] = column.to_pandas(integer_object_nulls=True).astype("Int64")
        else:
            columns[name] = column.to_pandas()
    return pd.DataFrame(columns)
