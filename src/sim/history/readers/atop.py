"""Alliance Treaty Obligations and Provisions 5.1: obligations by directed dyad and year."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from sim.history.codes import STATES
from sim.history.readers.layout import Layout, read
from sim.scenario.errors import InputError

KINDS: Final = ("defense", "offense", "neutral", "nonagg", "consul")
LAST_YEAR: Final = 2018
ATOP: Final = Layout(
    title="ATOP 5.1, directed dyad-years (atop5_1ddyr.csv)",
    files=("atop5_1ddyr*.csv",),
    columns={"statea": "ccode1", "stateb": "ccode2", "year": "year"} | {kind: kind for kind in KINDS},
    codes={"ccode1": STATES, "ccode2": STATES} | dict.fromkeys(KINDS, range(0, 2)),
    version=("5.1",),
)


def read_atop(path: Path | str) -> pd.DataFrame:
    """Directed dyad-years in which `ccode1` owes `ccode2` something: 0 or 1 for each of `KINDS`.

    Raises
    ------
    InputError
        If it is no such file, or an older release, which ends before 2018.
    """
    table = read(ATOP, path)
    if table["year"].max() != LAST_YEAR:
        problem = f"ends in {table['year'].max():.0f}, not in {LAST_YEAR} as {ATOP.title}"
        raise InputError(problem, key="year", where=str(path))
    return table
