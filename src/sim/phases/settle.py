"""Phases 7 and 8: orders take effect, incidents, losses, weariness, nuclear use, settlement; the record."""

import numpy as np

from sim.codes import Entry, Purpose, Signal, War
from sim.compiled import inner, inner_allocating
from sim.draws import uniform
from sim.mathematics import chance, log, normal_quantile
from sim.phases.armistice import conclude, keep_armistice
from sim.phases.common import begin, draw, forget, in_crisis, move, note, open_account, reach, strike_once
from sim.phases.flows import scale_forces
from sim.phases.fronts import power_in
from sim.phases.offers import mediate, mediated, offer, on_the_table, principals
from sim.phases.perceive import look
from sim.rules.nuclear import use_rate
from sim.rules.power import share
from sim.rules.settle import incident_rate, loss_rate, regime_threat, settlement_rate, stalemate
from sim.world import Params, Records, Trace, World


@inner
def end_blow(params: Params, world: World, i: int, j: int) -> None:
    """A single blow is over after its days; of a round that it does not fill it takes the whole, or none."""
    dyad, setting = world.dyad[i, j], params.setting[0]
    left = (dyad.blow - world.clock[0].day) / setting.round_days - 1.0  # in rounds after this one
    if dyad.once == 0 and dyad.blow > 0.0 and draw(world, params.key[i], params.key[j], Purpose.BLOW) >= left:
        dyad.order, dyad.blow = dyad.before, 0.0
        world.dyad[j, i].seen = look(params, world, j, i, dyad.before)


@inner
def take_effect(params: Params, world: World, trace: Trace, i: int, j: int) -> None:
    """State i's orders against j become where it stands."""
    dyad = world.dyad[i, j]
    goes_on = dyad.blow == 0.0 and dyad.order > min(dyad.peak, dyad.highest)  # what began as a single blow is meant
    if dyad.once == 1:
        dyad.once = 0
        strike_once(params, world, trace, i, j, dyad.order, Entry.RUNG)
    elif dyad.order != dyad.rung or goes_on:
        begin(params, world, i, j, dyad.order)
        move(params, world, trace, i, j, dyad.order, Entry.RUNG, -1)
    if dyad.order_alert != dyad.alert:
        dyad.alert = dyad.order_alert
        world.state[i].alerted = max(world.state[i].alerted, dyad.alert)
        world.clock[0].highest_alert = max(world.clock[0].highest_alert, dyad.alert)
        note(world, trace, Entry.ALERT, i, j, -1, dyad.alert)


@inner
def incident(params: Params, world: World, trace: Trace, i: int, j: int) -> None:
    """Chance at sea and in the air, where forces are out: one side finds itself using force, or lethal force, once.

    The other side protests. Armies that shoot at each other already need no accident.
    """
    rules, setting = params.rules[0], params.setting[0]
    mine, theirs = world.dyad[i, j], world.dyad[j, i]
    if not setting.threat <= max(mine.rung, theirs.rung) < setting.lethal:
        return
    facts = params.dyad[i, j]
    rate = incident_rate(rules, mine.rung + theirs.rung, mine.alert + theirs.alert, facts.rivalry, facts.hotline)
    a, b = params.key[i], params.key[j]
    first, second = min(a, b), max(a, b)  # one draw for the two of them, whoever is asked first
    if draw(world, first, second, Purpose.INCIDENT) >= chance(rate, setting.round_days):
        return
    low_side = draw(world, first, second, Purpose.INCIDENT_SIDE) < 0.5
    actor, other = (i, j) if low_side == (a < b) else (j, i)
    rung = max(world.dyad[actor, other].rung + 1, setting.force)
    open_account(params, world, actor, other, rung)
    strike_once(params, world, trace, actor, other, rung, Entry.INCIDENT)
    if world.dyad[other, actor].rung < setting.force:  # everybody would: it says nothing about who protests
        note(world, trace, Entry.SIGNAL, other, actor, -1, Signal.PROTEST)


@inner
def tire(params: Params, world: World, i: int, j: int) -> None:
    """Force wearies; its absence heals."""
    rules, setting = params.rules[0], params.setting[0]
    dyad = world.dyad[i, j]
    if dyad.rung >= setting.force:
        dyad.weariness += rules.weariness_rate * setting.round_days
    else:
        dyad.weariness *= 1.0 - chance(rules.weariness_decay, setting.round_days)


@inner
def losses(params: Params, world: World, i: int) -> float:
    """Rate at which state i loses its forces to all who fight it; sets how safe its regime is in its worst war."""
    rules, setting = params.rules[0], params.setting[0]
    rate = 0.0
    threat = world.state[i].exposed
    for j in range(world.state.shape[0]):
        mine, theirs = world.dyad[i, j], world.dyad[j, i]
        if mine.active == 0:
            continue
        # of the power against i, this rival's own part: each member of a coalition fires once
        part = min(power_in(params, world, j, mine.theatre) / theirs.present, 1.0)
        rate += part * loss_rate(rules, setting, theirs.rung, mine.present, theirs.present)
        win = share(rules, log(mine.present / theirs.present), mine.rung, theirs.rung)
        threat = max(threat, regime_threat(setting, theirs.rung, win))
    world.state[i].threat = threat
    return rate


