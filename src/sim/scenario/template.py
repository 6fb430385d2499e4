"""A scenario's file -> the file of a new one, with every key explained."""

from __future__ import annotations

import re

_TOP_KEY = re.compile(r"^([a-z_]+):")

# What to write under each top-level key of a scenario, `sim.scenario.load.SCENARIO_KEYS`.
EXPLANATIONS: dict[str, str] = {
    "name": "As the file is called, without .yaml.",
    "title": "One line for tables and figures. Change it.",
    "question": "What the scenario is to answer.",
    "description": "What is supposed to have happened, and what is invented.",
    "world": "States, treaties, flows and their figures: a folder of worlds/ (experiment=list names them).",
    "ladder": "Rungs and thresholds (experiment=list names the ladders).",
    "start": "First day. Treaties and flows are those in force on it.",
    "theatre": "Where the crisis starts: a theatre of the world (theatres.csv).",
    "horizon_weeks": "Where to stop looking, 1 to 1040; it does not end the crisis.",
    "turn_days": "Length of a turn, up to 28; a week by default.",
    "armistice_is_war": "Whether an armistice counts where a clause needs a state of war: true or false.",
    "slow_clock": "Whether affinities drift, states leave and sign treaties and crises begin: true or false.",
    "quarrels": "Between whom the slow clock may begin crises, and in which theatre.",
    "start_rungs": """\
Where states stand on the first day; whoever is not named stands on 0.
  from, to   codes of two states (ISO 3166 alpha-3): `from` stands on the rung against `to`
  rung       0 up to the highest kinetic rung of the ladder""",
    "events": """\
What happens whatever anybody wants. Three kinds:
  kind: act     states `by` stand on a `rung` against the states `against` from a `day` on, together
  kind: deploy  a `state` brings `personnel` (thousand, a number or a range) into a `theatre`
  kind: change  figures take new values: `changes: {states.PRK.risk_aversion: 0.5, dyads.PRK.USA.stake: 2}`
  day           0 is the first; before the horizon
  theatre       the scenario's, unless given
  threat        act only: danger added to the regime of those acted against, 0 to 1
  once          act only: true for a single blow, after which the states stand where they stood
  summary, source   in words, and a key of `sources`""",
    "states": "Figures that differ from the world's: a number or a range by state and figure (capabilities.csv).",
    "dyads": """\
The same for pairs, "PRK>USA" being what PRK feels toward USA: stake, interest, affinity, dependence,
rivalry, war_state, hotline (dyads.csv).""",
    "treaties": """\
Treaties taken out, put in or changed, clause by clause (treaties.yaml); in_force takes true, false or a date.""",
    "forces": "Forces abroad that differ from the world's (forces.csv): personnel in thousand; 0 takes them home.",
    "veto": "Who can veto sanctions, in place of the world's list; none: there is no council.",
    "flows": "Arms, technology, sight and sanctions that differ from the world's (flows.yaml).",
    "theory": "Decision theory of all states (experiment=list names them); quantal, unless given.",
    "theories": "Decision theory of single states, by code.",
    "rules": "Behavioural parameters that differ from the set of rules (conf/rules); a number or a range.",
    "variants": """\
The same crisis with something changed, one by name: `variant=NAME`. Each takes
  summary                 in words; its first sentence is what experiment=list shows
  start_rungs, events, armistice_is_war, slow_clock, quarrels, veto   replace those above
  theory, theories        a theory for all, then those of single states
  states, dyads, treaties, flows, forces, rules   are laid over those above""",
    "observed": """\
What happened, of a crisis of the past; no rule reads it, experiment=cases sets it beside what the model says.""",
    "sources": "What the keys of sources stand for; those of the world are in its SOURCES.md.",
}

# An entry of the maps that change the world and the rules.
EXAMPLES = {
    "states": "RUS: {committed: {low: 0.4, centre: 0.5, high: 0.6, source: HERE, confidence: judgement}}",
    "dyads": '"PRK>USA": {stake: {low: 1, centre: 2, high: 3}}',
    "treaties": "RUS-PRK-2024: {in_force: false}",
    "flows": "prk_rus_shells: {rate: {low: 0, centre: 0.1, high: 0.2}}",
    "theories": "PRK: prospect",
    "forces": "- {state: RUS, theatre: ukraine, personnel: {low: 40, centre: 60, high: 100}}",
    "veto": "[CHN, FRA, GBR, USA]",
    "rules": "omega: {low: 0.6, centre: 0.7, high: 0.8}",
}


def template(text: str, source: str, name: str, command: str) -> str:
    """Return a new scenario's file.

    Parameters
    ----------
    text : str
        The file that it begins from; its comments stay.
    source, name : str
        Names of the two scenarios.
    command : str
        What runs the new one.
    """
    lines = [
        f"# Scenario {name}, begun as a copy of {source}. Lines that begin with # explain; change the rest.",
        f"# Run it: {command}",
        "# Numbers are exact (0.5) or ranges, drawn once per run: {low: 0.4, centre: 0.5, high: 0.6}.",
        "",
    ]
    given = []
    for line in text.splitlines():
        key = _TOP_KEY.match(line)
        if key and key[1] in EXPLANATIONS:
            given.append(key[1])
            lines += ["", *_comment(EXPLANATIONS[key[1]])]
            if key[1] in EXAMPLES:
                lines.append(f"#   {EXAMPLES[key[1]]}")
            if key[1] == "name":
                line = f"name: {name}"
        lines.append(line)
    for left, explanation in EXPLANATIONS.items():
        if left not in given:
            example = [f"#   {EXAMPLES[left]}"] if left in EXAMPLES else []
            lines += ["", *_comment(explanation), f"# {left}:", *example]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def _comment(explanation: str) -> list[str]:
    return [f"# {line}" for line in explanation.splitlines()]
