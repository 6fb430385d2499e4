"""Cyber acts short of lethal force, and whom their victim blames."""

from sim.compiled import compiled
from sim.mathematics import log, logistic
from sim.world import Records


@compiled
def cyber_act_rate(rules: Records, setting: Records, rung: int, cyber: float) -> float:
    """Rate of cyber acts of a state that stands at `rung` against a rival, per day: ``rate cyber``.

    Only from coercion up to the lethal rung: below there is no quarrel, above they are part of the fighting
    (Valeriano & Maness 2015, *Cyber War versus Cyber Realities*: rivals use them beside, not above, coercion).
    """
    if rung < setting.threat - 1 or rung >= setting.lethal:
        return 0.0
    return float(rules.cyber_rate * cyber)


@compiled
def attribution(rules: Records, sight: float, cyber: float) -> float:
    """Probability that a victim names the right state: ``logit p = a0 + a1 (sight + cyber) / 2``.

    Attribution is a skill and not a given (Rid & Buchanan 2015); both figures are at most 1.
    """
    means = 0.5 * (min(sight, 1.0) + min(cyber, 1.0))
    return logistic(rules.attribution_base + rules.attribution_means * means)


@compiled
def suspicion(cyber: float, u: float) -> float:
    """Waiting time of a suspect in a race that the first wins: each does in proportion to its cyber capability.

    An exponential race keeps the choice between two suspects free of who else is in it.
    """
    return -log(u) / max(cyber, 1e-9)


@compiled
def seen_after_blame(setting: Records, seen: int) -> int:
    """Rung at which the one blamed is seen: one higher, but a cyber act alone never looks like force."""
    if seen >= setting.force - 1:
        return seen
    return seen + 1
