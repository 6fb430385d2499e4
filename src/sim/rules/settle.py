"""What follows from where states stand: incidents, losses, weariness, danger to a regime, settlement."""

import math

from sim.compiled import compiled
from sim.mathematics import exp
from sim.world import Records


@compiled
def incident_rate(rules: Records, rungs: int, alerts: int, rivalry: float, hotline: float) -> float:
    """Rate of incidents in a dyad, per day; `rungs` and `alerts` are summed over both sides."""
    z = 0.5 * (rules.incident_rung * rungs + rules.incident_alert * alerts) + rules.incident_rivalry * rivalry
    return rules.incident_rate * exp(z) * (1.0 - (1.0 - rules.hotline) * hotline)


@compiled
def intensity(setting: Records, rung: int) -> float:
    """Intensity of fighting, 0..1: none below the lethal rung, whole at the top, by squares between."""
    if rung < setting.lethal:
        return 0.0
    height = (rung - setting.lethal + 1) / (setting.top - setting.lethal + 1)
    return height * height


@compiled
def loss_rate(rules: Records, setting: Records, rung: int, power: float, rival_power: float) -> float:
    """Share of a state's forces that a rival at `rung` destroys per day.

    Lanchester's (1916) square law in shares: the exchange follows the square root of the power ratio, held
    within a factor of four so that a dwarf does not vanish in a week.
    """
    ratio = min(max(rival_power / power, 1.0 / 16.0), 16.0)
    return rules.attrition_rate * intensity(setting, rung) * math.sqrt(ratio)


@compiled
def regime_threat(setting: Records, rival_rung: int, win: float) -> float:
    """Danger to a regime from a rival at war with it: the worse the war goes, the greater."""
    if rival_rung < setting.war:
        return 0.0
    height = (rival_rung - setting.war + 1) / (setting.top - setting.war + 1)
    return (1.0 - win) * (0.5 + 0.5 * height)


@compiled
def settlement_rate(
    rules: Records, rung: int, weariness: float, stalemate: float, mediated: bool, offers: float, frailty: float
) -> float:
    """Rate of settlement of a crisis per day.

    ``exp(s0 + s1 rung + s2 weariness + s3 stalemate + s4 mediated + s5 offers + sd frailty)``; `offers` is how far
    the offers of both principals go together, 0..2, so that two count for more than one; `frailty` is standard
    normal and the crisis's own: some are ripe from the first day, some never (Vaupel et al. 1979).
    """
    return exp(
        rules.settle_base
        + rules.settle_rung * rung
        + rules.settle_weariness * weariness
        + rules.settle_stalemate * stalemate
        + rules.settle_mediator * mediated
        + rules.settle_offers * offers
        + rules.settle_sd * frailty
    )


@compiled
def stalemate(rules: Records, quiet_days: float) -> float:
    """How far a crisis is stuck, 0..1, by the days since anyone moved."""
    return 1.0 - exp(-quiet_days / rules.stalemate_days)
