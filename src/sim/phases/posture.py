"""Rearmament: who weighs it at the end of phase 5, when powers are known, and what it does in phase 2."""

from sim.codes import Entry, Purpose
from sim.compiled import inner
from sim.mathematics import chance, exp, log, logistic
from sim.phases.common import draw, note, reappraise, taste
from sim.phases.flows import scale_forces
from sim.phases.fronts import believed_advantage
from sim.rules.posture import military_burden, rearmament
from sim.world import Params, Trace, World


@inner
def threatened(params: Params, world: World, i: int) -> tuple[int, float]:
    """Rungs from threat upwards on which i sees its worst rival, and the most power it fears of such rivals."""
    rungs, fear = 0, 0.0
    for j in range(world.state.shape[0]):
        mine = world.dyad[i, j]
        if mine.active == 1 and mine.seen >= params.setting[0].threat:
            rungs = max(rungs, mine.seen - params.setting[0].threat + 1)
            fear = max(fear, logistic(-believed_advantage(params, world, i, j)))
    return rungs, fear


@inner
def weigh_rearmament(params: Params, world: World, trace: Trace, i: int) -> None:
    """State i, under threat, with losses or rearming already, may begin to rearm or stop."""
    rules = params.rules[0]
    state = world.state[i]
    rungs, fear = threatened(params, world, i)
    if rungs == 0 and state.lost <= 0.0 and state.rearming == 0:
        return
    weighs = chance(rules.rearm_rate, params.setting[0].round_days)
    reappraise(params, world, i, i)
    if draw(world, params.key[i], 0, Purpose.WEIGHING) >= weighs:
        return
    burden = military_burden(params.state[i].milex, state.industry)
    odds = rearmament(rules, rungs, fear, state.lost, burden)
    liking = taste(params, world, i, i, Purpose.REARMAMENT, 1) - taste(params, world, i, i, Purpose.REARMAMENT, 0)
    wants = 1 if log(odds / (1.0 - odds)) + liking > 0.0 else 0
    if wants != state.rearming:
        state.rearming = wants
        note(world, trace, Entry.REARMED, i, -1, -1, wants)


@inner
def build_forces(params: Params, world: World) -> None:
    """Forces of states that rearm grow, at the price of some of their industry."""
    rules = params.rules[0]
    years = params.setting[0].round_days / 365.0
    for i in range(world.state.shape[0]):
        if world.state[i].rearming == 1:
            scale_forces(world.state[i], exp(rules.rearm_growth * years))
            world.state[i].industry *= exp(-rules.rearm_cost * years)