@inner_allocating
def fight(params: Params, world: World) -> None:
    """All lose forces to all at once: nobody meets rivals that are weakened already."""
    states = world.state.shape[0]
    rate = np.zeros(states)
    for i in range(states):
        rate[i] = losses(params, world, i)
    for i in range(states):
        if rate[i] > 0.0:
            lost = chance(rate[i], params.setting[0].round_days)
            scale_forces(world.state[i], 1.0 - lost)
            world.state[i].lost += (1.0 - world.state[i].lost) * lost


@inner
def highest_alert(world: World, i: int) -> int:
    """Nuclear alert of a state: its forces are on one footing, whichever rival put them there."""
    alert = 0
    for j in range(world.state.shape[0]):
        if world.dyad[i, j].active == 1:
            alert = max(alert, world.dyad[i, j].alert)
    return alert


@inner
def most_dangerous(params: Params, world: World, i: int) -> tuple[float, int]:
    """Hazard of nuclear use by i, that of its most dangerous dyad, and the rival there; -1 if it will not.

    The number of a rival's helpers does not multiply the hazard. Without danger to its regime, and below raised
    alert, no state is on the way to use.
    """
    rules, setting = params.rules[0], params.setting[0]
    worst, target = 0.0, -1
    alert = highest_alert(world, i)
    if params.state[i].warheads <= 0.0 or (world.state[i].threat <= 0.0 and alert < 2):
        return worst, target
    for j in range(world.state.shape[0]):
        mine = world.dyad[i, j]
        if mine.active == 1 and max(mine.rung, world.dyad[j, i].rung) >= setting.force:
            survivability = params.state[i].survivability
            rate = use_rate(rules, alert, mine.seen_alert, survivability, world.state[i].threat)
            if rate > worst:
                worst, target = rate, j
    return worst, target


@inner
def consider_use(params: Params, world: World, trace: Trace) -> None:
    """Armed states in a crisis with force may use a nuclear weapon; what follows the first is beyond the model."""
    setting, clock = params.setting[0], world.clock[0]
    soonest, user, target = setting.round_days, -1, -1
    for i in range(world.state.shape[0]):
        rate, rival = most_dangerous(params, world, i)
        if rival >= 0:
            day = -log(1.0 - draw(world, params.key[i], 0, Purpose.NUCLEAR_USE)) / rate
            if day < soonest:
                soonest, user, target = day, i, rival
    if user >= 0:
        clock.used = 1
        clock.running = 0
        reach(world, setting.top + 1)
        note(world, trace, Entry.NUCLEAR_USE, user, target, -1, setting.top + 1)


@inner
def calm(params: Params, world: World, theatre: int, kind: int, trace: Trace) -> None:
    """End the crisis in a theatre: everyone steps down, war becomes armistice, helpers, mediators, forces go home."""
    states = world.state.shape[0]
    note(world, trace, kind, theatre, -1, -1, 0)
    for k in range(states):
        world.front[k, theatre].mediates = 0
    for i in range(states):
        world.front[i, theatre].stationed -= world.front[i, theatre].sent
        world.front[i, theatre].sent = 0.0
        for j in range(states):
            dyad = world.dyad[i, j]
            if i == j or (dyad.active == 1 and dyad.theatre != theatre):
                continue
            if dyad.active == 1 and dyad.war == War.WAR:
                conclude(params, world, trace, i, j)
            if dyad.active == 1 or dyad.rung > 0:
                dyad.active = dyad.rung = dyad.order = dyad.peak = dyad.alert = dyad.order_alert = 0
                dyad.suffered = dyad.answered = dyad.chosen = 0
                dyad.blow = dyad.liking = 0.0
                dyad.seen = dyad.seen_alert = dyad.offer = dyad.offered_at = 0
                dyad.power = dyad.present = 0.0
    if not anyone_active(world):
        for i in range(states):
            for j in range(states):
                world.dyad[i, j].help = 0


@inner
def anyone_active(world: World) -> bool:
    """Whether any state is in a crisis."""
    for i in range(world.state.shape[0]):
        if in_crisis(world, i):
            return True
    return False


@inner
def frailty(params: Params, world: World, theatre: int, since: int) -> float:
    """What makes a crisis that began in some round easy to settle and is told by nothing else; standard normal."""
    clock = world.clock[0]
    return normal_quantile(uniform(clock.seed, clock.run, since, params.place[theatre], 0, Purpose.FRAILTY))


