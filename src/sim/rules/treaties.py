"""The treaty pipeline: triggered, requested, recognised, honoured at a level.

Emboldenment, entrapment and abandonment (Snyder 1984; Benson 2011) come out of these; they are not written in.
"""

import numpy as np
from numpy.typing import NDArray

from sim.codes import Level
from sim.compiled import compiled
from sim.mathematics import logistic
from sim.world import Records


@compiled
def covers(clause: Records, day: float, theatre: int) -> bool:
    """Whether a clause is in force on a day and covers a theatre."""
    return clause.start <= day < clause.end and (clause.theatres >> theatre) & 1 == 1


@compiled
def need(rules: Records, severity: int, win: float, shared: float) -> float:
    """How much a victim needs help, 0..1.

    `severity` counts rungs beyond the trigger; `win` is its share of the contest as things stand; `shared` is how
    far forces of the ally are hit with it (`tripwire`).
    """
    z = rules.request_base + rules.request_severity * severity - rules.request_strength * win
    return logistic(z + rules.request_host * shared)


@compiled
def recognition(
    rules: Records,
    clause: Records,
    severity: int,
    provoked: bool,
    at_war: bool,
    affinity: float,
    standing: float,
    shared: float,
) -> float:
    """Probability that an ally accepts that the case is the treaty's (casus foederis).

    `provoked`: the victim struck first; the clause's words make it count (open), not count (covered) or close the
    case (excluded). `standing` is the unobserved affinity; `shared` is how far own forces are hit with the victim
    (`tripwire`): then it is the ally's own case.
    """
    z = rules.recognise_base + rules.recognise_severity * severity + rules.recognise_filter * clause.filters
    z += rules.recognise_affinity * affinity + standing + rules.recognise_host * shared
    if clause.provoked == 1:
        z += rules.recognise_provoked * provoked
    elif clause.provoked == 2:
        z += rules.recognise_excluded * provoked
    if clause.needs_war == 1 and not at_war:
        z += rules.recognise_war
    return logistic(z)


@compiled
def rung_of_help(setting: Records, level: int, attack: int) -> int:
    """Rung that a level of help puts the helper on against the attacker.

    Words and materiel are signalling and coercion, whoever sends them. Limited forces (air defence, advisers,
    pilots: the Soviet Union over Korea, 1950-53) are force short of a clash of armies. All means answer the
    attack in kind.
    """
    if level == Level.LIMITED_FORCES:
        return int(setting.force)
    if level == Level.ALL_MEANS:
        return int(max(attack, setting.force))
    return int(min(level, setting.threat - 1))


@compiled
def tripwire(setting: Records, host: float, attack: int) -> float:
    """How far forces of the ally that stand with the victim are hit with it, 0..1.

    `host` is the weight of those forces, 0..1. A clash at the border spares most of them; war on their host is war
    on them (Schelling 1966).
    """
    if attack < setting.lethal:
        return 0.0
    height = min((attack - setting.lethal + 1) / (setting.war - setting.lethal + 1), 1.0)
    return float(host * height * height)


@compiled
def partner_value(rules: Records, interest: float, threat: float, plea: float) -> float:
    """What a partner under attack is worth, by the interest in it, its regime's danger and its need (logit units)."""
    return float(rules.honour_interest * interest * (1.0 + rules.honour_threat * threat) * plea)


