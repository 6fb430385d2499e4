"""What a state judges, for whoever reads a run turn by turn; nothing here changes a run."""

from sim.compiled import compiled
from sim.mathematics import logistic
from sim.phases.decide import resolve_of
from sim.phases.fronts import believed_advantage
from sim.phases.perceive import type_resolve
from sim.world import Params, World


@compiled
def judgement(params: Params, world: World, i: int, j: int) -> tuple[float, float, float]:
    """Resolve of i against j, the resolve that i expects of j, and i's share of power as i judges it."""
    types = type_resolve(params, world, j, i)
    expected = 0.0
    for t in range(types.shape[0]):
        expected += world.belief[i, j, t] * types[t]
    return resolve_of(params, world, i, j), expected, logistic(believed_advantage(params, world, i, j))
