"""What every phase needs: draws at this round's address, the log, and the one place where a rung changes."""

from sim.codes import Purpose, Standing, War
from sim.compiled import inner
from sim.draws import uniform
from sim.mathematics import chance, normal_quantile
from sim.rules.decide import gumbel, standing
from sim.rules.treaties import covers
from sim.world import Params, Trace, World


@inner
def draw(world: World, state: int, rival: int, purpose: int) -> float:
    """Uniform number for this run and round; `state` and `rival` are keys, not positions."""
    clock = world.clock[0]
    return uniform(clock.seed, clock.run, clock.played, state, rival, purpose)


@inner
def draw_once(world: World, state: int, rival: int, purpose: int) -> float:
    """Standard normal number drawn once per run."""
    clock = world.clock[0]
    return normal_quantile(uniform(clock.seed, clock.run, -1, state, rival, purpose))


@inner
def taste(params: Params, world: World, i: int, j: int, purpose: int, choice: int) -> float:
    """What only i knows of its liking for a choice that concerns j, since it last appraised the crisis.

    With this added to ``precision x utility`` the best choice is a logit choice over all tastes; as tastes
    last, a state that decides again in the same circumstances decides alike.
    """
    clock, word = world.clock[0], purpose + 256 * (choice + 1)
    return gumbel(uniform(clock.seed, clock.run, world.dyad[i, j].appraised, params.key[i], params.key[j], word))


@inner
def reappraise(params: Params, world: World, i: int, j: int) -> None:
    """Now and then what i alone knows of its tastes about j changes: new people, new advice."""
    odds = chance(params.rules[0].reappraisal_rate, params.setting[0].round_days)
    if draw(world, params.key[i], params.key[j], Purpose.REAPPRAISAL) < odds:
        world.dyad[i, j].appraised = world.clock[0].played
        world.dyad[i, j].chosen = 0
        world.dyad[i, j].liking = 0.0


@inner
def note(world: World, trace: Trace, kind: int, state: int, rival: int, commitment: int, value: int) -> None:
    """Write an entry into the log; a full log goes on counting, so that the caller sees what it missed."""
    clock = world.clock[0]
    if clock.entries < trace.entry.shape[0]:
        entry = trace.entry[clock.entries]
        entry.day = clock.day
        entry.kind = kind
        entry.state = state
        entry.rival = rival
        entry.commitment = commitment
        entry.value = value
    clock.entries += 1


@inner
def in_crisis(world: World, i: int) -> bool:
    """Whether a state is in the crisis."""
    for j in range(world.state.shape[0]):
        if world.dyad[i, j].active == 1:
            return True
    return False


@inner
def in_force(params: Params, world: World, c: int) -> bool:
    """Whether a commitment holds today: by its dates, and because its parties keep it."""
    clause = params.commitment[c]
    return bool(world.case[c].standing == Standing.KEPT and clause.start <= world.clock[0].day < clause.end)


@inner
def applies(params: Params, world: World, c: int, theatre: int) -> bool:
    """Whether a commitment holds today, and in a theatre."""
    return bool(world.case[c].standing == Standing.KEPT and covers(params.commitment[c], world.clock[0].day, theatre))


@inner
def reach(world: World, rung: int) -> None:
    """Remember the first day at every rung up to this one."""
    clock = world.clock[0]
    clock.highest = max(clock.highest, rung)
    for r in range(rung + 1):
        if world.rung[r].day < 0.0:
            world.rung[r].day = clock.day


@inner
def wake(world: World, i: int, j: int, theatre: int) -> None:
    """Make a dyad part of the crisis in a theatre: from now on both sides decide on it."""
    for a, b in ((i, j), (j, i)):
        dyad = world.dyad[a, b]
        if dyad.active == 0:
            dyad.active = 1
            dyad.theatre = theatre
            dyad.seen = world.dyad[b, a].rung
            dyad.seen_alert = world.dyad[b, a].alert
            dyad.order = dyad.rung
            dyad.order_alert = dyad.alert


