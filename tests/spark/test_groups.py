"""Groups, orders and joins give what they give in DuckDB, with nulls in every place."""

from __future__ import annotations

import pytest
from tests.spark.conftest import Compare

from monitor.spark.tables import Tables

ROWS = """
create or replace table core.paid as
select * from (values
    (1, 1, date '2026-01-01', 'b', 5.00::decimal(18, 2), true), (1, 2, date '2026-02-01', null, 7.00, false),
    (1, 3, null, 'c', null, null), (2, 4, date '2026-03-01', null, null, null), (2, 5, null, 'a', 1.00, true),
    (3, 6, null, null, null, false), (null, 7, date '2026-01-01', 'a', 2.00, true), (4, 8, date '2026-05-05', 'z', 3.00, null)
) as t(person, no, day, code, amount, ok)
"""


@pytest.fixture(scope="module", autouse=True)
def rows(tables: Tables) -> None:
    tables.connection.execute(ROWS)


@pytest.mark.parametrize(
    "value",
    [
        "arg_max(code, no)",
        "arg_max(code, day)",
        "arg_min(amount, newest(day, no))",
        "arg_max(code, no) filter (where ok)",
        "arg_max({'code': code, 'amount': amount}, newest(day, no))['amount']",
        "arg_max(struct_pack(a := amount), (day, no))['a']",
        "list_sum(max_by(coalesce(ok, false)::integer, no, 2))",
        "coalesce(min(no, 2)[2], -1)",
        "count(*) filter (where ok)",
        "count(distinct code)",
        "sum(amount) filter (where ok)",
        "coalesce(sum(amount), 0)::decimal(18, 2)",
        "bool_or(ok)",
        "bit_count(bit_or(1 << month(day)))",
        "max(day) - min(day) filter (where ok)",
        "min(code)",
    ],
)
def test_aggregates(same: Compare, value: str) -> None:
    assert len(same(f"select person, {value} as value from core.paid group by person order by person")) == 5


@pytest.mark.parametrize(
    "order", ["day", "day desc", "code nulls first", "amount desc nulls first", "ok desc", "code desc nulls last"]
)
def test_orders(same: Compare, order: str) -> None:
    assert len(same(f"select no, row_number() over (order by {order}, no) as place from core.paid order by no")) == 8


def test_a_list_in_its_own_order_and_a_place_in_it(same: Compare) -> None:
    select = """
    with codes as (select list(code order by code) as names from (select distinct code from core.paid where code is not null))
    select no, list_position(names, code) as place from core.paid cross join codes order by no"""
    assert [place for _, place in same(select)] == [2, None, 3, None, 1, None, 1, 4]


def test_a_union_by_name_puts_columns_in_order_and_leaves_absent_ones_blank(same: Compare) -> None:
    second = "select 'q' as code, 90 as no, day from core.paid where no = 1"
    rows = same(
        f"with u as (select no, code from core.paid union all by name {second}) select no, code, day from u order by no"
    )
    assert (90, "q") in [row[:2] for row in rows]


def test_joins_of_every_kind(same: Compare) -> None:
    semi = "select no from core.paid semi join (select 1 as one) as x on x.one = core.paid.person order by no"
    anti = "select no from core.paid anti join (select 1 as one) as x on x.one = paid.person order by no"
    outer = "select a.no, b.no as other from core.paid as a left join core.paid as b using (code) order by a.no, b.no"
    null_safe = (
        "select a.no, b.no as other from core.paid as a join core.paid as b on a.code is not distinct from b.code order by 1, 2"
    )
    assert [len(same(select)) for select in (semi, anti, outer, null_safe)] == [3, 5, 10, 16]
    assert same("select no from core.paid where exists (from core.paid as p where p.no = 8) order by no")
    assert same("select * exclude (amount, ok) from core.paid order by no")
