"""Does the loop with the field learn? Sixty nights over a made-up county, with visitors who know the truth and sometimes err.

    python benchmarks/loop.py                                  60 nights, 12 townships of 1,500 households, both rankings
    python benchmarks/loop.py --nights 8 --households 100      tiny

The same county lives twice: once ranked with what answers have taught, once by level and waiting alone. Hits come from made-up
rules of known precision; the cases, lists, audits and everything learned come from the system. Three questions are answered:
how many more true cases learned ranking finds in the same visits; whether a planted rule of 10 % precision falls below one of
60 % within three rounds (a round is a week); whether every night list and left off are all open cases. Not asked here: reading
returned workbooks. `--draws N` also asks how often the interval of missed need holds the truth.
"""

from __future__ import annotations

import json
import random
import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import duckdb
import numpy as np
import pyarrow as pa
import typer
from results import conditions, keep

from monitor.cases import open_cases, write_cases
from monitor.learned import learn, make_interval_macros, take_stock, write_learned
from monitor.settings import Settings
from monitor.store import connect, write_parquet
from monitor.transform import run_layer
from monitor.vocabulary import POINTS, Level

FIRST = date(2026, 9, 7)  # a Monday
ROUND = 7
COUNTY = "530622"
POOR, GOOD = "INC-901", "INC-902"  # planted: 10 % and 60 %, of one level
# rule -> (level, how often its hits are true, hits per thousand households and night); a level says little of truth
RULES = {
    POOR: (Level.MEDIUM, 0.10, 1.2),
    GOOD: (Level.MEDIUM, 0.60, 0.6),
    "INC-903": (Level.MEDIUM, 0.25, 0.8),
    "HLT-901": (Level.HIGH, 0.30, 0.5),
    "HLT-902": (Level.HIGH, 0.12, 0.7),
    "EXP-901": (Level.HIGH, 0.55, 0.3),
    "EHD-901": (Level.LOW, 0.50, 0.8),
    "BEN-901": (Level.MEDIUM, 0.45, 0.5),
    "IDH-901": (Level.URGENT, 0.40, 0.1),
}
UNSEEN_NEED = 0.03  # of households that no rule speaks of
NOT_MET, WRONG = 0.08, 0.05  # visits that meet nobody; answers that are wrong
TRUE_ANSWERS = ("true_enrolled", "true_enrolled", "true_referred", "true_temporary", "true_covered")
_TABLES = """
create table core.region(code varchar, name varchar, level varchar, parent varchar, full_name varchar);
create table deliveries.freshness(extract varchar, newest_delivery date, age_days integer, late_after integer,
    is_stale boolean);
create table cases.answer(case_no varchar, kind varchar, list_as_of date, answer varchar, answered_on date, answered_by varchar,
    note varchar, collected_on date, _order bigint);
create table core.household as
    select key as household, 'H:' || number as household_id, key as head, 1 as member_count, township || '001' as village_code,
        township, left(township, 6) as county, 'rural' as area_kind
    from (select number, number * 16 + 1584196800000000000 as key, township from home);
create table core.person as
    select household as person, id_text(household) as id_no, '某' as name, null::varchar as phone, null::varchar as address,
        household, household_id, true as is_member, village_code, township, county, area_kind
    from core.household;
create table core.place as
    select row_number() over (order by township) as place_id, left(township, 6) as county, township
    from (select distinct township from home);
create table parameters.in_force as select place_id, getvariable('visits')::decimal(18, 4) as visits_per_week from core.place;
create table hits.hit as
    select rule.indicator, 'household' as unit, 'risk' as direction, rule.level, rule.points, null::varchar as family,
        home.household as subject, home.household, home.household as case_subject, home.county, home.township,
        '{"deliveries":{}}' as evidence, null::decimal(18, 4) as measure, '原因' as reason_zh
    from standing join rule using (indicator)
    join core.household as home on home.household_id = 'H:' || standing.number;
"""


