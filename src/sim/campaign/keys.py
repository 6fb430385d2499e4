"""What a design may vary: keys of figures, of treaties, of the clock, of decision theories, and the variant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.codes import THEORIES
from sim.scenario.changes import COMMAND, apply_changes, merge, revise
from sim.scenario.checks import check_rules, check_scenario, check_world
from sim.scenario.errors import InputError, dotted, require_member, unknown, wrong
from sim.scenario.schema import DYAD_QUANTITIES, QUANTITIES, Figure, Scenario
from sim.scenario.targets import Target
from sim.scenario.validate import checked
from sim.world import RULES

SINGLE = ("horizon_weeks", "turn_days", "theory", "variant")  # keys without points in them
ROOTS = ("rules", "states", "dyads", "flows", "treaties", "theories", *SINGLE)
FLOW_FIGURES = ("rate", "evasion", "delay_years")
_FORMS = {
    "rules": (1, 1, "rules.NAME"),
    "states": (2, 2, "states.CODE.FIGURE"),
    "dyads": (3, 3, "dyads.CODE.CODE.FIGURE"),
    "flows": (2, 2, "flows.ID.rate"),
    "theories": (1, 1, "theories.CODE"),
    "treaties": (2, 5, "treaties.ID.in_force, or treaties.ID.clauses.CLAUSE.strength"),
}


class Key(NamedTuple):
    """Something that a design varies.

    Attributes
    ----------
    text : str
        Dotted key, codes of states in capitals.
    figure : Figure, optional
        What the scenario says, where it is a figure that is given.
    between : bool
        Whether values between two others mean something, so that it can lie in a range.
    """

    text: str
    figure: Figure | None
    between: bool


def key_of(text: str, scenario: Scenario, where: str = "") -> Key:
    """Read a dotted key, such as "rules.omega", "dyads.PRK>USA.stake" or "treaties.RUS-PRK-2024.in_force".

    Raises
    ------
    InputError
        If it names nothing that a design can vary.
    """
    root, *names = text.strip().replace(">", ".").split(".")
    if root not in ROOTS:
        raise unknown("over", root, ROOTS, where, what="key")
    least, most, form = _FORMS.get(root, (0, 0, root))
    if not least <= len(names) <= most:
        raise wrong("over", text, form, where)
    if root == "theories":
        names = [names[0].strip().upper()]
    if root in ("states", "dyads"):
        names = [*(name.strip().upper() for name in names[:-1]), names[-1]]
    try:
        figure = _figure(root, names, scenario)
    except InputError as error:
        raise error.within("", where) from None
    codes = root == "dyads" and DYAD_QUANTITIES[names[-1]].unit == "code"
    between = figure is not None or root == "turn_days" or names[-1:] == ["strength"] or root == "dyads"
    return Key(dotted(root, *names), figure, between and not codes)


def _figure(root: str, names: list[str], scenario: Scenario) -> Figure | None:
    """Return the figure that a key names, if it names one that is given; refuse names that mean nothing."""
    world = scenario.world
    if root == "rules":
        require_member(f"over.rules.{names[0]}", names[0], scenario.rules)
        return scenario.rules[names[0]]
    if root == "theories":
        require_member("over.theories", names[0], world.states)
    if root == "states":
        require_member("over.states", names[0], world.states)
        require_member(dotted("over.states", *names), names[1], QUANTITIES)
        return world.states[names[0]].figures[names[1]]
    if root == "dyads":
        for code in names[:2]:
            require_member("over.dyads", code, world.states)
        if names[0] == names[1]:
            raise wrong("over.dyads", f"{names[0]}>{names[1]}", "two different states")
        require_member(dotted("over.dyads", *names), names[2], DYAD_QUANTITIES)
        given = world.dyads.get(f"{names[0]}>{names[1]}", {})
        return given.get(names[2]) or world.defaults.get(names[2])
    if root in ("flows", "treaties"):
        known: Mapping[str, Any] = world.flows if root == "flows" else world.treaties
        require_member(f"over.{root}", names[0], known)
        if root == "flows" and names[1] in FLOW_FIGURES:
            figure: Figure = getattr(world.flows[names[0]], names[1])
            return figure
    return None


def meaning(key: str) -> str:
    """Return what a key is in words; nothing for those whose names say it."""
    root, *names = key.split(".")
    if root == "rules":
        return RULES[names[0]]
    if root == "states":
        return f"{names[0]}: {QUANTITIES[names[1]].meaning}"
    if root == "dyads":
        return f"{names[0]} towards {names[1]}: {DYAD_QUANTITIES[names[2]].meaning}"
    return ""


def own_keys(scenario: Scenario) -> list[Key]:
    """Every figure that the scenario gives as a range, and that a run draws from it."""
    world = scenario.world
    names = [f"rules.{name}" for name in scenario.rules]
    names += [f"states.{code}.{name}" for code, state in world.states.items() for name in state.figures]
    names += [f"dyads.{pair}.{name}" for pair, figures in world.dyads.items() for name in figures]
    names += [f"flows.{flow}.{name}" for flow in world.flows for name in FLOW_FIGURES]
    keys = (key_of(name, scenario) for name in names if name.rpartition(".")[2] not in _UNREAD)
    return [key for key in keys if key.figure is not None and key.figure.uncertain]


_UNREAD = ("population", "ideal_point", "war_state")  # figures that no run draws


def revised(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return a scenario with other values under dotted keys, validated whole, as if typed on the command line.

    Raises
    ------
    InputError
        For the first value that is not allowed.
    """
    tree: dict[str, Any] = {}
    for key, value in values.items():
        tree = merge(tree, _nested(key, value))
    world = apply_changes(scenario.world, tree, COMMAND, "over")
    rules = {name: revise(None, value, COMMAND, f"over.rules.{name}") for name, value in tree.get("rules", {}).items()}
    every = {**scenario.rules, **rules}
    check_world(world)
    check_rules(every)
    fields: dict[str, Any] = {name: getattr(scenario, name) for name in Scenario.model_fields}
    fields |= {key: tree[key] for key in ("horizon_weeks", "turn_days") if key in tree}
    fields |= {"world": world, "rules": every, "theories": _theories(scenario, tree)}
    fields["draws"] = {name: drawn for name, drawn in scenario.draws.items() if name not in rules}
    found = checked(Scenario, fields, "over")
    check_scenario(found)
    return found


def _theories(scenario: Scenario, tree: Mapping[str, Any]) -> dict[str, str]:
    """Decision theories by state: `theory` is for all of them, whatever the scenario says, `theories` for one."""
    found: dict[str, str] = {**scenario.theories}
    if "theory" in tree:
        require_member("over.theory", tree["theory"], THEORIES)
        found = dict.fromkeys(scenario.world.states, tree["theory"])
    for code, theory in tree.get("theories", {}).items():
        require_member(f"over.theories.{code}", theory, THEORIES)
        found[code] = theory
    return found


def _nested(key: str, value: object) -> dict[str, Any]:
    """A dotted key and its value as a tree."""
    first, _, rest = key.partition(".")
    return {first: _nested(rest, value) if rest else value}


def mirror(text: str) -> str:
    """Return the key of the same quantity seen from the other side; the key itself where it has one side."""
    root, *names = text.split(".")
    if root != "dyads":
        return text
    both = Target(names[0], names[1], names[2]).both_ways()
    return both[-1].key
