"""Phase 3: what the scenario's own acts say about those who commit them.

A scenario sets an act, but not who would commit it. States are not irresolute by chance and bold by decree: the
actor of a lasting act is one of those that would stand by it (selection; Fearon 2002).
"""

import numpy as np
from numpy.typing import NDArray

from sim.codes import Purpose
from sim.compiled import inner, inner_allocating
from sim.draws import uniform
from sim.mathematics import exp, log, logistic, normal_quantile
from sim.phases.common import draw
from sim.phases.decide import appeal, lowest_of, options_of
from sim.phases.fronts import advantage
from sim.phases.perceive import type_resolve
from sim.rules.decide import answers, update
from sim.rules.power import share
from sim.world import Params, World

Vector = NDArray[np.float64]


@inner_allocating
def stand_by(params: Params, world: World, i: int, j: int, options: NDArray[np.float64]) -> None:
    """Fill what each type of i would choose where it stands against j now, [type, option]."""
    low = lowest_of(params, world, i, j)
    mine, theirs = world.dyad[i, j], world.dyad[j, i]
    edge = advantage(world, i, j)
    gain = np.empty(options.shape[1])
    for a in range(gain.shape[0]):
        gain[a] = share(params.rules[0], edge, low + a, theirs.rung)
    answers(
        params.rules[0], params.setting[0], world.rung, params.state[i], params.state[j], mine, theirs, mine.rung,
        low, theirs.rung, gain, logistic(-edge), type_resolve(params, world, i, j), options,
    )  # fmt: skip


@inner
def among(weight: Vector, u: float) -> float:
    """Uniform number that `u` becomes when equal parts of its range get these weights."""
    mass, total = u * weight.sum(), 0.0
    for t in range(weight.shape[0]):
        if total + weight[t] >= mass:
            return float((t + (mass - total) / weight[t]) / weight.shape[0])
        total += weight[t]
    return 1.0 - 1e-9


@inner
def liking(worth: Vector, chosen: int, u: float) -> float:
    """What a chooser's taste adds to an option so that it is the best: an excess over the others, as Gumbel tails have.

    Beyond the best of the others the tail of a Gumbel number is exponential, but for what lies below its mode.
    """
    best = -1e300
    for a in range(worth.shape[0]):
        if a != chosen:
            best = max(best, worth[a])
    return float(max(best - worth[chosen], 0.0) - log(1.0 - u))


@inner_allocating
def know(params: Params, world: World, i: int, j: int) -> None:
    """State i has risen against j and means to stay: draw its resolve and its taste among those who would.

    Types get the weights with which they would stand as high or higher, in i's own draw and in j's belief.
    """
    mine, clock = world.dyad[i, j], world.clock[0]
    here = mine.rung - lowest_of(params, world, i, j)
    options = np.empty((params.types.shape[0], options_of(params, world, i, j)))
    stand_by(params, world, i, j, options)
    weight = np.zeros(options.shape[0])
    for t in range(weight.shape[0]):
        for a in range(here, options.shape[1]):
            weight[t] += options[t, a]
    update(world.belief[j, i], weight)
    u = among(weight, uniform(clock.seed, clock.run, mine.epoch, params.key[i], params.key[j], Purpose.RESOLVE))
    mine.resolve = exp(params.rules[0].resolve_sd * normal_quantile(u))
    mine.appraised, mine.chosen, mine.liking = clock.played, 0, 0.0
    taste = draw(world, params.key[i], params.key[j], Purpose.LIKING)
    mine.liking = liking(appeal(params, world, i, j), here, taste)
    mine.chosen = mine.rung


@inner
def learn_from_acts(params: Params, world: World) -> None:
    """Weigh every act of this round that was meant to last."""
    for i in range(world.state.shape[0]):
        for j in range(world.state.shape[0]):
            dyad = world.dyad[i, j]
            if dyad.acted == dyad.rung and dyad.acted > 0:
                know(params, world, i, j)
            dyad.acted = 0
