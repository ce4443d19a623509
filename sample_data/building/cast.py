"""The cast: households, their members and what the departments know of them, read from `cast/*.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
NIGHTS = {1: date(2026, 11, 18), 2: date(2026, 11, 19), 3: date(2026, 11, 20)}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


@dataclass(frozen=True)
class Person:
    """Somebody of the cast. `later` overrides what the register says from the second night on."""

    name: str
    id_no: str
    household: Household
    given: dict[str, Any]

    @property
    def in_registry(self) -> bool:
        return bool(self.given.get("in_registry", True))


@dataclass(frozen=True)
class Household:
    """One story: its members, the records by extract, and what must hit."""

    id: str
    given: dict[str, Any]

    @property
    def hukou_no(self) -> str:
        return str(self.given.get("hukou", f"HK9900{self.id}"))

    @property
    def household_id(self) -> str:
        return str(self.given.get("household_id", f"H:{self.hukou_no}"))

    @property
    def village(self) -> str:
        return str(self.given["village"])


def citizen_id(area: str, born: date, sequence: int) -> str:
    """An 18-character ID with its GB 11643 check character. The areas 990xxx are assigned to nobody."""
    body = f"{area}{born:%Y%m%d}{sequence:03d}"
    return body + _CHECK[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def _id_of(household: Household, number: int, given: dict[str, Any]) -> str:
    first = 2 * number + int(given["sex"] == "1")
    for sequence in range(first, 1000, 2):
        found = citizen_id(f"9900{household.id}", given["born"], sequence)
        if found[-1] == given.get("check", found[-1]):
            return found
    raise ValueError(f"household {household.id}: no ID ends like that")


@cache
def households() -> tuple[Household, ...]:
    """All stories, in the order of the files."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((HERE / "cast").glob("0*.toml")))
    return tuple(Household(given["id"], given) for text in texts for given in tomllib.loads(text)["household"])


@cache
def people() -> dict[str, Person]:
    """Everybody by name; a name is used once in the whole cast."""
    found: dict[str, Person] = {}
    for household in households():
        for number, given in enumerate(household.given["people"], start=1):
            name = given["name"]
            if name in found:
                raise ValueError(f"household {household.id} uses a name of household {found[name].household.id}")
            found[name] = Person(name, _id_of(household, number, given), household, given)
    return found


@cache
def villages() -> dict[str, str]:
    """Village code -> its name with township and county."""
    loaded: dict[str, str] = tomllib.loads((HERE / "cast" / "villages.toml").read_text(encoding="utf-8"))
    return loaded


@cache
def deliveries() -> tuple[dict[str, Any], ...]:
    """The files to be delivered, in the order of `cast/deliveries.toml`."""
    return tuple(tomllib.loads((HERE / "cast" / "deliveries.toml").read_text(encoding="utf-8"))["delivery"])


@cache
def contract(extract: str) -> dict[str, Any]:
    """The contract of an extract as agreed with its department."""
    path = next((HERE.parent / "schemas" / "extracts").glob(f"*/{extract}.toml"))
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def codes() -> dict[str, dict[str, str]]:
    """Code list -> code -> the label that departments write."""
    return tomllib.loads((HERE.parent / "schemas" / "codes.toml").read_text(encoding="utf-8"))
