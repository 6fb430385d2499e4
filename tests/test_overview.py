"""What a campaign shows at first sight, on known answers."""

import numpy as np
import pyarrow as pa
import pytest

from sim.campaign.overview import bearing, explained, spread
from sim.campaign.points import Shares

POINTS, TENTHS = 400, 10
RNG = np.random.default_rng(1)
TABLE = pa.table(
    {
        "even": np.linspace(0, 1, POINTS),
        "idle": RNG.random(POINTS),
        "level": pa.array([1, 2] * (POINTS // 2)),
        "word": ["a", None] * (POINTS // 2),
        "once": ["same"] * POINTS,
        "many": [str(number) for number in range(POINTS)],
    }
)


def without_luck(share):
    """Shares that are the same in every part of the runs."""
    return Shares(np.tile(share, (TENTHS, 1)), np.full(TENTHS, 1 / TENTHS))


def test_a_key_explains_what_lies_between_its_slices():
    step = np.where(TABLE.column("level").to_numpy() == 1, 0.1, 0.3)
    found = explained(TABLE, TABLE.column_names, step)
    assert found["level"] == found["word"] == pytest.approx(1)
    assert list(found)[:2] == ["level", "word"] and set(found) == {"even", "idle", "level", "word"}
    assert abs(found["idle"]) < 0.03
    line = explained(TABLE, ["even", "idle"], np.linspace(0.2, 0.4, POINTS))
    assert line["even"] == pytest.approx(1 - 1 / 25, abs=0.01)  # fifths of a line leave 1/25 of its variance


def test_what_explains_nothing_is_nothing_on_average():
    rng = np.random.default_rng(2)
    share = rng.random(POINTS)
    idle = pa.table({str(key): rng.random(POINTS) for key in range(200)})
    parts = explained(idle, idle.column_names, share)
    assert abs(np.mean(list(parts.values()))) < 0.002


def test_slices_have_the_mean_of_their_points():
    share = np.linspace(0.2, 0.4, POINTS)
    first, *_, last = bearing(TABLE, "even", without_luck(share), 100).slices
    assert (first.points, last.points) == (80, 80)
    assert first.mean == pytest.approx(share[:80].mean()) and first.low < first.mean < first.high
    assert [one.text for one in bearing(TABLE, "word", without_luck(share), 100).slices] == ["a", "null"]


def test_luck_of_the_runs_widens_an_interval():
    share = np.linspace(0.2, 0.4, POINTS)
    parts = share + np.linspace(-0.05, 0.05, TENTHS)[:, None]
    calm, lucky = (
        bearing(TABLE, "level", found, 100).slices[0]
        for found in (without_luck(share), Shares(parts, np.full(TENTHS, 1 / TENTHS)))
    )
    assert lucky.mean == pytest.approx(calm.mean)
    assert lucky.high - lucky.low > 2 * (calm.high - calm.low)


def test_what_was_not_seen_is_not_told_as_nothing():
    (first, _) = bearing(TABLE, "level", without_luck(np.zeros(POINTS)), 100).slices
    assert (first.mean, first.low) == (0, 0) and first.high == pytest.approx(0.036, abs=0.001)


def test_points_are_told_in_their_order():
    counts = np.arange(POINTS)[::-1] // 4
    found = spread(counts, 100, without_luck(counts / 100))
    assert found.points[[0, -1]].tolist() == [POINTS - 4, 3]
    assert [share.count for share in found.shares] == sorted(counts[found.points].tolist())
    assert found.luck == pytest.approx(0)
