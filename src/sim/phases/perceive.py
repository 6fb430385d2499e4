"""Phases 3 and 4: fresh looks at rivals, false alarms, and what an order seen says about resolve."""

import numpy as np
from numpy.typing import NDArray

from sim.codes import Entry, Purpose
from sim.compiled import inner, inner_allocating
from sim.mathematics import chance, exp, logistic
from sim.phases.common import attacked, draw, note
from sim.phases.fronts import believed_advantage
from sim.phases.signals import read_signal
from sim.rules.decide import answers, highest_option, likelihood, lowest_option, stake_now, update
from sim.rules.perceive import misread, misread_chance
from sim.rules.power import share
from sim.world import Params, Trace, World


@inner
def look(params: Params, world: World, i: int, j: int, rung: int) -> int:
    """Rung at which i sees j, who stands (or is about to stand) at `rung`."""
    rules, setting = params.rules[0], params.setting[0]
    odds = misread_chance(rules, setting, world.state[i].sight, params.state[j].opacity, rung)
    u = draw(world, params.key[i], params.key[j], Purpose.MISREADING)
    return misread(rung, odds, u, setting.force - 1)


@inner
def perceive(params: Params, world: World, trace: Trace, i: int) -> None:
    """State i takes its fresh looks; at raised alert on both sides an alarm may be false."""
    rules, setting = params.rules[0], params.setting[0]
    for j in range(world.state.shape[0]):
        mine = world.dyad[i, j]
        if mine.active == 0:
            continue
        a, b = params.key[i], params.key[j]
        if draw(world, a, b, Purpose.LOOK) < chance(rules.look_rate, setting.round_days):
            mine.seen = look(params, world, i, j, world.dyad[j, i].rung)
            mine.seen_alert = world.dyad[j, i].alert
        if mine.alert >= 2 and world.dyad[j, i].alert >= 2:
            odds = chance(rules.false_alarm_rate, setting.round_days)
            if draw(world, a, b, Purpose.FALSE_ALARM) < odds:
                mine.seen_alert = 3
                note(world, trace, Entry.FALSE_ALARM, i, j, -1, 3)


@inner
def current_stake(params: Params, world: World, i: int, j: int) -> float:
    """Stake of i against j as things stand, known to both."""
    dyad = world.dyad[i, j]
    free = world.front[j, dyad.theatre].effort
    return float(stake_now(params.rules[0], params.setting[0], dyad.stake, free, attacked(world, i, j)))


@inner_allocating
def type_resolve(params: Params, world: World, i: int, j: int) -> NDArray[np.float64]:
    """Resolve of i against j for each type that j thinks possible, logit units."""
    stake = current_stake(params, world, i, j)
    resolve = np.empty(params.types.shape[0])
    for t in range(params.types.shape[0]):
        resolve[t] = stake * exp(params.rules[0].resolve_sd * params.types[t])
    return resolve


@inner_allocating
def believe(params: Params, world: World, i: int) -> None:
    """State i sees what each rival is about to do and learns about its resolve (Bayes on the type grid).

    It runs after all have decided and before orders take effect: an order is judged by the state of the
    world in which it was chosen.
    """
    rules, setting = params.rules[0], params.setting[0]
    for j in range(world.state.shape[0]):
        mine, theirs = world.dyad[i, j], world.dyad[j, i]
        if mine.active == 0 or theirs.blow > 0.0:
            continue  # while a single blow lasts, that its author stands there says nothing
        stand = mine.seen
        resolve = type_resolve(params, world, j, i)
        advantage = believed_advantage(params, world, i, j)
        low = lowest_option(setting, stand, theirs, min(mine.rung, theirs.suffered))
        high = highest_option(setting, stand, theirs.suffered, theirs.ceiling)
        options = np.empty((params.types.shape[0], high - low + 1))
        gain = np.empty(options.shape[1])
        for a in range(gain.shape[0]):
            gain[a] = share(rules, -advantage, low + a, mine.rung)
        answers(
            rules, setting, world.rung, params.state[j], params.state[i], theirs, mine, stand, low, mine.rung, gain,
            logistic(advantage), resolve, options,
        )  # fmt: skip
        seen = look(params, world, i, j, theirs.order)
        misread_odds = misread_chance(rules, setting, world.state[i].sight, params.state[j].opacity, 0)
        # between appraisals an order that stands says nothing new
        revised = chance(rules.reappraisal_rate, setting.round_days)
        evidence = np.empty(params.types.shape[0])
        for t in range(params.types.shape[0]):
            evidence[t] = likelihood(options[t], low, stand, seen, revised, misread_odds, setting.force - 1)
        read_signal(params, world, i, j, resolve, options, low, evidence)
        update(world.belief[i, j], evidence)
        if theirs.order != theirs.rung:
            mine.seen = seen
