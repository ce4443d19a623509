"""The questions of the cookbook about people and what they live on, answered over rows that can be counted by hand."""

from __future__ import annotations

from typing import Any

import duckdb
from made_file import COUNTY, LAST, NUMBERS, TOWN, VILLAGE, asked, case, given, picked

File = duckdb.DuckDBPyConnection


def homes(file: File, incomes: dict[str, float | None], township: str = TOWN, **facts: Any) -> None:
    """Rural households of a township with their income a head a month."""
    given(
        file,
        {
            "household": [
                {"household": name, "county": COUNTY, "township": township, "area_kind": "rural", "member_count": 2}
                for name in incomes
            ],
            "fact_household": [{"household": name, "income_pc_month_yuan": yuan, **facts} for name, yuan in incomes.items()],
        },
    )


def people(file: File, names: list[str], township: str = TOWN, area_kind: str = "rural", **facts: Any) -> None:
    """Members of households that are called as they are."""
    place = {"county": COUNTY, "township": township, "area_kind": area_kind, "is_member": True, "is_living": True}
    given(
        file,
        {
            "person": [{"person": f"p-{name}", "household": name, **place} for name in names],
            "fact_person": [{"person": f"p-{name}", **facts} for name in names],
        },
    )


def test_another_multiple_moves_the_line_and_leaves_the_unknown_apart(file: File) -> None:
    given(file, {"parameter": NUMBERS})
    homes(file, {"a": 839.99, "b": 895.99, "c": 896, "d": None})
    homes(file, {"e": 100}, on_low_income_list=True)
    columns = ("households", "unknown", "below_now", "below_then", "more")
    assert picked(asked(file, "what_if_low_margin"), *columns) == [(4, 1, 1, 2, 1)]
    assert picked(asked(file, "what_if_low_margin", multiple="1.5"), *columns) == [(4, 1, 1, 1, 0)]
    given(file, {"parameter": [{**NUMBERS[0], "region_code": COUNTY, "value": 600}]})
    assert picked(asked(file, "what_if_low_margin"), *columns) == [(4, 1, 3, 3, 0)], "the county's own standard counts"


def test_near_misses_are_told_from_eight_households_on(file: File) -> None:
    given(file, {"parameter": NUMBERS})
    homes(file, {f"a{n}": 850 for n in range(8)} | {"above": 925, "below": 839})
    homes(file, {"ill": 860}, major_disease_count=1)
    homes(file, {f"b{n}": 850 for n in range(7)}, township=VILLAGE)
    columns = ("place", "within", "with_disease_or_disability")
    assert picked(asked(file, "near_misses"), *columns) == [("甲镇", 9, None), ("乙乡", None, None)]
    homes(file, {f"ill{n}": 860 for n in range(7)}, major_disease_count=1)
    assert picked(asked(file, "near_misses", percent="20"), *columns) == [("甲镇", 17, 8), ("乙乡", None, None)]


def test_a_near_miss_is_measured_by_the_nearest_number_in_force(file: File) -> None:
    given(file, {"parameter": [*NUMBERS, {**NUMBERS[0], "region_code": COUNTY, "value": 500}]})
    homes(file, {f"a{n}": 760 for n in range(8)} | {f"b{n}": 850 for n in range(8)})
    assert picked(asked(file, "near_misses"), "within") == [(8,)], "above 750, and not above 840"


def test_a_household_that_is_to_be_visited_is_no_near_miss(file: File) -> None:
    given(file, {"parameter": NUMBERS})
    homes(file, {f"a{n}": 850 for n in range(10)})
    shown = {"household": "a0", "subject": "a0"}
    given(file, {"case_history": [case(LAST, "V1", **shown), case(LAST, "R1", **{**shown, "household": "a1"}, kind="review")]})
    given(file, {"case_history": [case(LAST, "V2", household="a2", state="closed"), case(LAST, "V3", household="a3")]})
    assert picked(asked(file, "near_misses"), "within") == [(8,)]


