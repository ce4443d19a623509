"""What answers say of a rule: three precisions, from answers to visits only."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from answered import Answered, audit, give, night, visit

from monitor.learned import LearningNumbers, learn, take_stock, write_learned
from monitor.store import write_parquet

TITLES = {"INC-001": "收入低", "EXP-004": "自付高"}
COUNTS = "judged, fact, action, enrolment"


def learned(folder: Path, answers: list[Answered], select: str) -> list[tuple[Any, ...]]:
    connection = night()
    learn(connection, give(connection, folder, answers), TITLES)
    return connection.execute(select).fetchall()


def counts(folder: Path, answers: list[Answered], indicator: str = "INC-001", county: str = "all") -> tuple[int, ...]:
    rows = learned(
        folder, answers, f"select {COUNTS} from learned.precision where indicator = '{indicator}' and county = '{county}'"
    )
    return rows[0] if rows else (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("true_enrolled", (1, 1, 1, 1)),
        ("true_referred", (1, 1, 1, 0)),
        ("true_temporary", (1, 1, 1, 0)),
        ("true_covered", (1, 1, 0, 0)),
        ("false_data", (1, 0, 0, 0)),
        ("false_changed", (1, 0, 0, 0)),
        ("not_found", (0, 0, 0, 0)),
        ("declined", (0, 0, 0, 0)),
        ("pending", (0, 0, 0, 0)),
    ],
)
def test_what_each_answer_counts_for(tmp_path: Path, answer: str, expected: tuple[int, ...]) -> None:
    assert counts(tmp_path, [Answered(visit(1), answer)]) == expected


def test_a_case_counts_once_by_its_newest_answer(tmp_path: Path) -> None:
    wrong = Answered(visit(1), "false_data", on=date(2026, 11, 10))
    right = Answered(visit(1), "true_enrolled", on=date(2026, 11, 12))
    assert counts(tmp_path, [right, wrong]) == (1, 1, 1, 1)


def test_of_two_answers_of_one_day_the_later_read_wins(tmp_path: Path) -> None:
    assert counts(tmp_path, [Answered(visit(1), "true_enrolled"), Answered(visit(1), "false_data")]) == (1, 0, 0, 0)


def test_an_answer_counts_for_every_indicator_of_its_case_and_once_for_all(tmp_path: Path) -> None:
    answers = [Answered(visit(1), "true_enrolled", "EXP-004,INC-001"), Answered(visit(2), "false_data", "EXP-004")]
    assert counts(tmp_path, answers, "EXP-004") == (2, 1, 1, 1)
    assert counts(tmp_path, answers, "INC-001") == (1, 1, 1, 1)
    assert counts(tmp_path, answers, "all") == (2, 1, 1, 1)


def test_indicators_are_those_of_the_list_that_was_answered(tmp_path: Path) -> None:
    older, newer = date(2026, 11, 2), date(2026, 11, 9)
    give(night(), tmp_path, [Answered(visit(1), "pending", "EXP-004", listed=newer)])
    answers = [Answered(visit(1), "true_enrolled", "INC-001", listed=older)]
    connection = night()
    give(connection, tmp_path, answers)
    learn(connection, tmp_path / newer.isoformat(), TITLES)
    found = connection.execute("select distinct indicator from learned.precision order by all").fetchall()
    assert found == [("INC-001",), ("all",)]


def test_counties_stand_apart_and_sum_up(tmp_path: Path) -> None:
    answers = [Answered(visit(1, "530622"), "true_enrolled"), Answered(visit(1, "530102"), "false_data")]
    assert counts(tmp_path, answers, county="530622") == (1, 1, 1, 1)
    assert counts(tmp_path, answers, county="530102") == (1, 0, 0, 0)
    assert counts(tmp_path, answers) == (2, 1, 1, 1)


def test_reviews_and_audits_say_nothing_of_rules(tmp_path: Path) -> None:
    review = Answered("R530622-20261102-0001", "keep", "BEN-001")
    assert learned(tmp_path, [review, Answered(audit(1), "true_enrolled")], "select * from learned.precision") == []


def test_ends_are_decimals_with_four_places(tmp_path: Path) -> None:
    answers = [Answered(visit(n), "true_enrolled" if n < 12 else "false_data") for n in range(40)]
    found = learned(tmp_path, answers, "select fact_low, fact_high from learned.precision where indicator = 'INC-001' limit 1")
    assert found == [(Decimal("0.1807"), Decimal("0.4543"))]


def test_what_stood_in_a_case_is_remembered_when_its_list_is_gone(tmp_path: Path) -> None:
    answers = [Answered(visit(1), "true_enrolled", "EXP-004")]
    first = night("2026-11-12")
    previous = give(first, tmp_path, answers)
    learn(first, previous, TITLES)
    kept = tmp_path / "2026-11-12"
    kept.mkdir()
    take_stock(first)
    write_learned(first, kept)
    (previous / "cases.parquet").unlink()
    second = night("2026-11-13")
    second.execute(f"insert into cases.answer from read_parquet('{_answers(first, tmp_path)}')")
    learn(second, kept, TITLES)
    assert second.execute("select indicators from learned.answer").fetchall() == [("EXP-004",)]


def _answers(connection, folder: Path) -> Path:  # type: ignore[no-untyped-def]
    write_parquet(connection, "select * from cases.answer order by _order", folder / "sent.parquet")
    return folder / "sent.parquet"


def test_a_rule_below_the_floor_is_told_and_nothing_else(tmp_path: Path) -> None:
    answers = [Answered(visit(n), "true_enrolled" if n < 2 else "false_data", "INC-001") for n in range(20)]
    answers += [Answered(visit(100 + n), "true_enrolled" if n < 12 else "false_data", "EXP-004") for n in range(20)]
    connection = night()
    notices = learn(connection, give(connection, tmp_path, answers), TITLES)
    assert notices == (
        "指标 INC-001“收入低”:核查20件,属实2件(95%置信区间2.8%至30.1%),低于20%的下限。名单上已排后,未停用;请规则负责人复核。",
    )


def test_few_answers_raise_no_notice(tmp_path: Path) -> None:
    connection = night()
    answers = [Answered(visit(n), "false_data") for n in range(19)]
    assert learn(connection, give(connection, tmp_path, answers), TITLES) == ()


def test_a_rule_that_is_no_more_raises_no_notice(tmp_path: Path) -> None:
    connection = night()
    answers = [Answered(visit(n), "false_data") for n in range(30)]
    assert learn(connection, give(connection, tmp_path, answers), {}) == ()


def weights(folder: Path, answers: list[Answered], prior: int = 20) -> dict[str, int]:
    connection = night()
    numbers = LearningNumbers(answers_at_least=20, floor_per_mille=200, prior_answers=prior, audit_days=365, recent_days=28)
    learn(connection, give(connection, folder, answers), TITLES, numbers)
    return dict(connection.execute("select indicator, weight from learned.weight").fetchall())


def test_a_weight_is_the_shrunk_precision_over_the_mean(tmp_path: Path) -> None:
    """Mean (14 + 1) / (40 + 2); INC-001 (2 + 20 m) / 40 and EXP-004 (12 + 20 m) / 40, each over m."""
    answers = [Answered(visit(n), "true_enrolled" if n < 2 else "false_data", "INC-001") for n in range(20)]
    answers += [Answered(visit(100 + n), "true_enrolled" if n < 12 else "false_data", "EXP-004") for n in range(20)]
    assert weights(tmp_path, answers) == {"INC-001": 640, "EXP-004": 1340}


def test_one_answer_moves_a_weight_little(tmp_path: Path) -> None:
    answers = [Answered(visit(n), "true_enrolled" if n % 2 else "false_data", "INC-001") for n in range(100)]
    found = weights(tmp_path, [*answers, Answered(visit(200), "false_data", "EXP-004")])
    assert found == {"INC-001": 1008, "EXP-004": 952}


def test_a_rule_that_stands_beside_a_better_one_is_not_taken_for_it(tmp_path: Path) -> None:
    """EXP-004 is always right, alone too; INC-001 is right beside it and never alone."""
    answers = [Answered(visit(n), "true_enrolled", "EXP-004") for n in range(40)]
    answers += [Answered(visit(100 + n), "true_enrolled", "EXP-004,INC-001") for n in range(40)]
    answers += [Answered(visit(200 + n), "false_data", "INC-001") for n in range(40)]
    found = weights(tmp_path, answers)
    assert found["EXP-004"] > 1300
    assert found["INC-001"] < 500, "half of the cases in which it stood were true"


def test_weights_do_not_depend_on_the_order_in_which_rules_are_named(tmp_path: Path) -> None:
    answers = [Answered(visit(n), "true_enrolled" if n % 3 else "false_data", "EXP-004,INC-001") for n in range(30)]
    turned = [replace(one, indicators="INC-001,EXP-004") for one in answers]
    assert weights(tmp_path / "a", answers) == weights(tmp_path / "b", turned)


def test_without_any_true_answer_rules_sink_with_what_they_were_asked(tmp_path: Path) -> None:
    answers = [Answered(visit(n), "false_data", "INC-001") for n in range(30)] + [Answered(visit(90), "false_data", "EXP-004")]
    assert weights(tmp_path, answers) == {"INC-001": 400, "EXP-004": 952}


def test_nothing_answered_leaves_no_weight_and_no_notice(tmp_path: Path) -> None:
    connection = night()
    assert learn(connection, None, TITLES) == ()
    assert connection.execute("select count(*) from learned.weight").fetchall() == [(0,)]
