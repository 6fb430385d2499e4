"""Published files are read under our names; other releases, other datasets and codes that do not exist are refused."""

import numpy as np
import pytest
import small

from sim.history.readers.atop import read_atop
from sim.history.readers.cow import find_contiguity, read_contiguity, read_mid_a, read_mid_b, read_nmc
from sim.history.readers.icb import ICB1, read_icb1, read_icb2
from sim.history.readers.layout import find
from sim.scenario.errors import InputError

READERS = {
    "icb1v16.csv": read_icb1,
    "icb2v16.csv": read_icb2,
    "NMC-70-abridged.csv": read_nmc,
    "atop5_1ddyr.csv": read_atop,
    "contdird.csv": read_contiguity,
    "contdir.csv": read_contiguity,
    "MIDA 5.0.csv": read_mid_a,
    "MIDB 5.0.csv": read_mid_b,
}


@pytest.fixture
def changed(tmp_path):
    """Write one file with a part of its text replaced."""

    def write(name, old, new):
        text = small.FILES[name]
        assert old in text
        (tmp_path / name).write_text(text.replace(old, new, 1))
        return tmp_path / name

    return write


def test_crises_take_the_names_of_the_table(tmp_path):
    table = read_icb1(small.write(tmp_path) / "icb1v16.csv")
    assert table["crisname"].tolist() == ["FIRST", "SECOND"]
    assert table[["violence_1to4", "trigger_type", "gravity", "pc_id"]].to_numpy().tolist() == [
        [2, 7, 3, 9],
        [4, 9, 5, 5],
    ]


def test_what_is_missing_is_no_number(tmp_path):
    folder = small.write(tmp_path)
    assert np.isnan(read_nmc(folder / "NMC-70-abridged.csv")["milex"].iloc[2])
    assert np.isnan(read_mid_a(folder / "MIDA 5.0.csv")["day"].iloc[1])


@pytest.mark.parametrize("name", ["contdird.csv", "contdir.csv"])
def test_contiguity_is_the_closest_of_a_year_in_both_directions(tmp_path, name):
    table = read_contiguity(small.write(tmp_path) / name)
    found = {(a, b, year): kind for a, b, year, kind in table.to_numpy().tolist()}
    assert found[2, 365, 1950] == found[365, 2, 1950] == 2
    assert (2, 365, 1952) not in found
    assert ((2, 365, 1949) in found) == (name == "contdir.csv")


def test_dyad_years_come_before_spells_and_the_last_release_before_others(tmp_path):
    folder = small.write(tmp_path)
    assert find_contiguity(folder).name == "contdird.csv"
    (folder / "old").mkdir()
    (folder / "icb1v15.csv").write_text("")
    assert find(ICB1, folder).name == "icb1v16.csv"


def test_latin_letters_are_read(tmp_path):
    (tmp_path / "icb1v16.csv").write_bytes(small.FILES["icb1v16.csv"].replace("FIRST", "CÔTE").encode("latin-1"))
    assert read_icb1(tmp_path / "icb1v16.csv")["crisname"].iloc[0] == "CÔTE"


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (
            "icb1v16.csv",
            ",viol,",
            ",vio,",
            "column 'viol' is missing; is this the ICB system-level .* did you mean 'vio'",
        ),
        ("icb1v16.csv", "FIRST,7", "FIRST,10", "trigger_type: 10.0 is not allowed; allowed: a code of 1 to 9"),
        ("icb2v16.csv", "1,365,1950", "1,361,1950", "csv:2: actor: 361.0 is not allowed; allowed: a COW state number"),
        ("icb2v16.csv", "220,1951,5,20,996", "220,1951,5,20,901", "triggered_by: 901.0"),
        ("NMC-70-abridged.csv", "USA,2,", "USA,3,", "ccode: 3.0"),
        ("NMC-70-abridged.csv", "0.3", "n/k", "cinc: 'n/k' is not allowed; allowed: a number"),
        ("atop5_1ddyr.csv", ",2018,", ",2016,", "ends in 1950, not in 2018 as ATOP 5.1|ends in 2016"),
        ("atop5_1ddyr.csv", "stateA", "state1", "column 'statea' is missing"),
        ("atop5_1ddyr.csv", "1950,1,1", "1950,1,2", "defense: 2.0"),
        ("contdird.csv", "1950,2,3.2", "1950,2,3.1", "release 3.1 is not read; use Direct Contiguity 3.2"),
        ("contdird.csv", "1950,2,", "1950,6,", "conttype: 6.0"),
        ("MIDA 5.0.csv", "7,3,0,1,2,0,5", "7,3,0,1,2,0,4.3", "release 4.3 is not read"),
        ("MIDB 5.0.csv", "365,2,3,1950,9,4,1950,0", "365,2,3,1950,9,4,1950,2", "side_a: 2.0"),
    ],
)
def test_what_is_wrong_is_named(changed, name, old, new, says):
    with pytest.raises(InputError, match=says):
        READERS[name](changed(name, old, new))


@pytest.mark.parametrize("name", READERS)
def test_a_file_that_is_another_or_is_not_there_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="cannot be read"):
        READERS[name](tmp_path / name)
    (tmp_path / name).write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="is missing; is this"):
        READERS[name](tmp_path / name)


def test_a_file_not_found_is_named_with_what_it_is_called(tmp_path):
    with pytest.raises(InputError, match=r"the ICB system-level data, .* is not here; expected icb1v1\[3-6\].csv"):
        find(ICB1, tmp_path)
