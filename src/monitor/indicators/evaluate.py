"""Ask every indicator of everybody: hits row by row with their evidence, everything else as counts by county."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from monitor.indicators.compile import CompiledRule, compile_rule, inlined, joined
from monitor.indicators.indicator import Indicator
from monitor.indicators.load import Catalogue
from monitor.indicators.say import evidence_sql, reason_sql
from monitor.store import identifier, literal, literals, write_parquet

# indicators counted in one pass over the facts: larger batches hold more columns of a row group at a time
_BATCH = 12
_ASKED = {"members": "f.is_member", "living": "f.is_living", "everybody": "true"}

_HIT_TABLE = """
create or replace table hits.hit (
    indicator varchar, unit varchar, direction varchar, level varchar, points integer, family varchar,
    subject bigint, household bigint, case_subject bigint, county varchar, township varchar,
    evidence varchar, measure decimal(18,4), reason_zh varchar
)
"""
_COVERAGE_TABLE = """
create or replace table hits.coverage (
    indicator varchar, county varchar, hit bigint, clear bigint, unknown bigint, exempt bigint
)
"""
# the unit is asked inside the key: as a condition of its own beside the key it would turn the hash join into a nested loop
_HITS = """
select
    hit.indicator, hit.unit,
    if(hit.unit = 'person', id_text(hit.subject), own.household_id) as subject,
    whose.household_id as household, hit.county, hit.level, hit.evidence, hit.measure,
    hit.direction, hit.family
