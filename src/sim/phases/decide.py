"""Phase 6: every state in the crisis decides, all seeing the same world."""

import numpy as np
from numpy.typing import NDArray

from sim.codes import Purpose, Signal, Term
from sim.compiled import compiled, inner, inner_allocating
from sim.mathematics import chance, logistic
from sim.phases.common import draw, reappraise, taste
from sim.phases.fronts import believed_advantage, leader
from sim.phases.perceive import current_stake, type_resolve
from sim.phases.signals import choose_signal, signals_now
from sim.rules.decide import highest_option, logit_choice, lowest_option, standing
from sim.rules.nuclear import alert_sought, alert_utility
from sim.rules.theories import worth
from sim.world import Params, Records, World

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@inner
def resolve_of(params: Params, world: World, i: int, j: int) -> float:
    """Resolve of i against j now, logit units; known to i alone."""
    return float(current_stake(params, world, i, j) * world.dyad[i, j].resolve)


@inner_allocating
def weigh(params: Params, world: World, i: int, j: int, utility: Vector, terms: Matrix) -> None:
    """Fill the worth of the rungs that i considers against j by its decision theory, and each of its `TERMS`."""
    mine, theirs = world.dyad[i, j], world.dyad[j, i]
    advantage = believed_advantage(params, world, i, j)
    worth(
        params.trait[i].theory, params.rules[0], params.setting[0], world.rung, params.state[i], params.state[j], mine,
        theirs, current_stake(params, world, i, j), resolve_of(params, world, i, j), advantage, logistic(-advantage),
        world.belief[i, j], world.belief[j, i], params.types, type_resolve(params, world, j, i), utility, terms,
    )  # fmt: skip


@compiled
def options_of(params: Params, world: World, i: int, j: int) -> int:
    """Number of rungs that i considers against j."""
    mine = world.dyad[i, j]
    highest = highest_option(params.setting[0], standing(mine), mine.suffered, mine.ceiling)
    return highest - lowest_of(params, world, i, j) + 1


@compiled
def lowest_of(params: Params, world: World, i: int, j: int) -> int:
    """Lowest rung that i considers against j."""
    mine = world.dyad[i, j]
    return lowest_option(params.setting[0], standing(mine), mine, min(mine.seen, mine.suffered))


@compiled
def explain(params: Params, world: World, i: int, j: int, utility: Vector, probability: Vector, terms: Matrix) -> int:
    """Fill what i weighs against j, as it would in `decide`; return the lowest rung that it considers.

    Parameters
    ----------
    utility, probability : (options,) array
        Filled; see `options_of`. The probability is that of a fresh appraisal.
    terms : (options, len(TERMS)) array
        Filled.
    """
    weigh(params, world, i, j, utility, terms)
    logit_choice(utility, params.rules[0].precision, probability)
    return lowest_of(params, world, i, j)


@inner_allocating
def choose_rung(params: Params, world: World, i: int, j: int) -> int:
    """Rung that i chooses against j: the best by its worth and by what only i knows of its tastes.

    Over all tastes this is a logit choice. Tastes last until i reappraises, so that a state which decides
    again in the same circumstances decides alike.
    """
    return lowest_of(params, world, i, j) + int(appeal(params, world, i, j).argmax())


@inner_allocating
def appeal(params: Params, world: World, i: int, j: int) -> Vector:
    """What each of i's options against j is worth to it, times the precision, and its taste."""
    mine = world.dyad[i, j]
    low = lowest_of(params, world, i, j)
    total = np.empty(options_of(params, world, i, j))
    weigh(params, world, i, j, total, np.empty((total.shape[0], Term.FRAMING + 1)))
    for a in range(total.shape[0]):
        total[a] = params.rules[0].precision * total[a] + taste(params, world, i, j, Purpose.TASTE, low + a)
        if low + a == mine.chosen:
            total[a] += mine.liking
    return total


