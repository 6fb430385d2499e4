"""Print how far a table of crises built from published files agrees with another: python docs/agreement.py FOLDER FILE.

FOLDER holds the published files, FILE is a table of crises (docs/data.md).
"""

import sys

import numpy as np
import pandas as pd

from sim.history.build import UNKNOWN, crises_from
from sim.history.table import read_crises


def agreement(ours: pd.DataFrame, theirs: pd.DataFrame) -> dict[str, float]:
    """Share of the crises in both tables with the same cell, by column; the order within a list does not count."""
    ours, theirs = (table.set_index("crisno") for table in (ours, theirs))
    theirs = theirs.loc[theirs.index.intersection(ours.index)]
    ours = ours.loc[theirs.index]
    same = {}
    for name in [name for name in ours if name in theirs and name not in UNKNOWN]:
        if pd.api.types.is_numeric_dtype(theirs[name]):
            a, b = (table[name].astype(float) for table in (ours, theirs))
            same[name] = float(np.isclose(a, b, rtol=1e-6, equal_nan=True).mean())
        else:
            a, b = (table[name].map(lambda cell: sorted(str(cell).split())) for table in (ours, theirs))
            same[name] = float((a == b).mean())
    return same


if __name__ == "__main__":
    for column, share in agreement(crises_from(sys.argv[1]), read_crises(sys.argv[2])).items():
        print(f"{column:30}{share:.3f}")