from hits.hit
left join core.household as own on own.household = if(hit.unit = 'household', hit.subject, null)
left join core.household as whose on whose.household = hit.household
order by hit.indicator, subject
"""
_COVERAGE = "select indicator, county, hit, clear, unknown, exempt from hits.coverage order by indicator, county"


@dataclass(frozen=True)
class Tonight:
    """What all rules of a night share.

    Attributes:
        as_of: D.
        uniform: parameter -> its value, for those that have one value in all places.
        delivered: extract -> newest accepted delivery.
    """

    as_of: date
    uniform: dict[str, Decimal]
    delivered: dict[str, date | None]

    def parameters(self, indicator: Indicator) -> dict[str, str]:
        """The SQL of each parameter that an indicator names."""
        return {name: inlined(self.uniform[name]) if name in self.uniform else joined(name) for name in indicator.parameters}

    def source(self, indicators: list[Indicator]) -> str:
        """The facts of a unit as `f`, with the parameters of the place as `p` only where one of them varies."""
        varies = any(name not in self.uniform for indicator in indicators for name in indicator.parameters)
        join = " left join parameters.in_force as p on p.place_id = f.place_id" if varies else ""
        return f"facts.{indicators[0].unit} as f{join}"

    def compiled(self, indicator: Indicator) -> CompiledRule:
        return compile_rule(indicator.rule, self.parameters(indicator))


def evaluate(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> dict[str, Any]:
    """Make `hits.hit` and `hits.coverage`.

    Args:
        connection: the working database; reads facts.person, facts.household, parameters.in_force and
            deliveries.freshness, and the session variable `as_of`.
        catalogue: the indicators; those not in force at D are not asked.

    Returns:
        counts for the night's summary: indicators asked, hits (whole, by direction and by domain), and the indicators that
        could judge nobody.
    """
    tonight = read_tonight(connection)
    asked = catalogue.in_force(tonight.as_of)
    connection.execute(_HIT_TABLE)
    connection.execute(_COVERAGE_TABLE)
    for indicator in asked:
        connection.execute(f"insert into hits.hit {_hit_select(indicator, tonight)}")
    for batch in _batches(asked):
        connection.execute(f"insert into hits.coverage {_coverage_select(batch, tonight)}")
    return _summary(connection, asked)


def judge(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, pairs: str) -> None:
    """Make `hits.judged` (indicator, subject, outcome): what tonight says of given subjects.

    Args:
        connection: the working database, as for `evaluate`.
        catalogue: the indicators.
        pairs: name of a table with indicator VARCHAR and subject BIGINT; may hold indicators that no longer exist.

    The outcome is one of the four; `not_known`: nobody knows the person tonight; or `not_asked`: the indicator is not in force,
    or the subject is not among those whom it is asked of, or a household that is gone.
    """
    tonight = read_tonight(connection)
    named = {code for (code,) in connection.execute(f"select distinct indicator from {pairs}").fetchall()}
    in_force = [indicator for indicator in catalogue.in_force(tonight.as_of) if indicator.code in named]
    selects = [_judged_select(indicator, tonight, pairs) for indicator in in_force]
    of_people = literals([indicator.code for indicator in in_force if indicator.unit == "person"])
    nobody = "select null::varchar as indicator, null::bigint as subject, null::varchar as outcome where false"
    connection.execute(
        f"create or replace table hits.judged as with said as ({' union all '.join(selects or [nobody])}) "
        "select asked.indicator, asked.subject, "
        "coalesce(said.outcome, if(asks_people and person.person is null, 'not_known', 'not_asked')) as outcome "
        f"from (select distinct indicator, subject, indicator in {of_people} as asks_people from {pairs}) as asked "
        "left join said on said.indicator = asked.indicator and said.subject = asked.subject "
        f"left join (select person from facts.person where person in (select subject from {pairs})) as person "
        "on person.person = asked.subject "
        "order by asked.indicator, asked.subject"
    )


def write_hits(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """Write `hits.parquet` and `coverage.parquet`; return their rows. Restricted: subjects stand there by ID."""
    return {
        "hits.parquet": write_parquet(connection, _HITS, folder / "hits.parquet"),
        "coverage.parquet": write_parquet(connection, _COVERAGE, folder / "coverage.parquet"),
    }


def read_tonight(connection: duckdb.DuckDBPyConnection) -> Tonight:
    """Read what all rules of a night share."""
    row = connection.execute("select getvariable('as_of')").fetchone()
    assert row is not None
    found = connection.execute(
        "select parameter, min(value) from parameters.resolved group by parameter having min(value) = max(value)"
    ).fetchall()
    delivered = connection.execute("select extract, newest_delivery from deliveries.freshness").fetchall()
    return Tonight(as_of=row[0], uniform=dict(found), delivered=dict(delivered))


def is_asked(indicator: Indicator) -> str:
    """Of which subjects an indicator is asked, as a condition over `f`."""
    return _ASKED[indicator.asked] if indicator.unit == "person" else "true"


def _hit_select(indicator: Indicator, tonight: Tonight) -> str:
    parameters = tonight.parameters(indicator)
    fixed = (
        indicator.code,
        indicator.unit,
        indicator.direction.value,
        indicator.level.value,
        indicator.points,
        indicator.family,
    )
    case = "coalesce(f.household, f.person)" if indicator.unit == "person" else "f.household"
    measure = f"f.{identifier(indicator.measure.fact)}" if indicator.measure else "null"
    columns = [
        *map(literal, fixed),
        *(f"f.{indicator.unit}", "f.household", case, "f.county", "f.township"),
        evidence_sql(indicator, parameters, tonight.delivered),
        f"cast({measure} as decimal(18,4))",
        reason_sql(indicator, parameters, tonight.delivered, tonight.as_of),
    ]
    condition = f"{is_asked(indicator)} and {tonight.compiled(indicator).hit}"
    return f"select {', '.join(columns)} from {tonight.source([indicator])} where {condition}"


def _judged_select(indicator: Indicator, tonight: Tonight, pairs: str) -> str:
    code = literal(indicator.code)
    return (
        f"select {code} as indicator, f.{indicator.unit} as subject, {tonight.compiled(indicator).outcome} as outcome "
        f"from {tonight.source([indicator])} where {is_asked(indicator)} "
        f"and f.{indicator.unit} in (select subject from {pairs} where indicator = {code})"
    )


def _coverage_select(batch: list[Indicator], tonight: Tonight) -> str:
    """Count a batch in one pass. What is open is hit or unknown, the hits are known, clear is what remains of those asked: the
    few that are open cost less to count than the many that are clear, and the four always add up.
    """
    counts: dict[str, str] = {}

    def counted(condition: str) -> str:
        return counts.setdefault(f"count(*) filter (where {condition})", f"count_{len(counts)}")

    rows = []
    for indicator in batch:
        asked, rule = is_asked(indicator), tonight.compiled(indicator)
        exempt = counted(f"{asked} and {rule.exempt}") if indicator.rule.unless else "0"
        rows.append(
            f"select {literal(indicator.code)} as indicator, county, {counted(asked)} as asked, "
            f"{counted(f'{asked} and {rule.open}')} as open, {exempt} as exempt from counted"
        )
    columns = ", ".join(f"{count} as {name}" for count, name in counts.items())
    return (
        f"with counted as materialized (select f.county, {columns} from {tonight.source(batch)} group by f.county), "
        f"told as ({' union all '.join(rows)}), "
        "fired as (select indicator, county, count(*) as hit from hits.hit group by indicator, county) "
        "select told.indicator, told.county, coalesce(fired.hit, 0), told.asked - told.open - told.exempt, "
        "told.open - coalesce(fired.hit, 0), told.exempt "
        "from told left join fired on fired.indicator = told.indicator and fired.county is not distinct from told.county"
    )


def _batches(indicators: list[Indicator]) -> Iterator[list[Indicator]]:
    for unit in ("person", "household"):
        same = [indicator for indicator in indicators if indicator.unit == unit]
        for start in range(0, len(same), _BATCH):
            yield same[start : start + _BATCH]


def _summary(connection: duckdb.DuckDBPyConnection, asked: list[Indicator]) -> dict[str, Any]:
    by_direction = "select direction, count(*) from hits.hit group by all order by all"
    by_domain = "select left(indicator, 3), count(*) from hits.hit group by all order by all"
    blind = (
        "select indicator from hits.coverage group by indicator "
        "having sum(hit) + sum(clear) = 0 and sum(unknown) > 0 order by indicator"
    )
    directions = dict(connection.execute(by_direction).fetchall())
    return {
        "indicators": len(asked),
        "hits": sum(directions.values()),
        "hits_by_direction": directions,
        "hits_by_domain": dict(connection.execute(by_domain).fetchall()),
        "indicators_that_judged_nobody": [code for (code,) in connection.execute(blind).fetchall()],
    }
