"""Phase 5, help: who attacks a state, how badly it fares, what its friends do for it, asked or not."""

import numpy as np

from sim.codes import Entry, Kind, Level, Purpose
from sim.compiled import inner, inner_allocating
from sim.mathematics import chance, log
from sim.phases.common import attacked, draw, garrisons, in_force, move, note, wake
from sim.phases.fronts import power_in
from sim.rules.decide import logit_choice, pick, standing
from sim.rules.patrons import word
from sim.rules.power import share
from sim.rules.treaties import honour_utility, need, rung_of_help, tripwire
from sim.world import Params, Trace, World


@inner
def worst_attacker(params: Params, world: World, i: int, ally: int, offence: bool) -> int:
    """Rival that stands highest against i (for an offence clause: against which i stands highest), or -1.

    Of several on one rung it is the one with most power of its own. A rival that came in during this very
    phase counts from the next turn on, when powers have been weighed.
    """
    worst, height, strength = -1, 0, 0.0
    for j in range(world.state.shape[0]):
        if j == ally or world.dyad[i, j].active == 0 or world.dyad[j, i].power <= 0.0:
            continue
        rung = attack_rung(world, i, j, offence)
        if rung < max(height, 1):
            continue
        own = power_in(params, world, j, world.dyad[i, j].theatre)
        if rung > height or own > strength:
            worst, height, strength = j, rung, own
    return worst


@inner
def attack_rung(world: World, i: int, j: int, offence: bool) -> int:
    """Rung of the case between i and its rival."""
    return int(world.dyad[i, j].rung) if offence else attacked(world, i, j)


@inner
def plight(world: World, i: int, attack: int) -> int:
    """How bad a victim's case is: the rung of the attack, and one more when its regime is in danger."""
    return attack + (1 if world.state[i].threat > 0.5 else 0)


@inner
def owes_neutrality(params: Params, world: World, k: int, j: int) -> bool:
    """Whether k owes j neutrality under a clause in force."""
    for c in range(world.case.shape[0]):
        clause = params.commitment[c]
        if clause.kind == Kind.NEUTRALITY and clause.ally == k and clause.protected == j:
            if in_force(params, world, c):
                return True
    return False


@inner
def nuclear_caution(params: Params, k: int, j: int) -> float:
    """Nuclear caution of k against j: 1 both armed, the asymmetry if j alone is, 0 if j is not."""
    if params.state[j].warheads <= 0.0:
        return 0.0
    return 1.0 if params.state[k].warheads > 0.0 else float(params.rules[0].nuclear_asymmetry)


@inner
def chance_alone(params: Params, world: World, i: int, j: int) -> float:
    """Share of the contest that i would have against j, as j stands, without anybody's help."""
    own = power_in(params, world, i, world.dyad[i, j].theatre)
    ratio = log(max(own, 1e-6) / world.dyad[j, i].power)
    return share(params.rules[0], ratio, world.dyad[i, j].rung, world.dyad[j, i].rung)


@inner_allocating
def choose_help(
    params: Params, world: World, k: int, i: int, j: int, attack: int, strength: float, duty: int, discretion: float,
    highest: int, u: float,
) -> int:  # fmt: skip
    """Level of help that k gives i against j, by logit choice over the levels up to `highest`."""
    rules, setting = params.rules[0], params.setting[0]
    theatre = world.dyad[i, j].theatre
    own = power_in(params, world, k, theatre)
    plea = need(rules, max(attack - setting.lethal, 0), chance_alone(params, world, i, j), 0.0)
    exposure = world.dyad[j, i].power / (world.dyad[j, i].power + own)
    reached = world.dyad[k, j].highest
    if garrisons(params, k, i) and attack >= setting.war:
        reached = max(reached, attack)  # war on the host is war on the forces there: the attacker has crossed it
    utility = np.empty(5)
    honour_utility(
        rules, setting, strength, duty, discretion, params.dyad[k, i].interest,
        world.dyad[k, i].goodwill + word(rules, world.dyad[k, i].stance), plea,
        world.state[i].threat, tripwire(setting, params.host[k, i], attack), params.state[k].committed, attack,
        world.rung[attack].burden, reached, exposure, nuclear_caution(params, k, j),
        owes_neutrality(params, world, k, j), utility,
    )  # fmt: skip
    probability = np.empty(highest + 1)
    logit_choice(utility[: highest + 1], rules.precision, probability)
    return pick(probability, u)


