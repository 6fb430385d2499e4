"""What each scenario's mechanism moves: ``python benchmarks/scenarios.py [--write] [--runs N] [NAME ...]``.

Every scenario and each of its variants are run with the same seed, so that luck is common and a difference is that of
the mechanism. Beside the share of runs with war stands what the scenario is about: a capability, sight, a patron's
stance, vetoes, help. ``--write`` replaces the tables of docs/scenarios.md.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray
from sanity import table

import sim
from sim.codes import Level
from sim.config import Places
from sim.ensemble import chunks, compiled_runner
from sim.estimate import proportion
from sim.outcomes import Finals, finals, log_table, measure
from sim.scenario.build import build
from sim.summary import LEVELS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "scenarios.md"
SEED = 1
Values = NDArray[np.float64]  # one a run


class Part(NamedTuple):
    """Some runs: their final worlds, a row of outcomes each, and their logs."""

    ends: Finals
    outcomes: pd.DataFrame
    log: pd.DataFrame

    def state(self, code: str, field: str) -> Values:
        """Figure of a state at the end."""
        return np.asarray(self.ends.world.state[field][:, self.ends.model.states.index(code)], float)

    def runs_with(self, entries: "pd.Series[bool]") -> Values:
        """How many of these entries of the log each run holds."""
        counts = self.log.loc[entries, "run"].value_counts()
        return counts.reindex(self.outcomes["run"], fill_value=0).to_numpy(float)


Measure = Callable[[Part], Values]


def capability(code: str, domain: str) -> Measure:
    return lambda part: part.state(code, domain)


def effort(code: str, theatre: str) -> Measure:
    """Share of a state's forces that is free for a theatre at the end."""

    def found(part: Part) -> Values:
        i, k = part.ends.model.states.index(code), part.ends.model.theatres.index(theatre)
        return np.asarray(part.ends.world.front["effort"][:, i, k])

    return found


def force(code: str, rung: str = "force") -> Measure:
    """Whether a state comes to a threshold against anybody."""
    return lambda part: (
        part.outcomes[f"rung_{code}"].to_numpy() >= int(part.ends.model.params.setting[0][rung])
    ).astype(float)


def logged(kind: str, actor: str | None = None, target: str | None = None, choice: str | None = None) -> Measure:
    """Whether a run's log holds such an entry."""

    def found(part: Part) -> Values:
        chosen = part.log["kind"] == kind
        for column, value in (("actor", actor), ("target", target), ("choice", choice)):
            if value is not None:
                chosen &= part.log[column] == value
        return (part.runs_with(chosen) > 0).astype(float)

    return found


def helped(actor: str, level: Level, target: str | None = None) -> Measure:
    """Whether a state gives that much help, by treaty or unasked; `target` is whom it helps."""

    def found(part: Part) -> Values:
        log = part.log
        honoured, volunteered = log["kind"] == "honoured", log["kind"] == "volunteered"
        if target is not None:
            honoured &= log["protected"] == target
            volunteered &= log["target"] == target
        gave = (honoured | volunteered) & (log["actor"] == actor)
        return (part.runs_with(gave & log["level"].isin(LEVELS[level:])) > 0).astype(float)

    return found


def number(kind: str, target: str | None = None, choice: str | None = None) -> Measure:
    """How often something is in a run's log."""

    def found(part: Part) -> Values:
        chosen = part.log["kind"] == kind
        for column, value in (("target", target), ("choice", choice)):
            if value is not None:
                chosen &= part.log[column] == value
        return part.runs_with(chosen)

    return found


def any_of(*measures: Measure) -> Measure:
    return lambda part: np.max([one(part) for one in measures], axis=0)


def outcome(column: str) -> Measure:
    """A column of the table of runs."""
    return lambda part: part.outcomes[column].to_numpy(float)


