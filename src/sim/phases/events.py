"""Phase 1: the scenario's own events."""

from sim.codes import Entry, EventKind, Level
from sim.compiled import inner, inner_allocating
from sim.phases.common import begin, move, open_account, strike_once, wake
from sim.phases.signals import show_forces
from sim.rules.decide import standing
from sim.rules.power import set_capability
from sim.world import Params, Trace, World


@inner
def act(params: Params, world: World, trace: Trace, event: int) -> None:
    """One state acts against another by the scenario's will: it rises to a rung, never falls."""
    row = params.event[event]
    i, j = row.state, row.rival
    wake(world, i, j, row.theatre)
    world.state[j].exposed = max(world.state[j].exposed, params.event_figure[event].value)
    world.state[j].threat = max(world.state[j].threat, world.state[j].exposed)
    mine = world.dyad[i, j]
    open_account(params, world, i, j, row.rung)
    if row.once == 1 and row.rung > mine.rung:
        strike_once(params, world, trace, i, j, row.rung, Entry.ACT)
    elif row.once == 0 and row.rung > standing(mine):
        if row.rung < mine.rung:
            mine.before = row.rung  # once a single blow of its own is over
        else:
            begin(params, world, i, j, row.rung)
            move(params, world, trace, i, j, row.rung, Entry.ACT, -1)
            mine.acted = row.rung


@inner
def join_hands(params: Params, world: World, event: int) -> None:
    """States that act together against the same rival on the same day stand behind each other."""
    row = params.event[event]
    for other in range(params.event.shape[0]):
        fellow = params.event[other]
        together = fellow.kind == EventKind.ACT and fellow.day == row.day and fellow.rival == row.rival
        if together and fellow.state != row.state:
            world.dyad[row.state, fellow.state].help = Level.ALL_MEANS


@inner
def carried(value: float, before: float, after: float) -> float:
    """Carry what losses, growth and arms have made of a capability over to another start."""
    return value * (after / before) if before > 0.0 else value + after


@inner_allocating
def change_state(params: Params, world: World, event: int) -> None:
    """Let a figure of a state take a new value, and what follows from it: capabilities, forces abroad."""
    row = params.event[event]
    figures, state = params.state[row.state], world.state[row.state]
    before = world.state[row.state : row.state + 1].copy()
    after = before.copy()
    personnel = figures.personnel
    set_capability(figures, before[0])
    params.figures[row.slot] = params.event_figure[event].value
    set_capability(figures, after[0])
    state.land = carried(state.land, before[0].land, after[0].land)
    state.air = carried(state.air, before[0].air, after[0].air)
    state.sea = carried(state.sea, before[0].sea, after[0].sea)
    state.missile = carried(state.missile, before[0].missile, after[0].missile)
    state.space = carried(state.space, before[0].space, after[0].space)
    state.industry = carried(state.industry, before[0].industry, after[0].industry)
    for k in range(world.front.shape[1]):  # as many men abroad as before, another share of the force
        front = world.front[row.state, k]
        front.stationed = min(front.stationed * (personnel / max(figures.personnel, 1e-9)), 1.0)


@inner
def change_dyad(params: Params, world: World, event: int) -> None:
    """Let a figure of a dyad take a new value; a stake raised by a fight at a friend's side stays as high.

    An affinity that has drifted keeps its distance from the figure.
    """
    row = params.event[event]
    dyad, figures = world.dyad[row.state, row.rival], params.dyad[row.state, row.rival]
    raised = dyad.stake if dyad.stake > figures.stake else 0.0
    drift = dyad.affinity - figures.affinity
    params.figures[row.slot] = params.event_figure[event].value
    dyad.stake = max(figures.stake, raised)
    dyad.affinity = min(max(figures.affinity + drift, -1.0), 1.0)


@inner
def apply_events(params: Params, world: World, trace: Trace) -> None:
    """Make happen what the scenario sets for the days of this turn."""
    today = world.clock[0].day
    for e in range(params.event.shape[0]):
        event = params.event[e]
        if not today <= event.day < today + params.setting[0].round_days:
            continue
        if event.kind == EventKind.ACT:
            act(params, world, trace, e)
            join_hands(params, world, e)
        elif event.kind == EventKind.DEPLOY:
            world.front[event.state, event.theatre].stationed += params.event_figure[e].value
            show_forces(world, event.state, event.theatre)
        elif event.rival >= 0:
            change_dyad(params, world, e)
        else:
            change_state(params, world, e)
