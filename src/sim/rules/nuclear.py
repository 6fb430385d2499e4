"""Nuclear alert and nuclear use.

History has one war with nuclear use and none between armed states: all of this is driven by its priors.
"""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.mathematics import log, logistic
from sim.world import Records


@compiled
def alert_sought(rules: Records, setting: Records, rung: int, rival_alert: int, threat: float) -> float:
    """Alert level, 0..3, that the danger calls for: force in the dyad, the rival's alert, the regime's end."""
    force = max(rung - setting.force + 1, 0)
    return min(rules.alert_force * force + rules.alert_rival * rival_alert + rules.alert_threat * threat, 3.0)


@compiled
def alert_utility(rules: Records, sought: float, alert: int, utility: NDArray[np.float64]) -> None:
    """Fill the utility of one level down, the same, one up: a quadratic loss around the level sought, and inertia."""
    for a in range(3):
        level = alert - 1 + a
        gap = level - sought
        loss = rules.alert_precision * gap * gap + rules.alert_inertia * abs(level - alert)
        utility[a] = -loss if 0 <= level <= 3 else -1e9


@compiled
def use_rate(rules: Records, alert: int, rival_alert: int, survivability: float, threat: float) -> float:
    """Hazard of nuclear use per day.

    ``logit p = eta0 + eta1 n_i + eta2 n_j + eta3 (1 - survivability) + eta4 threat`` per day: use-or-lose
    and the fear of losing the state are in it. The rate is -log(1 - p), so that the clock does not matter.
    """
    p = logistic(
        rules.use_base
        + rules.use_own_alert * alert
        + rules.use_rival_alert * rival_alert
        + rules.use_vulnerability * (1.0 - survivability)
        + rules.use_threat * threat
    )
    return -log(1.0 - p)