@compiled
def honour_utility(
    rules: Records,
    setting: Records,
    strength: float,
    duty: int,
    discretion: float,
    interest: float,
    goodwill: float,
    plea: float,
    threat: float,
    tripwire: float,
    tied: float,
    attack: int,
    burden: float,
    reached: int,
    exposure: float,
    armed: float,
    neutral: bool,
    utility: NDArray[np.float64],
) -> None:
    """Fill the utility of each `Level` of help to a partner under attack, logit units.

    Parameters
    ----------
    strength : float
        Strength of the words, 0..4.
    duty : int
        Level that the words ask for; 0 for help that no treaty asks for.
    discretion : float
        0 automatic, 0.5 by constitutional process, 1 by own judgement.
    interest, goodwill : float
        Stake in the partner's defence and unobserved affinity, logit units.
    plea : float
        How much the partner needs help, 0..1 (`need`).
    threat : float
        Danger to the partner's regime, 0..1.
    tripwire : float
        How far own forces stationed with the partner are hit too, 0..1 (`tripwire`).
    tied : float
        Share of own forces tied down elsewhere, 0..1.
    attack : int
        Highest rung of the attacker against the partner.
    burden : float
        C(r) at the rung of the attack.
    reached : int
        Highest rung so far between helper and attacker: a threshold is crossed once.
    exposure : float
        Attacker's share of the power of attacker and helper, 0..1.
    armed : float
        Nuclear caution that applies: 1 both armed, the asymmetry if the attacker alone is, else 0.
    neutral : bool
        Whether the helper owes the attacker neutrality.
    """
    weight = partner_value(rules, interest, threat, plea) + goodwill
    shame = rules.honour_reputation * strength / 4.0 * (1.0 - (1.0 - rules.honour_discretion) * discretion)
    effects = (0.0, rules.effect_consult, rules.effect_materiel, rules.effect_limited, 1.0)
    for level in range(5):
        effect = effects[level]
        value = effect * weight
        if level >= Level.LIMITED_FORCES:  # own forces that are hit are not helped by words and arms to others
            value += effect * rules.honour_tripwire * tripwire
        if level < duty:
            value -= shame * (duty - level) / duty
        if level == Level.NOTHING and duty > 0:
            value -= rules.consult_refusal if duty == Level.CONSULT else rules.honour_refusal
        if level > Level.NOTHING and duty == 0:
            # an army that nobody asked for is another thing than words and arms
            value -= rules.volunteer_reluctance * (2.0 if level >= Level.LIMITED_FORCES else 1.0)
        if level == Level.MATERIEL:
            value -= rules.honour_materiel
        if level >= Level.MATERIEL and neutral:
            value -= rules.honour_neutrality
        if level >= Level.LIMITED_FORCES:
            r = rung_of_help(setting, level, attack)
            value -= rules.honour_forces + rules.honour_stretch * tied * effect
            value -= rules.kappa * (1.0 + exposure) * effect * burden
            value -= rules.nuclear_caution * armed * (r - setting.force)
            if reached < setting.force <= r:
                value -= rules.chi_force
            if reached < setting.lethal <= r:
                value -= rules.chi_lethal
            if reached < setting.war <= r:
                value -= rules.chi_war
            if reached < setting.top <= r:
                value -= rules.chi_top
        utility[level] = value


@compiled
def updated_reliability(rules: Records, reliability: float, level: int, duty: int) -> float:
    """Reliability expected of an ally after one tested commitment: a step toward what it did."""
    kept = min(level / duty, 1.0) if duty > 0 else 1.0
    return reliability + rules.reliability_update * (kept - reliability)


@compiled
def widening(
    rules: Records,
    setting: Records,
    level: int,
    host: float,
    rung: int,
    distance: float,
    advantage: float,
    armed: float,
) -> float:
    """Probability that a state at war carries the attack to a helper or a host of its enemy.

    Parameters
    ----------
    level : int
        Help that the target gives the enemy.
    host : float
        Weight of the enemy's forces that stand with the target, 0..1.
    rung : int
        Rung on which the state stands against the enemy.
    distance : float
        To the target, in 1000 km.
    advantage : float
        Log ratio of the state's power in the theatre to the target's.
    armed : float
        1 if the target has nuclear weapons, else 0.
    """
    z = rules.widen_base + rules.widen_help * level + rules.widen_host * host
    z += rules.widen_rung * (rung - setting.lethal) + rules.widen_power * min(advantage, 0.0)
    return logistic(z - rules.widen_distance * distance - rules.widen_nuclear * armed)
