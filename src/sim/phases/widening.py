"""Phase 5, widening: a state at lethal force carries the attack to its enemy's helpers and hosts."""

import numpy as np

from sim.codes import Entry, Level, Purpose
from sim.compiled import inner, inner_allocating
from sim.mathematics import chance, log
from sim.phases.common import begin, draw, garrisons, move, wake
from sim.phases.fronts import leader, power_in
from sim.rules.treaties import widening
from sim.world import Params, Trace, World


@inner
def widen(params: Params, world: World, trace: Trace, i: int, j: int) -> None:
    """State i, at lethal force with j, weighs carrying the attack to j's helpers and hosts."""
    rules, setting = params.rules[0], params.setting[0]
    if leader(params, world, i, j) != i:
        return  # the strongest of a coalition decides on a wider war
    rung, theatre = world.dyad[i, j].rung, world.dyad[i, j].theatre
    for h in range(world.state.shape[0]):
        if h == i or h == j or world.dyad[i, h].active == 1:
            continue
        level = world.dyad[h, j].help
        serves = garrisons(params, j, h) and params.reach[h, theatre].distance <= rules.base_reach
        if level < Level.LIMITED_FORCES and not serves:
            continue  # who sends arms is no target: so it was in Korea, Vietnam, Afghanistan and Ukraine
        armed = 1.0 if params.state[h].warheads > 0.0 else 0.0
        ratio = log(max(power_in(params, world, i, theatre), 1e-6) / max(power_in(params, world, h, theatre), 1e-6))
        distance = params.dyad[i, h].distance
        odds = widening(rules, setting, level, params.host[j, h], rung, distance, ratio, armed)
        u = draw(world, params.key[i], params.key[h], Purpose.WIDENING)
        if u < chance(rules.widen_rate * odds, setting.round_days):
            wake(world, i, h, theatre)
            begin(params, world, i, h, setting.lethal)
            move(params, world, trace, i, h, setting.lethal, Entry.WIDENED, -1)


@inner_allocating
def widen_wars(params: Params, world: World, trace: Trace) -> None:
    """Let every state that uses lethal force weigh widening; those whom it draws in do so from the next round on."""
    states = world.state.shape[0]
    lethal = np.zeros((states, states), np.bool_)
    for i in range(states):
        for j in range(states):
            lethal[i, j] = world.dyad[i, j].active == 1 and world.dyad[i, j].rung >= params.setting[0].lethal
    for i in range(states):
        for j in range(states):
            if lethal[i, j]:
                widen(params, world, trace, i, j)
