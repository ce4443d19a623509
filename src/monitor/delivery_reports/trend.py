"""The deliveries of an extract over time, as numbers and as bars of an inline picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from monitor.sources import Line
from monitor.vocabulary import DeliveryState

MOST_POINTS = 12
WIDTH, HEIGHT = 640, 120
_GAP = 0.25


@dataclass(frozen=True)
class Point:
    """A delivery, all parts together: its day (YYYYMMDD) and rows."""

    day: str
    rows_read: int
    quarantined: int
    is_refused: bool

    @property
    def share(self) -> float:
        return self.quarantined / self.rows_read if self.rows_read else 0.0


@dataclass(frozen=True)
class Bar:
    """A bar of the picture, in its own units; `bad` is the height of the part for rows that were sent back."""

    x: float
    y: float
    width: float
    height: float
    bad: float
    point: Point


def trend(lines: Iterable[Line]) -> tuple[Point, ...]:
    """The last deliveries of one extract, oldest first."""
    days = groupby(lines, key=lambda line: line.delivery.removeprefix(f"{line.extract}_")[:8])
    points = []
    for day, parts in days:
        own = list(parts)
        refused = any(part.state == DeliveryState.REFUSED for part in own)
        points.append(Point(day, sum(part.rows_read for part in own), sum(part.quarantined for part in own), refused))
    return tuple(points[-MOST_POINTS:])


def bars(points: tuple[Point, ...]) -> list[Bar]:
    """One bar per delivery, as high as its rows against the most of all."""
    most = max((point.rows_read for point in points), default=0) or 1
    step = WIDTH / max(len(points), 1)
    found = []
    for number, point in enumerate(points):
        height = round(HEIGHT * point.rows_read / most, 1)
        width = round(step * (1 - _GAP), 1)
        x = round(step * (number + _GAP / 2), 1)
        found.append(Bar(x, round(HEIGHT - height, 1), width, height, round(height * point.share, 1), point))
    return found
