"""Which value of a parameter is in force in the province, and which places below it have their own."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from monitor.handbook.markdown import table
from monitor.indicators.plain_rule import plain_number
from monitor.parameters import Parameters, load_parameters
from monitor.parameters.load import NATION, Value, parameter_index
from monitor.regions import region_names
from monitor.vocabulary import AREA_ZH

PROVINCE = "53"
HEADER = ("参数", "值", "地区", "城乡", "自何日起", "文件")


def threshold_table(names: Sequence[str]) -> str:
    """The values of some parameters with place, day and document; empty when there are none."""
    rows = [_row(value) for name in names for value in (*_in_province(name), *_below(name))]
    return table(HEADER, rows) if rows else ""


def _in_province(name: str) -> list[Value]:
    """The newest value per area kind: the province's own, else the nation's."""
    values = _newest(name)
    own = [value for value in values if value.region_code == PROVINCE]
    kinds = {value.area_kind for value in own}
    is_whole = "any" in kinds or {"rural", "urban"} <= kinds
    return own if is_whole else own + [value for value in values if value.region_code == NATION]


def _below(name: str) -> list[Value]:
    return [value for value in _newest(name) if value.region_code.startswith(PROVINCE) and value.region_code != PROVINCE]


def _newest(name: str) -> list[Value]:
    """The newest row per region and area kind; values are ordered by region, area kind and day."""
    newest = {(value.region_code, value.area_kind): value for value in _shipped().values if value.parameter == name}
    return list(newest.values())


def _row(value: Value) -> tuple[str, ...]:
    return (
        f"{parameter_index()[value.parameter].zh} `{value.parameter}`",
        with_unit(value.parameter, value.value),
        _region_name(value.region_code),
        AREA_ZH[value.area_kind],
        str(value.valid_from),
        value.document,
    )


def with_unit(parameter: str, value: Decimal) -> str:
    """A value of a parameter as a reader writes it; a share stands alone."""
    unit = parameter_index()[parameter].unit_zh
    return plain_number(value) + ("" if unit == "比例" else unit)


@cache
def _shipped() -> Parameters:
    return load_parameters()


@cache
def _names() -> dict[str, str]:
    listed = region_names()
    return dict(zip(listed["code"].to_pylist(), listed["name"].to_pylist(), strict=True))


def _region_name(code: str) -> str:
    return "全国" if code == NATION else _names().get(code, code)
