"""Tables on the console that several studies show."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table


def titled_table(title: str, *columns: str) -> Table:
    """Return an empty table of words in the first column and figures in the others."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", no_wrap=True)
    return table


def spaced(name: str) -> str:
    """Return a key of a result as words."""
    return name.replace("_", " ")


def percent(share: float) -> str:
    """A share in per cent, with a digit that counts where it is small."""
    if 0 < share < 0.0001:
        return "<0.01"
    return f"{100 * share:.1f}" if share >= 0.0095 or share == 0 else f"{100 * share:.2g}"


def reliable(diagrams: Mapping[str, Mapping[str, Any]]) -> str:
    """Say of which events the whole reliability diagram lies within its simultaneous bars."""
    inside = [event for event, diagram in diagrams.items() if diagram["consistent"]]
    outside = [event for event in diagrams if event not in inside]
    told = f"Reliability: within simultaneous 95 % bars for {_events(inside)}"
    return f"{told}; outside for {_events(outside)}" if outside else told


def _events(names: Sequence[str]) -> str:
    return ", ".join(f"{name} or more" if name != "war" else name for name in names) or "none"
