"""Rearmament under threat: fear against what it costs (Richardson 1960; Powell 1993)."""

from sim.compiled import compiled
from sim.mathematics import logistic
from sim.world import Records


@compiled
def military_burden(milex: float, industry: float) -> float:
    """Military burden on the economy, 0..1: spending against the industry that carries it, in reference units.

    Industry starts as ``sqrt(gdp milex)``, so that the burden rises with milex / gdp; what war, sanctions and
    rearmament itself take from industry makes it heavier.
    """
    return milex / max(milex + industry, 1e-9)


@compiled
def rearmament(rules: Records, rungs: int, fear: float, lost: float, burden: float) -> float:
    """Probability that a state that weighs it wants to rearm.

    ``logit p = b + rung rungs + fear (rival's share of power) + losses lost - cost burden``: Richardson's fear
    and fatigue, and the guns and butter of Powell (1993).

    Parameters
    ----------
    rungs : int
        Rungs from threat upwards on which the worst rival is seen.
    fear : float
        Share, 0..1, of the two sides' power that it is judged to have; 0 without such a rival.
    lost : float
        Share of its forces that the state has lost.
    burden : float
        `military_burden`.
    """
    z = rules.rearm_base + rules.rearm_rung * rungs + rules.rearm_fear * fear + rules.rearm_losses * lost
    return logistic(z - rules.rearm_burden * burden)
