"""How a state values the rungs that it considers: five decision theories behind one interface.

A theory fills the worth of each option, in logit units; what only the state knows of its tastes is added afterwards,
so that choices are logit over what the theory values. `worth` is the one place where theories part.
"""

import numpy as np
from numpy.typing import NDArray

from sim.codes import Term, Theory
from sim.compiled import compiled
from sim.mathematics import exp, log
from sim.rules.decide import (
    anticipate,
    believed,
    cost,
    expect,
    foresee,
    logit_choice,
    lowest_option,
    rival_options,
    standing,
    to_answer,
)
from sim.world import Records

Vector = NDArray[np.float64]


@compiled
def worth(
    theory: int,
    rules: Records,
    setting: Records,
    ladder: Records,
    me: Records,
    rival: Records,
    mine: Records,
    theirs: Records,
    stake: float,
    resolve: float,
    advantage: float,
    exposure: float,
    belief: Vector,
    doubt: Vector,
    types: Vector,
    rival_resolve: Vector,
    utility: Vector,
    terms: NDArray[np.float64],
) -> None:
    """Fill what each of a state's options is worth to it.

    Parameters
    ----------
    theory : int
        `sim.codes.Theory` of the state.
    stake, resolve : float
        Its own; the rival knows the stake alone.
    advantage, exposure : float
        Log ratio of its power to the rival's, and the rival's share, as it judges them.
    belief, doubt : (T,) array
        What it believes of the rival's type, and the rival of its own.
    types : (T,) array
        Standard normal scores of the types.
    rival_resolve : (T,) array
        Resolve of each type of the rival.
    utility : (options,) array
        Filled.
    terms : (options, len(TERMS)) array
        Filled with each term; worth is the first less the others.
    """
    if theory == Theory.QUANTAL:
        foresee(
            rules, setting, ladder, me, rival, mine, theirs, resolve, advantage, exposure, belief, rival_resolve,
            utility, terms,
        )  # fmt: skip
        return
    stand = standing(mine)
    low = lowest_option(setting, stand, mine, min(mine.seen, mine.suffered))
    if theory == Theory.RECIPROCAL:
        answer_in_kind(rules, mine, stand, low, utility, terms)
        return

    rival_low, rival_high = rival_options(setting, mine, theirs, low, low + utility.shape[0] - 1)
    shape = (utility.shape[0], rival_high - rival_low + 1)
    gain, price, weight = np.empty(shape), np.empty(shape), np.empty(shape)
    answer = np.empty((shape[0], rival_resolve.shape[0], shape[1]))
    anticipate(
        rules, setting, ladder, me, rival, mine, theirs, advantage, exposure, rival_resolve, low, rival_low, gain,
        answer,
    )  # fmt: skip
    prices(rules, setting, ladder, me, rival, mine, theirs, stand, low, rival_low, exposure, price)
    outcome = resolve * (1.0 - gain) - price

    if theory == Theory.EQUILIBRIUM:
        back = np.empty((shape[1], shape[0]))
        prices(rules, setting, ladder, rival, me, theirs, mine, mine.seen, rival_low, low, 1.0 - exposure, back)
        own_resolve = np.empty(types.shape[0])
        for t in range(types.shape[0]):
            own_resolve[t] = stake * exp(rules.resolve_sd * types[t])
        meet(rules.precision, gain, price, back, own_resolve, doubt, rival_resolve, belief, weight)
    else:
        believed(belief, answer, weight)
    if theory == Theory.CAUTIOUS:
        beware(rules.caution, answer, outcome, weight)
    expect(
        rules, setting, ladder, me, rival, mine, theirs, resolve, exposure, low, rival_low, gain, weight, utility,
        terms,
    )  # fmt: skip
    if theory == Theory.PROSPECT:
        frame(rules, max(stand - low, 0), weight, outcome, utility, terms)


@compiled
def prices(
    rules: Records,
    setting: Records,
    ladder: Records,
    me: Records,
    rival: Records,
    mine: Records,
    theirs: Records,
    stand: int,
    low: int,
    rival_low: int,
    exposure: float,
    price: NDArray[np.float64],
) -> None:
    """Fill what each pair of rungs costs a state, [own option, rival's option]."""
    for a in range(price.shape[0]):
        for b in range(price.shape[1]):
            price[a, b] = cost(
                rules, setting, ladder, me, rival, mine, theirs, stand, low + a, rival_low + b, exposure
            )  # fmt: skip


# --- reciprocal ------------------------------------------------------------------------------------


