"""Sanctions: their bite (phase 2); proposals, vetoes and evasion as moves of states (phase 5)."""

import numpy as np
from numpy.typing import NDArray

from sim.codes import Council, Entry, FlowKind, Level, Purpose
from sim.compiled import inner, inner_allocating
from sim.mathematics import chance
from sim.phases.common import attacked, draw, in_crisis, note
from sim.phases.flows import scale_forces
from sim.rules.sanctions import evasion_odds, growth_cut, proposal, veto_chance
from sim.world import Params, Trace, World


@inner
def open_doors(params: Params, world: World, t: int) -> float:
    """How far those who help target t to evade can stand in for the rest: by its dependence on each, 0..1."""
    shut = 1.0
    for k in range(world.state.shape[0]):
        if world.dyad[k, t].evades == 1:
            shut *= 1.0 - params.dyad[t, k].dependence
    return 1.0 - shut


@inner
def coverage(params: Params, world: World, senders: NDArray[np.bool_], t: int) -> float:
    """Share of the world's economy behind the sanctions on t: all of it where the council agreed, 0..1."""
    if world.state[t].council == Council.AGREED:
        return 1.0
    economy = 0.0
    for s in range(world.state.shape[0]):
        if senders[s]:
            economy += params.state[s].gdp
    return min(economy / params.rules[0].sanction_economy, 1.0)


@inner_allocating
def bite(params: Params, world: World) -> None:
    """Sanctions imposed in this run cut the growth of their targets."""
    years = params.setting[0].round_days / 365.0
    for t in range(world.state.shape[0]):
        senders = np.zeros(world.state.shape[0], np.bool_)
        for s in range(senders.shape[0]):
            senders[s] = world.dyad[s, t].sanctions == 1
        if senders.any():
            behind = coverage(params, world, senders, t)
            left = 1.0 - growth_cut(params.rules[0], behind, open_doors(params, world, t)) * years
            scale_forces(world.state[t], left)
            world.state[t].industry *= left


@inner
def at_fault(params: Params, world: World, t: int, v: int) -> bool:
    """Whether t uses force against v that it began: who only answers is not sanctioned for it."""
    dyad = world.dyad[t, v]
    return bool(dyad.active == 1 and dyad.first == 1 and attacked(world, v, t) >= params.setting[0].force)


@inner
def concern(params: Params, world: World, s: int, t: int) -> float:
    """Interest of s in those whom t has attacked, itself included; 0 if it has none."""
    worst = 0.0
    for v in range(world.state.shape[0]):
        if at_fault(params, world, t, v):
            worst = max(worst, params.dyad[s, t].stake if v == s else params.dyad[s, v].interest)
    return worst


@inner
def uses_force(params: Params, world: World, t: int) -> bool:
    """Whether a state uses force, that it began, against anyone in the crisis."""
    for v in range(world.state.shape[0]):
        if at_fault(params, world, t, v):
            return True
    return False


@inner
def shields(params: Params, world: World, s: int, t: int) -> bool:
    """Whether s helps t, or has it as its client."""
    return bool(world.dyad[s, t].help >= Level.MATERIEL or world.dyad[s, t].patron == 1)


@inner
def proposes(params: Params, world: World, s: int, t: int) -> bool:
    """Whether s, if it is opposed to t's use of force, now proposes sanctions."""
    if s == t or world.dyad[s, t].sanctions == 1 or shields(params, world, s, t):
        return False
    worry = concern(params, world, s, t)
    if worry <= 0.0:
        return False
    rules, tie = params.rules[0], params.dyad[s, t]
    odds = proposal(rules, worry, tie.interest, world.dyad[s, t].affinity, tie.dependence)
    weight = params.state[s].gdp / (params.state[s].gdp + params.state[t].gdp)  # dwarfs do not sanction giants
    u = draw(world, params.key[s], params.key[t], Purpose.SANCTIONS)
    return bool(u < chance(rules.sanction_rate * weight * odds, params.setting[0].round_days))


