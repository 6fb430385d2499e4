"""Effort and power: where forces go, and what each side can bring to bear in each dyad."""

from sim.codes import Kind, Level, Stage
from sim.compiled import inner
from sim.mathematics import log
from sim.phases.common import applies
from sim.rules.perceive import judged_advantage
from sim.rules.power import capability, front_need, lent, own_power
from sim.rules.treaties import rung_of_help
from sim.world import Params, World


@inner
def share_effort(params: Params, world: World) -> None:
    """Share each state's free forces among its theatres by the height of the crisis in each.

    The efforts of the theatres where a state is in crisis sum to what is free; for another theatre the
    effort is what it could spare if it joined there. A second front never raises the effort on the first.
    """
    setting = params.setting[0]
    for i in range(world.state.shape[0]):
        abroad = 0.0
        for k in range(world.front.shape[1]):
            abroad += world.front[i, k].stationed
            world.front[i, k].effort = 0.0
        free = max(1.0 - max(params.state[i].committed, abroad), 0.0)
        for j in range(world.state.shape[0]):
            dyad = world.dyad[i, j]
            if dyad.active == 1:
                front = world.front[i, dyad.theatre]
                height = max(dyad.rung, world.dyad[j, i].rung, 1)
                front.effort = max(front.effort, front_need(height, setting.top))
        total = 0.0
        for k in range(world.front.shape[1]):
            total += world.front[i, k].effort
        newcomer = front_need(setting.lethal, setting.top)
        for k in range(world.front.shape[1]):
            front = world.front[i, k]
            if front.effort > 0.0:
                front.effort = free * front.effort / total
            else:
                front.effort = free * newcomer / (total + newcomer)


@inner
def power_in(params: Params, world: World, i: int, theatre: int) -> float:
    """Power that a state brings to bear in a theatre with its own forces."""
    rules = params.rules[0]
    strength = capability(rules, world.state[i], params.theatre[theatre])
    front = world.front[i, theatre]
    return own_power(rules, strength, front.effort, front.stationed, params.reach[i, theatre].distance)


@inner
def support(params: Params, world: World, i: int, j: int, theatre: int) -> float:
    """Power that others lend i against j now."""
    rules = params.rules[0]
    total = 0.0
    for k in range(world.state.shape[0]):
        if k != i and k != j and world.dyad[k, i].help >= Level.MATERIEL:
            level = world.dyad[k, i].help
            if world.dyad[k, j].rung < params.setting[0].force:
                level = min(level, Level.MATERIEL + 0)  # who does not fight j lends arms, not armies
            total += lent(rules, level) * power_in(params, world, k, theatre)
    return total


@inner
def promised(params: Params, world: World, c: int, i: int, j: int, theatre: int) -> float:
    """How far i may rely on a defence clause against j, as others see it: 0 where it promises nothing that is open.

    A help already given is in `support`, a refusal is known. A victim may expect all of it; whoever struck first, what
    the words leave open (half) or cover (all).
    """
    clause, case = params.commitment[c], world.case[c]
    if clause.kind != Kind.DEFENCE or clause.protected != i or clause.ally == j:
        return 0.0
    if case.stage > Stage.REQUESTED or not applies(params, world, c, theatre):
        return 0.0
    if world.dyad[clause.ally, i].help >= clause.duty:
        return 0.0
    words = 1.0 - 0.5 * clause.provoked if world.dyad[i, j].first == 1 else 1.0
    return float(words * case.reliability)


@inner
def expected_support(params: Params, world: World, i: int, j: int, theatre: int) -> float:
    """Power that defence pacts promise i against j, discounted by how far others rely on it."""
    total = 0.0
    for c in range(world.case.shape[0]):
        odds = promised(params, world, c, i, j, theatre)
        if odds > 0.0:
            ally, duty = params.commitment[c].ally, params.commitment[c].duty
            total += odds * lent(params.rules[0], duty) * power_in(params, world, ally, theatre)
    return total


