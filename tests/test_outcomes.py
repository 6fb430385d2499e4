"""The log in words: each kind of entry fills the columns that it can fill, and no other."""

import pytest


@pytest.mark.parametrize(
    ("kind", "filled"),
    [
        ("rung", {"target", "rung"}),
        ("alert", {"target", "alert"}),
        ("settled", set()),
        ("offered", {"target", "choice"}),
        ("mediated", {"target"}),
        ("armistice_broken", {"target", "rung"}),
        ("armistice_restored", {"target"}),
        ("rearmed", {"choice"}),
    ],
)
def test_an_entry_fills_its_columns(some_runs, kind, filled):
    rows = some_runs.events[some_runs.events["kind"] == kind]
    assert len(rows)
    rows = rows[rows["treaty"].isna()]
    for column in ("target", "rung", "alert", "level", "choice"):
        assert rows[column].notna().all() if column in filled else rows[column].isna().all(), column


def test_words_of_new_entries(some_runs, model, scenario):
    events = some_runs.events

    def words(kind, column):
        return set(events.loc[events["kind"] == kind, column].astype(str))

    assert words("offered", "choice") == {"talks", "concession"}
    assert words("rearmed", "choice") == {"begun", "stopped"}
    assert words("mediated", "target") <= set(model.theatres)
    assert events.loc[events["kind"] == "armistice_broken", "rung"].min() >= scenario.ladder.force
