"""The slow clock, commitments: parties to treaties of defence leave them, or sign them."""

from sim.codes import Entry, Kind, Purpose, Stage, Standing
from sim.compiled import inner
from sim.mathematics import chance, exp
from sim.phases.common import draw, in_force, note
from sim.rules.realign import alliance_worth, common_threat, entangling, leaving, signing
from sim.world import Params, Trace, World


@inner
def strength(world: World, i: int) -> float:
    """Strength of a state: the mean of its arms and its industry."""
    state = world.state[i]
    return float((state.land + state.air + state.sea + state.missile + state.industry) / 5.0)


@inner
def hostility(params: Params, world: World, i: int, j: int) -> float:
    """Hostility of i to j, 0..1: rivals whose affinity is below nought."""
    return float(params.dyad[i, j].rivalry * max(-world.dyad[i, j].affinity, 0.0))


@inner
def worth_of_partner(params: Params, world: World, i: int, p: int) -> float:
    """Worth to i of an alliance with p, for itself and against the rivals of both."""
    rules = params.rules[0]
    shared = entrapment = 0.0
    for r in range(world.state.shape[0]):
        if r == i or r == p:
            continue
        mine, theirs = hostility(params, world, i, r), hostility(params, world, p, r)
        power, reached = strength(world, r), exp(-rules.distance_loss * params.dyad[p, r].distance)
        if mine > 0.0 and theirs > 0.0:
            shared = max(shared, common_threat(mine, theirs, strength(world, p) * reached, power))
        fights = world.dyad[p, r].active == 1 and world.dyad[p, r].rung >= params.setting[0].force
        quarrel = 1.0 if fights else theirs
        if quarrel > 0.0:
            entrapment = max(entrapment, entangling(quarrel, mine, power, strength(world, i)))
    return alliance_worth(rules, params.dyad[i, p].interest, world.dyad[i, p].affinity, shared, entrapment)


@inner
def partner_by(params: Params, c: int, i: int, pact: int) -> int:
    """The state with which a clause of defence of a treaty binds i, by its own duty or the other's; -1 for none."""
    clause = params.commitment[c]
    if clause.pact == pact and clause.kind == Kind.DEFENCE:
        if clause.ally == i:
            return int(clause.protected)
        if clause.protected == i:
            return int(clause.ally)
    return -1


@inner
def worth_of_treaty(params: Params, world: World, i: int, pact: int) -> float:
    """Mean worth to i of those with whom a treaty's clauses of defence bind it."""
    worth, partners = 0.0, 0
    for c in range(world.case.shape[0]):
        p = partner_by(params, c, i, pact)
        if p >= 0 and world.case[c].standing != Standing.LEFT:
            worth += worth_of_partner(params, world, i, p)
            partners += 1
    return worth / partners if partners > 0 else 0.0


@inner
def reviews(params: Params, world: World, treaty: int, state: int) -> bool:
    """Whether a treaty is reviewed in this round."""
    odds = chance(params.rules[0].align_rate, params.setting[0].round_days)
    return bool(draw(world, treaty, state, Purpose.REVIEW) < odds)


@inner
def duty(params: Params, world: World, i: int, pact: int) -> int:
    """A commitment of defence in force that i owes under a treaty, -1 for none."""
    for c in range(world.case.shape[0]):
        clause = params.commitment[c]
        if clause.pact == pact and clause.kind == Kind.DEFENCE and clause.ally == i and in_force(params, world, c):
            return c
    return -1


@inner
def tested(params: Params, world: World, i: int, pact: int) -> bool:
    """Whether a case of a treaty, for or by i, has arisen: then the words are tested, not reviewed."""
    for c in range(world.case.shape[0]):
        clause = params.commitment[c]
        if clause.pact == pact and (clause.ally == i or clause.protected == i):
            if world.case[c].stage != Stage.DORMANT:
                return True
    return False


@inner
def leave(params: Params, world: World, trace: Trace, row: int) -> None:
    """A party that owes defence may leave its treaty, unless the case has arisen; then nothing binds it any more."""
    party = params.party[row]
    i, c = party.state, duty(params, world, party.state, party.pact)
    if c < 0 or not reviews(params, world, party.key, params.key[i]) or tested(params, world, i, party.pact):
        return
    worth = worth_of_treaty(params, world, i, party.pact)
    odds = leaving(params.rules[0], worth, params.commitment[c].strength, params.state[i].accountability)
    if draw(world, party.key, params.key[i], Purpose.ALIGNMENT) < odds:
        note(world, trace, Entry.LEFT, i, -1, c, 0)
        for other in range(world.case.shape[0]):
            clause = params.commitment[other]
            if clause.pact == party.pact and (clause.ally == i or clause.protected == i):
                world.case[other].standing = Standing.LEFT
                regard_patron(params, world, clause.ally, clause.protected)


@inner
def defended(params: Params, world: World, k: int, i: int) -> bool:
    """Whether k owes i defence by a treaty that is kept."""
    for c in range(world.case.shape[0]):
        clause = params.commitment[c]
        if clause.kind == Kind.DEFENCE and clause.ally == k and clause.protected == i:
            if world.case[c].standing == Standing.KEPT:
                return True
    return False


@inner
def regard_patron(params: Params, world: World, k: int, i: int) -> None:
    """Set anew whether k defends or arms i."""
    bound = params.supplier[k, i] == 1 or defended(params, world, k, i)
    world.dyad[k, i].patron = 1 if bound else 0


@inner
def wanted(params: Params, world: World, row: int) -> bool:
    """Whether a party wants a treaty that is open for signature; who owes its partner defence already needs none."""
    party = params.party[row]
    for c in range(world.case.shape[0]):
        p = partner_by(params, c, party.state, party.pact)
        if p >= 0 and (defended(params, world, party.state, p) or world.dyad[party.state, p].active == 1):
            return False
    odds = signing(params.rules[0], worth_of_treaty(params, world, party.state, party.pact))
    return bool(draw(world, party.key, params.key[party.state], Purpose.ALIGNMENT) < odds)


@inner
def sign(params: Params, world: World, trace: Trace, first: int, last: int) -> None:
    """The parties in rows `first` to `last` sign their treaty if it is open and all of them want it."""
    party = params.party[first]
    if world.case[party.commitment].standing != Standing.OPEN or not reviews(params, world, party.key, 0):
        return
    for row in range(first, last):
        if not wanted(params, world, row):
            return
    for row in range(first, last):
        note(world, trace, Entry.SIGNED, params.party[row].state, -1, party.commitment, 0)
    for c in range(world.case.shape[0]):
        clause = params.commitment[c]
        if clause.pact == party.pact:
            world.case[c].standing = Standing.KEPT
            regard_patron(params, world, clause.ally, clause.protected)


@inner
def align(params: Params, world: World, trace: Trace) -> None:
    """Every treaty of defence: parties leave it, or sign it."""
    first = 0
    for row in range(params.party.shape[0]):
        leave(params, world, trace, row)
        last = row + 1
        if last == params.party.shape[0] or params.party[last].pact != params.party[row].pact:
            sign(params, world, trace, first, last)
            first = last
