"""The research data under the names and in the form in which their makers publish them."""

from pathlib import Path

import pandas as pd
from research import FOLDER


def write(to: Path) -> Path:
    """Write the research data to a folder as if they had been downloaded one by one."""
    copies = {
        "icb1_v13_crises_train.csv": "icb1v13.csv",
        "icb2_v13_actors_train.csv": "icb2v13.csv",
        "nmc_v7_stateyear.csv": "NMC-70-abridged.csv",
        "mid5_disputes.csv": "MIDA 5.0.csv",
        "mid5_participants.csv": "MIDB 5.0.csv",
    }
    for name, published in copies.items():
        (to / published).write_bytes((FOLDER / name).read_bytes())
    atop = pd.read_csv(FOLDER / "atop_v5_1_directed_dyadyear.csv.gz")
    names = {"ccode1": "stateA", "ccode2": "stateB"} | {name: name.removeprefix("atop_") for name in atop.columns[3:]}
    atop.rename(columns=names).to_csv(to / "atop5_1ddyr.csv", index=False)
    spells = pd.read_csv(FOLDER / "cow_direct_contiguity_3_2.csv").query("conttype > 0 and ccode1 < ccode2")
    spells = spells.rename(columns={"ccode1": "statelno", "ccode2": "statehno"})
    for ours, name in (("stdate", "begin"), ("enddate", "end")):
        spells[name] = spells[ours].str[:4] + spells[ours].str[5:7]
    spells[["statelno", "statehno", "conttype", "begin", "end"]].to_csv(to / "contdir.csv", index=False)
    return to
