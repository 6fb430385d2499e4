"""What a few runs of every shipped scenario do is written down; a change that moves results shows here."""

from itertools import zip_longest

import pytest

import golden
from sim.config import available


@pytest.mark.parametrize("name", available())
def test_runs_are_those_that_are_written_down(name: str) -> None:
    written = (golden.FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    for n, (mine, line) in enumerate(zip_longest(golden.traces(name), written, fillvalue="(nothing)"), 1):
        assert golden.alike(mine, line), (
            f"tests/golden/{name}.txt, line {n}\n  written: {line}\n  now:     {mine}\n"
            "If this is meant: `python tests/golden.py`, and flag the change **moves results** in CHANGELOG.md."
        )


def test_a_difference_is_seen() -> None:
    assert not golden.alike("0 7 rung PRK USA rung=5", "0 7 rung PRK USA rung=6")
    assert golden.alike("0 end land 1.000000000000e+00", "0 end land 1.000000000001e+00")
    assert not golden.alike("0 end land 1.000000000000e+00", "0 end land 1.000000010000e+00")
