"""Sanctions as moves: who proposes them, who vetoes them, who helps to evade them, and what they cost."""

from sim.compiled import compiled
from sim.mathematics import logistic
from sim.world import Records


@compiled
def proposal(rules: Records, victim: float, target: float, affinity: float, dependence: float) -> float:
    """Probability that a state opposed to a use of force proposes sanctions when it weighs them.

    ``logit p = s0 + s1 (interest in the one attacked - interest in the attacker) - s2 affinity - s3 dependence``,
    the last two toward the attacker: senders spare friends and those on whom they depend (Drezner 1999).
    """
    z = rules.sanction_base + rules.sanction_interest * (victim - target)
    return logistic(z - rules.sanction_affinity * affinity - rules.sanction_dependence * dependence)


@compiled
def veto_chance(rules: Records, interest: float, affinity: float, patron: int, rivalry: float) -> float:
    """Probability that a permanent member vetoes sanctions against another state.

    ``logit p = v0 + v1 interest + v2 affinity + v3 patron + v4 rivalry``, the first three toward the target, the last
    toward the proposer. A veto is one voice and no more: who is outvoted acts outside the council (Voeten 2001).
    Patrons let sanctions pass too: China did ten times against North Korea from 2006 to 2017.
    """
    z = rules.veto_base + rules.veto_interest * interest + rules.veto_affinity * affinity
    return logistic(z + rules.veto_patron * patron + rules.veto_rivalry * rivalry)


@compiled
def evasion_odds(rules: Records, interest: float, affinity: float, dependence: float, rung: int) -> float:
    """Probability that a state which reconsiders helps a target to evade sanctions.

    ``logit p = e0 + e1 interest + e2 affinity - e3 dependence - e4 rung``: interest in and affinity with the
    target against dependence on the sanctioners and the rung on which it stands against the target itself
    (Early 2015, *Busted Sanctions*: allies and traders of the target bust them).
    """
    z = rules.evasion_base + rules.evasion_interest * interest + rules.evasion_affinity * affinity
    return logistic(z - rules.evasion_dependence * dependence - rules.evasion_rung * rung)


@compiled
def growth_cut(rules: Records, coverage: float, open_doors: float) -> float:
    """Cut of a target's yearly growth: ``bite coverage (1 - undone open_doors)``.

    Parameters
    ----------
    coverage : float
        Share of the world's economy behind the sanctions, 0..1; whole when the council let them pass.
    open_doors : float
        How far those who help to evade can stand in for the rest, 0..1.
    """
    return float(rules.sanction_bite * coverage * (1.0 - rules.sanction_undone * open_doors))