def test_attention_is_compared_by_group_and_small_counts_stay_hidden(file: File) -> None:
    elders, children = [f"e{n}" for n in range(10)], [f"c{n}" for n in range(10)]
    people(file, elders, age_years=70)
    people(file, children, area_kind="urban", age_years=10)
    given(
        file,
        {
            "case_history": [case(LAST, f"V{one}", subject=one, household=one) for one in elders + children[:2]],
            "listing": [{"as_of": LAST, "case_no": f"V{one}", "is_listed": True} for one in elders],
        },
    )
    assert picked(asked(file, "fairness"), "people", "persons", "with_case_percent", "listed_percent") == [
        ("全部", 20, 60.0, 50.0),
        ("60岁以上", 10, 100.0, 100.0),
        ("18岁以下", 10, None, None),
        ("农村", 10, 100.0, 100.0),
        ("城镇", 10, None, None),
    ]


def test_townships_are_compared_per_hundred_households(file: File) -> None:
    homes(file, dict.fromkeys([f"h{n}" for n in range(20)]))
    homes(file, dict.fromkeys([f"v{n}" for n in range(10)]), township=VILLAGE)
    answered = {"kind": "visit", "answer": "declined", "answered_on": LAST, "is_in_force": True}
    given(
        file,
        {
            "case_history": [case(LAST, f"V{n}", first_listed=LAST) for n in range(10)],
            "answer": [{**answered, "case_no": f"V{n}", "answer_order": n} for n in range(4)],
        },
    )
    columns = ("place", "households", "open_per_100", "listed_per_100", "answered_percent")
    assert picked(asked(file, "fairness_by_township"), *columns) == [
        ("甲镇", 20, 50.0, 50.0, 40.0),
        ("乙乡", 10, None, None, None),
    ]


def test_an_unknown_income_is_a_band_of_its_own(file: File) -> None:
    homes(file, {f"h{n}": 250 for n in range(8)} | {"x": None, "y": None})
    homes(file, {"z": 299.99}, on_low_income_list=True)
    assert picked(asked(file, "income_bands"), "place", "income", "households", "on_list") == [
        ("某县", "300元以下", 9, None),
        ("某县", "查不清", None, None),
    ]


def test_children_without_a_capable_parent_are_told_but_few_are_not_counted(file: File) -> None:
    alone = {"age_years": 10, "parents_named_count": 2, "parents_incapable_count": 2}
    people(file, ["one"], **alone)
    people(file, ["aided"], on_child_aid=True, **alone)
    people(file, ["one parent left"], **{**alone, "parents_incapable_count": 1})
    people(file, [f"c{n}" for n in range(9)], township=VILLAGE, **alone)
    assert picked(asked(file, "children"), "place", "children") == [("乙乡", "9"), ("甲镇", "1-7")]


def test_elders_alone_are_counted_from_eight_on(file: File) -> None:
    people(file, [f"e{n}" for n in range(8)], age_years=75, lives_alone=True)
    people(file, ["visited"], age_years=70, lives_alone=True, care_visit_days=5)
    people(file, ["young"], age_years=69, lives_alone=True)
    assert picked(asked(file, "elders_alone"), "place", "elders", "never_visited", "disabled") == [("甲镇", 9, 8, None)]
    assert picked(asked(file, "elders_alone", age="60"), "elders") == [(10,)]


def test_payments_after_death_are_summed(file: File) -> None:
    people(file, ["a"], paid_after_death_count=2, paid_after_death_yuan="200.50")
    people(file, ["b"], paid_after_death_count=1, paid_after_death_yuan=50)
    people(file, ["c"], paid_after_death_count=0, paid_after_death_yuan=0)
    assert picked(asked(file, "paid_after_death"), "place", "persons", "payments", "yuan") == [("某县", 2, 3, 250.5)]
