"""Case numbers that a household already has, when a night is run again: lists with them are in the field, answers will come."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from monitor.store import stored

_COLUMNS = "kind varchar, case_no varchar, subject varchar, household varchar, opened_on date, county varchar, number bigint"
# of one number the first file speaks
_SELECT = """
insert into cases.handed_out
with given as (
    {every}
)
select
    any_value(kind), case_no, arg_min(subject, place), arg_min(household, place),
    strptime(split_part(case_no, '-', 2), '%Y%m%d')::date, substr(case_no, 2, 6), split_part(case_no, '-', 3)::bigint,
    bool_or(is_taken)
from given
group by case_no
"""
_FILE = "select kind, case_no, subject, household, {place} as place, {taken} as is_taken from {rows}"
_AUDITS = "select 'audit', case_no, subject, subject, {place}, {taken} from {rows}"


def load_handed_out(connection: duckdb.DuckDBPyConnection, versions: Iterable[Path], before: Iterable[Path]) -> None:
    """Make `cases.handed_out`: every number that versions of tonight or of later nights gave; empty when there are none.

    Args:
        connection: the working database.
        versions: run folders made before that are or were real, of tonight and later; of one number the first speaks.
        before: run folders of the nights before tonight; their numbers are taken.
    """
    connection.execute(f"create or replace table cases.handed_out({_COLUMNS}, is_taken boolean)")
    known = _selects(versions, taken=False)
    if known:
        connection.execute(_SELECT.format(every="\n    union all\n    ".join(known + _selects(before, taken=True))))


def _selects(runs: Iterable[Path], *, taken: bool) -> list[str]:
    selects = []
    for place, run in enumerate(runs):
        for name, select in (("cases", _FILE), ("audits", _AUDITS)):
            path = run / f"{name}.parquet"
            if path.is_file():
                selects.append(select.format(place=place + (2**31 if taken else 0), taken=taken, rows=stored(path)))
    return selects
