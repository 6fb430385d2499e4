"""The slow clock, affinity: what states do for and to each other, and third states, pull it; it returns in time."""

import numpy as np
from numpy.typing import NDArray

from sim.codes import FlowKind, Kind, Level
from sim.compiled import inner, inner_allocating
from sim.phases.common import in_force
from sim.phases.flows import runs_now
from sim.rules.realign import closure, drifted, salience
from sim.world import Params, World

Matrix = NDArray[np.float64]


@inner
def mutual(world: World, i: int, j: int) -> float:
    """Mean of the affinities of two states."""
    return 0.5 * (world.dyad[i, j].affinity + world.dyad[j, i].affinity)


@inner
def pull_of_ties(params: Params, world: World, toward: Matrix, flows: Matrix, apart: Matrix) -> None:
    """Set what commitments, flows and sanctions do: each once a pair, however many there are."""
    rules = params.rules[0]
    for c in range(world.case.shape[0]):
        clause = params.commitment[c]
        if clause.kind == Kind.DEFENCE and in_force(params, world, c):
            toward[clause.ally, clause.protected] = toward[clause.protected, clause.ally] = rules.drift_treaty
    for f in range(params.flow.shape[0]):
        flow = params.flow[f]
        a, b = flow.giver, flow.taker
        if not runs_now(params, world, f) or params.flow_figure[f].rate <= 0.0:
            continue
        if flow.kind == FlowKind.SANCTIONS:
            apart[a, b] = apart[b, a] = rules.drift_sanctions
        else:
            flows[a, b] = flows[b, a] = rules.drift_flow


@inner
def pull_of_conduct(params: Params, world: World, i: int, j: int, toward: Matrix, apart: Matrix) -> None:
    """Add what two states do for each other, and to each other, now."""
    rules, setting = params.rules[0], params.setting[0]
    mine, theirs = world.dyad[i, j], world.dyad[j, i]
    toward[i, j] += rules.drift_help * max(mine.help, theirs.help) / (Level.ALL_MEANS + 0)
    if mine.sanctions == 1 or theirs.sanctions == 1:
        apart[i, j] = max(apart[i, j], rules.drift_sanctions)
    height = max(mine.rung, theirs.rung) if mine.active == 1 else 0
    if height >= setting.force:
        apart[i, j] += rules.drift_force
    elif height >= setting.threat:
        apart[i, j] += rules.drift_threat


@inner
def pull_of_thirds(params: Params, tie: Matrix, i: int, j: int, toward: Matrix, apart: Matrix) -> None:
    """Add what third states do: a shared friend or rival draws together, a friend's rival apart (Heider 1946)."""
    like = unlike = 0.0
    for k in range(tie.shape[0]):
        if k != i and k != j:
            product = tie[i, k] * tie[j, k]
            like += max(product, 0.0)
            unlike += max(-product, 0.0)
    toward[i, j] += params.rules[0].drift_closure * closure(like, unlike)
    apart[i, j] += params.rules[0].drift_closure * closure(unlike, like)


@inner_allocating
def drift(params: Params, world: World) -> None:
    """Let all affinities drift for one round, all seen as they stand at its beginning."""
    states = world.state.shape[0]
    toward, flows = np.zeros((states, states)), np.zeros((states, states))
    apart, tie = np.zeros((states, states)), np.zeros((states, states))
    for i in range(states):
        for j in range(i):
            facts, other = params.dyad[i, j], params.dyad[j, i]
            weight = salience(facts.rivalry, params.rules[0].precision * max(facts.interest, other.interest))
            tie[i, j] = tie[j, i] = weight * mutual(world, i, j)
    pull_of_ties(params, world, toward, flows, apart)
    for i in range(states):
        for j in range(i):
            toward[i, j] += flows[i, j]
            pull_of_conduct(params, world, i, j, toward, apart)
            pull_of_thirds(params, tie, i, j, toward, apart)
            relax(params, world, i, j, toward[i, j], apart[i, j])
            relax(params, world, j, i, toward[i, j], apart[i, j])


@inner
def relax(params: Params, world: World, i: int, j: int, toward: float, apart: float) -> None:
    """Let i's affinity to j follow what pulls it."""
    home = params.dyad[i, j].affinity
    decay, days = params.rules[0].drift_decay, params.setting[0].round_days
    world.dyad[i, j].affinity = drifted(world.dyad[i, j].affinity, home, toward, apart, decay, days)
