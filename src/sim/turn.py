"""The turn, in order. Both drivers follow it: the compiled batch calls `turn`, Mesa its numbered parts."""

from sim.compiled import compiled
from sim.phases.acts import learn_from_acts
from sim.phases.common import in_crisis
from sim.phases.cyber import commit_cyber_acts
from sim.phases.decide import decide
from sim.phases.events import apply_events
from sim.phases.flows import move_flows
from sim.phases.fronts import share_effort, weigh_powers
from sim.phases.patrons import press_all, take_stances
from sim.phases.perceive import believe, perceive
from sim.phases.posture import build_forces, weigh_rearmament
from sim.phases.realign import realign
from sim.phases.sanctions import bite, impose_sanctions, weigh_evasion
from sim.phases.settle import record, settle
from sim.phases.signals import mobilise, send_signals
from sim.phases.treaties import honour_treaties
from sim.phases.widening import widen_wars
from sim.world import Params, Trace, World


@compiled
def open_round(params: Params, world: World, trace: Trace) -> None:
    """Before orders: 1 events, 2 flows, slow clock, 3 looks and cyber acts, 5 treaties, patrons, sanctions."""
    apply_events(params, world, trace)  # 1
    move_flows(params, world)  # 2
    build_forces(params, world)
    bite(params, world)
    if params.setting[0].slow_clock == 1:
        realign(params, world, trace)
    for i in range(world.state.shape[0]):
        perceive(params, world, trace, i)  # 3
    commit_cyber_acts(params, world, trace)
    share_effort(params, world)
    weigh_powers(params, world)
    learn_from_acts(params, world)
    honour_treaties(params, world, trace)  # 5
    widen_wars(params, world, trace)
    for i in range(world.state.shape[0]):
        if in_crisis(world, i):
            take_stances(params, world, trace, i)
            press_all(params, world, i)
    impose_sanctions(params, world, trace)
    weigh_evasion(params, world, trace)
    share_effort(params, world)  # treaties bring new fronts and new supporters
    weigh_powers(params, world)
    for i in range(world.state.shape[0]):
        weigh_rearmament(params, world, trace, i)  # 6, its slow part


@compiled
def close_round(params: Params, world: World, trace: Trace) -> None:
    """After all have decided: 4 what the orders say about resolve, 7 their effects, 8 the record."""
    for i in range(world.state.shape[0]):
        believe(params, world, i)  # 4
    for i in range(world.state.shape[0]):
        send_signals(params, world, trace, i)
        mobilise(params, world, i)
    settle(params, world, trace)  # 7
    record(params, world, trace)  # 8


@compiled
def turn(params: Params, world: World, trace: Trace) -> None:
    """One turn of a run: rounds of orders, each with everything that belongs to it."""
    for _ in range(params.setting[0].rounds):
        if world.clock[0].running == 1:
            open_round(params, world, trace)
            for i in range(world.state.shape[0]):
                decide(params, world, i)  # 6
            close_round(params, world, trace)