@inner_allocating
def choose_alert(params: Params, world: World, i: int, j: int) -> int:
    """Nuclear alert that an armed state chooses against a rival: one down, the same, or one up."""
    rules, setting = params.rules[0], params.setting[0]
    mine = world.dyad[i, j]
    sought = alert_sought(rules, setting, max(standing(mine), mine.seen), mine.seen_alert, world.state[i].threat)
    utility = np.empty(3)
    alert_utility(rules, sought, mine.alert, utility)
    best, choice = 0.0, -1
    for a in range(3):
        level = mine.alert - 1 + a
        total = rules.precision * utility[a] + taste(params, world, i, j, Purpose.ALERT, level)
        if choice < 0 or total > best:
            best, choice = total, level
    return choice


@inner_allocating
def signal_to(params: Params, world: World, i: int, j: int) -> int:
    """Signal that i sends j, in view of where it is likely to stand next."""
    utility, probability = np.empty(options_of(params, world, i, j)), np.empty(options_of(params, world, i, j))
    low = explain(params, world, i, j, utility, probability, np.empty((utility.shape[0], Term.FRAMING + 1)))
    return choose_signal(params, world, i, j, resolve_of(params, world, i, j), probability, low)


@inner
def tempo(params: Params, world: World, i: int, j: int) -> float:
    """Rate at which i revises its orders against j, per day: the faster, the higher the force in use."""
    rules, setting = params.rules[0], params.setting[0]
    force = max(world.dyad[i, j].rung, world.dyad[j, i].rung) - setting.force + 1
    return float(rules.revision_rate * (1.0 + rules.urgency * max(force, 0)))


@compiled
def revises(params: Params, world: World, i: int, j: int) -> bool:
    """Whether i gets round to its orders against j in this round, with the strongest of those who stand beside it."""
    key = params.key[leader(params, world, i, j)]
    odds = chance(tempo(params, world, i, j), params.setting[0].round_days)
    return bool(draw(world, key, params.key[j], Purpose.REVISION) < odds)


@inner
def give_order(mine: Records, rung: int) -> None:
    """Order a rung; a single blow in progress runs its days, unless what comes after it is as high."""
    if mine.blow > 0.0 and rung < mine.rung:
        mine.before = rung
    else:
        mine.order, mine.blow = rung, 0.0


@inner
def answers_in_kind(params: Params, world: World, i: int, j: int, rung: int) -> bool:
    """Whether to go to a rung answers a blow that j does not go on with: then it is a single blow itself."""
    mine, theirs, force = world.dyad[i, j], world.dyad[j, i], params.setting[0].force
    over = theirs.blow > 0.0 or theirs.rung < force
    return bool(over and force <= rung <= mine.suffered and rung > max(mine.answered, mine.rung))


@compiled
def decide(params: Params, world: World, i: int) -> None:
    """State i revises its orders against the rivals that it gets round to in this turn.

    Allies that fight the same rival side by side revise at the same time, with the strongest of them.
    """
    rules, setting = params.rules[0], params.setting[0]
    for j in range(world.state.shape[0]):
        mine = world.dyad[i, j]
        if mine.active == 0:
            continue
        a, b = params.key[i], params.key[j]
        reappraise(params, world, i, j)
        if revises(params, world, i, j):
            rung = choose_rung(params, world, i, j)
            mine.once = 1 if answers_in_kind(params, world, i, j, rung) else 0
            if mine.once == 1:
                mine.order = rung  # one's own blow, if there is one, is not policy either
            else:
                give_order(mine, rung)
            if params.state[i].warheads > 0.0:
                mine.order_alert = choose_alert(params, world, i, j)
        if mine.signal == Signal.NONE and signals_now(params, world, i, j):
            if draw(world, a, b, Purpose.SIGNALLING) < chance(rules.signal_rate, setting.round_days):
                mine.signal = signal_to(params, world, i, j)
