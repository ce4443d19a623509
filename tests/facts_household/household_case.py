"""Households as short stories: who lives there, what the departments hold of them, and what the facts must say.

All stories of a file are told to one working database, each under a hukou of its own; person facts are made up, so that a
household fact is tested without the SQL behind them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb
from given import given, made_up_id, night

from monitor.contracts import Fact, facts
from monitor.facts.wide import build_wide
from monitor.store import literal
from monitor.transform import run_layer

AS_OF = "2026-11-20"
Row = Mapping[str, Any]

# the person facts that household facts are built on, and what they are for somebody of whom nothing is known
NO_RECORD: dict[str, Any] = {
    **dict.fromkeys(
        (
            "is_student", "has_no_work_capacity", "is_severely_disabled", "on_dibao", "on_tekun", "on_edge", "on_rigid",
            "on_low_income_list", "was_refused", "work_is_on_record", "is_employed", "is_unemployed", "has_any_pension",
            "is_hardship_worker", "is_fee_student", "is_university_student", "has_student_aid", "has_student_loan",
            "has_valid_disability", "has_major_disease",
        ),
        False,
    ),
    **dict.fromkeys(("left_aid_months", "refused_months", "unemployed_days")),
    "temporary_aid_12m_count": 0,
    **dict.fromkeys(
        (
            "recorded_income_month_yuan", "pension_month_yuan", "transfer_income_12m_yuan", "self_paid_12m_yuan",
            "school_cost_year_yuan",
        ),
        Decimal(0),
    ),
}  # fmt: skip
# what the topic tables of persons hold beyond their facts
PARTS = {
    "person_income": ("earnings_and_subsidy_12m_yuan",),
    "person_earnings": ("earnings_3m_yuan", "earnings_prior_9m_yuan"),
}


@dataclass(frozen=True)
class Story:
    """One household.

    Attributes:
        says: the sentence that is tested.
        members: people of one hukou; `born`, columns of psb_resident, person facts and parts by name.
        records: extract -> rows; `of` is the place in `members` (0 when left out).
        expect: household facts of the first of them.
    """

    says: str
    members: Sequence[Row] = ({},)
    records: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)


def ids(stories: Sequence[Story]) -> list[str]:
    """Test names."""
    return [story.says for story in stories]


def tell(stories: Sequence[Story]) -> dict[str, dict[str, Any]]:
    """Build the household facts of all stories; sentence -> facts of the household of its first member."""
    connection = night(AS_OF)
    people = [_people(number, story) for number, story in enumerate(stories)]
    rows: dict[str, list[Row]] = {"psb_resident": [row for household in people for row in _register(household)]}
    for household, story in zip(people, stories, strict=True):
        for extract, records in story.records.items():
            rows.setdefault(extract, []).extend(_owned(record, household) for record in records)
    given(connection, rows)
    for layer in ("staging", "core"):
        run_layer(connection, layer)
    _make_up_person_facts(connection, [person for household in people for person in household])
    _make_up_limits(connection)
    run_layer(connection, "facts", prefix="person_farm")
    run_layer(connection, "facts", prefix="household_")
    found = _wide(connection)
    return {story.says: found[household[0]["id_no"]] for story, household in zip(stories, people, strict=True)}


def check(story: Story, told: Mapping[str, Mapping[str, Any]]) -> None:
    """Compare what a story expects; amounts may be written as text."""
    contract = facts("household")
    expected = {name: _as_fact(contract[name], value) for name, value in story.expect.items()}
    assert {name: told[story.says][name] for name in story.expect} == expected


def _as_fact(fact: Fact, value: Any) -> Any:
    return Decimal(str(value)) if fact.type in ("money", "num") and value is not None else value


def _people(number: int, story: Story) -> list[dict[str, Any]]:
    people = []
    for place, member in enumerate(story.members):
        told = dict(member)
        born = told.pop("born", "1980-01-01")
        people.append(
            {"id_no": made_up_id(number * 8 + place, born), "hukou_no": f"H{number}", "name": "某人", "relation": "other"}
            | told
        )
    return people


def _register(people: Sequence[Row]) -> list[Row]:
    made_up = NO_RECORD.keys() | {part for parts in PARTS.values() for part in parts}
    return [
        {c: v for c, v in person.items() if c not in made_up and c != "absent"} for person in people if not person.get("absent")
    ]


def _owned(record: Row, people: Sequence[Row]) -> Row:
    told = dict(record)
    return {"id_no": people[told.pop("of", 0)]["id_no"]} | told


def _make_up_person_facts(connection: duckdb.DuckDBPyConnection, people: Sequence[Row]) -> None:
    told = ", ".join(_told(name, nothing, people) for name, nothing in NO_RECORD.items())
    connection.execute(
        "create table facts.person_wide as select person, household, place_id, county, township, village_code, is_member, "
        f"is_living, age_years, {told} from core.person"
    )
    for table, parts in PARTS.items():
        holders = [person for person in people if any(part in person for part in parts)]
        columns = ", ".join(f"{_told(part, Decimal(0), holders)}" for part in parts)
        whom = ", ".join(literal(person["id_no"]) for person in holders) or "''"
        connection.execute(f"create table facts.{table} as select person, {columns} from core.person where id_no in ({whom})")


def _told(name: str, nothing: Any, people: Sequence[Row]) -> str:
    whens = " ".join(f"when {literal(person['id_no'])} then {literal(person[name])}" for person in people if name in person)
    kind = "decimal(18,2)" if isinstance(nothing, Decimal) else "boolean" if isinstance(nothing, bool) else "integer"
    value = f"case id_no {whens} else {literal(nothing)} end" if whens else literal(nothing)
    return f"cast({value} as {kind}) as {name}"


def _make_up_limits(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create table parameters.in_force as select place_id, 150000::decimal(18,2) as vehicle_price_limit_yuan, "
        "case when village_code like '5301%' then 2 else 1 end::decimal(18,2) as dwelling_limit from core.place"
    )


def _wide(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    build_wide(connection, "household")
    names = list(facts("household"))
    columns = ", ".join(f"wide.{name}" for name in names)
    rows = connection.execute(
        f"select person.id_no, {columns} from core.person as person join facts.household_wide as wide using (household)"
    ).fetchall()
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
