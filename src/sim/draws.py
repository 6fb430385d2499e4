"""Addressed draws: a uniform number is a pure function of (seed, run; turn, state, rival, purpose).

There is no stream and no state: whoever asks, in whatever order, on whatever thread, gets the same
number for the same address, and one more state, treaty or draw changes no other number. The generator
is Philox 4x64 with ten rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"),
the same as ``numpy.random.Philox``: its key is (seed, run), its counter (turn, state, rival, purpose).
"""

from hashlib import blake2b
from typing import Any

from llvmlite import ir
from numba import config, types
from numba.extending import intrinsic

from sim.compiled import compiled, inner

_WORD = 0xFFFFFFFFFFFFFFFF


def _multiply(a: int, b: int) -> tuple[int, int]:
    """High and low 64-bit words of the product of two 64-bit words."""
    product = (int(a) & _WORD) * (int(b) & _WORD)
    return product >> 64, product & _WORD


if not getattr(config, "DISABLE_JIT"):  # noqa: B009  (numba makes its settings at run time)

    @intrinsic
    def _multiply_high(_: Any, a: Any, b: Any) -> Any:
        """High word alone: one instruction that neither Python nor Numba has a name for."""

        def generate(_: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            word, wide = ir.IntType(64), ir.IntType(128)
            product = builder.mul(*(builder.zext(argument, wide) for argument in arguments))
            return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), word)

        return types.int64(types.int64, types.int64), generate

    @inner
    def _multiply(a: int, b: int) -> tuple[int, int]:
        return _multiply_high(a, b), a * b  # type: ignore[call-arg]


@compiled
def philox(key_0: int, key_1: int, c_0: int, c_1: int, c_2: int, c_3: int) -> tuple[int, int, int, int]:
    """Four 64-bit words of Philox 4x64-10 for a key and a counter.

    Words are meant modulo 2**64: compiled code, whose integers are signed, shows the upper half of them as
    negative. The constants are the published ones less 2**64, for the same reason.
    """
    for _ in range(10):
        high_0, low_0 = _multiply(c_0, -0x2D18B8F11EB3936D)  # 0xD2E7470EE14C6C93
        high_1, low_1 = _multiply(c_2, -0x35A57D9C6AEDEEA9)  # 0xCA5A826395121157
        c_0 = high_1 ^ c_1 ^ key_0
        c_1 = low_1
        c_2 = high_0 ^ c_3 ^ key_1
        c_3 = low_0
        key_0 = key_0 - 0x61C8864680B583EB  # + 0x9E3779B97F4A7C15, the golden ratio
        key_1 = key_1 - 0x4498517A7B3558C5  # + 0xBB67AE8584CAA73B, sqrt(3) - 1
    return c_0, c_1, c_2, c_3


@compiled
def uniform(seed: int, run: int, turn: int, state: int, rival: int, purpose: int) -> float:
    """Uniform number in the open interval (0, 1) at an address, with 52 random bits.

    Parameters
    ----------
    seed, run : int
        The key: which experiment, which run of it.
    turn : int
        Turn number; -1 for what is drawn once per run.
    state, rival : int
        Keys of the actors (`key`), 0 where there is none. A treaty's key stands in for an actor
        where the draw belongs to a commitment, so that two pacts never share a draw.
    purpose : int
        A `sim.codes.Purpose`.
    """
    # plain Python needs its own unbounded integers here, not numpy's; compiled code has one kind only
    word, _, _, _ = philox(int(seed), int(run), int(turn), int(state), int(rival), purpose + 0)
    # 52 bits and a half: one bit more would round the greatest word to 1
    return (((word >> 12) & 0xFFFFFFFFFFFFF) + 0.5) * 2.220446049250313e-16


def key(name: str) -> int:
    """Stable non-negative 62-bit integer for a name (a country code, a treaty id, a parameter)."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") >> 2
