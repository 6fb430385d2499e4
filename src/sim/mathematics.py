"""Elementary functions that give the same bits on every processor, compiled or not.

The C library's ``exp`` and ``log`` differ in the last bit between machines, and a bit is enough to
turn one run into another. These use only IEEE additions, multiplications, divisions and square roots.
"""

import math

from sim.compiled import compiled


@compiled
def exp(x: float) -> float:
    """Exponential function, within 2 units in the last place.

    Cody-Waite reduction ``x = k ln 2 + r`` with ``|r| <= ln 2 / 2``, then a Taylor polynomial of degree 13
    (its remainder is below 5e-18). Arguments are held within [-700, 700].
    """
    if x > 700.0:
        x = 700.0
    elif x < -700.0:
        x = -700.0
    k = math.floor(x * 1.4426950408889634 + 0.5)
    r = (x - k * 0.6931471803691238) - k * 1.9082149292705877e-10
    p = 1.0 / 6227020800.0
    p = p * r + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    return math.ldexp(p, int(k))


@compiled
def log(x: float) -> float:
    """Natural logarithm of a positive number, within 2 units in the last place.

    ``x = m 2^e`` with ``m`` in [sqrt(1/2), sqrt(2)), then ``log m = 2 artanh((m - 1) / (m + 1))`` by its series.
    """
    m, e = math.frexp(x)
    if m < 0.7071067811865476:
        m = m * 2.0
        e = e - 1
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = 1.0 / 23.0
    p = p * z + 1.0 / 21.0
    p = p * z + 1.0 / 19.0
    p = p * z + 1.0 / 17.0
    p = p * z + 1.0 / 15.0
    p = p * z + 1.0 / 13.0
    p = p * z + 1.0 / 11.0
    p = p * z + 1.0 / 9.0
    p = p * z + 1.0 / 7.0
    p = p * z + 1.0 / 5.0
    p = p * z + 1.0 / 3.0
    tail = s * z * p
    return e * 0.6931471803691238 + (2.0 * s + (2.0 * tail + e * 1.9082149292705877e-10))


@compiled
def logistic(x: float) -> float:
    """Inverse of the logit: ``1 / (1 + exp(-x))``."""
    return 1.0 / (1.0 + exp(-x))


@compiled
def chance(rate: float, days: float) -> float:
    """Probability that an event with a constant hazard ``rate`` (per day) happens within ``days``."""
    return 1.0 - exp(-rate * days)


@compiled
def normal_quantile(u: float) -> float:
    """Quantile of the standard normal distribution for ``u`` in (0, 1), relative error below 1.2e-9.

    Rational approximations of P. J. Acklam (2003) for the centre and the two tails.
    """
    if u < 0.02425:
        q = math.sqrt(-2.0 * log(u))
        return _tail(q)
    if u > 1.0 - 0.02425:
        q = math.sqrt(-2.0 * log(1.0 - u))
        return -_tail(q)
    q = u - 0.5
    r = q * q
    a = -3.969683028665376e01
    a = a * r + 2.209460984245205e02
    a = a * r - 2.759285104469687e02
    a = a * r + 1.383577518672690e02
    a = a * r - 3.066479806614716e01
    a = a * r + 2.506628277459239e00
    b = -5.447609879822406e01
    b = b * r + 1.615858368580409e02
    b = b * r - 1.556989798598866e02
    b = b * r + 6.680131188771972e01
    b = b * r - 1.328068155288572e01
    b = b * r + 1.0
    return a * q / b


@compiled
def _tail(q: float) -> float:
    c = -7.784894002430293e-03
    c = c * q - 3.223964580411365e-01
    c = c * q - 2.400758277161838e00
    c = c * q - 2.549732539343734e00
    c = c * q + 4.374664141464968e00
    c = c * q + 2.938163982698783e00
    d = 7.784695709041462e-03
    d = d * q + 3.224671290700398e-01
    d = d * q + 2.445134137142996e00
    d = d * q + 3.754408661907416e00
    d = d * q + 1.0
    return c / d


@compiled
def triangular_quantile(u: float, low: float, mode: float, high: float) -> float:
    """Quantile of the triangular distribution on [low, high] with the given mode."""
    width = high - low
    if width <= 0.0:
        return mode
    if u * width <= mode - low:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1.0 - u) * width * (high - mode))
