"""A rule file that is broken, careless or malicious is refused with a fault that says what, where and what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.errors import CatalogueInvalid
from monitor.indicators import check_file, load_catalogue

Write = Callable[..., Path]


def told_of(path: Path) -> str:
    with pytest.raises(CatalogueInvalid) as raised:
        load_catalogue(path.parents[1])
    assert raised.value.exit_code == 11
    return str(raised.value)


def test_the_rule_that_the_others_are_changed_from_is_right(write_rule: Write) -> None:
    assert check_file(write_rule()) == []


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("age_years > (select 1)", "a subquery"),
        ("exists (select 1 from facts.person)", "a subquery"),
        ("row_number() over () = 1", "a window function"),
        ("count(*) > 1", "the function count_star"),
        ("max(age_years) > 60", "the function max"),
        ("now() > 1", "the function now"),
        ("today() > 1", "the function today"),
        ("current_date > 1", "current_date"),
        ("random() > 1", "the function random"),
        ("read_text('/etc/passwd') = 'x'", "the function read_text"),
        ("getvariable('as_of') > 1", "the function getvariable"),
        ("* > 1", "allowed"),
        ("age_years::varchar = '60'", "a cast"),
        ("case when is_dead then true end", "a case expression"),
        ("true", "a cast or a bare true"),
        ("is_dead is null", "what a blank means is decided once"),
        ("coalesce(age_years, 0) > 60", "coalesce"),
        ("age_years is not distinct from 60", "is distinct from"),
        ("age_years > null", "null"),
        ("age_year >= 60", "perhaps age_years"),
        ("member_count > 3", "member_count is not a fact of this unit"),
        ("facts.person.age_years > 3", "is not a fact of this unit"),
        ("self_paid_12m_yuan > param.self_paid_residents_yuan", "perhaps self_paid_resident_yuan"),
        ("self_paid_12m_yuan > 15000", "the amount 15000"),
        ("15000 < self_paid_12m_yuan", "the amount 15000"),
        ("self_paid_12m_yuan > param.self_paid_resident_yuan + 100 * 12", "the multiple 100"),
        ("self_paid_12m_yuan - 5000 > param.self_paid_resident_yuan", "an amount added to a fact"),
        ("self_paid_12m_yuan > param.self_paid_resident_yuan * 2", "the multiple 2"),
        ("self_paid_12m_yuan > param.self_paid_resident_yuan * 1.5", "small whole one"),
        ("self_paid_12m_yuan > 0.5", "small whole one"),
        ("age_years > 100000", "small whole one"),
        ("age_years > -1", "small whole one"),
        ("self_paid_12m_yuan / age_years > 0", "a division by something other than a whole number"),
        ("self_paid_12m_yuan / 0 > 0", "a division by something other than a whole number"),
        ("death_date > 1", "is a date"),
        ("refused_for = 'a sentence; drop table'", "a text that is no code"),
        ("refused_for > 'vehicle'", "between text and text"),
        ("age_years in (60, 61)", "`in` with something other"),
        ("age_years", "is not yes or no"),
        ("is_dead and age_years", "an operand of and / or"),
        ("is_dead = 1", "between bool and whole"),
        ("age_years >= 60) from facts.person; drop table core.person; select (1", "Only SELECT statements"),
        ("age_years >= 60) from facts.person; select (1", "more than one expression"),
        ("age_years >= 60), (is_dead", "more than one expression"),
        ("age_years >= 60) from facts.person where (is_dead", "a whole query"),
        ("age_years >= ", "cannot be parsed"),
        ("", "cannot be parsed"),
    ],
)
def test_an_expression_may_say_only_what_a_rule_may_say(write_rule: Write, when: str, told: str) -> None:
    message = told_of(write_rule(when=f"'''{when}'''"))
    assert "IDH-901_test.toml: when: " in message
    assert told in message


def test_the_guard_is_checked_as_the_rule_is(write_rule: Write) -> None:
    assert "IDH-901_test.toml: unless: a subquery" in told_of(write_rule(unless='"(select true)"'))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"until": "2022-12-31"}, "until 2022-12-31 lies before since 2023-01-01"),
        ({"evidence": '["is_dead"]'}, "evidence: age_years is missing"),
        ({"evidence": '["age_years", "age_year"]'}, "evidence: age_year is not a fact of this unit"),
        ({"say": '"{is_dead} 岁"'}, "say: is_dead is neither evidence nor a parameter"),
        ({"say": '"{age_years 岁"'}, "a brace that is no placeholder"),
        ({"say": '"{param.dibao} 元"'}, "param.dibao is neither evidence nor a parameter"),
        ({"basis": '["N99"]'}, "no source has the key N99"),
        ({"measure": '{ fact = "is_dead", worse = "higher" }'}, "is_dead is not a number that the rule reads"),
        ({"direction": '"danger"'}, "direction"),
        ({"level": None}, "IDH-901_test.toml: level"),
        ({"titel": '"x"'}, "titel:no such field;应为 perhaps title"),
        ({"code": '"IDH-901"'}, "the path is the identity"),
        ({"asks": '"members"', "unit": '"household"', "when": '"elder_count > 0"'}, "asks belongs to person rules"),
        ({"title": '"unclosed'}, "not TOML"),
    ],
)
def test_every_field_is_checked(write_rule: Write, changes: dict[str, str | None], told: str) -> None:
    assert told in told_of(write_rule(**changes))


def test_a_bool_cannot_be_said_as_a_number(write_rule: Write) -> None:
    path = write_rule(when='"is_dead"', evidence='["is_dead"]', say='"{is_dead}"')
    assert "is_dead is a yes or no" in told_of(path)


def test_a_fact_in_an_example_must_have_its_type(write_rule: Write) -> None:
    path = write_rule()
    path.write_text(path.read_text(encoding="utf-8").replace("age_years = 59", "age_years = true"), encoding="utf-8")
    assert "examples.2.given.age_years: a value of type bool" in told_of(path)


def test_a_rule_with_a_guard_needs_an_exempt_example(write_rule: Write) -> None:
    assert "none expects exempt" in told_of(write_rule(unless='"on_dibao"', evidence='["age_years", "on_dibao"]'))


def test_an_example_that_comes_out_otherwise_is_told(write_rule: Write) -> None:
    path = write_rule()
    path.write_text(path.read_text(encoding="utf-8").replace("age_years = 60", "age_years = 58"), encoding="utf-8")
    assert "“老人” comes out clear" in str(check_file(path)[0])


def test_one_code_stands_in_one_file(write_rule: Write) -> None:
    write_rule("IDH-901_first")
    told = told_of(write_rule("IDH-901_second", when='"age_years >= 61"'))
    assert "IDH-901_second.toml: the code stands in IDH-901_first.toml as well" in told


def test_no_two_rules_are_the_same(write_rule: Write) -> None:
    write_rule("IDH-901_first")
    assert "the same rule as IDH-901" in told_of(write_rule("IDH-902_second"))


def test_the_folder_is_the_domain(write_rule: Write) -> None:
    assert "folder:income;应为 identity" in told_of(write_rule(folder="income"))


def test_a_file_name_without_a_code_is_refused(write_rule: Write) -> None:
    assert "the file name holds no code" in told_of(write_rule("XYZ-1_test"))


def test_faults_of_all_files_are_told_at_once(write_rule: Write) -> None:
    write_rule("IDH-901_first", when='"age_year >= 60"', basis='["N98"]')
    write_rule("IDH-902_second", say='"{x}"', basis='["N99"]')
    told = told_of(write_rule("IDH-903_third", title='"unclosed'))
    for part in (
        "IDH-901_first.toml: when",
        "IDH-902_second.toml: say",
        "IDH-902_second.toml: basis",
        "IDH-903_third.toml: not TOML",
    ):
        assert part in told
