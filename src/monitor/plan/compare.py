"""Before and after, side by side: who joins and leaves the lists, colours, points, hits and the visits of a week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from monitor.errors import Fault, UsageError
from monitor.store import literal, stored

EXAMPLES = 20
COUNTIES = 10  # that a message names

# table `<which>_case`: one row per open case, audits left out; `<which>_hit`: hits by indicator
_CASES = """
create or replace temp table {which}_case as
select
    one.kind, one.subject, one.household, one.county, one.township, one.colour, one.points, one.state, one.indicators,
    listed.case_no is not null as is_listed
from {cases} as one
left join {listed} as listed on listed.case_no = one.case_no
where one.state not in ('cleared', 'closed') and one.kind <> 'audit'
"""
_HITS = "create or replace temp table {which}_hit as select indicator, count(*) as hits from {hits} group by indicator"

_MOVED = """
create or replace temp table moved as
select
    coalesce(a.kind, b.kind) as kind, coalesce(a.subject, b.subject) as subject,
    coalesce(a.household, b.household) as household,
    coalesce(a.county, b.county) as county, coalesce(a.township, b.township) as township,
    b.colour as colour_before, a.colour as colour_after, b.points as points_before, a.points as points_after,
    coalesce(b.indicators, '') as indicators_before, coalesce(a.indicators, '') as indicators_after,
    coalesce(b.is_listed, false) as was_listed, coalesce(a.is_listed, false) as is_listed
from before_case as b
full join after_case as a on a.kind = b.kind and a.subject = b.subject
"""
_MOVEMENTS = """
select
    kind, county, count_if(was_listed), count_if(is_listed), count_if(is_listed and not was_listed),
    count_if(was_listed and not is_listed), count_if(was_listed and is_listed)
from moved group by kind, county order by kind desc, county
"""
_COLOURS = """
select kind, coalesce(colour_before, ''), coalesce(colour_after, ''), count(*) from moved group by all order by all
"""
_POINTS = """
select kind, cast(coalesce(sum(points_before), 0) as bigint), cast(coalesce(sum(points_after), 0) as bigint)
from moved group by kind order by kind desc
"""
_INDICATOR_HITS = """
select code, coalesce(b.hits, 0), coalesce(a.hits, 0)
from (select unnest({codes}::varchar[]) as code)
left join before_hit as b on b.indicator = code
left join after_hit as a on a.indicator = code
order by code
"""
# the places of a week are those of the townships; a township has one number, the largest if its villages differ
_CAPACITY = """
with township as (
    select place.county, place.township, cast(max(p.visits_per_week) as decimal(18,0)) as places
    from core.place as place
    join parameters.in_force as p on p.place_id = place.place_id
    where place.township is not null
    group by all
),
joined as (
    select township, count(*) as visits from moved where kind = 'visit' and is_listed and not was_listed group by township
)
select
    township.county, cast(coalesce(sum(joined.visits), 0) as bigint), cast(sum(township.places) as bigint),
    coalesce(count_if(joined.visits > township.places), 0)
from township
left join joined on joined.township = township.township
group by township.county order by township.county
"""
_EXAMPLES = """
with shown as (
    select * from moved where is_listed <> was_listed
    order by sha256(subject || '|' || kind || '|' || getvariable('as_of')), subject limit {limit}
),
heads as (
    select household as subject, name, head as id_no from kept_household
    union all
    select subject, name, id_no from kept_person where household is null
)
select
    shown.kind, shown.is_listed, coalesce(region.full_name, '地址不详'), left(heads.name, 1) || '某', right(heads.id_no, 4),
    coalesce(colour_before, ''), coalesce(colour_after, ''), indicators_before, indicators_after
from shown
left join heads on heads.subject = shown.subject
left join region on region.code = shown.township
order by shown.kind desc, shown.is_listed desc, shown.county, shown.township, sha256(shown.subject), shown.subject
"""
_STILL = """
select r.region_code, r.area_kind, r.value, count(distinct place.place_id)
from parameters.resolved as r
join core.place as place on place.place_id = r.place_id
where r.parameter = {name} and starts_with(place.region_code, {prefix}) and r.document <> '试算'
group by all order by all
"""


@dataclass(frozen=True)
class Movement:
    """One kind of list in one county: households before, after, joining, leaving, in both."""

    kind: str
    county: str
    before: int
    after: int
    joined: int
    left: int
    both: int


@dataclass(frozen=True)
class Week:
    """A county's new visits against the places of a week; `over` townships have more new visits than places."""

    county: str
    visits: int
    places: int
    over: int


@dataclass(frozen=True)
class Example:
    """A household that would join or leave, masked: surname and the last four of an ID."""

    kind: str
    joins: bool
    place: str
    name: str
    id_tail: str
    colour_before: str
    colour_after: str
    indicators_before: tuple[str, ...]
    indicators_after: tuple[str, ...]


