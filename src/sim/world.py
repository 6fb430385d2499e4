"""World, Params and Trace: every array of the model, declared once with its meaning and unit.

A row is a record, so that compiled code takes a handful of pointers instead of hundreds of arguments,
and one array is one thing: ``world.dyad[i, j].rung``, ``world.dyad["rung"]`` for all dyads at once.
Letters in shapes: N states, K theatres, C commitments, F flows, E events, T types of resolve.
All fields are 64-bit; days count from the start of the scenario.
"""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Records = Any  # an array of np.record; its fields are declared below

# Behavioural parameters, all estimated or judged, all drawn once per run where given as a range.
RULES: dict[str, str] = {
    # contest on a ladder
    "omega": "gain in relative power from standing one rung higher (log units per rung)",
    "gamma": "decisiveness of the contest (exponent of the power ratio)",
    "kappa": "weight of the cost of fighting (logit units)",
    "cost_growth": "growth of the cost of fighting per rung (c in C(r) = exp(c r) - 1)",
    "alpha": "audience cost per rung of stepping down from the peak (logit units)",
    "accountability": "how much steeper the audience cost is for accountable regimes (share)",
    "chi_force": "threshold against the first use of force in a dyad (logit units)",
    "chi_lethal": "threshold against the first lethal clash in a dyad (logit units)",
    "chi_war": "threshold against the first step into war in a dyad (logit units)",
    "forget_rate": "rate at which force that has ended is forgotten (per day)",
    "reciprocity": "weight of a rival's force that goes unanswered (logit units)",
    "cohesion": "cost of standing apart from one's allies, per rung, for the junior among them (logit units)",
    "intervention": "cost of those who would come to the rival's help, of what it costs to stand against them (share)",
    "pledge": "cost of standing below what one's help to a partner under attack asks for, per rung (logit units)",
    "chi_top": "threshold against the first step to the highest rung in a dyad (logit units)",
    "phi": "inertia: cost of a step, per squared rung (logit units)",
    # decision theories other than quantal response
    "in_kind": "reciprocal: cost of standing apart from the rung to answer, per squared rung (logit units)",
    "generosity": "reciprocal: how far below the rung that it answers its answer aims (rungs)",
    "loss_aversion": "prospect: weight of a loss, of that of an equal gain",
    "value_curvature": "prospect: exponent of the value of gains and losses",
    "weighting_gains": "prospect: exponent of the weighting of probabilities of gains",
    "weighting_losses": "prospect: exponent of the weighting of probabilities of losses",
    "caution": "cautious: weight of the worst type of rival, beside the belief (share)",
    "precision": "precision of quantal response (scales all utilities)",
    "stake_lethal": "least stake against a rival that uses lethal force (logit units)",
    "stake_war": "least stake against a rival that wages war (logit units)",
    "stake_top": "least stake against a rival on the highest rung (logit units)",
    "resolve_sd": "standard deviation of log resolve around the stake",
    "opportunity": "growth of the stake against a rival whose forces are busy elsewhere (share)",
    "democratic_peace": "cost of force between accountable regimes (logit units)",
    "nuclear_caution": "cost per rung from the use of force upwards against a nuclear rival, both armed (logit units)",
    "nuclear_asymmetry": "share of that cost when the rival alone is armed",
    "pact_restraint": "cost of force against a partner in a non-aggression pact or cease-fire (logit units)",
    "patron_leverage": "cost per rung from force upwards for a client wholly dependent on a patron that restrains it",
    "patron_rate": "rate at which a patron weighs its stance (per day)",
    "patron_entrapment": "what a patron fears per rung of its client from force upwards (logit units)",
    "patron_trade": "cost of backing a client against a state on which the patron wholly depends (logit units)",
    "patron_resentment": "cost of restraining a client that wholly depends on another patron (logit units)",
    "patron_hedge": "share of a patron's support and pressure that hedging keeps",
    "patron_inertia": "cost of changing a stance once taken (logit units)",
    "patron_word": "what public backing adds to the will to help, and letting go takes from it (logit units)",
    "signal_rate": "rate at which a state weighs a signal (per day)",
    "signal_talk": "worth of cheap talk where everything is contested (logit units)",
    "signal_gain": "worth of being believed, per unit of resolve (share)",
    "mobilisation_cost": "sunk cost of mobilisation as a signal (logit units)",
    "mobilisation_rate": "rate at which reserves are called up or go home (per day)",
    "mobilisation_depth": "share of a population that can be put under arms",
    "mobilisation_gain": "most that mobilisation adds to land power (share)",
    "mobilisation_burden": "defence industry lost per year of full mobilisation (share)",
    "deployment_cost": "sunk cost of forces sent to the theatre as a signal (logit units)",
    "deployment_share": "share of a state's forces that such a signal moves",
    "weariness_rate": "growth of weariness (logit units per day of force)",
    "weariness_decay": "decay of weariness (per day without force)",
    "revision_rate": "rate at which a state revises an order (per day)",
    "urgency": "growth of that rate with each rung of force in use (share)",
    "blow_days": "days for which a single blow is what its victim and all others face",
    "reappraisal_rate": "rate at which a state's tastes, known to it alone, change (per day)",
    # power
    "distance_loss": "loss of strength with distance (per 1000 km, log units; Boulding)",
    "materiel_share": "power lent by a helper who sends materiel, as a share of what it could bring",
    "limited_share": "power lent by a helper who sends limited forces, as a share of what it could bring",
    "missile_sight": "gain in missile capability from full reconnaissance (share)",
    # perception
    "look_rate": "rate of fresh looks at a rival (per day)",
    "misreading": "chance that a look misreads the rung by one, without reconnaissance",
    "opacity": "added chance of misreading an opaque rival",
    "misjudgement_sd": "standard deviation of log error about relative power, without reconnaissance",
    # nuclear
    "alert_force": "nuclear alert sought per rung from the use of force upwards",
    "alert_rival": "nuclear alert sought per level of the rival's alert",
    "alert_threat": "nuclear alert sought when the regime's end is certain",
    "alert_precision": "precision of the choice of alert",
    "alert_inertia": "cost of changing an alert (logit units)",
    "use_base": "log odds per day of nuclear use by an armed state in a crisis with force (eta0)",
    "use_own_alert": "effect of the own alert level on these log odds (eta1)",
    "use_rival_alert": "effect of the rival's alert level (eta2)",
    "use_vulnerability": "effect of a wholly vulnerable arsenal (eta3)",
    "use_threat": "effect of a certain end of the regime (eta4)",
    "false_alarm_rate": "rate of false alarms at raised alert on both sides (per day)",
    # incidents, losses, settlement
    "incident_rate": "rate of incidents in an active dyad at rung 0 (per day)",
    "incident_rung": "growth of that rate with the mean rung (log units per rung)",
    "incident_alert": "growth of that rate with the mean alert (log units per level)",
    "incident_rivalry": "growth of that rate between strategic rivals (log units)",
    "hotline": "share of incidents left when a hotline is open",
    "attrition_rate": "forces lost per day of the highest intensity against an equal (share)",
    "settle_sd": "standard deviation of the log rate of settlement between crises alike in all else",
    "settle_base": "log rate of settlement per day at rung 0 (s0)",
    "settle_rung": "effect of the highest rung on that log rate (s1)",
    "settle_weariness": "effect of mean weariness (s2)",
    "settle_stalemate": "effect of a full stalemate (s3)",
    "settle_mediator": "effect of a mediator (s4)",
    "settle_offers": "effect of a concession on the table, of either principal (s5)",
    "stalemate_days": "days without a move after which a crisis is about two thirds stuck",
    # off-ramps
    "offer_rate": "rate at which a state weighs an offer to a rival (per day)",
    "offer_talks": "how far an offer of talks goes, of what a concession does (share)",
    "offer_audience": "audience cost of a concession, in rungs of stepping down",
    "offer_reluctance": "cost of looking weak by a concession (logit units)",
    "mediation_rate": "rate at which a candidate whom both principals accept comes to mediate (per day)",
    "mediator_base": "log odds that a principal accepts a mediator to whom it has no affinity",
    "mediator_affinity": "effect of the principal's affinity to the mediator",
    "mediator_offer": "effect of an offer that the principal has made itself",
    # armistices
    "armistice_base": "rate at which an armistice breaks when one side uses force (per day)",
    "armistice_rung": "growth of that rate with each further rung of force, of either side (log units per rung)",
    "armistice_repair": "rate at which a broken armistice is restored once both sides are below force (per day)",
    # rearmament
    "rearm_rate": "rate at which a state weighs rearmament (per day)",
    "rearm_base": "log odds of rearming without fear and burden",
    "rearm_rung": "effect of each rung from threat upwards on which the worst rival is seen",
    "rearm_fear": "effect of a rival judged to have all the power",
    "rearm_losses": "effect of the loss of all forces",
    "rearm_burden": "effect of a military burden that is the whole economy's (log odds lost)",
    "rearm_growth": "growth of the forces of a state that rearms (log units per year)",
    "rearm_cost": "loss of industry of a state that rearms (log units per year)",
    # treaties
    "reliability": "reliability that others expect of a commitment before it is tested (share)",
    "reliability_update": "weight of one tested commitment in an ally's reputation (share)",
    "goodwill_sd": "standard deviation of unobserved affinity between allies (logit units)",
    "goodwill_correlation": "correlation of unobserved affinity in a treaty's standing and in honouring it",
    "request_rate": "rate at which a victim that wants help asks for it (per day)",
    "answer_rate": "rate at which an ally that has been asked makes up its mind (per day)",
    "request_base": "log odds of needing help at the trigger",
    "request_severity": "effect of each rung beyond the trigger on the need for help",
    "request_strength": "effect of a certain victory without help",
    "request_host": "effect of the ally's forces on the victim's soil",
    "recognise_base": "log odds that an ally recognises the case at the trigger",
    "recognise_severity": "effect of each rung beyond the trigger",
    "recognise_filter": "effect of each legal filter in the words",
    "recognise_provoked": "effect of full provocation where the words leave it open",
    "recognise_excluded": "effect of full provocation where the words exclude it",
    "recognise_war": "effect of a missing state of war where the words need one",
    "recognise_affinity": "effect of affinity between the parties",
    "recognise_host": "effect of the ally's own forces being hit with the victim",
    "effect_consult": "what consultation does for a partner under attack, of what all means do (share)",
    "effect_materiel": "what materiel does (share)",
    "effect_limited": "what limited forces do (share)",
    "honour_interest": "weight of the interest in the partner",
    "honour_threat": "growth of that weight when the partner's regime is in danger (share)",
    "honour_reputation": "reputation lost by giving nothing where the words are strongest (logit units)",
    "consult_refusal": "cost of refusing to consult where that is all that is asked (logit units)",
    "honour_refusal": "cost of refusing even to talk to a partner who asks (logit units)",
    "honour_discretion": "share of that loss left when the words leave the means to the ally",
    "honour_tripwire": "weight of own forces stationed with the partner when all of them are hit (logit units)",
    "honour_stretch": "cost of forces for a state that is wholly tied down elsewhere (logit units)",
    "honour_materiel": "cost of sending materiel (logit units)",
    "honour_forces": "fixed cost of sending forces into a fight (logit units)",
    "honour_neutrality": "cost of helping against a partner in neutrality (logit units)",
    "volunteer_rate": "rate at which a state with an interest weighs unasked help (per day)",
    "volunteer_reluctance": "cost of any help that no treaty asks for (logit units)",
    "widen_rate": "rate at which a state at war weighs attacking a helper or host of its enemy (per day)",
    "widen_base": "log odds of doing so against a host that gives nothing, at lethal rung",
    "widen_host": "effect of hosting forces of the enemy",
    "widen_power": "effect of weakness against that state, per log unit of power",
    "widen_help": "effect of each level of help",
    "widen_distance": "effect of each 1000 km to that state",
    "base_reach": "distance (1000 km) from a theatre within which garrisons of more than a brigade serve there",
    "widen_nuclear": "effect of the target's nuclear weapons",
    "widen_rung": "effect of each rung above lethal",
    # cyber acts
    "cyber_rate": "rate of cyber acts against a rival by a state of full cyber capability (per day)",
    "cyber_damage": "share of the victim's sight and cyber capability that an act by such a state disrupts",
    "cyber_recovery": "rate at which a victim recovers (per day)",
    "attribution_base": "log odds that a victim without means of its own names the right state",
    "attribution_means": "effect of full reconnaissance and cyber capability",
    "misattribution": "chance that a victim who does not name the right state blames another rival",
    # sanctions, vetoes, evasion
    "sanction_rate": "rate at which a state opposed to a use of force weighs sanctions (per day)",
    "sanction_base": "log odds of proposing them",
    "sanction_interest": "effect of each logit unit of interest in the one attacked beyond that in the attacker",
    "sanction_affinity": "effect of affinity with the attacker (taken away)",
    "sanction_dependence": "effect of full dependence on the attacker (taken away)",
    "sanction_bite": "cut of the target's yearly growth by sanctions of the whole world (share)",
    "sanction_economy": "gross product of the whole world (reference units of `sim.scenario.build`)",
    "sanction_undone": "share undone when all on whom the target depends help it to evade",
    "veto_base": "log odds of a veto by a permanent member",
    "veto_interest": "effect of each logit unit of interest in the target",
    "veto_affinity": "effect of affinity with the target",
    "veto_patron": "effect of defending or arming the target",
    "veto_rivalry": "effect of rivalry with the proposer",
    "evasion_least": "share of the world's economy behind sanctions below which there is nothing to evade",
    "evasion_rate": "rate at which a state reconsiders helping to evade sanctions of the whole world (per day)",
    "evasion_base": "log odds of helping",
    "evasion_interest": "effect of each logit unit of interest in the target",
    "evasion_affinity": "effect of affinity with the target",
    "evasion_dependence": "effect of full dependence on a sanctioner (taken away)",
    "evasion_rung": "effect of each rung on which it stands against the target (taken away)",
    # the slow clock: affinity
    "drift_decay": "rate at which affinity returns to where it was (per day)",
    "drift_treaty": "rate at which a defence commitment in force draws affinity to its most (per day)",
    "drift_flow": "rate at which arms, technology or intelligence that flow draw it there (per day)",
    "drift_help": "rate at which help with all means draws it there, less help by as much less (per day)",
    "drift_threat": "rate at which a crisis from threat upwards draws affinity to its least (per day)",
    "drift_force": "rate at which force draws it there (per day)",
    "drift_sanctions": "rate at which sanctions draw it there (per day)",
    "drift_closure": "rate at which third states draw it, all of them on one side (per day)",
    # the slow clock: commitments
    "align_rate": "rate at which a state reviews a treaty of defence that it has, or may sign (per day)",
    "align_interest": "worth of an alliance for each logit unit of interest in the partner",
    "align_affinity": "worth of a partner of full affinity",
    "align_threat": "worth of a partner who has all the power against a rival that both hate",
    "align_entrapment": "fear of a partner's quarrel with an overwhelming state with which one has none",
    "leave_cost": "log odds of staying in a worthless alliance without words",
    "leave_audience": "cost of leaving where the words are strongest and accountability is middling",
    "sign_cost": "worth at which a state wants an alliance in one of two reviews",
    "lift_rate": "rate at which sanctions imposed in a run are lifted once their target is in no crisis (per day)",
    # the slow clock: new crises
    "onset_rate": "rate at which a crisis begins between rivals of no affinity, at hand, one without power (per day)",
    "onset_affinity": "fall of that rate with affinity (log units from 0 to 1)",
    "onset_parity": "growth of that rate between equal powers (log units)",
    "onset_accountability": "fall of the odds that it is a state of full accountability that begins (log units)",
    "onset_distance": "fall of that rate with the distance of the farther from the theatre (log units per 1000 km)",
}

