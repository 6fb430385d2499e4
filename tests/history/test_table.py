"""The table of crises is checked cell by cell, and says what was known when."""

import numpy as np
import pandas as pd
import pytest
from research import FOLDER, needs_data

from sim.history.table import (
    KNOWN_AT_TRIGGER,
    OUTCOMES,
    REQUIRED,
    SEEN_LATER,
    after_1945,
    groups,
    observed,
    read_crises,
    usable,
    violent_trigger,
)
from sim.scenario.errors import InputError

FIRST = {
    "crisno": 1,
    "crisname": "ONE",
    "year": 1946,
    "initiator_cow": 2,
    "target_cow": 365,
    "violence_1to4": 1,
    "severity_used_1to4": 1,
    "trigger_type": 7,
    "gravity": 3,
    "pc_id": 8,
    "intrawar": 1,
    "nuc_initiator": 1,
    "nuc_target": 0,
    "cinc_initiator": 0.3,
    "cinc_target": 0.1,
    "strong_share_principals": 0.75,
    "defence_pacts_across_sides": "",
    "joint_dem_polity": 0,
    "joint_dem_vdem": 0,
    "contig_principals": "",
    "rivals_principals": 1,
    "usable_dyad_notintrawar": 1,
}
SECOND = FIRST | {
    "crisno": 2,
    "year": 1945,
    "violence_1to4": 4,
    "severity_used_1to4": 3,
    "trigger_type": 9,
    "defence_pacts_across_sides": "2-365 200-365",
}
THIRD = FIRST | {"crisno": 3, "violence_1to4": "", "usable_dyad_notintrawar": 0, "pc_id": 0}


@pytest.fixture
def written(tmp_path):
    def write(*rows, drop=()):
        path = tmp_path / "crises.csv"
        pd.DataFrame(rows).drop(columns=list(drop)).to_csv(path, index=False)
        return path

    return write


def test_a_table_is_read_and_cut(written):
    table = read_crises(written(FIRST, SECOND, THIRD))
    assert usable(table)["crisno"].tolist() == [1, 2]
    assert after_1945(usable(table))["crisno"].tolist() == [1]
    assert violent_trigger(table).tolist() == [False, True, False]
    assert observed(usable(table)).tolist() == [0, 3]
    assert observed(usable(table), "severity").tolist() == [0, 2]
    assert table["defence_pacts_across_sides"].tolist() == ["", "2-365 200-365", ""]
    assert table["initiator_cow"].tolist() == [2, 2, 2]


def test_crises_of_no_conflict_stand_for_themselves(written):
    assert groups(read_crises(written(FIRST, SECOND, THIRD))).tolist() == [8, 8, -3]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"violence_1to4": 5}, r"csv:3: violence_1to4: 5.0 is not allowed; allowed: a code of 1 to 4"),
        ({"violence_1to4": 1.5}, "violence_1to4: 1.5"),
        ({"trigger_type": 10}, "trigger_type: 10.0 .* 1 to 9"),
        ({"year": "1946a"}, "year: '1946a' is not allowed; allowed: a number"),
        ({"initiator_cow": 3}, "initiator_cow: 3.0 .* COW state numbers"),
        ({"defence_pacts_across_sides": "2-999"}, "defence_pacts_across_sides: '2-999'"),
        ({"crisno": 1}, "crisno: crisis 1 is given twice"),
        ({"crisno": ""}, "crisno: nan .* the number of a crisis"),
    ],
)
def test_a_wrong_cell_is_named(written, change, says):
    with pytest.raises(InputError, match=says):
        read_crises(written(FIRST, SECOND | change))


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_column_is_named_with_the_nearest(written, name):
    path = written(FIRST | {name[:-1]: 1}, drop=[name])
    with pytest.raises(InputError, match=f"column '{name}' is missing; did you mean '{name[:-1]}'"):
        read_crises(path)


def test_what_is_no_table_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_crises(tmp_path / "absent.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(InputError, match="cannot be read"):
        read_crises(tmp_path / "empty.csv")


def test_outcomes_are_asked_of_usable_crises_only(written):
    table = read_crises(written(FIRST, THIRD))
    with pytest.raises(InputError, match=r"violence_1to4: crisis 3 has no outcome; keep usable\(table\)"):
        observed(table)
    with pytest.raises(InputError, match="did you mean 'severity'"):
        observed(table, "severty")


def test_no_column_is_known_both_before_and_after():
    classes = [*KNOWN_AT_TRIGGER, *SEEN_LATER, *OUTCOMES]
    assert len(classes) == len(set(classes))


@needs_data
def test_the_training_crises_are_as_described():
    table = read_crises(FOLDER / "crises_train.csv")
    assert len(table) == 371
    assert len(usable(table)) == 302
    later = after_1945(usable(table))
    assert (len(later), int((~violent_trigger(later)).sum())) == (233, 134)
    assert np.bincount(observed(later)).tolist()[3] == 16
    declared = {*KNOWN_AT_TRIGGER, *SEEN_LATER, *OUTCOMES}
    assert set(table.columns) - declared == {"usable_coded", "usable_dyad", "usable_dyad_notintrawar", "source"}
