"""What a parameter is in a region today, in the countryside and in towns, for people who think of changing it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from monitor.indicators.in_force import Where, values_in_force
from monitor.indicators.plain_rule import plain_number
from monitor.parameters.load import Parameter, Value, parameter_index

PARAMETER_HEADER = ("参数", "现行值", "单位", "依据")


@dataclass(frozen=True)
class Standing:
    """A parameter and its rows in force in a region; None where only finer regions have one."""

    parameter: Parameter
    rural: Value | None
    urban: Value | None

    @property
    def value_zh(self) -> str:
        """The value without its unit; both where town and country differ."""
        if self.rural and self.urban and self.rural.value == self.urban.value:
            return plain_number(self.rural.value)
        named = (("农村", self.rural), ("城镇", self.urban))
        return "、".join(f"{area} {plain_number(row.value)}" for area, row in named if row) or "没有统一的值"

    @property
    def document(self) -> str:
        """What it rests on."""
        return "；".join(dict.fromkeys(row.document for row in (self.rural, self.urban) if row)) or "—"

    def is_everywhere(self, value: Decimal) -> bool:
        """Whether it is in force already, in towns and in the countryside."""
        return all(row is not None and row.value == value for row in (self.rural, self.urban))

    def __str__(self) -> str:
        one = self.parameter
        return f"{one.zh}（{one.name}，现为 {self.value_zh} {one.unit_zh}）"


def standing(region: str, day: date, own: Path) -> dict[str, Standing]:
    """Every parameter by name, as it is in a region on a day.

    Args:
        region: division code.
        day: the as-of date.
        own: folder of the installation's own parameter files.

    Raises:
        CatalogueInvalid: parameter files are wrong.
    """
    rural, urban = (values_in_force(Where(region, area, day), own) for area in ("rural", "urban"))
    return {name: Standing(one, rural.get(name), urban.get(name)) for name, one in parameter_index().items()}


def parameter_rows(every: Iterable[Standing]) -> list[tuple[str, ...]]:
    """One row per parameter, cells as in `PARAMETER_HEADER`."""
    return [(f"{one.parameter.zh}\n{one.parameter.name}", one.value_zh, one.parameter.unit_zh, one.document) for one in every]
