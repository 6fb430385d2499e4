"""Phase 7, off-ramps: offers to rivals, and mediation by a third state in a theatre."""

import numpy as np

from sim.codes import Entry, Offer, Purpose, Term
from sim.compiled import inner, inner_allocating
from sim.mathematics import chance, log, logistic
from sim.phases.common import draw, garrisons, note, taste
from sim.phases.decide import resolve_of
from sim.phases.fronts import believed_advantage
from sim.rules.decide import cost_terms, standing
from sim.rules.offers import accepts_mediator, offer_utility, offer_weight
from sim.rules.power import share
from sim.world import Params, Trace, World


@inner
def dearness(params: Params, world: World, i: int, j: int, advantage: float) -> float:
    """What it costs i to stand where it stands: fighting, weariness and nuclear danger, as it sees j."""
    mine, theirs = world.dyad[i, j], world.dyad[j, i]
    terms = cost_terms(
        params.rules[0], params.setting[0], world.rung, params.state[i], params.state[j], mine, theirs,
        standing(mine), standing(mine), mine.seen, logistic(-advantage),
    )  # fmt: skip
    return terms[Term.FIGHTING - 1] + terms[Term.WEARINESS - 1] + terms[Term.NUCLEAR - 1]


@inner_allocating
def choose_offer(params: Params, world: World, i: int, j: int) -> int:
    """Offer that i makes to j, by logit choice with tastes that last; none is a choice too."""
    rules = params.rules[0]
    mine = world.dyad[i, j]
    advantage = believed_advantage(params, world, i, j)
    held = share(rules, advantage, standing(mine), mine.seen)
    price = dearness(params, world, i, j, advantage)
    utility = np.empty(3)
    offer_utility(rules, price, resolve_of(params, world, i, j), held, params.state[i].accountability, utility)
    for choice in range(3):
        utility[choice] = rules.precision * utility[choice] + taste(params, world, i, j, Purpose.OFFER, choice)
    return int(utility.argmax())


@inner
def offer(params: Params, world: World, trace: Trace, i: int, j: int) -> None:
    """State i makes j an offer, lets it stand, or withdraws it; whoever escalates has withdrawn it."""
    mine = world.dyad[i, j]
    if standing(mine) > mine.offered_at:
        mine.offer = Offer.NONE
    mine.offered_at = standing(mine)
    weighs = chance(params.rules[0].offer_rate, params.setting[0].round_days)
    if draw(world, params.key[i], params.key[j], Purpose.OFFER) >= weighs:
        return
    chosen = choose_offer(params, world, i, j)
    if chosen != mine.offer and chosen != Offer.NONE:
        note(world, trace, Entry.OFFERED, i, j, -1, chosen)
    mine.offer = chosen


@inner
def principals(params: Params, world: World, theatre: int) -> tuple[int, int]:
    """The two sides of the dyad that stands highest in a theatre, or -1, -1.

    Of several, the one whose sides stand higher together, then the one with more power, then by key.
    """
    first, second = -1, -1
    best = (0, 0, 0.0, 0, 0)
    for i in range(world.state.shape[0]):
        for j in range(i + 1, world.state.shape[0]):
            mine, theirs = world.dyad[i, j], world.dyad[j, i]
            if mine.active == 0 or mine.theatre != theatre:
                continue
            a, b = params.key[i], params.key[j]
            rungs = mine.rung + theirs.rung
            rank = (max(mine.rung, theirs.rung), rungs, mine.power + theirs.power, min(a, b), max(a, b))
            if first < 0 or rank > best:
                first, second, best = i, j, rank
    return first, second


@inner
def takes_sides(params: Params, world: World, k: int, i: int) -> bool:
    """Whether k is against principal i, by sanctions or by arms for its enemy, or with it, by forces on its soil."""
    against = world.dyad[k, i].sanctions == 1 or world.dyad[k, i].rung >= params.setting[0].threat - 1
    return bool(against or garrisons(params, k, i))


