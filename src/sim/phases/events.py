"""Phase 1: the scenario's own events."""

from sim.codes import Entry, EventKind, Level
from sim.compiled import inner
from sim.phases.common import move, wake
from sim.world import Params, Trace, World


@inner
def act(params: Params, world: World, trace: Trace, event: int) -> None:
    """One state acts against another by the scenario's will: it rises to a rung, never falls."""
    row = params.event[event]
    i, j = row.state, row.rival
    wake(world, i, j, row.theatre)
    world.state[j].exposed = max(world.state[j].exposed, params.event_figure[event].value)
    world.state[j].threat = max(world.state[j].threat, world.state[j].exposed)
    if row.rung > world.dyad[i, j].rung:
        move(params, world, trace, i, j, row.rung, Entry.ACT, -1)


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
def apply_events(params: Params, world: World, trace: Trace) -> None:
    """Make happen what the scenario sets for the days of this turn."""
    today = world.clock[0].day
    for e in range(params.event.shape[0]):
        event = params.event[e]
        if not today <= event.day < today + params.setting[0].turn_days:
            continue
        if event.kind == EventKind.ACT:
            act(params, world, trace, e)
            join_hands(params, world, e)
        elif event.kind == EventKind.DEPLOY:
            world.front[event.state, event.theatre].stationed += params.event_figure[e].value