@inner
def passes(params: Params, world: World, trace: Trace, proposers: NDArray[np.bool_], t: int) -> bool:
    """Whether the council lets the sanctions against t pass that some states propose; without one nothing passes.

    Nobody vetoes its own proposal, or shields its own rival; everybody vetoes one against itself or one beside whom it
    fights.
    """
    council, vetoes = 0, 0
    for p in range(world.state.shape[0]):
        if params.trait[p].veto == 0:
            continue
        council += 1
        if proposers[p]:
            continue
        rivalry = 0.0
        for s in range(world.state.shape[0]):
            if proposers[s]:
                rivalry = max(rivalry, params.dyad[p, s].rivalry)
        tie = params.dyad[p, t]
        dyad = world.dyad[p, t]
        odds = veto_chance(params.rules[0], tie.interest, dyad.affinity, dyad.patron, rivalry)
        willing = tie.rivalry < 0.5 and draw(world, params.key[p], params.key[t], Purpose.VETO) < odds
        if p == t or dyad.help >= Level.LIMITED_FORCES or willing:
            vetoes += 1
            note(world, trace, Entry.VETOED, p, t, -1, 0)
    return council > 0 and vetoes == 0


@inner_allocating
def impose_sanctions(params: Params, world: World, trace: Trace) -> None:
    """States opposed to a use of force propose sanctions; vetoed, they remain national measures.

    The council takes a target up once: after a veto others act without asking it, and where it has agreed there
    is nothing to add.
    """
    states = world.state.shape[0]
    for t in range(states):
        council = world.state[t].council
        if council == Council.AGREED or not uses_force(params, world, t):
            continue
        proposers = np.zeros(states, np.bool_)
        for s in range(states):
            proposers[s] = proposes(params, world, s, t)
        if not proposers.any():
            continue
        passed = council == Council.SILENT and passes(params, world, trace, proposers, t)
        world.state[t].council = Council.AGREED if passed else Council.DIVIDED
        for s in range(states):
            if proposers[s]:
                world.dyad[s, t].sanctions = 1
                world.dyad[s, t].evades = 0
                note(world, trace, Entry.SANCTIONED, s, t, -1, 1 if passed else 0)


@inner_allocating
def all_senders(params: Params, world: World) -> NDArray[np.bool_]:
    """Who has sanctions against whom today, [sender, target]: the scenario's flows and those of this run."""
    states = world.state.shape[0]
    against = np.zeros((states, states), np.bool_)
    for s in range(states):
        for t in range(states):
            against[s, t] = world.dyad[s, t].sanctions == 1
    for f in range(params.flow.shape[0]):
        flow = params.flow[f]
        if flow.kind == FlowKind.SANCTIONS and flow.start <= world.clock[0].day < flow.end:
            against[flow.giver, flow.taker] = True
    return against


@inner_allocating
def weigh_evasion(params: Params, world: World, trace: Trace) -> None:
    """States near a sanctioned one begin to help it evade, or stop; the more is shut to it, the sooner."""
    rules, setting = params.rules[0], params.setting[0]
    states = world.state.shape[0]
    against = all_senders(params, world)
    for t in range(states):
        if not (against[:, t].any() and in_crisis(world, t)):
            continue
        urgency = coverage(params, world, against[:, t], t)
        if urgency < rules.evasion_least:
            continue
        for k in range(states):
            tie, now = params.dyad[k, t], world.dyad[k, t]
            aims = world.dyad[k, t].affinity
            near = now.evades == 1 or tie.interest > 0.0 or aims > 0.0
            if k == t or against[k, t] or not near:
                continue
            dependence = 0.0
            for s in range(states):
                if against[s, t]:
                    dependence = max(dependence, params.dyad[k, s].dependence)
            odds = evasion_odds(rules, tie.interest, aims, dependence, now.rung)
            rate = rules.evasion_rate * urgency * (1.0 - odds if now.evades == 1 else odds)
            if draw(world, params.key[k], params.key[t], Purpose.EVASION) < chance(rate, setting.round_days):
                now.evades = 1 - now.evades
                note(world, trace, Entry.EVASION, k, t, -1, now.evades)
