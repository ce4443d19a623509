"""The departments' extracts: `schemas/extracts/<department>/<extract>.toml` and the code lists in `schemas/codes.toml`."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from monitor.contracts.reading import checked, read_toml, schemas_folder

if TYPE_CHECKING:
    import pyarrow as pa

SQL_TYPES = {
    "id": "varchar",
    "text": "varchar",
    "code": "varchar",
    "village": "varchar",
    "date": "date",
    "month": "date",
    "money": "decimal(18,2)",
    "num": "decimal(18,4)",
    "int": "integer",
    "bool": "boolean",
}


class Column(BaseModel):
    """One column of an extract.

    Attributes:
        name: canonical name.
        header: the name that the department writes.
        type: id, date, month, money, int, num, bool, text, village or `code:<list>`.
        required: without it the row is quarantined.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    header: str = Field(min_length=1)
    type: str = Field(pattern=r"^(id|date|month|money|int|num|bool|text|village|code:[a-z_]+)$")
    required: bool = False

    @property
    def kind(self) -> str:
        """The type without its code list."""
        return self.type.partition(":")[0]

    @property
    def code_list(self) -> str | None:
        return self.type.partition(":")[2] or None

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.kind]

    @property
    def reason(self) -> str:
        """The code that a cell which cannot be read puts on its row."""
        names = {"id": "bad_id", "date": "bad_date", "month": "bad_date", "code": "bad_code", "bool": "bad_code"}
        return f"{names.get(self.kind, 'bad_code' if self.kind == 'village' else 'bad_number')}:{self.name}"


class Extract(BaseModel):
    """One extract as agreed with its department.

    Attributes:
        mode: `full` = the whole population of records each time; `delta` = new and changed records only.
        key: columns that identify a record; the newest delivery wins, then the last row.
        late_after: days after which its data count as stale.
        dated_by: columns (the first given one) that date a record; without one it is simply there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    department: str
    cadence: Literal["daily", "weekly", "monthly", "yearly"]
    late_after: int = Field(gt=0)
    mode: Literal["full", "delta"]
    key: tuple[str, ...] = Field(min_length=1)
    format: Literal["csv utf-8", "csv gb18030", "xlsx", "parquet"]
    dated_by: tuple[str, ...] = ()
    columns: tuple[Column, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _columns_exist(self) -> Extract:
        names = [column.name for column in self.columns]
        unknown = [name for name in (*self.key, *self.dated_by) if name not in names]
        if unknown:
            raise ValueError(f"key or dated_by names columns that are not declared: {unknown}")
        lists = [c.code_list for c in self.columns if c.code_list and c.code_list not in codes()]
        if lists:
            raise ValueError(f"code lists that codes.toml does not hold: {lists}")
        headers = [c.header for c in self.columns]
        if len(set(headers)) < len(headers):
            raise ValueError("two columns have the same header")
        return self

    @cached_property
    def required(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.required)

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    @cached_property
    def arrow_schema(self) -> pa.Schema:
        """Schema of a landing file, without the BIGINT keys of the ID columns."""
        import pyarrow as pa

        types = arrow_types()
        return pa.schema([pa.field(c.name, types[c.kind], nullable=not c.required) for c in self.columns])


@cache
def arrow_types() -> dict[str, Any]:
    """How a cell of each declared type is kept once it is read; money in yuan, months as the day they begin."""
    import pyarrow as pa  # here: checking a rule needs the contracts and should not wait for pyarrow

    text, day = pa.string(), pa.date32()
    return {
        "id": text,
        "text": text,
        "code": text,
        "village": text,
        "date": day,
        "month": day,
        "money": pa.decimal128(18, 2),
        "num": pa.decimal128(18, 4),
        "int": pa.int32(),
        "bool": pa.bool_(),
    }


@cache
def codes() -> dict[str, dict[str, str]]:
    """Code lists: list -> {canonical code: label}."""
    return read_toml(schemas_folder() / "codes.toml")


@cache
def empty_cells() -> dict[str, dict[str, str]]:
    """Extract -> optional column -> what an empty cell counts as, where it counts as something and not as "not known"."""
    return read_toml(schemas_folder() / "empty_cells.toml")


@cache
def extracts() -> dict[str, Extract]:
    """All extracts by name, in alphabetical order.

    Raises:
        PromiseBroken: a contract file is wrong.
    """
    found = {}
    for path in sorted((schemas_folder() / "extracts").glob("*/*.toml"), key=lambda p: p.stem):
        values = read_toml(path)
        values["name"] = path.stem
        values["columns"] = [{"name": name, **column} for name, column in values.get("columns", {}).items()]
        found[path.stem] = checked(Extract, values, path)
    return found


def extract(name: str) -> Extract:
    """One extract by name."""
    return extracts()[name]
