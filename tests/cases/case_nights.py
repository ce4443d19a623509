"""Several nights in a row over a few made-up people, each night a run folder for the next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from monitor.cases import CaseSummary, open_cases, write_cases
from monitor.settings import Settings
from monitor.store import connect, literal, write_parquet
from monitor.vocabulary import POINTS, Level

PLACE = ("530622001001", "530622001", "530622", "rural")

_TABLES = """
create table core.person(person bigint, id_no varchar, name varchar, phone varchar, address varchar, household bigint,
    household_id varchar, is_member boolean, village_code varchar, township varchar, county varchar, area_kind varchar);
create table core.household(household bigint, household_id varchar, head bigint, member_count integer, village_code varchar,
    township varchar, county varchar, area_kind varchar);
create table core.place(place_id integer, county varchar, township varchar);
create table parameters.in_force(place_id integer, visits_per_week decimal(18,4));
create schema learned;
create table learned.weight(indicator varchar, weight bigint);
create table cases.answer(case_no varchar, kind varchar, list_as_of date, answer varchar, answered_on date, answered_by varchar,
    note varchar, collected_on date, _order bigint);
create table core.region(code varchar, name varchar, level varchar, parent varchar, full_name varchar);
create table deliveries.freshness(extract varchar, newest_delivery date, age_days integer, late_after integer,
    is_stale boolean);
create table hits.hit(indicator varchar, unit varchar, direction varchar, level varchar, points integer, family varchar,
    subject bigint, household bigint, case_subject bigint, county varchar, township varchar, evidence varchar,
    measure decimal(18,4), reason_zh varchar);
insert into core.region values ('530622001', '白鹤滩镇', 'township', '530622', '云南省昭通市巧家县白鹤滩镇'),
    ('530622001001', '莲塘社区', 'village', '530622001', '云南省昭通市巧家县白鹤滩镇莲塘社区'),
    ('530622001002', '大寨村', 'village', '530622001', '云南省昭通市巧家县白鹤滩镇大寨村');