DOMAINS = ("land", "air", "sea", "missile", "cyber", "space", "industry")


def _record(floats: str = "", integers: str = "") -> np.dtype[np.void]:
    fields = [(name, np.float64) for name in floats.split()] + [(name, np.int64) for name in integers.split()]
    return np.dtype((np.record, fields))


# --- Params: what a run is given -------------------------------------------------------------------

RULE = _record(" ".join(RULES))

# round_days: length of a round of orders, rounds: of a turn; thresholds and top: kinetic rungs of the ladder
SETTING = _record("round_days", "rounds turns force lethal war threat top drawn armistice_is_war slow_clock")

# figures of a state, in the reference units of sim.scenario.build (capabilities) or shares (the rest)
STATE_FIGURE = _record(
    "personnel milex gdp population aircraft submarines surface carriers missiles satellites cyber "
    "warheads survivability accountability opacity risk_aversion quality committed growth"
)
# theory: decision theory (codes.Theory); veto: 1 for those who can veto sanctions, nobody: there is no council. One
# record, since an array more in Params costs the engine a fifth of its speed
TRAIT = _record("", "theory veto")
# stake, interest in logit units; affinity -1..1; dependence, rivalry, hotline 0..1; distance in 1000 km
DYAD_FIGURE = _record("stake interest affinity dependence rivalry hotline distance")
# distance in 1000 km from the capital; stationed: share of the active force
REACH = _record("distance stationed")
THEATRE = _record(" ".join(DOMAINS))  # weights, sum 1
FLOW_FIGURE = _record("rate evasion delay")  # per year or share (sim.scenario.schema.Flow), share, days
# evaders: bit mask of states, for sanctions; behind: flow that a back-fill replaces, -1 for none
FLOW = _record("start end", "kind giver taker domain evaders behind reexport")
COMMITMENT = _record(
    "strength start end discretion",
    "key call ally protected kind trigger duty filters provoked needs_war theatres pact",
)  # strength 0-4; discretion 0 automatic .. 1 own judgement; theatres: bit mask; provoked 0 covered, 1 open, 2 excluded
# call: key by which the protected state calls all whom the clause binds; pact: row of the treaty among those that have
# commitments
# party to a treaty with a clause of defence: key of the treaty in draws; commitment: one of defence that it owes, or
# else that is owed to it
PARTY = _record("", "pact key state commitment")
# once: 1 for a blow after which the state stands where it stood; slot: position in Params.figures of what changes
EVENT = _record("day", "kind state rival theatre rung slot once")
# value of an act: threat added to the rival's regime; of a deployment: share of the force brought; of a change:
# the new value. before: the figure's centre before a change, with which every run begins
EVENT_FIGURE = _record("value before")
UNCERTAIN = _record("low mode high", "key slot")  # slot: position in Params.figures


