"""Who uses force against whom, and by when."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from numpy.typing import NDArray

from sim.estimate import Proportion, proportion
from sim.plot.style import (
    BLUE,
    DEGREES,
    GREY,
    INK,
    SMALL,
    count,
    dress,
    extent,
    footnote,
    headline,
    key,
    origin,
    patch,
    seen,
)
from sim.scenario.schema import Act

if TYPE_CHECKING:
    from sim.batch import Runs

MOVES = ("act", "rung", "incident", "widened", "nuclear_use")  # entries of the log that bring someone to a rung
DYADS = 14  # drawn
PAIRS = 10  # drawn, as far as they are in that share of runs
PAIRS_FROM = 0.005
STEPS = (0.0, 0.001, 0.01, 0.05, 0.2, 0.5, 1.0)  # of shares, and their colours
SHADES = ("white", "#EAF3FA", DEGREES[3], DEGREES[2], BLUE, DEGREES[0])


def first_force(runs: Runs) -> pd.Series[float]:
    """Return the day on which one state first used force against another, by run, actor and target.

    A state's highest rung in `runs.table` is at least the threshold of force in exactly the runs in which it is an
    actor here.
    """
    events = runs.events
    moves = events[events["kind"].isin(MOVES) & (events["rung"] >= runs.scenario.ladder.force)]
    days: pd.Series[float] = moves.groupby(["run", "actor", "target"], observed=True)["day"].min()
    return days


def ranked(runs: Runs) -> list[tuple[tuple[str, str], NDArray[np.float64]]]:
    """Return the days of first force of each directed dyad, a run that has it each; the dyad with most runs first."""
    days = first_force(runs)
    by: dict[tuple[str, str], NDArray[np.float64]] = {
        cast(tuple[str, str], dyad): np.asarray(found, np.float64)
        for dyad, found in days.groupby(level=["actor", "target"], observed=True)
    }
    return sorted(by.items(), key=lambda item: (-len(item[1]), item[0]))


def fights(runs: Runs) -> tuple[dict[tuple[str, str], int], int]:
    """Return the runs in which a pair fights, of those drawn, the most frequent last; and how many are left out."""
    dyads = first_force(runs).reset_index()[["run", "actor", "target"]].astype({"actor": str, "target": str})
    dyads[["actor", "target"]] = np.sort(dyads[["actor", "target"]].to_numpy(str), axis=1)
    counts = dyads.drop_duplicates().groupby(["actor", "target"]).size()
    often = counts[counts >= PAIRS_FROM * len(runs)].sort_values(kind="stable")[-PAIRS:]
    return cast(dict[tuple[str, str], int], often.to_dict()), len(counts) - len(often)


def force_by_dyad(runs: Runs, ax: Axes) -> Axes:
    """Draw, for each directed dyad and week, the share of runs in which the one has used force against the other.

    Shares are cumulative: a dark row on the left is a dyad that fights at once. Steps of the shades are uneven, since
    rare and frequent dyads stand beside each other; the share at the horizon is written out.

    Parameters
    ----------
    runs : Runs
        What to draw.
    ax : Axes
        Where to.

    Returns
    -------
    Axes
    """
    every, weeks = ranked(runs), runs.scenario.horizon_weeks
    by = dict(every[:DYADS])
    shown = list(by)
    ends = 7.0 * np.arange(1, weeks + 1)
    shares = np.array([(days[:, None] < ends).sum(axis=0) / len(runs) for days in by.values()]).reshape(-1, weeks)
    dress(ax)
    norm = BoundaryNorm(STEPS, len(SHADES))
    if shown:
        edges = (np.arange(weeks + 1), np.arange(len(shown) + 1) - 0.5)
        ax.pcolormesh(*edges, shares, cmap=ListedColormap(SHADES), norm=norm, edgecolors="none", rasterized=True)
        ax.hlines(np.arange(1, len(shown)) - 0.5, 0, weeks, color="white", linewidth=1.2)
    ax.set_ylim(max(len(shown), 3) - 0.5, -0.5)
    given = _given(runs)
    ax.set_yticks(range(len(shown)), [f"{a} › {b}{'*' * ((a, b) in given)}" for a, b in shown])
    for place, dyad in enumerate(shown):
        ax.annotate(
            f"{seen(proportion(len(by[dyad]), len(runs)))} %", (1, place), (4, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", va="center", fontsize=SMALL, color=INK, annotation_clip=False,
        )  # fmt: skip
    ax.set_xlim(0, weeks)
    ax.set_xticks([week for week in ax.get_xticks() if week <= weeks])
    ax.set_xlabel("weeks from the start", fontsize=SMALL, color=GREY, labelpad=2)
    words = [f"{100 * low:g}–{100 * high:g} %" for low, high in pairwise(STEPS)]
    key(ax, [patch(shade, word) for shade, word in zip(SHADES, ["under 0.1 %", *words[1:]], strict=True)], columns=3)
    headline(ax, "Who uses force against whom", f"Share of {extent(runs)}\nin which it has happened by then", below=2)
    if not shown:
        ax.text(weeks / 2, 1, "Nobody uses force in any run.", ha="center", color=GREY)
    left_out = f" Not drawn: {count(len(every) - len(shown), 'rarer dyad')}." if len(every) > len(shown) else ""
    star = " * set by the scenario." if any(dyad in given for dyad in shown) else ""
    footnote(ax, f"Right: at the horizon.{star}{left_out} {origin(runs)}.")
    return ax


def network(runs: Runs, ax: Axes) -> Axes:
    """Draw who fights whom: states on a circle, lines as wide as the share of runs in which a pair uses force.

    The `PAIRS` that fight most often, unless they do in less than `PAIRS_FROM` of runs. Hollow: the scenario itself
    makes one strike the other.

    Parameters
    ----------
    runs : Runs
        What to draw.
    ax : Axes
        Where to.

    Returns
    -------
    Axes
    """
    pairs, rarer_pairs = fights(runs)
    weight = dict.fromkeys(sorted({code for pair in pairs for code in pair}), 0)
    for pair, number in pairs.items():
        for code in pair:
            weight[code] += number
    order = sorted(weight, key=lambda code: (-weight[code], code))
    angle = {code: 2 * np.pi * place / max(len(order), 1) + np.pi / 2 for place, code in enumerate(_spread(order))}
    at = {code: (np.cos(turn), np.sin(turn)) for code, turn in angle.items()}
    given = {tuple(sorted(dyad)) for dyad in _given(runs)}
    dress(ax)
    for pair, number in pairs.items():
        rarer, busier = sorted(pair, key=weight.__getitem__)
        _line(ax, at[rarer], at[busier], proportion(number, len(runs)), pair in given)
    for code, place in at.items():
        _state(ax, runs.scenario.world.states[code].name, *place)
    ax.set(xlim=(-1.75, 1.75), ylim=(-1.25, 1.25), xticks=[], yticks=[], aspect="equal")
    ax.spines["bottom"].set_visible(False)
    if not at:
        ax.text(0, 0, "No pair of states uses force.", ha="center", color=GREY)
    headline(ax, "Who fights whom", f"Per cent of {extent(runs)}\nin which one of a pair uses force against the other")
    left_out = f"Not drawn: {count(rarer_pairs, 'rarer pair')}." if rarer_pairs else ""
    hollow = " Hollow: set by the scenario." if given & set(pairs) else ""
    footnote(ax, f"{left_out}{hollow} {origin(runs)}.".lstrip())
    return ax


def _line(ax: Axes, one: tuple[float, float], other: tuple[float, float], share: Proportion, given: bool) -> None:
    """Join two states, with the share in per cent nearer to the first."""
    (x0, y0), (x1, y1) = one, other
    shade = DEGREES[0] if share.share >= 0.2 else BLUE if share.share >= 0.05 else DEGREES[2]
    width = 0.8 + 4 * share.share
    ax.plot([x0, x1], [y0, y1], color=shade, linewidth=width, solid_capstyle="butt", zorder=1)
    if given:
        ax.plot([x0, x1], [y0, y1], color="white", linewidth=0.6 * width, solid_capstyle="butt", zorder=1)
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    where = (0.68 * x0 + 0.32 * x1, 0.68 * y0 + 0.32 * y1)
    ax.text(*where, seen(share), fontsize=SMALL, ha="center", va="center", color=INK, bbox=box, zorder=2)


def _state(ax: Axes, name: str, x: float, y: float) -> None:
    ax.plot(x, y, "o", markersize=5, markerfacecolor="white", markeredgecolor=INK, markeredgewidth=0.9, zorder=3)
    aside = abs(x) > 0.1
    across = "center" if not aside else "left" if x > 0 else "right"
    along = "center" if aside else "bottom" if y > 0 else "top"
    ax.text(1.12 * x, 1.12 * y, name, fontsize=SMALL, color=INK, ha=across, va=along)


def _given(runs: Runs) -> set[tuple[str, str]]:
    """Directed dyads in which the scenario itself makes the one use force against the other."""
    scenario = runs.scenario
    acts = [event for event in scenario.events if isinstance(event, Act) and event.rung >= scenario.ladder.force]
    given = {(by, against) for act in acts for by in act.by for against in act.against}
    return given | {(s.state, s.rival) for s in scenario.start_rungs if s.rung >= scenario.ladder.force}


def _spread(order: list[str]) -> list[str]:
    """Put the busiest apart: every other place first, then those between."""
    half = (len(order) + 1) // 2
    first, rest = order[:half], order[half:]
    return [code for pair in zip(first, [*rest, None], strict=False) for code in pair if code is not None]
