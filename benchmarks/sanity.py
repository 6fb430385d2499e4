"""The scenarios' shares beside base rates and published anchors: ``python benchmarks/sanity.py --write``.

Prints Markdown; with ``--write`` it replaces the section between the markers in docs/model.md. Anchors are
conditional, so the model's shares are conditioned in the same way, and the number of runs at risk stands beside.
"""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

import sim
from sim.batch import Runs
from sim.codes import Level
from sim.estimate import Proportion, proportion
from sim.history.base_rates import CRISES_BY_TRIGGER, DISPUTES
from sim.scenario.schema import Act, Scenario

MODEL = Path(__file__).parents[1] / "docs" / "model.md"
BEGIN, END = "<!-- sanity: written by benchmarks/sanity.py -->", "<!-- /sanity -->"
FEW = 30  # runs at risk below which nothing is said about an anchor

STRIKE, TARGETS = ("korea_strike", None), ("korea_strike", "regime_targets")
SHELLING, POSTS = ("yeonpyeong_shelling", None), ("yeonpyeong_shelling", "strike_on_command_posts")
BLOCKADE = ("taiwan_blockade", None)
BATCHES = (STRIKE, TARGETS, SHELLING, POSTS, BLOCKADE)
Name = tuple[str, str | None]


class Anchor(NamedTuple):
    """A probability from elsewhere: range, centre if one is given, what it is of, citation."""

    low: float
    centre: float | None
    high: float
    source: str


class Violence(NamedTuple):
    """Crises by ICB's violence, none to full-scale war."""

    what: str
    none: int
    minor: int
    serious: int
    war: int


PRIOR = "judgement, to be swept"
ANCHORS = {
    "US fights": Anchor(0.85, 0.95, 0.99, f"tripwire force; {PRIOR}"),
    "China, strike": Anchor(0.05, 0.1, 0.3, f"treaty of 1961, 1950; {PRIOR}"),
    "China, invasion": Anchor(0.3, 0.5, 0.8, f"1950; {PRIOR}"),
    "Russia recognises": Anchor(0.2, 0.5, 0.8, f"legal filters, refusal of 1968, Kursk 2024; {PRIOR}"),
    "Russia sends aid": Anchor(0.6, 0.85, 0.95, f"aid in 2024-25; {PRIOR}"),
    "Russia fights": Anchor(0.02, 0.1, 0.3, f"Berkemeier & Fuhrmann 2018, distance, Ukraine; {PRIOR}"),
    "nuclear use": Anchor(0.01, 0.05, 0.25, f"no base rate; {PRIOR}"),
    "war, Korea": Anchor(0.002, 0.01, 0.03, f"no strike; COW MID 5.0; {PRIOR}"),
}
MID = (
    ("a dispute becomes war, 1946-2014", proportion(DISPUTES.war, sum(DISPUTES)), "COW MID 5.0"),
    ("a dispute becomes war, 1992-2014", proportion(5, 681), "COW MID 5.0"),
    ("a dispute with a coded death becomes war, 1946-2014", proportion(29, 325), "COW MID 5.0"),
)
# after 1945; a violent trigger is ICB's type 8 or 9; "fit": outside an ongoing war, with a dyad of states,
# and in the training part of the back-test
ICB = {
    True: (
        Violence("ICB, violent trigger, outside wars, training part", 2, 42, 45, 10),
        Violence("ICB, violent trigger, all", *CRISES_BY_TRIGGER[True]),
    ),
    False: (
        Violence("ICB, other trigger, outside wars, training part", 69, 44, 15, 6),
        Violence("ICB, other trigger, all", *CRISES_BY_TRIGGER[False]),
    ),
}
VIOLENT = {"korea_strike": True, "yeonpyeong_shelling": True, "taiwan_blockade": False}
# P(ICB violence | highest kinetic rung): 5 minor at .9, 6 serious at .65, 7 war at .77 (trial fits); by rungs
# relative to the thresholds, so that another ladder has its reading too
READING = {"below": (1.0, 0, 0, 0), "force": (0.1, 0.9, 0, 0), "lethal": (0, 0.35, 0.65, 0), "war": (0, 0, 0.23, 0.77)}
# days: quartiles by violence, ICB after 1945
DURATION = {"minor": (19, 60, 151), "serious": (34, 80, 221), "full-scale war": (76, 160, 270)}
HONOURED = (
    ("a commitment that war invokes is honoured, 1945-2003", "22 %", "Berkemeier & Fuhrmann 2018"),
    ("the same, defence pacts, 1816-2003", "41 %", "Berkemeier & Fuhrmann 2018"),
    ("the same, all alliances, 1816-1944", "74.5 %", "Leeds, Long & Mitchell 2000"),
)
JOINED = (
    ("an ally of the target joins, per ally and dispute, after 1945", proportion(36, 11046)),
    ("the same, joins with force", proportion(8, 11046)),
    ("the same, a major power, dispute with a death", proportion(11, 126)),
    ("a major-power ally joins, per dispute with 26 deaths or war", proportion(6, 30)),
)


