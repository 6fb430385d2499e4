"""A replayed run as a specialist would read it: as text on the terminal and in a file, and as JSON Lines."""

from __future__ import annotations

import datetime
import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.text import Text

from sim import __version__
from sim.codes import TERMS
from sim.compiled import source_hash
from sim.report.words import ALIGNMENTS, decimal, entry_in_words, rung_in_words
from sim.scenario.assumptions import event_in_words
from sim.scenario.schema import Act, titled
from sim.study.replay import Choice, Option, Replay, Round, records

WIDTH = 100  # of the file
STEPS = ("triggered", "requested", "recognised", "denied", "honoured")
REMAINS = 0.005  # terms smaller than this are not shown,
LARGEST = 4  # nor more than these, where all is said in replay.jsonl

READING = """\
"p" is the probability of the choice made; in brackets that of every rung weighed. Below it: where the state sees
its rival; the resolve it expects of it, and its own; its share of the two sides' power as it judges it; then by
how much the rung chosen is better (+) or worse (-) than staying, term by term, in logit units: the prize, less
costs. Within these odds the state's own taste decides, which nobody else knows and which lasts for months: what is
worse is chosen less often, not never. States of another decision theory than quantal response are marked: a
reciprocal one weighs nothing but reciprocity and inertia, and of a prospect one "framing" is what loss aversion and
distorted odds do to the sum of the other terms; what an equilibrium or a cautious one expects of its rival differs."""


class Line(NamedTuple):
    """A line of the text before it is broken: how far it is indented, and its style on a terminal."""

    text: str
    indent: int = 2
    style: str = ""


def show(replayed: Replay, detail: str, console: Console) -> None:
    """Print a run: with `detail` moves the reasons of turning points only, which the file has of every move."""
    width = min(console.width, WIDTH)
    for line in lines(replayed, "turning" if detail == "moves" else detail):
        console.print(Text(broken(line, width), style=line.style), soft_wrap=True)


def write(replayed: Replay, detail: str, folder: Path, command: Sequence[str]) -> None:
    """Write replay.txt and replay.jsonl into a folder."""
    text = "".join(broken(line, WIDTH) + "\n" for line in lines(replayed, detail))
    (folder / "replay.txt").write_text(text, encoding="utf-8")
    with (folder / "replay.jsonl").open("w", encoding="utf-8") as file:
        for record in (_head(replayed, command), *records(replayed)):
            file.write(json.dumps(record, allow_nan=False, ensure_ascii=False) + "\n")


def _head(replayed: Replay, command: Sequence[str]) -> dict[str, Any]:
    scenario = replayed.scenario
    return {
        "record": "run",
        "scenario": scenario.name,
        "variant": scenario.variant,
        "seed": replayed.seed,
        "run": replayed.run,
        "start": scenario.start.isoformat(),
        "round_days": replayed.round_days,
        "rungs": list(scenario.ladder.names),
        "states": {code: state.name for code, state in scenario.world.states.items()},
        "version": __version__,
        "source": source_hash(),
        "command": list(command),
    }


def broken(line: Line, width: int) -> str:
    """Return a line as text of so many letters a row."""
    pad = " " * line.indent
    return textwrap.fill(
        line.text, width, initial_indent=pad, subsequent_indent=f"{pad}  ", break_on_hyphens=False
    )  # fmt: skip


# --- the run ---------------------------------------------------------------------------------------


def lines(replayed: Replay, detail: str) -> Iterator[Line]:
    """Yield a run line by line.

    Parameters
    ----------
    detail : str
        turning: moves, with reasons for those that cross the threshold of force or of war, up or down;
        moves: reasons for all; full: orders that were kept and all options as well.
    """
    yield from _opening(replayed)
    quiet: list[Round] = []
    for played in replayed.rounds[1:]:
        told = list(round_lines(replayed, played, detail))
        if not told:
            quiet.append(played)
            continue
        yield from _quiet(replayed, quiet)
        quiet = []
        yield Line("")
        yield Line(period(played), 0, "bold")
        yield from told
    yield from _quiet(replayed, quiet)
    yield from _end(replayed)


def _opening(replayed: Replay) -> Iterator[Line]:
    scenario, ladder = replayed.scenario, replayed.scenario.ladder
    yield Line(titled(scenario.title, scenario.variant), 0, "bold")
    yield Line(
        f"Run {replayed.run}, seed {replayed.seed}: one of many that could be, not a forecast. "
        f"{scenario.horizon_weeks} weeks, rounds of {replayed.round_days:g} days.",
        0,
    )
    yield Line("")
    names = (f"{code} {scenario.world.states[code].name}" for code in _taking_part(replayed))
    yield Line("Who: " + ", ".join(names), 0)
    yield Line("Rungs: " + ", ".join(rung_in_words(ladder, rung) for rung in range(len(ladder.names))), 0)
    yield Line("Alert: 0 normal, 1 rhetoric, 2 raised, 3 war footing", 0)
    yield Line("Reading: " + " ".join(READING.split()), 0, "dim")
    yield Line("")
    yield Line(f"start · {_day(scenario.start)}", 0, "bold")
    for entry in _joined(replayed.rounds[0].entries):
        yield Line(f"{entry['actor']} at {rung_in_words(ladder, entry['rung'])} against {entry['target']}")


