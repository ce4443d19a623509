"""A made-up night of a few people: facts, parameters and deliveries as the layers below leave them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from monitor.contracts import extracts, facts
from monitor.indicators import Catalogue
from monitor.indicators.load import load_catalogue
from monitor.parameters import resolve_parameters
from monitor.settings import Settings
from monitor.store import connect, literal

AS_OF = date(2026, 11, 20)
KEYS = {
    "person": "person bigint, household bigint, place_id integer, county varchar, township varchar, village_code varchar, "
    "is_member boolean, is_living boolean",
    "household": "household bigint, place_id integer, county varchar, township varchar, village_code varchar",
}
RULE = """
title = "测试"
title_en = "Test"
why = "测试。"
unit = "person"
direction = "risk"
level = "medium"
route = "走访"
since = 2023-01-01
when = "age_years >= 60"
evidence = ["age_years"]
say = "{age_years} 岁"
ask = "好吗?"
false_alarms = ["无"]
basis = ["N1"]
examples = [
    { name = "老人", given = { age_years = 60 }, expect = "hit" },
    { name = "青年", given = { age_years = 59 }, expect = "clear" },
    { name = "孩子", given = { age_years = 5 }, expect = "clear" },
    { name = "不详", given = {}, expect = "unknown" },
]
"""


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def write_rule(tmp_path: Path) -> Callable[..., Path]:
    """Write a right rule with some fields changed (None drops one) as a file of a catalogue folder."""

    def write(name: str = "IDH-901_test", folder: str = "identity", **changes: str | None) -> Path:
        lines = RULE.strip().splitlines()
        for field, value in changes.items():
            lines = [line for line in lines if not line.startswith(f"{field} =")]
            if value is not None:
                lines.insert(0, f"{field} = {value}")
        path = tmp_path / "catalogue" / folder / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


class MadeUpNight:
    """A working database with empty fact tables; `person` and `household` add a row each."""

    def __init__(self, threads: int) -> None:
        self.connection = connect(None, Settings(threads=threads), variables={"as_of": AS_OF, "region": "53"})
        self.connection.execute(
            "create table core.place as from (values (1, '530625001001', 'rural', '530625'), "
            "(2, '530102001001', 'urban', '530102'), (3, '53', 'rural', '000000')) "
            "as t(place_id, region_code, area_kind, county)"
        )
        self.connection.execute("create table core.household (household bigint, household_id varchar)")
        resolve_parameters(self.connection, AS_OF)
        for unit, keys in KEYS.items():
            columns = [f"{name} {fact.sql_type}" for name, fact in facts(unit).items() if f"{name} boolean" not in keys]  # type: ignore[arg-type]
            self.connection.execute(f"create table facts.{unit} ({keys}, {', '.join(columns)})")
        days = ", ".join(f"({literal(name)}, date '2026-11-19', 1, 30, false)" for name in extracts())
        self.connection.execute(
            f"create table deliveries.freshness as from (values {days}) "
            "as t(extract, newest_delivery, age_days, late_after, is_stale)"
        )

    def person(self, person: int, county: str = "530625", **values: Any) -> None:
        self._add("person", {"person": person, "is_member": True, "is_living": True} | _place(county) | values)

    def household(self, household: int, county: str = "530625", **values: Any) -> None:
        self._add("household", {"household": household} | _place(county) | values)
        self.connection.execute("insert into core.household values ($1, $2)", [household, f"H:{household}"])

    def _add(self, unit: str, row: dict[str, Any]) -> None:
        names, marks = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
        self.connection.execute(f"insert into facts.{unit} ({names}) values ({marks})", list(row.values()))


def _place(county: str) -> dict[str, Any]:
    place_id = {"530625": 1, "530102": 2, "000000": 3}[county]
    return {"county": county, "township": f"{county}001", "village_code": f"{county}001001", "place_id": place_id}


@pytest.fixture
def night() -> Iterator[MadeUpNight]:
    made = MadeUpNight(threads=1)
    yield made
    made.connection.close()


@pytest.fixture
def night_with() -> Callable[[int], MadeUpNight]:
    return MadeUpNight


@pytest.fixture
def catalogue_of() -> Callable[[Path], Catalogue]:
    """The catalogue in the folder above a rule file."""
    return lambda path: load_catalogue(path.parents[1])
