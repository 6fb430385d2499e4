"""Signals, mobilisation, deployments: chosen with the orders (phase 6), read by rivals (4), in effect in 7."""

import numpy as np
from numpy.typing import NDArray

from sim.codes import Entry, Offer, Purpose, Signal
from sim.compiled import inner, inner_allocating
from sim.mathematics import chance
from sim.phases.common import draw, note
from sim.phases.fronts import believed_advantage
from sim.rules.decide import audience_cost, logit_choice, pick, standing
from sim.rules.power import share
from sim.rules.signals import signal_utility
from sim.world import Params, Trace, World

Vector = NDArray[np.float64]


@inner
def open_signals(params: Params, world: World, i: int, j: int) -> int:
    """Bit mask of the signals that i can send j: words bind at most two rungs beyond where it stands.

    Nobody protests who is at blows.
    """
    mine = world.dyad[i, j]
    mask = 0
    if max(mine.rung, world.dyad[j, i].rung) < params.setting[0].force:
        mask |= 1 << Signal.PROTEST
    if mine.peak < min(standing(mine) + 2, params.setting[0].top):
        mask |= 1 << Signal.COMMITMENT
    if world.state[i].mobilising == 0:
        mask |= 1 << Signal.MOBILISATION
    front = world.front[i, mine.theatre]
    if front.effort > params.rules[0].deployment_share or front.shown == 1:
        mask |= 1 << Signal.DEPLOYMENT
    return mask


@inner_allocating
def signal_odds(
    params: Params, world: World, i: int, j: int, resolve: float, contested: float, options: Vector, low: int,
    odds: Vector,
) -> None:  # fmt: skip
    """Fill the probabilities with which a type of i sends each signal to j, given how it would choose its rung."""
    me = params.state[i]
    below = 0.0  # that it will stand no higher than its public peak, where a commitment would bind it
    for a in range(options.shape[0]):
        if low + a <= world.dyad[i, j].peak:
            below += options[a]
    retreat = below * audience_cost(params.rules[0], me, 1)
    utility = np.empty(odds.shape[0])
    mask = open_signals(params, world, i, j)
    signal_utility(params.rules[0], resolve, contested, retreat, mask, me.risk_aversion, utility)
    logit_choice(utility, params.rules[0].precision, odds)


@inner
def signals_now(params: Params, world: World, i: int, j: int) -> bool:
    """Whether i may signal to j: short of war, beyond plain competition."""
    rung = max(world.dyad[i, j].rung, world.dyad[j, i].rung)
    return 0 < rung < params.setting[0].war


@inner_allocating
def choose_signal(params: Params, world: World, i: int, j: int, resolve: float, options: Vector, low: int) -> int:
    """Signal that i sends j, by logit choice."""
    mine = world.dyad[i, j]
    contested = 1.0 - share(params.rules[0], believed_advantage(params, world, i, j), mine.rung, mine.seen)
    odds = np.empty(Signal.DEPLOYMENT + 1)
    signal_odds(params, world, i, j, resolve, contested, options, low, odds)
    return pick(odds, draw(world, params.key[i], params.key[j], Purpose.SIGNAL))


@inner_allocating
def read_signal(
    params: Params, world: World, i: int, j: int, resolve: Vector, options: NDArray[np.float64], low: int,
    evidence: Vector,
) -> None:  # fmt: skip
    """Multiply i's evidence about j's types by what j's signal, or its silence, says."""
    if not signals_now(params, world, j, i):
        return
    rules, theirs = params.rules[0], world.dyad[j, i]
    contested = 1.0 - share(rules, -believed_advantage(params, world, i, j), world.dyad[i, j].seen, theirs.seen)
    heard = chance(rules.signal_rate, params.setting[0].round_days)
    odds = np.empty(Signal.DEPLOYMENT + 1)
    for t in range(resolve.shape[0]):
        signal_odds(params, world, j, i, resolve[t], contested, options[t], low, odds)
        silent = 1.0 - heard if theirs.signal == Signal.NONE else 0.0
        evidence[t] *= heard * odds[theirs.signal] + silent


@inner
def show_forces(world: World, i: int, theatre: int) -> None:
    """Forces that the scenario brings into a theatre tell i's rivals there what forces that i itself sends would."""
    world.front[i, theatre].shown = 1
    for j in range(world.state.shape[0]):
        if world.dyad[i, j].active == 1 and world.dyad[i, j].theatre == theatre:
            world.dyad[i, j].signal = Signal.DEPLOYMENT


@inner
def deploy(params: Params, world: World, i: int, theatre: int) -> None:
    """Send a share of i's forces to a theatre for as long as the crisis lasts, unless the scenario has brought them."""
    front, sent = world.front[i, theatre], params.rules[0].deployment_share
    if front.shown == 0:
        front.stationed += sent
        front.sent += sent


@inner
def send_signals(params: Params, world: World, trace: Trace, i: int) -> None:
    """Let i's signals take effect: a commitment raises the public peak, mobilisation begins, forces move."""
    for j in range(world.state.shape[0]):
        mine = world.dyad[i, j]
        if mine.active == 0 or mine.signal == Signal.NONE:
            continue
        note(world, trace, Entry.SIGNAL, i, j, -1, mine.signal)
        if mine.signal != Signal.PROTEST:
            mine.offer = Offer.NONE  # whoever says that it will stand has withdrawn what it offered
        if mine.signal == Signal.COMMITMENT:
            mine.peak += 1
        elif mine.signal == Signal.MOBILISATION:
            world.state[i].mobilising = 1
        elif mine.signal == Signal.DEPLOYMENT:
            deploy(params, world, i, mine.theatre)
        mine.signal = Signal.NONE
    for k in range(world.front.shape[1]):
        world.front[i, k].shown = 0


@inner
def mobilise(params: Params, world: World, i: int) -> None:
    """Reserves are called up, at a cost to the economy, and go home when no rival is near the use of force."""
    rules, setting, state = params.rules[0], params.setting[0], world.state[i]
    danger = False
    for j in range(world.state.shape[0]):
        if world.dyad[i, j].active == 1:
            danger |= max(world.dyad[i, j].rung, world.dyad[j, i].rung) >= setting.threat
    if not danger:
        state.mobilising = 0
    step = chance(rules.mobilisation_rate, setting.round_days)
    state.mobilised += step * (state.mobilising - state.mobilised)
    state.industry *= 1.0 - rules.mobilisation_burden * state.mobilised * setting.round_days / 365.0
