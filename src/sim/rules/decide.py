"""What a state wants: utility of standing on a rung, the rival's answer, the choice, and belief.

All utilities are in logit units. Quantal response with one step of foresight: McKelvey & Palfrey 1995;
Signorino 1999; Camerer, Ho & Chong 2004.
"""

import numpy as np
from numpy.typing import NDArray

from sim.codes import Offer
from sim.compiled import compiled
from sim.mathematics import exp, log
from sim.rules.power import share
from sim.world import Records

Vector = NDArray[np.float64]


@compiled
def burden(rules: Records, r: int) -> float:
    """What fighting at rung `r` costs, ``C(r) = exp(c r) - 1``, before its weight."""
    return exp(rules.cost_growth * r) - 1.0


@compiled
def cost_terms(
    rules: Records,
    setting: Records,
    ladder: Records,
    me: Records,
    rival: Records,
    mine: Records,
    theirs: Records,
    stand: int,
    r: int,
    q: int,
    exposure: float,
) -> tuple[float, float, float, float, float, float, float, float, float, float, float, float, float]:
    """Costs of standing at rung `r` while the rival stands at `q`, each on its own.

    Parameters
    ----------
    ladder : array of RUNG
        Burden of each rung.
    me, rival : record
        `STATE_FIGURE` of the two states.
    mine, theirs : record
        `DYAD` of each against the other.
    stand : int
        The rung from which the step is taken.
    exposure : float
        Rival's share of the two sides' power, 0..1.

    Returns
    -------
    tuple of float
        The terms of `sim.codes.TERMS` from fighting to intervention; all >= 0, in logit units.
    """
    own_weight = 1.0 + me.risk_aversion
    fighting = rules.kappa * (own_weight * ladder[r].burden + exposure * ladder[q].burden)
    audience = audience_cost(rules, me, max(mine.peak - r, 0))
    blow = to_answer(mine, q)
    reciprocity = 0.0
    if blow >= setting.force:
        reciprocity = rules.reciprocity * max(ladder[blow].burden - ladder[r].burden, 0.0)

    threshold = 0.0
    if r >= setting.force and mine.highest < setting.force:
        threshold += rules.chi_force
    if r >= setting.lethal and mine.highest < setting.lethal:
        threshold += rules.chi_lethal
    if r >= setting.war and mine.highest < setting.war:
        threshold += rules.chi_war
    if r >= setting.top and mine.highest < setting.top:
        threshold += rules.chi_top

    inertia = rules.phi * (r - stand) * (r - stand)

    weariness = democracy = pact = 0.0
    if r >= setting.force:
        weariness = mine.weariness * (r - setting.force + 1) / (setting.war - setting.force + 1)
        democracy = rules.democratic_peace * me.accountability * rival.accountability
        if theirs.first == 0:  # a partner that struck first has broken the pact itself
            pact = mine.restraint

    nuclear = intervention = 0.0
    both = 1.0 if me.warheads > 0.0 else rules.nuclear_asymmetry
    caution = rules.nuclear_caution * both * max(r - setting.force, 0)
    if rival.warheads > 0.0:
        nuclear = caution * (1.0 + mine.seen_alert / 3.0)
    if r >= mine.dreaded:
        intervention = rules.intervention * (rules.kappa * mine.dread * ladder[r].burden + caution * mine.umbrella)

    patron = mine.pressure * max(r - setting.force + 1, 0)
    apart = abs(r - mine.company)
    if r > mine.company and theirs.rung >= setting.lethal:
        apart = 0.0  # nobody blames the victim of lethal force for answering alone
    cohesion = rules.cohesion * mine.junior * apart
    pledge = rules.pledge * max(mine.pledged - r, 0)
    return (
        fighting, audience, reciprocity, threshold, inertia, weariness, nuclear, democracy, pact, patron, cohesion,
        pledge, intervention,
    )  # fmt: skip


@compiled
def to_answer(mine: Records, q: int) -> int:
    """Rung that asks for an answer: a blow that has not been answered yet, else where the rival stands."""
    return int(mine.suffered if mine.suffered > max(mine.answered, q) else q)