@inner
def face(params: Params, world: World, trace: Trace, j: int, i: int, k: int) -> None:
    """Let j meet k, who joins i against it, with the forces that face i already, short of using them."""
    rung = min(standing(world.dyad[j, i]), params.setting[0].force - 1)
    if rung > world.dyad[j, k].rung:
        move(params, world, trace, j, k, rung, Entry.RUNG, -1)


@inner
def give_help(params: Params, world: World, trace: Trace, k: int, i: int, j: int, level: int, c: int) -> None:
    """Let k help i against j: help only grows while the crisis lasts, and it puts k on a rung against j."""
    tie = world.dyad[k, i]
    tie.help = max(tie.help, level)
    if level >= Level.LIMITED_FORCES:
        against = world.dyad[k, j]
        against.stake = max(against.stake, params.dyad[k, i].interest)
        wake(world, k, j, world.dyad[i, j].theatre)
        face(params, world, trace, j, i, k)
        world.dyad[i, k].help = max(world.dyad[i, k].help, level)  # they fight side by side
    rung = rung_of_help(params.setting[0], level, attacked(world, i, j))
    if rung > world.dyad[k, j].rung:
        move(params, world, trace, k, j, rung, Entry.RUNG, c)
        world.dyad[k, j].first = max(world.dyad[k, j].first, world.dyad[i, j].first)  # its side's standing is its own


@inner
def fights_beside(params: Params, world: World, k: int, i: int, j: int) -> bool:
    """Whether k has already used force against j on i's side, and it is not forgotten."""
    force = max(world.dyad[k, j].rung, world.dyad[k, j].answered)
    return bool(world.dyad[k, i].help >= Level.LIMITED_FORCES and force >= params.setting[0].force)


@inner
def tells(params: Params, world: World, k: int, i: int, j: int) -> float:
    """How much the power that k could bring would tell between i and j, 0..1: measured by the stronger of the two."""
    own = power_in(params, world, k, world.dyad[i, j].theatre)
    return float(min(own / max(world.dyad[i, j].power, world.dyad[j, i].power), 1.0))


@inner
def volunteer(params: Params, world: World, trace: Trace, k: int, i: int) -> None:
    """A state with an interest in a victim of lethal force weighs help that nobody asked of it.

    The sooner, the more its help would tell (Altfeld & Bueno de Mesquita 1979).
    """
    rules, setting = params.rules[0], params.setting[0]
    j = worst_attacker(params, world, i, k, False)
    if j < 0 or attacked(world, i, j) < setting.lethal or world.dyad[k, i].active == 1:
        return
    state = plight(world, i, attacked(world, i, j))
    tie = world.dyad[k, i]
    if state <= tie.considered or tie.help == Level.ALL_MEANS:
        return
    a, b = params.key[k], params.key[i]
    rate = rules.volunteer_rate * tells(params, world, k, i, j)
    if draw(world, a, b, Purpose.VOLUNTEER) >= chance(rate, setting.round_days):
        return
    tie.considered = state
    u = draw(world, a, b, Purpose.HONOUR)
    level = choose_help(params, world, k, i, j, attacked(world, i, j), 0.0, 0, 1.0, Level.ALL_MEANS, u)
    if level > tie.help:
        note(world, trace, Entry.VOLUNTEERED, k, i, -1, level)
        give_help(params, world, trace, k, i, j, level, -1)
