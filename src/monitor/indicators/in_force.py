"""Which value of a parameter is in force in one place on one day, for pages and workbooks.

The night decides the same for all places at once in SQL (`parameters.resolve`); a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from monitor.parameters.load import NATION, Value, load_parameters


@dataclass(frozen=True)
class Where:
    """A place and a day of which a number is asked.

    Attributes:
        region: division code, 2 to 12 digits.
        area_kind: rural or urban.
        day: the as-of date.
    """

    region: str
    area_kind: str
    day: date


# where and when the parameters of an example are in force, unless it gives its own
EXAMPLES = Where("53", "rural", date(2026, 1, 1))


def values_in_force(where: Where, own: Path | None = None) -> dict[str, Value]:
    """Parameter -> its row in force; a parameter without one is left out.

    Args:
        where: place and day.
        own: folder of the installation's own parameter files.

    Raises:
        CatalogueInvalid: parameter files are wrong.
    """
    by_name: dict[str, list[Value]] = {}
    for value in load_parameters([own] if own else []).values:
        by_name.setdefault(value.parameter, []).append(value)
    chosen = {name: _chosen(values, where) for name, values in by_name.items()}
    return {name: value for name, value in chosen.items() if value}


def _chosen(values: Iterable[Value], where: Where) -> Value | None:
    """The longest region wins, then the newest day, then the row that names the area kind."""
    speaking = [
        value
        for value in values
        if where.region.startswith(_prefix(value))
        and value.area_kind in ("any", where.area_kind)
        and value.valid_from <= where.day
    ]
    return max(speaking, key=lambda value: (len(_prefix(value)), value.valid_from, value.area_kind != "any"), default=None)


def _prefix(value: Value) -> str:
    return "" if value.region_code == NATION else value.region_code
