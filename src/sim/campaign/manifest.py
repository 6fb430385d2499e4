"""Submission: every point of a design composed, validated and frozen; one folder holds all that workers need.

manifest.json says what was asked for and under which version; design.parquet holds a row a point, arrays.parquet
the arrays, scenario.json what a page tells of the scenario. Nothing of the scenario's files is read again, so they may
be edited while a campaign runs.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim import __version__, store
from sim.campaign.arrays import Base, base_of, frozen, open_places, point_of, thawed
from sim.campaign.background import FILE, background
from sim.campaign.design import Design, designed
from sim.campaign.keys import revised
from sim.compiled import engine_hash
from sim.config import Places, Settings, typed_keys, with_variant
from sim.scenario.build import Model, build
from sim.scenario.errors import InputError, wrong
from sim.scenario.paths import found
from sim.scenario.schema import DYAD_QUANTITIES, Scenario

SCHEMA = 2
MEASURES = ("outcomes", "campaign/work.py")  # what is counted, beside the engine
PARTS, GOOD, LONGEST = 10_000, 256, 5_000  # most parts, parts for a good balance of work, runs of a part
ROWS = 1_000  # points read at a time
BASES = 8  # kept in memory
Values = list[Any] | NDArray[np.float64]  # of a key: what was listed, or what was sampled
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


class Chunk(NamedTuple):
    """Work that makes one part: some points, some runs of each; the last ones are not of it."""

    number: int
    first_point: int
    last_point: int
    first_run: int
    last_run: int

    @property
    def runs(self) -> int:
        """How many runs it is."""
        return (self.last_point - self.first_point) * (self.last_run - self.first_run)


class Plan(NamedTuple):
    """A design with its points resolved: P points, B bases.

    Attributes
    ----------
    design : Design
    hashes : list of str
        SHA-256 of the arrays of each point.
    of_base : array of int, shape (P,)
        The base into which each point puts its numbers.
    bases : list of bytes
        See `sim.campaign.arrays.frozen`.
    """

    design: Design
    hashes: list[str]
    of_base: NDArray[np.int64]
    bases: list[bytes]


@dataclass(frozen=True)
class Campaign:
    """A campaign in its folder."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def identity(self) -> str:
        """Hash of everything that its runs depend on; every part carries it."""
        return str(self.manifest["campaign"])

    @property
    def points(self) -> int:
        """Number of points."""
        return int(self.manifest["points"])

    @property
    def runs(self) -> int:
        """Runs of each point."""
        return int(self.manifest["runs"])

    @cached_property
    def chunks(self) -> list[Chunk]:
        """The work in its order: by point, then by run."""
        return list(chunks(self.points, self.runs, int(self.manifest["chunk"])))

    def command(self, experiment: str) -> str:
        """Return what is typed for an experiment on the campaign."""
        return shlex.join(
            ["python", "-m", "sim", f"experiment={experiment}", f"name={self.folder.name}",
             f"output={self.folder.parents[1]}"]
        )  # fmt: skip

    def part(self, chunk: Chunk) -> Path:
        """File of a chunk's part."""
        return self.folder / "parts" / f"{chunk.number:05}.parquet"

    @cached_property
    def _design(self) -> pq.ParquetFile:
        return pq.ParquetFile(self.folder / "design.parquet", page_checksum_verification=True)

    @cached_property
    def _arrays(self) -> pq.ParquetFile:
        return pq.ParquetFile(self.folder / "arrays.parquet")

    def rows(self, first: int, last: int) -> pa.Table:
        """Return the rows of the design of points first .. last - 1.

        Raises
        ------
        InputError
            If the file is missing or damaged.
        """
        groups = range(first // ROWS, (last - 1) // ROWS + 1)
        try:
            return self._design.read_row_groups(list(groups)).slice(first - first // ROWS * ROWS, last - first)
        except store.UNREADABLE as error:
            where = str(self.folder / "design.parquet")
            raise InputError(f"the design cannot be read: {error}", key="name", where=where) from None

    @cached_property
    def base(self) -> Callable[[int], Base]:
        """Return one of the bases, by number; the last few are kept in memory."""
        return lru_cache(BASES)(lambda number: thawed(self._arrays.read_row_group(number).column("arrays")[0].as_py()))


def chunks(points: int, runs: int, size: int) -> Iterator[Chunk]:
    """Divide the work into chunks of about `size` runs: several points whole, or a part of one."""
    if runs > size:
        blocks = math.ceil(runs / size)
        edges = [runs * block // blocks for block in range(blocks + 1)]
        for point in range(points):
            for block in range(blocks):
                yield Chunk(point * blocks + block, point, point + 1, edges[block], edges[block + 1])
        return
    together = size // runs
    for number, first in enumerate(range(0, points, together)):
        yield Chunk(number, first, min(first + together, points), 0, runs)


def chunk_size(total: int) -> int:
    """Runs of a chunk: not so few that starting one costs, nor so many that a kill does."""
    return max(100, min(math.ceil(total / GOOD), LONGEST), math.ceil(total / PARTS))


def folder_of(settings: Settings) -> Path:
    """Return the folder of the campaign that is named.

    Raises
    ------
    InputError
        If the name is missing or not fit for a folder.
    """
    if settings.campaign is None:
        raise InputError("is missing: what the campaign is called", key="name")
    if not _NAME.fullmatch(settings.campaign):
        expected = "letters, digits, _ - and points, such as first; its folder is made below output"
        raise wrong("name", settings.campaign, expected)
    return settings.output / "campaigns" / settings.campaign


def read(folder: Path) -> Campaign:
    """Read a campaign.

    Raises
    ------
    InputError
        If there is none, or its manifest is damaged.
    """
    file = folder / "manifest.json"
    if found("name", file) != "file":
        raise wrong("name", folder.name, f"a campaign below {folder.parent}, which has {_others(folder.parent)}")
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        if manifest["schema"] != SCHEMA:
            raise wrong("name", folder.name, f"a campaign of schema {SCHEMA} (this one: {manifest['schema']})")
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("is no manifest of a campaign", key="name", where=str(file)) from None
    return Campaign(folder, manifest)


def every(place: Path) -> list[Path]:
    """Return the folders of all campaigns below a folder, by name."""
    files = sorted(place.glob("*/manifest.json")) if place.is_dir() else []
    return [file.parent for file in files if not file.parent.name.startswith(".")]


def _others(place: Path) -> str:
    return ", ".join(folder.name for folder in every(place)[:20]) or "none"


def require_engine(campaign: Campaign) -> None:
    """Refuse to go on with a campaign that another engine began: its runs could not be compared with ours.

    Raises
    ------
    InputError
    """
    if campaign.manifest["engine"] != engine_hash(*MEASURES):
        was = campaign.manifest["version"]
        problem = (
            f"was begun by another engine (version {was}, now {__version__}; its source differs), so that further "
            "runs would not be of the same model; finish it with that one, or take another name"
        )
        raise InputError(problem, key="name", value=campaign.folder.name)


# --- submission ------------------------------------------------------------------------------------


def submitted(settings: Settings, chunk: int | None = None) -> Campaign:
    """Freeze a campaign into its folder, or find there the one that was frozen before.

    Parameters
    ----------
    chunk : int, optional
        Runs of a chunk, where not as `chunk_size` has it. It changes no result.

    Raises
    ------
    InputError
        For the first thing that is wrong at any point, or if the folder holds another campaign.
    """
    folder = folder_of(settings)
    store.require_writable(folder)
    before = read(folder) if found("name", folder / "manifest.json") else None
    if before is not None:
        require_engine(before)
    elif found("name", folder) is not None:
        raise wrong("name", folder.name, f"a name that is free; {folder} is there and holds no campaign")
    plan = planned(settings)
    asked = _asked(settings, plan)
    if before is not None:
        _require_same(before, asked)
        return before
    total = len(plan.design) * settings.runs
    manifest = {
        "schema": SCHEMA,
        "name": folder.name,
        **asked,
        "chunk": chunk or chunk_size(total),
        "engine": engine_hash(*MEASURES),
        **store.about(settings.tree, settings.command),
    }
    world = Places.find(settings.config_dirs).world_folders[settings.tree["scenario"]["world"]]
    shutil.rmtree(folder.with_name(f".{folder.name}.partial"), ignore_errors=True)  # of a submission that was killed
    with store.filling(folder) as partial:
        (partial / "parts").mkdir()
        pq.write_table(
            _table(plan, settings.seed), partial / "design.parquet", row_group_size=ROWS, compression="zstd",
            write_page_checksum=True,
        )  # fmt: skip
        bases = pa.table({"arrays": pa.array(plan.bases, pa.binary())})
        pq.write_table(bases, partial / "arrays.parquet", row_group_size=1, compression="none")
        store.write_json(partial / FILE, background(settings.scenario, world))
        store.write_json(partial / "manifest.json", manifest)
    return read(folder)


def _asked(settings: Settings, plan: Plan) -> dict[str, Any]:
    """What was asked for, with its hash: that of every value and of the arrays of every point."""
    design = plan.design
    asked: dict[str, Any] = {
        "scenario": settings.scenario.name,
        "variant": settings.scenario.variant,
        "design": design.kind,
        "keys": list(design.columns),
        "ranges": design.ranges,
        "copies": design.copies,
        "points": len(design),
        "runs": settings.runs,
        "seed": settings.seed,
        "keep": settings.keep,
        "ladder": {name: getattr(settings.scenario.ladder, name) for name in ("force", "lethal", "war", "top")},
    }
    text = json.dumps(asked)
    content = hashlib.sha256(json.dumps([text, plan.hashes]).encode())
    for values in design.columns.values():
        # bytes in one order on all machines: the same numbers in letters take ten times as long
        if isinstance(values, np.ndarray):
            content.update(values.astype("<f8").tobytes())
        else:
            content.update(json.dumps(values, default=str).encode())
    # as JSON gives it back, so that it can be compared with what was written
    return {**json.loads(text), "campaign": content.hexdigest()}


def _require_same(before: Campaign, asked: Mapping[str, Any]) -> None:
    """Refuse another campaign under the name of one, saying what differs."""
    if asked["campaign"] == before.identity:
        return
    differs = [key for key in asked if key != "campaign" and asked[key] != before.manifest[key]]
    what = ", ".join(f"{key} {before.manifest[key]!r}, now {asked[key]!r}" for key in differs)
    if len(what) > 300 or not what:
        what = ", ".join(differs) or "values of the design, or figures of the scenario"
    problem = f"is the name of another campaign ({what}); take another name"
    raise InputError(problem, key="name", value=before.folder.name)


def planned(settings: Settings) -> Plan:
    """Compose and validate every point of the design that is asked for.

    Points that differ in numbers alone share their arrays but for these, which are put where `sim.scenario.build`
    would put them; whatever else differs is composed and built anew.
    """
    kind = settings.tree["design"]
    design = designed(kind, settings.tree["over"], settings.points, settings.seed, settings.scenario)
    _require_free(settings, list(design.columns))
    hashes, of_base = [""] * len(design), np.zeros(len(design), np.int64)
    bases: list[bytes] = []
    for base, rows in _bases(settings, design):
        values = np.empty((len(rows), len(base.keys)))
        for axis, key in enumerate(base.keys):
            values[:, axis] = _at(design.columns[key], rows)
        for row, numbers in zip(rows, values, strict=True):
            hashes[row] = store.arrays_hash(point_of(base, numbers))
        of_base[rows] = len(bases)
        bases.append(frozen(base))
    return Plan(design, hashes, of_base, bases)


def _require_free(settings: Settings, keys: list[str]) -> None:
    """Refuse a key that the design varies and the command sets, be it for all states and for one."""
    for typed in typed_keys(settings):
        for key in keys:
            if {key, typed.partition(".")[0]} == {"theory", "theories"}:
                raise InputError("cannot be set, as the design varies the theory of all states", key=typed)
            if f"{key}.".startswith(f"{typed}.") or f"{typed}.".startswith(f"{key}."):
                raise InputError("is varied by the design and cannot be set as well", key=typed)


def _bases(settings: Settings, design: Design) -> Iterator[tuple[Base, list[int]]]:
    """Bases, each with the points that put their numbers into it."""
    variants = design.columns.get("variant", [settings.scenario.variant] * len(design))
    for variant, rows in _grouped(variants, range(len(design))):
        scenario = with_variant(settings, variant) if "variant" in design.columns else settings.scenario
        model = build(scenario)
        keys = [key for key in design.columns if key != "variant"]
        quick = [key for key in keys if open_places(scenario, model, key)]
        slow = [key for key in keys if key not in quick]
        together = [tuple(design.columns[key][row] for key in slow) for row in rows]
        for values, group in _grouped(together, rows):
            chosen = revised(scenario, dict(zip(slow, values, strict=True))) if slow else scenario
            _check(chosen, {key: _at(design.columns[key], group) for key in quick}, design.ranges)
            yield base_of(chosen, quick), group


def _at(values: Values, rows: list[int]) -> Values:
    """Values of some points."""
    return values[rows] if isinstance(values, np.ndarray) else [values[row] for row in rows]


def _grouped(values: Any, rows: Any) -> list[tuple[Any, list[int]]]:
    """Rows by value, in the order in which values come up."""
    groups: dict[str, tuple[Any, list[int]]] = {}
    for value, row in zip(values, rows, strict=True):
        groups.setdefault(repr(value), (value, []))[1].append(row)  # repr: 1 and true are two values
    return list(groups.values())


def _check(scenario: Scenario, columns: Mapping[str, Values], ranges: Mapping[str, tuple[float, float]]) -> None:
    """Validate numbers: each key's least and greatest, since all bounds are intervals, and every value of a code.

    What was sampled, an array, lies within its range.
    """
    lows, highs = {}, {}
    for key, values in columns.items():
        if isinstance(values, np.ndarray):
            lows[key], highs[key] = ranges[key]
            continue
        code = key.startswith("dyads") and DYAD_QUANTITIES[key.rpartition(".")[2]].unit == "code"
        for value in dict.fromkeys(values):
            if code or isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                revised(scenario, {key: value})
        lows[key], highs[key] = min(values), max(values)
    revised(scenario, lows)
    revised(scenario, highs)


def _table(plan: Plan, seed: int) -> pa.Table:
    """The design: point, id, hash of the arrays, base, and the values of the keys."""
    ids = [hashlib.sha256(f"{arrays} {seed}".encode()).hexdigest()[:16] for arrays in plan.hashes]
    columns = {
        "point": pa.array(range(len(plan.design)), pa.int64()),
        "id": pa.array(ids, pa.string()),
        "arrays_sha256": pa.array(plan.hashes, pa.string()),
        "base": pa.array(plan.of_base, pa.int64()),
    }
    return pa.table({**columns, **{key: _column(values) for key, values in plan.design.columns.items()}})


def _column(values: Values) -> pa.Array:
    """Values as switches, numbers, or words."""
    if isinstance(values, np.ndarray):
        return pa.array(values)
    if all(isinstance(value, bool) for value in values):
        return pa.array(values, pa.bool_())
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return pa.array(values, pa.int64() if all(isinstance(value, int) for value in values) else pa.float64())
    return pa.array([None if value is None else _word(value) for value in values], pa.string())


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def model_of(campaign: Campaign, base: Base, row: Mapping[str, Any]) -> Model:
    """Return the arrays of a point.

    Raises
    ------
    InputError
        If they are not those that were frozen.
    """
    model = point_of(base, np.array([row[key] for key in base.keys], np.float64))
    if store.arrays_hash(model) != row["arrays_sha256"]:
        problem = f"point {row['point']}: the arrays are not those that were frozen at submission (SHA-256 differs)"
        raise InputError(problem, key="name", value=campaign.folder.name)
    return model
