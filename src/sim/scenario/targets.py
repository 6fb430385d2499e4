"""What an event may change while a run goes on: figures of states and of dyads, by their dotted keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sim.scenario.errors import InputError, dotted, require_member, unknown, wrong
from sim.scenario.schema import DYAD_QUANTITIES, QUANTITIES, SYMMETRIC, Change, Quantity, World, require_within
from sim.world import DYAD_FIGURE, STATE_FIGURE

# Figures that the model does not look at again once a run has begun, and what to do instead.
_FIXED = {
    "population": "no rule reads it",
    "ideal_point": "it only stands in for affinities that are not given; change dyads.CODE.CODE.affinity",
    "war_state": "it is set at the start, and by war and settlement from then on",
}


class Target(NamedTuple):
    """A figure that changes: of a state, or of a state toward a rival (empty for a state's own)."""

    state: str
    rival: str
    quantity: str

    @property
    def key(self) -> str:
        """Dotted key, the label of its draw too."""
        return dotted("dyads" if self.rival else "states", self.state, self.rival, self.quantity)

    @property
    def bounds(self) -> Quantity:
        """What the figure may be."""
        return DYAD_QUANTITIES[self.quantity] if self.rival else QUANTITIES[self.quantity]

    def both_ways(self) -> tuple[Target, ...]:
        """Return the target, and its mirror where the quantity holds both ways."""
        if self.rival and self.quantity in SYMMETRIC:
            return self, Target(self.rival, self.state, self.quantity)
        return (self,)


def target(text: str, states: Iterable[str], key: str) -> Target:
    """Read "states.PRK.risk_aversion", "dyads.PRK.USA.stake" or "dyads.PRK>USA.stake".

    Raises
    ------
    InputError
        If it names nothing that a run can change.
    """
    root, *names = text.replace(">", ".").split(".")
    quantities = {"states": QUANTITIES, "dyads": DYAD_QUANTITIES}.get(root)
    if quantities is None:
        raise unknown(key, root, ("states", "dyads"))
    codes, quantity = [name.strip().upper() for name in names[:-1]], names[-1] if names else ""
    if len(codes) != (1 if root == "states" else 2):
        expected = "states.CODE.FIGURE" if root == "states" else "dyads.CODE.CODE.FIGURE"
        raise wrong(key, text, expected)
    for code in codes:
        require_member(key, code, states)
    if len(set(codes)) < len(codes):
        raise wrong(key, text, "two different states; nothing holds of a state toward itself")
    if quantity in _FIXED:
        raise InputError(f"cannot change during a run: {_FIXED[quantity]}", key=key, value=text)
    running = STATE_FIGURE if root == "states" else DYAD_FIGURE
    require_member(key, quantity, [name for name in quantities if name in (running.names or ())])
    return Target(codes[0], codes[1] if root == "dyads" else "", quantity)


def check_changes(changes: Iterable[tuple[str, Change]], world: World) -> None:
    """Refuse changes of what cannot change, of values out of bounds, and two of one figure on one day.

    `changes` are the events with their dotted keys.
    """
    seen: set[tuple[int, Target]] = set()
    for key, event in changes:
        for text, figure in event.changes.items():
            name = dotted(key, "changes", text)
            found = target(text, world.states, name)
            require_within(figure, found.bounds, name)
            if (event.day, found) in seen:
                raise InputError(f"changes twice on day {event.day}", key=name, value=text)
            seen |= {(event.day, one) for one in found.both_ways()}