@inner
def begin(params: Params, world: World, i: int, j: int, rung: int) -> None:
    """Remember who is the first in a dyad to use force; a helper instead inherits its side's standing."""
    force = params.setting[0].force
    if rung >= force and max(world.dyad[i, j].rung, world.dyad[i, j].highest, world.dyad[j, i].highest) < force:
        world.dyad[i, j].first = 1


@inner
def open_account(params: Params, world: World, i: int, j: int, rung: int) -> None:
    """Begin another account where i goes to force against j, which uses none and has answered what it suffered."""
    theirs, force = world.dyad[j, i], params.setting[0].force
    if rung >= force and rung > world.dyad[i, j].rung and theirs.rung < force and theirs.answered >= theirs.suffered:
        theirs.suffered = theirs.answered = 0


@inner
def count_war(world: World, theatre: int) -> None:
    """Count a crisis that comes to war, once."""
    clock = world.clock[0]
    if (clock.aflame >> theatre) & 1 == 0:
        clock.aflame |= 1 << theatre
        clock.wars += 1


@inner
def move(params: Params, world: World, trace: Trace, i: int, j: int, rung: int, kind: int, commitment: int) -> None:
    """Put state i on a rung against j; everything that follows from a changed rung follows here."""
    setting = params.setting[0]
    mine = world.dyad[i, j]
    theirs = world.dyad[j, i]
    if rung >= setting.force and rung > mine.rung:
        mine.raised = world.clock[0].played + 1
    mine.rung = rung
    if rung >= setting.force:
        theirs.seen = rung  # there is no mistaking force
        theirs.suffered = max(theirs.suffered, rung)
        mine.answered = max(mine.answered, rung)
    mine.order = rung
    mine.blow = 0.0
    mine.peak = max(mine.peak, rung)
    mine.highest = max(mine.highest, rung)
    theirs.highest = max(theirs.highest, rung)
    if rung >= setting.war:
        mine.war = War.WAR
        theirs.war = War.WAR
        count_war(world, mine.theatre)
    world.state[i].reached = max(world.state[i].reached, rung)
    world.clock[0].last_change = world.clock[0].day
    reach(world, rung)
    note(world, trace, kind, i, j, commitment, rung)


@inner
def strike_once(params: Params, world: World, trace: Trace, i: int, j: int, rung: int, kind: int) -> None:
    """Let i strike a single blow: for some days j and all others face it, then i stands where it stood.

    Nobody was promised more, and i has crossed no threshold for good; j, who was hit, has seen it crossed. One on the
    scale of war brings about a state of war all the same.
    """
    mine = world.dyad[i, j]
    before, public, crossed = standing(mine), mine.peak, mine.highest
    begin(params, world, i, j, rung)
    move(params, world, trace, i, j, rung, kind, -1)
    mine.before, mine.peak, mine.highest = before, public, crossed
    mine.blow = world.clock[0].day + params.rules[0].blow_days


@inner
def garrisons(params: Params, k: int, i: int) -> bool:
    """Whether k has more than a brigade on i's soil."""
    return bool(params.host[k, i] > 0.5)


@inner
def attacked(world: World, victim: int, attacker: int) -> int:
    """Rung of an attack: where the attacker stands, or the force that the victim has not forgotten."""
    return int(max(world.dyad[attacker, victim].rung, world.dyad[victim, attacker].suffered))


@inner
def forget(params: Params, world: World, i: int, j: int) -> None:
    """Force that has ended is forgotten in time."""
    rules, setting, mine = params.rules[0], params.setting[0], world.dyad[i, j]
    if mine.suffered > 0 and world.dyad[j, i].rung < setting.force:
        odds = chance(rules.forget_rate, setting.round_days)
        if draw(world, params.key[i], params.key[j], Purpose.FORGETTING) < odds:
            mine.suffered = mine.answered = 0


@inner
def provoked(world: World, victim: int, attacker: int) -> bool:
    """Whether a victim brought an attack on itself: it struck first. A drill or a threat does not excuse one."""
    return bool(world.dyad[victim, attacker].first == 1)
