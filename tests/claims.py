"""What theory says that pacts, noise, presence and sanctions do, as pairs of scenarios on the same draws.

``python tests/claims.py`` prints the table of docs/theory.md from 2,000 pairs each, ``--write`` puts it there.
"""

import argparse
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

import sim
from sim.batch import Runs
from sim.codes import Level
from sim.ensemble import run_ends
from sim.scenario.build import build
from sim.study.paired import difference

PAGE = Path(__file__).parents[1] / "docs" / "theory.md"
BEGIN, END = "<!-- claims: written by tests/claims.py -->", "<!-- /claims -->"
SEED, PAIRS = 1, 2000
Sides = tuple[str, tuple[str, ...]]  # a scenario and what is changed in it
Measure = Callable[[Sides, int], NDArray[Any]]  # of so many runs: whether it happened, or how much


@lru_cache(maxsize=4)  # neighbouring claims share a side
def batch(sides: Sides, runs: int) -> Runs:
    return sim.simulate(sim.load(sides[0], list(sides[1])), runs, SEED)


def stands(code: str, threshold: str) -> Measure:
    """Whether a state comes to stand at a threshold of the ladder."""

    def measure(sides: Sides, runs: int) -> NDArray[np.bool_]:
        made = batch(sides, runs)
        return (made.table[f"rung_{code}"] >= getattr(made.scenario.ladder, threshold)).to_numpy()

    return measure


def sends(code: str, level: Level) -> Measure:
    return lambda sides, runs: (batch(sides, runs).table[f"help_{code}"] >= level).to_numpy()


def anyone(column: str) -> Measure:
    return lambda sides, runs: batch(sides, runs).table[column].to_numpy()


def industry(code: str) -> Measure:
    """Defence industry of a state at the end."""

    def measure(sides: Sides, runs: int) -> NDArray[np.float64]:
        model = build(sim.load(sides[0], list(sides[1])))
        return run_ends(model.params, model.blank, SEED, 0, runs).state["industry"][:, model.states.index(code)]

    return measure


class Claim(NamedTuple):
    """Something that theory says, by the sign of a difference, and whether the model is found to show it."""

    name: str
    says: str
    source: str
    scenario: str
    without: tuple[str, ...]
    under: tuple[str, ...]
    of: str
    measure: Measure
    sign: int
    shows: bool = True


TENSE = "variant=no_carrier"  # North Korea threatens South Korea, and nothing else is set
CHINA, RUSSIA = "treaties.CHN-PRK-1961", "treaties.RUS-PRK-2024"
TAIWAN = "treaties.USA-TWN-CLARITY.clauses.commitment"


def blank_cheque(clause: str) -> tuple[str, ...]:
    """The strongest words: for a provoked attack too, automatic, with no filter."""
    words = ("trigger.provoked=covered", "strength=4", "discretion=automatic", "filters=[]")
    return tuple(f"{clause}.{word}" for word in words)


