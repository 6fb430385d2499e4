"""sim.open(folder): a finished run from its folder, or the reason why it cannot be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim import __version__
from sim.columns import SCHEMA, TABLES
from sim.config import alters, parse_command_line, recompose
from sim.display import html
from sim.scenario.build import build
from sim.scenario.errors import InputError, wrong
from sim.scenario.paths import found, path_of
from sim.scenario.schema import Scenario
from sim.store import arrays_hash, file_hash

KEY = "folder"
# What is read of a manifest.json, and its kind.
KINDS = {"schema": int, "runs": int, "seed": int, "arrays_sha256": str, "configuration": dict, "command": list}
FILES = (*(f"{name}.parquet" for name in TABLES), "summary.json")


@dataclass(frozen=True, repr=False)
class StoredRuns:
    """Runs that were written to a folder; they answer as `sim.Runs` do.

    Attributes
    ----------
    folder : Path
        Where they lie.
    manifest : dict
        Everything that is known of how they were made.
    table : DataFrame
        A row a run, see `sim.columns.TABLES`.
    log : pyarrow.Table
        A row an entry of the runs' logs; `events` is the same as a DataFrame.
    series : DataFrame
        Highest rung at the start and at each turn's end, in long form.
    """

    folder: Path
    manifest: dict[str, Any]
    table: pd.DataFrame
    log: pa.Table
    series: pd.DataFrame
    _summary: dict[str, Any]

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.table)

    def __repr__(self) -> str:
        """Say what was run, and where it lies, in a line."""
        return f"<{len(self):,} runs of {self._summary['scenario']}, seed {self.seed}, in {self.folder}>"

    @property
    def seed(self) -> int:
        """Key of the draws; (seed, run) addresses a run."""
        return int(self.manifest["seed"])

    @property
    def events(self) -> pd.DataFrame:
        """The log as a DataFrame."""
        frame: pd.DataFrame = self.log.to_pandas()
        return frame

    @property
    def rungs(self) -> NDArray[np.int8]:
        """Highest rung on which anyone stood at the end of each turn; shape (runs, turns + 1)."""
        return self.series["rung"].to_numpy(np.int8).reshape(len(self), -1)

    @property
    def days(self) -> NDArray[np.float64]:
        """Day of each column of `rungs`."""
        return self.series["day"].to_numpy(np.float64)[: self.rungs.shape[1]]

    def summary(self) -> dict[str, Any]:
        """Return the summary as it was written."""
        return deepcopy(self._summary)

    @cached_property
    def scenario(self) -> Scenario:
        """What was run, composed anew from the manifest's configuration and the worlds that are here.

        Raises
        ------
        InputError
            If what comes out is not, number for number, what was run: a world, a sample of rules or the
            program has changed since.
        """
        return _same_scenario(self.manifest, self.folder)

    def _repr_html_(self) -> str:
        """Show the answer in Jupyter."""
        return html(self._summary)


def open(folder: str | Path) -> StoredRuns:
    """Open the folder of a finished run.

    Parameters
    ----------
    folder : path
        What `python -m sim` wrote, of this or an earlier version of the schema.

    Returns
    -------
    StoredRuns

    Raises
    ------
    InputError
        If there is no such folder, it is not that of a run or not complete, its schema is newer than this
        version knows, or a file is not as it was written (which runs of schema 1 cannot tell).
    """
    path = path_of(KEY, folder)
    if found(KEY, path) != "folder":
        raise wrong(KEY, str(folder), "the folder of a run, which exists")
    manifest = _manifest(path)
    _require_whole(path, manifest)
    tables = {name: _table(path / f"{name}.parquet") for name in TABLES}
    runs, series = tables["runs"].to_pandas(), tables["series"].to_pandas()
    if len(runs) != manifest["runs"] or len(series) % max(len(runs), 1):
        raise _refused(path, f"is not complete: its tables do not hold the {manifest['runs']} runs of its manifest")
    summary = _json(path / "summary.json")
    return StoredRuns(path, manifest, runs, tables["events"], series, summary)


def _manifest(folder: Path) -> dict[str, Any]:
    """Read what a folder says of itself, if it is one that can be read here."""
    file = folder / "manifest.json"
    if found(KEY, file) != "file":
        within = sorted((run.parent for run in folder.glob("*/summary.json")), key=lambda run: run.stat().st_mtime)
        raise _refused(folder, "is no folder of a run: it has no manifest.json", str(within[-1]) if within else None)
    manifest = _json(file)
    if not {"schema", "runs", "seed", "arrays_sha256", "configuration"} <= manifest.keys():
        raise _refused(folder, f"is no folder of experiment=run: {_made_by(manifest)}")
    for name, kind in KINDS.items():
        if type(manifest.get(name)) is not kind:
            raise _refused(folder, f"has a manifest.json that cannot be read: its {name} is no {kind.__name__}")
    schema = manifest["schema"]
    if schema < 1:
        raise _refused(folder, f"has a manifest.json that cannot be read: there was no schema {schema}")
    if schema > SCHEMA:
        by = f"version {manifest.get('version')}, schema {schema}"
        raise _refused(folder, f"was written by {by}; {__version__} must be brought up to it: it reads 1 to {SCHEMA}")
    return manifest


def _made_by(manifest: Mapping[str, Any]) -> str:
    """What made a folder that is not of a run, and how its tables are read."""
    words = manifest.get("command")
    typed = words if isinstance(words, list) else []
    made = next((word for word in typed if str(word).startswith("experiment=")), None)
    return (
        f"it is one of {made}; pandas.read_parquet reads its tables, where it has some"
        if made
        else "its manifest.json tells of no table of runs"
    )


def _require_whole(folder: Path, manifest: dict[str, Any]) -> None:
    """Refuse a folder that lacks a file, or in which one was altered."""
    for name in FILES:
        if found(KEY, folder / name) != "file":
            raise _refused(folder, f"is not complete: it has no {name}")
    if manifest["schema"] == 1:  # which kept no sums
        return
    kept = manifest.get("sha256")
    for name in FILES:
        if not isinstance(kept, Mapping) or name not in kept:
            raise _refused(folder, f"is not complete: its manifest.json has no SHA-256 of {name}")
        if file_hash(folder / name) != kept[name]:
            raise _refused(folder, f"was altered: {name} is not what its manifest.json says (SHA-256)")


def _table(file: Path) -> pa.Table:
    try:
        return pq.read_table(file)
    except (pa.ArrowException, OSError) as error:
        raise _refused(file.parent, f"has a {file.name} that cannot be read: {error}") from None


def _json(file: Path) -> dict[str, Any]:
    try:
        tree = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _refused(file.parent, f"has a {file.name} that cannot be read: {error}") from None
    if not isinstance(tree, dict):
        raise _refused(file.parent, f"has a {file.name} that cannot be read: it is no mapping")
    return tree


def _same_scenario(manifest: dict[str, Any], folder: Path) -> Scenario:
    """Compose a run's scenario anew; only the one that gives the very arrays of the run will do."""
    try:
        typed = parse_command_line(manifest["command"][3:])  # after python -m sim
        changes = tuple(filter(alters, typed.overrides))
        for scenario in recompose(manifest["configuration"], typed.config_dirs):
            if arrays_hash(build(scenario)) == manifest["arrays_sha256"]:
                return scenario.model_copy(update={"changes": changes})
        reason = "its world, a sample of rules or the program has changed since"
    except InputError as error:
        reason = str(error)
    by = f"version {manifest['version']}, source {manifest['source']}"
    raise _refused(folder, f"has a scenario that cannot be composed as it was run (by {by}): {reason}")


def _refused(folder: Path, problem: str, nearest: str | None = None) -> InputError:
    return InputError(f"{str(folder)!r} {problem}", key=KEY, value=str(folder), nearest=nearest)
