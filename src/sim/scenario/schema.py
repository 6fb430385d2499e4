"""What a scenario and its world consist of: every field once, with its unit and its bounds.

References
----------
Leeds, B. A., Ritter, J. M., Mitchell, S. McL., & Long, A. G. (2002). Alliance Treaty Obligations and
    Provisions, 1815-1944. International Interactions 28(3), 237-260. (The kinds of clause.)
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import BeforeValidator, Field, InstanceOf, model_validator

from sim.ladder import Ladder
from sim.scenario.errors import InputError, wrong
from sim.scenario.validate import Strict


class Quantity(NamedTuple):
    """What a figure may be: bounds, unit, meaning."""

    low: float
    high: float
    unit: str
    meaning: str


# Figures of a state. The upper bounds catch slips of unit, not large states.
QUANTITIES: dict[str, Quantity] = {
    "personnel": Quantity(0, 20_000, "thousand", "active armed forces"),
    "milex": Quantity(0, 10_000, "USD bn", "military expenditure per year"),
    "gdp": Quantity(0, 200_000, "USD bn", "gross domestic product per year"),
    "population": Quantity(0, 3_000, "million", "population"),
    "aircraft": Quantity(0, 50_000, "combat aircraft", "combat aircraft"),
    "submarines": Quantity(0, 500, "hulls", "submarines"),
    "surface": Quantity(0, 5, "band 0-5", "surface fleet"),
    "carriers": Quantity(0, 100, "hulls", "aircraft carriers"),
    "missiles": Quantity(0, 4, "band 0-4", "missile forces"),
    "satellites": Quantity(0, 20_000, "military satellites", "military satellites"),
    "cyber": Quantity(0, 1, "index 0-1", "cyber power"),
    "warheads": Quantity(0, 50_000, "warheads", "nuclear warheads"),
    "survivability": Quantity(0, 1, "share", "share of the nuclear force that survives a first strike"),
    "accountability": Quantity(0, 1, "index 0-1", "how far a government answers to its public"),
    "opacity": Quantity(0, 1, "index 0-1", "how hard it is for others to read the state"),
    "risk_aversion": Quantity(-0.5, 0.5, "weight -0.5..0.5", "added weight on the own cost of war"),
    "quality": Quantity(0.2, 1, "index 0.2-1", "modernity and readiness of conventional forces"),
    "committed": Quantity(0, 1, "share", "share of the forces tied down elsewhere at the start"),
    "ideal_point": Quantity(-5, 5, "ideal point", "ideal point in votes of the UN General Assembly"),
    "growth": Quantity(-1, 1, "per year", "growth of capability"),
}

# Figures of a directed dyad, from a state toward another.
DYAD_QUANTITIES: dict[str, Quantity] = {
    "stake": Quantity(0, 10, "logit", "what it has at stake against its rival"),
    "interest": Quantity(0, 10, "logit", "what it has at stake in the defence of its friend"),
    "affinity": Quantity(-1, 1, "-1..1", "nearness of aims"),
    "dependence": Quantity(0, 1, "0-1", "dependence in trade, arms, aid and security"),
    "rivalry": Quantity(0, 1, "code", "1 for strategic rivals"),
    "war_state": Quantity(0, 2, "code", "0 no war, 1 armistice, 2 war"),
    "hotline": Quantity(0, 1, "code", "1 if leaders have a direct line"),
}
# Codes that hold both ways: given once, stored in both directions.
SYMMETRIC = ("rivalry", "war_state", "hotline")

_SHARE, _POSITIVE = (0.0, 1.0), (0.0, 100.0)
# Rules with bounds of their own; the others may be any number that does not overflow an exponential.
RULE_BOUNDS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(
        ("nuclear_asymmetry", "materiel_share", "limited_share", "misreading", "opacity", "hotline",
         "reliability_update", "honour_discretion", "patron_hedge", "mobilisation_depth", "offer_talks",
         "deployment_share", "cyber_damage", "misattribution", "sanction_bite", "sanction_undone", "caution"),
        _SHARE,
    ),
    **dict.fromkeys(
        ("omega", "gamma", "kappa", "phi", "in_kind", "loss_aversion", "precision", "resolve_sd",
         "misjudgement_sd", "goodwill_sd", "chi_top",
         "forget_rate", "reciprocity", "cohesion", "pledge", "intervention", "stake_lethal", "stake_war",
         "stake_top", "urgency", "revision_rate", "reappraisal_rate", "look_rate", "signal_rate", "mobilisation_rate",
         "mobilisation_gain", "mobilisation_burden", "patron_rate", "weariness_rate", "weariness_decay",
         "false_alarm_rate", "incident_rate", "attrition_rate", "request_rate", "answer_rate", "volunteer_rate",
         "widen_rate", "distance_loss", "offer_rate", "mediation_rate", "armistice_base", "armistice_repair",
         "rearm_rate", "rearm_cost", "cyber_rate", "cyber_recovery", "sanction_rate", "evasion_rate", "drift_decay",
         "drift_treaty", "drift_flow", "drift_help", "drift_threat", "drift_force", "drift_sanctions", "drift_closure",
         "align_rate", "lift_rate", "onset_rate"),
        _POSITIVE,
    ),
    # below .28 the weighting of probabilities is no longer monotone
    **dict.fromkeys(("weighting_gains", "weighting_losses"), (0.3, 1.0)),
    "value_curvature": (0.1, 1.0),
    "goodwill_correlation": (-1.0, 1.0),
    "reliability": (0.0, 0.999),  # its odds are taken, which certainty has none of
    "sanction_economy": (0.01, 100.0),
    "cost_growth": (0.0, 10.0),
}  # fmt: skip
ANY_RULE = (-100.0, 100.0)

LevelName = Literal["nothing", "consult", "materiel", "limited_forces", "all_means"]
DomainName = Literal["land", "air", "sea", "missile", "cyber", "space", "industry"]
TheoryName = Literal["quantal", "reciprocal", "prospect", "equilibrium", "cautious"]
DOMAINS: tuple[str, ...] = get_args(DomainName)
Confidence = Literal["V", "V-weak", "M", "V (computed)", "judgement", "override"]


def _code(value: Any) -> Any:
    return value.strip().upper() if isinstance(value, str) else value


def _whole(value: Any) -> Any:
    """1e4 is a way to write 10,000; 1.5 is left for pydantic to refuse."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _day(value: Any) -> Any:
    if value is None or isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise wrong("", value, "a date such as 2025-10-10") from None


