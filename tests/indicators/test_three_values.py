"""Exempt, hit, clear or unknown: the truth table, and numbers that stay exact."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from monitor.contracts import facts
from monitor.indicators.compile import compile_rule, inlined, joined
from monitor.indicators.expression import read_expression
from monitor.indicators.indicator import Rule
from monitor.indicators.load import read_indicator
from monitor.indicators.sealed import sealed_connection
from monitor.parameters.load import parameter_index

T, F, N = "true", "false", "null"


def outcome(sql_when: str, sql_unless: str | None) -> tuple[str, list[bool | None]]:
    """What a rule `is_dead unless on_dibao` says of given truth values, and which of its three filters are true."""
    declared = facts("person")
    rule = Rule(read_expression("is_dead", declared, {}), read_expression("on_dibao", declared, {}) if sql_unless else None)
    compiled = compile_rule(rule, {})
    row = (
        sealed_connection()
        .cursor()
        .execute(
            f"select {compiled.outcome}, {compiled.exempt}, {compiled.hit}, {compiled.clear} "
            f"from (select {sql_when}::boolean as is_dead, {sql_unless or N}::boolean as on_dibao) as f"
        )
        .fetchone()
    )
    assert row is not None
    return row[0], list(row[1:])


@pytest.mark.parametrize(
    ("when", "unless", "expected"),
    [
        (T, T, "exempt"), (F, T, "exempt"), (N, T, "exempt"),
        (T, F, "hit"), (F, F, "clear"), (N, F, "unknown"),
        (T, N, "unknown"), (F, N, "clear"), (N, N, "unknown"),
        (T, None, "hit"), (F, None, "clear"), (N, None, "unknown"),
    ],
)  # fmt: skip
def test_the_truth_table(when: str, unless: str | None, expected: str) -> None:
    said, filters = outcome(when, unless)
    assert said == expected
    assert [bool(value) for value in filters] == [expected == name for name in ("exempt", "hit", "clear")]


def compared(expression: str, values: str, parameters: dict[str, str]) -> bool | None:
    """The truth of a household expression over given values."""
    rule = Rule(read_expression(expression, facts("household"), parameter_index()), None)
    hit = compile_rule(rule, parameters).hit
    row = sealed_connection().cursor().execute(f"select {hit} from (select {values}) as f").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(("earnings", "truth"), [("1458.33", True), ("1458.34", False)])
def test_a_quotient_is_exact(earnings: str, truth: bool) -> None:
    """17500 / 12 = 1458.333...: a rounded quotient would be 1458.33 and lose the first case."""
    text = "earnings_3m_month_yuan < param.disposable_income_year_yuan / 12 * member_count"
    values = f"{earnings}::decimal(18,2) as earnings_3m_month_yuan, 1 as member_count"
    assert compared(text, values, {"disposable_income_year_yuan": inlined(Decimal(17500))}) is truth


@pytest.mark.parametrize(
    ("members", "below", "above"), [(20, "535680.00", "535680.01"), (20_000, "535680000.71", "535680000.72")]
)
def test_a_product_of_many_factors_neither_rounds_nor_overflows(members: int, below: str, above: str) -> None:
    text = "transfer_income_12m_yuan >= param.dibao_month_yuan * 12 * member_count * param.transfer_years"
    values = (
        f"{{}}::decimal(18,2) as transfer_income_12m_yuan, {members} as member_count, "
        "744.000001::decimal(18,6) as a, 3::decimal(18,6) as b"
    )
    parameters = {"dibao_month_yuan": "f.a", "transfer_years": "f.b"}
    assert compared(text, values.format(below), parameters) is False
    assert compared(text, values.format(above), parameters) is True


def test_an_income_of_billions_times_a_share_of_the_place_does_not_overflow() -> None:
    text = "self_paid_12m_yuan >= income_year_yuan * param.medical_share"
    values = "1::decimal(18,2) as self_paid_12m_yuan, 400000000000::decimal(18,2) as income_year_yuan, 0.3::decimal(18,6) as a"
    assert compared(text, values, {"medical_share": "f.a"}) is False


@pytest.mark.parametrize("sql", [inlined(Decimal("533.330000")), "cast(533.33 as decimal(18,6))"])
def test_an_inlined_and_a_joined_parameter_say_the_same(sql: str) -> None:
    for income, truth in (("533.32", True), ("533.33", False)):
        values = f"{income}::decimal(18,2) as income_pc_month_yuan"
        assert compared("income_pc_month_yuan < param.dibao_month_yuan", values, {"dibao_month_yuan": sql}) is truth


def test_a_parameter_is_read_from_its_place_by_name() -> None:
    assert joined("dibao_month_yuan") == 'p."dibao_month_yuan"'


def test_negation_and_lists_of_codes_keep_the_unknown() -> None:
    text = "not (house_damage_12m in ('collapsed', 'serious'))"
    assert compared(text, "'minor' as house_damage_12m", {}) is True
    assert compared(text, "'serious' as house_damage_12m", {}) is False
    assert compared(text, "null::varchar as house_damage_12m", {}) is None


def test_facts_and_parameters_are_listed_in_reading_order(write_rule: Callable[..., Path]) -> None:
    path = write_rule(
        when='"age_years >= param.pension_age and not has_any_pension"',
        unless='"on_tekun or on_dibao"',
        evidence='["age_years", "has_any_pension", "on_tekun", "on_dibao"]',
    )
    indicator, _ = read_indicator(path)
    assert indicator is not None
    assert indicator.rule.facts == ("age_years", "has_any_pension", "on_tekun", "on_dibao")
    assert indicator.rule.parameters == ("pension_age",)
