"""Which value of which parameter is in force in which place on the as-of date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from monitor.errors import Fault, ParameterMissing
from monitor.parameters.load import DECIMALS, NATION, Parameters, load_parameters
from monitor.store import identifier, literal

_VALUES = pa.schema(
    {
        "parameter": pa.string(),
        "region_code": pa.string(),
        "area_kind": pa.string(),
        "valid_from": pa.date32(),
        "value": pa.decimal128(18, DECIMALS),
        "document": pa.string(),
    }
)

# The rule: a row speaks for a place when its region code begins the place's (the nation's is empty), its area kind is any or
# the place's, and it is in force at D. The longest region wins, then the newest day, then the row that names the area kind.
_RESOLVED = """
create or replace table parameters.resolved as
with candidates as (
    select
        place.place_id, v.parameter, v.value, v.region_code, v.area_kind, v.valid_from, v.document,
        row_number() over (
            partition by place.place_id, v.parameter
            order by length(v.prefix) desc, v.valid_from desc, v.area_kind <> 'any' desc
        ) as rank
    from core.place as place
    join (select *, if(region_code = {nation}, '', region_code) as prefix from parameters.value) as v
        on starts_with(place.region_code, v.prefix)
        and v.area_kind in ('any', place.area_kind)
        and v.valid_from <= {as_of}
)
select place_id, parameter, value, region_code, area_kind, valid_from, document
from candidates
where rank = 1
order by place_id, parameter
"""

_MISSING = """
select a.parameter, if(place.county = '000000', place.region_code, place.county) as region, place.area_kind, count(*) as places
from core.place as place
cross join (select unnest({names}) as parameter) as a
anti join parameters.resolved as r on r.place_id = place.place_id and r.parameter = a.parameter
group by all
order by all
"""


def resolve_parameters(connection: duckdb.DuckDBPyConnection, as_of: date, folders: Sequence[Path] = ()) -> None:
    """Make `parameters.resolved` and `parameters.in_force` for every place of `core.place`.

    Args:
        connection: the working database; reads `core.place`.
        as_of: D.
        folders: an installation's own parameter files, see `load_parameters`.

    Raises:
        CatalogueInvalid: parameter files are wrong.
        ParameterMissing: some place has no value of some parameter at D; names all of them.
    """
    parameters = load_parameters(folders)
    _put_values(connection, parameters)
    connection.execute(_RESOLVED.format(nation=literal(NATION), as_of=literal(as_of)))
    _check_none_missing(connection, parameters, as_of)
    columns = ", ".join(
        f"max(value) filter (where parameter = {literal(name)}) as {identifier(name)}" for name in parameters.index
    )
    connection.execute(
        "create or replace table parameters.in_force as "
        f"select place_id, {columns} from parameters.resolved group by place_id order by place_id"
    )


def _put_values(connection: duckdb.DuckDBPyConnection, parameters: Parameters) -> None:
    rows = [{name: getattr(value, name) for name in _VALUES.names} for value in parameters.values]
    connection.register("parameter_values", pa.Table.from_pylist(rows, schema=_VALUES))
    connection.execute("create or replace table parameters.value as from parameter_values")
    connection.unregister("parameter_values")


def _check_none_missing(connection: duckdb.DuckDBPyConnection, parameters: Parameters, as_of: date) -> None:
    names = "[" + ", ".join(map(literal, parameters.index)) + "]"
    missing = connection.execute(_MISSING.format(names=names)).fetchall()
    if missing:
        faults = [
            Fault(
                f"{parameter}, region {region}, {area_kind}, {as_of}",
                f"no value in force for {places} place{'s' if places > 1 else ''}",
                why="a rule without its number can say neither hit nor clear",
                remedy=f"add a row to {parameter}.csv with valid_from on or before {as_of}",
            )
            for parameter, region, area_kind, places in missing
        ]
        raise ParameterMissing(f"Parameters have no value in force on {as_of}; nothing was evaluated.", faults)