class Params(NamedTuple):
    """What a run is given; the float figures are views of one buffer, redrawn in place for each run."""

    figures: NDArray[np.float64]  # the buffer
    uncertain: Records  # UNCERTAIN, one per figure given as a range of its own
    sample: NDArray[np.float64]  # [D, S] joint draws of S figures; none: no rows
    sampled: NDArray[np.int64]  # [S] their positions in figures
    rules: Records  # RULE [1], view
    state: Records  # STATE_FIGURE [N], view
    dyad: Records  # DYAD_FIGURE [N, N], view
    reach: Records  # REACH [N, K], view
    flow_figure: Records  # FLOW_FIGURE [F], view
    event_figure: Records  # EVENT_FIGURE [E], view
    setting: Records  # SETTING [1]
    theatre: Records  # THEATRE [K]
    host: NDArray[np.float64]  # [N, N] weight, 0..1, of the forces of i that are stationed with j
    supplier: NDArray[np.int64]  # [N, N] 1 where i gives j arms or technology
    flow: Records  # FLOW [F]
    commitment: Records  # COMMITMENT [C]
    party: Records  # PARTY [P], by treaty
    quarrel: NDArray[np.int64]  # [N, N] theatre in which the slow clock may begin a crisis between them, -1 for none
    event: Records  # EVENT [E], by day
    key: NDArray[np.int64]  # [N] address of each state in draws
    place: NDArray[np.int64]  # [K] address of each theatre in draws
    trait: Records  # TRAIT [N]
    types: NDArray[np.float64]  # [T] standard normal scores of the grid of resolve


