"""International Crisis Behavior, releases 13 to 16: crises (ICB1) and their actors (ICB2)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from sim.history.codes import ICB_NO_STATE, ICB_STATES
from sim.history.readers.layout import Layout, read

# ICB1 name to that of the table of crises (sim.history.table).
ICB1: Final = Layout(
    title="the ICB system-level data, release 13 to 16",
    files=("icb1v1[3-6].csv",),
    columns={
        "crisno": "crisno",
        "crisname": "crisname",
        "yrtrig": "year",
        "motrig": "trig_month",
        "datrig": "trig_day",
        "brexit": "duration_days",
        "viol": "violence_1to4",
        "sevviosy": "severity_used_1to4",
        "crismg": "crisis_mgmt",
        "cenviosy": "centrality_violence",
        "timvio": "timing_violence",
        "outesr": "escalation_reduction",
        "break": "trigger_type",
        "gravcr": "gravity",
        "protrac": "protracted",
        "pcid": "pc_id",
        "iwcmb": "intrawar",
        "syslevsy": "system_level",
        "period": "period",
        "geog": "geog",
        "powdissy": "powdissy",
        "usinv": "us_involvement",
        "suinv": "su_involvement",
    },
    texts=("crisname",),
    codes={
        "violence_1to4": range(1, 5),
        "severity_used_1to4": range(1, 5),
        "trigger_type": range(1, 10),
        "gravity": range(0, 8),
    },
)
ICB2: Final = Layout(
    title="the ICB actor-level data, release 13 to 16",
    files=("icb2v1[3-6].csv",),
    columns={
        "crisno": "crisno",
        "cracid": "actor",
        "yrtrig": "year",
        "motrig": "month",
        "datrig": "day",
        "trigent": "triggered_by",
        "southv": "threatened_by",
    },
    codes={
        "actor": ICB_STATES,
        "triggered_by": ICB_STATES | ICB_NO_STATE,
        "threatened_by": ICB_STATES | ICB_NO_STATE,
    },
)


def read_icb1(path: Path | str) -> pd.DataFrame:
    """Crises, one row each, under the names of the table of crises; NaN where not coded."""
    return read(ICB1, path)


def read_icb2(path: Path | str) -> pd.DataFrame:
    """Crisis actors: `crisno`, `actor`, when it saw the crisis begin, `triggered_by` and `threatened_by`.

    The last two are COW numbers, or codes for what is no state (`sim.history.codes.ICB_NO_STATE`). Days above
    31 are ICB's codes for parts of a month.
    """
    return read(ICB2, path)
