"""The list of divisions, and the table of every code that a night meets."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv

REGIONS: Final = Path(str(files("monitor"))) / "regions" / "yunnan.csv"

# a code the list does not know keeps its code as its name: a made-up or new division must stay visible, not vanish
_REGION = """
create or replace table core.region as
with met as (
    select unnest([left(region_code, 2), prefecture, nullif(county, '000000'), township, village_code]) as code
    from core.place
),
codes as (
    select code from listed
    union
    select code from met where code is not null
),
named as (
    select
        codes.code,
        coalesce(listed.name, codes.code) as name,
        case length(codes.code)
            when 2 then 'province' when 4 then 'prefecture' when 6 then 'county' when 9 then 'township' else 'village'
        end as level,
        case length(codes.code)
            when 4 then left(codes.code, 2) when 6 then left(codes.code, 4)
            when 9 then left(codes.code, 6) when 12 then left(codes.code, 9)
        end as parent
    from codes
    left join listed using (code)
)
select
    one.code,
    one.name,
    one.level,
    one.parent,
    concat(
        (select name from listed where code = left(one.code, 2) and length(one.code) > 2),
        (select name from listed where code = left(one.code, 4) and length(one.code) > 4),
        (select name from listed where code = left(one.code, 6) and length(one.code) > 6),
        (select name from listed where code = left(one.code, 9) and length(one.code) > 9),
        one.name
    ) as full_name
from named as one
order by one.code
"""


def region_names() -> pa.Table:
    """The divisions of the list: `code` (2, 4, 6, 9 or 12 digits) and `name`, both text, in the order of the code."""
    options = pacsv.ConvertOptions(column_types={"code": pa.string(), "name": pa.string()})
    return pacsv.read_csv(REGIONS, convert_options=options)


def counties_named(text: str, at_most: int = 5) -> str:
    """Counties whose name holds a text, as `530622 巧家县` joined for a message; empty if there is none."""
    names = region_names().to_pylist()
    found = [f"{one['code']} {one['name']}" for one in names if len(one["code"]) == 6 and text and text in one["name"]]
    return " 或 ".join(found[:at_most])


def load_regions(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `core.region(code, name, level, parent, full_name)`: every listed division and every one that `core.place` has.

    level is province, prefecture, county, township or village; full_name goes from the province down. A code that the list
    does not know has the code itself as its name.
    """
    connection.register("listed", region_names())
    try:
        connection.execute(_REGION)
    finally:
        connection.unregister("listed")