# --- World: what a run changes ---------------------------------------------------------------------

# turn, day: now; turn is the one under way or just over. played: rounds so far. highest: kinetic
# rung so far, top + 1 after nuclear use. last_change: day of the last move of any rung. settled: day, -1 before.
# entries: length of the log, which may exceed its room.
# crises: begun by the slow clock; wars: crises of a theatre that came to war, aflame: bit mask of theatres in one
CLOCK = _record(
    "day last_change settled", "seed run turn played highest highest_alert used entries running crises wars aflame"
)
# capability per domain in reference units; sight: reconnaissance 0..1; threat: danger to the regime 0..1;
# exposed: the part of it that a scenario's event adds; lost: share of forces lost; reserve: growth of land power
# by full mobilisation; mobilised: how much of it is under arms, 0..1; own_cyber: cyber without what others lend;
# hacked: share of sight and cyber disrupted by cyber acts; reached: highest own rung; rearming: 1 while it rearms;
# council: what it has said about sanctions on the state
STATE = _record(
    "land air sea missile cyber space industry sight threat exposed lost reserve mobilised own_cyber hacked",
    "reached alerted mobilising rearming council",
)
# rung, alert: where i stands against j; seen_*: what i sees of j; order_*: what i has ordered; peak: highest
# public rung; highest: of either side; first: i used force first; help: level that i gives j; misjudged:
# log error of i about j's relative power, in standard deviations; power: m_ij; present: m_ij
# without what is only expected; restraint, pressure: logit units; company: mean rung of those who stand beside
# i against j, junior: their share of the coalition's power; appraised: round since which i's tastes hold;
# dreaded: lowest rung against j at which pacts would bring others to its help, dread: their odds times their shares of
# power, umbrella: the odds of those with nuclear weapons; pledged: rung on which i's word to a partner whom j attacks
# puts it, ceiling: highest that it considers; signal: what i tells j in this round;
# suffered: highest rung of force by j that i has not forgotten, answered: own highest since then;
# stance: of i as a patron toward j; blow: day until which a single blow by i lasts, 0 where none does, before: order
# to which it returns; acted: rung to which i rose by the scenario's will, still to be weighed, 0 for none; chosen:
# rung that it is known to have liked, liking: by how much; standing, goodwill: unobserved affinity in a treaty's
# standing and in honouring it; considered: how bad i's plight was when j's enemies' friends last weighed it
# (volunteers); offer: that i makes j (codes.Offer), offered_at: rung of i when it last had the chance to; armistice:
# 1 where one was concluded, broken: 1 until it is restored; sanctions: i has measures of its own against j; evades:
# i helps j to evade those of others; raised: round, from 1 on, in which i last went to force or higher against j;
# once: 1 where i's order is a single blow; affinity: as it is now; patron: i defends j by treaty, or arms it;
# epoch: round in which the crisis began whose resolve holds, -1 the scenario's
DYAD = _record(
    "stake resolve misjudged weariness power present restraint pressure goodwill standing company junior blow liking "
    "affinity dread umbrella",
    "rung alert seen seen_alert order order_alert peak highest first active theatre war help considered "
    "appraised pledged suffered answered signal stance offer offered_at armistice broken sanctions evades "
    "before acted chosen ceiling patron epoch dreaded raised once",
)
# effort: share of i's forces free for theatre k; stationed: share of its forces based there, sent: of them, for the
# crisis alone; mediates: 1 while it mediates there; shown: 1 in the round in which the scenario brings forces there
FRONT = _record("effort stationed sent", "mediates shown")
# reliability: that others expect; judged: plight at which the ally last judged the case; standing: whether states keep
# it (codes.Standing); epoch: round at which the case was last laid to rest, -1 for never
CASE = _record("reliability", "stage level judged standing epoch")
# day: first day at or above each rung, -1 if never; burden: C(r), what fighting at it costs
RUNG = _record("day burden")