def _taking_part(replayed: Replay) -> list[str]:
    """Every state that an entry names, in order of appearance."""
    known = replayed.scenario.world.states
    entries = [entry for played in replayed.rounds for entry in played.entries]
    named = (entry[role] for entry in entries for role in ("actor", "target", "ally", "protected"))
    return list(dict.fromkeys(code for code in named if code in known))


def round_lines(replayed: Replay, played: Round, detail: str) -> Iterator[Line]:
    """What there is to tell of a round: events, treaties, orders and their reasons, then what came of them."""
    ladder = replayed.scenario.ladder
    moves = {(choice.actor, choice.target): choice for choice in played.choices if choice.order != choice.stand}
    before, after = played.entries[: played.opened], played.entries[played.opened :]
    yield from _events(replayed, played)
    for entry in _joined(entry for entry in before if not _of_a_case(entry)):
        yield Line(entry_in_words(entry, ladder))
    yield from _treaties(replayed, (entry for entry in before if _of_a_case(entry)))
    for choice in played.choices:
        if (choice.actor, choice.target) in moves or detail == "full":
            yield from _choice(replayed, choice, detail)
    for entry in _joined(entry for entry in after if not _is_order(entry, moves)):
        yield Line(entry_in_words(entry, ladder))


def _of_a_case(entry: dict[str, Any]) -> bool:
    """Whether an entry is a step of a treaty's case."""
    return bool(entry["treaty"]) and entry["kind"] not in ALIGNMENTS


def _is_order(entry: dict[str, Any], moves: dict[tuple[str, str], Choice]) -> bool:
    """Whether an entry is an order that takes effect; it is told as the choice that it was."""
    choice = moves.get((entry["actor"], entry["target"]))
    return bool(entry["kind"] == "rung" and not entry["treaty"] and choice and choice.order == entry["rung"])


def _events(replayed: Replay, played: Round) -> Iterator[Line]:
    """What the scenario makes happen in the round and the log has no entry for, and why acts happen."""
    scenario = replayed.scenario
    for event in scenario.events:
        if played.day <= event.day < played.day + replayed.round_days:
            if not isinstance(event, Act):
                yield Line(f"{event_in_words(event, scenario.ladder.names)}  [scenario]")
            if event.summary:
                yield Line(f'scenario: "{event.summary}"', style="italic")


