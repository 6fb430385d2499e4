"""Phase 2: arms, back-fill, technology, sight, cyber help and sanctions move capabilities; economies grow."""

import numpy as np
from numpy.typing import NDArray

from sim.codes import Domain, FlowKind
from sim.compiled import inner, inner_allocating
from sim.world import Params, Records, World


@inner
def domain_value(state: Records, domain: int) -> float:
    """Capability of a state in a domain."""
    if domain == Domain.LAND:
        return float(state.land)
    if domain == Domain.AIR:
        return float(state.air)
    if domain == Domain.SEA:
        return float(state.sea)
    if domain == Domain.MISSILE:
        return float(state.missile)
    if domain == Domain.CYBER:
        return float(state.own_cyber)
    if domain == Domain.SPACE:
        return float(state.space)
    return float(state.industry)


@inner
def add_to_domain(state: Records, domain: int, amount: float) -> None:
    """Change a state's capability in a domain."""
    if domain == Domain.LAND:
        state.land += amount
    elif domain == Domain.AIR:
        state.air += amount
    elif domain == Domain.SEA:
        state.sea += amount
    elif domain == Domain.MISSILE:
        state.missile += amount
    elif domain == Domain.CYBER:
        state.own_cyber += amount
    elif domain == Domain.SPACE:
        state.space += amount
    else:
        state.industry += amount


@inner
def scale_forces(state: Records, factor: float) -> None:
    """Multiply what a state fights with."""
    state.land *= factor
    state.air *= factor
    state.sea *= factor
    state.missile *= factor


@inner
def still_evading(params: Params, world: World, f: int) -> float:
    """Share of the states named as helping to evade sanctions that still do (`sim.phases.sanctions`)."""
    named, left = 0, 0
    for i in range(world.state.shape[0]):
        if (params.flow[f].evaders >> i) & 1 == 1:
            named += 1
            left += world.dyad[i, params.flow[f].taker].evades
    return left / named if named > 0 else 1.0


@inner
def move_stock(params: Params, world: World, f: int, years: float) -> float:
    """Arms deplete the giver and raise the taker; technology raises the taker's growth after a delay.

    What is returned is the stock of arms given.
    """
    flow = params.flow[f]
    rate = params.flow_figure[f].rate
    if flow.kind == FlowKind.ARMS:
        given = domain_value(world.state[flow.giver], flow.domain) * rate * years
        add_to_domain(world.state[flow.giver], flow.domain, -given)
        add_to_domain(world.state[flow.taker], flow.domain, given)
        return given
    if flow.kind == FlowKind.TECHNOLOGY:
        gained = domain_value(world.state[flow.taker], flow.domain) * rate * years
        add_to_domain(world.state[flow.taker], flow.domain, gained)
    elif flow.kind == FlowKind.SANCTIONS:
        left = rate * (1.0 - params.flow_figure[f].evasion * still_evading(params, world, f))
        scale_forces(world.state[flow.taker], 1.0 - left * years)
        world.state[flow.taker].industry *= 1.0 - left * years
    return 0.0


@inner
def fill_up(params: Params, world: World, f: int, given: NDArray[np.float64]) -> None:
    """A back-fill replaces a share of what its taker gave a third state in this turn: ``rate given``.

    Where re-export is banned it stays with the taker and spares its stock; where it is allowed the taker passes
    it on, and the third state receives more. Nobody gives more than it has.
    """
    flow = params.flow[f]
    giver = world.state[flow.giver]
    amount = min(params.flow_figure[f].rate * given[flow.behind], domain_value(giver, flow.domain))
    taker = params.flow[flow.behind].taker if flow.reexport == 1 else flow.taker
    add_to_domain(giver, flow.domain, -amount)
    add_to_domain(world.state[taker], flow.domain, amount)


@inner
def runs_now(params: Params, world: World, f: int) -> bool:
    """Whether a flow tells today."""
    return bool(params.flow[f].start + params.flow_figure[f].delay <= world.clock[0].day < params.flow[f].end)


@inner
def lend(params: Params, world: World) -> None:
    """Sight and cyber capability: a state's own, and what others lend it now.

    Borrowed sight fills a share of what one cannot see oneself; borrowed cyber capability adds to one's own.
    Cyber acts disrupt a share of both until the victim has recovered.
    """
    for i in range(world.state.shape[0]):
        world.state[i].sight = min(world.state[i].space, 1.0)
        world.state[i].cyber = world.state[i].own_cyber
    for f in range(params.flow.shape[0]):
        flow = params.flow[f]
        if not runs_now(params, world, f):
            continue
        taker = world.state[flow.taker]
        rate = params.flow_figure[f].rate
        if flow.kind == FlowKind.SPACE or flow.kind == FlowKind.INTELLIGENCE:
            taker.sight += (1.0 - taker.sight) * min(rate * world.state[flow.giver].space, 1.0)
        elif flow.kind == FlowKind.CYBER:
            taker.cyber += rate * world.state[flow.giver].own_cyber
    for i in range(world.state.shape[0]):
        world.state[i].sight *= 1.0 - world.state[i].hacked
        world.state[i].cyber *= 1.0 - world.state[i].hacked


@inner_allocating
def move_flows(params: Params, world: World) -> None:
    """Let one turn's flows and growth take place."""
    years = params.setting[0].round_days / 365.0
    for i in range(world.state.shape[0]):
        grown = params.state[i].growth * years
        scale_forces(world.state[i], 1.0 + grown)
        world.state[i].industry *= 1.0 + grown
    given = np.zeros(params.flow.shape[0])
    for f in range(params.flow.shape[0]):
        if runs_now(params, world, f):
            given[f] = move_stock(params, world, f, years)
    for f in range(params.flow.shape[0]):
        if params.flow[f].kind == FlowKind.BACKFILL and runs_now(params, world, f):
            fill_up(params, world, f, given)
    lend(params, world)
