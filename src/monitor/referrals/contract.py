"""Which department receives which route, and which fields: `schemas/referrals.toml`."""

from __future__ import annotations

import re
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, model_validator

from monitor.contracts.reading import checked, read_toml, schemas_folder

_COMMAS = re.compile("[,，;；]")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Always(_Strict):
    """The columns that every department is given, and why."""

    columns: tuple[str, ...]
    why: str = Field(min_length=1)


class Department(_Strict):
    """A receiving department: its name, the columns it is given beside `always`, and why it needs them."""

    zh: str = Field(min_length=1)
    columns: tuple[str, ...] = Field(min_length=1)
    why: str = Field(min_length=1)


class Unknown(_Strict):
    """Who receives a route that the table does not know."""

    departments: tuple[str, ...] = Field(min_length=1)


class ReferralContract(_Strict):
    """The whole table.

    Attributes:
        columns: column -> its Chinese header.
        departments: file name without ending -> department.
        routes: what a rule leads to -> receiving departments; none = it stays with the township.
    """

    columns: dict[str, str]
    always: Always
    departments: dict[str, Department]
    unknown: Unknown
    routes: dict[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _names_are_declared(self) -> ReferralContract:
        used = {*self.always.columns, *(c for d in self.departments.values() for c in d.columns)}
        receivers = {*self.unknown.departments, *(name for names in self.routes.values() for name in names)}
        wrong = sorted(used - self.columns.keys()) + sorted(receivers - self.departments.keys())
        if wrong:
            raise ValueError(f"not declared: {', '.join(wrong)}")
        return self

    def columns_of(self, department: str) -> tuple[str, ...]:
        """The columns of its file, in order."""
        return (*self.always.columns, *self.departments[department].columns)

    def receivers(self, route: str) -> tuple[str, ...]:
        """The departments that receive a route."""
        return self.routes.get(route, self.unknown.departments)


@cache
def referral_contract() -> ReferralContract:
    """The table in force.

    Raises:
        PromiseBroken: the file is wrong.
    """
    path = schemas_folder() / "referrals.toml"
    return checked(ReferralContract, read_toml(path), path)


def routes_of(text: str) -> tuple[str, ...]:
    """The routes that a rule names, between commas."""
    return tuple(filter(None, (part.strip() for part in _COMMAS.split(text))))
