"""A chunk of a campaign -> one part, written whole or not at all; and the worker that makes parts as it is told to.

A part is a function of the campaign and the chunk alone, so it may be made twice, by whomever, and is the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.campaign.manifest import Campaign, Chunk, model_of, read
from sim.codes import Level
from sim.ensemble import CHUNK, compiled_runner
from sim.outcomes import Columns, finals, measure, truths
from sim.scenario.build import Model
from sim.scenario.errors import InputError
from sim.store import UNREADABLE, whole_file

TENTHS = 10  # parts of the runs, by the last digit of their number, in which outcomes are counted

Told = Callable[[int], None]  # told of each point before it is run


def make(campaign: Campaign, chunk: Chunk, spared: Mapping[int, str], told: Told = lambda point: None) -> None:
    """Run a chunk and write its part.

    Parameters
    ----------
    spared : mapping of int to str
        Points that are not run but noted as failed, with the reason.
    told : callable
        Told of each point before it is run.

    Raises
    ------
    InputError
        If the arrays of a point are not those that were frozen.
    OSError
        If the part, or compiled code, cannot be written.
    """
    runner = compiled_runner()
    tables = []
    for row in campaign.rows(chunk.first_point, chunk.last_point).to_pylist():
        point = row["point"]
        told(point)
        reason = spared.get(point)
        if reason is None:
            model = model_of(campaign, campaign.base(row["base"]), row)
            try:
                tables.append(_rows(campaign, point, run_point(campaign, chunk, point, model, runner)))
            except OSError:  # compiled code cannot be kept, say: the machine's fault, not the point's
                raise
            except Exception as error:
                reason = f"{type(error).__name__}: {error}"
        if reason is not None:
            tables.append(pa.table({"point": [point], "failed": [reason]}))
    write(campaign, chunk, pa.concat_tables(tables, promote_options="default"))


def run_point(campaign: Campaign, chunk: Chunk, point: int, model: Model, runner: Any) -> list[Columns]:
    """Run a chunk's runs of a point and measure them, a hundred at a time."""
    seed, measured = int(campaign.manifest["seed"]), []
    for first in range(chunk.first_run, chunk.last_run, CHUNK):
        runs = min(CHUNK, chunk.last_run - first)
        columns = measure(finals(model, runner(model, seed, first, runs)))
        measured.append(columns if campaign.manifest["keep"] == "runs" else tally(columns, campaign.manifest["ladder"]))
    return measured


def tally(columns: Mapping[str, Any], ladder: Mapping[str, int]) -> Columns:
    """Count outcomes among runs: each count is of one row, so that counts of runs apart add up.

    Counts of those runs whose number ends on 0, 1, ... 9 are as good as ten campaigns: what they differ by is luck and
    nothing else. So they tell what the luck of the runs does, also where runs of one number share it at all points.

    Parameters
    ----------
    columns : mapping
        As `sim.outcomes.measure` returns them.
    ladder : mapping
        Rungs of force and war, and the top.
    """
    happened = {name: columns[name] for name in truths(columns) if name != "force"}
    happened |= {
        "use_of_force": columns["force"],
        "lethal": ~np.isnan(columns["day_lethal"]),
        "war": columns["war"],
        "nuclear_use": columns["nuclear_use"],
        "settled": ~np.isnan(columns["day_settled"]),
    }
    happened |= {f"rung_{rung}": columns["highest_rung"] == rung for rung in range(ladder["top"] + 2)}
    for code in [name.removeprefix("help_") for name in columns if name.startswith("help_")]:
        happened[f"force_{code}"] = columns[f"rung_{code}"] >= ladder["force"]
        happened[f"war_{code}"] = columns[f"rung_{code}"] >= ladder["war"]
        happened[f"materiel_{code}"] = columns[f"help_{code}"] >= Level.MATERIEL
    counts = {name: np.array([seen.sum()]) for name, seen in happened.items()}
    last = (columns["run"][:, None] % TENTHS == np.arange(TENTHS)).astype(np.int32)
    tenths = {name: seen @ last for name, seen in happened.items() if not name.startswith("rung_")}
    counts |= {f"{name}_tenths": tenth.astype(np.int32)[None] for name, tenth in tenths.items()}
    return {"runs": np.array([len(columns["run"])]), **counts}