@compiled
def audience_cost(rules: Records, me: Records, rungs: int) -> float:
    """What stepping down by some rungs from the public peak costs (Fearon 1994; Tomz 2007)."""
    return float(rules.alpha * (1.0 + rules.accountability * (me.accountability - 0.5)) * rungs)


@compiled
def cost(
    rules: Records,
    setting: Records,
    ladder: Records,
    me: Records,
    rival: Records,
    mine: Records,
    theirs: Records,
    stand: int,
    r: int,
    q: int,
    exposure: float,
) -> float:
    """Sum of `cost_terms`."""
    total = 0.0
    for term in cost_terms(rules, setting, ladder, me, rival, mine, theirs, stand, r, q, exposure):
        total += term
    return total


@compiled
def logit_choice(utility: Vector, precision: float, probability: Vector) -> None:
    """Fill `probability` with the logit choice probabilities of `utility` (quantal response)."""
    best = utility[0]
    for a in range(1, utility.shape[0]):
        best = max(best, utility[a])
    total = 0.0
    for a in range(utility.shape[0]):
        probability[a] = exp(precision * (utility[a] - best))
        total += probability[a]
    for a in range(utility.shape[0]):
        probability[a] /= total


@compiled
def gumbel(u: float) -> float:
    """Standard Gumbel number of a uniform one: the part of a payoff that only the chooser knows.

    The option with the highest ``precision x utility + gumbel`` is a logit choice (McFadden 1974); with tastes
    that last, quantal response is private information rather than a hand that trembles anew each day
    (McKelvey & Palfrey 1998; Signorino 2003).
    """
    return -log(-log(u))


@compiled
def pick(probability: Vector, u: float) -> int:
    """Index drawn from a distribution by a uniform number."""
    mass = 0.0
    for a in range(probability.shape[0] - 1):
        mass += probability[a]
        if u < mass:
            return a
    return probability.shape[0] - 1


@compiled
def stake_now(rules: Records, setting: Records, stake: float, rival_free: float, attack: int) -> float:
    """Stake against a rival as things stand.

    A rival of whose forces only a share is free for this theatre is an opportunity. A rival that attacks puts
    more at stake than the quarrel was about: damage, grave damage, existence (ICB's gravity of threat).
    """
    if attack >= setting.top:
        stake = max(stake, rules.stake_top)
    elif attack >= setting.war:
        stake = max(stake, rules.stake_war)
    elif attack >= setting.lethal:
        stake = max(stake, rules.stake_lethal)
    return stake * (1.0 + rules.opportunity * (1.0 - rival_free))


@compiled
def standing(dyad: Records) -> int:
    """Rung from which a state decides: a single blow, while it lasts, is not where it stands."""
    return int(dyad.before if dyad.blow > 0.0 else dyad.rung)


@compiled
def lowest_option(setting: Records, stand: int, dyad: Records, attack: int) -> int:
    """Lowest rung that a state on `stand` considers under an attack on that rung: two down.

    War leaves the attacked to fight or to concede: without a concession on the table it does not go below lethal
    force.
    """
    low = max(stand - 2, 0)
    if attack >= setting.war and dyad.offer != Offer.CONCESSION:
        low = max(low, setting.lethal)
    return int(low)


@compiled
def highest_option(setting: Records, stand: int, suffered: int, ceiling: int) -> int:
    """Highest rung that a state on `stand` considers: two up, or as high as the force that it has suffered.

    General war grows out of war: of its own accord nobody goes from below war beyond it. `ceiling` is the top of the
    ladder, or less for who fights for a partner (see `sim.phases.fronts.keep_word`).
    """
    own = stand + 2
    if stand < setting.war:
        own = min(own, setting.war)
    return int(min(max(own, suffered), max(ceiling, stand)))