class World(NamedTuple):
    """The state of one run, all of it views of one buffer of 64-bit words. Mesa agents are views of it."""

    words: NDArray[np.int64]  # the buffer
    clock: Records  # CLOCK [1]
    state: Records  # STATE [N]
    dyad: Records  # DYAD [N, N]
    front: Records  # FRONT [N, K]
    case: Records  # CASE [C]
    rung: Records  # RUNG [top + 2]
    belief: NDArray[np.float64]  # [N, N, T] i's belief over j's type


ENTRY = _record("day", "kind state rival commitment value")


class Trace(NamedTuple):
    """The record of one run."""

    entry: Records  # ENTRY [room]; the first world.clock.entries are filled
    rung: NDArray[np.int64]  # [turns + 1] highest rung in the world at each turn's end


Shapes = dict[str, tuple[np.dtype[Any], tuple[int, ...]]]


def lay_out(shapes: Shapes) -> tuple[NDArray[np.int64], dict[str, Records]]:
    """Return a zeroed buffer of 64-bit words and arrays of the given types and shapes laid out in it."""
    ends = np.cumsum([math.prod(shape) * dtype.itemsize // 8 for dtype, shape in shapes.values()])
    words = np.zeros(int(ends[-1]), np.int64)
    views = {
        name: words[end - math.prod(shape) * dtype.itemsize // 8 : end].view(dtype).reshape(shape)
        for end, (name, (dtype, shape)) in zip(ends, shapes.items(), strict=True)
    }
    return words, views


def _moved(array: Records, words: NDArray[Any], to: NDArray[Any]) -> Records:
    """Return the view of `to` that lies where `array` lies in `words`; leading axes of `to` stay."""
    first = (array.ctypes.data - words.ctypes.data) // 8
    part = to[..., first : first + array.nbytes // 8]
    if to.ndim > 1:
        part = np.ascontiguousarray(part)
    return part.view(array.dtype).reshape(*to.shape[:-1], *array.shape)


def copy_world(world: World) -> World:
    """Return an independent copy of a world."""
    words = world.words.copy()
    return World(words, *(_moved(array, world.words, words) for array in world[1:]))


def over_runs(world: World, words: NDArray[np.int64]) -> World:
    """Return the worlds whose words are the rows of `words` as one, every array with a leading axis of runs."""
    return World(words, *(_moved(array, world.words, words) for array in world[1:]))


def copy_params(params: Params) -> Params:
    """Return a copy whose figures can be redrawn without touching the original; the rest is shared."""
    figures = params.figures.copy()
    views = {
        name: _moved(getattr(params, name), params.figures, figures)
        for name in ("rules", "state", "dyad", "reach", "flow_figure", "event_figure")
    }
    return params._replace(figures=figures, **views)


def fixed(params: Params, slots: NDArray[np.int64], values: NDArray[np.float64]) -> Params:
    """Set some figures to a value each, in place; return parameters in which they are no longer drawn."""
    params.figures[slots] = values
    free = ~np.isin(params.sampled, slots)
    return params._replace(
        uncertain=params.uncertain[~np.isin(params.uncertain["slot"], slots)],
        sample=np.ascontiguousarray(params.sample[:, free]) if free.any() else np.empty((0, 0)),
        sampled=params.sampled[free],
    )


def slot(figures: NDArray[np.float64], view: Records, row: tuple[int, ...], field: str) -> int:
    """Position in a buffer of a field of a row of one of its views."""
    first = int(view.ctypes.data - figures.ctypes.data) // 8
    fields = view.dtype.names
    return first + int(np.ravel_multi_index(row, view.shape)) * len(fields) + int(fields.index(field))


def rule_slots(params: Params, names: Iterable[str]) -> NDArray[np.int64]:
    """Positions of rules in `Params.figures`."""
    return np.array([slot(params.figures, params.rules, (0,), name) for name in names], np.int64)