def _joined(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries that differ in their actor alone, or then in their target alone, told as one."""
    found = list(entries)
    for role in ("actor", "target"):
        groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for entry in found:
            rest = tuple(value for name, value in entry.items() if name != role)
            groups.setdefault(rest, []).append(entry)
        found = [
            {**group[0], role: ", ".join(entry[role] for entry in group)} if len(group) > 1 else group[0]
            for group in groups.values()
        ]
    return found


def _treaties(replayed: Replay, entries: Iterable[dict[str, Any]]) -> Iterator[Line]:
    """The steps of each clause, the rung that it takes the ally to at the end; clauses that fare alike in one line."""
    ladder = replayed.scenario.ladder
    cases: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for entry in entries:
        if entry["treaty"]:
            case = tuple(entry[name] for name in ("treaty", "clause", "ally", "protected"))
            cases.setdefault(case, []).append(entry)
    alike: dict[tuple[str, str], dict[str, list[str]]] = {}
    for (treaty, clause, ally, protected), steps in cases.items():
        attacker = next((step["target"] for step in steps if step["kind"] in STEPS), "")
        about = f"for {protected} against {attacker}" if attacker else f"for {protected}"
        told = ", ".join(entry_in_words(step, ladder) for step in steps)
        alike.setdefault((about, told), {}).setdefault(f"{treaty} {clause}", []).append(ally)
    for (about, told), clauses in alike.items():
        named = ", ".join(f"{clause} ({', '.join(allies)})" for clause, allies in clauses.items())
        yield Line(f"{named} {about}: {told}", style="cyan")


# --- orders and their reasons ----------------------------------------------------------------------


def _choice(replayed: Replay, choice: Choice, detail: str) -> Iterator[Line]:
    """An order, the probabilities of all options, what was believed and what was weighed."""
    ladder, taken = replayed.scenario.ladder, choice.option(choice.order)
    odds = ", ".join(f"{option.rung}: {decimal(option.probability)}" for option in choice.options)
    if choice.order == choice.stand:
        step = f"keeps {rung_in_words(ladder, choice.stand)}"
    else:
        step = f"{choice.stand} -> {rung_in_words(ladder, choice.order)}"
    style = "yellow" if choice.order > choice.stand else ""
    yield Line(f"{choice.actor} > {choice.target}  {step}   p {decimal(taken.probability)} ({odds})", 2, style)
    alert = f", alert {choice.sees_alert}" if choice.sees_alert else ""
    theory = "" if choice.theory == "quantal" else f"{choice.theory}: "
    belief = (
        f"{theory}sees {choice.sees}{alert}; expects resolve {choice.expected:.1f}, own {choice.resolve:.1f} "
        f"(stake {choice.stake:.1f}); power {decimal(choice.power)}"
    )
    if detail == "turning" and not _is_turning(replayed, choice):
        return
    if detail == "full":
        yield Line(belief, 6, "dim")
        for option in choice.options:
            yield Line(f"{option.rung}: {_terms(option)}; utility {decimal(option.utility)}", 8, "dim")
    else:
        least = choice.options[0].rung  # war leaves no choice to stay below
        stay = "staying" if choice.stand >= least else f"the least, {least}"
        compared = choice.option(max(choice.stand, least))
        yield Line(f"{belief}; over {stay}: {_difference(taken, compared)}", 6, "dim")


def _is_turning(replayed: Replay, choice: Choice) -> bool:
    """Whether a move crosses the threshold of force or of war, up or down."""
    ladder = replayed.scenario.ladder
    return any((choice.stand < step) != (choice.order < step) for step in (ladder.force, ladder.war))


def _signed(option: Option) -> dict[str, float]:
    """Terms of an option by name, costs negative."""
    return {name: value if name == "prize" else -value for name, value in zip(TERMS, option.terms, strict=True)}


def _terms(option: Option) -> str:
    shown = {name: value for name, value in _signed(option).items() if abs(value) >= REMAINS}
    return ", ".join(f"{name} {decimal(value)}" for name, value in shown.items())


def _difference(taken: Option, stay: Option) -> str:
    """By how much the terms of two options differ, the largest first, and in all."""
    here, there = _signed(taken), _signed(stay)
    apart = sorted(((name, here[name] - there[name]) for name in TERMS), key=lambda item: -abs(item[1]))
    shown = [f"{name} {decimal(value, '+')}" for name, value in apart[:LARGEST] if abs(value) >= REMAINS]
    return f"{', '.join(shown)}; in all {decimal(taken.utility - stay.utility, '+')}"


# --- weeks without news, and the end ---------------------------------------------------------------


def _quiet(replayed: Replay, rounds: list[Round]) -> Iterator[Line]:
    """Rounds in which nobody moved, summed up."""
    if not rounds:
        return
    kept = sum(len(played.choices) for played in rounds)
    last = rounds[-1]
    height = max(last.standing.values(), default=0)
    when = period(rounds[0], last)
    told = f"no move; orders reviewed and kept: {kept}" if last.standing else "nobody is in the crisis"
    stands = ", ".join(f"{a} > {b}" for (a, b), rung in last.standing.items() if rung == height and height > 0)
    where = f"; highest {rung_in_words(replayed.scenario.ladder, height)} ({stands})" if stands else ""
    yield Line("")
    yield Line(f"{when}: {told}{where}", 0, "dim")


def _end(replayed: Replay) -> Iterator[Line]:
    ladder, last = replayed.scenario.ladder, replayed.rounds[-1]
    rungs = [entry["rung"] for played in replayed.rounds for entry in played.entries if entry["rung"] is not None]
    entries = sum(len(played.entries) for played in replayed.rounds)
    choices = sum(len(played.choices) for played in replayed.rounds)
    yield Line("")
    yield Line("end", 0, "bold")
    if rungs:
        yield Line(f"highest rung of the run: {rung_in_words(ladder, max(rungs))}")
    still = [f"{a} > {b} {rung}" for (a, b), rung in last.standing.items()]
    used = any(entry["kind"] == "nuclear_use" for entry in last.entries)
    if used:
        yield Line("nuclear use: what follows is beyond the model")
    elif still:
        yield Line(f"the crisis outlasts the horizon: {', '.join(still)}")
    else:
        yield Line("the crisis is over")
    yield Line(
        f"{entries} entries in the log, {choices} orders revised; the reasons of every move are in replay.txt, "
        "every figure is in replay.jsonl"
    )


def period(played: Round, last: Round | None = None) -> str:
    """Week and first day of a round, or the weeks from one to another."""
    day = f"{_day(played.date)} · day {played.day:g}"
    if last is None or last is played:
        return f"week {_week(played)} · {day}"
    weeks = f"weeks {_week(played)}-{_week(last)}" if _week(last) > _week(played) else f"week {_week(played)}"
    return f"{weeks} · from {day}"


def _week(played: Round) -> int:
    return int(played.day // 7) + 1


def _day(date: datetime.date) -> str:
    return f"{date.day} {date:%b %Y}"