def _day_or_switch(value: Any) -> Any:
    try:
        return value if isinstance(value, bool) else _day(value)
    except InputError as error:
        raise InputError(f"{error.problem}, or true or false", key=error.key, value=value) from None


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def require_number(key: str, value: object) -> None:
    """Refuse what is no number where a range may be no number either: nothing, text, NaN, infinity."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(key, value, "a number, or a range {low, centre, high}")
    if not math.isfinite(value):
        raise wrong(key, value, "a finite number")


def _number_as_range(value: Any) -> Any:
    if isinstance(value, Mapping | Figure):
        return value
    require_number("", value)
    return {"low": value, "centre": value, "high": value}


Code = Annotated[str, BeforeValidator(_code)]
Number = Annotated[float, Field(strict=True)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Whole = Annotated[int, BeforeValidator(_whole), Field(strict=True)]
Day = Annotated[datetime.date, BeforeValidator(_day)]
Text = Annotated[str, BeforeValidator(_text)]  # a year or a note may look like a number


class Figure(Strict):
    """A number with its uncertainty and provenance; a bare number is a range of no width.

    Parameters
    ----------
    low, centre, high : float
        Bounds and best estimate, in `unit`.
    unit, year, source, note : str
        Unit, year that the number describes, short key of the source, remark.
    confidence : str
        V verified, V-weak, M from memory, V (computed), judgement, override (set on the command line).
    """

    low: Number
    centre: Number
    high: Number
    unit: str = ""
    year: Text = ""
    source: Text = ""
    confidence: Confidence = "judgement"
    note: Text = ""

    @model_validator(mode="after")
    def _ordered(self) -> Figure:
        if not self.low <= self.centre <= self.high:
            found = {"low": self.low, "centre": self.centre, "high": self.high}
            raise wrong("", found, "low <= centre <= high")
        return self

    @property
    def uncertain(self) -> bool:
        """Whether it is a range."""
        return self.high > self.low


Range = Annotated[Figure, BeforeValidator(_number_as_range)]


def require_within(figure: Figure, quantity: Quantity, key: str, where: str = "") -> None:
    """Refuse a figure that leaves a quantity's bounds, or a code that is no whole number."""
    for bound in (figure.low, figure.high):
        if not quantity.low <= bound <= quantity.high:
            raise wrong(key, bound, f"{quantity.low:g} to {quantity.high:g} ({quantity.meaning})", where)
    if quantity.unit == "code" and (figure.uncertain or not figure.centre.is_integer()):
        raise wrong(key, figure.centre, f"one whole number ({quantity.meaning}), not a range", where)


