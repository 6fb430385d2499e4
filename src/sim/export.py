"""The tables of a run or a campaign for R and Stata: python -m sim.export FOLDER --format csv|dta [--into DIR]."""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pandas as pd

from sim.columns import LABEL_LENGTH, NAME_LENGTH
from sim.report.sheets import Sheet, Sheets, sheets_in
from sim.scenario.errors import InputError, require_member, wrong
from sim.scenario.paths import found, path_of
from sim.store import require_writable

FORMATS = ("csv", "dta")
OPTIONS = "FOLDER --format csv|dta [--into DIR] [--overwrite]"


def export(sheets: Sheets, form: str, into: Path, overwrite: bool = False) -> list[Path]:
    """Write tables, a file each; all of them are ready before the first takes its place.

    Parameters
    ----------
    sheets : Sheets
        As `sim.report.sheets.sheets_in` returns them.
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
    files = [into / f"{sheet.name}.{form}" for sheet in sheets.sheets]
    for file in files:
        there = found("--into", file)
        if there == "folder":
            raise InputError(f"holds a folder where a file would be written: {file}", key="--into")
        if there and not overwrite:
            raise InputError(f"exists already and is left as it is: {file}; --overwrite replaces it", key="--into")
    require_writable(into, "--into")
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix=".export-") as apart:
        for sheet, file in zip(sheets.sheets, files, strict=True):
            _write(sheets, sheet, Path(apart) / file.name)
        for file in files:
            (Path(apart) / file.name).replace(file)
    return files


def _write(sheets: Sheets, sheet: Sheet, file: Path) -> None:
    table = sheet.read()
    for column in map(str, table):
        if len(sheet.renamed.get(column, column)) > NAME_LENGTH:
            raise ValueError(f"{sheet.name}: {column!r} is longer than {NAME_LENGTH} characters")
    if file.suffix == ".csv":
        _for_csv(table).to_csv(file, index=False, encoding="utf-8", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    else:
        _write_stata(sheets, sheet, table, file)


def _for_csv(table: pd.DataFrame) -> pd.DataFrame:
    """TRUE and FALSE, which R reads as logical; what is missing is left empty."""
    truths = table.select_dtypes(bool).columns
    return table.assign(**{name: table[name].map({True: "TRUE", False: "FALSE"}) for name in truths})


def _write_stata(sheets: Sheets, sheet: Sheet, table: pd.DataFrame, file: Path) -> None:
    known = {name: column for name, column in sheet.columns.items() if name in table}
    texts = [name for name, column in known.items() if column.kind == "text"]
    table = table.assign(**{text: table[text].fillna("") for text in texts}).rename(columns=sheet.renamed)
    named = {sheet.renamed.get(name, name): column for name, column in known.items()}
    table.to_stata(
        file,
        write_index=False,
        version=118,  # Unicode; Stata 14 and later
        time_stamp=sheets.created,
        data_label=f"{sheets.label}, {sheet.name}"[:LABEL_LENGTH],
        variable_labels={name: column.meaning[:LABEL_LENGTH] for name, column in named.items()},
        value_labels={name: words for name, column in named.items() if (words := sheets.words.get(column.kind))},
    )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}; allowed: {OPTIONS}", key="command line")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code: 0, 1 where the machine fails, 2 for input that was refused."""
    parser = _Parser(prog="python -m sim.export", description=__doc__, allow_abbrev=False)
    parser.add_argument("folder", help="folder of a finished run, or of a campaign")
    parser.add_argument("--format", required=True, metavar="csv|dta", help="csv, or dta for Stata 14 and later")
    parser.add_argument("--into", metavar="DIR", help="folder to write to (FOLDER/csv or FOLDER/dta)")
    parser.add_argument("--overwrite", action="store_true", help="replace files that exist")
    try:
        read = parser.parse_args(argv)
        require_member("--format", read.format, FORMATS)
        if read.into == "":
            raise wrong("--into", read.into, "a folder")
        sheets = sheets_in(read.folder)
        into = path_of("--into", read.into) if read.into else sheets.folder / read.format
        for file in export(sheets, read.format, into, read.overwrite):
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