@inner
def partial(params: Params, world: World, k: int, i: int, j: int) -> bool:
    """Whether k takes sides between two principals."""
    return takes_sides(params, world, k, i) or takes_sides(params, world, k, j)


@inner
def takes_part(world: World, k: int, theatre: int) -> bool:
    """Whether k is in a dyad of the crisis in a theatre."""
    for j in range(world.state.shape[0]):
        if world.dyad[k, j].active == 1 and world.dyad[k, j].theatre == theatre:
            return True
    return False


@inner
def acceptance(params: Params, world: World, k: int, i: int, j: int) -> float:
    """Chance that both principals accept k as mediator (Bercovitch & Diehl 1997)."""
    rules = params.rules[0]
    to_one = accepts_mediator(rules, world.dyad[i, k].affinity, world.dyad[i, j].offer != Offer.NONE)
    to_other = accepts_mediator(rules, world.dyad[j, k].affinity, world.dyad[j, i].offer != Offer.NONE)
    return to_one * to_other


@inner
def candidate(params: Params, world: World, theatre: int, i: int, j: int) -> tuple[int, float]:
    """Third state that would mediate, and how acceptable the most acceptable one is; -1 for none.

    A race of hazards, by how acceptable each is times its standing in the world (its industry): the first to come
    wins, and mostly the strong mediate (Bercovitch & Schneider 2000). A state without any affinity, for good or ill,
    to either principal has no business there, and one that takes sides is not let in.
    """
    first, soonest, most = -1, 0.0, 0.0
    for k in range(world.state.shape[0]):
        friendless = world.dyad[k, i].affinity == 0.0 and world.dyad[k, j].affinity == 0.0
        if friendless or partial(params, world, k, i, j) or takes_part(world, k, theatre):
            continue
        weight = acceptance(params, world, k, i, j)
        rate = weight * max(world.state[k].industry * (1.0 - params.state[k].committed), 1e-6)
        arrival = -log(draw(world, params.place[theatre], params.key[k], Purpose.MEDIATOR)) / rate
        most = max(most, weight)
        if first < 0 or arrival < soonest:
            first, soonest = k, arrival
    return first, most


@inner
def mediated(world: World, theatre: int) -> bool:
    """Whether a third state mediates in a theatre."""
    for k in range(world.state.shape[0]):
        if world.front[k, theatre].mediates == 1:
            return True
    return False


@inner
def dismiss(params: Params, world: World, theatre: int, i: int, j: int, whoever: bool) -> None:
    """Let mediation between principals end: that of a state that takes part or sides by now, or of whoever mediates."""
    for k in range(world.state.shape[0]):
        front = world.front[k, theatre]
        if front.mediates == 1 and (whoever or takes_part(world, k, theatre) or partial(params, world, k, i, j)):
            front.mediates = 0


@inner
def mediate(params: Params, world: World, trace: Trace, theatre: int, i: int, j: int) -> None:
    """A third state comes to mediate between principals i and j, or goes when neither offers anything any more."""
    open_to_it = world.dyad[i, j].offer != Offer.NONE or world.dyad[j, i].offer != Offer.NONE
    dismiss(params, world, theatre, i, j, not open_to_it)
    if not open_to_it or mediated(world, theatre):
        return
    k, weight = candidate(params, world, theatre, i, j)
    odds = chance(params.rules[0].mediation_rate * weight, params.setting[0].round_days)
    if k >= 0 and draw(world, params.place[theatre], 0, Purpose.MEDIATION) < odds:
        world.front[k, theatre].mediates = 1
        note(world, trace, Entry.MEDIATED, k, -1, -1, theatre)


@inner
def on_the_table(params: Params, world: World, i: int, j: int) -> float:
    """How far the standing offers of both principals go together."""
    rules = params.rules[0]
    return offer_weight(rules, world.dyad[i, j].offer) + offer_weight(rules, world.dyad[j, i].offer)