@inner
def settle_theatre(params: Params, world: World, trace: Trace, theatre: int) -> None:
    """Let the crisis in a theatre end by settlement, or lapse when everyone has stepped down.

    Nobody settles in the round in which somebody goes to force or higher with it.
    """
    rules, setting = params.rules[0], params.setting[0]
    height, sides, weariness, since, rises = 0, 0, 0.0, -1, False
    for i in range(world.state.shape[0]):
        for j in range(world.state.shape[0]):
            dyad = world.dyad[i, j]
            if dyad.active == 1 and dyad.theatre == theatre:
                height = max(height, dyad.rung)
                weariness += dyad.weariness
                sides += 1
                since = max(since, dyad.epoch)
                rises = rises or dyad.raised == world.clock[0].played + 1
    if sides == 0:
        return
    if height == 0:
        calm(params, world, theatre, Entry.LAPSED, trace)
        return
    quiet = world.clock[0].day - world.clock[0].last_change
    i, j = principals(params, world, theatre)
    mediate(params, world, trace, theatre, i, j)
    if rises:
        return
    rate = settlement_rate(
        rules, height, weariness / sides, stalemate(rules, quiet), mediated(world, theatre),
        on_the_table(params, world, i, j), frailty(params, world, theatre, since),
    )  # fmt: skip
    if draw(world, params.place[theatre], 0, Purpose.SETTLEMENT) < chance(rate, setting.round_days):
        calm(params, world, theatre, Entry.SETTLED, trace)


@inner
def strike_together(params: Params, world: World, i: int, j: int) -> None:
    """Two who first use force in the same turn have both struck first, whatever the order of their codes."""
    force = params.setting[0].force
    mine, theirs = world.dyad[i, j], world.dyad[j, i]
    if max(mine.highest, theirs.highest) < force <= min(mine.order, theirs.order):
        mine.first = theirs.first = 1


@inner
def settle_account(dyad: Records) -> None:
    """What has been suffered so far is answered by an answer of this round, whatever else comes in it."""
    if dyad.once == 1:
        dyad.answered = dyad.suffered


@inner
def settle(params: Params, world: World, trace: Trace) -> None:
    """Everything that follows from this turn's orders, in a fixed order."""
    states = world.state.shape[0]
    for i in range(states):
        for j in range(i + 1, states):
            if world.dyad[i, j].active == 1:
                strike_together(params, world, i, j)
                settle_account(world.dyad[i, j])
                settle_account(world.dyad[j, i])
                open_account(params, world, i, j, world.dyad[i, j].order)
                open_account(params, world, j, i, world.dyad[j, i].order)
    for i in range(states):
        for j in range(states):
            if world.dyad[i, j].active == 1:
                end_blow(params, world, i, j)
                take_effect(params, world, trace, i, j)
    for i in range(states):
        for j in range(i + 1, states):
            if world.dyad[i, j].active == 1:
                incident(params, world, trace, i, j)
            keep_armistice(params, world, trace, i, j)
    fight(params, world)
    for i in range(states):
        for j in range(states):
            if world.dyad[i, j].active == 1:
                tire(params, world, i, j)
                forget(params, world, i, j)
    consider_use(params, world, trace)
    for i in range(states):
        for j in range(states):
            if world.dyad[i, j].active == 1:
                offer(params, world, trace, i, j)
    if world.clock[0].used == 0:
        for theatre in range(world.front.shape[1]):
            settle_theatre(params, world, trace, theatre)


@inner
def height_now(params: Params, world: World) -> int:
    """Highest rung on which anyone in a crisis stands now; above the top after nuclear use."""
    if world.clock[0].used == 1:
        return int(params.setting[0].top + 1)
    height = 0
    for i in range(world.state.shape[0]):
        for j in range(world.state.shape[0]):
            if world.dyad[i, j].active == 1:
                height = max(height, world.dyad[i, j].rung)
    return height


@inner
def events_to_come(params: Params, world: World) -> bool:
    """Whether the scenario has events after this turn."""
    last = params.event.shape[0] - 1
    return last >= 0 and params.event[last].day >= world.clock[0].day


@inner
def record(params: Params, world: World, trace: Trace) -> None:
    """Close the round: write the height of the crisis, move the clock, stop when nothing can happen any more."""
    clock = world.clock[0]
    setting = params.setting[0]
    clock.played += 1
    clock.turn = (clock.played + setting.rounds - 1) // setting.rounds
    clock.day += setting.round_days
    trace.rung[clock.turn] = height_now(params, world)
    if clock.played >= setting.turns * setting.rounds:
        clock.running = 0
    if clock.used == 1:
        return
    if anyone_active(world):
        clock.settled = -1.0  # it is not over, or has flared up again
        return
    if clock.settled < 0.0 and clock.highest > 0:
        clock.settled = clock.day - setting.round_days  # the day of the round, as in the log
    if not events_to_come(params, world) and setting.slow_clock == 0:
        clock.running = 0