class State(Strict):
    """A state: ISO 3166 alpha-3 code, name, capital and its coordinates in degrees, figures by quantity."""

    code: Annotated[Code, Field(pattern="^[A-Z]{3}$")]
    name: str
    capital: str
    lat: Annotated[Number, Field(ge=-90, le=90)]
    lon: Annotated[Number, Field(ge=-180, le=180)]
    figures: dict[str, Figure]


class Theatre(Strict):
    """A place where forces meet: centre in degrees, and what each domain counts there (shares, sum 1)."""

    name: str
    title: str
    lat: Annotated[Number, Field(ge=-90, le=90)]
    lon: Annotated[Number, Field(ge=-180, le=180)]
    weights: dict[str, Share]
    source: Text = ""
    confidence: Confidence = "judgement"

    @model_validator(mode="after")
    def _sums_to_one(self) -> Theatre:
        total = sum(self.weights.values())
        if not math.isclose(total, 1, abs_tol=1e-6):
            raise wrong("weights", round(total, 6), "weights of the domains that sum to 1")
        if self.weights.get("cyber", 0) + self.weights.get("space", 0) >= 1:
            raise wrong("weights", "cyber and space alone", "weights of arms too: these help arms")
        return self


class Force(Strict):
    """Active personnel (thousand) of a state in a theatre outside its home country, and their host if any."""

    state: Code
    theatre: str
    host: Code | None = None
    personnel: Range


class Trigger(Strict):
    """What brings a clause into play.

    Parameters
    ----------
    rung : str
        Threshold of the ladder that the attack must reach.
    provoked : str
        Whether an attack that the victim provoked is covered, excluded, or left open by the words.
    state_of_war : bool
        Whether the words need a state of war.
    theatres : tuple of str, optional
        Where the attack must happen; None for anywhere (in files: any).
    """

    rung: Literal["threat", "force", "lethal", "war"]
    provoked: Literal["covered", "open", "excluded"] = "open"
    state_of_war: Annotated[bool, Field(strict=True)] = False
    theatres: Annotated[tuple[str, ...] | None, BeforeValidator(lambda value: None if value == "any" else value)] = None


class Clause(Strict):
    """One obligation of a treaty; its strength (0-4) is how automatic the words make it.

    `protects` and `owed_by` are empty where all parties are meant: ask `Treaty.protected` and `Treaty.owing`.
    """

    kind: Literal["defence", "offence", "neutrality", "nonaggression", "consultation"]
    summary: str
    protects: tuple[Code, ...] = ()
    owed_by: tuple[Code, ...] = ()
    trigger: Trigger
    duty: Literal["consult", "materiel", "limited_forces", "all_means", "abstain"]
    discretion: Literal["automatic", "own_judgement", "constitutional"]
    filters: tuple[Literal["article_51", "domestic_law"], ...] = ()
    strength: Annotated[Number, Field(ge=0, le=4)]


