"""The Mesa model: a crisis whose agents are states. It follows the same rules as the compiled batch."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np

import sim.world as arrays
from sim.codes import Level, Stage, Standing
from sim.ensemble import Chunk
from sim.phases.decide import decide
from sim.phases.start import start
from sim.scenario.build import Model, build
from sim.scenario.schema import Scenario
from sim.turn import close_round, open_round
from sim.world import Trace, World, copy_params, copy_world

ROOM = 16_384  # entries of the log


class State(mesa.Agent):  # type: ignore[misc]
    """A state with its commitments and capabilities; a view of the crisis's arrays.

    Override `decide` in a subclass to give states another way to choose, and pass the class to `Crisis`
    or to `sim.simulate`.

    Attributes
    ----------
    code : str
        ISO 3166 alpha-3 code.
    index : int
        Row of the state in the arrays of `Crisis.world`.
    """

    model: Crisis

    def __init__(self, model: Crisis, code: str) -> None:
        super().__init__(model)
        self.code = code
        self.index = model.codes.index(code)

    def decide(self) -> None:
        """Give orders against rivals, by the state's decision theory.

        All states decide on the same world; orders (see `order`) take effect when all have decided.
        """
        decide(self.model.params, self.model.world, self.index)

    def order(self, rival: str, rung: int, alert: int | None = None) -> None:
        """Order the rung, and the nuclear alert, on which to stand against a rival from this turn's end on.

        Raises
        ------
        ValueError
            If the rival is no rival in this crisis or the rung or alert does not exist.
        """
        if rival not in self.rivals:
            raise ValueError(f"{rival!r} is no rival of {self.code} in this crisis; rivals: {self.rivals}")
        dyad = self.model.world.dyad[self.index, self.model.codes.index(rival)]
        top = int(self.model.params.setting[0].top)
        if not 0 <= rung <= top:
            raise ValueError(f"rung {rung!r} is not on the ladder: 0 to {top}")
        if alert is not None and not 0 <= alert <= 3:
            raise ValueError(f"alert {alert!r} is not a level of alert: 0 to 3")
        dyad.order = rung
        if alert is not None:
            dyad.order_alert = alert

    @property
    def rivals(self) -> list[str]:
        """Codes of the states with which this one is in the crisis."""
        active = self.model.world.dyad["active"][self.index]
        return [self.model.codes[j] for j in np.flatnonzero(active)]

    @property
    def rung(self) -> int:
        """Highest rung on which the state stands now."""
        return int(self.model.world.dyad["rung"][self.index].max())

    @property
    def alert(self) -> int:
        """Highest nuclear alert now, 0 to 3."""
        return int(self.model.world.dyad["alert"][self.index].max())

    @property
    def capabilities(self) -> dict[str, float]:
        """Capability by domain, in reference units (`sim.scenario.build.REFERENCE`)."""
        return {domain: float(self.model.world.state[domain][self.index]) for domain in arrays.DOMAINS}

    @property
    def commitments(self) -> list[dict[str, str]]:
        """What the state owes, clause by clause: treaty, clause, protected, stage and level so far."""
        found = []
        for c, commitment in enumerate(self.model.commitments):
            case = self.model.world.case[c]
            if commitment.ally == self.code and case.standing == Standing.KEPT:
                found.append(
                    {
                        "treaty": commitment.treaty,
                        "clause": commitment.clause,
                        "protected": commitment.protected,
                        "stage": Stage(case.stage).name.lower(),
                        "level": Level(case.level).name.lower(),
                    }
                )
        return found


class Crisis(mesa.Model):  # type: ignore[misc]
    """One run of a scenario, turn by turn.

    Parameters
    ----------
    scenario : Scenario or Model
        What `sim.load` returns, or the arrays that `sim.scenario.build.build` made of it.
    seed, run : int
        Address of the run: the same two give the run that `sim.simulate` has in row `run`.
    state_class : type of State
        Class of the agents.

    Attributes
    ----------
    world : World
        The arrays of the run.
    running : bool
        Whether something can still happen before the horizon.
    """

    def __init__(
        self, scenario: Scenario | Model, seed: int = 1, run: int = 0, state_class: type[State] = State
    ) -> None:
        super().__init__(rng=[seed, run])  # for a subclass's own use; the model's draws are addressed
        model = build(scenario) if isinstance(scenario, Scenario) else scenario
        self.codes = model.states
        self.theatres = model.theatres
        self.commitments = model.commitments
        self.params = copy_params(model.params)
        self.world: World = copy_world(model.blank)
        self.trace: Trace = model.trace(ROOM)
        start(self.params, self.world, self.trace, seed, run)
        self.running = True
        for code in self.codes:
            state_class(self, code)

    def step(self) -> None:
        """Take one turn, in rounds."""
        for _ in range(int(self.params.setting[0].rounds)):
            self.play_round()

    def play_round(self) -> None:
        """Take one round: open it, let every state decide on the same world, close it."""
        if not self.running:
            return
        open_round(self.params, self.world, self.trace)
        self.agents.do("decide")
        close_round(self.params, self.world, self.trace)
        self.running = bool(self.world.clock[0].running)

    @property
    def highest_rung(self) -> int:
        """Highest kinetic rung reached so far, or the one above the top after nuclear use."""
        return int(self.world.clock[0].highest)

    @property
    def day(self) -> float:
        """Days since the start."""
        return float(self.world.clock[0].day)


def mesa_runner(state_class: type[State]) -> Any:
    """Return a runner (see `sim.ensemble`) that takes every run through Mesa with agents of a class."""

    def run(model: Model, seed: int, first: int, runs: int) -> Chunk:
        words, entries, rungs = [], [], []
        for number in range(first, first + runs):
            crisis = Crisis(model, seed, number, state_class)
            while crisis.running:
                crisis.step()
            turn = int(crisis.world.clock[0].turn)
            crisis.trace.rung[turn + 1 :] = crisis.trace.rung[turn]
            words.append(crisis.world.words)
            entries.append(crisis.trace.entry[: crisis.world.clock[0].entries])
            rungs.append(crisis.trace.rung)
        entry = np.zeros((runs, max(map(len, entries))), arrays.ENTRY)
        for r, log in enumerate(entries):
            entry[r, : len(log)] = log
        return Chunk(first, np.array(words), entry, np.array(rungs))

    return run
