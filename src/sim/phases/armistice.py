"""Phase 7, armistices: broken by force, restored when force ends or the crisis is settled."""

from sim.codes import Entry, Purpose, War
from sim.compiled import inner
from sim.mathematics import chance
from sim.phases.common import draw, note
from sim.rules.armistice import collapse_rate
from sim.world import Params, Trace, World


@inner
def conclude(params: Params, world: World, trace: Trace, i: int, j: int) -> None:
    """End a state of war by an armistice, or restore the one that was broken."""
    mine, theirs = world.dyad[i, j], world.dyad[j, i]
    if mine.broken == 1:
        note(world, trace, Entry.ARMISTICE_RESTORED, i, j, -1, 0)
    mine.armistice = theirs.armistice = 1
    mine.broken = theirs.broken = 0
    if params.setting[0].armistice_is_war == 0:
        mine.war = theirs.war = War.ARMISTICE + 0


@inner
def break_off(world: World, trace: Trace, i: int, j: int) -> None:
    """An armistice is broken: from now on there is a state of war. The actor is the side that stands higher."""
    mine, theirs = world.dyad[i, j], world.dyad[j, i]
    mine.broken = theirs.broken = 1
    mine.war = theirs.war = War.WAR + 0
    if theirs.rung > mine.rung:
        note(world, trace, Entry.ARMISTICE_BROKEN, j, i, -1, theirs.rung)
    else:
        note(world, trace, Entry.ARMISTICE_BROKEN, i, j, -1, mine.rung)


@inner
def keep_armistice(params: Params, world: World, trace: Trace, i: int, j: int) -> None:
    """The armistice of i and j holds, breaks under force (at war for certain), or is restored once force has ended."""
    rules, setting = params.rules[0], params.setting[0]
    mine, theirs = world.dyad[i, j], world.dyad[j, i]
    if mine.armistice == 0:
        return
    a, b = params.key[i], params.key[j]
    u = draw(world, min(a, b), max(a, b), Purpose.ARMISTICE)
    height = max(mine.rung, theirs.rung)
    if mine.broken == 1:
        if height < setting.force and u < chance(rules.armistice_repair, setting.round_days):
            conclude(params, world, trace, i, j)
        return
    at_war = height >= setting.war or (mine.war == War.WAR and setting.armistice_is_war == 0)
    rate = collapse_rate(rules, setting, mine.rung, theirs.rung)
    if at_war or u < chance(rate, setting.round_days):
        break_off(world, trace, i, j)
