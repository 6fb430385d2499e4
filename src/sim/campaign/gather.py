"""Parts -> points.parquet and runs.parquet: the same bytes whoever made the parts, in whatever pieces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim import __version__
from sim.campaign.manifest import SCHEMA, Campaign, Chunk
from sim.campaign.work import listed, part, state_of, tally
from sim.outcomes import Columns
from sim.scenario.errors import InputError
from sim.store import whole_file

GROUP = 10_000  # rows that are written together


class Standing(NamedTuple):
    """How far a campaign is: its chunks by what became of them."""

    made: list[Chunk]
    failed: list[Chunk]
    missing: list[Chunk]
    unsound: list[Chunk]

    @property
    def todo(self) -> list[Chunk]:
        """What there is still to do; points that failed are tried again."""
        return sorted([*self.failed, *self.missing, *self.unsound])

    @property
    def lacking(self) -> list[Chunk]:
        """What keeps the campaign from being complete: a point that failed is a result."""
        return sorted([*self.missing, *self.unsound])


def standing(campaign: Campaign) -> Standing:
    """Look at every part."""
    found = Standing([], [], [], [])
    for chunk in campaign.chunks:
        getattr(found, state_of(campaign, chunk)).append(chunk)
    return found


def lacks(campaign: Campaign, chunks: list[Chunk]) -> str:
    """Say what is missing: how many parts and runs, and which points."""
    runs = sum(chunk.runs for chunk in chunks)
    spans: list[list[int]] = []
    for chunk in chunks:
        if spans and chunk.first_point <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], chunk.last_point)
        else:
            spans.append([chunk.first_point, chunk.last_point])
    shown = ", ".join(f"{a}" if b == a + 1 else f"{a}-{b - 1}" for a, b in spans[:10])
    more = f" and {len(spans) - 10} more stretches" if len(spans) > 10 else ""
    return (
        f"{len(chunks):,} of {len(campaign.chunks):,} parts are missing, {runs:,} of "
        f"{campaign.points * campaign.runs:,} runs (points {shown}{more})"
    )


def gathered(campaign: Campaign) -> pa.Table:
    """Write the tables of a campaign that is complete, and return that of its points.

    Raises
    ------
    InputError
        If it is not complete.
    """
    points = _points(campaign)
    if campaign.manifest["keep"] == "runs":
        _write_runs(campaign, points.filter(pc.is_valid(points.column("failed"))).column("point"))
    with whole_file(campaign.folder / "points.parquet") as file:
        pq.write_table(points, file, row_group_size=GROUP, compression="zstd")
    return points


def _parts(campaign: Campaign) -> Iterator[pa.Table]:
    """Parts in their order.

    Raises
    ------
    InputError
        After the last one, if some are missing or unsound.
    """
    lacking = []
    for chunk in campaign.chunks:
        table = part(campaign, chunk)
        if table is None:
            lacking.append(chunk)
        else:
            yield table
    if lacking:
        problem = f"is not complete: {lacks(campaign, lacking)}"
        raise InputError(problem, key="name", value=campaign.folder.name)


def _points(campaign: Campaign) -> pa.Table:
    """A row a point: what it is, counts and shares of outcomes, or why it failed."""
    counts: dict[str, NDArray[Any]] = {}
    failed: list[str | None] = [None] * campaign.points
    for table in _parts(campaign):
        for point, reason in zip(*(table.column(name).to_pylist() for name in ("point", "failed")), strict=True):
            failed[point] = failed[point] or reason
        points, found = _counted(table.filter(pc.is_null(table.column("failed"))), campaign)
        for name, count in found.items():
            if name not in counts:
                counts[name] = np.zeros((campaign.points, *count.shape[1:]), count.dtype)
            counts[name][points] += count
    lost = np.array([reason is not None for reason in failed])
    design = campaign.rows(0, campaign.points).drop_columns(["base"])
    runs = np.where(lost, 0, counts.get("runs", 0))
    columns = {name: design.column(name).combine_chunks() for name in design.column_names} | {"runs": pa.array(runs)}
    for name, count in counts.items():
        if name.endswith("_tenths"):
            count[lost] = 0  # chunks of the point that did not fail are counted: which, hangs on their size
            columns[name] = listed(count)
        elif name != "runs":
            share = count / np.maximum(runs, 1)
            columns[name] = pa.array(share, mask=lost)
            columns[f"{name}_count"] = pa.array(count, mask=lost)
    columns["failed"] = pa.array(failed, pa.string())
    return pa.table(columns).replace_schema_metadata(_about(campaign))


def _counted(table: pa.Table, campaign: Campaign) -> tuple[NDArray[np.int64], Columns]:
    """Points of a part that did not fail, each once, and a row of counts for each."""
    columns = {name: _numbers(table.column(name)) for name in table.column_names if name != "failed"}
    point = columns.pop("point")
    if campaign.manifest["keep"] == "points":
        return point, columns
    points, first = np.unique(point, return_index=True)  # rows of a point lie together
    blocks = {name: np.split(column, first[1:]) for name, column in columns.items()}
    counts = [
        tally({name: block[at] for name, block in blocks.items()}, campaign.manifest["ladder"])
        for at in range(len(points))
    ]
    return points, {name: np.concatenate([count[name] for count in counts]) for name in (counts or [{}])[0]}


def _numbers(column: pa.ChunkedArray) -> NDArray[Any]:
    """Return a column as an array, one of lists as rows."""
    if pa.types.is_fixed_size_list(column.type):
        whole = column.combine_chunks()
        return np.asarray(whole.flatten().to_numpy(zero_copy_only=False).reshape(len(whole), column.type.list_size))
    return np.asarray(column.to_numpy())


def _write_runs(campaign: Campaign, lost: pa.ChunkedArray) -> None:
    """A row a run of the points that did not fail, in groups of rows that do not depend on the parts."""
    writer: pq.ParquetWriter | None = None
    with whole_file(campaign.folder / "runs.parquet") as file:
        waiting: pa.Table | None = None
        for table in _parts(campaign):
            table = table.filter(pc.invert(pc.is_in(table.column("point"), lost.combine_chunks())))
            if not len(table):
                continue
            table = table.drop_columns(["failed"]).replace_schema_metadata(_about(campaign))
            waiting = table if waiting is None else pa.concat_tables([waiting, table])
            writer = writer or pq.ParquetWriter(file, waiting.schema, compression="zstd")
            while len(waiting) >= GROUP:
                writer.write_table(waiting.slice(0, GROUP).combine_chunks())
                waiting = waiting.slice(GROUP)
        if writer is None or waiting is None:
            pq.write_table(pa.table({"point": pa.array([], pa.int64())}), file)
            return
        if len(waiting):
            writer.write_table(waiting.combine_chunks())
        writer.close()


def _about(campaign: Campaign) -> dict[bytes, bytes]:
    about = {"sim_schema": SCHEMA, "sim_version": __version__, "campaign": campaign.identity}
    return {key.encode(): str(value).encode() for key, value in about.items()}
