"""Figures as files: the same look and the same bytes, whatever one's own settings of matplotlib."""

from __future__ import annotations

import textwrap
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sim.plot.style import GREY, INK, LARGE, SMALL, STYLE

DPI = 200
PAGE = 6.8  # inches: both columns of a page
NOTE = 150  # letters in a line of a remark as wide as that


def look() -> AbstractContextManager[None]:
    """Return the context in which figures are made, drawn and written."""
    return style.context(STYLE, after_reset=True)


def blank(width: float, height: float, dpi: int = DPI) -> Figure:
    """Return an empty figure, its sides in inches."""
    figure = Figure(figsize=(width, height), dpi=dpi)
    FigureCanvasAgg(figure)
    return figure


def remark(figure: Figure, text: str) -> None:
    """Write a remark below a whole figure of the width of a page."""
    wrapped = textwrap.fill(text.replace(" %", "\u00a0%"), NOTE)
    figure.supxlabel(wrapped, x=0.006, ha="left", fontsize=SMALL, color=GREY)


def banner(figure: Figure, title: str) -> None:
    """Write a title above a whole figure, where there are several panels of one kind."""
    figure.suptitle(title, x=0.006, ha="left", fontsize=LARGE, weight="bold", color=INK)


def write(figure: Figure, stem: Path) -> list[Path]:
    """Write a figure as PNG and SVG, the same bytes for the same figure and version of matplotlib."""
    png = write_png(figure, stem.with_name(f"{stem.name}.png"))
    figure.set_layout_engine("none")  # it stands: laying it out again takes as long as drawing it
    svg = stem.with_name(f"{stem.name}.svg")
    canvas: Any = FigureCanvasSVG(figure)  # whose methods have no types
    canvas.print_svg(svg, metadata={"Date": None})
    return [png, svg]


def write_png(figure: Figure, file: Path) -> Path:
    """Write a figure as PNG alone."""
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(file, metadata={"Software": None})  # `savefig` would draw it twice
    return file
