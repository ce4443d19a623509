"""`schemas/outputs/versions.toml`: the versions of the public schema of the analyst file, oldest first."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from monitor.contracts.reading import checked, read_toml, schemas_folder


class Version(BaseModel):
    """One version: what changed, in Chinese and English, and the sha256 of what it promises (of the newest one at least)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    shape: str = ""


class Versions(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    versions: tuple[Version, ...] = Field(min_length=1)


@cache
def schema_versions() -> tuple[Version, ...]:
    """Every version, oldest first.

    Raises:
        PromiseBroken: the file is wrong.
    """
    path = schemas_folder() / "outputs" / "versions.toml"
    return checked(Versions, read_toml(path), path).versions