@compiled
def answers(
    rules: Records,
    setting: Records,
    ladder: Records,
    me: Records,
    rival: Records,
    mine: Records,
    theirs: Records,
    stand: int,
    low: int,
    r: int,
    gain: Vector,
    exposure: float,
    resolve: Vector,
    probability: NDArray[np.float64],
) -> None:
    """Fill the choice probabilities of a state, for each type of its resolve, when the rival stands at `r`.

    Written from the chooser's side: `me` chooses among the rungs around `stand`.

    Parameters
    ----------
    low : int
        Lowest of the options.
    gain : (options,) array
        Share of what is contested that each option gives.
    resolve : (T,) array
        Resolve of each type, logit units.
    probability : (T, options) array
        Filled.
    """
    options = probability.shape[1]
    utility = np.empty(options)
    price = np.empty(options)
    for a in range(options):
        price[a] = cost(rules, setting, ladder, me, rival, mine, theirs, stand, low + a, r, exposure)
    for t in range(resolve.shape[0]):
        for a in range(options):
            utility[a] = resolve[t] * gain[a] - price[a]
        logit_choice(utility, rules.precision, probability[t])


@compiled
def highest_answer(setting: Records, stand: int, dyad: Records, attack: int) -> int:
    """Highest rung that a state on `stand` would consider if it were attacked on a rung: as high as what it suffers."""
    suffered = max(dyad.suffered, attack) if attack >= setting.force else dyad.suffered + 0
    ceiling = setting.top if attack >= setting.lethal else dyad.ceiling  # who is hit itself is bound by nobody
    return highest_option(setting, stand, suffered, ceiling)


@compiled
def confine(probability: NDArray[np.float64], first: int, last: int) -> None:
    """Condition choice probabilities, shape (T, options), on the options from `first` to `last`."""
    for t in range(probability.shape[0]):
        total = 0.0
        for b in range(first, last + 1):
            total += probability[t, b]
        for b in range(probability.shape[1]):
            probability[t, b] = probability[t, b] / total if first <= b <= last else 0.0


@compiled
def rival_options(setting: Records, mine: Records, theirs: Records, lowest: int, highest: int) -> tuple[int, int]:
    """Lowest and highest rung that a state expects its rival to consider if it stands from `lowest` to `highest`."""
    return lowest_option(setting, mine.seen, theirs, lowest), highest_answer(setting, mine.seen, theirs, highest)


@compiled
def anticipate(
    rules: Records,
    setting: Records,
    ladder: Records,
    me: Records,
    rival: Records,
    mine: Records,
    theirs: Records,
    advantage: float,
    exposure: float,
    rival_resolve: Vector,
    low: int,
    rival_low: int,
    gain: NDArray[np.float64],
    answer: NDArray[np.float64],
) -> None:
    """Fill how each type of the rival answers each of a state's options by quantal response.

    Parameters
    ----------
    low, rival_low : int
        Lowest option of either side.
    gain : (options, rival's options) array
        Filled: the rival's share of what is contested.
    answer : (options, T, rival's options) array
        Filled: ``P(q | r, t)``.
    """
    options, others = gain.shape
    ahead = np.empty(options + others - 1)  # share by how far one stands ahead, from the least on
    for d in range(ahead.shape[0]):
        ahead[d] = share(rules, advantage, low + d, rival_low + others - 1)
    for a in range(options):
        for b in range(others):
            gain[a, b] = 1.0 - ahead[a + others - 1 - b]
        answers(
            rules, setting, ladder, rival, me, theirs, mine, mine.seen, rival_low, low + a, gain[a], 1.0 - exposure,
            rival_resolve, answer[a],
        )  # fmt: skip
        least, most = rival_options(setting, mine, theirs, low + a, low + a)
        confine(answer[a], least - rival_low, most - rival_low)


@compiled
def believed(belief: Vector, answer: NDArray[np.float64], weight: NDArray[np.float64]) -> None:
    """Fill the probability of each answer to each option under a belief about the rival's type."""
    for a in range(weight.shape[0]):
        for b in range(weight.shape[1]):
            weight[a, b] = 0.0
            for t in range(belief.shape[0]):
                weight[a, b] += belief[t] * answer[a, t, b]


