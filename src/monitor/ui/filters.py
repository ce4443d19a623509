"""Which cases are asked for: what stands in the address, checked, as a where clause with parameters."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, model_validator

from monitor.vocabulary import CaseKind, CaseState, Colour

PAGE_ROWS = 50
_CONDITIONS = {
    "kind": "kind = $kind",
    "county": "county = $county",
    "township": "township = $township",
    "colour": "colour = $colour",
    "state": "state = $state",
    "domain": "list_has_any(string_split(replace(indicators, '-', ','), ','), [$domain])",
    "indicator": "list_contains(string_split(indicators, ','), $indicator)",
    "older_than": "date_diff('day', first_seen, as_of) >= $older_than",
    "place": "place_on_list = $place",
}


class CaseFilter(BaseModel):
    """What to show of the cases of one night. Every field may be left out.

    Attributes:
        night: the as-of date; the newest when not given.
        older_than: at least so many days since it first hit.
        place: listed, or why it was left off.
        page: from 1.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    night: date | None = None
    kind: CaseKind | None = None
    county: str | None = Field(None, pattern=r"^\d{6}$")
    township: str | None = Field(None, pattern=r"^\d{9}$")
    colour: Colour | None = None
    state: CaseState | None = None
    domain: str | None = Field(None, pattern=r"^[A-Z]{3}$")
    indicator: str | None = Field(None, pattern=r"^[A-Z]{3}-\d{3}$")
    older_than: int | None = Field(None, ge=0, le=36_500)
    place: Literal["listed", "capacity", "blue", "muted"] | None = None
    page: int = Field(1, ge=1, le=1_000_000)

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, given: Any) -> Any:
        """A form sends the fields that were left empty, too."""
        return {name: value for name, value in given.items() if value != ""} if isinstance(given, dict) else given

    def where(self, night: date) -> tuple[str, dict[str, Any]]:
        """SQL over the columns of a case, and its parameters."""
        given = {
            name: value for name, value in self.model_dump(mode="json").items() if name in _CONDITIONS and value is not None
        }
        conditions = ["as_of = $night", *(_CONDITIONS[name] for name in given)]
        if "state" not in given:
            conditions.append("state not in ('cleared', 'closed')")
        return " and ".join(conditions), {"night": night, **given}

    def address(self, **other: Any) -> str:
        """The query of the same question with some fields changed; None drops one."""
        values = self.model_dump(mode="json") | other
        return urlencode({name: value for name, value in values.items() if value is not None and (name, value) != ("page", 1)})
