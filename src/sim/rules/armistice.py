"""How an armistice breaks under the use of force."""

from sim.compiled import compiled
from sim.mathematics import exp
from sim.world import Records


@compiled
def collapse_rate(rules: Records, setting: Records, rung: int, rival_rung: int) -> float:
    """Rate per day at which an armistice breaks.

    ``b exp(g (n - 1))``, n the rungs from the use of force upwards, summed over both sides; 0 without force.
    The Korean armistice has outlived many uses of force (1968, 1976, 2010), and Fortna (2004) finds that
    agreements hold better than their violations suggest: b is small, and exchanges break more than raids.
    """
    used = max(rung - setting.force + 1, 0) + max(rival_rung - setting.force + 1, 0)
    if used == 0:
        return 0.0
    return rules.armistice_base * exp(rules.armistice_rung * (used - 1))
