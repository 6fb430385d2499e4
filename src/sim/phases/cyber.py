"""Phase 3: cyber acts between rivals; the victim blames somebody, not always the right one."""

import numpy as np

from sim.codes import Entry, Purpose
from sim.compiled import inner, inner_allocating
from sim.mathematics import chance
from sim.phases.common import draw, note, wake
from sim.rules.cyber import attribution, cyber_act_rate, seen_after_blame, suspicion
from sim.world import Params, Trace, World


@inner
def other_suspect(params: Params, world: World, victim: int, culprit: int) -> int:
    """Strategic rival of the victim, other than the culprit, that it blames; -1 if it has none."""
    chosen, first = -1, 0.0
    for s in range(world.state.shape[0]):
        if s == victim or s == culprit or params.dyad[victim, s].rivalry <= 0.0:
            continue
        u = draw(world, params.key[victim], params.key[s], Purpose.CULPRIT)
        waiting = suspicion(world.state[s].cyber, u)
        if chosen < 0 or waiting < first:
            chosen, first = s, waiting
    return chosen


@inner
def blamed_for(params: Params, world: World, culprit: int, victim: int) -> int:
    """State that the victim blames for the culprit's act: the right one, another rival, or nobody (-1)."""
    rules, state = params.rules[0], world.state[victim]
    u = draw(world, params.key[culprit], params.key[victim], Purpose.ATTRIBUTION)
    right = attribution(rules, state.sight, state.cyber)
    if u < right:
        return culprit
    if u < right + (1.0 - right) * rules.misattribution:
        return other_suspect(params, world, victim, culprit)
    return -1


@inner
def blame(params: Params, world: World, trace: Trace, victim: int, blamed: int, theatre: int) -> None:
    """The one blamed is seen a rung higher; a bystander is drawn into the crisis."""
    wake(world, victim, blamed, theatre)
    dyad = world.dyad[victim, blamed]
    dyad.seen = seen_after_blame(params.setting[0], dyad.seen)
    note(world, trace, Entry.BLAMED, victim, blamed, -1, dyad.seen)


@inner_allocating
def commit_cyber_acts(params: Params, world: World, trace: Trace) -> None:
    """Let states in the crisis commit cyber acts; what they disrupt is felt until the victim has recovered.

    All act on the same world: who is drawn in by a false charge acts from the next turn on.
    """
    rules, setting = params.rules[0], params.setting[0]
    states = world.state.shape[0]
    hit = np.zeros(states)
    acts = np.zeros((states, states), np.bool_)
    for i in range(states):
        for j in range(states):
            if world.dyad[i, j].active == 1:
                rate = cyber_act_rate(rules, setting, world.dyad[i, j].rung, world.state[i].cyber)
                u = draw(world, params.key[i], params.key[j], Purpose.CYBER)
                acts[i, j] = u < chance(rate, setting.round_days)
    for i in range(states):
        for j in range(states):
            if acts[i, j]:
                hit[j] += (1.0 - hit[j]) * min(rules.cyber_damage * world.state[i].cyber, 1.0)
                blamed = blamed_for(params, world, i, j)
                note(world, trace, Entry.CYBER, i, j, -1, 1 if blamed >= 0 and blamed != i else 0)
                if blamed >= 0:
                    blame(params, world, trace, j, blamed, world.dyad[i, j].theatre)
    for j in range(states):
        state = world.state[j]
        state.hacked *= 1.0 - chance(rules.cyber_recovery, setting.round_days)
        state.hacked += (1.0 - state.hacked) * hit[j]
