"""What holds for all person facts at once."""

from __future__ import annotations

import test_person_benefit_facts as benefit
import test_person_family_facts as family
import test_person_health_facts as health
import test_person_identity_facts as identity
import test_person_income_facts as income
import test_person_payment_facts as payment
import test_person_service_facts as service

from monitor.contracts import facts

CASES = [*benefit.ALL, *family.ALL, *health.ALL, *identity.ALL, *income.CASES, *income.LATE, *payment.ALL, *service.ALL]


def test_every_fact_is_asked_for_somebody_with_and_without_a_record() -> None:
    asked = {name: {repr(expected[name]) for _, _, expected in CASES if name in expected} for name in facts("person")}
    assert [name for name, answers in asked.items() if len(answers) < 2] == []


def test_a_flag_is_never_blank_for_want_of_a_record() -> None:
    # whom a topic does not know is not in it; facts of core.person concern everybody and have a row for each
    undecided = [name for name, fact in facts("person").items() if fact.type == "bool" and fact.no_record is None]
    assert undecided == ["is_rural"]
