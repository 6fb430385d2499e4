"""Phase 5: the treaty pipeline, from trigger to honouring, and what pacts restrain."""

import numpy as np

from sim.codes import Entry, Kind, Level, Purpose, Stage, War
from sim.compiled import compiled, inner, inner_allocating
from sim.draws import uniform
from sim.mathematics import chance
from sim.phases.common import applies, draw, in_crisis, note, provoked
from sim.phases.help import (
    attack_rung,
    chance_alone,
    choose_help,
    fights_beside,
    give_help,
    plight,
    volunteer,
    worst_attacker,
)
from sim.rules.treaties import (
    need,
    recognition,
    tripwire,
    updated_reliability,
)
from sim.world import Params, Trace, World


@compiled
def recognition_odds(params: Params, world: World, c: int, j: int, attack: int) -> float:
    """Probability with which the ally recognises the case of commitment `c` against the attacker j now."""
    clause = params.commitment[c]
    k, i = clause.ally, clause.protected
    if clause.kind == Kind.CONSULTATION or fights_beside(params, world, k, i, j):
        return 1.0  # whoever is asked only to talk, or fights already, has nothing to contest
    blame = clause.kind != Kind.OFFENCE and provoked(world, i, j)
    return recognition(
        params.rules[0], clause, attack - clause.trigger, blame, world.dyad[i, j].war == War.WAR,
        world.dyad[k, i].affinity, world.dyad[k, i].standing, tripwire(params.setting[0], params.host[k, i], attack),
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
        u = uniform(
            world.clock[0].seed, world.clock[0].run, case.epoch, clause.key, 0, Purpose.HONOUR
        )  # one will a word
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
    """Whether the victim wants this ally's help: judged once, and again when its need has changed.

    All whom one clause binds are called by one draw, those whose forces are hit with it sooner. Who fights at its side
    already need not be asked to talk.
    """
    rules, clock, clause = params.rules[0], world.clock[0], params.commitment[c]
    i = clause.protected
    if clause.kind == Kind.CONSULTATION and world.dyad[clause.ally, i].help >= Level.LIMITED_FORCES:
        return False
    shared = tripwire(params.setting[0], params.host[clause.ally, i], attack)
    severity = attack - max(clause.trigger, params.setting[0].lethal)
    odds = need(rules, max(severity, 0), chance_alone(params, world, i, j), shared)
    return uniform(clock.seed, clock.run, world.case[c].epoch, clause.call, 0, Purpose.NEED) < odds


@inner
def menaced(params: Params, world: World, i: int, j: int, attack: int) -> bool:
    """Whether what a rival does can be called an attack: whoever struck first is not menaced by less than force."""
    return attack >= params.setting[0].force or not provoked(world, i, j)


@inner
def has_decided(params: Params, world: World, c: int, j: int, attack: int) -> bool:
    """Whether the ally has made up its mind in this round.

    Governments deliberate before they commit themselves. Whoever is asked only to talk, fights already, or has forces
    with the victim that are hit does not wait.
    """
    clause = params.commitment[c]
    k, i = clause.ally, clause.protected
    hit = tripwire(params.setting[0], params.host[k, i], attack) > 0.5
    if clause.kind == Kind.CONSULTATION or fights_beside(params, world, k, i, j) or hit:
        return True
    odds = chance(params.rules[0].answer_rate, params.setting[0].round_days)
    return bool(draw(world, clause.key, 0, Purpose.ANSWER) < odds)


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
    if j < 0 or not applies(params, world, c, world.dyad[i, j].theatre):
        return
    attack = attack_rung(world, i, j, offence)
    if attack < clause.trigger or not (offence or menaced(params, world, i, j, attack)):
        return
    if case.stage == Stage.DORMANT:
        case.stage = Stage.TRIGGERED
        note(world, trace, Entry.TRIGGERED, i, j, c, attack)
    if case.stage == Stage.TRIGGERED:
        asks = wants_help(params, world, c, j, attack)
        if asks and draw(world, clause.call, 0, Purpose.REQUEST) < chance(rules.request_rate, setting.round_days):
            case.stage = Stage.REQUESTED
            note(world, trace, Entry.REQUESTED, i, j, c, attack)
    if case.stage < Stage.REQUESTED or not has_decided(params, world, c, j, attack):
        return
    if case.stage != Stage.RECOGNISED:
        recognise(params, world, trace, c, j, attack)
    if case.stage == Stage.RECOGNISED:
        honour(params, world, trace, c, j, attack)


@inner
def restrain(params: Params, world: World, i: int, j: int) -> None:
    """Set what i's word not to attack j costs it to break."""
    dyad = world.dyad[i, j]
    dyad.restraint = 0.0
    for c in range(world.case.shape[0]):
        clause = params.commitment[c]
        if clause.kind == Kind.NONAGGRESSION and clause.ally == i and clause.protected == j:
            if applies(params, world, c, dyad.theatre) and dyad.broken == 0:
                dyad.restraint = max(dyad.restraint, params.rules[0].pact_restraint * clause.strength / 4.0)


@inner_allocating
def honour_treaties(params: Params, world: World, trace: Trace) -> None:
    """Run every commitment, then every unasked helper, then what restrains attackers."""
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
    for i in range(states):
        for j in range(states):
            if world.dyad[i, j].active == 1:
                restrain(params, world, i, j)
