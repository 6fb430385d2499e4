"""Off-ramps: what an offer to end a crisis is worth, what it counts for, and who accepts a mediator."""

import numpy as np
from numpy.typing import NDArray

from sim.codes import Offer
from sim.compiled import compiled
from sim.mathematics import logistic
from sim.world import Records


@compiled
def offer_weight(rules: Records, offer: int) -> float:
    """How far an `Offer` goes: 1 for a concession, a share of it for talks, 0 for none."""
    if offer == Offer.CONCESSION:
        return 1.0
    return float(rules.offer_talks) if offer == Offer.TALKS else 0.0


@compiled
def offer_utility(
    rules: Records, dearness: float, resolve: float, share: float, accountability: float, utility: NDArray[np.float64]
) -> None:
    """Fill the utility of each `Offer`, logit units.

    ``U(o) = weight(o) [dearness - resolve share - alpha steep b - reluctance]``: a side offers what it would
    lose by settling when standing where it stands is dearer than that (Zartman 2000, ripeness). Who concedes
    backs down before its own public, by `offer_audience` rungs (b; Fearon 1994), and looks weak to the rival.

    Parameters
    ----------
    dearness : float
        Fighting, weariness and nuclear danger at the rung where the side stands.
    resolve, share : float
        Resolve and the share of the contest that the side holds as things stand.
    """
    steep = 1.0 + rules.accountability * (accountability - 0.5)
    loss = resolve * share + rules.alpha * steep * rules.offer_audience + rules.offer_reluctance
    for offer in range(utility.shape[0]):
        utility[offer] = offer_weight(rules, offer) * (dearness - loss)


@compiled
def accepts_mediator(rules: Records, affinity: float, offered: bool) -> float:
    """Chance that a principal accepts a third state as mediator: its affinity to it, and whether it has offered."""
    z = rules.mediator_base + rules.mediator_affinity * affinity
    if offered:
        z += rules.mediator_offer
    return logistic(z)
