"""Phase 5: the treaty pipeline, unasked help, restraint by pacts and by patrons."""

import numpy as np

from sim.codes import Entry, Kind, Level, Purpose, Stage, War
from sim.compiled import compiled, inner
from sim.draws import uniform
from sim.mathematics import chance, log
from sim.phases.common import draw, in_crisis, move, note, provocation, wake
from sim.phases.fronts import power_in
from sim.rules.decide import logit_choice, pick
from sim.rules.patrons import word
from sim.rules.power import share
from sim.rules.treaties import (
    covers,
    honour_utility,
    need,
    recognition,
    rung_of_help,
    tripwire,
    updated_reliability,
    widening,
)
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
    return int(world.dyad[i, j].rung if offence else world.dyad[j, i].rung)


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
            if clause.start <= world.clock[0].day < clause.end:
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


@inner
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
    if params.host[k, i] == 1 and attack >= setting.war:
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
def give_help(params: Params, world: World, trace: Trace, k: int, i: int, j: int, level: int, c: int) -> None:
    """Let k help i against j: help only grows while the crisis lasts, and it puts k on a rung against j."""
    tie = world.dyad[k, i]
    tie.help = max(tie.help, level)
    if level >= Level.LIMITED_FORCES:
        against = world.dyad[k, j]
        against.stake = max(against.stake, params.dyad[k, i].interest)
        wake(world, k, j, world.dyad[i, j].theatre)
        world.dyad[i, k].help = max(world.dyad[i, k].help, level)  # they fight side by side
    rung = rung_of_help(params.setting[0], level, world.dyad[j, i].rung)
    if rung > world.dyad[k, j].rung:
        struck = world.dyad[k, j].first
        move(params, world, trace, k, j, rung, Entry.RUNG, c)
        world.dyad[k, j].first = max(struck, world.dyad[i, j].first)  # a helper inherits its side's standing


@inner
def fights_beside(params: Params, world: World, k: int, i: int, j: int) -> bool:
    """Whether k has already used force against j on i's side."""
    return bool(world.dyad[k, i].help >= Level.LIMITED_FORCES and world.dyad[k, j].peak >= params.setting[0].force)


@compiled
def recognition_odds(params: Params, world: World, c: int, j: int, attack: int) -> float:
    """Probability with which the ally recognises the case of commitment `c` against the attacker j now."""
    clause = params.commitment[c]
    k, i = clause.ally, clause.protected
    if clause.kind == Kind.CONSULTATION or fights_beside(params, world, k, i, j):
        return 1.0  # whoever is asked only to talk, or fights already, has nothing to contest
    blame = 0.0 if clause.kind == Kind.OFFENCE else provocation(params, world, i, j)
    return recognition(
        params.rules[0], clause, attack - clause.trigger, blame, world.dyad[i, j].war == War.WAR,
        params.dyad[k, i].affinity, world.dyad[k, i].standing,
    )  # fmt: skip


@inner
def recognise(params: Params, world: World, trace: Trace, c: int, j: int, attack: int) -> None:
    """The ally accepts a requested case as the treaty's, or not; a refusal stands until the plight worsens."""
    clause, case = params.commitment[c], world.case[c]
    k, i = clause.ally, clause.protected
    state = plight(world, i, attack)
    if case.stage == Stage.DENIED and state <= case.judged:
        return
    if draw(world, clause.key, 0, Purpose.RECOGNITION) < recognition_odds(params, world, c, j, attack):
        case.stage, case.judged = Stage.RECOGNISED, -1
        note(world, trace, Entry.RECOGNISED, k, j, c, attack)
    else:
        case.stage, case.judged = Stage.DENIED, state
        note(world, trace, Entry.DENIED, k, j, c, attack)


@inner
def honour(params: Params, world: World, trace: Trace, c: int, j: int, attack: int) -> None:
    """The ally honours a recognised case at a level, and again, perhaps higher, when the plight worsens."""
    clause, case = params.commitment[c], world.case[c]
    k, i = clause.ally, clause.protected
    state = plight(world, i, attack)
    if state <= case.judged:
        return
    first = case.judged < 0
    case.judged = state
    highest = clause.duty if clause.kind == Kind.CONSULTATION else Level.ALL_MEANS + 0
    if fights_beside(params, world, k, i, j):
        level = min(world.dyad[k, i].help, highest)
    else:
        u = draw(world, clause.key, 0, Purpose.HONOUR)
        level = choose_help(params, world, k, i, j, attack, clause.strength, clause.duty, clause.discretion, highest, u)
    if first or level > case.level:
        case.level = level
        note(world, trace, Entry.HONOURED, k, j, c, level)
        give_help(params, world, trace, k, i, j, level, c)
    if first and clause.kind != Kind.CONSULTATION:
        remember(params, world, k, level, clause.duty)


@inner
def remember(params: Params, world: World, k: int, level: int, duty: int) -> None:
    """What an ally did with one tested pact moves the reliability of all its pacts."""
    for c in range(world.case.shape[0]):
        if params.commitment[c].ally == k and params.commitment[c].kind == Kind.DEFENCE:
            case = world.case[c]
            case.reliability = updated_reliability(params.rules[0], case.reliability, level, duty)


@inner
def wants_help(params: Params, world: World, c: int, j: int, attack: int) -> bool:
    """Whether the victim wants this ally's help: judged once, and again when its need has changed."""
    rules, clock, clause = params.rules[0], world.clock[0], params.commitment[c]
    i = clause.protected
    shared = tripwire(params.setting[0], params.host[clause.ally, i], attack)
    severity = attack - max(clause.trigger, params.setting[0].lethal)
    odds = need(rules, max(severity, 0), chance_alone(params, world, i, j), shared)
    return uniform(clock.seed, clock.run, -1, clause.key, 0, Purpose.NEED) < odds