class Treaty(Strict):
    """An instrument between at least two states of the world, as clauses.

    Parameters
    ----------
    name : str
        Full name.
    parties, outside : tuple of str
        Parties in the world (codes), and outside of it.
    signed, ended : datetime.date, optional
        Day of signature, and the first day on which it is no longer in force.
    in_force : datetime.date or bool or None
        First day in force; True to assume it in force whatever its dates, False to take it out.
    open_for_signature : bool
        Whether the parties may sign it in the course of a run (slow clock); it is not in force then.
    clauses : dict of Clause
        By short id.
    source, confidence, note : str
        Provenance.
    """

    name: str
    parties: Annotated[tuple[Code, ...], Field(min_length=1)]
    outside: tuple[str, ...] = ()
    signed: Day | None = None
    in_force: Annotated[datetime.date | bool | None, BeforeValidator(_day_or_switch)] = None
    ended: Day | None = None
    open_for_signature: Annotated[bool, Field(strict=True)] = False
    clauses: Annotated[dict[str, Clause], Field(min_length=1)]
    source: Text = ""
    confidence: Text = ""
    note: Text = ""

    @model_validator(mode="after")
    def _sound(self) -> Treaty:
        if len(set(self.parties)) < max(2, len(self.parties)):
            raise wrong("parties", list(self.parties), "at least two parties in the world, each once")
        start = self.in_force
        if self.ended and isinstance(start, datetime.date) and self.ended < start:
            raise wrong("ended", str(self.ended), f"a day after it came into force ({start})")
        if self.open_for_signature and start not in (None, False):
            raise wrong("open_for_signature", True, "false; it is in force already")
        if self.open_for_signature and all(clause.kind != "defence" for clause in self.clauses.values()):
            raise wrong("open_for_signature", True, "false; states weigh treaties with a clause of defence only")
        return self

    def protected(self, clause: str) -> tuple[str, ...]:
        """Parties that a clause protects."""
        return self.clauses[clause].protects or self.parties

    def owing(self, clause: str) -> tuple[str, ...]:
        """Parties that owe a clause's duty (to the protected others)."""
        return self.clauses[clause].owed_by or self.parties


class Flow(Strict):
    """What one state gives another, or withholds from it.

    Parameters
    ----------
    kind : str
        arms, technology, space, cyber, intelligence, sanctions or backfill.
    giver, taker : str
        Codes; `from` and `to` in files.
    domain : str, optional
        Domain of capability, for arms and technology only.
    rate : Figure
        Arms: share of the giver's capability given per year. Technology: growth per year of the taker's.
        Space, intelligence: share of the giver's reconnaissance. Cyber: share of the giver's cyber
        capability. Sanctions: cut of the target's yearly growth at full enforcement. Back-fill: share of what
        the taker gives by the flow `behind` that the giver replaces. All 0-1.
    delay_years : Figure
        Technology only: years until it tells.
    evasion : Figure
        Sanctions only: share undone by evasion and vetoes.
    evaded_by : tuple of str
        Sanctions only: states that help to evade them at the start; they may stop.
    behind : str, optional
        Back-fill only: id of the flow of arms, from its taker to a third state, whose loss it makes good.
    reexport : str, optional
        Back-fill only. banned: it stays in the taker's own stock; allowed: the third state receives it as well.
    start, end : datetime.date, optional
        First day, and the first day without it.
    """

    kind: Literal["arms", "technology", "space", "cyber", "intelligence", "sanctions", "backfill"]
    giver: Annotated[Code, Field(alias="from")]
    taker: Annotated[Code, Field(alias="to")]
    domain: DomainName | None = None
    rate: Range
    delay_years: Range = Figure(low=0, centre=0, high=0)
    evasion: Range = Figure(low=0, centre=0, high=0)
    evaded_by: tuple[Code, ...] = ()
    behind: str | None = None
    reexport: Literal["allowed", "banned"] | None = None
    start: Day | None = None
    end: Day | None = None
    summary: str = ""
    source: Text = ""
    confidence: Text = ""
    note: Text = ""

    @model_validator(mode="after")
    def _sound(self) -> Flow:
        if self.giver == self.taker:
            raise wrong("to", self.taker, f"another state than the one it comes from ({self.giver})")
        require_within(self.rate, Quantity(0, 1, "share", f"rate of {self.kind}"), "rate")
        require_within(self.evasion, Quantity(0, 1, "share", "share evaded"), "evasion")
        require_within(self.delay_years, Quantity(0, 50, "years", "delay in years"), "delay_years")
        if self.kind in ("arms", "technology") and self.domain is None:
            raise InputError(f"is missing: {self.kind} is of a domain", key="domain", allowed=DOMAINS)
        self._refuse("domain", "arms", "technology")
        self._refuse("delay_years", "technology")
        self._refuse("evasion", "sanctions")
        self._refuse("evaded_by", "sanctions")
        if self.kind == "backfill" and self.behind is None:
            raise InputError("is missing: a back-fill stands behind a flow of arms", key="behind")
        if self.kind == "backfill" and self.reexport is None:
            raise InputError(
                "is missing: says whether it may be passed on", key="reexport", allowed=("allowed", "banned")
            )
        self._refuse("behind", "backfill")
        self._refuse("reexport", "backfill")
        if self.start and self.end and self.end <= self.start:
            raise wrong("end", str(self.end), f"a day after the start ({self.start})")
        return self

    def _refuse(self, field: str, *kinds: str) -> None:
        """Refuse a field that would do nothing for this kind of flow."""
        value = getattr(self, field)
        if self.kind not in kinds and value != type(self).model_fields[field].default:
            shown = value.centre if isinstance(value, Figure) else value
            raise wrong(field, shown, f"nothing; of the kinds of flow only {' and '.join(kinds)} takes it")