"""
_HOUSEHOLDS = """
select household_id as household, id_text(head) as head, member_count, village_code, township, county, area_kind
from core.household order by household_id
"""


def citizen(number: int) -> str:
    """The ID of made-up person `number`; the prefix 990 belongs to nobody."""
    body = f"99012319700101{number:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def key(number: int) -> int:
    """The same person as a BIGINT."""
    text = citizen(number)
    return int(text[:17]) * 16 + "0123456789X".index(text[17])


@dataclass(frozen=True)
class Home:
    """A household of one night; the first member heads it."""

    household_id: str
    members: tuple[int, ...]
    place: tuple[str | None, str | None, str, str] = PLACE


@dataclass(frozen=True)
class Hit:
    """A hit; of a person (number) or of a household (id)."""

    indicator: str
    of: int | str
    level: str = "medium"
    direction: str = "risk"
    family: str | None = None
    reason: str = "原因"
    extracts: tuple[str, ...] = ()
    measure: int | None = None


@dataclass(frozen=True)
class Answer:
    """What came back of a case; it was given on the day and came in on the night that is told of it."""

    case_no: str
    answer: str
    on: str
    list_as_of: str | None = None


@dataclass(frozen=True)
class Night:
    """What came of a night."""

    connection: duckdb.DuckDBPyConnection
    summary: CaseSummary
    folder: Path

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(select).fetchall()

    def cases(self, columns: str = "kind, colour, points, state", *, audits: bool = False) -> list[tuple[Any, ...]]:
        which = "kind = 'audit'" if audits else "kind <> 'audit'"
        return self.rows(f"select {columns} from cases.case where {which} order by kind, subject, case_no")

    def listed(self, columns: str = "why") -> list[tuple[Any, ...]]:
        """Without audits, by rank."""
        return self.rows(f"select {columns} from cases.listed where why <> 'audit' order by left(case_no, 1) desc, rank")

    def left_off(self, columns: str = "why") -> list[tuple[Any, ...]]:
        return self.rows(f"select {columns} from cases.left_off order by case_no")


class Nights:
    """A home that lives from night to night."""

    def __init__(
        self,
        folder: Path,
        threads: int = 1,
        *,
        visits_per_week: int = 40,
        weights: dict[str, int] | None = None,
        worse: dict[str, str] | None = None,
        own_days: Path | None = None,
    ) -> None:
        self.folder = folder
        self.threads = threads
        self.visits_per_week = visits_per_week
        self.weights = weights or {}
        self.worse = worse or {}
        self.own_days = own_days
        self.previous: Path | None = None
        self.answered: list[tuple[Any, ...]] = []

    def night(
        self,
        day: str,
        hits: list[Hit],
        homes: list[Home] | None = None,
        *,
        alone: tuple[int, ...] = (),
        unknown: tuple[tuple[str, int | str], ...] = (),
        not_known: tuple[tuple[str, int], ...] = (),
        stale: tuple[str, ...] = (),
        names: dict[int, str] | None = None,
        phones: dict[int, str] | None = None,
        addresses: dict[int, str] | None = None,
        answers: tuple[Answer, ...] = (),
    ) -> Night:
        """Run one night; `unknown` names (indicator, subject) pairs of which nothing can be told, `not_known` those whose
        person nobody knows; `answers` came in for it.
        """
        as_of = date.fromisoformat(day)
        homes = [Home("H:1", (1, 2))] if homes is None else homes
        connection = connect(None, Settings(threads=self.threads), variables={"as_of": as_of, "region": "53"})
        connection.execute(_TABLES)
        known = {"name": names or {}, "phone": phones or {}, "address": addresses or {}}
        keys = _people(connection, homes, alone, known)
        _hits(connection, day, hits, homes, alone, keys)
        for extract in stale:
            connection.execute(f"insert into deliveries.freshness values ({literal(extract)}, null, null, 30, true)")
        self._loop(connection, day, answers)
        pairs = [("unknown", indicator, keys.get(of) if isinstance(of, str) else key(of)) for indicator, of in unknown]
        pairs += [("not_known", indicator, key(of)) for indicator, of in not_known]
        judge = lambda con, asked: _judge(con, asked, pairs)  # noqa: E731
        summary = open_cases(connection, self.previous, as_of, judge, worse=self.worse, own_days=self.own_days)
        folder = self.folder / day
        folder.mkdir(parents=True)
        write_cases(connection, folder)
        write_parquet(connection, _HOUSEHOLDS, folder / "household.parquet")
        self.previous = folder
        return Night(connection, summary, folder)

    def _loop(self, connection: duckdb.DuckDBPyConnection, day: str, answers: tuple[Answer, ...]) -> None:
        """Everything that has ever come back, what was learned of it, and how much a township can visit."""
        kinds = {"V": "visit", "R": "review", "A": "audit"}
        for one in answers:
            order = len(self.answered)
            given = (kinds[one.case_no[0]], one.list_as_of or one.on, one.answer, one.on, "某", None, day, order)
            self.answered.append((one.case_no, *given))
        _insert(connection, "cases.answer", self.answered)
        _insert(connection, "learned.weight", list(self.weights.items()))
        connection.execute(
            "insert into core.place select row_number() over (), county, township from "
            "(select distinct county, township from core.household union select county, township from core.person)"
        )
        connection.execute(f"insert into parameters.in_force select place_id, {self.visits_per_week} from core.place")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
        connection.execute(f"insert into {table} values {values}")


def _people(
    connection: duckdb.DuckDBPyConnection, homes: list[Home], alone: tuple[int, ...], known: dict[str, dict[int, str]]
) -> dict[str, int]:
    keys = {home.household_id: key(home.members[0]) for home in homes}
    _insert(
        connection,
        "core.household",
        [(keys[h.household_id], h.household_id, key(h.members[0]), len(h.members), *h.place) for h in homes],
    )
    told = lambda n: (known["name"].get(n, f"某{n}"), known["phone"].get(n), known["address"].get(n))  # noqa: E731
    _insert(
        connection,
        "core.person",
        [(key(n), citizen(n), *told(n), keys[h.household_id], h.household_id, True, *h.place) for h in homes for n in h.members]
        + [(key(n), citizen(n), *told(n), None, None, False, *PLACE) for n in alone],
    )
    return keys


def _hits(
    connection: duckdb.DuckDBPyConnection,
    day: str,
    hits: list[Hit],
    homes: list[Home],
    alone: tuple[int, ...],
    keys: dict[str, int],
) -> None:
    of_member = {n: h for h in homes for n in h.members}
    by_id = {h.household_id: h for h in homes}
    rows = []
    for hit in hits:
        home = by_id[hit.of] if isinstance(hit.of, str) else of_member.get(hit.of)
        assert home or hit.of in alone
        household = keys[home.household_id] if home else None
        subject = keys[hit.of] if isinstance(hit.of, str) else key(hit.of)
        place = home.place if home else PLACE
        evidence = json.dumps({"facts": {}, "param": {}, "deliveries": dict.fromkeys(hit.extracts, day)})
        unit = "household" if isinstance(hit.of, str) else "person"
        rows.append(
            (
                *(hit.indicator, unit, hit.direction, hit.level, POINTS[Level(hit.level)], hit.family, subject, household),
                *(household or subject, place[2], place[1], evidence, hit.measure, hit.reason),
            )
        )
    _insert(connection, "hits.hit", rows)


def _judge(connection: duckdb.DuckDBPyConnection, asked: str, told: list[tuple[str, str, int | None]]) -> None:
    connection.execute("create or replace table hits.judged(indicator varchar, subject bigint, outcome varchar)")
    connection.execute(f"insert into hits.judged select indicator, subject, 'clear' from {asked}")
    for one in told:
        connection.execute("update hits.judged set outcome = ? where indicator = ? and subject = ?", one)
