"""Capability, reach, effort and power.

A state cannot be everywhere: effort is shared among theatres and strength is lost with distance
(Boulding 1962, *Conflict and Defense*).
"""

import math

from sim.codes import Level
from sim.compiled import compiled
from sim.mathematics import exp, log, logistic
from sim.world import Records


@compiled
def set_capability(figure: Records, state: Records) -> None:
    """Set a state's capability in each domain from its figures.

    Mass and money enter by their geometric mean, scaled by quality: an army is neither its head count nor
    its budget (compare CINC, which is mass alone, with Beckley 2018, who multiplies size by development).
    """
    quality = figure.quality
    state.land = quality * math.sqrt(figure.personnel * figure.milex)
    state.air = quality * math.sqrt(figure.aircraft * figure.milex)
    hulls = 0.4 * figure.submarines + 0.4 * figure.surface + 0.2 * figure.carriers
    state.sea = quality * math.sqrt(hulls * figure.milex)
    state.missile = quality * math.sqrt(figure.missiles * math.sqrt(figure.milex))
    state.own_cyber = state.cyber = figure.cyber
    state.space = log(1.0 + figure.satellites) / log(251.0)
    state.industry = math.sqrt(figure.gdp * figure.milex)


@compiled
def capability(rules: Records, state: Records, theatre: Records) -> float:
    """Capability of a state weighed for a theatre; reconnaissance makes missiles count for more.

    ``arms (w + w_cyber cyber + w_space space) / w``, w being the weight of the arms: cyber and space make arms tell and
    do not stand for them (Gartzke 2013; Kostyuk & Zhukov 2019 find no effect of cyber acts on the battlefield).
    """
    arms = (
        theatre.land * state.land * (1.0 + state.reserve * state.mobilised)
        + theatre.air * state.air
        + theatre.sea * state.sea
        + theatre.missile * state.missile * (1.0 + rules.missile_sight * state.sight)
        + theatre.industry * state.industry
    )
    weight = 1.0 - theatre.cyber - theatre.space
    return float(arms * (weight + theatre.cyber * state.cyber + theatre.space * state.space) / weight)


@compiled
def own_power(rules: Records, strength: float, effort: float, stationed: float, distance: float) -> float:
    """Power that a state of some strength brings to bear in a theatre.

    Parameters
    ----------
    strength : float
        `capability` for the theatre.
    effort : float
        Share of the force that is free for the theatre and must cover the distance.
    stationed : float
        Share of the force that is based there already.
    distance : float
        From the capital, in 1000 km.
    """
    return strength * (effort * exp(-rules.distance_loss * distance) + stationed)


@compiled
def front_need(rung: int, top: int) -> float:
    """How much of a force a front asks for: the square of the height of the crisis there."""
    height = rung / top
    return height * height


@compiled
def lent(rules: Records, level: int) -> float:
    """Share of a helper's power that stands behind its friend at a level of help."""
    if level >= Level.ALL_MEANS:
        return 1.0
    if level == Level.LIMITED_FORCES:
        return float(rules.limited_share)
    if level == Level.MATERIEL:
        return float(rules.materiel_share)
    return 0.0


@compiled
def share(rules: Records, advantage: float, r: int, q: int) -> float:
    """Share of what is contested for standing at rung `r` while the rival stands at `q`.

    ``(m_i e^{omega r})^gamma / [(m_i e^{omega r})^gamma + (m_j e^{omega q})^gamma]`` with `advantage` =
    log(m_i / m_j): a contest success function (Hirshleifer 1989) on a ladder (Powell 1990).
    """
    return logistic(rules.gamma * (advantage + rules.omega * (r - q)))
