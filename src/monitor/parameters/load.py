"""Read the parameter files, check everything, report every fault at once.

`index.toml` says what each parameter is; `<parameter>.csv` says which value is in force where, from when and by which
document. An installation may hold a folder of its own with files of the same format: a row with the same region, area kind
and day replaces the one shipped here, any other row is added.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from monitor.errors import CatalogueInvalid, Fault
from monitor.parameters.nearest import did_you_mean

SHIPPED = Path(__file__).parent
COLUMNS = ("region_code", "area_kind", "valid_from", "value", "document")
AREA_KINDS = ("any", "rural", "urban")
NATION = "00"
DECIMALS = 6  # digits behind the point that a value may have; parameters are DECIMAL(18,6) in the database
_REGION_LENGTHS = (2, 4, 6, 9, 12)
_LARGEST = Decimal(10) ** 12


class Parameter(BaseModel):
    """What a parameter is.

    Attributes:
        zh: its Chinese name; `en` its English one.
        unit: `yuan/month`, `days` ...; `unit_zh` the same for a reader of Chinese.
        scope: the finest level that usually sets its own value. Information for people, not a check.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    unit_zh: str = Field(min_length=1)
    scope: str = Field(min_length=1)


@dataclass(frozen=True)
class Value:
    """One row of a parameter file: a value in force in a region and area kind from a day on."""

    parameter: str
    region_code: str
    area_kind: str
    valid_from: date
    value: Decimal
    document: str

    @property
    def key(self) -> tuple[str, str, str, date]:
        return self.parameter, self.region_code, self.area_kind, self.valid_from


@dataclass(frozen=True)
class Parameters:
    """All parameters and their values, ordered by parameter, region, area kind and day; `sha256` of all of it."""

    index: dict[str, Parameter]
    values: tuple[Value, ...]
    sha256: str


@cache
def parameter_index() -> dict[str, Parameter]:
    """The declared parameters by name, in the order of `index.toml`.

    Raises:
        CatalogueInvalid: the index is wrong.
    """
    faults: list[Fault] = []
    found: dict[str, Parameter] = {}
    for name, fields in tomllib.loads((SHIPPED / "index.toml").read_text(encoding="utf-8")).items():
        try:
            found[name] = Parameter.model_validate({"name": name, **fields})
        except ValidationError as error:
            faults += [Fault(f"index.toml: {name}.{'.'.join(map(str, e['loc']))}", e["msg"]) for e in error.errors()]
    if faults:
        raise CatalogueInvalid("参数目录 index.toml 有错。", faults)
    return found


def load_parameters(folders: Sequence[Path] = ()) -> Parameters:
    """Read the shipped values and those of the installation.

    Args:
        folders: folders of an installation's own files; a later folder wins over an earlier one. A folder that does not
            exist holds nothing.

    Raises:
        CatalogueInvalid: with every fault of every file.
    """
    index = parameter_index()
    faults: list[Fault] = []
    values: dict[tuple[str, str, str, date], Value] = {}
    for folder in (SHIPPED, *folders):
        for path in sorted(folder.glob("*.csv")):
            if path.stem not in index:
                faults.append(_unknown_parameter(path, index))
                continue
            values |= {value.key: value for value in _read_file(path, faults)}
    faults += [
        Fault(f"{name}.csv", "index.toml 里有这个参数，却没有值", remedy="补上文件，至少一行")
        for name in sorted(index.keys() - {value.parameter for value in values.values()})
    ]
    if faults:
        raise CatalogueInvalid("参数文件有错。", faults)
    ordered = tuple(sorted(values.values(), key=lambda value: value.key))
    digest = hashlib.sha256("\n".join(map(repr, ordered)).encode()).hexdigest()
    return Parameters(index=index, values=ordered, sha256=digest)


def _unknown_parameter(path: Path, index: dict[str, Parameter]) -> Fault:
    return Fault(
        path.name,
        "没有这个名称的参数",
        allowed=did_you_mean(path.stem, index),
        why="名称写错，旧值会不声不响地继续生效",
        remedy="用 index.toml 里的参数名作文件名",
    )


def _read_file(path: Path, faults: list[Fault]) -> list[Value]:
    """The rows of one file that are right; what is wrong is added to `faults`."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            header = tuple(name.strip() for name in reader.fieldnames or ())
            rows: list[dict[str, Any]] = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        faults.append(Fault(path.name, f"不是 UTF-8 的 CSV：{error}", remedy="另存为 CSV UTF-8"))
        return []
    if header != COLUMNS:
        faults.append(Fault(f"{path.name}: header", f"{', '.join(header) or '空'}", allowed=", ".join(COLUMNS)))
        return []
    values: dict[tuple[str, str, str, date], Value] = {}
    for number, row in enumerate(rows, start=2):
        value = _read_row(path, number, row, faults)
        if value and value.key in values:
            faults.append(
                Fault(
                    f"{path.name}: row {number}",
                    f"地区 {value.region_code}、{value.area_kind}、{value.valid_from} 有了第二个值",
                    why="说不清哪一个生效",
                    remedy="只留一行",
                )
            )
        elif value:
            values[value.key] = value
    return list(values.values())


def _read_row(path: Path, number: int, row: dict[str, Any], faults: list[Fault]) -> Value | None:
    where = f"{path.name}: row {number}"
    if None in row or None in row.values():
        faults.append(Fault(where, "这一行不是正好五格", allowed=", ".join(COLUMNS)))
        return None
    cells = {name.strip(): str(cell).strip() for name, cell in row.items()}
    wrong = [fault for fault in _row_faults(where, cells) if fault]
    faults += wrong
    if wrong:
        return None
    return Value(
        path.stem,
        cells["region_code"],
        cells["area_kind"],
        date.fromisoformat(cells["valid_from"]),
        Decimal(cells["value"]),
        cells["document"],
    )


def _row_faults(where: str, cells: dict[str, str]) -> list[Fault | None]:
    region, area, day, value = (cells[name] for name in COLUMNS[:4])
    is_region = region.isascii() and region.isdigit() and len(region) in _REGION_LENGTHS
    return [
        None if is_region else Fault(f"{where}: region_code", repr(region), f"{NATION}（全国）或 2、4、6、9、12 位数字"),
        None if area in AREA_KINDS else Fault(f"{where}: area_kind", repr(area), ", ".join(AREA_KINDS)),
        None if _is_day(day) else Fault(f"{where}: valid_from", repr(day), "日期，如 2025-07-01"),
        None if _is_value(value) else Fault(f"{where}: value", repr(value), f"不小于 0 的数，最多 {DECIMALS} 位小数"),
        None if cells["document"] else Fault(f"{where}: document", "空着", "定这个值的文件", "没有出处的数不能用"),
    ]


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_value(text: str) -> bool:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return False
    return value.is_finite() and 0 <= value < _LARGEST and -int(value.normalize().as_tuple().exponent) <= DECIMALS
