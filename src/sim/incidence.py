"""Time to an event among competing ones, when the time is not seen to its end in every run.

References
----------
Aalen, O. O., & Johansen, S. (1978). An empirical transition matrix for non-homogeneous Markov chains based on censored
    observations. Scandinavian Journal of Statistics, 5(3), 141-150.
Korn, E. L., & Graubard, B. I. (1998). Confidence intervals for proportions with small expected number of positive
    counts estimated from survey data. Survey Methodology, 24(2), 193-201.
Marubini, E., & Valsecchi, M. G. (1995). Analysing survival data from clinical trials and observational studies. Wiley.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.estimate import expected_proportion, proportion

CENSORED = 0
Values = NDArray[np.float64]


def aalen_johansen(time: ArrayLike, cause: ArrayLike, of: int) -> tuple[Values, Values, Values]:
    """Return the cumulative incidence of one cause after each time at which any cause struck.

    F(t) = sum of S(t_j -) d_j / n_j over times t_j up to t, with d_j the runs that the cause ends at t_j, n_j those at
    risk just before, and S the share that no cause has ended (Kaplan-Meier). Its variance is that of the delta method
    (Marubini & Valsecchi 1995, 10.12); where nothing is censored they are the share and F (1 - F) / n.

    Parameters
    ----------
    time : (runs,) array
        When each run's first event came, or until when it was seen.
    cause : (runs,) array of int
        Which event it was; `CENSORED` where none was seen. A run that is censored at t is at risk at t.
    of : int
        The cause.

    Returns
    -------
    times, incidence, variance : arrays
        At the times of any event, in order.

    Raises
    ------
    ValueError
        If there is no run, or a time is missing.
    """
    time, cause = np.asarray(time, float), np.asarray(cause, np.int64)
    if not len(time) or time.shape != cause.shape or np.isnan(time).any():
        raise ValueError("times and causes must be as many, one or more, and none missing")
    times = np.unique(time[cause != CENSORED])
    risk = len(time) - np.searchsorted(np.sort(time), times)
    ended = _at(times, time[cause != CENSORED])
    struck = _at(times, time[cause == of])
    before = np.concatenate([[1.0], np.cumprod(1 - ended / risk)[:-1]]) if len(times) else np.empty(0)
    found = np.cumsum(before * struck / risk)
    left = np.maximum(risk - ended, 1)  # where nobody is left, F does not move any more
    general = ended / (risk * left)
    own = before**2 * (risk - struck) * struck / risk**3
    both = before * struck / risk**2
    # sums over t_j <= t of (F(t) - F(t_j))^2 general + own - 2 (F(t) - F(t_j)) both, multiplied out
    a, b, c = np.cumsum(general), np.cumsum(general * found), np.cumsum(general * found**2)
    variance = (
        found**2 * a - 2 * found * b + c + np.cumsum(own) - 2 * (found * np.cumsum(both) - np.cumsum(both * found))
    )
    return times, found, np.maximum(variance, 0.0)


def _at(times: Values, struck: Values) -> NDArray[np.int64]:
    """How many of some events came at each time."""
    return np.bincount(np.searchsorted(times, struck), minlength=len(times))


def incidence(time: ArrayLike, cause: ArrayLike, of: int, until: Sequence[float]) -> list[dict[str, Any]]:
    """Return the share of runs in which a cause came first and before each of some times, with 95 % intervals.

    Clopper and Pearson's interval, exact where nobody was censored before; otherwise with as many runs as would give
    the variance without censoring (Korn & Graubard 1998), and with those still at risk where nothing was seen.

    Returns
    -------
    list of dict
        A time each: `share`, `low`, `high`, and `n`, the runs or what they amount to.
    """
    time, cause = np.asarray(time, float), np.asarray(cause, np.int64)
    times, found, variance = aalen_johansen(time, cause, of)
    rows = []
    for t in until:
        if not (time[cause == CENSORED] < t).any():
            rows.append(proportion(int(((cause == of) & (time < t)).sum()), len(time))._asdict())
            continue
        last = int(np.searchsorted(times, t)) - 1
        share, spread = (float(found[last]), float(variance[last])) if last >= 0 else (0.0, 0.0)
        n = share * (1 - share) / spread if spread > 0 else float(max((time >= t).sum(), 1))
        rows.append(expected_proportion(min(share, 1.0) * n, n))
    return rows
