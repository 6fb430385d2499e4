"""Code words of the model: the integers that stand for names in arrays and in draws.

They are identities, not magnitudes; no rule's strength depends on their values.
"""

from enum import IntEnum


class Domain(IntEnum):
    """Domains of conventional capability; theatres weigh them."""

    LAND = 0
    AIR = 1
    SEA = 2
    MISSILE = 3
    CYBER = 4
    SPACE = 5
    INDUSTRY = 6


class Kind(IntEnum):
    """Kinds of alliance obligation (Leeds et al. 2002, ATOP)."""

    DEFENCE = 0
    OFFENCE = 1
    NEUTRALITY = 2
    NONAGGRESSION = 3
    CONSULTATION = 4


class Level(IntEnum):
    """How far a commitment is honoured, and the most that a clause asks for."""

    NOTHING = 0
    CONSULT = 1
    MATERIEL = 2
    LIMITED_FORCES = 3
    ALL_MEANS = 4


class Stage(IntEnum):
    """How far a commitment has come in the treaty pipeline."""

    DORMANT = 0
    TRIGGERED = 1
    REQUESTED = 2
    DENIED = 3
    RECOGNISED = 4


class Standing(IntEnum):
    """Whether the parties keep a treaty; its dates are another matter."""

    KEPT = 0
    OPEN = 1  # for signature
    LEFT = 2


class War(IntEnum):
    """State of war of a dyad."""

    NONE = 0
    ARMISTICE = 1
    WAR = 2


class Signal(IntEnum):
    """What a state says to a rival beyond where it stands."""

    NONE = 0
    PROTEST = 1  # cheap: a summoned ambassador
    COMMITMENT = 2  # ties hands: a public promise that would be costly to break
    MOBILISATION = 3  # sinks cost
    DEPLOYMENT = 4  # sinks cost: a carrier, bombers, a brigade sent to the theatre


class Stance(IntEnum):
    """What a patron does about a client in a crisis."""

    LET_GO = 0
    HEDGE = 1
    RESTRAIN = 2
    BACK = 3


class Offer(IntEnum):
    """What a side offers in order to end a crisis."""

    NONE = 0
    TALKS = 1  # accepts a mediator
    CONCESSION = 2


class Council(IntEnum):
    """What those who can veto sanctions have said about a target."""

    SILENT = 0
    DIVIDED = 1
    AGREED = 2


class FlowKind(IntEnum):
    """What moves between states."""

    ARMS = 0
    TECHNOLOGY = 1
    SPACE = 2
    CYBER = 3
    INTELLIGENCE = 4
    SANCTIONS = 5
    BACKFILL = 6  # replaces what the taker gives a third state


class EventKind(IntEnum):
    """What a scenario makes happen."""

    ACT = 0
    DEPLOY = 1
    CHANGE = 2  # figures of states and dyads take new values


class Entry(IntEnum):
    """Kinds of entry in a run's event log."""

    ACT = 0  # the scenario's own event
    RUNG = 1  # a state moves to another rung against a rival
    ALERT = 2  # a nuclear alert level changes
    INCIDENT = 3
    FALSE_ALARM = 4
    TRIGGERED = 5
    REQUESTED = 6
    RECOGNISED = 7
    DENIED = 8
    HONOURED = 9  # the level follows, NOTHING included: reneging is an answer too
    VOLUNTEERED = 10  # help that no recognised request asked for
    WIDENED = 11  # an attack is carried to a helper or a host
    NUCLEAR_USE = 12
    SETTLED = 13
    LAPSED = 14  # everyone has stepped down without a settlement
    SIGNAL = 15  # a `Signal` to a rival
    STANCE = 16  # a patron's `Stance` toward its client changes
    OFFERED = 17  # an `Offer` to a rival
    MEDIATED = 18  # a third state mediates in a theatre
    ARMISTICE_BROKEN = 19
    ARMISTICE_RESTORED = 20
    REARMED = 21  # a state begins to rearm, or stops
    CYBER = 22  # a cyber act against a rival; the value is 1 where it was blamed on another
    BLAMED = 23  # a victim blames a cyber act on a state, rightly or not
    SANCTIONED = 24
    VETOED = 25
    EVASION = 26  # a state begins to help a sanctioned one to evade, or stops
    CRISIS = 27  # a new crisis begins: who threatens whom
    LEFT = 28  # a state leaves a treaty of defence
    SIGNED = 29  # a state signs one
    LIFTED = 30  # sanctions imposed in the run end


class Term(IntEnum):
    """Terms of the utility of standing on a rung: what it promises, then what it costs."""

    PRIZE = 0
    FIGHTING = 1
    AUDIENCE = 2
    RECIPROCITY = 3
    THRESHOLD = 4
    INERTIA = 5
    WEARINESS = 6
    NUCLEAR = 7
    DEMOCRACY = 8
    PACT = 9
    PATRON = 10
    COHESION = 11
    PLEDGE = 12
    INTERVENTION = 13
    FRAMING = 14  # what prospect theory makes of the rest; may be negative


TERMS = tuple(term.name.lower() for term in Term)


class Theory(IntEnum):
    """How a state values the rungs that it considers."""

    QUANTAL = 0
    RECIPROCAL = 1
    PROSPECT = 2
    EQUILIBRIUM = 3
    CAUTIOUS = 4


# A line about each, by name.
THEORIES = {
    "quantal": "quantal response with one step of foresight",
    "reciprocal": "answers in kind, with inertia, and keeps its word to partners",
    "prospect": "gains and losses against staying, odds distorted (Tversky & Kahneman 1992)",
    "equilibrium": "logit agent quantal response equilibrium of the stage game",
    "cautious": "the worst type of rival that there may be (maxmin expected utility)",
}


class Purpose(IntEnum):
    """What a draw is for; with the actors and the turn it makes the draw's address."""

    PARAMETER = 0
    RESOLVE = 1
    MISJUDGEMENT = 2
    STANDING = 3
    GOODWILL = 4
    LOOK = 5
    MISREADING = 6
    FALSE_ALARM = 7
    REVISION = 8
    ALERT = 10
    REQUEST = 11
    RECOGNITION = 12
    HONOUR = 13
    VOLUNTEER = 14
    WIDENING = 15
    INCIDENT = 16
    INCIDENT_SIDE = 17
    NUCLEAR_USE = 18
    SETTLEMENT = 19
    TASTE = 20
    REAPPRAISAL = 21
    SIGNAL = 22
    STANCE = 23
    PATRONAGE = 24
    OFFER = 25
    MEDIATION = 26
    ARMISTICE = 27
    REARMAMENT = 28
    CYBER = 29
    ATTRIBUTION = 30
    CULPRIT = 31
    SANCTIONS = 32
    VETO = 33
    EVASION = 34
    NEED = 35
    SIGNALLING = 36
    WEIGHING = 37
    FORGETTING = 38
    BLOW = 39
    FRAILTY = 40
    MEDIATOR = 41
    LIKING = 42
    REVIEW = 43
    ALIGNMENT = 44
    ONSET = 45
    ONSET_SIDE = 46
    LIFTING = 47
    ANSWER = 48
