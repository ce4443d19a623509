"""What a run leaves behind: `schemas/outputs/<table>.toml` gives every table and column its meaning in Chinese and English."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from monitor.contracts.reading import checked, read_toml, schemas_folder


class OutputColumn(BaseModel):
    """One column: SQL type, Chinese and English meaning; `codes` the code list that its values are of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    type: str
    codes: str = ""
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class OutputTable(BaseModel):
    """One table of a run folder or of the analyst file.

    Attributes:
        zone: `restricted` (a run folder) or `analyst` (the published file).
        key: columns that are unique together.
        made: of the runs; of contracts and words alone (`reference`); or a `view` of other tables of the file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    zone: Literal["restricted", "analyst"]
    made: Literal["runs", "reference", "view"] = "runs"
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    key: tuple[str, ...] = ()
    columns: tuple[OutputColumn, ...] = ()


@cache
def outputs(zone: str) -> dict[str, OutputTable]:
    """The tables of a zone by name.

    Raises:
        PromiseBroken: a file is wrong.
    """
    found = {}
    for path in sorted((schemas_folder() / "outputs" / zone).glob("*.toml")):
        values = read_toml(path)
        values |= {"name": path.stem, "zone": zone}
        values["columns"] = [{"name": name, **column} for name, column in values.get("columns", {}).items()]
        found[path.stem] = checked(OutputTable, values, path)
    return found
