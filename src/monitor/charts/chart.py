"""A picture with its title and its table. Jupyter shows both; a screen reader reads the title and the table."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path

import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from monitor.charts.font import chinese_font

# Okabe and Ito: told apart by colour-blind readers and in grey print
BLUE, ORANGE, GREEN, RED, GREY, PALE = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#6B6B6B", "#D9D9D9"
_WIDTH_INCHES, _DPI, _WRAP = 9.0, 110, 46


@dataclass(frozen=True)
class Chart:
    """What was drawn.

    Attributes:
        title: what is seen, as a sentence.
        png: the picture.
        table: what it shows, with Chinese heads.
    """

    title: str
    png: bytes
    table: pd.DataFrame

    def save(self, path: Path) -> None:
        """Write the picture as PNG."""
        path.write_bytes(self.png)

    def _repr_html_(self) -> str:
        picture = b64encode(self.png).decode("ascii")
        return (
            f'<figure style="margin:0"><img alt="{escape(self.title)}" style="max-width:100%" '
            f'src="data:image/png;base64,{picture}"></figure>{self.table.to_html(na_rep="—", border=0)}'
        )


def drawn(title: str, table: pd.DataFrame, paint: Callable[[Axes], None], height: float, *, note: str = "") -> Chart:
    """Draw a picture.

    Args:
        title: what is seen.
        table: what the picture shows.
        paint: draws on the axes.
        height: of the axes, in inches.
        note: how to read it, small, below.
    """
    style = rc_context(
        {
            "font.family": chinese_font(),
            "font.size": 10.5,
            "axes.unicode_minus": False,
            "text.parse_math": False,  # a name with two dollar signs is no formula
            "axes.spines.top": False,
            "axes.spines.right": False,
        }
    )
    with style:
        figure = Figure(figsize=(_WIDTH_INCHES, height + 1.1), dpi=_DPI, layout="constrained")
        axes = figure.add_subplot()
        paint(axes)
        figure.suptitle(_wrapped(title), x=0.01, ha="left", fontsize=13.5)
        if note:
            figure.text(0.01, -0.005, note, ha="left", va="top", fontsize=9, color=GREY)
        written = BytesIO()
        figure.savefig(written, format="png", metadata={"Software": None}, bbox_inches="tight", pad_inches=0.15)
    return Chart(title, written.getvalue(), table)


def nothing(title: str, table: pd.DataFrame) -> Chart:
    """A picture that says that there is nothing to show: an empty one would look like a fault."""
    return drawn(title, table, _blank, 0.3)


def bars(axes: Axes, labels: list[str], values: list[float], colours: list[str], *, unit: str = "") -> None:
    """Horizontal bars from top to bottom, each with its value at its end."""
    axes.barh(range(len(values)), values, color=colours, height=0.68)
    top_down(axes, labels)
    most = max(values, default=0)
    for place, value in enumerate(values):
        axes.text(value + most * 0.008, place, f"{value:,.1f}{unit}" if value % 1 else f"{value:,.0f}{unit}", va="center")
    axes.set_xlim(0, most * 1.12 or 1)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)


def top_down(axes: Axes, labels: list[str]) -> None:
    """Rows with their labels, the first one on top."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)


def _blank(axes: Axes) -> None:
    axes.set_axis_off()


def _wrapped(title: str) -> str:
    return "\n".join(title[start : start + _WRAP] for start in range(0, len(title), _WRAP))
