"""The start of a run: draw what is uncertain, set the world from it."""

import math

from sim.codes import EventKind, Kind, Purpose, War
from sim.compiled import compiled, inner
from sim.draws import uniform
from sim.mathematics import exp, triangular_quantile
from sim.phases.common import draw_once, move
from sim.phases.patrons import start_stances
from sim.rules.decide import burden
from sim.rules.power import set_capability
from sim.rules.signals import reserves
from sim.world import Params, Trace, World


@compiled
def draw_figures(params: Params, seed: int, run: int) -> None:
    """Draw every uncertain figure once, from its range or as one row of the joint sample, or set its centre."""
    for e in range(params.event.shape[0]):  # what the last run's events have changed
        if params.event[e].kind == EventKind.CHANGE:
            params.figures[params.event[e].slot] = params.event_figure[e].before
    drawn = params.setting[0].drawn == 1
    for n in range(params.uncertain.shape[0]):
        figure = params.uncertain[n]
        value = figure.mode
        if drawn:
            u = uniform(seed, run, -1, figure.key, 0, Purpose.PARAMETER)
            value = triangular_quantile(u, figure.low, figure.mode, figure.high)
        params.figures[figure.slot] = value
    if drawn and params.sample.shape[0] > 0:
        row = int(uniform(seed, run, -1, 0, 0, Purpose.PARAMETER) * params.sample.shape[0])
        for s in range(params.sampled.shape[0]):
            params.figures[params.sampled[s]] = params.sample[row, s]


@inner
def start_states(params: Params, world: World) -> None:
    """Capabilities, sight and forces stationed abroad, from the run's figures."""
    for i in range(world.state.shape[0]):
        state = world.state[i]
        set_capability(params.state[i], state)
        state.sight = state.space
        state.reserve = reserves(params.rules[0], params.state[i].personnel, params.state[i].population)
        for k in range(world.front.shape[1]):
            world.front[i, k].stationed = params.reach[i, k].stationed


@inner
def start_dyads(params: Params, world: World) -> None:
    """Stakes, private resolve, misjudgement and unobserved affinity of every directed dyad."""
    rules = params.rules[0]
    rho = rules.goodwill_correlation
    for i in range(world.dyad.shape[0]):
        for j in range(world.dyad.shape[0]):
            if i == j:
                continue
            a, b = params.key[i], params.key[j]
            dyad = world.dyad[i, j]
            dyad.stake = params.dyad[i, j].stake
            dyad.affinity = params.dyad[i, j].affinity
            dyad.ceiling = params.setting[0].top
            dyad.armistice = 1 if dyad.war == War.ARMISTICE else 0
            dyad.resolve = exp(rules.resolve_sd * draw_once(world, a, b, Purpose.RESOLVE))
            dyad.misjudged = draw_once(world, a, b, Purpose.MISJUDGEMENT)
            standing = draw_once(world, a, b, Purpose.STANDING)
            other = draw_once(world, a, b, Purpose.GOODWILL)
            dyad.standing = rules.precision * rules.goodwill_sd * standing  # it enters log odds, goodwill utilities
            dyad.goodwill = rules.goodwill_sd * (rho * standing + math.sqrt(1.0 - rho * rho) * other)
            for t in range(params.types.shape[0]):
                world.belief[i, j, t] = 1.0 / params.types.shape[0]


@inner
def start_cases(params: Params, world: World) -> None:
    """Reliability that others expect of each commitment: the words, the tie, and its unobserved part."""
    rules = params.rules[0]
    for c in range(world.case.shape[0]):
        commitment = params.commitment[c]
        tie = world.dyad[commitment.ally, commitment.protected]
        odds = rules.reliability / (1.0 - rules.reliability) * exp(tie.standing)
        world.case[c].reliability = odds / (1.0 + odds) if commitment.kind == Kind.DEFENCE else 0.0


@inner
def start_rungs(params: Params, world: World, trace: Trace) -> None:
    """Log and remember the rungs on which the scenario begins, and read the armistice as it says."""
    for i in range(world.dyad.shape[0]):
        for j in range(world.dyad.shape[0]):
            dyad = world.dyad[i, j]
            if dyad.war == War.ARMISTICE and params.setting[0].armistice_is_war == 1:
                dyad.war = War.WAR
            force = params.setting[0].force
            if dyad.rung >= force and world.dyad[j, i].rung < force:
                dyad.first = 1  # the scenario opens with it
            if dyad.active == 1 and dyad.rung > 0:
                move(params, world, trace, i, j, dyad.rung, 0, -1)


@compiled
def start(params: Params, world: World, trace: Trace, seed: int, run: int) -> None:
    """Begin a run; `world` holds the scenario's blank start (`sim.scenario.build`)."""
    clock = world.clock[0]
    clock.seed = seed
    clock.run = run
    draw_figures(params, seed, run)
    start_states(params, world)
    for r in range(world.rung.shape[0]):
        world.rung[r].burden = burden(params.rules[0], r)
    start_dyads(params, world)
    start_stances(params, world)
    start_cases(params, world)
    start_rungs(params, world, trace)
    trace.rung[0] = clock.highest
