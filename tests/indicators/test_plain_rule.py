"""A rule reads as plain Chinese, with the names of its facts and parameters, their units and the labels of codes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from monitor.contracts import facts
from monitor.indicators import load_catalogue
from monitor.indicators.expression import read_expression
from monitor.indicators.plain_rule import PlainRule
from monitor.parameters.load import parameter_index


def said(expression: str, unit: str = "person") -> str:
    return PlainRule(facts(unit)).condition(read_expression(expression, facts(unit), parameter_index()))


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("on_dibao", "正在享受低保：是"),
        ("not on_dibao", "正在享受低保：否"),
        ("age_years < 16", "年龄低于16岁"),
        ("age_years between 16 and 59", "年龄在16至59岁之间（含两端）"),
        ("age_years >= param.pension_age", f"年龄达到或超过〔{parameter_index()['pension_age'].zh}〕"),
        ("self_paid_3m_yuan - self_paid_prior_quarter_yuan > 0", "近3个月个人自付医疗 − 此前9个月平均每季个人自付医疗超过0"),
        ("disability_kind = 6", "残疾类别为6（精神）"),
        ("refused_for = 'vehicle'", "不予批准的原因为“名下车辆”"),
        ("refused_for in ('vehicle', 'dwelling')", "不予批准的原因为“名下车辆”或“名下房产”"),
        ("refused_for not in ('vehicle', 'dwelling')", "并非“不予批准的原因为“名下车辆”或“名下房产””"),
    ],
)
def test_a_condition_is_one_sentence(expression: str, sentence: str) -> None:
    assert said(expression) == sentence


def test_conditions_within_conditions_are_a_nested_list() -> None:
    assert said("lives_alone and (ability_level >= 3 or not is_rural)") == (
        "- 下列各项同时成立：\n"
        "  - 独自生活：是\n"
        "  - 下列各项至少一项成立：\n"
        "    - 失能等级达到或超过3（重度失能）\n"
        "    - 农业户口：否"
    )


def test_the_denial_of_a_list_stands_before_it() -> None:
    lines = said("not (on_dibao or on_tekun)").splitlines()
    assert lines[0] == "- 下面的条件不成立："
    assert lines[1:] == ["  - 下列各项至少一项成立：", "    - 正在享受低保：是", "    - 正在享受特困供养：是"]


def test_values_have_their_unit_or_label() -> None:
    person, household = PlainRule(facts("person")), PlainRule(facts("household"))
    assert person.value("self_paid_12m_yuan", Decimal("1500.50")) == "1500.5元"
    assert person.value("on_dibao", value=False) == "否"
    assert person.value("death_date", date(2026, 1, 3)) == "2026-01-03"
    assert household.value("house_damage_12m", "collapsed") == "倒塌"


def test_no_rule_of_the_catalogue_shows_the_name_of_a_fact_or_parameter() -> None:
    for indicator in load_catalogue().indicators.values():
        rule = PlainRule(indicator.declared_facts)
        for node in (indicator.rule.when, indicator.rule.unless):
            text = rule.condition(node) if node else ""
            assert "_" not in text, indicator.code
            assert "param" not in text, indicator.code
