"""Every question of the cookbook, answered over rows of which the answer is known by counting them by hand."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from made_file import COUNTY, FIRST, LAST, NUMBERS, TOWN, asked, case, given, picked

from monitor.query import recipes
from monitor.ui.analyst_file import Night
from monitor.ui.nights import glance

File = duckdb.DuckDBPyConnection


def test_every_recipe_has_a_test_of_its_own() -> None:
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_cookbook*.py")]
    tested = set(re.findall(r'asked\(\w+, "(\w+)"', "".join(texts)))
    assert tested == set(recipes())
    assert len(recipes()) >= 25


def test_fell_through_are_open_unanswered_and_on_no_list_of_the_poor(county: File) -> None:
    rows = asked(county, "fell_through")
    assert picked(rows, "case_no", "place", "stuck", "days_waiting") == [
        ("V1", "甲镇", "overdue", 1),
        ("V3", "乙乡", "capacity", 1),
    ]
    given(county, {"fact_household": [{"household": "h-V1", "on_low_income_list": True}]})
    assert picked(asked(county, "fell_through"), "case_no") == [("V3",)]
    assert asked(county, "fell_through", county="530102") == []
    assert picked(asked(county, "fell_through", colours="blue"), "case_no", "stuck") == [("V4", "blue")]


def test_a_rule_is_alone_where_no_other_stands_in_the_case(county: File) -> None:
    assert picked(asked(county, "rules_alone"), "indicator", "title_zh", "cases", "alone", "alone_percent") == [
        ("EXP-004", "自付高", 2, 2, 100.0),
        ("INC-001", "收入低", 2, 1, 50.0),
        ("HLT-001", "大病", 1, 0, 0.0),
    ]


def test_a_late_department_blinds_the_rules_that_read_it(file: File) -> None:
    fresh = {"as_of": LAST, "extract": "nhc_disease", "is_stale": False}
    late = {"as_of": LAST, "extract": "nhsa_settlement", "age_days": 40, "late_after": 7, "is_stale": True}
    counts = {"as_of": LAST, "county": COUNTY, "hit": 1, "clear": 1, "exempt": 0}
    given(
        file,
        {
            "freshness": [fresh, late],
            "coverage": [
                {**counts, "indicator": "EXP-004", "unknown": 30},
                {**counts, "indicator": "HLT-001", "unknown": 5},
            ],
        },
    )
    rows = asked(file, "blind_spots")
    assert picked(rows, "department_zh", "extract", "age_days", "indicators", "unknown") == [
        ("医保", "nhsa_settlement", 40, 1, 30)
    ]


def test_the_share_that_cannot_be_told_leaves_out_the_exempt(file: File) -> None:
    counts = {"as_of": LAST, "indicator": "EXP-004", "hit": 2, "clear": 6, "unknown": 2, "exempt": 90}
    given(file, {"coverage": [{**counts, "county": COUNTY}]})
    rows = asked(file, "unknown_by_rule")
    assert picked(rows, "indicator", "unknown", "unknown_percent") == [("EXP-004", 2, 20.0)]


def test_what_cannot_be_told_is_counted_by_county_and_domain(file: File) -> None:
    counts = {"as_of": LAST, "county": COUNTY, "hit": 1, "clear": 2, "exempt": 90}
    given(
        file,
        {"coverage": [{**counts, "indicator": code, "unknown": unknown} for code, unknown in (("EXP-004", 1), ("INC-001", 0))]},
    )
    rows = asked(file, "unknown_by_county")
    assert picked(rows, "place", "domain", "asked", "unknown", "unknown_percent") == [
        ("某县", "EXP", 4, 1, 25.0),
        ("某县", "INC", 3, 0, 0.0),
    ]
    assert asked(file, "unknown_by_county", county="530102") == []


def test_days_to_help_count_from_the_first_hit(county: File) -> None:
    columns = ("colour", "cases", "listed", "answered", "median_days_to_answer", "helped", "median_days_to_help")
    assert picked(asked(county, "warning_to_help"), *columns) == [
        ("red", 1, 1, 0, None, 0, None),
        ("orange", 2, 2, 2, 0.5, 1, 1.0),
        ("yellow", 1, 0, 0, None, 0, None),
        ("blue", 1, 0, 0, None, 0, None),
    ]


def test_precision_stands_beside_its_interval(file: File) -> None:
    found = {"as_of": LAST, "county": "all", "judged": 10, "fact": 6, "fact_low": ".31", "fact_high": ".83", "action": 4}
    earlier = {**found, "indicator": "HLT-001", "as_of": FIRST}
    one_county = {**found, "indicator": "INC-001", "county": COUNTY}
    given(file, {"precision": [{**found, "indicator": "INC-001", "enrolment": 2}, earlier, one_county]})
    columns = ("indicator", "title_zh", "fact_percent", "low_percent", "high_percent", "action_percent", "enrolled_percent")
    assert picked(asked(file, "precision_by_rule"), *columns) == [("INC-001", "收入低", 60.0, 31.0, 83.0, 40.0, 20.0)]
    assert asked(file, "precision_by_rule", least="11") == []


def test_the_load_of_a_township_is_listed_and_what_had_no_room(county: File) -> None:
    load = {"as_of": LAST, "kind": "visit", "county": COUNTY, "listed": 5, "overdue": 1, "answered_recently": 2, "visitors": 1}
    given(county, {"progress": [{**load, "township": TOWN, "listed_per_visitor": 5}, {**load, "township": "all"}]})
    columns = ("place", "listed", "left_off", "watched_only", "overdue", "per_visitor")
    assert picked(asked(county, "load_by_township"), *columns) == [("甲镇", 5, 1, 0, 1, 5.0)]


def test_what_is_reviewed_is_no_load_of_visits(county: File) -> None:
    given(county, {"case_history": [case(LAST, "R2", kind="review", colour="blue")]})
    given(county, {"listing": [{"as_of": LAST, "case_no": "R2", "township": TOWN, "is_listed": False, "why": "blue"}]})
    given(county, {"progress": [{"as_of": LAST, "kind": "visit", "county": COUNTY, "township": TOWN, "listed": 5}]})
    assert picked(asked(county, "load_by_township"), "place", "left_off", "watched_only") == [("甲镇", 1, 0)]


def test_a_household_on_two_lists_is_found_once(county: File) -> None:
    rows = asked(county, "several_lists")
    assert picked(rows, "household", "cases", "kinds", "case_nos") == [("h-V1", 2, "review,visit", "R1,V1")]


def test_every_night_tells_what_is_new_and_what_ended(county: File) -> None:
    columns = ("as_of", "open", "new", "reopened", "cleared", "closed")
    assert picked(asked(county, "new_and_cleared"), *columns) == [(FIRST, 4, 4, 0, 0, 0), (LAST, 4, 1, 1, 0, 1)]
    assert picked(asked(county, "new_and_cleared", kind="review"), "as_of", "open") == [(LAST, 1)]


def test_overdue_is_open_and_past_its_day(county: File) -> None:
    columns = ("place", "colour", "overdue", "oldest_due", "days_longest")
    assert picked(asked(county, "overdue"), *columns) == [("甲镇", "red", 1, FIRST, 1)]


@pytest.mark.parametrize("answered", [{"answer": "pending"}, {"answer": "false_data", "state": "reopened"}])
def test_a_pending_or_reopened_case_past_its_day_is_overdue(county: File, answered: dict[str, str]) -> None:
    given(county, {"case_history": [case(LAST, "V6", colour="red", first_listed=FIRST, due=FIRST, **answered)]})
    answer = {"case_no": "V6", "answer_order": 9, "kind": "visit", "answer": answered["answer"], "is_in_force": True}
    given(county, {"answer": [{**answer, "answered_on": FIRST, "county": COUNTY}]})
    given(county, {"listing": [{"as_of": LAST, "case_no": "V6", "township": TOWN, "is_listed": True, "why": "red"}]})
    assert picked(asked(county, "overdue"), "colour", "overdue") == [("red", 2)]
    assert glance(Night(county), date.fromisoformat(LAST)).total("visit", "overdue") == 2


def test_a_review_past_its_day_is_no_overdue_visit(county: File) -> None:
    given(county, {"case_history": [case(LAST, "R2", kind="review", first_listed=FIRST, due=FIRST)]})
    assert picked(asked(county, "overdue"), "colour", "overdue") == [("red", 1)]


def test_points_beside_a_colour_are_those_of_tonight(file: File) -> None:
    given(file, {"case_history": [case(FIRST, "V1", colour="red", points=8), case(LAST, "V1", colour="yellow", points=3)]})
    for name in ("fell_through", "waiting_longest"):
        assert picked(asked(file, name), "colour", "points") == [("yellow", 3)]


def help_of(file: File, *answers: dict[str, Any]) -> list[tuple[Any, ...]]:
    """First answer and help of a case that was given answers one after the other."""
    visit = {"case_no": "V1", "kind": "visit", "list_as_of": FIRST, "is_in_force": False}
    given(file, {"answer": [{**visit, "answer_order": order, **one} for order, one in enumerate(answers)]})
    rows = file.execute("select first_answered, helped_on, days_to_help from case_outcome").fetchall()
    return [tuple(cell.isoformat() if hasattr(cell, "isoformat") else cell for cell in row) for row in rows]


def test_help_that_was_corrected_was_none(file: File) -> None:
    given(file, {"case_history": [case(LAST, "V1", state="muted")]})
    mistaken = {"answer": "true_referred", "answered_on": FIRST}
    assert help_of(file, mistaken, {"answer": "false_data", "answered_on": LAST, "is_in_force": True}) == [(LAST, None, None)]


def test_help_before_a_case_was_reopened_stays_help(file: File) -> None:
    given(file, {"case_history": [case(LAST, "V1", state="muted", reopened_on=LAST)]})
    later = {"answer": "false_changed", "answered_on": LAST, "list_as_of": LAST, "is_in_force": True}
    assert help_of(file, {"answer": "true_enrolled", "answered_on": FIRST}, later) == [(FIRST, FIRST, 0)]


def test_what_is_pending_is_no_first_answer(file: File) -> None:
    given(file, {"case_history": [case(LAST, "V1")]})
    assert help_of(file, {"answer": "pending", "answered_on": FIRST, "is_in_force": True}) == [(None, None, None)]


def test_a_policy_is_followed_from_the_record_to_enrolment(county: File) -> None:
    columns = ("indicator", "route", "found", "cases", "listed", "visited", "enrolled")
    assert picked(asked(county, "policy_found"), *columns) == [("INC-001", "低保评估", 2, 3, 3, 2, 1)]


def test_what_was_left_off_is_told_with_its_reason(county: File) -> None:
    columns = ("kind", "kind_zh", "why", "why_zh", "colour", "cases", "days_longest")
    assert picked(asked(county, "left_off"), *columns) == [
        ("visit", "走访", "blue", "蓝色仅关注", "blue", 1, 0),
        ("visit", "走访", "capacity", "本周走访能力已满", "orange", 1, 1),
        ("visit", "走访", "capacity", "本周走访能力已满", "yellow", 1, 1),
    ]


def test_answers_are_counted_by_kind(county: File) -> None:
    assert picked(asked(county, "answers_by_kind"), "kind", "answer_zh", "answers", "percent") == [
        ("audit", "属实-已转介", 1, 100.0),
        ("visit", "不属实-数据错误", 1, 50.0),
        ("visit", "属实-已纳入", 1, 50.0),
    ]


def test_false_alarms_tell_wrong_data_from_change(county: File) -> None:
    columns = ("indicator", "judged", "wrong_data", "changed", "false_percent")
    assert picked(asked(county, "false_alarms"), *columns) == [("INC-001", 2, 1, 0, 50.0)]


def test_cases_reopened_after_an_answer_are_counted(county: File) -> None:
    assert picked(asked(county, "reopened_after_false"), "answer", "answered", "reopened", "reopened_percent") == [
        ("false_data", 1, 1, 100.0),
        ("true_enrolled", 1, 0, 0.0),
    ]


def test_missed_need_stands_beside_its_interval(file: File) -> None:
    need = {
        "as_of": LAST,
        "households": 1000,
        "judged": 50,
        "missed": 1,
        "share": ".02",
        "share_low": ".0035",
        "share_high": ".105",
    }
    given(file, {"missed_need": [{**need, "county": COUNTY}, {**need, "county": "all", "missed_households": 20}]})
    columns = ("place", "share_percent", "low_percent", "high_percent", "missed_households")
    assert picked(asked(file, "missed_need"), *columns) == [("合计", 2.0, 0.35, 10.5, 20), ("某县", 2.0, 0.35, 10.5, None)]


def test_audits_are_counted_by_township(county: File) -> None:
    assert picked(asked(county, "audits"), "place", "drawn", "answered", "found") == [("甲镇", 2, 1, 1)]


def test_a_rule_is_followed_night_by_night(file: File) -> None:
    counts = {"indicator": "EXP-004", "county": COUNTY, "clear": 9, "unknown": 0, "exempt": 1}
    given(file, {"coverage": [{**counts, "as_of": FIRST, "hit": 3}, {**counts, "as_of": LAST, "hit": 5}]})
    assert picked(asked(file, "rule_by_night"), "as_of", "hit", "more") == [(FIRST, 3, None), (LAST, 5, 2)]
    assert asked(file, "rule_by_night", indicator="INC-001") == []


def test_a_silent_rule_tells_whether_it_could_not_see(file: File) -> None:
    counts = {"as_of": LAST, "county": COUNTY, "exempt": 0}
    given(
        file,
        {
            "coverage": [
                {**counts, "indicator": "EXP-004", "hit": 1, "clear": 1, "unknown": 1},
                {**counts, "indicator": "INC-001", "hit": 0, "clear": 4, "unknown": 6},
            ]
        },
    )
    assert picked(asked(file, "silent_rules"), "indicator", "clear", "unknown") == [
        ("INC-001", 4, 6),
        ("BEN-020", 0, 0),
        ("HLT-001", 0, 0),
    ]


def test_two_rules_together_share_their_households(county: File) -> None:
    columns = ("first", "second", "households", "share_percent")
    assert picked(asked(county, "rules_together", least="1"), *columns) == [("HLT-001", "INC-001", 1, 100.0)]
    assert asked(county, "rules_together") == []


def test_open_cases_stand_by_domain_and_colour(county: File) -> None:
    assert picked(asked(county, "by_domain_and_colour"), "domain", "domain_zh", "cases", "red", "orange", "yellow", "blue") == [
        ("EXP", "刚性支出", 2, 0, 0, 1, 1),
        ("INC", "收入与就业", 2, 1, 1, 0, 0),
        ("HLT", "健康残疾与照料", 1, 1, 0, 0, 0),
    ]


def test_deliveries_tell_the_share_that_cannot_be_used(file: File) -> None:
    told = {"as_of": LAST, "extract": "nhc_death", "rows_read": 200, "loaded": 190, "quarantined": 10, "blanked": 0}
    given(
        file,
        {"ledger": [{**told, "delivery": "new", "state": "in_force"}, {**told, "delivery": "old", "state": "replaced"}]},
    )
    rows = asked(file, "deliveries")
    assert picked(rows, "department_zh", "delivery", "quarantined_percent") == [("卫健", "new", 5.0)]


def test_a_number_that_changed_stands_beside_the_one_before(file: File) -> None:
    before = [{**NUMBERS[0], "as_of": FIRST, "value": 533}, {**NUMBERS[1], "as_of": FIRST}]
    given(file, {"parameter": [*before, *NUMBERS]})
    columns = ("as_of", "parameter", "area_kind", "before", "value")
    assert picked(asked(file, "numbers_changed"), *columns) == [
        (LAST, "dibao_month_yuan", "rural", 533.0, 560.0),
        (LAST, "low_margin_multiple", "any", None, 1.5),
    ]


def test_a_night_run_again_is_compared_with_what_it_said_first(county: File) -> None:
    assert asked(county, "then_and_now") == []
    given(
        county,
        {
            "first_said.run": [{"as_of": FIRST, "run_id": "another"}],
            "first_said.case_history": [case(FIRST, "V1"), case(FIRST, "V8")],
        },
    )
    assert picked(asked(county, "then_and_now"), "as_of", "both", "only_then", "only_now") == [(FIRST, 1, 1, 3)]


def test_a_case_is_told_night_by_night(county: File) -> None:
    assert picked(asked(county, "case_story"), "as_of", "case_no", "state", "is_listed") == [
        (FIRST, "V1", "new", True),
        (LAST, "V1", "continuing", True),
    ]
    assert picked(asked(county, "case_story", case_no="V5"), "state", "why") == [("new", "red"), ("reopened", "capacity")]


def test_a_column_is_followed_to_the_lists(file: File) -> None:
    rows = picked(asked(file, "column_to_list"), "kind", "name", "steps", "title_zh")
    for expected in (
        ("fact", "person.self_paid_12m_yuan", 1, None),
        ("indicator", "EXP-004", 2, "自付高"),
        ("case", "case_hits.reason_zh", 3, None),
        ("list", "visit_list.原因", 4, None),
    ):
        assert expected in rows
    assert "HLT-001" not in {name for _, name, *_ in rows}
    assert asked(file, "column_to_list", source="nhsa_settlement.nothing") == []


def test_weights_stand_in_their_order(file: File) -> None:
    learned = {"as_of": LAST, "judged": 40, "fact": 30}
    given(
        file,
        {"weight": [{**learned, "indicator": "EXP-004", "weight": 800}, {**learned, "indicator": "INC-001", "weight": 1200}]},
    )
    assert picked(asked(file, "weights"), "indicator", "weight") == [("INC-001", 1200), ("EXP-004", 800)]


def test_who_waits_without_ever_being_listed_is_not_blue(county: File) -> None:
    assert picked(asked(county, "waiting_longest"), "case_no", "place", "days_waiting") == [("V3", "乙乡", 1)]


def test_the_rules_that_saw_first_who_was_helped(county: File) -> None:
    assert picked(asked(county, "helped_later"), "indicator", "title_zh", "cases") == [("INC-001", "收入低", 1)]


@pytest.mark.parametrize("name", recipes())
def test_a_recipe_says_what_it_asks_in_both_languages_and_ends_in_order(name: str) -> None:
    recipe = recipes()[name]
    assert all((recipe.question_zh, recipe.question_en, recipe.reading_zh, recipe.reading_en))
    assert recipe.sql.count("set variable") == len(recipe.parameters), "each parameter says what it is"
    assert re.search(r"\norder by [^;]+;$", recipe.sql), "the same rows in the same order"


@pytest.mark.parametrize("name", [name for name, recipe in recipes().items() if recipe.parameters])
def test_every_parameter_may_be_text_as_a_terminal_gives_it(name: str, county: File) -> None:
    texts = {one.name: one.default.strip("'") for one in recipes()[name].parameters}
    asked(county, name, **{parameter: COUNTY if text == "null" else text for parameter, text in texts.items()})
