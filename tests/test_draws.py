"""Draws are Philox 4x64-10 at an address: published vectors, numpy's generator, and no two addresses alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws import key, philox, uniform

WORD = 2**64
ALL = WORD - 1
words64 = st.integers(0, ALL)


def signed(word: int) -> int:
    return word - WORD if word >= WORD // 2 else word


def words(*arguments: int) -> list[int]:
    return [word % WORD for word in philox(*map(signed, arguments))]


# Random123's known-answer tests for philox4x64 with ten rounds (kat_vectors): key, counter, output
@pytest.mark.parametrize(
    ("key_words", "counter", "expected"),
    [
        ((0, 0), (0, 0, 0, 0), (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B)),
        (
            (ALL, ALL),
            (ALL, ALL, ALL, ALL),
            (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0),
        ),
        (
            (0x452821E638D01377, 0xBE5466CF34E90C6C),
            (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
            (0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6),
        ),
    ],
    ids=["zeros", "ones", "pi"],
)
def test_published_vectors(key_words, counter, expected):
    assert words(*key_words, *counter) == list(expected)


@given(words64, words64, st.integers(1, ALL), words64, words64, words64)
def test_equals_numpys_generator(key_0, key_1, c_0, c_1, c_2, c_3):
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


def test_neighbours_in_every_part_of_the_address_are_uncorrelated():
    base = np.array([1, 2, 3, key("KOR"), key("PRK"), 9])
    for place in range(6):
        steps = [uniform(*(int(part) for part in base + n * (np.arange(6) == place))) for n in range(2000)]
        correlation = np.corrcoef(steps[:-1], steps[1:])[0, 1]
        assert abs(correlation) < 4 / np.sqrt(2000), f"part {place} of the address"


def counter_that_gives(output, key_0, key_1):
    """Philox backwards: it is a bijection of counters."""
    low, high = 0xD2E7470EE14C6C93, 0xCA5A826395121157
    c_0, c_1, c_2, c_3 = output
    for n in reversed(range(10)):
        round_0, round_1 = (key_0 + n * 0x9E3779B97F4A7C15) % WORD, (key_1 + n * 0xBB67AE8584CAA73B) % WORD
        first, second = c_3 * pow(low, -1, WORD) % WORD, c_1 * pow(high, -1, WORD) % WORD
        c_0, c_1, c_2, c_3 = first, c_0 ^ (second * high >> 64) ^ round_0, second, c_2 ^ (first * low >> 64) ^ round_1
    return c_0, c_1, c_2, c_3


@pytest.mark.parametrize(
    "word",
    [0, ALL],
)
def test_the_interval_is_open_for_the_least_and_the_greatest_word(word):
    address = (1, 2, *map(signed, counter_that_gives((word, 5, 6, 7), 1, 2)))
    assert words(*address)[0] == word
    assert 0 < uniform(*address) < 1


def test_every_part_of_the_address_counts():
    address = (1, 2, 3, 4, 5, 6)
    changed = [uniform(*(part + (place == n) for n, part in enumerate(address))) for place in range(6)]
    assert len({uniform(*address), *changed}) == 7


def test_keys_are_stable():
    """A changed key is another experiment under the same seed: the changelog would have to say so."""
    assert (key("PRK"), key("rules.omega")) == (0x2D0F5B1E1B207D6B, 0x2C2619168F8AF2FF)


def test_no_two_things_in_the_world_share_a_key(model):
    params = model.params
    keys = [*params.key, *params.place, *params.commitment["key"], *params.uncertain["key"]]
    assert len(keys) > 500
    # forces of one state in one theatre move together by design, everything else apart
    assert len(set(keys)) == len(keys)
    assert all(0 <= k < 2**62 for k in keys)