@dataclass
class County:
    """The truth of a made-up county, and what has happened in it."""

    chance: random.Random
    homes: int
    townships: int
    in_need: np.ndarray[Any, Any]
    standing: dict[int, set[str]] = field(default_factory=dict)
    answers: list[tuple[Any, ...]] = field(default_factory=list)
    visits: int = 0
    found: int = 0

    @classmethod
    def made(cls, seed: int, townships: int, households: int) -> County:
        chance = random.Random(seed)
        homes = townships * households
        return cls(chance, homes, townships, np.array([chance.random() < UNSEEN_NEED for _ in range(homes)]))

    def township(self, home: int) -> str:
        return f"{COUNTY}{home % self.townships + 1:03d}"

    def a_day_passes(self, hits: random.Random) -> None:
        """New hits, of which as many are true as the rule's precision says; both counties have the same."""
        for rule, (_, precision, per_thousand) in RULES.items():
            for _ in range(round(self.homes * per_thousand / 1000 + hits.random())):
                home, is_true = hits.randrange(self.homes), hits.random() < precision
                self.standing.setdefault(home, set()).add(rule)
                self.in_need[home] |= is_true

    def visit(self, home: int, case_no: str, listed_on: date) -> None:
        """One visit of the day after the list; its answer comes in with the next night."""
        day = listed_on + timedelta(days=1)
        self.visits += 1
        if self.chance.random() < NOT_MET:
            answer = "not_found"
        else:
            is_true = bool(self.in_need[home])
            self.found += is_true and case_no[0] == "V"
            says = is_true if self.chance.random() >= WRONG else not is_true
            answer = self.chance.choice(TRUE_ANSWERS) if says else "false_changed"
            if is_true and says:
                self.in_need[home] = False
                self.standing.pop(home, None)
        kind = "audit" if case_no[0] == "A" else "visit"
        visitor = f"{home % self.townships}-{self.chance.randrange(2)}"
        self.answers.append((case_no, kind, listed_on, answer, day, visitor, None, day, len(self.answers)))


def night_of(county: County, as_of: date, visits: int) -> duckdb.DuckDBPyConnection:
    """The working database of a night, up to its hits."""
    variables = {"as_of": as_of, "region": COUNTY, "visits": visits}
    connection = connect(None, Settings(threads=2), variables=variables)
    numbers = range(county.homes)
    connection.register("home", pa.table({"number": list(numbers), "township": [county.township(n) for n in numbers]}))
    pairs = [(home, rule) for home, rules in sorted(county.standing.items()) for rule in sorted(rules)]
    standing = {"number": [home for home, _ in pairs], "indicator": [rule for _, rule in pairs]}
    connection.register("standing", pa.table(standing, schema=pa.schema([("number", pa.int64()), ("indicator", pa.string())])))
    levels = [(rule, level.value, POINTS[level]) for rule, (level, _, _) in RULES.items()]
    connection.register(
        "rule", pa.table(dict(zip(("indicator", "level", "points"), map(list, zip(*levels, strict=True)), strict=True)))
    )
    connection.execute(_TABLES)
    if county.answers:
        names = [row[0] for row in connection.execute("describe cases.answer").fetchall()]
        came = dict(zip(names, map(list, zip(*county.answers, strict=True)), strict=True))
        connection.register("came", pa.table(came))
        connection.execute("insert into cases.answer select * from came")
    return connection


def judge(connection: duckdb.DuckDBPyConnection, asked: str) -> None:
    """What hit before and does not tonight is clear: all data are there."""
    connection.execute(f"create or replace table hits.judged as select indicator, subject, 'clear' as outcome from {asked}")


def lived(runs: Path, *, nights: int, townships: int, households: int, visits: int, learns: bool, seed: int) -> dict[str, Any]:
    """Live through the nights; return what was found and whether anything broke."""
    county, hits = County.made(seed, townships, households), random.Random(seed + 1)
    previous: Path | None = None
    weights: list[dict[str, int]] = []
    for number in range(nights):
        as_of = FIRST + timedelta(days=number)
        county.a_day_passes(hits)
        with night_of(county, as_of, visits) as connection:
            learn(connection, previous, {})
            weights.append(dict(connection.execute("select indicator, weight from learned.weight").fetchall()))
            if not learns:
                connection.execute("update learned.weight set weight = 1000")
            open_cases(connection, previous, as_of, judge, worse={})
            take_stock(connection)
            must_balance(connection)
            folder = runs / as_of.isoformat()
            folder.mkdir(parents=True)
            write_cases(connection, folder)
            write_learned(connection, folder)
            select = "select household_id as household, id_text(head) as head from core.household order by all"
            write_parquet(connection, select, folder / "household.parquet")
            previous = folder
            if as_of.weekday() < 5:
                walk(county, connection, as_of, visits)
    return {
        "visits": county.visits,
        "found": county.found,
        "weights": weights[-1],
        "below_after_rounds": rounds_until_below(weights),
    }