class World(Strict):
    """States, theatres, and all that holds between states at a date.

    Parameters
    ----------
    dyads : dict
        Figures by quantity of each directed dyad, "PRK>USA" for what North Korea feels toward the United
        States. Codes that hold both ways (`SYMMETRIC`) are in both directions. Any of them may be absent.
    defaults : dict of Figure
        Quantities of dyads that give none.
    veto : tuple of str
        States that can veto sanctions. Without any there is no council, and sanctions are national measures.
    """

    name: str
    title: str
    date: Day
    description: str = ""
    states: dict[str, State]
    theatres: dict[str, Theatre]
    forces: tuple[Force, ...] = ()
    dyads: dict[str, dict[str, Figure]]
    treaties: dict[str, Treaty]
    flows: dict[str, Flow]
    defaults: Annotated[dict[str, Range], Field(default_factory=dict)]
    veto: tuple[Code, ...] = ()


class StartRung(Strict):
    """Rung on which a state (`from`) stands toward its rival (`to`) when the scenario starts."""

    state: Annotated[Code, Field(alias="from")]
    rival: Annotated[Code, Field(alias="to")]
    rung: Annotated[Whole, Field(ge=0)]


class Act(Strict):
    """States stand on a rung against others from a day on, together; it may endanger a regime.

    Parameters
    ----------
    day : int
        Days from the start.
    by, against : tuple of str
        Codes.
    rung : int
        Rung of the ladder; it raises only.
    theatre : str
        Where.
    threat : float
        Danger added to the regime of those acted against, 0-1.
    once : bool
        A blow, after which the states stand again where they stood unless they order otherwise.
    """

    kind: Literal["act"]
    day: Annotated[Whole, Field(ge=0)]
    by: Annotated[tuple[Code, ...], Field(min_length=1)]
    against: Annotated[tuple[Code, ...], Field(min_length=1)]
    rung: Annotated[Whole, Field(ge=1)]
    theatre: str
    threat: Share = 0.0
    once: Annotated[bool, Field(strict=True)] = False
    summary: str = ""
    source: Text = ""


class Deploy(Strict):
    """Active personnel (thousand) that a state brings into a theatre on a day after the start."""

    kind: Literal["deploy"]
    day: Annotated[Whole, Field(ge=0)]
    state: Code
    theatre: str
    personnel: Range
    summary: str = ""
    source: Text = ""


class Change(Strict):
    """Figures of states and dyads take new values on a day, and keep them: a change of leader, a new doctrine.

    What begins or ends on a date has dates of its own: treaties and flows.

    Parameters
    ----------
    changes : dict of Figure
        New values by dotted key, such as "states.PRK.risk_aversion" or "dyads.PRK.USA.stake"; a range is drawn
        once per run (see `sim.scenario.targets`).
    """

    kind: Literal["change"]
    day: Annotated[Whole, Field(ge=0)]
    changes: Annotated[dict[str, Range], Field(min_length=1)]
    summary: str = ""
    source: Text = ""


class Quarrel(Strict):
    """Two rivals between whom the slow clock may begin a crisis, and where."""

    between: Annotated[tuple[Code, Code], Field(min_length=2, max_length=2)]
    theatre: str
    source: Text = ""


Event = Annotated[Act | Deploy | Change, Field(discriminator="kind")]


