"""The facts: the only vocabulary that indicators may use. `schemas/facts/person.toml` and `household.toml`."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from monitor.contracts.extracts import codes as code_lists
from monitor.contracts.extracts import extracts
from monitor.contracts.reading import checked, read_toml, schemas_folder

Unit = Literal["person", "household"]
SQL_TYPES = {
    "bool": "boolean",
    "int": "integer",
    "money": "decimal(18,2)",
    "num": "decimal(18,4)",
    "date": "date",
    "text": "varchar",
}


class Fact(BaseModel):
    """One fact about a person or a household on one day.

    Attributes:
        type: bool, int, money (yuan), num, date or text.
        codes: the code list whose codes it repeats; the codes of an int fact are its numbers.
        needs: extracts; when one of them is stale the fact is not known.
        table: the topic file `sql/facts/<table>.sql` that makes it.
        no_record: what it is for somebody of whom the topic table has no row; not given = not known.
        zh: its name in plain Chinese; `unit_zh` its unit.
        meaning: what it says, exactly; `meaning_zh` the same in Chinese.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    unit: Unit
    type: Literal["bool", "int", "money", "num", "date", "text"]
    codes: str | None = None
    needs: tuple[str, ...]
    table: str = Field(pattern=r"^(person|household)_[a-z_]+$")
    no_record: bool | int | str | None = None
    zh: str = Field(min_length=1)
    unit_zh: str = ""
    meaning: str = Field(min_length=1)
    meaning_zh: str = Field(min_length=1)

    @field_validator("needs")
    @classmethod
    def _declared(cls, needs: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [name for name in needs if name not in extracts()]
        if unknown:
            raise ValueError(f"extracts that are not declared: {unknown}")
        return needs

    @field_validator("codes")
    @classmethod
    def _listed(cls, codes: str | None) -> str | None:
        if codes is not None and codes not in code_lists():
            raise ValueError(f"a code list that codes.toml does not hold: {codes}")
        return codes

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.type]

    @property
    def labels(self) -> dict[str, str]:
        """Code -> label; empty for a fact that is no code."""
        return code_lists()[self.codes] if self.codes else {}


@cache
def facts(unit: Unit) -> dict[str, Fact]:
    """The facts of a unit by name, in the order of their file.

    Raises:
        PromiseBroken: the file is wrong.
    """
    path = schemas_folder() / "facts" / f"{unit}.toml"
    return {name: checked(Fact, {"name": name, "unit": unit, **values}, path) for name, values in read_toml(path).items()}
