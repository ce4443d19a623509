"""What was judged once is not judged again, and what Great Expectations gives back holds no value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gate_history import as_usual

from monitor.contracts import extracts
from monitor.gate import Asked, figures, inspect, validate

CARE = "mca_care"


def asked(path: Path, quarantined: int = 500) -> list[Asked]:
    return [Asked(CARE, figures(extracts()[CARE], as_usual(CARE, quarantined=quarantined)), path)]


@pytest.fixture
def judged_again(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many figures were judged at each call from now on."""
    calls: list[int] = []
    judge = validate._validate
    monkeypatch.setattr(validate, "_validate", lambda columns, limits: calls.append(len(columns)) or judge(columns, limits))
    return calls


def test_the_same_figures_are_judged_once(tmp_path: Path, judged_again: list[int]) -> None:
    first = inspect(asked(tmp_path / "verdict.json"))
    judged_again.clear()
    assert inspect(asked(tmp_path / "verdict.json")) == first != []
    assert sum(judged_again) == 0


def test_other_figures_are_judged_anew(tmp_path: Path) -> None:
    assert inspect(asked(tmp_path / "verdict.json"))
    assert inspect(asked(tmp_path / "verdict.json", quarantined=0)) == []


@pytest.mark.parametrize("half", ["", "{", "[]", '{"fingerprint": 1}'])
def test_half_a_verdict_is_none(half: str, tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    path.write_text(half, encoding="utf-8")
    assert [d.figure for d in inspect(asked(path))] == ["quarantined_share"]


def test_results_hold_no_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from great_expectations.datasource.fluent.interfaces import Batch

    seen: list[Any] = []
    original = Batch.validate

    def kept(self: Batch, *given: Any, **named: Any) -> Any:
        seen.append(original(self, *given, **named))
        return seen[-1]

    monkeypatch.setattr(Batch, "validate", kept)
    inspect(asked(tmp_path / "verdict.json", quarantined=246))  # 0.123
    results = [one for result in seen for one in result.results]
    assert any(not one.success for one in results)
    assert all(one.result == {} for one in results)
    assert "0.123" not in str([result.to_json_dict() for result in seen])