class ObservedClause(Strict):
    """What became of one commitment of a clause: how far its pipeline went, and what the ally did.

    Parameters
    ----------
    stage : str
        dormant: no attack of its kind; triggered: the protected party did not ask; denied: it asked, and the ally did
        not recognise the case; recognised.
    level : str
        Highest level of help that the ally gave the protected party, whatever the stage.
    """

    treaty: str
    clause: str
    ally: Code
    protected: Code
    stage: Literal["dormant", "triggered", "denied", "recognised"]
    level: LevelName
    note: str = ""
    source: Text = ""


class Observed(Strict):
    """What happened in a crisis of the past. No rule reads it: it is set beside what the model says.

    Parameters
    ----------
    highest_rung : int
        Highest rung on which anyone stood, within the horizon.
    violence : str
        none, minor (up to 25 deaths), serious (26 to 999), war (1,000 or more, or hostility 5 of COW).
    days : int, optional
        From the first day to the end of the crisis, which may lie beyond the horizon; None for a later end.
    joined : dict of str
        Highest level of help that each state outside gave a principal; who is not named gave none.
    clauses : tuple of ObservedClause
    """

    summary: Annotated[str, Field(min_length=1)]
    highest_rung: Annotated[Whole, Field(ge=0)]
    violence: Literal["none", "minor", "serious", "war"]
    days: Annotated[Whole, Field(ge=1)] | None
    joined: Annotated[dict[Code, LevelName], Field(default_factory=dict)]
    clauses: tuple[ObservedClause, ...] = ()
    source: Annotated[Text, Field(min_length=1)]
    confidence: Confidence


def titled(name: str, variant: str | None) -> str:
    """Return the name or title of a scenario with that of its variant, as it is shown everywhere."""
    return f"{name} [{variant}]" if variant else name


class Scenario(Strict):
    """A question put to the model, with everything that is assumed; the variant and all changes are applied.

    Parameters
    ----------
    start : datetime.date
        First day.
    theatre : str
        Where the crisis starts.
    horizon_weeks : int
        Weeks until the view is cut off; it does not end crises.
    turn_days : float
        Length of a turn in days.
    ladder : Ladder
        Rungs and thresholds.
    rules : dict of Figure
        Every behavioural parameter.
    draws : dict of tuple of float
        Joint sample of those that history has been asked for: value of each in each draw; a run takes one draw.
        Who sets such a parameter by hand takes it out of the sample.
    theories : dict of str
        Decision theory by state (`sim.codes.THEORIES`); quantal where none is named.
    parameters : str
        drawn: figures given as ranges are drawn once per run; centre: they are not.
    armistice_is_war : bool
        Whether an armistice counts where a clause needs a state of war.
    slow_clock : bool
        Whether affinities drift, states leave and sign treaties of defence, and new crises begin.
    quarrels : tuple of Quarrel
        Where the slow clock may begin crises, and between whom.
    variant : str, optional
        Name of the variant applied.
    changes : tuple of str
        Overrides of a command line that altered it, as typed.
    variants : dict of str
        Summary of each variant that the file declares.
    sources : dict of str
        Citations by short key.
    observed : Observed, optional
        What happened, of a crisis of the past.
    """

    name: str
    title: str
    question: str = ""
    description: str = ""
    start: Day
    theatre: str
    horizon_weeks: Annotated[Whole, Field(ge=1, le=1040)]
    turn_days: Annotated[Number, Field(gt=0, le=28)] = 7.0
    ladder: InstanceOf[Ladder]
    rules: dict[str, Figure]
    draws: Annotated[dict[str, tuple[float, ...]], Field(default_factory=dict)]
    theories: Annotated[dict[str, TheoryName], Field(default_factory=dict)]
    parameters: Literal["drawn", "centre"] = "drawn"
    armistice_is_war: Annotated[bool, Field(strict=True)] = False
    world: World
    start_rungs: tuple[StartRung, ...] = ()
    events: tuple[Event, ...] = ()
    slow_clock: Annotated[bool, Field(strict=True)] = False
    quarrels: tuple[Quarrel, ...] = ()
    variant: str | None = None
    changes: tuple[str, ...] = ()
    variants: Annotated[dict[str, str], Field(default_factory=dict)]
    sources: Annotated[dict[str, str], Field(default_factory=dict)]
    observed: Observed | None = None

    @property
    def end(self) -> datetime.date:
        """First day after the horizon."""
        return self.start + datetime.timedelta(weeks=self.horizon_weeks)