class Batch:
    """Runs of one scenario and variant, and questions put to their logs."""

    def __init__(self, name: Name, runs: int) -> None:
        scenario, variant = name
        self.name = f"{scenario}, {variant}" if variant else scenario
        self.found: Runs = sim.simulate(sim.load(scenario, [f"variant={variant}"] if variant else []), runs, 1)
        self.scenario: Scenario = self.found.scenario
        self.ladder = self.scenario.ladder
        self.table = self.found.table
        log = self.found.events
        self.all = set(range(runs))
        self.moves = log[log["kind"].isin(["act", "rung", "incident", "widened"])]
        self.pipeline = log.dropna(subset="treaty")

    def stood(self, actors: Iterable[str], targets: Iterable[str], rung: int) -> set[int]:
        """Runs in which one of the actors stood at a rung or above against one of the targets."""
        moves = self.moves
        hit = moves["actor"].isin([*actors]) & moves["target"].isin([*targets]) & (moves["rung"] >= rung)
        return set(moves.loc[hit, "run"])

    def attacked(self, target: str, but: str, rung: int) -> set[int]:
        """Runs in which a state, one attacker left out, was attacked at a rung or above."""
        return self.stood([code for code in self.scenario.world.states if code != but], [target], rung)

    def stage(self, kind: str, treaty: str, clause: str, ally: str, protected: str) -> set[int]:
        """Runs in which a commitment came to a stage."""
        return set(self._of(treaty, clause, ally, protected).query("kind == @kind")["run"])

    def helped(self, level: Level, treaty: str, clause: str, ally: str, protected: str) -> set[int]:
        """Runs in which a commitment was honoured at a level or above."""
        log = self._of(treaty, clause, ally, protected)
        log = log[log["kind"] == "honoured"]
        codes = log["level"].map(lambda name: Level[str(name).upper()].value).astype(int)
        return set(log.loc[codes >= level, "run"])

    def _of(self, treaty: str, clause: str, ally: str, protected: str) -> pd.DataFrame:
        log = self.pipeline
        at = (log["treaty"] == treaty) & (log["clause"] == clause)
        return log[at & (log["ally"] == ally) & (log["protected"] == protected)]

    def where(self, column: str) -> set[int]:
        """Runs in which something is true."""
        return set(self.table.loc[self.table[column].astype(bool), "run"])

    def defence(self) -> Iterator[tuple[str, str, str, str]]:
        """Defence commitments that were triggered in some run."""
        for row in self.found.summary()["treaties"]:
            if row["kind"] == "defence":
                yield row["treaty"], row["clause"], row["ally"], row["protected"]

    def opening(self) -> tuple[set[str], set[str]]:
        """Who opens the crisis by the scenario's will, and against whom."""
        acts = [event for event in self.scenario.events if isinstance(event, Act)]
        return {code for act in acts for code in act.by}, {code for act in acts for code in act.against}