@compiled
def answer_in_kind(
    rules: Records, mine: Records, stand: int, low: int, utility: Vector, terms: NDArray[np.float64]
) -> None:
    """Fill the worth of options to a state that answers in kind, with inertia (Axelrod 1984; Leng 1993).

    ``-in_kind (r - aim)^2 - phi (r - stand)^2``. It aims at the rung that asks for an answer, less its generosity, and
    no lower than its word to a partner whom the rival attacks. It weighs neither power nor cost.
    """
    aim = max(to_answer(mine, mine.seen) - rules.generosity, float(mine.pledged))
    terms[:, :] = 0.0
    for a in range(utility.shape[0]):
        apart, step = low + a - aim, low + a - stand
        # numba before 0.66 takes no member of an enumeration for an index, but a number
        terms[a, Term.RECIPROCITY + 0] = rules.in_kind * apart * apart
        terms[a, Term.INERTIA + 0] = rules.phi * step * step
        utility[a] = -terms[a, Term.RECIPROCITY + 0] - terms[a, Term.INERTIA + 0]


# --- cautious --------------------------------------------------------------------------------------


@compiled
def beware(caution: float, answer: NDArray[np.float64], outcome: NDArray[np.float64], weight: Vector) -> None:
    """Move weight to the answers of the type of rival that is the worst for each option.

    Maxmin expected utility (Gilboa & Schmeidler 1989) over the beliefs ``(1 - caution) belief + caution p``, p any
    belief about the rival's type; the worst of them puts all of p on one type.

    Parameters
    ----------
    answer : (options, T, rival's options) array
        What each type answers.
    outcome : (options, rival's options) array
        Utility.
    weight : (options, rival's options) array
        Probabilities of answers under the belief; altered in place.
    """
    for a in range(weight.shape[0]):
        worst, least = 0, 0.0
        for t in range(answer.shape[1]):
            value = 0.0
            for b in range(weight.shape[1]):
                value += answer[a, t, b] * outcome[a, b]
            if t == 0 or value < least:
                worst, least = t, value
        for b in range(weight.shape[1]):
            weight[a, b] = (1.0 - caution) * weight[a, b] + caution * answer[a, worst, b]


# --- prospect --------------------------------------------------------------------------------------


@compiled
def frame(
    rules: Records,
    stay: int,
    probability: NDArray[np.float64],
    outcome: NDArray[np.float64],
    utility: Vector,
    terms: NDArray[np.float64],
) -> None:
    """Turn expected utilities into the value of gains and losses against staying (Tversky & Kahneman 1992).

    Parameters
    ----------
    stay : int
        The option whose expected utility is the point of reference.
    probability, outcome : (options, rival's options) array
        Probability and utility of each answer to each option.
    utility : (options,) array
        Expected utilities; replaced.
    terms : (options, len(TERMS)) array
        The term of framing is filled with what the replacement takes away.
    """
    reference = utility[stay]
    for a in range(utility.shape[0]):
        value = prospect_value(rules, outcome[a] - reference, probability[a])
        terms[a, Term.FRAMING + 0] = utility[a] - value
        utility[a] = value


@compiled
def prospect_value(rules: Records, change: Vector, probability: Vector) -> float:
    """Value of a prospect of gains and losses by cumulative prospect theory (Tversky & Kahneman 1992).

    Gains are weighed from the best down, losses from the worst up: an outcome gets the weight of what is at least as
    extreme less that of what is more so.
    """
    total = 0.0
    for b in range(change.shape[0]):
        gained = change[b] >= 0.0
        beyond = 0.0
        for c in range(change.shape[0]):
            further = change[c] > change[b] if gained else change[c] < change[b]
            if further or (change[c] == change[b] and c < b):
                beyond += probability[c]
        exponent = rules.weighting_gains if gained else rules.weighting_losses
        weight = decision_weight(beyond + probability[b], exponent) - decision_weight(beyond, exponent)
        total += weight * subjective_value(rules, change[b])
    return total


@compiled
def subjective_value(rules: Records, change: float) -> float:
    """Value of a gain or loss: ``x^curvature``, losses times loss aversion, in units of a choice's noise."""
    size = rules.precision * abs(change)
    if size == 0.0:
        return 0.0
    value = exp(rules.value_curvature * log(size)) / rules.precision
    return -rules.loss_aversion * value if change < 0.0 else value


