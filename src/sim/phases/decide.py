"""Phase 6: every state in the crisis decides, all seeing the same world."""

import numpy as np

from sim.codes import Purpose
from sim.compiled import compiled, inner
from sim.mathematics import chance, logistic
from sim.phases.common import draw
from sim.phases.fronts import believed_advantage
from sim.phases.perceive import type_resolve
from sim.rules.decide import foresee, highest_option, logit_choice, lowest_option, pick, stake_now
from sim.rules.nuclear import alert_sought, alert_utility
from sim.world import Params, World


@inner
def resolve_of(params: Params, world: World, i: int, j: int) -> float:
    """Resolve of i against j now, logit units; known to i alone."""
    dyad = world.dyad[i, j]
    stake = stake_now(params.rules[0], dyad.stake, world.front[j, dyad.theatre].effort)
    return float(stake * dyad.resolve)


@inner
def choose_rung(params: Params, world: World, i: int, j: int) -> int:
    """Rung that i chooses against j: logit choice over expected utility, two rungs down to two up."""
    rules, setting = params.rules[0], params.setting[0]
    mine, theirs = world.dyad[i, j], world.dyad[j, i]
    advantage = believed_advantage(params, world, i, j)
    exposure = logistic(-advantage)
    low = lowest_option(mine.rung)
    utility = np.empty(highest_option(mine.rung, setting.top) - low + 1)
    foresee(
        rules, setting, world.rung, params.state[i], params.state[j], mine, theirs, resolve_of(params, world, i, j),
        advantage, exposure, world.belief[i, j], type_resolve(params, world, j, i), utility,
    )  # fmt: skip
    probability = np.empty(utility.shape[0])
    logit_choice(utility, rules.precision, probability)
    return low + pick(probability, draw(world, params.key[i], params.key[j], Purpose.CHOICE))


@inner
def choose_alert(params: Params, world: World, i: int, j: int) -> int:
    """Nuclear alert that an armed state chooses against a rival: one down, the same, or one up."""
    rules, setting = params.rules[0], params.setting[0]
    mine = world.dyad[i, j]
    sought = alert_sought(rules, setting, max(mine.rung, mine.seen), mine.seen_alert, world.state[i].threat)
    utility = np.empty(3)
    alert_utility(rules, sought, mine.alert, utility)
    probability = np.empty(3)
    logit_choice(utility, rules.precision, probability)
    return mine.alert - 1 + pick(probability, draw(world, params.key[i], params.key[j], Purpose.ALERT))


@compiled
def decide(params: Params, world: World, i: int) -> None:
    """State i revises its orders against the rivals that it gets round to in this turn."""
    rules, setting = params.rules[0], params.setting[0]
    for j in range(world.state.shape[0]):
        mine = world.dyad[i, j]
        if mine.active == 0:
            continue
        u = draw(world, params.key[i], params.key[j], Purpose.REVISION)
        if u < chance(rules.revision_rate, setting.turn_days):
            mine.order = choose_rung(params, world, i, j)
            if params.state[i].warheads > 0.0:
                mine.order_alert = choose_alert(params, world, i, j)