@inner
def run_pipeline(params: Params, world: World, trace: Trace, c: int) -> None:
    """One commitment: triggered -> requested -> recognised -> honoured."""
    rules, setting = params.rules[0], params.setting[0]
    clause, case = params.commitment[c], world.case[c]
    if clause.kind == Kind.NONAGGRESSION or clause.kind == Kind.NEUTRALITY:
        return
    offence = clause.kind == Kind.OFFENCE
    i = clause.protected
    j = worst_attacker(params, world, i, clause.ally, offence)
    if j < 0 or not covers(clause, world.clock[0].day, world.dyad[i, j].theatre):
        return
    attack = attack_rung(world, i, j, offence)
    if attack < clause.trigger:
        return
    if case.stage == Stage.DORMANT:
        case.stage = Stage.TRIGGERED
        note(world, trace, Entry.TRIGGERED, i, j, c, attack)
    if case.stage == Stage.TRIGGERED:
        asks = wants_help(params, world, c, j, attack)
        if asks and draw(world, clause.key, 0, Purpose.REQUEST) < chance(rules.request_rate, setting.round_days):
            case.stage = Stage.REQUESTED
            note(world, trace, Entry.REQUESTED, i, j, c, attack)
    if case.stage == Stage.REQUESTED or case.stage == Stage.DENIED:
        recognise(params, world, trace, c, j, attack)
    if case.stage == Stage.RECOGNISED:
        honour(params, world, trace, c, j, attack)


@inner
def volunteer(params: Params, world: World, trace: Trace, k: int, i: int) -> None:
    """A state with an interest in a victim of lethal force weighs help that nobody asked of it."""
    rules, setting = params.rules[0], params.setting[0]
    j = worst_attacker(params, world, i, k, False)
    if j < 0 or world.dyad[j, i].rung < setting.lethal or world.dyad[k, i].active == 1:
        return
    state = plight(world, i, world.dyad[j, i].rung)
    tie = world.dyad[k, i]
    if state <= tie.considered or tie.help == Level.ALL_MEANS:
        return
    a, b = params.key[k], params.key[i]
    if draw(world, a, b, Purpose.VOLUNTEER) >= chance(rules.volunteer_rate, setting.round_days):
        return
    tie.considered = state
    u = draw(world, a, b, Purpose.HONOUR)
    level = choose_help(params, world, k, i, j, world.dyad[j, i].rung, 0.0, 0, 1.0, Level.ALL_MEANS, u)
    if level > tie.help:
        note(world, trace, Entry.VOLUNTEERED, k, i, -1, level)
        give_help(params, world, trace, k, i, j, level, -1)


@inner
def widen(params: Params, world: World, trace: Trace, i: int, j: int) -> None:
    """State i, at lethal force with j, weighs carrying the attack to j's helpers and hosts."""
    rules, setting = params.rules[0], params.setting[0]
    rung = world.dyad[i, j].rung
    for h in range(world.state.shape[0]):
        if h == i or h == j or world.dyad[i, h].active == 1:
            continue
        level = world.dyad[h, j].help
        if level < Level.MATERIEL and params.host[j, h] == 0:
            continue
        armed = nuclear_caution(params, i, h)
        theatre = world.dyad[i, j].theatre
        ratio = log(max(power_in(params, world, i, theatre), 1e-6) / max(power_in(params, world, h, theatre), 1e-6))
        distance = params.dyad[i, h].distance
        odds = widening(rules, setting, level, params.host[j, h], rung, distance, ratio, armed)
        u = draw(world, params.key[i], params.key[h], Purpose.WIDENING)
        if u < chance(rules.widen_rate * odds, setting.round_days):
            wake(world, i, h, world.dyad[i, j].theatre)
            move(params, world, trace, i, h, setting.lethal, Entry.WIDENED, -1)


@inner
def restrain(params: Params, world: World, i: int, j: int) -> None:
    """Set what i's word not to attack j costs it to break."""
    dyad = world.dyad[i, j]
    dyad.restraint = 0.0
    for c in range(world.case.shape[0]):
        clause = params.commitment[c]
        if clause.kind == Kind.NONAGGRESSION and clause.ally == i and clause.protected == j:
            if covers(clause, world.clock[0].day, dyad.theatre) and dyad.broken == 0:
                dyad.restraint = max(dyad.restraint, params.rules[0].pact_restraint * clause.strength / 4.0)


@inner
def honour_treaties(params: Params, world: World, trace: Trace) -> None:
    """Run every commitment, then every unasked helper, then what may widen the war."""
    setting = params.setting[0]
    states = world.state.shape[0]
    embattled = np.zeros(states, np.bool_)
    for i in range(states):
        embattled[i] = in_crisis(world, i)
    for c in range(world.case.shape[0]):
        if embattled[params.commitment[c].protected]:
            run_pipeline(params, world, trace, c)
    for i in range(states):
        if embattled[i]:
            for k in range(states):
                if params.dyad[k, i].interest > 0.0:
                    volunteer(params, world, trace, k, i)
    lethal = np.zeros((states, states), np.bool_)  # before anyone widens: newcomers do so from the next turn on
    for i in range(states):
        for j in range(states):
            lethal[i, j] = world.dyad[i, j].active == 1 and world.dyad[i, j].rung >= setting.lethal
    for i in range(states):
        for j in range(states):
            if lethal[i, j]:
                widen(params, world, trace, i, j)
    for i in range(states):
        for j in range(states):
            if world.dyad[i, j].active == 1:
                restrain(params, world, i, j)
