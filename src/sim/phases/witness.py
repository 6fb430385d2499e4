"""What a state judges and how likely a step was, for whoever reads a run turn by turn; nothing here changes a run."""

from sim.codes import Kind, War
from sim.compiled import compiled
from sim.mathematics import logistic
from sim.phases.common import provocation
from sim.phases.decide import resolve_of
from sim.phases.fronts import believed_advantage
from sim.phases.perceive import type_resolve
from sim.phases.treaties import fights_beside
from sim.rules.treaties import recognition
from sim.world import Params, World


@compiled
def judgement(params: Params, world: World, i: int, j: int) -> tuple[float, float, float]:
    """Resolve of i against j, the resolve that i expects of j, and i's share of power as i judges it."""
    types = type_resolve(params, world, j, i)
    expected = 0.0
    for t in range(types.shape[0]):
        expected += world.belief[i, j, t] * types[t]
    return resolve_of(params, world, i, j), expected, logistic(believed_advantage(params, world, i, j))


@compiled
def recognition_odds(params: Params, world: World, c: int, j: int, attack: int) -> float:
    """Probability with which an ally recognises the case of commitment `c` against the attacker j.

    It is that of the moment if asked in the turn of the request, once treaties have been gone through.
    """
    clause = params.commitment[c]
    k, i = clause.ally, clause.protected
    if clause.kind == Kind.CONSULTATION or fights_beside(params, world, k, i, j):
        return 1.0
    blame = 0.0 if clause.kind == Kind.OFFENCE else provocation(params, world, i, j)
    return recognition(
        params.rules[0], clause, attack - clause.trigger, blame, world.dyad[i, j].war == War.WAR,
        params.dyad[k, i].affinity, world.dyad[k, i].standing,
    )  # fmt: skip