def _rows(campaign: Campaign, point: int, measured: list[Columns]) -> pa.Table:
    """Rows of a point: one of counts, or one a run."""
    columns = {name: np.concatenate([part[name] for part in measured]) for name in measured[0]}
    if campaign.manifest["keep"] == "points":
        columns = {name: column.sum(axis=0, keepdims=True, dtype=column.dtype) for name, column in columns.items()}
    rows = len(columns["runs" if "runs" in columns else "run"])
    arrays = {name: listed(column) if column.ndim == 2 else column for name, column in columns.items()}
    return pa.table({"point": np.full(rows, point), **arrays, "failed": pa.nulls(rows, pa.string())})


def listed(column: NDArray[Any]) -> pa.Array:
    """Return rows of numbers as a column of lists."""
    return pa.FixedSizeListArray.from_arrays(pa.array(column.ravel()), column.shape[1])


# --- parts -----------------------------------------------------------------------------------------


def _mark(campaign: Campaign, chunk: Chunk, schema: pa.Schema) -> dict[bytes, bytes]:
    """Whose part it is, of which work, and a hash of names and types of its columns, which no checksum of pages has."""
    columns = "\n".join(f"{name} {_type(kind)}" for name, kind in zip(schema.names, schema.types, strict=True))
    return {
        b"campaign": campaign.identity.encode(),
        b"chunk": " ".join(map(str, chunk)).encode(),
        b"columns": hashlib.sha256(columns.encode()).hexdigest().encode(),
    }


def _type(kind: pa.DataType) -> str:
    """A type in words; of a list without the name of what it is of, which Parquet has its own for."""
    return f"{kind.value_type}[{kind.list_size}]" if pa.types.is_fixed_size_list(kind) else str(kind)


def write(campaign: Campaign, chunk: Chunk, table: pa.Table) -> None:
    """Write a part by renaming a file that is whole."""
    with whole_file(campaign.part(chunk)) as file:
        marked = table.replace_schema_metadata(_mark(campaign, chunk, table.schema))
        pq.write_table(marked, file, compression="zstd", write_page_checksum=True)


def part(campaign: Campaign, chunk: Chunk) -> pa.Table | None:
    """Return a part; None if it is missing, damaged, or of another campaign or chunk."""
    try:
        with pq.ParquetFile(campaign.part(chunk), page_checksum_verification=True) as file:
            schema = file.schema_arrow
            about = schema.metadata or {}
            if any(about.get(key) != value for key, value in _mark(campaign, chunk, schema).items()):
                return None
            return file.read()
    except UNREADABLE:
        return None


def state_of(campaign: Campaign, chunk: Chunk) -> Literal["made", "failed", "missing", "unsound"]:
    """Tell whether a chunk's part is there: made whole, with points that failed, not at all, or not fit for use."""
    table = part(campaign, chunk)
    if table is None:
        return "unsound" if campaign.part(chunk).exists() else "missing"
    return "failed" if table.column("failed").null_count < len(table) else "made"


# --- a worker --------------------------------------------------------------------------------------


def serve(folder: Path) -> None:
    """Make parts as told: a line of JSON names a chunk and what to spare; lines of JSON say how it goes.

    It ends when its input ends, so it does not outlive whoever started it by more than a chunk.
    """
    campaign = read(folder)
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    for line in sys.stdin:
        number, spared = json.loads(line)
        try:
            make(campaign, campaign.chunks[number], {int(p): r for p, r in spared}, lambda point: _say("point", point))
        except (InputError, OSError, pa.ArrowException) as error:  # nothing that another point would not meet as well
            _say("halt", str(error))
            return
        _say("done", number)


def _say(kind: str, value: object) -> None:
    print(json.dumps([kind, value]), flush=True)


if __name__ == "__main__":
    try:
        serve(Path(sys.argv[1]))
    except BrokenPipeError:  # whoever started it has gone
        os._exit(1)
