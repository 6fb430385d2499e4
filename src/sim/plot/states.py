"""Who takes part, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes

from sim.estimate import Proportion, proportion
from sim.plot.style import (
    DEGREES,
    GREY,
    INK,
    LINE,
    SMALL,
    dress,
    extent,
    footnote,
    headline,
    origin,
    percent,
    seen,
)
from sim.scenario.schema import Act

if TYPE_CHECKING:
    from sim.batch import Runs

MOST = 14  # states drawn
WAYS = ("war", "force", "materiel", "consults")
COLUMNS = (1.28, 1.56, 1.91, 2.25)  # right edges of the columns of numbers, on the axis of shares


def participation(runs: Runs, ax: Axes) -> Axes:
    """Draw, for each state that takes part in some run, the share of runs by the gravest way it does so.

    States are in order of the share in which they use force, then send materiel, then consult; the interval is
    that of taking part at all. What the scenario makes a state do is hatched and has no number.

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
    rows = [_row(runs, code, row) for code, row in runs.summary()["participation"].items()]
    rows = sorted((row for row in rows if row["any"].count), key=lambda row: -row["any"].count)
    shown, rest = sorted(rows[:MOST], key=lambda row: row["order"]), rows[MOST:]
    dress(ax)
    for place, row in enumerate(shown):
        _bar(ax, place, row)
    ax.set_ylim(max(len(shown), 8) - 0.4, -0.6)
    ax.set_yticks(range(len(shown)), [row["name"] + row["mark"] for row in shown])
    ax.set_xlim(0, COLUMNS[-1] + 0.01)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    ax.spines["bottom"].set_bounds(0, 1)
    for way, edge, colour in zip(WAYS, COLUMNS, DEGREES, strict=True):
        ax.barh(-0.72, -0.24, left=edge, height=0.16, facecolor=colour, edgecolor=GREY, linewidth=0.3, clip_on=False)
        ax.text(edge, -0.9, way, ha="right", va="bottom", fontsize=SMALL, color=INK)
    headline(ax, "Who takes part", f"Share of {extent(runs)}, in per cent,\nby the gravest thing a state does", below=1)
    if not shown:
        ax.text(0.5, 1, "No state takes part in any run.", ha="center", color=GREY)
    footnote(ax, _note(runs, shown, rest))
    return ax


def _row(runs: Runs, code: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Shares of a state's ways of taking part, without overlap, and what of it is given."""
    ladder = runs.scenario.ladder
    acts = [event for event in runs.scenario.events if isinstance(event, Act)]
    rung = max([event.rung for event in acts if code in event.by], default=0)
    struck = any(code in event.against for event in acts)
    n = entry["at_war"]["n"]
    counts = [entry[column]["count"] for column in ("at_war", "uses_force", "sends_materiel", "consults")]
    counts[1] -= counts[0]
    return {
        "name": entry["name"],
        "mark": "*" * (rung >= ladder.force) + "†" * struck,
        "given": 0 if rung >= ladder.war else 1 if rung >= ladder.force else len(WAYS),
        "ways": [proportion(count, n) for count in counts],
        "any": proportion(sum(counts), n),
        "order": (-counts[0] - counts[1], -counts[2], -counts[3], entry["name"]),
    }


def _bar(ax: Axes, place: int, row: dict[str, Any]) -> None:
    left = 0.0
    for way, share in enumerate(row["ways"]):
        given = way == row["given"]
        if share.count:
            look: dict[str, Any] = {"color": DEGREES[way]}
            if given:
                look = {"facecolor": "white", "edgecolor": DEGREES[way], "hatch": "/////"}
            ax.barh(place, share.share, left=left, height=0.68, linewidth=0.4, **look)
            left += share.share
        text = "given" if given else seen(share) if way < row["given"] else ""  # nothing is milder than the given
        colour = INK if share.count and not given else GREY
        ax.text(COLUMNS[way], place, text, ha="right", va="center", fontsize=SMALL, color=colour)
    total: Proportion = row["any"]
    if row["given"] == len(WAYS):
        ax.plot([total.low, total.high], [place, place], color=INK, linewidth=0.9, solid_capstyle="butt")
        ax.plot([total.low, total.high], [place, place], "|", color=INK, markersize=3.5, markeredgewidth=0.9)
    ax.plot([1, 1], [place - 0.34, place + 0.34], color=LINE, linewidth=0.5, zorder=0)


def _note(runs: Runs, shown: list[dict[str, Any]], rest: list[dict[str, Any]]) -> str:
    lines = ["Force: short of war."]
    if any(row["mark"] for row in shown):
        lines.append("* attacks (hatched: given), † is attacked by the scenario itself.")
    if rest:
        lines.append("Not drawn: " + ", ".join(f"{row['name']} ({percent(row['any'].share)} %)" for row in rest) + ".")
    lines.append(f"{origin(runs)}. Exact 95 % intervals of taking part at all.")
    return " ".join(lines)