@dataclass(frozen=True)
class Effect:
    """What a change does to a night.

    Attributes:
        as_of: the night.
        movements: per kind and county.
        colours: (kind, colour before, colour after) -> open cases; an empty colour is no case.
        points: kind -> (before, after), over all open cases.
        hits: indicator -> (before, after), for those that the change touches.
        weeks: per county.
        examples: at most 20, drawn by a hash.
        regions: code -> name of the counties above.
        notices: what the reader should know, in Chinese.
    """

    as_of: date
    movements: tuple[Movement, ...]
    colours: dict[tuple[str, str, str], int]
    points: dict[str, tuple[int, int]]
    hits: dict[str, tuple[int, int]]
    weeks: tuple[Week, ...]
    examples: tuple[Example, ...]
    regions: dict[str, str]
    notices: tuple[str, ...]


def keep_made(connection: duckdb.DuckDBPyConnection, which: str) -> None:
    """Keep what was just made (`cases.*`, `hits.hit`) as `before` or `after`."""
    connection.execute(_CASES.format(which=which, cases="cases.case", listed="cases.listed"))
    connection.execute(_HITS.format(which=which, hits="hits.hit"))


def keep_run(connection: duckdb.DuckDBPyConnection, which: str, run: Path) -> None:
    """Keep what a run folder holds as `before`."""
    files = {name: stored(run / f"{name}.parquet") for name in ("cases", "listed", "hits")}
    connection.execute(_CASES.format(which=which, cases=files["cases"], listed=files["listed"]))
    connection.execute(_HITS.format(which=which, hits=files["hits"]))


def keep_people(connection: duckdb.DuckDBPyConnection, run: Path) -> None:
    """Name what the examples take surnames and places from."""
    for view, name in (("kept_household", "household"), ("kept_person", "person"), ("region", "region")):
        connection.execute(f"create or replace temp view {view} as from {stored(run / f'{name}.parquet')}")


def must_be_lived_in(connection: duckdb.DuckDBPyConnection, region: str) -> None:
    """Refuse a region where nobody of that night lives: the change would reach nobody, and its code is likely mistyped.

    Raises:
        UsageError: names the counties that somebody lives in.
    """
    there = f"select 1 from core.place where starts_with(region_code, {literal('' if region == '00' else region)}) limit 1"
    if connection.execute(there).fetchall():
        return
    counties = _rows(
        connection,
        "select distinct place.county, region.full_name from core.place as place "
        f"join region on region.code = place.county order by 1 limit {COUNTIES}",
    )
    allowed = "、".join(f"{code}（{name}）" for code, name in counties)
    why, remedy = "改动影响不到任何人，多半是代码写错", "核对区划代码；省、市、县、乡镇、村的代码都可以"
    raise UsageError("试算的地区有误，没有计算。", [Fault("--region", f"{region} 里没有任何人", allowed, why, remedy)])


def notices(connection: duckdb.DuckDBPyConnection, values: Mapping[str, Decimal], region: str) -> list[str]:
    """Where a finer or other row keeps its own value, so that the change does not reach there."""
    prefix = literal("" if region == "00" else region)
    told = []
    for name in values:
        for code, kind, value, places in connection.execute(_STILL.format(name=literal(name), prefix=prefix)).fetchall():
            told.append(f"{name}：{places}处地方按 {code}（{kind}）自己的规定 {value.normalize():f} 执行，不受这次改动影响。")
    return told


def effect(connection: duckdb.DuckDBPyConnection, as_of: date, touched: Sequence[str], told: Sequence[str]) -> Effect:
    """Compare `before` and `after`.

    Args:
        connection: after `keep_made` or `keep_run` for both, and `keep_people`.
        as_of: the night.
        touched: codes of the indicators that were asked anew.
        told: notices.
    """
    connection.execute(_MOVED)
    codes = "[" + ", ".join(map(literal, touched)) + "]"
    return Effect(
        as_of=as_of,
        movements=tuple(Movement(*row) for row in _rows(connection, _MOVEMENTS)),
        colours={(kind, before, after): count for kind, before, after, count in _rows(connection, _COLOURS)},
        points={kind: (before, after) for kind, before, after in _rows(connection, _POINTS)},
        hits={code: (before, after) for code, before, after in _rows(connection, _INDICATOR_HITS.format(codes=codes))},
        weeks=tuple(Week(*row) for row in _rows(connection, _CAPACITY)),
        examples=_examples(connection),
        regions=dict(_rows(connection, "select code, full_name from region where code in (select county from core.place)")),
        notices=tuple(told),
    )


def _examples(connection: duckdb.DuckDBPyConnection) -> tuple[Example, ...]:
    rows = _rows(connection, _EXAMPLES.format(limit=EXAMPLES))
    return tuple(Example(*(*told, _codes(before), _codes(after))) for *told, before, after in rows)


def _codes(listed: str) -> tuple[str, ...]:
    return tuple(filter(None, listed.split(",")))


def _rows(connection: duckdb.DuckDBPyConnection, select: str) -> list[tuple[Any, ...]]:
    return connection.execute(select).fetchall()
