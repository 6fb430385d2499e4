"""Phase 6: every state in the crisis decides, all seeing the same world."""

import numpy as np
from numpy.typing import NDArray

from sim.codes import Purpose
from sim.compiled import compiled, inner
from sim.mathematics import chance, logistic
from sim.phases.common import draw
from sim.phases.fronts import believed_advantage
from sim.phases.perceive import type_resolve
from sim.rules.decide import (
    answers,
    cost_terms,
    foresee,
    highest_option,
    logit_choice,
    lowest_option,
    pick,
    stake_now,
)
from sim.rules.nuclear import alert_sought, alert_utility
from sim.rules.power import share
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


@compiled
def explain(
    params: Params,
    world: World,
    i: int,
    j: int,
    utility: NDArray[np.float64],
    probability: NDArray[np.float64],
    terms: NDArray[np.float64],
) -> int:
    """Fill what i weighs when it chooses a rung against j; return the rung of the first option.

    To be called when orders are to be given: after the turn has been opened, before anyone decides.

    Parameters
    ----------
    utility, probability : (options,) array
        Expected utility and choice probability of each option.
    terms : (options, len(TERMS)) array
        Parts of the utility (`sim.codes.TERMS`), all expectations over the rival's answer.
    """
    rules, setting, resolve = params.rules[0], params.setting[0], resolve_of(params, world, i, j)
    mine, theirs = world.dyad[i, j], world.dyad[j, i]
    me, rival = params.state[i], params.state[j]
    advantage = believed_advantage(params, world, i, j)
    exposure = logistic(-advantage)
    low, rival_low = lowest_option(mine.rung), lowest_option(mine.seen)
    types = type_resolve(params, world, j, i)
    answer = np.empty((types.shape[0], highest_option(mine.seen, setting.top) - rival_low + 1))
    gain = np.empty(answer.shape[1])
    terms[:] = 0.0
    for a in range(utility.shape[0]):
        for b in range(gain.shape[0]):
            gain[b] = 1.0 - share(rules, advantage, low + a, rival_low + b)
        answers(
            rules, setting, world.rung, rival, me, theirs, mine, mine.seen, low + a, gain, 1.0 - exposure, types,
            answer,
        )  # fmt: skip
        for b in range(gain.shape[0]):
            weight = 0.0
            for t in range(types.shape[0]):
                weight += world.belief[i, j, t] * answer[t, b]
            terms[a, 0] += weight * resolve * (1.0 - gain[b])
            costs = cost_terms(
                rules, setting, world.rung, me, rival, mine, theirs, mine.rung, low + a, rival_low + b, exposure
            )
            for c in range(len(costs)):
                terms[a, 1 + c] += weight * costs[c]
        utility[a] = terms[a, 0] - terms[a, 1:].sum()
    logit_choice(utility, rules.precision, probability)
    return int(low)
