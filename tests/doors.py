"""Phases as functions that Python can call: the package compiles them for its own compiled code alone.

They are compiled with the model and kept beside it (see conftest.py), where all that they call is compiled already.
"""

from numba import int64, typeof

from begun import begin
from sim.codes import Entry
from sim.compiled import compiled
from sim.phases import (
    affinity,
    alignment,
    armistice,
    common,
    decide,
    fronts,
    help,
    offers,
    onset,
    perceive,
    posture,
    settle,
    signals,
    treaties,
    widening,
)


@compiled
def drift(params, world, rounds):
    for _ in range(rounds):
        affinity.drift(params, world)


@compiled
def align(params, world, trace, rounds):
    for _ in range(rounds):
        alignment.align(params, world, trace)
        world.clock[0].played += 1


@compiled
def worth_of_treaty(params, world, i, pact):
    return alignment.worth_of_treaty(params, world, i, pact)


@compiled
def keep_armistice(params, world, trace, i, j):
    armistice.keep_armistice(params, world, trace, i, j)


@compiled
def open_account(params, world, i, j, rung):
    common.open_account(params, world, i, j, rung)


@compiled
def strike_once(params, world, trace, i, j, rung):
    common.strike_once(params, world, trace, i, j, rung, Entry.ACT)


@compiled
def give_order(mine, rung):
    decide.give_order(mine, rung)


@compiled
def answers_in_kind(params, world, i, j, rung):
    return decide.answers_in_kind(params, world, i, j, rung)


@compiled
def keep_word(params, world, i, j):
    fronts.keep_word(params, world, i, j)


@compiled
def weigh_powers(params, world):
    fronts.weigh_powers(params, world)


@compiled
def share_and_weigh(params, world):
    fronts.share_effort(params, world)
    fronts.weigh_powers(params, world)


@compiled
def tells(params, world, k, i, j):
    return help.tells(params, world, k, i, j)


@compiled
def give_help(params, world, trace, k, i, j, level):
    help.give_help(params, world, trace, k, i, j, level, -1)


@compiled
def offer(params, world, trace, i, j):
    offers.offer(params, world, trace, i, j)


@compiled
def begin_crises(params, world, trace):
    onset.begin_crises(params, world, trace)


@compiled
def break_out(params, world, trace, i, j, theatre):
    onset.break_out(params, world, trace, i, j, theatre)


@compiled
def lay_to_rest(params, world, trace):
    onset.lay_to_rest(params, world, trace)


@compiled
def believe(params, world, i):
    perceive.believe(params, world, i)


@compiled
def build_forces(params, world):
    posture.build_forces(params, world)


@compiled
def weigh_rearmament(params, world, trace, i):
    posture.weigh_rearmament(params, world, trace, i)


@compiled
def calm(params, world, trace, k, kind):
    settle.calm(params, world, k, kind, trace)


@compiled
def incident(params, world, trace, i, j):
    settle.incident(params, world, trace, i, j)


@compiled
def settle_all(params, world, trace):
    settle.settle(params, world, trace)


@compiled
def settle_theatre(params, world, trace, k):
    settle.settle_theatre(params, world, trace, k)


@compiled
def open_signals(params, world, i, j):
    return signals.open_signals(params, world, i, j)


@compiled
def send_signals(params, world, trace, i):
    signals.send_signals(params, world, trace, i)


@compiled
def show_forces(world, i, theatre):
    signals.show_forces(world, i, theatre)


@compiled
def honour_treaties(params, world, trace):
    treaties.honour_treaties(params, world, trace)


@compiled
def restrain(params, world, i, j):
    treaties.restrain(params, world, i, j)


@compiled
def widen(params, world, trace, i, j):
    widening.widen(params, world, trace, i, j)


def compile_doors() -> None:
    """Compile all of them for the arrays of a scenario."""
    begun = begin()
    kinds = {name: typeof(getattr(begun, name)) for name in ("params", "world", "trace")}
    kinds["mine"] = typeof(begun.world.dyad[0, 0])
    for door in (thing for thing in globals().values() if hasattr(thing, "py_func")):
        arguments = door.py_func.__code__.co_varnames[: door.py_func.__code__.co_argcount]
        door.compile(tuple(kinds.get(name, int64) for name in arguments))
