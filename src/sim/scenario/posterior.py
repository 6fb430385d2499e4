"""A joint sample of behavioural parameters, as calibration leaves it: one row is one set that holds together."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.errors import InputError, require_member
from sim.scenario.tables import read_table
from sim.world import RULES

Draws = dict[str, tuple[float, ...]]  # value of each parameter in each row


def read_draws(path: Path) -> Draws:
    """Read a table with a column a parameter and a row a draw.

    Raises
    ------
    InputError
        If a column is no parameter, a cell no number, or there are no rows.
    """
    try:
        names = [name.strip() for name in path.read_text(encoding="utf-8-sig").partition("\n")[0].split(",")]
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", key="rules.draws", value=str(path)) from None
    for name in names:
        require_member("rules.draws", name, RULES)
    rows = list(read_table(path, tuple(names)))
    if not rows:
        raise InputError("has no rows", key="rules.draws", value=str(path))
    return {name: tuple(row.number(name) for row in rows) for name in names}
