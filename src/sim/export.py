"""The tables of a finished run for R and Stata: python -m sim.export FOLDER --format csv|dta [--into DIR]."""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import pyarrow as pa

from sim.codes import Level
from sim.columns import NAME_LENGTH, TABLES, documented
from sim.outcomes import Column
from sim.report.words import ALERTS, LEVELS
from sim.scenario.errors import InputError, require_member, wrong
from sim.scenario.paths import found, path_of
from sim.scenario.schema import titled
from sim.store import require_writable
from sim.stored import StoredRuns
from sim.stored import open as open_run

FORMATS = ("csv", "dta")
STATA_NAMES = {"protected": "protected_state"}  # a word that pandas keeps for Stata's own use
OPTIONS = "FOLDER --format csv|dta [--into DIR] [--overwrite]"


def export(runs: StoredRuns, form: str, into: Path, overwrite: bool = False) -> list[Path]:
    """Write the tables of a finished run, a file each; all of them are ready before the first takes its place.

    Parameters
    ----------
    runs : StoredRuns
        As `sim.open` returns them.
    form : str
        csv, or dta (Stata 14 and later).
    into : Path
        Folder to write to; made if it does not exist.
    overwrite : bool
        Whether files of these names may be replaced.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        If a file exists that may not be replaced, or the folder cannot be written to.
    ValueError
        If a column's name is too long for Stata.
    """
    require_member("--format", form, FORMATS)
    files = [into / f"{name}.{form}" for name in TABLES]
    for file in files:
        there = found("--into", file)
        if there == "folder":
            raise InputError(f"holds a folder where a file would be written: {file}", key="--into")
        if there and not overwrite:
            raise InputError(f"exists already and is left as it is: {file}; --overwrite replaces it", key="--into")
    require_writable(into, "--into")
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix=".export-") as apart:
        for file in files:
            _write(runs, file.stem, Path(apart) / file.name)
        for file in files:
            (Path(apart) / file.name).replace(file)
    return files


def _write(runs: StoredRuns, name: str, file: Path) -> None:
    table = {"runs": runs.table, "events": _plain(runs.log), "series": runs.series}[name]
    for column in table:
        if len(str(column)) > NAME_LENGTH:
            raise ValueError(f"{name}: {column!r} is longer than {NAME_LENGTH} characters")
    if file.suffix == ".csv":
        _for_csv(table).to_csv(file, index=False, encoding="utf-8", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    else:
        _write_stata(runs, name, table, file)


def _plain(log: pa.Table) -> pd.DataFrame:
    """The log with words as text, and whole numbers that may be missing as such."""
    frame = pd.DataFrame()
    for name, column in zip(log.column_names, log.columns, strict=True):
        if pa.types.is_dictionary(column.type):
            frame[name] = column.cast(pa.string()).to_pandas().astype(object)
        elif pa.types.is_integer(column.type):
            frame[name] = column.to_pandas(integer_object_nulls=True).astype("Int64")
        else:
            frame[name] = column.to_pandas()
    return frame


def _for_csv(table: pd.DataFrame) -> pd.DataFrame:
    """TRUE and FALSE, which R reads as logical; what is missing is left empty."""
    truths = table.select_dtypes(bool).columns
    return table.assign(**{name: table[name].map({True: "TRUE", False: "FALSE"}) for name in truths})


def _write_stata(runs: StoredRuns, name: str, table: pd.DataFrame, file: Path) -> None:
    columns = {column.name: column for column in documented(TABLES[name], map(str, table))}
    texts = [column for column in columns if columns[column].kind == "text" and column in table]
    summary = runs.summary()
    title = titled(summary["scenario"], summary["variant"])
    table = table.assign(**{text: table[text].fillna("") for text in texts}).rename(columns=STATA_NAMES)
    columns = {STATA_NAMES.get(column, column): columns[column] for column in columns}
    known = [str(column) for column in table if column in columns]
    table.to_stata(
        file,
        write_index=False,
        version=118,  # Unicode; Stata 14 and later
        time_stamp=datetime.fromisoformat(runs.manifest["created"]),  # the same folder gives the same bytes
        data_label=f"sim {runs.manifest['version']}: {title}, {name}"[:80],
        variable_labels={column: columns[column].meaning for column in known},
        value_labels={column: labels for column in known if (labels := _labels(columns[column], summary))},
    )


def _labels(column: Column, summary: dict[str, Any]) -> dict[float, str]:
    """Words for the codes of a column; empty where its values are no codes."""
    by_kind: dict[str, dict[float, str]] = {
        "rung": {row["rung"]: row["name"] for row in summary["rungs"]},
        "alert": dict(enumerate(ALERTS)),
        "level": {level.value: LEVELS[level.name.lower()] for level in Level},
        "truth": {0: "no", 1: "yes"},
    }
    return by_kind.get(column.kind, {})


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}; allowed: {OPTIONS}", key="command line")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code: 0, 1 where the machine fails, 2 for input that was refused."""
    parser = _Parser(prog="python -m sim.export", description=__doc__, allow_abbrev=False)
    parser.add_argument("folder", help="folder of a finished run")
    parser.add_argument("--format", required=True, metavar="csv|dta", help="csv, or dta for Stata 14 and later")
    parser.add_argument("--into", metavar="DIR", help="folder to write to (FOLDER/csv or FOLDER/dta)")
    parser.add_argument("--overwrite", action="store_true", help="replace files that exist")
    try:
        read = parser.parse_args(argv)
        require_member("--format", read.format, FORMATS)
        if read.into == "":
            raise wrong("--into", read.into, "a folder")
        runs = open_run(read.folder)
        into = path_of("--into", read.into) if read.into else runs.folder / read.format
        for file in export(runs, read.format, into, read.overwrite):
            print(f"Written: {file}")
    except InputError as error:
        print(f"sim.export: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"sim.export: {error.filename or read.folder}: {error.strerror or error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
