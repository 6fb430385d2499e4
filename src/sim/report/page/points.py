"""The points of a campaign as tables of a page: outcomes over them, slices of keys, the points, those that failed."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.campaign.background import Background
from sim.campaign.keys import meaning
from sim.campaign.manifest import Campaign
from sim.campaign.overview import Bearing, Slice, Spread, bearing, explained, spread, told
from sim.campaign.points import OUTCOMES, outcomes, shares, whole, worded
from sim.estimate import proportion
from sim.report.page.shell import Cell, Table, number, share, words

TOLD, EVERY = 8, 1_000  # keys in the table of slices, in the table of all
ROWS, COLUMNS, REASONS = 100, 6, 50  # points from either end in their table, keys in it; reasons why points failed
LISTED = 8  # values of a key
FOLDED = 40  # rows from which on the table of points stays closed
SPREAD = ("outcome", "lowest", "5 % of points below", "median", "5 % of points above", "highest", "luck, %")


class Found(NamedTuple):
    """What a page tells of: points that did not fail, the outcome that is the answer, and what goes with it."""

    table: pa.Table
    outcome: str
    said: str
    spreads: dict[str, Spread]
    parts: dict[str, float | None]
    bearings: list[Bearing]

    @property
    def main(self) -> list[str]:
        """The main outcomes, without those that the scenario sets."""
        return [name for name in OUTCOMES if name in self.spreads]


def looked_at(campaign: Campaign, points: pa.Table, about: Background) -> Found | None:
    """Return what there is to tell; nothing where every point failed."""
    table = points.filter(pa.array(whole(points)))
    if not len(table):
        return None
    outcome, said = ("war", "It comes to war")
    if about.facts["given_rung"] >= campaign.manifest["ladder"]["war"]:
        outcome, said = ("nuclear_use", "Nuclear weapons are used")
    runs = campaign.runs
    spreads = {name: spread(_counts(table, name), runs, shares(table, name)) for name in outcomes(table)}
    ladder = campaign.manifest["ladder"]
    for name, rung in (("use_of_force", "force"), ("lethal", "lethal"), ("war", "war")):
        if about.facts["given_rung"] >= ladder[rung] and spreads[name].shares[0].count == runs:
            del spreads[name]  # what the scenario itself sets, at all points, is no finding
    main = shares(table, outcome)
    parts = explained(table, campaign.manifest["keys"], main.share)
    telling = [key for key, part in parts.items() if part is not None][:TOLD]
    return Found(table, outcome, said, spreads, parts, [bearing(table, key, main, runs) for key in telling])


def _counts(table: pa.Table, outcome: str) -> NDArray[np.int64]:
    counts: NDArray[np.int64] = table.column(f"{outcome}_count").to_numpy()
    return counts


def varied(campaign: Campaign, points: pa.Table, key: str) -> str:
    """Return the range over which a key was sampled, or its values."""
    ends = campaign.manifest["ranges"].get(key)
    if ends:
        return f"{ends[0]:.4g} to {ends[1]:.4g}"
    values = [told(value) for value in points.column(key).unique().to_pylist()]
    more = f", and {len(values) - LISTED:,} more" if len(values) > LISTED else ""
    return f"{', '.join(values[:LISTED])}{more}"


def bounded(one: Slice) -> str:
    """Return the mean of a slice with its interval."""
    return f"{100 * one.mean:.1f} % ({100 * one.low:.1f}-{100 * one.high:.1f})"


def tables(campaign: Campaign, found: Found) -> list[Table]:
    """Return every table of points that has a row."""
    note = (
        "Points in the order of the outcome, each with its interval. Luck: the part of the variance between points "
        "that other runs would not repeat."
    )
    others = [name for name, seen in found.spreads.items() if name not in OUTCOMES and seen.shares[-1].count > 0]
    main, rest = ([_spread(name, found.spreads[name]) for name in names] for names in (found.main, others))
    every = [
        Table("spread", "Outcomes over the points", SPREAD, main, note),
        _sliced(found),
        _keys(campaign, found),
        _points(campaign, found),
        Table("others", "Other outcomes over the points", SPREAD, rest, note, True),
    ]  # fmt: skip
    return [table for table in every if table.rows]


def _spread(name: str, seen: Spread) -> list[Cell]:
    luck = Cell("-", None) if seen.luck is None else number(seen.luck, f"{100 * min(max(seen.luck, 0.0), 1.0):.1f}")
    return [words(worded(name)), *(share(seen.shares[at]._asdict()) for at in (0, 1, 3, 5, 6)), luck]


def _sliced(found: Found) -> Table:
    rows = [
        [Cell(f"{one.key} {part.text}", f"{one.key} {at:02}"), number(part.points, f"{part.points:,}"),
         Cell(f"{100 * part.mean:.1f} %", part.mean, f"({100 * part.low:.1f}-{100 * part.high:.1f})"),
         _explains(one.explained)]
        for one in found.bearings for at, part in enumerate(one.slices)
    ]  # fmt: skip
    name = worded(found.outcome)
    columns = ("key and values", "points", f"{name}, mean of points", "variance that the key explains")
    note = "Fifths of the points by a key's value, or single values. Intervals (95 %): other points and other runs."
    return Table("slices", f"{name.capitalize()} where a key has these values", columns, rows, note)


def named(key: str) -> Cell:
    """Return a key with what it is."""
    meant = meaning(key)
    return Cell(key, key, f"({meant})" if meant else "")


def _explains(part: float | None) -> Cell:
    return Cell("-", None) if part is None else number(part, f"{max(100 * part, 0):.1f} %")


def _keys(campaign: Campaign, found: Found) -> Table:
    keys = [*found.parts, *(key for key in campaign.manifest["keys"] if key not in found.parts)]
    rows = [
        [named(key), words(varied(campaign, found.table, key)), _explains(found.parts.get(key))] for key in keys[:EVERY]
    ]
    more = f" {len(keys) - EVERY:,} more are in design.parquet." if len(keys) > EVERY else ""
    note = (
        f"What a key explains by itself of the variance of {worded(found.outcome)} between points, less what chance "
        f"puts between slices (epsilon squared); shown as 0 where it is less than that.{more}"
    )
    return Table("keys", "Every key", ("key", "varied", "variance it explains"), rows, note, len(keys) > TOLD)


def _points(campaign: Campaign, found: Found) -> Table:
    """Every point, or the lowest and the highest; of many keys those that explain most."""
    table, keys = found.table, list(found.parts)[:COLUMNS] or campaign.manifest["keys"][:COLUMNS]
    order = np.argsort(-_counts(table, found.outcome), kind="stable")
    chosen = order if len(order) <= 2 * ROWS else np.concatenate([order[:ROWS], order[-ROWS:]])
    needed = ["point", *keys, *(f"{name}_count" for name in found.main)]
    rows = [
        [number(row["point"], f"{row['point']:,}"), *(_value(row[key]) for key in keys),
         *(share(proportion(row[f"{name}_count"], campaign.runs)._asdict()) for name in found.main)]
        for row in table.select(needed).take(pa.array(chosen)).to_pylist()
    ]  # fmt: skip
    which = "Points" if len(chosen) == len(order) else f"The {ROWS} points with most and the {ROWS} with least"
    caption = f"{which}, by {worded(found.outcome)}"
    left_out = len(campaign.manifest["keys"]) - len(keys)
    note = f"All {len(table):,} points and all their outcomes: points.parquet."
    note += f" {left_out:,} keys are left out here." if left_out else ""
    columns = ("point", *keys, *(worded(name) for name in found.main))
    return Table("points", caption, columns, rows, note, len(rows) > FOLDED)


def _value(value: Any) -> Cell:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value, told(value))
    return words(told(value))


def failures(points: pa.Table) -> list[Table]:
    """Points that failed, by reason; nothing where none did."""
    failed = points.filter(pa.array(~whole(points))).select(["point", "failed"]).to_pylist()
    if not failed:
        return []
    reasons = Counter(row["failed"] for row in failed)
    rows = []
    for reason, count in reasons.most_common(REASONS):
        numbers = [row["point"] for row in failed if row["failed"] == reason][:ROWS]
        shown = ", ".join(f"{point:,}" for point in numbers) + (", ..." if count > len(numbers) else "")
        rows.append([words(reason), number(count, f"{count:,}"), words(shown)])
    more = f" {len(reasons) - REASONS:,} more reasons are in points.parquet." if len(reasons) > REASONS else ""
    note = f"The same command tries them again.{more}"
    return [Table("failed", "Points that failed", ("reason", "how many", "points"), rows, note)]
