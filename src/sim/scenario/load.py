"""A composed plain tree -> Scenario, or one clear complaint."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sim.codes import THEORIES
from sim.ladder import Ladder, from_mapping
from sim.scenario.changes import COMMAND, SCENARIO, Origin, apply_changes, as_mapping, revise
from sim.scenario.checks import check_rules, check_scenario, check_world, runs_in
from sim.scenario.errors import InputError, dotted, require_member, unknown, wrong
from sim.scenario.posterior import Draws
from sim.scenario.rungs import observed_on_ladder, on_ladder
from sim.scenario.schema import Figure, Scenario
from sim.scenario.validate import checked
from sim.scenario.worlds import read_world, worlds_in
from sim.world import RULES

# What a scenario may say about its crisis, and what it may change in the world and the rules.
_FACTS = ("start_rungs", "events", "armistice_is_war", "slow_clock", "quarrels")
_THEORY = ("theory", "theories")
_WORLD = ("states", "dyads", "treaties", "flows")
_LISTS = ("forces", "veto")  # which a command line is too short for
_TIME = ("horizon_weeks", "turn_days")
_ABOUT = ("name", "title", "question", "description", "start", "theatre", *_TIME, "sources", "observed")
SCENARIO_KEYS = (*_ABOUT, "world", "ladder", *_FACTS, *_WORLD, *_LISTS, *_THEORY, "rules", "variants")
AS_IS = "as_is"  # the scenario without a variant, where variants are named
VARIANT_KEYS = ("summary", *_FACTS, *_WORLD, *_LISTS, *_THEORY, "rules")
# Top-level keys of a composed tree that `resolve` reads.
TREE_KEYS = ("scenario", "rules", "ladder", "variant", "parameters", *_THEORY, *_TIME, *_WORLD)


class _Layer(NamedTuple):
    """Something that lays its choices and changes over what was there; the last word wins."""

    prefix: str  # its dotted key
    tree: Mapping[str, Any]
    origin: Origin


def resolve(tree: Mapping[str, Any], worlds: Iterable[Path], draws: Draws | None = None) -> Scenario:
    """Turn a composed tree into a validated scenario with its variant and all changes applied.

    Parameters
    ----------
    tree : mapping
        Plain values under `TREE_KEYS`. The scenario speaks first, then its variant, then the top level,
        where nothing (null) leaves things as they are.
    worlds : iterable of Path
        Folders whose subfolders are worlds.
    draws : Draws, optional
        Joint sample of the rules; those that are set by hand, or that a layer changes, are taken out of it.

    Raises
    ------
    InputError
        For the first thing that is wrong, with its dotted key.
    """
    _require_keys("", tree, TREE_KEYS)
    declared = as_mapping(tree.get("scenario"), "scenario")
    _require_keys("scenario", declared, SCENARIO_KEYS)
    variants = _variants(declared)
    variant = tree.get("variant")
    layers = [_Layer("scenario", declared, SCENARIO)]
    if variant is not None:
        require_member("variant", variant, variants)
        layers.append(_Layer(f"scenario.variants.{variant}", variants[variant], SCENARIO))
    own = {key: tree[key] for key in ("parameters", *_THEORY, *_TIME, *_WORLD) if tree.get(key) is not None}
    layers.append(_Layer("", own, COMMAND))

    world = read_world(_find_world(declared, worlds))
    given = rules = read_rules(tree.get("rules"))
    for layer in layers:
        world = apply_changes(world, layer.tree, layer.origin, layer.prefix)
        rules = _revised_rules(rules, layer)
    check_world(world)
    check_rules(rules)
    fixed = {
        "ladder": _ladder(tree.get("ladder")),
        "rules": rules,
        "draws": {name: values for name, values in (draws or {}).items() if _left_alone(rules[name], given[name])},
        "world": world,
        "theories": _theories(layers, world.states),
        "variant": variant,
        "variants": {name: parts.get("summary", "") for name, parts in variants.items()},
    }
    scenario = _assembled(layers, fixed, declared.get("ladder"))
    for layer in layers:
        _require_dates_that_tell(scenario, layer)
    return scenario


def _assembled(layers: Iterable[_Layer], fixed: Mapping[str, Any], written_for: object) -> Scenario:
    """Collect the choices of all layers; a message names the key in the layer that made the choice.

    `written_for` is the name of the ladder to which the scenario's rung numbers belong, if it says so.
    """
    fields: dict[str, Any] = {}
    prefixes: dict[str, str] = {}
    for layer in layers:
        found = {key: layer.tree[key] for key in (*_ABOUT, *_FACTS, "parameters") if key in layer.tree}
        fields |= found
        prefixes |= dict.fromkeys(found, layer.prefix)
    try:
        fields["events"] = _placed(fields.get("events", ()), fields.get("theatre"))
        for key in ("start_rungs", "events"):
            fields[key] = on_ladder(key, fields.get(key, ()), fixed["ladder"], written_for)
        if fields.get("observed") is not None:
            fields["observed"] = observed_on_ladder(fields["observed"], fixed["ladder"], written_for)
        scenario = checked(Scenario, {**fields, **fixed})
        check_scenario(scenario)
    except InputError as error:
        raise error.within(prefixes.get(error.key.partition(".")[0], "scenario")) from None
    return scenario


def _require_dates_that_tell(scenario: Scenario, layer: _Layer) -> None:
    """Refuse a date of force that leaves a treaty out of the run all the same: who means that says false."""
    for name, change in as_mapping(layer.tree.get("treaties"), "treaties").items():
        treaty = scenario.world.treaties[name]
        given = isinstance(change, Mapping) and change.get("in_force") is not None
        if given and isinstance(treaty.in_force, datetime.date) and not runs_in(treaty, scenario):
            until = f", and it ended on {treaty.ended}" if treaty.ended and treaty.ended <= scenario.start else ""
            expected = (
                f"a day before the run ends ({scenario.end}{until}), or true to put it in force whatever its dates"
            )
            raise wrong(dotted(layer.prefix, "treaties", name, "in_force"), str(treaty.in_force), expected)


# --- parts of a tree -------------------------------------------------------------------------------


def _require_keys(prefix: str, tree: Mapping[str, Any], allowed: Iterable[str]) -> None:
    names = tuple(allowed)
    for key in tree:
        if key not in names:
            raise unknown(prefix, key, names, what="key")


def _variants(declared: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """All variants that a scenario declares, chosen or not: a slip in one should not wait for its day."""
    variants = {}
    for name, parts in as_mapping(declared.get("variants"), "scenario.variants").items():
        key = dotted("scenario.variants", name)
        if name == AS_IS:
            raise InputError(
                "must have another name: it stands for the scenario without a variant", key=key, value=name
            )
        variants[name] = as_mapping(parts, key)
        _require_keys(key, variants[name], VARIANT_KEYS)
        if not variants[name].keys() - {"summary"}:
            raise InputError("changes nothing", key=key, value=name, allowed=VARIANT_KEYS)
    return variants


def _find_world(declared: Mapping[str, Any], worlds: Iterable[Path]) -> Path:
    found: dict[str, Path] = {}
    for name, world in ((name, world) for folder in worlds for name, world in worlds_in(folder)):
        other = found.setdefault(name, world)
        if other != world:
            problem = f"two worlds have this name: {other} and {world}; rename one"
            raise InputError(problem, key="scenario.world", value=name)
    if "world" not in declared:
        raise InputError("is missing", key="scenario.world", allowed=found)
    require_member("scenario.world", declared["world"], found)
    return found[declared["world"]]


def read_rules(tree: object) -> dict[str, Figure]:
    """Read the behavioural parameters of a composed tree; whether they are complete, `check_rules` asks."""
    return {name: _rule(name, value) for name, value in as_mapping(tree, "rules").items()}


def _rule(name: str, value: object) -> Figure:
    """Read a rule from the tree; a bare number is one that was set by hand."""
    key = f"rules.{name}"
    require_member(key, name, RULES)
    if isinstance(value, Mapping):
        return checked(Figure, value, key)
    return revise(None, value, COMMAND, key)


def _left_alone(rule: Figure, given: Figure) -> bool:
    """Whether a rule is what its file says, neither set by hand nor changed by a layer."""
    return rule is given and rule.confidence != COMMAND.confidence


def _revised_rules(rules: Mapping[str, Figure], layer: _Layer) -> dict[str, Figure]:
    """Return the rules after a layer's changes, except to those that were set by hand."""
    revised = dict(rules)
    for name, value in as_mapping(layer.tree.get("rules"), dotted(layer.prefix, "rules")).items():
        key = dotted(layer.prefix, "rules", name)
        require_member(key, name, rules)
        if rules[name].confidence != COMMAND.confidence:
            revised[name] = revise(rules[name], value, layer.origin, key)
    return revised


