"""The page of a sensitivity analysis: which keys outcomes hang on, with their indices and both ends of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.campaign.manifest import Campaign
from sim.campaign.points import in_words, luck, worded
from sim.campaign.sensitivity import MAIN
from sim.plot.sensitivity import NAMES
from sim.report.page.analysed import NO_FORECAST, begun, of_group, suffix, write_analysis
from sim.report.page.points import named
from sim.report.page.shell import Cell, Picture, Table, picture
from sim.report.sensitivity import COLUMNS, METHODS, left_out, stands_out, without

Result = Mapping[str, Any]
FIRST, EVERY = 3, 1_000  # keys named in the answer, and in the words for a figure; in a table


def write_sensitivity(campaign: Campaign, result: Result, manifest: Mapping[str, Any], folder: Path) -> Path:
    """Write report.html into the folder of a sensitivity analysis, in which its figures are already.

    Parameters
    ----------
    result : mapping
        As sensitivity.json has it.
    manifest : mapping
        Of the analysis, as `sim.store.about` returns it.
    """
    text = (
        f"{METHODS[result['method']]} Intervals (95 %) are of resampled points and runs. Low and high: the outcome "
        f"where a key is in its lowest and in its highest fifth. {NO_FORECAST}"
    )
    every = [(number, group) for number, group in enumerate(result["groups"])]
    return write_analysis(
        campaign, manifest, folder, "a sensitivity analysis",
        more={"Method": NAMES[result["method"]][1], "Outcomes": in_words(result["groups"][0]["targets"])},
        answers=list(_hangs_on(result)), caution=text,
        figures=[figure for at, group in every for figure in _tornadoes(result, group, at, folder)],
        tables=[table for at, group in every for table in _indices(result, group, at)],
    )  # fmt: skip


def _hangs_on(result: Result) -> Iterator[str]:
    """Sentences for a group: first keys of each outcome, with indices; outcomes that have none; what is left out."""
    for group in result["groups"]:
        for target, found in group["targets"].items():
            if found["keys"]:
                yield f"{begun(worded(target))}{of_group(group)} {_leading(result['method'], found)}; {luck(found)}."
        for problem, names in without(group).items():
            yield f"{begun(problem)}{of_group(group)}: {in_words(names)}."
        yield from (f"{line}{of_group(group)}." for line in left_out(group))


def _leading(method: str, found: Mapping[str, Any]) -> str:
    """Keys whose index is more than luck or a key without effect would give, the first of them with their indices."""
    _, cells = COLUMNS[method]
    clear = [(key, row) for key, row in found["keys"].items() if stands_out(method, row)]
    if not clear:
        return f"hangs on none of {len(found['keys'])} keys clearly: no {NAMES[method][1]} stands out from chance"
    told = ", ".join(f"{key} {cells(row)[0]}" for key, row in clear[:FIRST])
    among = f"{len(clear)} of {len(found['keys'])} keys {'stands' if len(clear) == 1 else 'stand'} out from chance"
    return f"hangs most on {told} ({NAMES[method][1]}); {among}"


def _tornadoes(result: Result, group: Mapping[str, Any], at: int, folder: Path) -> Iterator[Picture]:
    end = suffix(result["groups"], at)
    _, cells = COLUMNS[result["method"]]
    told = []
    for target, found in group["targets"].items():
        if not found["keys"]:
            continue
        rows = list(found["keys"].items())
        told.append(f"{worded(target)}, largest: {', '.join(f'{key} {cells(row)[0]}' for key, row in rows[:FIRST])}")
        ends = "; ".join(f"{key} from {_share(row['at_low'])} to {_share(row['at_high'])}" for key, row in rows[:FIRST])
        alt = f"Tornado of {worded(target)}{of_group(group)}, first {FIRST} keys, from low to high: {ends}."
        file = f"tornado-{target}{end}"
        yield picture(folder, f"{file}.svg", alt, f"{file}.svg and .png", wide=True)
    if told:
        alt = f"Heatmap{of_group(group)} of the {NAMES[result['method']][1]} of keys for outcomes. {'; '.join(told)}."
        yield picture(folder, f"heatmap{end}.svg", alt, f"heatmap{end}.svg and .png", wide=True)


def _share(mean: Mapping[str, float]) -> str:
    return f"{100 * mean['value']:.1f} % ({100 * max(mean['low'], 0):.1f}-{100 * min(mean['high'], 1):.1f})"


def _indices(result: Result, group: Mapping[str, Any], at: int) -> Iterator[Table]:
    names, cells = COLUMNS[result["method"]]
    for target, found in group["targets"].items():
        main = MAIN[result["method"]]
        rows = [
            [named(key), Cell(cells(row)[0], row[main]["value"]), *(_figure(cell) for cell in cells(row)[1:]),
             *(Cell(_share(row[end]), row[end]["value"]) for end in ("at_low", "at_high"))]
            for key, row in list(found["keys"].items())[:EVERY]
        ]  # fmt: skip
        if rows:
            caption = f"{begun(worded(target))}{of_group(group)}: {100 * found['mean']:.1f} % of runs"
            note = f"{luck(found).capitalize()}."
            columns = ("key", *names, f"{worded(target)} where low", "where high")
            yield Table(f"keys-{target}-{at}", caption, columns, rows, note, len(rows) > 20)


def _figure(text: str) -> Cell:
    """A number, with or without its interval, sorted by its first figure."""
    return Cell(text, float(text.partition(" ")[0]))
