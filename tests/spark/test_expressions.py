"""What is written differently for Spark gives what DuckDB gives, on values at the edge."""

from __future__ import annotations

import pytest
from tests.spark.conftest import Compare

from monitor.spark.tables import Tables

ROWS = """
create or replace table core.edge as
select row_number() over () as no, * from (values
    (990101199001011234::bigint, date '1990-01-01', 0::bigint, 0::decimal(18, 2), '', true),
    (15841617600016474, date '2026-11-20', 1, 0.50, 'a', false),
    (15841617600016474, date '2026-11-21', -1, -0.50, 'F:1', null),
    (15841631880016490, date '2024-02-29', 7, 2.50, '阿·依 古丽', true),
    (15841631880016490, date '2025-02-28', -7, -2.50, '阿依\u3000古\u00a0丽', false),
    (16 * 99010119900101123 + 10, date '2026-10-31', 9223372036854775, 12345678901234.56, 'x•y', true),
    (16 * 990101199001011 + 3, date '1900-12-31', -13, -12345678901234.56, null, null),
    (null, null, null, null, 'F', true)
) as t(key, day, n, amount, words, yes)
"""
D = "getvariable('as_of')"


@pytest.fixture(scope="module", autouse=True)
def rows(tables: Tables) -> None:
    tables.connection.execute(ROWS)


@pytest.mark.parametrize(
    "value",
    [
        "id_text(key)",
        "birth_in_id(16 * 99010119900101123 + n % 2)",
        f"months_since(day, {D})",
        f"years_since(day, {D})",
        f"months_since(day, date '2026-02-28') * 100 + months_since({D}, day)",
        "newest(day, no)::decimal(38, 0)",
        "row_order(day, 3, no)",
        "rounded_quotient(n, 2)",
        "rounded_quotient(n::hugeint * 10000, 3)::decimal(38, 0)",
        "rounded_quotient((amount * 100)::bigint, 12) * 0.01::decimal(18, 2)",
    ],
)
def test_macros(same: Compare, value: str) -> None:
    assert len({row[1] for row in same(f"select no, {value} as value from core.edge order by no")}) > 0


@pytest.mark.parametrize(
    "value",
    [
        "n // 2",
        "n % 3",
        "abs(n)",
        "sign(n)",
        "trunc(amount)",
        "amount % 1 * 100",
        "(amount % 1000)::integer",
        "amount::bigint",
        "(amount * 0.01)::decimal(18, 1)",
        "yes::integer",
        "amount * 12 + 0.005",
        "least(n, 3)",
        "greatest(n, null, 3)",
        "nullif(n, 0)",
        "coalesce(n, -1)",
        "n & 3",
        "(key >> 4) % 1000",
        "1 << (abs(n) % 5)::integer",
        "bit_count((abs(n) % 100)::integer)",
        "if(yes, 1, 2)",
        "case when yes is not true then 'no' end",
        f"{D} - day",
        "day - 60",
        "day + 1",
        "(day - interval 1 month)::date",
        "(day + interval 12 month)::date",
        "coalesce(day, date '2000-01-01') - date '1999-12-31'",
        "date_trunc('month', day)::date",
        f"date_diff('month', day, {D})",
        "last_day(day)",
        "year(day) * 10000 + month(day) * 100 + day(day)",
        "least(day, date '2026-01-01')",
        "day > date '2026-11-20' - 180",
        "'F:' || words",
        "left(words, 2)",
        "right(words, 2)",
        "substr(words, 2, 2)",
        "lpad(words, 5, '0')",
        "words like 'F:%'",
        r"regexp_replace(words, '[·•\s\x{3000}\x{A0}]', '', 'g')",
        "cast(n as varchar) || cast(amount as varchar)",
        "words < 'a'",
        "words is not distinct from null",
    ],
)
def test_numbers_days_and_words(same: Compare, value: str) -> None:
    assert len(same(f"select no, {value} as value from core.edge order by no")) == 8
