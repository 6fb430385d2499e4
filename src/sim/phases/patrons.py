"""Phase 5, patrons: each weighs now and then what to do about its client's crisis, and presses it accordingly."""

import numpy as np

from sim.codes import Entry, Kind, Purpose, Stance
from sim.compiled import inner, inner_allocating
from sim.mathematics import chance
from sim.phases.common import applies, attacked, draw, note, reappraise, taste
from sim.phases.help import chance_alone, worst_attacker
from sim.rules.patrons import entrapment, pressure_share, stance_utility
from sim.rules.treaties import need, partner_value
from sim.world import Params, Trace, World


@inner
def is_patron(params: Params, world: World, p: int, i: int) -> bool:
    """Whether p is a patron of i: it defends or equips i, has an interest in it, and i depends on it the more."""
    if p == i or world.dyad[p, i].patron == 0 or params.dyad[p, i].interest <= 0.0:
        return False
    return bool(params.dyad[i, p].dependence > params.dyad[p, i].dependence)


@inner
def other_patrons(params: Params, world: World, p: int, i: int) -> float:
    """The client's greatest dependence on a patron other than p."""
    most = 0.0
    for o in range(params.dyad.shape[0]):
        if o != p and is_patron(params, world, o, i):
            most = max(most, params.dyad[i, o].dependence)
    return most


@inner
def words(params: Params, world: World, p: int, i: int, theatre: int) -> float:
    """Strength, 0..1, of the strongest defence clause that p owes i there."""
    most = 0.0
    for c in range(world.case.shape[0]):
        clause = params.commitment[c]
        if clause.kind == Kind.DEFENCE and clause.ally == p and clause.protected == i:
            if applies(params, world, c, theatre):
                most = max(most, clause.strength / 4.0)
    return most


@inner_allocating
def choose_stance(params: Params, world: World, p: int, i: int, j: int) -> int:
    """Stance of patron p toward client i in its crisis with j."""
    rules, setting = params.rules[0], params.setting[0]
    mine = world.dyad[i, j]
    attack = attacked(world, i, j)
    plea = need(rules, max(attack - setting.lethal, 0), chance_alone(params, world, i, j), 0.0)
    value = partner_value(rules, params.dyad[p, i].interest, world.state[i].threat, plea) + world.dyad[p, i].goodwill
    utility = np.empty(4)
    stance_utility(
        rules, value, entrapment(rules, setting, mine.rung, mine.first), params.dyad[i, p].dependence,
        other_patrons(params, world, p, i), params.dyad[p, j].dependence, words(params, world, p, i, mine.theatre),
        params.host[p, i], world.dyad[p, i].stance, utility,
    )  # fmt: skip
    best, choice = 0.0, -1
    for s in range(utility.shape[0]):
        total = rules.precision * utility[s] + taste(params, world, p, i, Purpose.STANCE, s)
        if choice < 0 or total > best:
            best, choice = total, s
    return choice


@inner
def take_stances(params: Params, world: World, trace: Trace, i: int) -> None:
    """Every patron of i that is not at odds with it weighs its stance at a rate; log what changes."""
    rules, setting = params.rules[0], params.setting[0]
    for p in range(world.state.shape[0]):
        if not is_patron(params, world, p, i) or world.dyad[p, i].active == 1:
            continue
        j = worst_attacker(params, world, i, p, False)
        if j < 0 or world.dyad[p, j].rung >= setting.force:
            continue  # who fights at the client's side has chosen
        reappraise(params, world, p, i)
        if draw(world, params.key[p], params.key[i], Purpose.PATRONAGE) < chance(rules.patron_rate, setting.round_days):
            stance = choose_stance(params, world, p, i, j)
            if stance != world.dyad[p, i].stance:
                world.dyad[p, i].stance = stance
                note(world, trace, Entry.STANCE, p, i, -1, stance)


@inner
def press(params: Params, world: World, i: int, j: int) -> None:
    """Set what i's patrons make rungs from the use of force upwards cost it against j.

    The strongest hold counts, and a patron that does not hold the client back loosens it: there is another door.
    """
    rules, setting = params.rules[0], params.setting[0]
    hold = way_out = 0.0
    for p in range(world.state.shape[0]):
        if p == j or not is_patron(params, world, p, i) or world.dyad[p, j].rung >= setting.force:
            continue
        pressed = pressure_share(rules, world.dyad[p, i].stance)
        hold = max(hold, params.dyad[i, p].dependence * pressed)
        way_out = max(way_out, params.dyad[i, p].dependence * (1.0 - pressed))
    world.dyad[i, j].pressure = rules.patron_leverage * hold * (1.0 - way_out)


@inner
def press_all(params: Params, world: World, i: int) -> None:
    """Set the pressure of i's patrons against every rival."""
    for j in range(world.state.shape[0]):
        if world.dyad[i, j].active == 1:
            press(params, world, i, j)


@inner
def start_stances(params: Params, world: World) -> None:
    """Before a crisis patrons hedge."""
    for p in range(world.state.shape[0]):
        for i in range(world.state.shape[0]):
            if is_patron(params, world, p, i):
                world.dyad[p, i].stance = Stance.HEDGE
