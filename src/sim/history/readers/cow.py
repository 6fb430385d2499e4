"""Correlates of War: National Material Capabilities, Militarized Interstate Disputes, Direct Contiguity."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from sim.history.codes import STATES
from sim.history.readers.layout import Layout, find, read

NMC: Final = Layout(
    title="National Material Capabilities 6 or 7, abridged or full",
    files=("NMC*60*.csv", "NMC*70*.csv"),
    columns={name: name for name in ("ccode", "year", "milex", "milper", "irst", "pec", "tpop", "upop", "cinc")},
    codes={"ccode": STATES},
    missing=(-9,),
)
MID_A: Final = Layout(
    title="Militarized Interstate Disputes 5.0, MID A (disputes)",
    files=("MIDA 5*.csv",),
    columns={
        "dispnum": "dispute",
        "styear": "year",
        "stmon": "month",
        "stday": "day",
        "endyear": "end_year",
        "outcome": "outcome",
        "fatality": "fatality",
        "hostlev": "hostility",
        "numa": "n_side_a",
        "numb": "n_side_b",
    },
    codes={"hostility": range(1, 6)},
    missing=(-9,),
    version=("5",),
)
MID_B: Final = Layout(
    title="Militarized Interstate Disputes 5.0, MID B (participants)",
    files=("MIDB 5*.csv",),
    columns={
        "dispnum": "dispute",
        "ccode": "state",
        "styear": "year",
        "stmon": "month",
        "stday": "day",
        "sidea": "side_a",
        "orig": "originator",
        "revstate": "revisionist",
        "hostlev": "hostility",
    },
    codes={
        "state": STATES,
        "side_a": range(0, 2),
        "originator": range(0, 2),
        "hostility": range(1, 6),
    },
    missing=(-9,),
    version=("5",),
)
_CONTIGUITY_CODES = range(1, 6)
CONTIGUITY_YEARS: Final = Layout(
    title="Direct Contiguity 3.2, directed dyad-years",
    files=("contdird.csv",),
    columns={"state1no": "ccode1", "state2no": "ccode2", "year": "year", "conttype": "conttype"},
    codes={"ccode1": STATES, "ccode2": STATES, "conttype": _CONTIGUITY_CODES},
    version=("3.2", "320"),
)
CONTIGUITY_SPELLS: Final = Layout(
    title="Direct Contiguity 3.2, master file",
    files=("contdir.csv",),
    columns={"statelno": "ccode1", "statehno": "ccode2", "conttype": "conttype", "begin": "begin", "end": "end"},
    codes={"ccode1": STATES, "ccode2": STATES, "conttype": _CONTIGUITY_CODES},
    version=("3.2", "320"),
)


def read_nmc(path: Path | str) -> pd.DataFrame:
    """Capabilities by `ccode` and `year`: the six components and `cinc`, NaN where missing (-9)."""
    return read(NMC, path)


def read_mid_a(path: Path | str) -> pd.DataFrame:
    """Disputes, one row each: start, end, `hostility` (1 none to 5 war), sizes of the sides."""
    return read(MID_A, path)


def read_mid_b(path: Path | str) -> pd.DataFrame:
    """Participants, one row for each spell of a state in a dispute; `side_a` and `originator` are 0 or 1."""
    return read(MID_B, path)


def read_contiguity(path: Path | str) -> pd.DataFrame:
    """Directed dyad-years `ccode1`, `ccode2`, `year` with their closest `conttype` (1 land to 5 within 400 miles).

    Either published file will do: contdird.csv (directed dyad-years) or contdir.csv (spells).
    """
    if Path(path).name.lower().startswith("contdird"):
        years = read(CONTIGUITY_YEARS, path)
    else:
        years = _years(read(CONTIGUITY_SPELLS, path))
    closest = years.groupby(["ccode1", "ccode2", "year"])["conttype"].min()
    return closest.reset_index()


def find_contiguity(folder: Path | str) -> Path:
    """Return the file of contiguity in a folder, the one of dyad-years before the one of spells.

    Raises
    ------
    InputError
    """
    years = sorted(Path(folder).rglob(CONTIGUITY_YEARS.files[0]))
    return years[-1] if years else find(CONTIGUITY_SPELLS, folder)


def _years(spells: pd.DataFrame) -> pd.DataFrame:
    """Directed dyad-years of spells whose ends are given as 191605 for May 1916."""
    first, last = spells["begin"].astype(int) // 100, spells["end"].astype(int) // 100
    one_way = spells.drop(columns=["begin", "end"]).loc[spells.index.repeat(last - first + 1)]
    one_way["year"] = (first.loc[one_way.index] + one_way.groupby(level=0).cumcount()).astype(float)
    other_way = one_way.rename(columns={"ccode1": "ccode2", "ccode2": "ccode1"})
    return pd.concat([one_way, other_way], ignore_index=True)
