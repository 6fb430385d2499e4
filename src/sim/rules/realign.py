"""The slow clock: how affinity drifts, what an alliance is worth, how often a crisis begins between rivals.

References
----------
Heider, F. (1946). Attitudes and cognitive organization. Journal of Psychology 21, 107-112.
Harary, F. (1961). A structural analysis of the situation in the Middle East in 1956. Journal of Conflict Resolution
    5(2), 167-178.
Maoz, Z., Terris, L. G., Kuperman, R. D., & Talmud, I. (2007). What is the enemy of my enemy? Causes and consequences
    of imbalanced international relations, 1816-2001. Journal of Politics 69(1), 100-115.
Cranmer, S. J., Desmarais, B. A., & Kirkland, J. H. (2012). Toward a network theory of alliance formation.
    International Interactions 38(3), 295-324.
Leeds, B. A., & Savun, B. (2007). Terminating alliances: why do states abrogate agreements? Journal of Politics 69(4),
    1118-1132.
"""

from sim.compiled import compiled
from sim.mathematics import exp, logistic
from sim.world import Records


@compiled
def drifted(affinity: float, home: float, toward: float, apart: float, decay: float, days: float) -> float:
    """Affinity after some days of pull, at constant rates, toward 1, toward -1 and back to where it was (`home`).

    ``da/dt = toward (1 - a) - apart (1 + a) - decay (a - home)``, solved exactly: two steps of a day are one of two.
    """
    total = toward + apart + decay
    if total <= 0.0:
        return affinity
    goal = (toward - apart + decay * home) / total
    return min(max(goal + (affinity - goal) * exp(-total * days), -1.0), 1.0)


@compiled
def salience(rivalry: float, interest: float) -> float:
    """How far a state counts in another's triads, 0..1: as a rival, or as a friend in whom either has an interest."""
    return max(rivalry, min(interest, 1.0))


@compiled
def closure(one_side: float, other_side: float) -> float:
    """Share of the pull of third states that one side has, 0..1; a few count less than many."""
    return one_side / (1.0 + one_side + other_side)


@compiled
def common_threat(mine: float, theirs: float, partner: float, rival: float) -> float:
    """How much a partner is worth against a rival, 0..1.

    `mine`, `theirs`: hostility of both to the rival, 0..1; `partner`, `rival`: strengths as they meet.
    """
    return mine * theirs * partner / (partner + rival)


@compiled
def entangling(quarrel: float, mine: float, rival: float, own: float) -> float:
    """How far a partner's quarrel, 0..1, with a rival to whom one has hostility `mine` could draw one in, 0..1."""
    return quarrel * (1.0 - mine) * rival / (rival + own)


@compiled
def alliance_worth(rules: Records, interest: float, affinity: float, shared: float, entrapment: float) -> float:
    """Worth of an alliance with a partner, in log odds (Morrow 1991; Snyder 1984).

    `shared`: the greatest `common_threat`; `entrapment`: the greatest `entangling`.
    """
    worth = rules.align_interest * interest + rules.align_affinity * affinity
    return float(worth + rules.align_threat * shared - rules.align_entrapment * entrapment)


@compiled
def leaving(rules: Records, worth: float, strength: float, accountability: float) -> float:
    """Probability that a review of an alliance ends with leaving it.

    Reneging on strong words costs, more for accountable governments (Leeds & Savun 2007; Gibler 2008).
    """
    shame = rules.leave_audience * strength / 4.0 * (1.0 + rules.accountability * (accountability - 0.5))
    return logistic(-(worth + rules.leave_cost + shame))


@compiled
def signing(rules: Records, worth: float) -> float:
    """Probability that a state wants an alliance at a review; both must."""
    return logistic(worth - rules.sign_cost)


@compiled
def onset(rules: Records, rivalry: float, affinity: float, parity: float, distance: float) -> float:
    """Rate at which a crisis begins between two states, per day.

    Parameters
    ----------
    rivalry : float
        1 for strategic rivals; without rivalry no crisis begins (Diehl & Goertz 2000).
    affinity : float
        Mean of both, -1..1.
    parity : float
        Strength of the weaker over that of the stronger, 0..1 (Bremer 1992).
    distance : float
        Of the farther from the theatre, in 1000 km.
    """
    z = rules.onset_parity * parity - rules.onset_affinity * affinity - rules.onset_distance * distance
    return float(rules.onset_rate * rivalry * exp(z))


@compiled
def initiative(rules: Records, stake: float, strength: float, accountability: float) -> float:
    """Weight with which a state is the one who begins: stake times strength, less if it answers to its public.

    The strong begin more crises than the weak, autocracies more than democracies (Bennett & Stam 2004).
    """
    return stake * strength * exp(-rules.onset_accountability * accountability)