def walk(county: County, connection: duckdb.DuckDBPyConnection, as_of: date, visits: int) -> None:
    """The visitors of every township make a fifth of a week's visits, audits first, then by rank."""
    rows = connection.execute(
        """
        select listed.township, listed.case_no, cast(substr(opened.subject, 3) as integer)
        from cases.listed as listed join cases.case as opened using (case_no)
        qualify row_number() over (partition by listed.township order by listed.why <> 'audit', listed.rank) <= $daily
        order by listed.township, listed.why <> 'audit', listed.rank
    """,
        {"daily": max(1, visits // 5)},
    ).fetchall()
    for _, case_no, home in rows:
        county.visit(home, case_no, as_of)


def must_balance(connection: duckdb.DuckDBPyConnection) -> None:
    """List and left off are all open cases, each once."""
    off = connection.execute("""
        with every as (select case_no from cases.listed union all select case_no from cases.left_off),
        open as (select case_no from cases.case where state not in ('cleared', 'closed'))
        select (select count(*) from every) - (select count(*) from open),
            (select count(*) from (from every except from open)), (select count(*) from (from open except from every))
    """).fetchall()
    assert off == [(0, 0, 0)], f"list + left off is not all open cases: {off}"


def rounds_until_below(weights: list[dict[str, int]]) -> int | None:
    """After how many rounds the poor rule weighs less than the good one, and stays so; None = never."""
    below = [w.get(POOR, 1000) < w.get(GOOD, 1000) for w in weights]
    last_not = max((n for n, is_below in enumerate(below) if not is_below), default=-1)
    return None if last_not == len(below) - 1 else (last_not + 1) // ROUND + 1


def coverage(draws: int, seed: int) -> float:
    """Of so many simulated years of audits, how many have an interval that holds the true share of missed need.

    Twelve townships of 200 to 1,800 households and 1 to 12 % need; a small one has more visits per household.
    """
    chance = random.Random(seed)
    sizes = [200 + 145 * n for n in range(12)]
    need = [round(size * (0.01 + 0.01 * (n * 7 % 12))) for n, size in enumerate(sizes)]
    visits = [max(12, size // 30) for size in sizes]
    rows = [
        (f"{draw:06d}", f"{n:03d}", size, some, some, sum(x < poor for x in chance.sample(range(size), some)))
        for draw in range(draws)
        for n, (size, poor, some) in enumerate(zip(sizes, need, visits, strict=True))
    ]
    names = ("county", "township", "households", "visited", "judged", "missed")
    connection = connect(None, Settings(threads=1), variables={"as_of": FIRST})
    connection.register("drawn", pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))))
    connection.execute("create schema learned; create table learned.audited_township as from drawn")
    make_interval_macros(connection)
    run_layer(connection, "learned", prefix="missed_need")
    select = "select count(*) from learned.missed_need where county <> 'all' and $n between share_low * $d and share_high * $d"
    return float(connection.execute(select, {"n": sum(need), "d": sum(sizes)}).fetchall()[0][0]) / draws


def main(
    nights: Annotated[int, typer.Option()] = 60,
    townships: Annotated[int, typer.Option()] = 12,
    households: Annotated[int, typer.Option(help="per township")] = 1_500,
    visits: Annotated[int, typer.Option(help="per township and week")] = 20,
    draws: Annotated[int, typer.Option(help="simulated years of audits; 0 = none")] = 0,
    seed: Annotated[int, typer.Option()] = 7,
    record: Annotated[bool, typer.Option("--record", help="append to results.jsonl")] = False,
) -> None:
    """Live both lives and compare."""
    size = {"nights": nights, "townships": townships, "households": households, "visits": visits, "seed": seed}
    with tempfile.TemporaryDirectory() as folder:
        learned = lived(Path(folder, "learned"), learns=True, **size)
        by_level = lived(Path(folder, "level"), learns=False, **size)
    per_visit = [life["found"] / max(1, life["visits"]) for life in (learned, by_level)]
    line = {
        "mode": "loop",
        **size,
        "learned": learned,
        "by_level": by_level,
        "gain": round(per_visit[0] / max(per_visit[1], 1e-9) - 1, 3),
    }
    if draws:
        line |= {"draws": draws, "covered": coverage(draws, seed)}
    print(json.dumps(line, ensure_ascii=False, indent=1))
    if record:
        keep(conditions() | line)


if __name__ == "__main__":
    typer.run(main)
