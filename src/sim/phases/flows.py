"""Phase 2: arms, technology, sight, cyber help and sanctions move capabilities; economies grow."""

from sim.codes import Domain, FlowKind
from sim.compiled import inner
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
        return float(state.cyber)
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
        state.cyber += amount
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
    """Share of the states that help to evade sanctions and have not themselves turned to threats against the target."""
    named, left = 0, 0
    for i in range(world.state.shape[0]):
        if (params.flow[f].evaders >> i) & 1 == 1:
            named += 1
            if world.dyad[i, params.flow[f].taker].rung < params.setting[0].threat:
                left += 1
    return left / named if named > 0 else 1.0


@inner
def move_stock(params: Params, world: World, f: int, years: float) -> None:
    """Arms deplete the giver and raise the taker; technology raises the taker's growth after a delay."""
    flow = params.flow[f]
    rate = params.flow_figure[f].rate
    if flow.kind == FlowKind.ARMS:
        given = domain_value(world.state[flow.giver], flow.domain) * rate * years
        add_to_domain(world.state[flow.giver], flow.domain, -given)
        add_to_domain(world.state[flow.taker], flow.domain, given)
    elif flow.kind == FlowKind.TECHNOLOGY:
        gained = domain_value(world.state[flow.taker], flow.domain) * rate * years
        add_to_domain(world.state[flow.taker], flow.domain, gained)
    elif flow.kind == FlowKind.SANCTIONS:
        left = rate * (1.0 - params.flow_figure[f].evasion * still_evading(params, world, f))
        scale_forces(world.state[flow.taker], 1.0 - left * years)
        world.state[flow.taker].industry *= 1.0 - left * years


@inner
def lend(params: Params, world: World) -> None:
    """Sight and cyber capability: a state's own, and what others lend it now.

    Borrowed sight fills a share of what one cannot see oneself; borrowed cyber capability adds to one's own.
    """
    day = world.clock[0].day
    for i in range(world.state.shape[0]):
        world.state[i].sight = min(world.state[i].space, 1.0)
        world.state[i].cyber = params.state[i].cyber
    for f in range(params.flow.shape[0]):
        flow = params.flow[f]
        if not flow.start + params.flow_figure[f].delay <= day < flow.end:
            continue
        taker = world.state[flow.taker]
        rate = params.flow_figure[f].rate
        if flow.kind == FlowKind.SPACE or flow.kind == FlowKind.INTELLIGENCE:
            taker.sight += (1.0 - taker.sight) * min(rate * world.state[flow.giver].space, 1.0)
        elif flow.kind == FlowKind.CYBER:
            taker.cyber += rate * params.state[flow.giver].cyber


@inner
def move_flows(params: Params, world: World) -> None:
    """Let one turn's flows and growth take place."""
    years = params.setting[0].turn_days / 365.0
    day = world.clock[0].day
    for i in range(world.state.shape[0]):
        grown = params.state[i].growth * years
        scale_forces(world.state[i], 1.0 + grown)
        world.state[i].industry *= 1.0 + grown
    for f in range(params.flow.shape[0]):
        if params.flow[f].start + params.flow_figure[f].delay <= day < params.flow[f].end:
            move_stock(params, world, f, years)
    lend(params, world)
