"""`schemas/english.toml`: the English of what departments name in Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from pydantic import BaseModel, ConfigDict

from monitor.contracts.extracts import codes, extracts
from monitor.contracts.facts import Unit, facts
from monitor.contracts.reading import checked, read_toml, schemas_folder
from monitor.errors import Fault, PromiseBroken

_UNITS: Final[tuple[Unit, ...]] = ("person", "household")


class English(BaseModel):
    """The whole file.

    Attributes:
        departments: Chinese name -> English name.
        extracts: extract -> title.
        columns: canonical name, or `<extract>.<column>` where that one means something else -> header.
        empty: `<extract>.<column>` -> what an empty cell counts as, where it counts as something.
        units: Chinese unit of a fact -> English unit.
        codes: code list -> code -> label.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    departments: dict[str, str]
    extracts: dict[str, str]
    columns: dict[str, str]
    empty: dict[str, str]
    units: dict[str, str]
    codes: dict[str, dict[str, str]]

    def header(self, extract: str, column: str) -> str:
        """What a column of an extract is."""
        return self.columns.get(f"{extract}.{column}") or self.columns[column]


@cache
def english() -> English:
    """Read the file.

    Raises:
        PromiseBroken: it is not well formed, lacks a word of a contract, or has one of none; names every one.
    """
    path = schemas_folder() / "english.toml"
    read = checked(English, read_toml(path), path)
    faults = [Fault(f"{path.name}: {part}", found) for part, found in _apart(read)]
    if faults:
        raise PromiseBroken("A contract has no English, or English has no contract.", faults)
    return read


def _apart(read: English) -> Iterator[tuple[str, str]]:
    """(part of the file, what is missing in it or stands there for nothing)."""
    found = extracts().values()
    columns = {(one.name, column.name) for one in found for column in one.columns}
    wanted: dict[str, tuple[set[str], set[str]]] = {
        "departments": ({one.department for one in found}, set(read.departments)),
        "extracts": ({one.name for one in found}, set(read.extracts)),
        "columns": (
            {column for _, column in columns},
            {name.partition(".")[2] if tuple(name.split(".")) in columns else name for name in read.columns},
        ),
        "empty": ({f"{extract}.{column}" for extract, column in columns} & set(read.empty), set(read.empty)),
        "units": ({one.unit_zh for unit in _UNITS for one in facts(unit).values() if one.unit_zh}, set(read.units)),
        "codes": (
            {f"{name}.{code}" for name, labels in codes().items() for code in labels},
            {f"{name}.{code}" for name, labels in read.codes.items() for code in labels},
        ),
    }
    for part, (declared, told) in wanted.items():
        yield from ((part, f"{name} is missing") for name in sorted(declared - told))
        yield from ((part, f"{name} is declared nowhere") for name in sorted(told - declared))
