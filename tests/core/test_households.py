"""People and households: who is known, who is a member, which household, who heads it."""

from __future__ import annotations

from typing import Any

import duckdb
from given import core_of, key_of, made_up_id

A, B, C = made_up_id(1, "1970-05-01"), made_up_id(2, "1960-05-01"), made_up_id(3, "2000-05-01")


def person(connection: duckdb.DuckDBPyConnection, id_no: str, column: str) -> Any:
    return connection.execute(f"select {column} from core.person where person = {key_of(id_no)}").fetchall()[0][0]


def households(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(connection.execute("select household_id, member_count from core.household").fetchall())


def test_everybody_in_the_register_on_assistance_paid_or_homeless_is_a_person() -> None:
    ids = [made_up_id(n) for n in range(5)]
    core = core_of(
        {
            "psb_resident": [{"id_no": ids[0]}],
            "mca_assistance": [{"id_no": ids[1]}],
            "mca_payment": [{"id_no": ids[2]}, {"id_no": ids[2], "batch_no": "again"}, {"id_no": ids[0]}],
            "mca_care": [{"id_no": ids[3], "care_kind": "homeless"}, {"id_no": ids[4], "care_kind": "alone"}],
        }
    )
    found = dict(core.execute("select id_no, in_registry from core.person").fetchall())
    assert found == {ids[0]: True, ids[1]: False, ids[2]: False, ids[3]: False}


def test_a_benefit_or_payment_dated_after_the_day_makes_a_person_too() -> None:
    core = core_of(
        {"mca_assistance": [{"id_no": A, "start_date": "2027-01-01"}], "mca_payment": [{"id_no": B, "pay_month": "2027-01-01"}]}
    )
    assert core.execute("select count(*) from core.person").fetchall() == [(2,)]


def test_the_hukou_is_the_household() -> None:
    core = core_of({"psb_resident": [{"id_no": i, "hukou_no": "1"} for i in (A, B)] + [{"id_no": C, "hukou_no": "2"}]})
    assert households(core) == {"H:1": 2, "H:2": 1}


def test_a_family_list_takes_its_people_out_of_the_hukou_and_the_rest_stays() -> None:
    core = core_of(
        {
            "psb_resident": [{"id_no": i, "hukou_no": "1"} for i in (A, B, C)],
            "mca_family": [{"family_no": "9", "id_no": A}, {"family_no": "9", "id_no": C}],
        }
    )
    assert households(core) == {"F:9": 2, "H:1": 1}


def test_of_several_family_lists_the_one_checked_last_counts_then_the_greatest_number() -> None:
    core = core_of(
        {
            "psb_resident": [{"id_no": i} for i in (A, B, C)],
            "mca_family": [
                {"family_no": "3", "id_no": A, "checked_on": "2026-01-01"},
                {"family_no": "8", "id_no": A, "checked_on": "2025-01-01"},
                {"family_no": "9", "id_no": A},
                {"family_no": "1", "id_no": B, "checked_on": "2026-01-01"},
                {"family_no": "2", "id_no": B, "checked_on": "2026-01-01"},
                {"family_no": "5", "id_no": C, "checked_on": "2026-01-01"},
                {"family_no": "7", "id_no": C, "checked_on": "2026-11-21"},
            ],
        }
    )
    assert [person(core, i, "household_id") for i in (A, B, C)] == ["F:3", "F:2", "F:5"]


def test_the_dead_the_moved_the_missing_and_the_jailed_are_no_members_but_belong_to_the_household() -> None:
    gone = [made_up_id(n) for n in range(10, 16)]
    core = core_of(
        {
            "psb_resident": [
                {"id_no": A, "hukou_no": "1"},
                {"id_no": gone[0], "hukou_no": "1", "status": "dead", "status_date": "2026-01-01"},
                {"id_no": gone[1], "hukou_no": "1", "status": "moved"},
                {"id_no": gone[2], "hukou_no": "1", "status": "missing"},
                *({"id_no": i, "hukou_no": "1"} for i in gone[3:]),
            ],
            "moj_custody": [{"id_no": gone[3], "custody_kind": "prison"}],
            "nhc_death": [{"id_no": gone[4], "died_on": "2026-11-20"}],
            "mca_funeral": [{"id_no": gone[5], "died_on": "2026-11-01"}],
        }
    )
    assert households(core) == {"H:1": 1}
    assert {person(core, i, "is_member") for i in gone} == {False}
    assert {person(core, i, "household_id") for i in gone} == {"H:1"}


def test_a_household_without_a_member_does_not_exist_and_its_people_stand_alone() -> None:
    core = core_of({"psb_resident": [{"id_no": A, "hukou_no": "1", "status": "dead"}]})
    assert households(core) == {}
    assert (person(core, A, "household"), person(core, A, "household_id")) == (None, None)


def test_a_status_dated_after_the_day_counts_as_normal() -> None:
    core = core_of({"psb_resident": [{"id_no": A, "status": "dead", "status_date": "2026-11-21"}]})
    assert person(core, A, "(status, status_date, is_dead, is_member)") == ("normal", None, False, True)


def test_dead_without_a_date_is_dead() -> None:
    core = core_of({"psb_resident": [{"id_no": A, "status": "dead"}]})
    assert person(core, A, "(is_dead, death_date, death_sources_count)") == (True, None, 1)


def test_the_earliest_of_the_death_dates_counts_and_later_ones_than_the_day_do_not() -> None:
    core = core_of(
        {
            "psb_resident": [{"id_no": A, "status": "dead", "status_date": "2026-03-01"}, {"id_no": B}],
            "nhc_death": [{"id_no": A, "died_on": "2026-02-01"}, {"id_no": B, "died_on": "2026-11-21"}],
            "mca_funeral": [{"id_no": A, "died_on": "2026-02-03"}],
        }
    )
    assert str(person(core, A, "death_date")) == "2026-02-01"
    assert person(core, A, "death_sources_count") == 3
    assert person(core, B, "is_living") is True


def test_custody_means_prison_or_drug_begun_not_ended_not_released() -> None:
    ids = [made_up_id(n) for n in range(6)]
    core = core_of(
        {
            "psb_resident": [{"id_no": i} for i in ids],
            "moj_custody": [
                {"id_no": ids[0], "custody_kind": "drug", "ends_on": "2026-11-21"},
                {"id_no": ids[1], "custody_kind": "community"},
                {"id_no": ids[2], "custody_kind": "prison", "ends_on": "2026-11-20"},
                {"id_no": ids[3], "custody_kind": "prison", "released_on": "2026-11-20"},
                {"id_no": ids[4], "custody_kind": "prison", "started_on": "2026-11-21"},
                {"id_no": ids[5], "custody_kind": "prison", "started_on": "2025-11-20"},
                {"id_no": ids[5], "custody_kind": "drug", "started_on": "2026-08-21"},
            ],
        }
    )
    assert [person(core, i, "is_in_custody") for i in ids] == [True, False, False, False, False, True]
    months = core.execute(f"select custody_months from core.custody where person = {key_of(ids[5])}").fetchall()
    assert months == [(12,)]


def test_the_head_is_the_member_called_head() -> None:
    core = core_of(
        {
            "psb_resident": [
                {"id_no": A, "hukou_no": "1", "relation": "head"},
                {"id_no": B, "hukou_no": "1", "relation": "spouse"},
            ]
        }
    )
    assert core.execute("select household, head from core.household").fetchall() == [(key_of(A), key_of(A))]
    assert person(core, B, "household") == key_of(A)


def test_in_a_listed_family_the_list_says_who_is_head() -> None:
    core = core_of(
        {
            "psb_resident": [{"id_no": A, "relation": "head"}, {"id_no": B, "relation": "head"}],
            "mca_family": [
                {"family_no": "9", "id_no": A, "relation": "head"},
                {"family_no": "9", "id_no": B, "relation": "spouse"},
            ],
        }
    )
    assert core.execute("select head from core.household").fetchall() == [(key_of(A),)]
    assert person(core, B, "relation") == "spouse"


def test_of_several_heads_the_oldest_is_it_and_without_one_the_oldest_member() -> None:
    for relation in ("head", "other"):
        rows = [{"id_no": i, "hukou_no": "1", "relation": relation} for i in (A, B, C)]
        assert core_of({"psb_resident": rows}).execute("select head from core.household").fetchall() == [(key_of(B),)]


def test_a_head_whose_birth_year_was_mistyped_is_still_the_head() -> None:
    rows = [
        {"id_no": A, "hukou_no": "1", "relation": "head", "birth_date": "2985-03-01"},
        {"id_no": B, "hukou_no": "1", "relation": "spouse", "birth_date": "1950-01-01"},
    ]
    assert core_of({"psb_resident": rows}).execute("select head from core.household").fetchall() == [(key_of(A),)]


def test_the_dead_head_no_household() -> None:
    rows = [
        {"id_no": B, "hukou_no": "1", "relation": "head", "status": "dead"},
        {"id_no": A, "hukou_no": "1", "relation": "spouse"},
    ]
    assert core_of({"psb_resident": rows}).execute("select head from core.household").fetchall() == [(key_of(A),)]


def test_the_written_birth_date_goes_before_that_in_the_id() -> None:
    rows = [{"id_no": A, "hukou_no": "1", "birth_date": "1950-01-01"}, {"id_no": B, "hukou_no": "1"}]
    core = core_of({"psb_resident": rows})
    assert core.execute("select head from core.household").fetchall() == [(key_of(A),)]
    assert (person(core, A, "age_years"), person(core, B, "age_years")) == (76, 66)


def test_of_equally_old_members_the_smallest_id_heads() -> None:
    twins = [made_up_id(n, "1980-01-01") for n in (8, 3, 5)]
    core = core_of({"psb_resident": [{"id_no": i, "hukou_no": "1"} for i in twins]})
    assert core.execute("select head from core.household").fetchall() == [(key_of(min(twins)),)]


def test_the_newest_marriage_of_either_side_speaks_and_of_one_day_the_last_row() -> None:
    core = core_of(
        {
            "mca_marriage": [
                {"id_no": A, "spouse_id_no": B, "marriage": "married", "registered_on": "2020-01-01"},
                {"id_no": C, "spouse_id_no": A, "marriage": "married", "registered_on": "2024-01-01"},
                {"id_no": A, "spouse_id_no": C, "marriage": "divorced", "registered_on": "2024-01-01"},
                {"id_no": B, "spouse_id_no": A, "marriage": "widowed", "registered_on": "2026-11-21"},
            ]
        }
    )
    found = {p: (s, m) for p, s, m in core.execute("select person, spouse, marriage from core.marriage").fetchall()}
    assert found == {
        key_of(A): (key_of(C), "divorced"),
        key_of(C): (key_of(A), "divorced"),
        key_of(B): (key_of(A), "married"),
    }


def test_a_parent_may_be_incapable_without_being_in_the_register() -> None:
    ids = [made_up_id(n) for n in range(9)]
    core = core_of(
        {
            "psb_resident": [
                {"id_no": ids[0], "status": "missing"},
                {"id_no": ids[1], "status": "missing", "status_date": "2026-05-21"},
            ],
            "nhc_death": [{"id_no": ids[2], "died_on": "2026-01-01"}],
            "moj_custody": [
                {"id_no": ids[3], "custody_kind": "prison", "started_on": "2026-05-20"},
                {"id_no": ids[4], "custody_kind": "prison", "started_on": "2026-05-21"},
            ],
            "dpf_disability": [
                {"id_no": ids[5], "disability_kind": "1", "disability_grade": "2"},
                {"id_no": ids[6], "disability_kind": "5", "disability_grade": "4"},
                {"id_no": ids[7], "disability_kind": "6", "disability_grade": "1", "expires_on": "2026-11-19"},
            ],
            "nhc_disease": [{"id_no": ids[8], "disease": "stroke"}],
        }
    )
    found = dict(core.execute("select person, is_incapable from core.parent_state").fetchall())
    assert [found.get(key_of(i)) for i in ids] == [True, False, True, True, False, True, True, None, True]


def test_a_current_benefit_is_active_begun_and_not_ended() -> None:
    cases = {
        "active": ({"start_date": "2026-11-20"}, True),
        "ends later": ({"end_date": "2026-11-21"}, True),
        "ends today": ({"end_date": "2026-11-20"}, False),
        "begins later": ({"start_date": "2026-11-21"}, False),
        "suspended": ({"status": "suspended"}, False),
    }
    rows = [{"id_no": made_up_id(n), **row} for n, (row, _) in enumerate(cases.values())]
    core = core_of({"mca_assistance": rows})
    current = {key for (key,) in core.execute("select person from core.current_benefit").fetchall()}
    assert [key_of(row["id_no"]) in current for row in rows] == [expected for _, expected in cases.values()]