CLARITY = (
    "scenario.events=[]", "variant=us_clear_commitment", f"{TAIWAN}.strength=4", f"{TAIWAN}.duty=all_means",
    f"{TAIWAN}.discretion=automatic", "rules.reliability=0.9",
)  # fmt: skip
CLAIMS = (
    Claim(
        "emboldenment", "China stands behind North Korea whatever it does: North Korea uses lethal force more often",
        "Snyder 1984; Benson 2011", "carrier_at_busan", (TENSE, f"{CHINA}.in_force=false", "rules.reliability=0.66"),
        (TENSE, *blank_cheque(f"{CHINA}.clauses.art2"), "rules.reliability=0.66"), "lethal force by North Korea",
        stands("PRK", "lethal"), 1,
    ),
    Claim(
        "entrapment", "Bound to South Korea, the United States come to use force in a quarrel that is not theirs",
        "Snyder 1984; Kim 2011", "yeonpyeong_shelling", ("treaties.USA-KOR-1953.in_force=false",), (),
        "force by the United States", stands("USA", "force"), 1,
    ),
    Claim(
        "abandonment", "Tied down in Ukraine, Russia sends forces less often, whatever it has signed",
        "Snyder 1984; Leeds 2003", "korea_strike",
        (*blank_cheque(f"{RUSSIA}.clauses.art4"), "states.RUS.committed=0.05"),
        (*blank_cheque(f"{RUSSIA}.clauses.art4"), "states.RUS.committed=0.9"), "Russian forces for North Korea",
        sends("RUS", Level.LIMITED_FORCES), -1,
    ),
    Claim(
        "deterrence by pact", "The American treaty keeps North Korea from lethal force", "Huth 1988; Leeds 2003",
        "carrier_at_busan", (TENSE, "treaties.USA-KOR-1953.in_force=false"), (TENSE,), "lethal force by North Korea",
        stands("PRK", "lethal"), -1,
    ),
    Claim(
        "deterrence by clarity", "A sure and automatic promise to Taiwan keeps China from war",
        "Fearon 1997; Benson 2012", "taiwan_blockade", ("scenario.events=[]",), CLARITY, "war by China",
        stands("CHN", "war"), -1,
    ),
    Claim(
        "moral hazard", "With that promise Taiwan gives less way", "Snyder 1984; Benson 2012", "taiwan_blockade",
        ("scenario.events=[]",), CLARITY, "lethal force by Taiwan", stands("TWN", "lethal"), 1,
    ),
    Claim(
        "the spiral", "Incidents, misread signs and errors about power bring force that nobody wanted",
        "Jervis 1976; Kydd 2005", "armistice_incident", ("variant=no_noise",), (), "force by anyone",
        anyone("force"), 1,
    ),
    Claim(
        "misperception alone", "Misread signs alone, without incidents, bring force nearer", "Jervis 1976",
        "armistice_incident", ("variant=no_noise",), ("variant=no_noise", "rules.misreading=0.5", "rules.opacity=0.3"),
        "force by anyone", anyone("force"), 1, False,
    ),
    Claim(
        "presence alone", "A carrier without a word keeps North Korea from force",
        "Post 2019; against it Fuhrmann & Sechser 2014", "carrier_at_busan", (TENSE,), ("variant=silent_call",),
        "force by North Korea", stands("PRK", "force"), -1, False,
    ),
    Claim(
        "hollow sanctions", "Evasion undoes what sanctions take from North Korea's industry", "Early 2015",
        "sanctions_hollow", ("variant=enforced",), ("variant=leaky",), "industry of North Korea", industry("PRK"), 1,
    ),
    Claim(
        "sanctions and conduct", "Sanctions that bite keep North Korea from war", "Hufbauer et al. 2007",
        "sanctions_hollow", ("variant=leaky",), ("variant=enforced",), "war by North Korea", stands("PRK", "war"), -1,
        False,
    ),
)  # fmt: skip


class Finding(NamedTuple):
    """What came of a claim: without and under it, and the paired difference with its 95 % interval."""

    without: float
    under: float
    difference: float
    low: float
    high: float

    def shows(self, sign: int) -> bool:
        """Whether the interval lies on one side of zero."""
        return min(sign * self.low, sign * self.high) > 0


def find(claim: Claim, pairs: int) -> Finding:
    """Run both sides of a claim on the same draws; amounts are shares of their mean without it."""
    without, under = (claim.measure((claim.scenario, changes), pairs) for changes in (claim.without, claim.under))
    if without.dtype == bool:
        apart = difference(without, under)
        return Finding(without.mean(), under.mean(), *(apart[key] for key in ("difference", "low", "high")))
    apart = (under - without) / without.mean()
    half = t.ppf(0.975, pairs - 1) * apart.std(ddof=1) / np.sqrt(pairs)
    return Finding(1.0, under.mean() / without.mean(), apart.mean(), apart.mean() - half, apart.mean() + half)


def table(pairs: int) -> str:
    rows = ["| claim | theory | measure | without | under it | difference, points | as theory says |", "|---" * 7 + "|"]
    for claim in CLAIMS:
        found = find(claim, pairs)
        shares = f"{100 * found.without:.1f} % | {100 * found.under:.1f} %"
        apart = f"{100 * found.difference:+.1f} ({100 * found.low:+.1f} to {100 * found.high:+.1f})"
        shown = "yes" if found.shows(claim.sign) else "**not shown**"
        theory = f"{claim.says} ({claim.source})"
        rows.append(f"| {claim.name} | {theory} | {claim.of}, `{claim.scenario}` | {shares} | {apart} | {shown} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    made = f"Made by `python tests/claims.py --write`: {asked.pairs:,} pairs each, seed {SEED}.\n\n{table(asked.pairs)}"
    if asked.write:
        text = PAGE.read_text()
        start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
        PAGE.write_text(f"{text[:start]}\n\n{made}\n\n{text[end:]}")
    else:
        print(made)


if __name__ == "__main__":
    main()
