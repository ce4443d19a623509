"""Every contract gives a suite, and every figure that a suite asks about can be told."""

from __future__ import annotations

import pytest
from gate_history import as_usual

from monitor.contracts import extracts
from monitor.gate import Asked, figures, inspect, suite_of

NAMES = sorted(extracts())


def test_there_are_all_contracts() -> None:
    assert len(NAMES) == 33


@pytest.mark.parametrize("name", NAMES)
def test_every_column_of_every_contract_is_expected_something_of(name: str) -> None:
    assert {e.column for e in suite_of(name)} - {""} == {c.name for c in extracts()[name].columns}


@pytest.mark.parametrize("name", NAMES)
def test_every_expectation_says_what_is_allowed_and_what_to_look_at(name: str) -> None:
    contract = extracts()[name]
    for e in suite_of(name):
        assert e.advice
        assert not e.column or all(f"「{contract.column(e.column).header}」" in said for said in (e.allowed, e.broken))
        assert e.broken.count("{}") == (0 if e.figure in ("rows_read", "filled_cells") else 1)
        assert (e.low, e.high) != (None, None)


@pytest.mark.parametrize("name", NAMES)
def test_no_figure_is_expected_twice_and_each_can_be_told(name: str) -> None:
    asked = [(e.figure, e.column) for e in suite_of(name)]
    delivery = as_usual(name)
    assert len(asked) == len(set(asked))
    assert set(asked) <= figures(extracts()[name], delivery, [delivery] * 5).keys() | _undrifting(name)


@pytest.mark.parametrize("name", NAMES)
def test_required_code_and_amount_columns_have_the_expectations_of_their_type(name: str) -> None:
    asked = {(e.figure, e.column) for e in suite_of(name)}
    for column in extracts()[name].columns:
        assert (("missing_share", column.name) in asked) == column.required
        assert (("unread_share", column.name) in asked) == (column.kind != "text")
        assert (("negative_share", column.name) in asked) == (column.kind in ("money", "num", "int"))


def test_deliveries_as_usual_are_not_doubted() -> None:
    asked = [Asked(name, figures(extracts()[name], as_usual(name), [as_usual(name)] * 3)) for name in NAMES]
    assert inspect(asked) == []


def _undrifting(name: str) -> set[tuple[str, str]]:
    """New records of a delta are of other days than those before: their dates are not compared."""
    contract = extracts()[name]
    return {("drift", c.name) for c in contract.columns if contract.mode == "delta" and c.kind in ("date", "month")}
