"""An entry of the log in words."""

from __future__ import annotations

from typing import Any

from sim.ladder import Ladder

LEVELS = {
    "nothing": "nothing",
    "consult": "consultation",
    "materiel": "materiel",
    "limited_forces": "limited forces",
    "all_means": "all means",
}
CHOICES = {
    "protest": "protest (cheap talk)",
    "commitment": "a public commitment (ties hands)",
    "mobilisation": "mobilisation (sinks cost)",
    "deployment": "deployment (sinks cost)",
    "let_go": "lets go",
    "hedge": "hedges",
    "restrain": "restrains",
    "back": "backs it",
    "concession": "a concession",
}  # the others are clear as they are
ALERTS = ("normal", "rhetoric", "raised", "war footing")

# By kind; a treaty's steps stand behind its name. A kind without a line here is told by its name.
PHRASES = {
    "act": "{actor} > {target}  {rung}  [scenario]",
    "rung": "{actor} > {target}  now at {rung}",
    "alert": "{actor} > {target}  nuclear alert {alert}",
    "incident": "{actor} > {target}  incident: finds itself at {rung}",
    "false_alarm": "{actor} takes {target} to be at nuclear alert {alert}: a false alarm",
    "volunteered": "{actor} helps {target} unasked: {level}",
    "widened": "{actor} > {target}  carries the attack to it: {rung}",
    "signal": "{actor} > {target}  signals: {choice}",
    "stance": "{actor}, patron of {target}: {choice}",
    "offered": "{actor} > {target}  offers {choice}",
    "mediated": "{actor}: mediator in {target}",
    "armistice_broken": "{actor} > {target}  the armistice is broken, at {rung}",
    "armistice_restored": "{actor}, {target}: the armistice is restored",
    "rearmed": "{actor}: rearmament {choice}",
    "cyber": "{actor} > {target}  cyber act, {choice}",
    "blamed": "{actor} blames {target} for a cyber act and sees it at {rung}",
    "sanctioned": "{actor} > {target}  sanctions, {choice}",
    "vetoed": "{actor}: veto against sanctions on {target}",
    "evasion": "{actor}: help for {target} to evade sanctions {choice}",
    "crisis": "a new crisis between {actor} and {target} begins: {actor} at {rung}",
    "left": "{actor} leaves {treaty}",
    "signed": "{actor} sign {treaty}",
    "lifted": "{actor} > {target}  sanctions lifted",
    "nuclear_use": "{actor} > {target}  NUCLEAR USE",
    "settled": "the crisis in {actor} is settled: everyone steps down",
    "lapsed": "the crisis in {actor} lapses: everyone has stepped down",
}
STEPS = {
    "triggered": "triggered at {rung}",
    "requested": "{actor} asks",
    "recognised": "recognised{odds}",
    "denied": "not recognised{odds}",
    "honoured": "answers with {level}",
    "rung": "now at {rung}",
}


ALIGNMENTS = ("left", "signed")  # steps of the slow clock, not of a case


def _listed(codes: str) -> str:
    """Codes as a sentence lists them: "JPN, KOR and USA"."""
    return " and ".join(codes.rsplit(", ", 1))


def rung_in_words(ladder: Ladder, rung: int) -> str:
    """Number and name of a rung."""
    return f"{rung} {ladder.names[rung].replace('_', ' ')}"


def decimal(value: float, sign: str = "") -> str:
    """Two decimals without a leading zero, as journals print shares: .31, -.40, 1.20, 0; `sign` "+" shows it."""
    if abs(value) < 0.005:
        return "0"
    return f"{value:{sign}.2f}".replace("0.", ".", 1) if abs(value) < 0.995 else f"{value:{sign}.2f}"


def entry_in_words(entry: dict[str, Any], ladder: Ladder) -> str:
    """Return what happened; a treaty's step without the treaty's name."""
    phrases = STEPS if entry["treaty"] and entry["kind"] not in ALIGNMENTS else PHRASES
    phrase = phrases.get(entry["kind"], "{actor} > {target}  {kind}")
    probability = entry["probability"]
    contested = probability is not None and probability < 1
    alert, level = entry["alert"], entry["level"]
    return phrase.format(
        actor=_listed(entry["actor"]) if entry["kind"] in ALIGNMENTS else entry["actor"],
        target=entry["target"],
        treaty=entry["treaty"],
        kind=entry["kind"].replace("_", " "),
        rung=rung_in_words(ladder, entry["rung"]) if entry["rung"] is not None else "",
        alert=f"{alert} {ALERTS[alert]}" if alert is not None else "",
        level=LEVELS.get(level, ""),
        choice=CHOICES.get(entry["choice"], entry["choice"]),
        odds=f" (p of recognition {decimal(probability)})" if contested else "",
    )