MATERIEL, FORCES = Level.MATERIEL, Level.LIMITED_FORCES
ABOUT: dict[str, dict[str, Measure]] = {
    "korea_strike": {"Russia helps with materiel or more": helped("RUS", MATERIEL)},
    "yeonpyeong_shelling": {"North Korea at war": force("PRK", "war")},
    "taiwan_blockade": {"the United States uses force": force("USA")},
    "arms_for_ukraine": {
        "land forces of North Korea": capability("PRK", "land"),
        "its missiles": capability("PRK", "missile"),
        "Russia helps with materiel or more": helped("RUS", MATERIEL, "PRK"),
        "Russian forces free for Korea": effort("RUS", "korea"),
    },
    "technology_transfer": {
        "air forces of North Korea": capability("PRK", "air"),
        "its missiles": capability("PRK", "missile"),
        "its land forces": capability("PRK", "land"),
    },
    "spy_satellite": {
        "sight of North Korea": capability("PRK", "sight"),
        "North Korea uses force": force("PRK"),
        "anybody uses force": lambda part: part.outcomes["force"].to_numpy(float),
    },
    "cyber_campaign": {
        "acts in networks": number("cyber"),
        "false names": number("cyber", choice="misattributed"),
        "China drawn in": any_of(logged("blamed", target="CHN"), logged("cyber", actor="CHN")),
        "anybody uses force": lambda part: part.outcomes["force"].to_numpy(float),
    },
    "armistice_incident": {
        "incidents": number("incident"),
        "anybody uses force": lambda part: part.outcomes["force"].to_numpy(float),
    },
    "carrier_at_busan": {"North Korea uses force": force("PRK"), "the United States uses force": force("USA")},
    "japan_rearms": {
        "missiles of Japan": capability("JPN", "missile"),
        "Japan uses force": force("JPN"),
        "the United States uses force": force("USA"),
    },
    "china_dilemma": {
        "China restrains": logged("stance", "CHN", "PRK", "restrain"),
        "backs": logged("stance", "CHN", "PRK", "back"),
        "lets go": logged("stance", "CHN", "PRK", "let_go"),
    },
    "sanctions_hollow": {
        "industry of North Korea": capability("PRK", "industry"),
        "its land forces": capability("PRK", "land"),
        "vetoed": logged("vetoed", target="PRK"),
        "whole council": logged("sanctioned", target="PRK", choice="whole"),
    },
    "two_fronts": {
        "United States helps Korea with forces": helped("USA", FORCES, "KOR"),
        "helps Taiwan with forces": helped("USA", FORCES, "TWN"),
        "uses force": force("USA"),
        "American forces free for Korea": effort("USA", "korea"),
    },
    "us_response": {
        "sight of South Korea": capability("KOR", "sight"),
        "United States helps with forces": helped("USA", FORCES, "KOR"),
        "Japan helps with materiel or more": helped("JPN", MATERIEL, "KOR"),
        "Japan consults": helped("JPN", Level.CONSULT),
    },
    "axis_of_four": {
        "Russia helps Iran with materiel or more": helped("RUS", MATERIEL, "IRN"),
        "China": helped("CHN", MATERIEL, "IRN"),
        "North Korea": helped("PRK", MATERIEL, "IRN"),
        "with forces, any of them": any_of(*(helped(code, FORCES, "IRN") for code in ("RUS", "CHN", "PRK"))),
    },
    "world_order": {
        "crises in ten years": outcome("crises"),
        "wars": outcome("wars"),
        "treaties left": outcome("treaties_left"),
        "treaties signed": outcome("treaties_signed"),
        "poles": outcome("poles"),
    },
}


def values(name: str, variant: str | None, runs: int) -> dict[str, Values]:
    """War, and what the scenario is about, in each run."""
    model = build(sim.load(name, [f"variant={variant}"] if variant else []))
    found: list[dict[str, Values]] = []
    for chunk in chunks(model, runs, SEED, os.cpu_count() or 1, compiled_runner()):
        ends = finals(model, chunk)
        part = Part(ends, pd.DataFrame(measure(ends)), log_table(ends).to_pandas())
        asked = {"war": lambda p: p.outcomes["war"].to_numpy(float)} | ABOUT[name]
        found.append({word: ask(part) for word, ask in asked.items()})
    return {word: np.concatenate([some[word] for some in found]) for word in found[0]}


def paired(mine: Values, base: Values, share: bool) -> str:
    """Mean difference of the pairs with its 95 % interval: points for shares, per cent of the base for means."""
    off = mine - base
    if not off.any():
        return "no run differs"
    scale = 100.0 if share else 100.0 / base.mean()
    error = 1.96 * off.std(ddof=1) / np.sqrt(len(off))
    unit = "" if share else " %"
    low, high = scale * (off.mean() - error), scale * (off.mean() + error)
    noise = ", noise" if low <= 0.0 <= high else ""
    return f"{scale * off.mean():+.1f}{unit} ({low:+.1f} to {high:+.1f}{noise})"


def level(of: Values) -> str:
    """A share with its interval, or a mean."""
    return str(proportion(int(of.sum()), len(of))) if np.isin(of, (0.0, 1.0)).all() else f"mean {of.mean():.3g}"


def section(name: str, runs: int) -> str:
    declared = yaml.safe_load(Places.find().scenarios[name].read_text(encoding="utf-8")).get("variants", {})
    base = values(name, None, runs)
    rows = [["(base)", level(base["war"]), "", *(level(base[word]) for word in ABOUT[name])]]
    for variant in declared:
        own = values(name, variant, runs)
        cells = []
        for word in ABOUT[name]:
            share = bool(np.isin([*own[word], *base[word]], (0.0, 1.0)).all())
            if not share and not base[word].any():
                cells.append(level(own[word]))
            else:
                cells.append(paired(own[word], base[word], share))
        rows.append([variant, level(own["war"]), paired(own["war"], base["war"], share=True), *cells])
    return f"**{name}**\n\n{table(['variant', 'war', 'war: difference', *ABOUT[name]], rows)}"


def begin(name: str) -> str:
    return f"<!-- runs of {name}: written by benchmarks/scenarios.py -->"


END = "<!-- /runs -->"


def write(name: str, text: str, path: Path = PAGE) -> None:
    """Replace what stands between a scenario's markers."""
    before, rest = path.read_text(encoding="utf-8").split(begin(name))
    _, after = rest.split(END, 1)
    path.write_text(f"{before}{begin(name)}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="scenarios; all by default")
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--write", action="store_true", help="replace the tables of docs/scenarios.md")
    options = parser.parse_args()
    for name in options.names or ABOUT:
        text = section(name, options.runs)
        print(text, end="\n\n", flush=True)
        if options.write:
            write(
                name, f"Made by `python benchmarks/scenarios.py --write --runs {options.runs}`, seed {SEED}.\n\n{text}"
            )


if __name__ == "__main__":
    main()
