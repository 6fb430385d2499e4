"""Invented crises, as rows of a table in the project's form."""

import pandas as pd

from sim.history.start import KNOWN
from sim.history.table import OUTCOMES, SEEN_LATER

COLUMNS = tuple(dict.fromkeys((*KNOWN, *OUTCOMES, *SEEN_LATER, "pc_id", "intrawar", "strong_share_principals")))


def row(number, **changes):
    """An invented crisis between two neighbours, the second with a pact with the United States."""
    cells = dict.fromkeys(COLUMNS, "")
    cells |= {
        "crisno": number, "crisname": f"INVENTED {number}", "year": 1960, "trig_month": 5, "trig_day": 17,
        "trigger_type": 9, "gravity": 3, "initiator_cow": 652, "target_cow": 640, "cinc_initiator": 0.002,
        "cinc_target": 0.01, "nuc_initiator": 0, "nuc_target": 0, "ext_pact_major_side2": "2 200",
        "joint_dem_polity": 0, "joint_dem_vdem": 0, "contig_principals": 1, "rivals_principals": 1, "intrawar": 1,
        "strong_share_principals": 0.83, "pc_id": 0, "violence_1to4": 2, "severity_used_1to4": 1,
        "usable_dyad_notintrawar": 1, "duration_days": 40, "us_involvement": 2, "su_involvement": 1,
    }  # fmt: skip
    return cells | changes


def table(folder, *rows):
    file = folder / "crises.csv"
    pd.DataFrame(rows or [row(901), row(902, trigger_type=2, gravity=6, violence_1to4=1)]).to_csv(file, index=False)
    return file
