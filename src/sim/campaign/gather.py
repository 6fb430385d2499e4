"""Parts -> points.parquet and runs.parquet: the same bytes whoever made the parts, in whatever pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim import __version__
from sim.campaign.manifest import SCHEMA, Campaign, Chunk
from sim.campaign.work import listed, part, state_of, tally
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
    lacking = standing(campaign).lacking
    if lacking:
        problem = f"is not complete: {lacks(campaign, lacking)}"
        raise InputError(problem, key="name", value=campaign.folder.name)
    points = _points(campaign)
    if campaign.manifest["keep"] == "runs":
        _write_runs(campaign, points.filter(pc.is_valid(points.column("failed"))).column("point"))
    with whole_file(campaign.folder / "points.parquet") as file:
        pq.write_table(points, file, row_group_size=GROUP, compression="zstd")
    return points


def _parts(campaign: Campaign) -> Iterator[pa.Table]:
    for chunk in campaign.chunks:
        table = part(campaign, chunk)
        assert table is not None, "a part that was sound a moment ago"
        yield table


def _points(campaign: Campaign) -> pa.Table:
    """A row a point: what it is, counts and shares of outcomes, or why it failed."""
    ladder = campaign.manifest["ladder"]
    counts: dict[str, Any] = {}
    failed: list[str | None] = [None] * campaign.points
    for table in _parts(campaign):
        for point, row in _counted(table, campaign, ladder):
            for name, count in row.items():
                if name not in counts:
                    kind = np.int32 if np.ndim(count) else np.int64
                    counts[name] = np.zeros((campaign.points, *np.shape(count)), kind)
                counts[name][point] += np.asarray(count, counts[name].dtype)
        for point, reason in zip(*(table.column(name).to_pylist() for name in ("point", "failed")), strict=True):
            failed[point] = failed[point] or reason
    lost = np.array([reason is not None for reason in failed])
    design = campaign.rows(0, campaign.points).drop_columns(["base"])
    runs = np.where(lost, 0, counts.get("runs", 0))
    columns = {name: design.column(name).combine_chunks() for name in design.column_names} | {"runs": pa.array(runs)}
    for name, count in counts.items():
        if name.endswith("_tenths"):
            columns[name] = listed(count)
        elif name != "runs":
            share = count / np.maximum(runs, 1)
            columns[name] = pa.array(share, mask=lost)
            columns[f"{name}_count"] = pa.array(count, mask=lost)
    columns["failed"] = pa.array(failed, pa.string())
    return pa.table(columns).replace_schema_metadata(_about(campaign))


def _counted(table: pa.Table, campaign: Campaign, ladder: Mapping[str, int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Counts of each point of a part, but of those that failed."""
    table = table.filter(pc.is_null(table.column("failed"))).drop_columns(["failed"])
    if campaign.manifest["keep"] == "points":
        for row in table.to_pylist():
            yield row.pop("point"), row
        return
    for point in pc.unique(table.column("point")).to_pylist():
        rows = table.filter(pc.equal(table.column("point"), point))
        columns = {name: rows.column(name).to_numpy() for name in rows.column_names}
        yield point, {name: count[0] for name, count in tally(columns, ladder).items()}


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
