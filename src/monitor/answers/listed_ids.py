"""The last four characters of the ID that a list showed beside a case betray a row that was sorted apart from its code."""

from __future__ import annotations

from datetime import date

import polars as pl

from monitor.answers.judging import LISTED_IDS
from monitor.privacy import read_visit_code
from monitor.run import Home
from monitor.settings import Settings
from monitor.store import connect, literals, stored

_FILES = ("cases", "household", "audits")
# a night of older software drew none
_NO_AUDIT = "(select null::varchar as case_no, null::varchar as subject limit 0)"
_SELECT = """
    select opened.case_no as of_case, right(coalesce(household.head, opened.subject), 4) as last_four
    from (
        select case_no, household, subject from {cases}
        union all by name
        select case_no, subject as household, subject from {audits}
    ) as opened
    left join {households} as household on household.household = opened.household
    where opened.case_no in (select unnest({numbers})) and (household.head is not null or length(opened.subject) = 18)
"""


def listed_ids(settings: Settings, codes: pl.Series) -> pl.DataFrame:
    """`of_case`, `list_as_of`, `last_four` of every code whose list's night still has its people.

    Args:
        settings: of the home.
        codes: codes as they were typed; what has not the form of one is passed over.
    """
    wanted: dict[date, list[str]] = {}
    for read in filter(None, map(read_visit_code, codes.unique().sort().to_list())):
        wanted.setdefault(read[1], []).append(read[0])
    runs = Home(settings.home).runs
    tables = [pl.DataFrame(schema=LISTED_IDS)]
    with connect(None, settings) as connection:
        for day, numbers in sorted(wanted.items()):
            cases, households, audits = (runs / day.isoformat() / f"{name}.parquet" for name in _FILES)
            if cases.is_file() and households.is_file():
                select = _SELECT.format(
                    cases=stored(cases),
                    households=stored(households),
                    audits=stored(audits) if audits.is_file() else _NO_AUDIT,
                    numbers=literals(list(numbers)),
                )
                found = connection.execute(select).pl()
                tables.append(found.with_columns(list_as_of=pl.lit(day)).select(list(LISTED_IDS)))
    return pl.concat(tables).unique(["of_case", "list_as_of"], maintain_order=True)
