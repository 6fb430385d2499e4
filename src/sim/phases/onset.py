"""The slow clock, crises: old ones are laid to rest, new ones begin between rivals."""

from sim.codes import Council, Entry, Level, Purpose, Stage
from sim.compiled import inner
from sim.draws import uniform
from sim.mathematics import chance, exp, normal_quantile
from sim.phases.affinity import mutual
from sim.phases.alignment import strength
from sim.phases.common import begin, draw, in_crisis, move, note, wake
from sim.rules.realign import initiative, onset
from sim.world import Params, Trace, World


@inner
def lay_to_rest(params: Params, world: World, trace: Trace) -> None:
    """Forget a crisis that is over: helpers go home, cases close, limits stand again; sanctions are lifted in time."""
    clock = world.clock[0]
    for i in range(world.state.shape[0]):
        at_peace = not in_crisis(world, i)
        if at_peace:
            world.state[i].council, world.state[i].exposed = Council.SILENT, 0.0
        for j in range(world.state.shape[0]):
            dyad = world.dyad[i, j]
            if dyad.active == 0:
                dyad.first = dyad.highest = 0
                dyad.stake = params.dyad[i, j].stake
            if at_peace:
                world.dyad[j, i].help = world.dyad[j, i].considered = 0
                lift(params, world, trace, j, i)
    for c in range(world.case.shape[0]):
        case = world.case[c]
        if case.stage != Stage.DORMANT and not in_crisis(world, params.commitment[c].protected):
            case.stage, case.level, case.judged, case.epoch = Stage.DORMANT, Level.NOTHING, 0, clock.played
    for k in range(world.front.shape[1]):
        if (clock.aflame >> k) & 1 == 1 and not embroiled(world, k):
            clock.aflame -= 1 << k


@inner
def embroiled(world: World, theatre: int) -> bool:
    """Whether there is a crisis in a theatre."""
    for i in range(world.state.shape[0]):
        for j in range(world.state.shape[0]):
            if world.dyad[i, j].active == 1 and world.dyad[i, j].theatre == theatre:
                return True
    return False


@inner
def lift(params: Params, world: World, trace: Trace, s: int, t: int) -> None:
    """Sanctions that s imposed on t in this run are lifted at a rate."""
    if world.dyad[s, t].sanctions == 1:
        odds = chance(params.rules[0].lift_rate, params.setting[0].round_days)
        if draw(world, params.key[s], params.key[t], Purpose.LIFTING) < odds:
            world.dyad[s, t].sanctions = 0
            note(world, trace, Entry.LIFTED, s, t, -1, 0)


@inner
def break_out(params: Params, world: World, trace: Trace, i: int, j: int, theatre: int) -> None:
    """A crisis begins: i threatens j. Resolve, tastes and beliefs are new; i is one of those who would threaten."""
    clock = world.clock[0]
    for a, b in ((i, j), (j, i)):
        dyad = world.dyad[a, b]
        dyad.epoch = dyad.appraised = clock.played
        dyad.chosen, dyad.liking = 0, 0.0
        u = uniform(clock.seed, clock.run, clock.played, params.key[a], params.key[b], Purpose.RESOLVE)
        dyad.resolve = exp(params.rules[0].resolve_sd * normal_quantile(u))
        for t in range(params.types.shape[0]):
            world.belief[a, b, t] = 1.0 / params.types.shape[0]
    threat = params.setting[0].threat
    wake(world, i, j, theatre)
    begin(params, world, i, j, threat)
    move(params, world, trace, i, j, threat, Entry.CRISIS, -1)
    world.dyad[i, j].acted = threat
    clock.crises += 1


@inner
def readiness(params: Params, world: World, i: int, j: int) -> float:
    """Weight with which i is the one who begins a crisis with j."""
    return initiative(params.rules[0], params.dyad[i, j].stake, strength(world, i), params.state[i].accountability)


@inner
def begin_crises(params: Params, world: World, trace: Trace) -> None:
    """Between rivals at peace with each other a crisis begins at a rate."""
    for i in range(world.state.shape[0]):
        for j in range(i):
            theatre = params.quarrel[i, j]
            beside = max(world.dyad[i, j].help, world.dyad[j, i].help) >= Level.LIMITED_FORCES
            if theatre < 0 or world.dyad[i, j].active == 1 or beside:
                continue
            weak, strong = min(strength(world, i), strength(world, j)), max(strength(world, i), strength(world, j))
            far = max(params.reach[i, theatre].distance, params.reach[j, theatre].distance)
            rate = onset(params.rules[0], params.dyad[i, j].rivalry, mutual(world, i, j), weak / strong, far)
            low, high = (i, j) if params.key[i] < params.key[j] else (j, i)
            a, b = params.key[low], params.key[high]
            if draw(world, a, b, Purpose.ONSET) < chance(rate, params.setting[0].round_days):
                one, other = readiness(params, world, low, high), readiness(params, world, high, low)
                if draw(world, a, b, Purpose.ONSET_SIDE) * (one + other) < one:
                    break_out(params, world, trace, low, high, theatre)
                else:
                    break_out(params, world, trace, high, low, theatre)