def _theories(layers: Iterable[_Layer], states: Iterable[str]) -> dict[str, str]:
    """Decision theories by state: a layer's `theory` is for all, its `theories` for those that they name."""
    found: dict[str, str] = {}
    for layer in layers:
        of_all = layer.tree.get("theory")
        if of_all is not None:
            require_member(dotted(layer.prefix, "theory"), of_all, THEORIES)
            found = dict.fromkeys(states, of_all)
        key = dotted(layer.prefix, "theories")
        for entry, theory in as_mapping(layer.tree.get("theories"), key).items():
            if entry.upper() not in states:
                raise unknown(dotted(key, entry), entry, states)
            require_member(dotted(key, entry), theory, THEORIES)
            found[entry.upper()] = theory
    return found


def _placed(events: object, theatre: object) -> object:
    """Events happen in the scenario's theatre unless they say otherwise, or have no place."""
    if not isinstance(events, list | tuple):
        raise wrong("events", events, "a list of events")
    return [
        {"theatre": theatre, **event} if isinstance(event, Mapping) and event.get("kind") != "change" else event
        for event in events
    ]


def _ladder(tree: object) -> Ladder:
    try:
        return from_mapping(as_mapping(tree, "ladder"))
    except InputError:
        raise
    except ValueError as error:
        raise InputError(str(error), value=tree) from None  # which begins with "ladder"
    except (TypeError, AttributeError, KeyError) as error:
        raise InputError(f"is not in the form of conf/ladder/*.yaml: {error}", key="ladder", value=tree) from None
