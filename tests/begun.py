"""A crisis that has just begun, with parameters at their centre, for tests to put where they like."""

from typing import Any, NamedTuple

import sim
from sim.phases.start import start
from sim.scenario.build import Model, build
from sim.world import Params, Trace, World, copy_params, copy_world


class Begun(NamedTuple):
    model: Model
    params: Params
    world: World
    trace: Trace

    def at(self, code: str) -> int:
        return self.model.states.index(code)

    def pair(self, one: str, other: str) -> tuple[Any, Any]:
        """Both directed dyads; fields may be set."""
        i, j = self.at(one), self.at(other)
        return self.world.dyad[i, j], self.world.dyad[j, i]

    def kinds(self, world: World) -> list[int]:
        return [int(kind) for kind in self.trace.entry["kind"][: world.clock[0].entries]]


def begin() -> Begun:
    """Return a fresh crisis over North Korea; its log is empty."""
    model = build(sim.load("korea_strike", ["parameters=centre"]))
    params, world, trace = copy_params(model.params), copy_world(model.blank), model.trace()
    start(params, world, trace, 1, 0)
    world.clock[0].entries = 0
    return Begun(model, params, world, trace)


def outcomes(begun: Begun, act: Any, runs: int, *arguments: int) -> list[World]:
    """Return the worlds after one act in each of so many runs, which differ in their draws alone."""
    worlds = []
    for run in range(runs):
        world = copy_world(begun.world)
        world.clock[0].run = run
        act(begun.params, world, begun.trace, *arguments)
        worlds.append(world)
    return worlds
