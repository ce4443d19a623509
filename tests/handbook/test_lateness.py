"""What a late extract does to an indicator is what the rule itself says when those facts are not known."""

from __future__ import annotations

import pytest

from monitor.contracts import extracts
from monitor.handbook.lateness import Effect, effect
from monitor.indicators import Indicator, load_catalogue, run_examples
from monitor.vocabulary import Outcome

INDICATORS = load_catalogue().indicators


def ruled(when: str, unless: str | None = None) -> Indicator:
    return INDICATORS["EXP-004"].model_copy(update={"when": when, "unless": unless})


@pytest.mark.parametrize(
    ("when", "unless", "expected"),
    [
        ("self_paid_12m_yuan > param.self_paid_resident_yuan", None, Effect.BLIND),
        ("self_paid_12m_yuan > param.self_paid_resident_yuan", "on_dibao", Effect.MISSES),
        ("self_paid_12m_yuan > param.self_paid_resident_yuan and lives_alone", None, Effect.MISSES),
        ("self_paid_12m_yuan > param.self_paid_resident_yuan or lives_alone", None, Effect.PARTLY),
        ("lives_alone", "self_paid_12m_yuan > param.self_paid_resident_yuan", Effect.MISSES),
        ("lives_alone", "on_dibao", None),
    ],
)
def test_the_shape_of_a_rule_decides_the_effect(when: str, unless: str | None, expected: Effect | None) -> None:
    # a copy keeps the rule that its original has read, so it is read anew
    indicator = Indicator.model_validate(ruled(when, unless).model_dump())
    assert effect(indicator, ["nhsa_settlement"]) == expected


def test_every_indicator_that_reads_a_fact_of_the_extract_has_an_effect_and_no_other() -> None:
    for name in extracts():
        for indicator in INDICATORS.values():
            reads = any(name in indicator.declared_facts[fact].needs for fact in indicator.rule.facts)
            assert (effect(indicator, [name]) is not None) == reads, (name, indicator.code)


@pytest.mark.parametrize("code", [code for code in INDICATORS if code.startswith(("EHD", "INC-00"))])
def test_no_example_hits_any_more_when_the_extract_is_said_to_blind_the_rule(code: str) -> None:
    indicator = INDICATORS[code]
    late = {name: said for name in extracts() if (said := effect(indicator, [name])) in (Effect.BLIND, Effect.MISSES)}
    asked = [(name, example) for name in late for example in indicator.examples]
    examples = tuple(
        example.model_copy(
            update={
                "given": {
                    fact: value for fact, value in example.given.items() if name not in indicator.declared_facts[fact].needs
                }
            }
        )
        for name, example in asked
    )
    told = run_examples(indicator.model_copy(update={"examples": examples})) if examples else []
    for (name, _), one in zip(asked, told, strict=True):
        assert one.outcome != Outcome.HIT
        assert late[name] != Effect.BLIND or one.outcome == Outcome.UNKNOWN
