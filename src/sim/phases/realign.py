"""The slow clock: what goes on between crises and beside them, at rates per day; off unless a scenario asks for it."""

from sim.compiled import inner_allocating
from sim.phases.affinity import drift
from sim.phases.alignment import align
from sim.phases.onset import begin_crises, lay_to_rest
from sim.world import Params, Trace, World


@inner_allocating
def realign(params: Params, world: World, trace: Trace) -> None:
    """One round of the slow clock."""
    lay_to_rest(params, world, trace)
    drift(params, world)
    align(params, world, trace)
    begin_crises(params, world, trace)
