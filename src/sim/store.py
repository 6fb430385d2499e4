"""A run's folder: tables, summary and manifest, written whole or not at all."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim import __version__
from sim.columns import SCHEMA
from sim.compiled import source_hash
from sim.scenario.build import Model, build
from sim.scenario.errors import wrong
from sim.scenario.paths import found
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.batch import Runs  # which brings pandas and Mesa: workers of a campaign need neither

UNREADABLE = (OSError, UnicodeDecodeError, pa.ArrowException)  # what a damaged Parquet file raises
LIBRARIES = ("numba", "llvmlite", "numpy", "scipy", "pandas", "pyarrow", "mesa", "hydra-core", "pydantic")


def require_writable(folder: Path, key: str = "output") -> None:
    """Refuse an output folder that cannot be written to, before any work is done and without creating it.

    Parameters
    ----------
    key : str
        By which it was given.

    Raises
    ------
    InputError
        If it, or the nearest folder above it that exists, is no folder or not writable.
    """
    place = folder.absolute()
    while found(key, place) is None:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place):  # permissions tell root nothing: try it
            return
    except OSError as error:
        expected = f"a folder that can be written to ({place}: {error.strerror})"
        raise wrong(key, str(folder), expected) from None


@contextmanager
def filling(final: Path) -> Iterator[Path]:
    """Give a folder to fill; it becomes `final` when all is written, and is gone if that fails."""
    partial = final.with_name(f".{final.name}.partial")
    partial.mkdir(parents=True)
    try:
        yield partial
        partial.rename(final)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def whole_file(final: Path) -> Iterator[BinaryIO]:
    """Give a file to write, which takes its name when it is whole and is gone if that fails."""
    partial = final.with_name(f".{final.name}.{secrets.token_hex(4)}.partial")
    try:
        with partial.open("xb") as file:
            yield file
        partial.replace(final)
    finally:
        partial.unlink(missing_ok=True)


def new_folder(output: Path, scenario: Scenario, tree: dict[str, Any]) -> Path:
    """Return a folder that does not exist yet: scenario, variant, short hash of the configuration, time."""
    return named_folder(output, "-".join(filter(None, (scenario.name, scenario.variant))), tree)


def named_folder(output: Path, name: str, tree: dict[str, Any]) -> Path:
    """Return a folder that does not exist yet: name (no slash), short hash of the configuration, time."""
    return output / "-".join([name.replace("/", "-"), _short(tree), datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")])


def write(runs: Runs, folder: Path, tree: dict[str, Any], command: Sequence[str]) -> dict[str, Any]:
    """Write tables, summary and manifest into a folder; return the manifest.

    Parameters
    ----------
    tree : dict
        The composed configuration.
    command : sequence of str
        Words that run it again.
    """
    tables = {
        "runs": pa.Table.from_pandas(runs.table, preserve_index=False),
        "events": runs.log,
        "series": pa.Table.from_pandas(runs.series, preserve_index=False),
    }
    for name, table in tables.items():
        write_table(table, folder / f"{name}.parquet")
    write_json(folder / "summary.json", runs.summary())
    sha256 = {file: file_hash(folder / file) for file in (*(f"{name}.parquet" for name in tables), "summary.json")}
    about_it = {**manifest(runs, tree, command), "sha256": sha256}
    write_json(folder / "manifest.json", about_it)
    return about_it


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table as Parquet, with the version of the tables and of the program."""
    about = {b"sim_schema": str(SCHEMA).encode(), b"sim_version": __version__.encode()}
    pq.write_table(table.replace_schema_metadata(about), path, compression="zstd")


def manifest(runs: Runs, tree: dict[str, Any], command: Sequence[str]) -> dict[str, Any]:
    """Return everything needed to know, and to repeat, what was run."""
    return {
        "schema": SCHEMA,
        "scenario": runs.scenario.name,
        "variant": runs.scenario.variant,
        "seed": runs.seed,
        "runs": len(runs),
        "arrays_sha256": arrays_hash(build(runs.scenario)),
        **about(tree, command),
    }


def about(tree: dict[str, Any], command: Sequence[str]) -> dict[str, Any]:
    """Return what holds of any experiment's manifest: versions, command, configuration."""
    return {
        "version": __version__,
        "source": source_hash(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": list(command),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "configuration": tree,
    }


def file_hash(path: Path) -> str:
    """SHA-256 of a file, by which `sim.open` knows whether it is as it was written."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def arrays_hash(model: Model) -> str:
    """SHA-256 of everything that a run is computed from: all arrays of the parameters and of the start."""
    digest = hashlib.sha256()
    for name, array in [*model.params._asdict().items(), ("blank", model.blank.words)]:
        digest.update(f"{name} {_layout(array.dtype)} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


@cache
def _layout(dtype: np.dtype[Any]) -> str:
    """A type in words, which NumPy takes milliseconds for where it is of records: a campaign asks for each point."""
    return str(dtype)


def _short(tree: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(tree, sort_keys=True, default=str).encode()).hexdigest()[:8]


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a tree as JSON, which has no NaN."""
    path.write_text(json.dumps(content, indent=1, default=str, allow_nan=False) + "\n", encoding="utf-8")
