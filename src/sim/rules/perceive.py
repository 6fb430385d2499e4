"""What a state sees of a rival: noise, cut by reconnaissance and grown by opacity."""

from sim.compiled import compiled
from sim.world import Records


@compiled
def misread_chance(rules: Records, setting: Records, sight: float, opacity: float, rung: int) -> float:
    """Chance that a look misreads a rung by one; from the use of force upwards there is no mistaking it."""
    if rung >= setting.force:
        return 0.0
    return min((rules.misreading + rules.opacity * opacity) * (1.0 - sight), 0.9)


@compiled
def misread(rung: int, chance: float, u: float, limit: int) -> int:
    """Rung as seen, by a uniform number; a misread rung stays between 0 and `limit`."""
    if u < 0.5 * chance:
        return max(rung - 1, 0)
    if u < chance:
        return min(rung + 1, limit)
    return rung


@compiled
def judged_advantage(rules: Records, advantage: float, misjudged: float, sight: float) -> float:
    """Log ratio of own to rival power as a state judges it; its error is in standard deviations."""
    return advantage + rules.misjudgement_sd * (1.0 - sight) * misjudged
