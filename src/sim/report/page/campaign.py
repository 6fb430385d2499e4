"""The page of a campaign: what was varied, how outcomes spread over the points, and which keys they go with."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from sim import store
from sim.campaign.background import Background, read_background
from sim.campaign.manifest import Campaign
from sim.campaign.overview import Bearing, Spread, told
from sim.campaign.points import shares, worded
from sim.estimate import Proportion
from sim.plot.campaign import Cloud, save_beside, save_spread
from sim.report.page.assumed import assumed_of
from sim.report.page.points import TOLD, Found, bounded, failures, looked_at, tables, varied
from sim.report.page.report import Report, write
from sim.report.page.shell import Picture, in_words, picture
from sim.scenario.schema import titled

PANELS = 6  # keys in the figure
FEW = 4  # keys of a point in the answer
QUANTILES = 20  # points from which on nine in ten are told
CAUTION = (
    "Shares of runs at the points of the design, under the assumptions below, with 95 % intervals of Monte Carlo error "
    "alone; not a forecast. The spread says how the model responds to the values that were put in, not how likely any "
    "of them is; of many points the lowest and the highest are so by luck as well."
)


def write_campaign(campaign: Campaign, points: pa.Table) -> Path:
    """Write report.html and its figures into the folder of a campaign.

    Parameters
    ----------
    points : pyarrow.Table
        As `sim.campaign.gather.gathered` returned it.

    Returns
    -------
    Path
        The page.
    """
    about = read_background(campaign.folder)
    found = looked_at(campaign, points, about)
    first, *others = answers(campaign, about, found, len(points))
    report = Report(
        "a campaign",
        f"{campaign.manifest['name']}: {titled(about.facts['title'], about.facts['variant'])}",
        asked(campaign, points, about),
        {"": first},
        " ".join([*others, CAUTION]),
        _figures(campaign, found) if found else [],
        [*failures(points), *(tables(campaign, found) if found else [])],
        about.facts,
        assumed_of(about.assumptions, about.sources),
    )
    return write(report, {**campaign.manifest, "sha256": _sums(campaign)}, campaign.folder)


def _sums(campaign: Campaign) -> dict[str, str]:
    files = (campaign.folder / name for name in ("design.parquet", "arrays.parquet", "points.parquet", "runs.parquet"))
    return {file.name: store.file_hash(file) for file in files if file.exists()}


# --- what was asked, and the answer ----------------------------------------------------------------


def asked(campaign: Campaign, points: pa.Table, about: Background) -> dict[str, str]:
    """Return what was put to the model, as terms and words; `points` has a column a key."""
    facts, manifest = about.facts, campaign.manifest
    keys = manifest["keys"]
    first = "; ".join(f"{key} {varied(campaign, points, key)}" for key in keys[:TOLD])
    more = f"; and {len(keys) - TOLD:,} more, in the table of keys" if len(keys) > TOLD else ""
    return {
        "Scenario": facts["name"],
        "Variant": f"{facts['variant']}: {facts['summary']}" if facts["variant"] else "none",
        "Changed on the command line": " ".join(facts["changes"]) or "nothing",
        "Begins": f"{facts['start']}, in {facts['theatre'].replace('_', ' ')}",
        "Looked at for": f"{facts['horizon_weeks']} weeks",
        "Design": manifest["design"],
        "Varied": f"{len(keys):,} {'key' if len(keys) == 1 else 'keys'}: {first}{more}",
        "Points": f"{campaign.points:,}",
        "Runs": f"{campaign.runs:,} at each point, with the same luck run by run",
        "Seed": str(manifest["seed"]),
    }


def answers(campaign: Campaign, about: Background, found: Found | None, points: int) -> list[str]:
    """Return the answer in a sentence, and what goes with it in others."""
    if found is None:
        return [f"There is none: all {points:,} points failed."]
    weeks = "" if "horizon_weeks" in campaign.manifest["keys"] else f" within {about.facts['horizon_weeks']} weeks"
    seen = found.spreads[found.outcome]
    told_all = [f"{found.said}{weeks} {_range(seen, found, len(found.table))}."]
    if len(found.table) > 1:
        told_all += _reasons(seen, found)
    if len(found.table) < points:
        told_all.append(f"{points - len(found.table):,} of {points:,} points failed and are left out.")
    return told_all


def _range(seen: Spread, found: Found, points: int) -> str:
    low, five, _, middle, _, ninety_five, high = seen.shares
    if points == 1:
        return f"in {in_words(middle)}"
    if low.count == high.count:
        return f"in {in_words(low)} at each of {points:,} points"
    ends = f"from {low} at point {_point(found, seen, 0)} to {high} at point {_point(found, seen, -1)}"
    if points < QUANTILES:
        return f"in a share of runs that goes {ends}"
    among = f"{_percent(five)} to {_percent(ninety_five)} of runs at nine points in ten"
    return f"in {middle} of runs at the median of {points:,} points and in {among}; {ends}"


def _percent(found: Proportion) -> str:
    return str(found).partition(" (")[0]


def _point(found: Found, seen: Spread, at: int) -> str:
    """Number of the point at a place in the order, and what it is, if that is short."""
    row = found.table.slice(int(seen.points[at]), 1).to_pylist()[0]
    keys = list(found.parts)
    if len(keys) > FEW:  # then those that say most, if any does
        keys = [one.key for one in found.bearings[:FEW]]
    values = [f"{key} {told(row[key], 3)}" for key in keys]
    more = ["..."] if values and len(found.parts) > FEW else []
    return f"{row['point']:,}" + (f" ({', '.join(values + more)})" if values else "")


def _reasons(seen: Spread, found: Found) -> Iterable[str]:
    """What differs between points, beyond luck."""
    if seen.luck is not None and seen.luck >= 1.0:
        yield "Points differ by no more than the luck of the runs: nothing can be said of keys; more runs would tell."
        return
    if seen.luck is not None:
        part = max(seen.luck, 0.0)
        yield f"Of the variance between points {100 * part:.1f} % is luck of the runs, which more runs would take away."
    first = found.bearings[0] if found.bearings else None
    if first is not None and first.explained is not None and first.explained > 0:
        low, high = first.slices[0], first.slices[-1]
        yield (
            f"Most goes with {first.key}, which by itself explains {100 * first.explained:.0f} % of it, luck included: "
            f"{bounded(low)} where it is {low.text}, {bounded(high)} where it is {high.text}. What keys do together, "
            "and how sure that is, experiment=sensitivity tells."
        )


# --- figures ---------------------------------------------------------------------------------------


def _figures(campaign: Campaign, found: Found) -> list[Picture]:
    folder = campaign.folder / "figures"
    folder.mkdir(exist_ok=True)
    origin = (
        f"{titled(campaign.manifest['scenario'], campaign.manifest['variant'])}: {len(found.table):,} points "
        f"({campaign.manifest['design']}), {campaign.runs:,} runs each, seed {campaign.manifest['seed']}"
    )
    mine = {name: found.spreads[name] for name in found.main}
    save_spread(mine, {name: shares(found.table, name).share for name in mine}, origin, folder / "spread")
    about = "; ".join(
        f"{worded(name)} from {seen.shares[0]} by {seen.shares[3]} at the median to {seen.shares[-1]}"
        for name, seen in mine.items()
    )
    alt = f"Ranges of outcomes over {len(found.table):,} points, share of runs: {about}."
    pictures = [picture(campaign.folder, "figures/spread.svg", alt, "figures/spread.svg and .png", wide=True)]
    drawn = found.bearings[:PANELS]
    if drawn:
        share = shares(found.table, found.outcome).share
        clouds = [Cloud(one, found.table.column(one.key).to_pylist(), share) for one in drawn]
        save_beside(clouds, found.outcome, origin, folder / "beside_keys")
        alt = f"Panels of {worded(found.outcome)} by key. " + " ".join(_described(one) for one in drawn)
        pictures.append(
            picture(campaign.folder, "figures/beside_keys.svg", alt, "figures/beside_keys.svg and .png", wide=True)
        )
    return pictures


def _described(one: Bearing) -> str:
    return f"{one.key}: {', '.join(f'{bounded(part)} where it is {part.text}' for part in one.slices)}."
