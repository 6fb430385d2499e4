"""What is measured of a run: `measured` holds the outcomes, `log` the log in words.

A new outcome is a function and an entry of `OUTCOMES` in `sim.outcomes.measured`, and no other file. By the kind of its
columns it then is in the table of runs, in `summary.json`, in the exports with its label, on the console if it says how
it is called there; what is true or false of a run is also in comparisons, attributions and campaigns.
"""

from sim.outcomes.finals import KINDS, Column, Columns, Finals, Kind, Outcome, finals
from sim.outcomes.log import log_table
from sim.outcomes.measured import OUTCOMES, measure, truths

__all__ = [
    "KINDS",
    "OUTCOMES",
    "Column",
    "Columns",
    "Finals",
    "Kind",
    "Outcome",
    "finals",
    "log_table",
    "measure",
    "truths",
]
