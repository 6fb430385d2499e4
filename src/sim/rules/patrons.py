"""Patron and client: what a patron does about a client's crisis (Snyder 1984, 1997; Pressman 2008).

China's dilemma over North Korea (restrain, back, hedge, let go) is one logit choice.
"""

import numpy as np
from numpy.typing import NDArray

from sim.codes import Stance
from sim.compiled import compiled
from sim.world import Records


@compiled
def stance_utility(
    rules: Records,
    value: float,
    danger: float,
    leverage: float,
    rivals: float,
    ties: float,
    words: float,
    host: float,
    stance: int,
    utility: NDArray[np.float64],
) -> None:
    """Fill the utility of each `Stance`, logit units.

    With h = `patron_hedge`, the share of each effect that half-hearted support has::

        U(back)     = value - danger - trade ties
        U(hedge)    = h (value - danger - trade ties)
        U(restrain) = h value - (1 - leverage) danger - resentment rivals
        U(let go)   = - shame words - tripwire host

    and any change of stance costs `patron_inertia`.

    Parameters
    ----------
    value : float
        What the client is worth to the patron in its plight, logit units.
    danger : float
        What the patron fears from being dragged in (entrapment), logit units.
    leverage : float
        The client's dependence on the patron, 0..1: how far restraint works.
    rivals : float
        The client's dependence on other patrons, 0..1: how far it can turn away.
    ties : float
        The patron's own dependence on the client's rival, 0..1.
    words : float
        Strength of the patron's commitment to the client, 0..1.
    host : float
        Weight of the patron's own forces that stand with the client, 0..1.
    stance : int
        The stance taken now.
    utility : (4,) array
        Filled.
    """
    backing = value - danger - rules.patron_trade * ties
    let_go = -rules.honour_reputation * words - rules.honour_tripwire * host
    hedge = rules.patron_hedge * backing
    restrain = rules.patron_hedge * value - (1.0 - leverage) * danger - rules.patron_resentment * rivals
    worth = (let_go, hedge, restrain, backing)  # in the order of Stance
    for other in range(utility.shape[0]):
        utility[other] = worth[other] - (rules.patron_inertia if other != stance else 0.0)


@compiled
def entrapment(rules: Records, setting: Records, rung: int, first: int) -> float:
    """What a patron fears from a client on a rung: more above the use of force, more if the client began it."""
    height = max(rung - setting.force + 1, 0)
    return float(rules.patron_entrapment * height * (1.0 + first))


@compiled
def pressure_share(rules: Records, stance: int) -> float:
    """Share of a patron's leverage that holds the client back under a stance."""
    if stance == Stance.RESTRAIN:
        return 1.0
    if stance == Stance.HEDGE:
        return float(rules.patron_hedge)
    return 0.0


@compiled
def word(rules: Records, stance: int) -> float:
    """What a patron's stance adds to its help: public backing ties its hands, letting go frees them (logit units)."""
    if stance == Stance.BACK:
        return float(rules.patron_word)
    if stance == Stance.LET_GO:
        return -float(rules.patron_word)
    return 0.0
