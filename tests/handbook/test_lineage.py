"""Facts are followed back through the SQL to the columns that departments send."""

from __future__ import annotations

import json

import pytest

from monitor.contracts import extracts, facts
from monitor.dictionary.lineage import UNITS, Lineage, fact_traces, membership
from monitor.dictionary.sourced_facts import facts_by_column, sources_of
from monitor.dictionary.sql_columns import Relation, Trace, UnreadableTreeError, select_relation
from monitor.settings import Settings
from monitor.store import connect, literal

PEOPLE = Relation(
    {name: Trace(frozenset({("register", name)})) for name in ("person", "village", "age")},
)
BILLS = Relation({name: Trace(frozenset({("bills", name)})) for name in ("person", "paid", "settled_on", "kind")})


def traced(sql: str) -> Relation:
    """The relation of a SELECT over two made-up tables."""
    connection = connect(None, Settings(threads=1, memory_limit_mb=512))
    row = connection.execute(f"select json_serialize_sql({literal(sql)})").fetchone()
    assert row is not None
    tables = {("staging", "people"): PEOPLE, ("staging", "bills"): BILLS}
    return select_relation(json.loads(row[0])["statements"][0]["node"], lambda *table: tables[table])


def columns(names: str) -> frozenset[tuple[str, str]]:
    return frozenset((extract, column) for extract, _, column in (name.partition(".") for name in names.split()))


@pytest.mark.parametrize(
    ("unit", "fact", "taken", "chosen_by"),
    [
        ("person", "self_paid_12m_yuan", "nhsa_settlement.self_paid", "nhsa_settlement.settled_on"),
        ("household", "self_paid_12m_yuan", "nhsa_settlement.self_paid", "nhsa_settlement.settled_on"),
        ("person", "on_dibao", "mca_assistance.benefit", "mca_assistance.status mca_assistance.end_date"),
        (
            "person",
            "is_in_custody",
            "moj_custody.custody_kind moj_custody.started_on moj_custody.ends_on moj_custody.released_on",
            "",
        ),
        ("household", "power_cut", "grid_power.use_month grid_power.disconnected", "grid_power.account_no grid_power.kwh"),
        ("person", "disability_kind", "dpf_disability.disability_kind", ""),
    ],
)
def test_a_known_path_is_found(unit: str, fact: str, taken: str, chosen_by: str) -> None:
    sources = sources_of(facts(unit)[fact])
    assert sources.is_exact
    assert frozenset(sources.taken) == columns(taken)
    assert frozenset(sources.chosen_by) >= columns(chosen_by)


def test_death_is_taken_from_three_departments_and_only_the_register_must_be_fresh() -> None:
    sources = sources_of(facts("person")["is_dead"])
    assert set(sources.taken) == columns("psb_resident.status psb_resident.status_date")
    assert set(sources.aside) == columns("mca_funeral.died_on nhc_death.died_on")


def test_every_fact_has_sources_and_names_a_column_of_every_extract_it_needs() -> None:
    for unit in UNITS:
        for fact in facts(unit).values():
            assert {extract for extract, _ in sources_of(fact).all} >= set(fact.needs), fact.name


def test_every_source_is_a_column_of_a_contract() -> None:
    declared = {(name, column.name) for name, extract in extracts().items() for column in extract.columns}
    assert {column for trace in fact_traces().values() for column in trace.all} <= declared
    assert membership() <= declared


def test_the_way_back_from_a_column_gives_the_same_facts() -> None:
    behind = {(fact.unit, fact.name) for fact in facts_by_column()["nhsa_settlement", "self_paid"]}
    assert {("person", "self_paid_12m_yuan"), ("household", "rigid_share")} <= behind
    assert ("person", "on_dibao") not in behind


def test_a_value_and_the_conditions_on_its_rows_are_told_apart() -> None:
    found = traced("select person, sum(paid) as paid from staging.bills where settled_on > date '2026-01-01' group by person")
    assert found["paid"].taken == columns("bills.paid")
    assert found["paid"].chosen_by == columns("bills.settled_on bills.person")


def test_a_left_join_leaves_the_left_side_as_it_is() -> None:
    found = traced(
        "select p.age, b.paid, b.person is not null as has_bill from staging.people as p "
        "left join (select * from staging.bills where kind = 'x') as b on b.person = p.person"
    )
    assert found["age"].all == columns("register.age")
    assert found["paid"].chosen_by == columns("bills.kind bills.person register.person")
    assert found["has_bill"].taken == columns("bills.kind bills.person register.person")


def test_a_count_is_taken_from_what_chooses_its_records() -> None:
    found = traced("select count(*) as bills, 0 as nothing from staging.bills where kind = 'x'")
    assert found["bills"].taken == columns("bills.kind")
    assert not found["nothing"].taken


def test_a_union_by_name_joins_columns_of_one_name_and_keeps_the_others() -> None:
    found = traced("select person, age from staging.people union all by name select person, paid from staging.bills")
    assert found["person"].taken == columns("register.person bills.person")
    assert found["paid"].taken == columns("bills.paid")


def test_a_struct_field_a_star_and_an_alias_are_followed() -> None:
    found = traced(
        "with newest as (select person, arg_max({'yuan': paid}, settled_on) as bill from staging.bills group by person) "
        "select newest.* exclude (bill), bill.yuan as paid, paid > 5 as is_large from newest"
    )
    assert set(found.columns) == {"person", "paid", "is_large"}
    assert found["is_large"].taken == columns("bills.paid bills.settled_on")


@pytest.mark.parametrize(
    "sql",
    [
        "select unknown from staging.bills",
        "select i from range(3) as t(i)",
        "select list_transform([paid], v -> v + 1) as paid from staging.bills",
    ],
)
def test_what_cannot_be_followed_is_refused(sql: str) -> None:
    with pytest.raises(UnreadableTreeError):
        traced(sql)


def test_a_file_that_cannot_be_followed_is_traced_as_a_whole() -> None:
    sql = "select person, list_transform([amount], v -> v + 1) as amounts from staging.sta_income where tax_item = 'wage'"
    trace = Lineage().of_file(sql)["amounts"]
    assert not trace.is_exact
    assert trace.all >= columns("sta_income.amount sta_income.tax_item sta_income.id_no")