def given(happened: set[int], at_risk: set[int]) -> Proportion:
    return proportion(len(happened & at_risk), len(at_risk))


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *([str(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def per_cent(share: float) -> str:
    return f"{100 * share:.3g}"


def beside(found: Proportion, anchor: Anchor) -> list[str]:
    """The anchor, and where the model's share lies against it; an interval that meets the range is inside."""
    centre = f"{per_cent(anchor.centre)} % " if anchor.centre is not None else ""
    if found.n < FEW:
        verdict = "too few at risk"
    elif found.high < anchor.low:
        verdict = "**below**"
    elif found.low > anchor.high:
        verdict = "**above**"
    else:
        verdict = "inside"
    return [f"{centre}({per_cent(anchor.low)}-{per_cent(anchor.high)})", verdict, anchor.source]


def shares(batches: dict[Name, Batch]) -> str:
    rows = []
    for batch in batches.values():
        p = batch.found.summary()["probabilities"]
        general = proportion(int((batch.table["highest_kinetic"] >= batch.ladder.top).sum()), len(batch.found))
        found = [Proportion(**p[key]) for key in ("beyond_the_given", "war", "nuclear_use", "settled")]
        rows.append([batch.name, found[0], found[1], general, found[2], found[3]])
    return table(
        ["scenario", "beyond the given rung", "war", "general war", "nuclear use", "settled by the horizon"], rows
    )


def reading(batch: Batch) -> np.ndarray:
    """P(ICB violence) of each run, by its highest kinetic rung; shape (runs, 4)."""
    ladder = batch.ladder
    by_rung = np.array(
        [
            READING["war" if r >= ladder.war else "lethal" if r >= ladder.lethal else "force"]
            if r >= ladder.force
            else READING["below"]
            for r in range(ladder.use + 1)
        ]
    )
    by_rung[ladder.top :] = (0, 0, 0, 1)
    return by_rung[batch.table["highest_kinetic"].to_numpy()]


def violence(batches: dict[Name, Batch]) -> str:
    rows = []
    for violent in (True, False):
        for name in (STRIKE, SHELLING, BLOCKADE):
            if VIOLENT[name[0]] == violent:
                p = reading(batches[name])
                error = 1.96 * p.std(axis=0) / np.sqrt(len(p))
                low, high = np.maximum(p.mean(axis=0) - error, 0.0), p.mean(axis=0) + error
                cells = zip(p.mean(axis=0), low, high, strict=True)
                rows.append([name[0], len(p), *(f"{100 * m:.1f} % ({100 * a:.1f}-{100 * b:.1f})" for m, a, b in cells)])
        for what, *counts in ICB[violent]:
            rows.append([what, sum(counts), *(proportion(count, sum(counts)) for count in counts)])
    return table(["", "n", "no violence", "minor clashes", "serious clashes", "full-scale war"], rows)


def wars(batches: dict[Name, Batch]) -> str:
    rows: list[list[object]] = [
        [f"war in {name[0]}", len(batches[name].where("war")), given(batches[name].where("war"),
         batches[name].all), ""] for name in (SHELLING, STRIKE, BLOCKADE)
    ]  # fmt: skip
    rows += [[what, found.count, found, source] for what, found, source in MID]
    low, centre, high, source = ANCHORS["war, Korea"]
    shown = f"{per_cent(centre or 0)} % ({per_cent(low)}-{per_cent(high)})"
    rows.append(["a Korean dispute becomes war", "", shown, source])
    return table(["", "cases", "share", "source"], rows)


def conditional(batches: dict[Name, Batch]) -> str:
    rows: list[list[object]] = []

    def row(what: str, name: Name, happened: set[int], at_risk: set[int], anchor: str) -> None:
        found = given(happened, at_risk)
        rows.append([what, batches[name].name, found.n, found, *beside(found, ANCHORS[anchor])])

    for name in (SHELLING, POSTS):
        batch, ladder = batches[name], batches[name].ladder
        fights = batch.stood(["USA"], ["PRK"], ladder.force)
        lethal = batch.stood(["PRK"], ["KOR"], ladder.lethal)
        war = batch.stood(["PRK"], ["KOR"], ladder.war)
        row("US fights, given lethal force of North Korea and no more", name, fights, lethal - war, "US fights")
        row("US fights, given war of North Korea on South Korea", name, fights, war, "US fights")
    for name in (STRIKE, TARGETS):
        batch, ladder = batches[name], batches[name].ladder
        china = batch.stood(["CHN"], ["USA", "KOR"], ladder.force)
        war, general = (batch.stood(["USA", "KOR"], ["PRK"], rung) for rung in (ladder.war, ladder.top))
        row("China fights, given war on North Korea short of general war", name, china, war - general, "China, strike")
        row("China fights, given general war on North Korea", name, china, general, "China, invasion")
    for name in (STRIKE, TARGETS):
        batch = batches[name]
        clause = ("RUS-PRK-2024", "art4", "RUS", "PRK")
        requested, recognised = batch.stage("requested", *clause), batch.stage("recognised", *clause)
        row("Russia recognises the case, given a request", name, recognised, requested, "Russia recognises")
        aid = batch.helped(Level.MATERIEL, *clause)
        row("Russia sends materiel or more, given recognition", name, aid, recognised, "Russia sends aid")
        forces = batch.helped(Level.LIMITED_FORCES, *clause)
        row("Russian forces fight, given recognition", name, forces, recognised, "Russia fights")
    for name in (STRIKE, TARGETS, SHELLING, POSTS):
        batch = batches[name]
        at_risk = batch.attacked("PRK", "PRK", batch.ladder.war)
        row("nuclear use, given war on North Korea", name, batch.where("nuclear_use"), at_risk, "nuclear use")
    return table(["", "scenario", "at risk", "model", "anchor", "verdict", "anchor from"], rows)


def of(step: Proportion) -> str:
    """A share with the number at risk, which the words for none and all hold already."""
    return str(step) if step.count in (0, step.n) else f"{step} of {step.n:,}"


def funnel(batches: dict[Name, Batch]) -> str:
    rows = []
    for batch in (batches[name] for name in (STRIKE, SHELLING, BLOCKADE)):
        for found in batch.found.summary()["treaties"]:
            if found["kind"] != "defence" or found["triggered"]["share"] < 0.01:
                continue
            steps = [Proportion(**found[step]) for step in ("triggered", "requested", "recognised")]
            materiel = sum(found["honoured"][level]["count"] for level in ("materiel", "limited_forces", "all_means"))
            fights = Proportion(**found["fights"])
            cells = [of(step) for step in (*steps, proportion(materiel, fights.n), fights)]
            rows.append([batch.name, f"{found['treaty']} {found['clause']}", found["ally"], found["protected"], *cells])
    head = ["scenario", "clause", "ally", "protected", "triggered", "requested", "recognised", "materiel or more"]
    return table([*head, "fights"], rows)


def allies(batches: dict[Name, Batch]) -> str:
    rows: list[list[object]] = []
    for batch in (batches[name] for name in (STRIKE, SHELLING, BLOCKADE)):
        openers, targets = batch.opening()
        honoured = invoked = joined = forced = dyads = 0
        for commitment in batch.defence():
            _, _, ally, protected = commitment
            if ally in openers:
                continue
            war = batch.attacked(protected, ally, batch.ladder.war) & batch.stage("triggered", *commitment)
            invoked += len(war)
            honoured += len(war & batch.helped(Level.LIMITED_FORCES, *commitment))
        owed = {(ally, protected) for _, _, ally, protected in batch.defence()}
        for ally in sorted({ally for ally, protected in owed if protected in targets} - openers - targets):
            dyads += len(batch.found)
            joined += len(batch.stood([ally], openers, batch.ladder.threat))
            forced += len(batch.stood([ally], openers, batch.ladder.force))
        rows.append([f"{batch.name}: forces sent, per commitment that war invokes", proportion(honoured, invoked),
                     invoked, "bystanders' defence clauses"])  # fmt: skip
        rows.append([f"{batch.name}: an ally of the target joins with a threat or more", proportion(joined, dyads),
                     dyads, "per ally and run"])  # fmt: skip
        rows.append([f"{batch.name}: the same, with force", proportion(forced, dyads), dyads, "per ally and run"])
    rows += [[what, share, "", source] for what, share, source in HONOURED]
    rows += [[what, found, found.n, "COW MID 5.0, ATOP 5.1"] for what, found in JOINED]
    return table(["", "share", "at risk", "what of, or source"], rows)


def durations(batches: dict[Name, Batch]) -> str:
    """Quartiles of the day on which it is over, later than the horizon where it is not over by then."""
    rows: list[list[object]] = []
    for batch in (batches[name] for name in (STRIKE, SHELLING, BLOCKADE)):
        ladder = batch.ladder
        for word, low, high in (
            ("force", ladder.force, ladder.force),
            ("lethal clash", ladder.lethal, ladder.war - 1),
            ("war", ladder.war, ladder.use),
        ):
            runs = batch.table[batch.table["highest_kinetic"].between(low, high) & ~batch.table["nuclear_use"]]
            if len(runs) >= FEW:
                days = runs["day_settled"].fillna(np.inf)
                quartiles = np.quantile(days, [0.25, 0.5, 0.75], method="lower")
                last = 7 * batch.scenario.horizon_weeks
                shown = (f"over {last}" if np.isinf(day) else f"{day:.0f}" for day in quartiles)
                rows.append([f"{batch.name}, highest rung: {word}", len(runs), *shown])
    rows += [[f"ICB v13 after 1945, {word}", "", *quartiles] for word, quartiles in DURATION.items()]
    return table(["", "n", "first quartile, days", "median", "third quartile"], rows)


SECTIONS = (
    ("How far the scenarios go", shares),
    ("Violence beside International Crisis Behavior (ICB v13, crises after 1945)", violence),
    ("War beside disputes (COW MID 5.0)", wars),
    ("Conditional on what the anchors are conditional on", conditional),
    ("Treaties: each step among the runs of the step before", funnel),
    ("Allies", allies),
    ("How long it lasts", durations),
)


def report(runs: int) -> str:
    batches = {name: Batch(name, runs) for name in BATCHES}
    made = f"Made by `python benchmarks/sanity.py --write`: {runs:,} runs each, seed 1, exact 95 % intervals."
    return "\n\n".join([made, *(f"**{title}**\n\n{section(batches)}" for title, section in SECTIONS)])


def write(text: str, path: Path = MODEL) -> None:
    """Replace what stands between the markers."""
    before, rest = path.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--write", action="store_true", help="replace the section of docs/model.md")
    options = parser.parse_args()
    text = report(options.runs)
    print(text)
    if options.write:
        write(text)


if __name__ == "__main__":
    main()