@compiled
def expect(
    rules: Records,
    setting: Records,
    ladder: Records,
    me: Records,
    rival: Records,
    mine: Records,
    theirs: Records,
    resolve: float,
    exposure: float,
    low: int,
    rival_low: int,
    gain: NDArray[np.float64],
    weight: NDArray[np.float64],
    utility: Vector,
    terms: NDArray[np.float64],
) -> None:
    """Fill the expectation of utility and of each of its terms, given the weight of each answer to each option."""
    stand = standing(mine)
    terms[:, :] = 0.0
    for a in range(weight.shape[0]):
        for b in range(weight.shape[1]):
            terms[a, 0] += weight[a, b] * resolve * (1.0 - gain[a, b])
            n = 1
            for term in cost_terms(
                rules, setting, ladder, me, rival, mine, theirs, stand, low + a, rival_low + b, exposure
            ):  # fmt: skip
                terms[a, n] += weight[a, b] * term
                n += 1
        utility[a] = terms[a, 0]
        for n in range(1, terms.shape[1]):
            utility[a] -= terms[a, n]


@compiled
def foresee(
    rules: Records,
    setting: Records,
    ladder: Records,
    me: Records,
    rival: Records,
    mine: Records,
    theirs: Records,
    resolve: float,
    advantage: float,
    exposure: float,
    belief: Vector,
    rival_resolve: Vector,
    utility: Vector,
    terms: NDArray[np.float64],
) -> None:
    """Fill the expected utility of each of a state's options, the rival answering by quantal response.

    ``EU(r) = sum_t belief(t) sum_q P(q | r, t) U(r, q)``; options run from `lowest_option` to
    `highest_option` of where the state stands.

    Parameters
    ----------
    utility : (options,) array
        Filled.
    terms : (options, len(TERMS)) array
        Filled with the expectation of each term; utility is the first less the others.
    """
    low = lowest_option(setting, standing(mine), mine, min(mine.seen, mine.suffered))
    rival_low, rival_high = rival_options(setting, mine, theirs, low, low + utility.shape[0] - 1)
    shape = (utility.shape[0], rival_high - rival_low + 1)
    gain, weight = np.empty(shape), np.empty(shape)
    answer = np.empty((shape[0], rival_resolve.shape[0], shape[1]))
    anticipate(
        rules, setting, ladder, me, rival, mine, theirs, advantage, exposure, rival_resolve, low, rival_low, gain,
        answer,
    )  # fmt: skip
    believed(belief, answer, weight)
    expect(
        rules, setting, ladder, me, rival, mine, theirs, resolve, exposure, low, rival_low, gain, weight, utility,
        terms,
    )  # fmt: skip


@compiled
def likelihood(
    probability: Vector, low: int, stand: int, seen: int, revised: float, misread: float, limit: int
) -> float:
    """Probability that a rival of one type is seen at rung `seen`.

    ``sum_q P(seen | q) P(q | type)``: the rival has revised its order with probability `revised`, else kept
    it at `stand`; a look misreads a rung up to `limit` by one, up or down, with probability `misread`, but
    sees nothing below 0 or above `limit`; what lies above `limit` is not misread.
    """
    total = 0.0
    for a in range(probability.shape[0]):
        q = low + a
        chosen = revised * probability[a]
        if q == stand:
            chosen += 1.0 - revised
        if q > limit:
            if q == seen:
                total += chosen
        elif seen <= limit:
            if seen == max(q - 1, 0):
                total += 0.5 * misread * chosen
            if seen == min(q + 1, limit):
                total += 0.5 * misread * chosen
            if seen == q:
                total += (1.0 - misread) * chosen
    return total


@compiled
def update(belief: Vector, evidence: Vector) -> None:
    """Bayes' rule in place; impossible evidence leaves the belief as it was."""
    total = 0.0
    for t in range(belief.shape[0]):
        total += belief[t] * evidence[t]
    if total > 0.0:
        for t in range(belief.shape[0]):
            belief[t] = belief[t] * evidence[t] / total
