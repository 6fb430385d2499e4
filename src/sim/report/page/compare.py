"""The page of a comparison: differences with their intervals, runs that turned, and what the variants assume."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.display import points, turned
from sim.estimate import Proportion
from sim.ladder import Ladder
from sim.plot.beside import Reached, reached
from sim.report.compare import ratio
from sim.report.page.assumed import assumed, differing
from sim.report.page.report import Report, write
from sim.report.page.run import asked
from sim.report.page.shell import Cell, Picture, Table, bracketed, number, picture, share, words
from sim.report.tables import spaced
from sim.scenario.schema import Scenario

Result = Mapping[str, Any]
CAUTION = (
    "Each variant has the same runs with the same draws, so that a difference is one run by run. Paired 95 % intervals "
    "(Tango's score) hold each by itself and are of Monte Carlo error alone; of 20 outcomes that do not differ, one is "
    "expected to be marked as if it did. What a variant turns is turned under the model's assumptions; not a forecast."
)
COLUMNS = (
    "outcome", "variant", "first", "variant's", "difference, points", "turned up, %", "turned down, %",
    "variance ratio",
)  # fmt: skip
# By name of the table: its caption, the kinds of outcomes in it, whether it is folded.
PARTS = {
    "events": ("War, nuclear use, settlement and rungs", ("event", "rung"), False),
    "states": ("Who uses force", ("state",), True),
    "steps": ("Steps of treaties, as shares of all runs", ("step",), True),
}


def write_comparison(
    result: Result, scenarios: Mapping[str, Scenario], manifest: Mapping[str, Any], world: Path, folder: Path
) -> Path:
    """Write report.html into the folder of a comparison, in which its figures and parting.txt are already.

    Parameters
    ----------
    result : mapping
        Of `sim.study.compare.compare`.
    scenarios : mapping of Scenario
        The variants, by name, as they were given to it.
    manifest, world
        As of `sim.report.page.run.write_run`.
    """
    first = scenarios[result["first"]]
    report = Report(
        "a comparison",
        first.title,
        _asked(result, first),
        answers(result),
        CAUTION,
        _figures(result, first, folder),
        [_variants(result), differing(scenarios), *tables(result, first.ladder)],
        first,
        assumed(first, world),
        (folder / "parting.txt").read_text(encoding="utf-8"),
    )
    return write(report, manifest, folder)


def answers(result: Result) -> dict[str, str]:
    """Return a sentence for each variant: by how much war is more or less frequent than under the first."""
    war = next(outcome for outcome in result["outcomes"] if outcome["name"] == "war")
    before = Proportion(**war["shares"][result["first"]])
    told = {}
    for name, apart in war["differences"].items():
        if result["variants"][name]["given_rung"] >= result["war"]:
            told[name] = "war is set by the scenario."
            continue
        up, down = (apart[way]["count"] for way in ("turned_up", "turned_down"))
        estimate, _, bounds = points(apart).rstrip(")").partition(" (")
        told[name] = (
            f"war in {Proportion(**war['shares'][name]).count:,} of {before.n:,} runs instead of "
            f"{before.count:,}, {estimate} percentage points (95 % interval {bounds}); {up:,} runs turn "
            f"to war, {down:,} turn from it."
        )
    return told


def tables(result: Result, ladder: Ladder) -> list[Table]:
    """Return differences of all outcomes, in tables by their kind."""
    note = (
        f"First: under {result['first']}. Turned up: it happens under the variant alone; turned down: under "
        f"{result['first']} alone. Variance ratio: how many times as many runs the same precision would take without "
        "common draws. Rungs that both set themselves are left out."
    )
    found = []
    for name, (caption, kinds, folded) in PARTS.items():
        rows = [
            row for outcome in result["outcomes"] if outcome["kind"] in kinds for row in _rows(outcome, result, ladder)
        ]
        found.append(Table(name, caption, COLUMNS, rows, note, folded))
    return found


def _rows(outcome: Mapping[str, Any], result: Result, ladder: Ladder) -> Iterable[list[Cell]]:
    if not any(found["count"] for found in outcome["shares"].values()):
        return
    first = result["first"]
    for name, apart in outcome["differences"].items():
        given = [_is_given(outcome, result["variants"][which]["given_rung"], ladder) for which in (first, name)]
        if all(given):
            continue
        shares = [
            Cell("set by the scenario", None) if is_given else share(outcome["shares"][which])
            for which, is_given in zip((first, name), given, strict=True)
        ]
        estimates = [
            bracketed(points(apart), apart["difference"]),
            *(number(apart[way]["share"], turned(apart[way])) for way in ("turned_up", "turned_down")),
            number(apart["variance_ratio"], ratio(apart["variance_ratio"])),
        ]
        yield [words(_name(outcome)), words(name), *shares, *([Cell("-", None)] * 4 if any(given) else estimates)]


def _is_given(outcome: Mapping[str, Any], given: int, ladder: Ladder) -> bool:
    """Whether a scenario that sets a rung makes an outcome happen itself."""
    if outcome["kind"] == "rung":
        return ladder.names.index(outcome["name"]) <= given
    return outcome["name"] == "war" and ladder.war <= given


def _name(outcome: Mapping[str, Any]) -> str:
    if outcome["kind"] == "step":
        who = f"{outcome['ally']} for {outcome['protected']}"
        return f"{outcome['treaty']} {outcome['clause']}, {who}: {outcome['name']}"
    return spaced(outcome["name"]) + (" or more" if outcome["kind"] == "rung" else "")


def _asked(result: Result, first: Scenario) -> dict[str, str]:
    told = asked(first, result["seed"], result["runs"])
    told["Runs"] = f"{result['runs']:,} of each variant, with the same draws"
    told["Variant"] = f"{', '.join(result['variants'])}; all beside {result['first']}"
    return told


def _variants(result: Result) -> Table:
    rows = [
        [
            words(name),
            words(about["summary"] or "the scenario as it is"),
            number(about["given_rung"], str(about["given_rung"])),
        ]
        for name, about in result["variants"].items()
    ]
    note = "What the scenario itself sets is no finding."
    return Table("variants", "The variants", ("variant", "what it is", "rung that the scenario sets"), rows, note)


def _figures(result: Result, first: Scenario, folder: Path) -> list[Picture]:
    told = " ".join(f"{name}: {sentence}" for name, sentence in answers(result).items())
    return [
        picture(folder, "forest.svg", f"Forest plot. {told}", "forest.svg and .png", wide=True),
        picture(
            folder, "exceedance.svg", _how_far(reached(result, first.ladder), first.ladder), "exceedance.svg and .png"
        ),
    ]


def _how_far(variants: Mapping[str, Reached], ladder: Ladder) -> str:
    told = []
    for name, variant in variants.items():
        rungs = range(ladder.use, variant.given, -1)
        shares = ", ".join(f"{rung} {ladder.titles[rung]} {variant.shares[rung]}" for rung in rungs)
        told.append(f"{name}: {shares}")
    return f"Dot plot, logarithmic scale. Share of runs that reach at least a rung. {'; '.join(told)}."