@inner
def dread(params: Params, world: World, i: int, j: int) -> None:
    """Set whom i has to fear: those whom pacts would bring to j's help, from which rung on, with what power and arms.

    Extended deterrence (Huth 1988; Signorino & Tarar 2006; Leeds 2003): who comes stands where the fight is. Of several
    pacts the lowest trigger counts for all.
    """
    mine, setting = world.dyad[i, j], params.setting[0]
    mine.dread = mine.umbrella = 0.0
    mine.dreaded = setting.top + 1
    for c in range(world.case.shape[0]):
        odds = promised(params, world, c, j, i, mine.theatre)
        clause = params.commitment[c]
        if odds > 0.0 and clause.duty >= Level.LIMITED_FORCES:
            theirs = lent(params.rules[0], clause.duty) * power_in(params, world, clause.ally, mine.theatre)
            mine.dread += odds * theirs / (theirs + mine.present)
            if params.state[clause.ally].warheads > 0.0:
                mine.umbrella = max(mine.umbrella, odds)
            mine.dreaded = min(mine.dreaded, clause.trigger)


@inner
def side_by_side(world: World, i: int, k: int, j: int) -> bool:
    """Whether k stands against j beside i, one of them with forces for the other."""
    if k == i or k == j or world.dyad[k, j].active == 0 or world.dyad[k, j].theatre != world.dyad[i, j].theatre:
        return False
    return max(world.dyad[k, i].help, world.dyad[i, k].help) >= Level.LIMITED_FORCES


@inner
def leader(params: Params, world: World, i: int, j: int) -> int:
    """Strongest in the theatre of i and those who stand beside it against j."""
    theatre = world.dyad[i, j].theatre
    first, strength = i, power_in(params, world, i, theatre)
    for k in range(world.state.shape[0]):
        if side_by_side(world, i, k, j):
            own = power_in(params, world, k, theatre)
            if own > strength or (own == strength and params.key[k] < params.key[first]):
                first, strength = k, own
    return first


@inner
def keep_company(params: Params, world: World, i: int, j: int) -> None:
    """Set where i's allies against j stand, by their power, and how far i is the junior among them."""
    dyad = world.dyad[i, j]
    own = power_in(params, world, i, dyad.theatre)
    others = rungs = 0.0
    for k in range(world.state.shape[0]):
        if side_by_side(world, i, k, j):
            power = power_in(params, world, k, dyad.theatre)
            others += power
            rungs += power * world.dyad[k, j].rung
    dyad.company = rungs / others if others > 0.0 else 0.0
    dyad.junior = others / (others + own) if others > 0.0 else 0.0


@inner
def keep_word(params: Params, world: World, i: int, j: int) -> None:
    """Set the rung on which i's help to partners whom j attacks puts it against j, and how high it goes at most.

    Who fights for a partner and has not been hit itself goes no further than the partner does, or than its word.
    """
    setting = params.setting[0]
    dyad = world.dyad[i, j]
    dyad.pledged = partners = 0
    for k in range(world.state.shape[0]):
        attack = world.dyad[j, k].rung
        if side_by_side(world, k, i, j) and world.dyad[i, k].help >= Level.LIMITED_FORCES and attack >= setting.force:
            dyad.pledged = max(dyad.pledged, rung_of_help(setting, world.dyad[i, k].help, attack))
            partners = max(partners, world.dyad[k, j].rung)
    helps = dyad.pledged > 0 and dyad.suffered < setting.lethal
    dyad.ceiling = max(partners, dyad.pledged) if helps else setting.top


@inner
def weigh_powers(params: Params, world: World) -> None:
    """Set m_ij of every active directed dyad: own and lent power (present), and with it what is expected.

    Also where its allies stand, where its word to them puts it, and whom it has to fear.
    """
    for i in range(world.state.shape[0]):
        for j in range(world.state.shape[0]):
            dyad = world.dyad[i, j]
            if dyad.active == 1:
                power = power_in(params, world, i, dyad.theatre)
                power += support(params, world, i, j, dyad.theatre)
                dyad.present = max(power, 1e-6)
                power += expected_support(params, world, i, j, dyad.theatre)
                dyad.power = max(power, 1e-6)
                keep_company(params, world, i, j)
                keep_word(params, world, i, j)
    for i in range(world.state.shape[0]):
        for j in range(world.state.shape[0]):
            if world.dyad[i, j].active == 1:
                dread(params, world, i, j)


@inner
def advantage(world: World, i: int, j: int) -> float:
    """Log ratio of i's power to j's, as it is."""
    return log(world.dyad[i, j].power / world.dyad[j, i].power)


@inner
def believed_advantage(params: Params, world: World, i: int, j: int) -> float:
    """Log ratio of i's power to j's, as i judges it."""
    return judged_advantage(params.rules[0], advantage(world, i, j), world.dyad[i, j].misjudged, world.state[i].sight)
