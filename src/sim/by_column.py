"""What a table of runs says column by column: each by its kind, so that a new outcome is summarised without a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sim.columns import MEASURED, stands_for
from sim.estimate import proportion, ratio
from sim.outcomes import Column, Kind

MOST = 20  # texts, the most frequent first
_QUARTILES = (0.25, 0.5, 0.75)


def by_column(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return a summary of every outcome of a table of runs, by the name of its column.

    Each has `kind`, `meaning`, `told` and what `summarised` makes of its values; a column of each state or rung has the
    last by state or rung, under `each`.
    """
    found = {}
    for column in MEASURED:
        names = [str(name) for name in table if stands_for(column, str(name))]
        if not names:
            continue
        about = {"kind": column.kind, "meaning": column.meaning, "told": column.told}
        if column.name in names:
            found[column.name] = {**about, **summarised(column, table[column.name])}
        else:
            each = {_place(column, name): summarised(column, table[name]) for name in names}
            found[column.name] = {**about, "each": each}
    return found


def _place(column: Column, name: str) -> str:
    """Code or number that a name has where the column's has STATE or RUNG."""
    start, end = column.name.split("STATE" if "STATE" in column.name else "RUNG")
    return name.removeprefix(start).removesuffix(end)


def summarised(column: Column, values: pd.Series[Any]) -> dict[str, Any]:
    """Return what some values of a column say.

    Of what is true or false its share with an interval; of a day the share of runs that have one and quartiles; of
    amounts the mean with an interval and quartiles; of codes the share of each that was seen; of texts those of the
    most frequent.
    """
    return _SUMMARIES[column.kind](values)


def _truth(values: pd.Series[Any]) -> dict[str, Any]:
    return proportion(int(values.sum()), len(values))._asdict()


def _day(values: pd.Series[Any]) -> dict[str, Any]:
    return {"happened": _truth(values.notna()), "quartiles": _quartiles(values.dropna())}


def _amount(values: pd.Series[Any]) -> dict[str, Any]:
    """Mean and quartiles of the values that are there; one value has no interval."""
    known = values.dropna()
    mean = ratio(known)._asdict() if len(known) else {"value": None, "low": None, "high": None, "n": 0}
    plain = {name: None if value is None or np.isnan(value) else value for name, value in mean.items()}
    return {"mean": plain, "quartiles": _quartiles(known)}


def _quartiles(values: pd.Series[Any]) -> list[float] | None:
    return [float(q) for q in np.quantile(values.astype(float), _QUARTILES)] if len(values) else None


def _code(values: pd.Series[Any]) -> dict[str, Any]:
    return {"exactly": {str(code): _truth(values == code) for code in sorted(values.unique())}}


def _text(values: pd.Series[Any]) -> dict[str, Any]:
    counts = frequencies(values)
    most = [{"value": value, "share": proportion(count, len(values))._asdict()} for value, count in counts[:MOST]]
    return {"distinct": len(counts), "most": most}


def frequencies(values: pd.Series[Any]) -> list[tuple[str, int]]:
    """How often each text occurs, the most frequent first, those that are as frequent by the alphabet."""
    counts = values.value_counts()
    return sorted(((str(value), int(count)) for value, count in counts.items()), key=lambda row: (-row[1], row[0]))


_SUMMARIES: dict[Kind, Callable[[pd.Series[Any]], dict[str, Any]]] = {
    "truth": _truth,
    "day": _day,
    **dict.fromkeys(("number", "real", "days", "share"), _amount),
    **dict.fromkeys(("rung", "alert", "level"), _code),
    "text": _text,
}
