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
        ("age_years > (select 1)", "子查询"),
        ("exists (select 1 from facts.person)", "子查询"),
        ("row_number() over () = 1", "窗口函数"),
        ("count(*) > 1", "函数 count_star"),
        ("max(age_years) > 60", "函数 max"),
        ("now() > 1", "函数 now"),
        ("today() > 1", "函数 today"),
        ("current_date > 1", "current_date"),
        ("random() > 1", "函数 random"),
        ("read_text('/etc/passwd') = 'x'", "函数 read_text"),
        ("getvariable('as_of') > 1", "函数 getvariable"),
        ("* > 1", "应为"),
        ("age_years::varchar = '60'", "类型转换"),
        ("case when is_dead then true end", "case 表达式"),
        ("true", "类型转换或单独的 true"),
        ("is_dead is null", "空白算什么只在事实里定一次"),
        ("coalesce(age_years, 0) > 60", "coalesce"),
        ("age_years is not distinct from 60", "is distinct from"),
        ("age_years > null", "null"),
        ("age_year >= 60", "应为 age_years"),
        ("member_count > 3", "member_count 不是这类对象的事实"),
        ("facts.person.age_years > 3", "不是这类对象的事实"),
        ("self_paid_12m_yuan > param.self_paid_residents_yuan", "应为 self_paid_resident_yuan"),
        ("self_paid_12m_yuan > 15000", "金额 15000"),
        ("15000 < self_paid_12m_yuan", "金额 15000"),
        ("self_paid_12m_yuan > param.self_paid_resident_yuan + 100 * 12", "倍数 100"),
        ("self_paid_12m_yuan - 5000 > param.self_paid_resident_yuan", "给事实加减金额"),
        ("self_paid_12m_yuan > param.self_paid_resident_yuan * 2", "倍数 2"),
        ("self_paid_12m_yuan > param.self_paid_resident_yuan * 1.5", "不是小整数的数"),
        ("self_paid_12m_yuan > 0.5", "不是小整数的数"),
        ("age_years > 100000", "不是小整数的数"),
        ("age_years > -1", "不是小整数的数"),
        ("self_paid_12m_yuan / age_years > 0", "除以整数以外的东西"),
        ("self_paid_12m_yuan / 0 > 0", "除以整数以外的东西"),
        ("death_date > 1", "是日期"),
        ("refused_for = 'a sentence; drop table'", "不是代码的文字"),
        ("refused_for > 'vehicle'", "名目和名目之间"),
        ("age_years in (60, 61)", "in 前后不是"),
        ("age_years", "不是是非"),
        ("is_dead and age_years", "and、or 的一边"),
        ("is_dead = 1", "是非和整数之间"),
        ("age_years >= 60) from facts.person; drop table core.person; select (1", "Only SELECT statements"),
        ("age_years >= 60) from facts.person; select (1", "不止一个条件"),
        ("age_years >= 60), (is_dead", "不止一个条件"),
        ("age_years >= 60) from facts.person where (is_dead", "整段查询"),
        ("age_years >= ", "读不懂"),
        ("", "读不懂"),
    ],
)
def test_an_expression_may_say_only_what_a_rule_may_say(write_rule: Write, when: str, told: str) -> None:
    message = told_of(write_rule(when=f"'''{when}'''"))
    assert "IDH-901_test.toml: when:" in message
    assert told in message


def test_the_guard_is_checked_as_the_rule_is(write_rule: Write) -> None:
    assert "IDH-901_test.toml: unless:子查询" in told_of(write_rule(unless='"(select true)"'))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"until": "2022-12-31"}, "停用日 2022-12-31 早于启用日 2023-01-01"),
        ({"evidence": '["is_dead"]'}, "evidence:缺 age_years"),
        ({"evidence": '["age_years", "age_year"]'}, "evidence:age_year 不是这类对象的事实"),
        ({"say": '"{is_dead} 岁"'}, "say:is_dead 不是依据的事实，也不是参数"),
        ({"say": '"{age_years 岁"'}, "花括号没有写对"),
        ({"say": '"{param.dibao} 元"'}, "param.dibao 不是依据的事实，也不是参数"),
        ({"basis": '["N99"]'}, "没有依据 N99"),
        ({"measure": '{ fact = "is_dead", worse = "higher" }'}, "is_dead 不是条件读的数"),
        ({"direction": '"danger"'}, "direction"),
        ({"level": None}, "IDH-901_test.toml: level"),
        ({"titel": '"x"'}, "titel:没有这个字段;应为 title"),
        ({"code": '"IDH-901"'}, "文件名就是指标的身份"),
        ({"asks": '"members"', "unit": '"household"', "when": '"elder_count > 0"'}, "asks 只用于问个人的指标"),
        ({"title": '"unclosed'}, "不是 TOML"),
    ],
)
def test_every_field_is_checked(write_rule: Write, changes: dict[str, str | None], told: str) -> None:
    assert told in told_of(write_rule(**changes))


def test_a_bool_cannot_be_said_as_a_number(write_rule: Write) -> None:
    path = write_rule(when='"is_dead"', evidence='["is_dead"]', say='"{is_dead}"')
    assert "is_dead 是是非" in told_of(path)


def test_a_fact_in_an_example_must_have_its_type(write_rule: Write) -> None:
    path = write_rule()
    path.write_text(path.read_text(encoding="utf-8").replace("age_years = 59", "age_years = true"), encoding="utf-8")
    assert "examples.2.given.age_years:值的类型是 bool" in told_of(path)


def test_a_rule_with_a_guard_needs_an_exempt_example(write_rule: Write) -> None:
    assert "没有得出 exempt 的例子" in told_of(write_rule(unless='"on_dibao"', evidence='["age_years", "on_dibao"]'))


def test_an_example_that_comes_out_otherwise_is_told(write_rule: Write) -> None:
    path = write_rule()
    path.write_text(path.read_text(encoding="utf-8").replace("age_years = 60", "age_years = 58"), encoding="utf-8")
    assert "例子“老人”得出 clear" in str(check_file(path)[0])


def test_one_code_stands_in_one_file(write_rule: Write) -> None:
    write_rule("IDH-901_first")
    told = told_of(write_rule("IDH-901_second", when='"age_years >= 61"'))
    assert "IDH-901_second.toml:代码在 IDH-901_first.toml 里已经用了" in told


def test_no_two_rules_are_the_same(write_rule: Write) -> None:
    write_rule("IDH-901_first")
    assert "条件和 IDH-901 完全一样" in told_of(write_rule("IDH-902_second"))


def test_the_folder_is_the_domain(write_rule: Write) -> None:
    assert "folder:income;应为 identity" in told_of(write_rule(folder="income"))


def test_a_file_name_without_a_code_is_refused(write_rule: Write) -> None:
    assert "文件名里没有代码" in told_of(write_rule("XYZ-1_test"))


def test_faults_of_all_files_are_told_at_once(write_rule: Write) -> None:
    write_rule("IDH-901_first", when='"age_year >= 60"', basis='["N98"]')
    write_rule("IDH-902_second", say='"{x}"', basis='["N99"]')
    told = told_of(write_rule("IDH-903_third", title='"unclosed'))
    for part in (
        "IDH-901_first.toml: when",
        "IDH-902_second.toml: say",
        "IDH-902_second.toml: basis",
        "IDH-903_third.toml:不是 TOML",
    ):
        assert part in told
