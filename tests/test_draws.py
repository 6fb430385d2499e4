"""Draws are Philox 4x64-10 at an address: published vectors, numpy's generator, and no two addresses alike."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.draws import key, philox, uniform

WORD = 2**64


def words(*arguments: int) -> list[int]:
    return [word % WORD for word in philox(*arguments)]


def test_published_vector_of_zeros():
    """Random123's known-answer test for philox4x64, ten rounds, key and counter zero."""
    assert words(0, 0, 0, 0, 0, 0) == [0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B]


@given(*[st.integers(0, 2**63 - 1)] * 5, st.integers(1, 2**63 - 1))
def test_equals_numpys_generator(key_0, key_1, c_1, c_2, c_3, c_0):
    # numpy counts up before it generates
    generator = np.random.Philox(
        key=np.array([key_0, key_1], np.uint64), counter=np.array([c_0 - 1, c_1, c_2, c_3], np.uint64)
    )
    assert words(key_0, key_1, c_0, c_1, c_2, c_3) == [int(word) for word in generator.random_raw(4)]


def test_uniforms_fill_the_unit_interval():
    draws = np.array([uniform(1, run, 3, key("KOR"), key("PRK"), 9) for run in range(20_000)])
    assert draws.min() > 0 and draws.max() < 1
    counts = np.bincount((draws * 20).astype(int), minlength=20)
    # chi-square with 19 degrees of freedom: 43.8 at one in a thousand
    assert ((counts - 1000) ** 2 / 1000).sum() < 43.8


def test_every_part_of_the_address_counts():
    address = (1, 2, 3, 4, 5, 6)
    changed = [uniform(*(part + (place == n) for n, part in enumerate(address))) for place in range(6)]
    assert len({uniform(*address), *changed}) == 7


def test_keys_of_the_worlds_names_differ(model):
    names = [*model.states, *model.theatres, *(".".join(commitment) for commitment in model.commitments)]
    assert len({key(name) for name in names}) == len(names)
    assert all(0 <= key(name) < 2**62 for name in names)
