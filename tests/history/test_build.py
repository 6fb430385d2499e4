"""The table of crises is built from published files, and agrees with the one that was built before."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import published
import pytest
import small
from research import FOLDER, needs_data

from sim.history.build import UNKNOWN, crises_from, sides_of
from sim.history.table import REQUIRED, read_crises, usable
from sim.scenario.errors import InputError

# Share of 347 crises whose cell is the same; the rest is told in docs/data.md.
AGREEMENT = {
    "adversary_edges": 0.98,
    "initiator_cow": 0.95,
    "target_cow": 0.93,
    "side1_cow": 0.92,
    "side2_cow": 0.93,
    "cinc_initiator": 0.95,
    "cinc_target": 0.93,
    "strong_share_principals": 0.97,
    "defence_pacts_across_sides": 0.98,
    "ext_pact_major_side1": 0.97,
    "ext_pact_major_side2": 0.97,
    "nuc_initiator": 0.979,
    "nuc_target": 0.98,
    "usable_dyad_notintrawar": 0.99,
}


@pytest.fixture
def built(tmp_path):
    return crises_from(small.write(tmp_path)).set_index("crisno")


def test_who_faced_whom(built):
    first, second = built.loc[1], built.loc[2]
    assert first["adversary_edges"] == "2>365 200>365 365>2"
    assert (first["initiator_cow"], first["target_cow"]) == (2, 365)
    assert (first["side1_cow"], first["side2_cow"]) == ("2 200", "365")
    # the later day counts as such, a part of the month as its beginning; what is no state makes no edge
    assert second["adversary_edges"] == "365>200 365>220"
    assert second["target_cow"] == 200


def test_how_strong_and_how_near_they_were(built):
    first, second = built.loc[1], built.loc[2]
    assert first[["cinc_initiator", "cinc_target", "cinc_side1"]].tolist() == pytest.approx([0.3, 0.1, 0.35])
    assert first["strong_share_principals"] == pytest.approx(0.75)
    assert first["contig_principals"] == 2
    assert (first["nuc_initiator"], first["nuc_target"]) == (1, 1)
    assert np.isnan(second["contig_principals"])
    assert np.isnan(second["cinc_target"])
    assert (first["usable_dyad_notintrawar"], second["usable_dyad_notintrawar"]) == (1, 0)


def test_who_had_promised_what(built):
    first = built.loc[1]
    assert first["defence_pacts_across_sides"] == "200-365"
    assert first["defence_pacts_among"] == "2-200 200-365"
    # promised to Russia by states outside the crisis; what Russia promised is another matter
    assert (first["n_ext_pact_side2"], first["ext_pact_major_side2"]) == (2, "710")
    assert (first["n_ext_pact_side1"], first["ext_pact_major_side1"]) == (0, "")


def test_the_table_reads_back(built, tmp_path):
    built.reset_index().to_csv(tmp_path / "crises.csv", index=False)
    table = read_crises(tmp_path / "crises.csv")
    assert set(REQUIRED) <= set(table.columns)
    assert table[list(UNKNOWN)].isna().all(axis=None)
    pd.testing.assert_series_equal(table["side1_cow"], built.reset_index()["side1_cow"])


@pytest.mark.parametrize(
    ("edges", "first", "second", "neither", "conflicts"),
    [
        ([], [], [], [9], 0),
        ([(1, 2), (3, 4)], [1], [2], [9, 3, 4], 0),
        ([(1, 2), (4, 3), (2, 3)], [1, 3], [2, 4], [9], 0),
        ([(1, 2), (2, 3), (3, 1)], [1, 3], [2], [9], 1),
    ],
)
def test_adversaries_stand_on_opposite_sides(edges, first, second, neither, conflicts):
    assert sides_of(edges, [9]) == (first, second, neither, conflicts)


def test_a_file_that_is_missing_is_named(tmp_path):
    small.write(tmp_path)
    (tmp_path / "NMC-70-abridged.csv").unlink()
    with pytest.raises(InputError, match=r"National Material Capabilities .* is not here"):
        crises_from(tmp_path)


@needs_data
def test_it_agrees_with_the_training_table(tmp_path):
    path = Path(__file__).resolve().parents[2] / "docs" / "agreement.py"
    spec = importlib.util.spec_from_file_location("agreement", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    ours, theirs = crises_from(published.write(tmp_path)), read_crises(FOLDER / "crises_train.csv")
    same = module.agreement(ours, theirs)
    assert {name: share for name, share in same.items() if share < AGREEMENT.get(name, 0.9)} == {}
    coded = ["violence_1to4", "severity_used_1to4", "trigger_type", "gravity", "pc_id", "intrawar", "year"]
    assert {name: same[name] for name in coded} == dict.fromkeys(coded, 1.0)
    assert set(usable(theirs)["crisno"]) & set(ours["crisno"]) >= set(usable(ours)["crisno"])
