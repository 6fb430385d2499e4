"""What becomes of the commitments to defend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.estimate import proportion
from sim.plot.style import (
    DEGREES,
    GREY,
    INK,
    SMALL,
    YELLOW,
    count,
    dress,
    extent,
    footnote,
    headline,
    key,
    origin,
    patch,
    percent,
    seen,
)
from sim.summary import to_fight

if TYPE_CHECKING:
    from sim.batch import Runs

MOST = 8  # commitments drawn
NOTE = (
    "Under each bar: runs that came to each step, and what the ally gave, in per cent of the runs in which it "
    "recognised the case (forces with exact 95 % interval). "
)
# From the words kept best to those never put to the test; the parts of a bar add up to "triggered".
PARTS = (
    ("sends forces", DEGREES[0], None),
    ("materiel", DEGREES[1], None),
    ("consults", DEGREES[2], None),
    ("gives nothing", YELLOW, "xxxxxx"),
    ("not recognised", "white", "/////"),
    ("not requested", "white", None),
)


def treaty_funnel(runs: Runs, ax: Axes) -> Axes:
    """Draw how far the defence clauses most often triggered came: triggered, requested, recognised, honoured.

    A bar is the share of runs in which the clause was triggered, cut up by where it ended; below it the number
    of runs that came to each step, which is the number at risk of the next.

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
    every = to_fight(runs.summary())
    rows = every[:MOST]
    dress(ax)
    for place, row in enumerate(rows):
        _bar(ax, place, row, runs)
    ax.set_ylim(max(len(rows), 5) - 0.35, -0.55)
    ax.set_yticks([])
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %" if share else "0"))
    ax.set_xlabel("share of runs", fontsize=SMALL, color=GREY, labelpad=2)
    if not rows:
        ax.text(0.5, 1, "No clause of defence was triggered in any run.", ha="center", color=GREY)
    key(ax, [patch(colour, name, hatch) for name, colour, hatch in PARTS], columns=3)
    headline(
        ax,
        "What becomes of the promises",
        f"Clauses of defence triggered in {extent(runs)},\nby how far they came",
        below=2,
    )
    more = (
        f"Not drawn: {count(len(every) - len(rows), 'commitment')} triggered less often. "
        if len(every) > len(rows)
        else ""
    )
    footnote(
        ax,
        NOTE + more + f"{origin(runs)}.",
    )
    return ax


def _bar(ax: Axes, place: int, row: dict[str, Any], runs: Runs) -> None:
    honoured = row["honoured"]
    steps = [row[step]["count"] for step in ("triggered", "requested", "recognised")]
    forces, recognised = row["fights"]["count"], steps[2]
    counts = [
        forces,
        honoured["materiel"]["count"],
        honoured["consult"]["count"],
        recognised - forces - honoured["materiel"]["count"] - honoured["consult"]["count"],
        steps[1] - steps[2],
        steps[0] - steps[1],
    ]
    left = 0.0
    for (_, colour, hatch), number in zip(PARTS, counts, strict=True):
        width = number / len(runs)
        look: dict[str, Any] = {"facecolor": colour, "edgecolor": GREY, "linewidth": 0.4, "hatch": hatch}
        if number:
            ax.barh(place, width, left=left, height=0.26, clip_on=False, **look)
        left += width
    states = runs.scenario.world.states
    name = f"{states[row['ally']].name} for {states[row['protected']].name}"
    title = ax.text(0, place - 0.17, name, va="bottom", fontsize=SMALL, color=INK, weight="bold")
    clause: dict[str, Any] = {"xycoords": title, "xytext": (4, 0), "textcoords": "offset points", "va": "bottom"}
    ax.annotate(f"{row['treaty']} {row['clause']}", (1, 0), fontsize=SMALL, color=GREY, **clause)
    chain = f"{steps[0]:,} triggered › {steps[1]:,} requested › {recognised:,} recognised"
    text = f"{chain}\n{_honoured(counts[:4], recognised)}"
    ax.text(0, place + 0.17, text, va="top", fontsize=SMALL, color=GREY, linespacing=1.25)


def _honoured(counts: list[int], recognised: int) -> str:
    """What the ally gave, in per cent of the runs in which it recognised the case."""
    if not recognised:
        return "never recognised"
    forces, *others = (proportion(number, recognised) for number in counts)
    first = f"forces {seen(forces)} %"
    if 0 < forces.count < recognised:
        first += f" ({percent(forces.low)}–{percent(forces.high)})"
    names = ("materiel", "consults", "nothing")
    rest = [f"{name} {seen(share)}" for name, share in zip(names, others, strict=True)]
    return ", ".join([first, *rest])
