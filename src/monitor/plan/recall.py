"""A past night's tables, made again in memory from its run folder, so that rules can be asked again.

The working database does not outlive a night; people, places, facts and hits do. Names, phones and addresses are not read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from monitor.contracts import Fact, facts
from monitor.contracts.facts import Unit
from monitor.store import identifier, literal, stored
from monitor.vocabulary import NO_COUNTY, POINTS

UNITS: tuple[Unit, ...] = ("person", "household")

# the place of a person in the file is already the household's where there is one
_PLACE = f"""
create or replace table core.place as
with places as (
    select village_code, area_kind from {{person}}
    union
    select village_code, area_kind from {{household}}
)
select
    cast(row_number() over (order by village_code nulls first, area_kind) as integer) as place_id,
    coalesce(village_code, getvariable('region')) as region_code,
    area_kind, village_code,
    left(village_code, 9) as township,
    coalesce(left(village_code, 6), '{NO_COUNTY}') as county,
    left(village_code, 4) as prefecture
from places
"""
_HOUSEHOLD = """
create or replace table core.household as
select
    id_key(home.head) as household, home.household as household_id, id_key(home.head) as head, home.member_count,
    home.village_code, home.township, home.county, home.area_kind, place.place_id
from {household} as home
join core.place as place on place.village_code is not distinct from home.village_code and place.area_kind = home.area_kind
"""
_PERSON = """
create or replace table core.person as
select
    id_key(one.id_no) as person, one.id_no, home.household, one.household as household_id, one.is_member, one.is_living,
    one.village_code, one.township, one.county, one.area_kind, place.place_id
from {person} as one
join core.place as place on place.village_code is not distinct from one.village_code and place.area_kind = one.area_kind
left join core.household as home on home.household_id = one.household
"""
# the reason in words is not kept in the file; nothing that is counted reads it
_HITS = """
create or replace temp table {table} as
with keyed as (
    -- joins by one equality each: a condition on the left side alone would make them nested loops
    select
        *,
        case unit when 'household' then subject end as own_id,
        case unit when 'person' then id_key(subject) end as person_key
    from {hits}
)
select
    keyed.indicator, keyed.unit, keyed.direction, keyed.level, weight.points, keyed.family,
    coalesce(own.household, person.person) as subject,
    whose.household,
    coalesce(whose.household, own.household, person.person) as case_subject,
    keyed.county,
    coalesce(own.township, person.township) as township,
    keyed.evidence, keyed.measure, '' as reason_zh
from keyed
join (values {points}) as weight(level, points) on weight.level = keyed.level
left join core.household as own on own.household_id = keyed.own_id
left join core.person as person on person.person = keyed.person_key
left join core.household as whose on whose.household_id = keyed.household
"""
# the rows that were in force somewhere that night are kept; among them the same order decides as on the night
_RESOLVED = """
create or replace table parameters.resolved as
select place.place_id, kept.*
from core.place as place
join {kept} as kept
    on (kept.region_code = '00' or starts_with(place.region_code, kept.region_code))
    and kept.area_kind in ('any', place.area_kind)
qualify row_number() over (
    partition by place.place_id, kept.parameter
    order by
        if(kept.region_code = '00', 0, length(kept.region_code)) desc, kept.valid_from desc, kept.area_kind <> 'any' desc
) = 1
"""
_PLACED: Mapping[Unit, tuple[str, ...]] = {
    "person": ("person", "household", "place_id", "county", "township", "village_code", "is_member", "is_living"),
    "household": ("household", "place_id", "county", "township", "village_code"),
}


def recall_people(connection: duckdb.DuckDBPyConnection, run: Path) -> None:
    """Make core.place, core.household, core.person and deliveries.freshness as they were.

    Args:
        connection: a database in memory with the session variables `as_of` and `region`.
        run: the run folder.
    """
    files = {name: stored(run / f"{name}.parquet") for name in ("person", "household")}
    for statement in (_PLACE, _HOUSEHOLD, _PERSON):
        connection.execute(statement.format(**files))
    connection.execute(f"create or replace table deliveries.freshness as from {stored(run / 'freshness.parquet')}")


def recall_parameters(connection: duckdb.DuckDBPyConnection, run: Path, names: Collection[str]) -> list[str]:
    """Make parameters.resolved and parameters.in_force as they were; return the numbers asked for that the night did not have.

    Args:
        connection: after `recall_people`.
        run: the run folder.
        names: parameters that are needed.
    """
    connection.execute(_RESOLVED.format(kept=stored(run / "parameters.parquet")))
    known = {name for (name,) in connection.execute("select distinct parameter from parameters.resolved").fetchall()}
    wanted = dict.fromkeys(names)
    columns = "".join(
        f", max(value) filter (where parameter = {literal(name)}) as {identifier(name)}" for name in wanted if name in known
    )
    connection.execute(
        f"create or replace table parameters.in_force as select place_id{columns} from parameters.resolved group by place_id"
    )
    return [name for name in wanted if name not in known]


def recall_facts(
    connection: duckdb.DuckDBPyConnection,
    run: Path,
    unit: Unit,
    names: Collection[str],
    *,
    derived: Mapping[str, str] | None = None,
    only: str | None = None,
) -> None:
    """Make the table facts.<unit> with the facts asked for, in the order of their file.

    Args:
        connection: after `recall_people`.
        run: the run folder.
        unit: person or household.
        names: facts that are needed; reading fewer columns is what makes this fast.
        derived: fact -> table with the unit's key that holds it anew; the others are read from the run.
        only: a select of the keys of the subjects that are needed; everybody when not given.
    """
    derived = derived or {}
    needed = [name for name in facts(unit) if name in names]
    columns = [f"subject.{name}" for name in _PLACED[unit]]
    columns += [f"{derived[n]}.{identifier(n)}" if n in derived else f"kept.{identifier(n)}" for n in needed]
    joins = "".join(
        f" left join {table} on {table}.{unit} = subject.{unit}"
        for table in dict.fromkeys(derived[name] for name in needed if name in derived)
    )
    within = f" where subject.{unit} in ({only})" if only else ""
    connection.execute(
        f"create or replace table facts.{unit} as select {', '.join(columns)} from core.{unit} as subject "
        f"join {stored(run / f'facts_{unit}.parquet')} as kept on kept.subject = {_id_column(unit)}"
        f"{joins}{within}"
    )


def recall_topic(connection: duckdb.DuckDBPyConnection, run: Path, unit: Unit, table: str, declared: Collection[Fact]) -> None:
    """Make the view facts.<table> of a topic from the facts that the run kept of it."""
    columns = ", ".join(f"kept.{identifier(fact.name)}" for fact in declared)
    connection.execute(
        f"create or replace view facts.{table} as select subject.{unit}, {columns} from core.{unit} as subject "
        f"join {stored(run / f'facts_{unit}.parquet')} as kept on kept.subject = {_id_column(unit)}"
    )


def recall_hits(connection: duckdb.DuckDBPyConnection, run: Path, table: str) -> None:
    """Make a temporary table like hits.hit of what hit that night; the reasons in words stay empty."""
    points = ", ".join(f"({literal(level.value)}, {points})" for level, points in POINTS.items())
    connection.execute(_HITS.format(table=table, hits=stored(run / "hits.parquet"), points=points))


def _id_column(unit: Unit) -> str:
    return "subject.id_no" if unit == "person" else "subject.household_id"