@compiled
def decision_weight(p: float, exponent: float) -> float:
    """Weight of a probability, ``p^g / (p^g + (1 - p)^g)^(1 / g)``."""
    if p <= 0.0:
        return 0.0
    if p >= 1.0:
        return 1.0
    likely, unlikely = exp(exponent * log(p)), exp(exponent * log(1.0 - p))
    return likely / exp(log(likely + unlikely) / exponent)


# --- equilibrium -----------------------------------------------------------------------------------


@compiled
def meet(
    precision: float,
    gain: NDArray[np.float64],
    price: NDArray[np.float64],
    back: NDArray[np.float64],
    own_resolve: Vector,
    doubt: Vector,
    rival_resolve: Vector,
    belief: Vector,
    weight: NDArray[np.float64],
) -> None:
    """Fill the probability of each rung of the rival in the equilibrium of the stage game, whatever the own option.

    Both choose at once. Each type of either side is an agent (McKelvey & Palfrey 1998); what each side believes of the
    other is common knowledge.

    Parameters
    ----------
    gain : (options, rival's options) array
        The rival's share of what is contested.
    price, back : (options, rival's options), (rival's options, options) array
        What a pair of rungs costs the state, and its rival.
    weight : (options, rival's options) array
        Filled.
    """
    mine, theirs = np.empty(weight.shape[0]), np.empty(weight.shape[1])
    own_gain, rival_gain = 1.0 - gain, gain.T.copy()
    equilibrium(precision, own_gain, price, own_resolve, doubt, rival_gain, back, rival_resolve, belief, mine, theirs)
    for a in range(weight.shape[0]):
        weight[a] = theirs


@compiled
def equilibrium(
    precision: float,
    gain: NDArray[np.float64],
    price: NDArray[np.float64],
    resolve: Vector,
    doubt: Vector,
    rival_gain: NDArray[np.float64],
    rival_price: NDArray[np.float64],
    rival_resolve: Vector,
    belief: Vector,
    mine: Vector,
    theirs: Vector,
) -> float:
    """Fill the logit agent quantal response equilibrium of a game of two sides with private resolve.

    A fixed point of ``mine = sum_t doubt(t) logit(precision [resolve_t gain - price] theirs)`` and the same of the
    other side (McKelvey & Palfrey 1995, 1998), sought from even odds by steps that are halved when the error
    grows and lengthened by a fifth when it falls; where that goes on for ever, half steps come to rest.

    Parameters
    ----------
    gain, price : (options, rival's options) array
        A type's payoff is its resolve times the gain, less the price.
    doubt, belief : (T,) array
        Probability of each type of this side and of the rival.
    rival_gain, rival_price : (rival's options, options) array
        The same of the rival.
    mine, theirs : (options,), (rival's options,) array
        Filled: probabilities over types.

    Returns
    -------
    float
        Largest difference between probabilities and the responses to them; below 1e-9 unless 1000 steps do not do.
    """
    mine[:] = 1.0 / mine.shape[0]
    theirs[:] = 1.0 / theirs.shape[0]
    response, rival_response = np.empty(mine.shape[0]), np.empty(theirs.shape[0])
    error, step = 1.0, 1.0
    for n in range(1000):
        respond(precision, gain, price, resolve, doubt, theirs, response)
        respond(precision, rival_gain, rival_price, rival_resolve, belief, mine, rival_response)
        before, error = error, 0.0
        for a in range(mine.shape[0]):
            error = max(error, abs(response[a] - mine[a]))
        for b in range(theirs.shape[0]):
            error = max(error, abs(rival_response[b] - theirs[b]))
        if error < 1e-9:
            break
        if n >= 100:
            step = 0.5
        elif error > before:
            step = max(0.5 * step, 1.0 / 1024.0)
        else:
            step = min(1.2 * step, 1.0)
        mine += step * (response - mine)
        theirs += step * (rival_response - theirs)
    return error


@compiled
def respond(
    precision: float,
    gain: NDArray[np.float64],
    price: NDArray[np.float64],
    resolve: Vector,
    belief: Vector,
    other: Vector,
    response: Vector,
) -> None:
    """Fill the mean over types of quantal responses to what the other side does."""
    options = response.shape[0]
    utility, probability = np.empty(options), np.empty(options)
    response[:] = 0.0
    for t in range(resolve.shape[0]):
        for a in range(options):
            utility[a] = 0.0
            for b in range(other.shape[0]):
                utility[a] += (resolve[t] * gain[a, b] - price[a, b]) * other[b]
        logit_choice(utility, precision, probability)
        for a in range(options):
            response[a] += belief[t] * probability[a]
