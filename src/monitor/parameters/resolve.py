"""Which value of which parameter is in force in which place on the as-of date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from monitor.errors import Fault, ParameterMissing
from monitor.parameters.load import DECIMALS, NATION, Parameters, load_parameters
from monitor.store import identifier, literal

# A row speaks for a place when its region code begins the place's (the nation's is empty). The regions that speak for a place
# are prefixes of one another, so the longest of them and the area kind decide everything: a profile. They are few,
# so a place's values are a view over its profile's.
_PROFILE = """
create or replace table parameters.profile as
select place.place_id, place.area_kind, max(v.prefix) as nearest
from core.place as place
join (select distinct prefix from parameters.value) as v on starts_with(place.region_code, v.prefix)
group by place.place_id, place.area_kind
"""

# The rule: of the rows in force at D the longest region wins, then the newest day, then the row that names the area kind.
_ANSWER = """
create or replace table parameters.answer as
with candidates as (
    select
        profile.nearest, profile.area_kind as asked_kind, v.*,
        row_number() over (
            partition by profile.nearest, profile.area_kind, v.parameter
            order by length(v.prefix) desc, v.valid_from desc, v.area_kind <> 'any' desc
        ) as rank
    from (select distinct nearest, area_kind from parameters.profile) as profile
    join parameters.value as v
        on starts_with(profile.nearest, v.prefix)
        and v.area_kind in ('any', profile.area_kind)
        and v.valid_from <= {as_of}
)
select nearest, asked_kind, parameter, value, region_code, area_kind, valid_from, document
from candidates
where rank = 1
"""

_RESOLVED = """
create or replace view parameters.resolved as
select profile.place_id, a.parameter, a.value, a.region_code, a.area_kind, a.valid_from, a.document
from parameters.profile as profile
join parameters.answer as a on a.nearest = profile.nearest and a.asked_kind = profile.area_kind
"""

_IN_FORCE = """
create or replace table parameters.in_force as
with wide as (
    select nearest, asked_kind, {columns}
    from parameters.answer
    group by nearest, asked_kind
)
select profile.place_id, wide.* exclude (nearest, asked_kind)
from parameters.profile as profile
join wide on wide.nearest = profile.nearest and wide.asked_kind = profile.area_kind
order by profile.place_id
"""

_MISSING = """
select a.parameter, if(place.county = '000000', place.region_code, place.county) as region, place.area_kind, count(*) as places
from core.place as place
cross join (select unnest({names}) as parameter) as a
anti join parameters.resolved as r on r.place_id = place.place_id and r.parameter = a.parameter
group by all
order by all
"""


def resolve_parameters(connection: duckdb.DuckDBPyConnection, as_of: date, folders: Sequence[Path] = ()) -> str:
    """Make `parameters.resolved` and `parameters.in_force` for every place of `core.place`.

    Args:
        connection: the working database; reads `core.place`.
        as_of: D.
        folders: an installation's own parameter files, see `load_parameters`.

    Returns:
        sha256 of all values that were read, those of other days and places too.

    Raises:
        CatalogueInvalid: parameter files are wrong.
        ParameterMissing: some place has no value of some parameter at D; names all of them.
    """
    parameters = load_parameters(folders)
    _put_values(connection, parameters)
    connection.execute(_PROFILE)
    connection.execute(_ANSWER.format(as_of=literal(as_of)))
    connection.execute(_RESOLVED)
    _check_none_missing(connection, parameters, as_of)
    columns = ", ".join(
        f"max(value) filter (where parameter = {literal(name)}) as {identifier(name)}" for name in parameters.index
    )
    connection.execute(_IN_FORCE.format(columns=columns))
    return parameters.sha256


def _put_values(connection: duckdb.DuckDBPyConnection, parameters: Parameters) -> None:
    import pyarrow as pa  # here: who only reads parameters should not wait for it

    schema = pa.schema(
        {
            "parameter": pa.string(),
            "region_code": pa.string(),
            "area_kind": pa.string(),
            "valid_from": pa.date32(),
            "value": pa.decimal128(18, DECIMALS),
            "document": pa.string(),
        }
    )
    rows = [{name: getattr(value, name) for name in schema.names} for value in parameters.values]
    connection.register("parameter_values", pa.Table.from_pylist(rows, schema=schema))
    connection.execute(
        "create or replace table parameters.value as "
        f"select *, if(region_code = {literal(NATION)}, '', region_code) as prefix from parameter_values"
    )
    connection.unregister("parameter_values")


def _check_none_missing(connection: duckdb.DuckDBPyConnection, parameters: Parameters, as_of: date) -> None:
    names = "[" + ", ".join(map(literal, parameters.index)) + "]"
    missing = connection.execute(_MISSING.format(names=names)).fetchall()
    if missing:
        faults = [
            Fault(
                f"{parameter}, region {region}, {area_kind}, {as_of}",
                f"{places} 个地方没有生效的值",
                why="没有界限的指标既不能报也不能排除",
                remedy=f"在 {parameter}.csv 补一行，valid_from 不晚于 {as_of}",
            )
            for parameter, region, area_kind, places in missing
        ]
        raise ParameterMissing(f"{as_of} 有参数没有生效的值，没有比对。", faults)
