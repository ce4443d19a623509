"""Each kind of doubt by a small made-up history; what is as usual, or too small to say anything, is not doubted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from gate_history import ROWS, as_usual, doubted

from monitor.contracts import extracts
from monitor.gate import Asked, Delivered, Profile, figures, inspect

CARE, DEATH, MEDICAL = "mca_care", "nhc_death", "nhsa_settlement"


def with_spread(name: str, column: str, buckets: Mapping[str, int]) -> Delivered:
    usual = as_usual(name)
    profile = replace(usual.profile, spread={**(usual.profile.spread or {}), column: dict(buckets)})
    return replace(usual, profile=profile)


def with_empty(name: str, column: str, cells: int, rows: int = ROWS) -> Delivered:
    usual = as_usual(name, rows)
    return replace(usual, profile=replace(usual.profile, empty={**(usual.profile.empty or {}), column: cells}))


ALONE: list[tuple[str, Delivered, list[tuple[str, str]]]] = [
    ("no row at all", Delivered(0, 0, 0), [("rows_read", "")]),
    ("rows sent back, at the limit", as_usual(CARE, quarantined=100), []),
    ("rows sent back", as_usual(CARE, quarantined=101), [("quarantined_share", "")]),
    ("keys that stand twice, at the limit", as_usual(CARE, doubled=40), []),
    ("keys that stand twice", as_usual(CARE, doubled=41), [("doubled_share", "")]),
    ("an optional column not sent", as_usual(CARE, absent=["最近探访日期"]), [("absent_columns", "")]),
    ("a required cell empty", as_usual(CARE, reasons={"missing:care_kind": 101}), [("missing_share", "care_kind")]),
    ("codes that nobody knows", as_usual(CARE, reasons={"bad_code:care_kind": 101}), [("unread_share", "care_kind")]),
    ("optional cells that cannot be read", as_usual(CARE, unread={"last_visit_on": 101}), [("unread_share", "last_visit_on")]),
    ("a wholly empty column", with_empty(CARE, "guardian_id_no", ROWS), [("filled_cells", "guardian_id_no")]),
    ("a wholly empty column where empty means something", with_empty(CARE, "last_visit_on", ROWS), []),
    ("dates before 1900", with_spread(CARE, "last_visit_on", {"3": 900, "early": 10}), [("early_share", "last_visit_on")]),
]


@pytest.mark.parametrize(("what", "new", "doubts"), ALONE, ids=[case[0] for case in ALONE])
def test_a_delivery_is_doubted_for_what_is_odd_in_itself(what: str, new: Delivered, doubts: list[tuple[str, str]]) -> None:
    assert doubted(CARE, new) == doubts


@pytest.mark.parametrize(
    ("column", "buckets", "doubts"),
    [
        ("self_paid", {"5": 980, "negative": 20}, [("negative_share", "self_paid")]),
        ("self_paid", {"5": 990, "negative": 10}, []),
        ("settled_on", {"5": 980, "later": 20}, [("later_share", "settled_on")]),
        ("settled_on", {"5": 990, "later": 10}, []),
    ],
)
def test_impossible_amounts_and_days_are_doubted(column: str, buckets: dict[str, int], doubts: list[Any]) -> None:
    assert doubted(MEDICAL, with_spread(MEDICAL, column, buckets)) == doubts


@pytest.mark.parametrize(
    ("before", "rows", "doubts"),
    [
        ([2000, 2000, 2000], 1600, []),
        ([2000, 2000, 2000], 1599, [("rows_against_usual", "")]),
        ([2000, 2000, 2000], 3001, [("rows_against_usual", "")]),
        ([2000, 100_000, 2000], 2000, []),  # one odd delivery does not make a custom
        ([50, 50, 50], 400, []),  # too few to say
        ([], 5, []),
    ],
)
def test_a_full_extract_is_held_against_the_median_of_the_last(before: list[int], rows: int, doubts: list[Any]) -> None:
    assert doubted(CARE, as_usual(CARE, rows), [as_usual(CARE, n) for n in before]) == doubts


@pytest.mark.parametrize(
    ("before", "rows", "doubts"),
    [
        ([200_000], 10, []),  # the first one holds the past
        ([1000, 1000, 1000], 99, [("rows_against_usual", "")]),
        ([1000, 1000, 1000], 100, []),
        ([1000, 1000, 1000], 10_001, [("rows_against_usual", "")]),
    ],
)
def test_rows_of_a_delta_are_held_against_a_custom_of_three(before: list[int], rows: int, doubts: list[Any]) -> None:
    assert doubted(DEATH, as_usual(DEATH, rows), [as_usual(DEATH, n) for n in before]) == doubts


@pytest.mark.parametrize(("empty", "doubts"), [(1199, []), (1201, [("empty_change", "last_visit_on")])])
def test_a_share_of_empty_cells_that_is_not_as_usual_is_doubted(empty: int, doubts: list[Any]) -> None:
    assert doubted(CARE, with_empty(CARE, "last_visit_on", empty), [as_usual(CARE)] * 2) == doubts


def test_codes_in_other_shares_than_before_are_doubted() -> None:
    new = with_spread(CARE, "care_kind", {"3": 1900, "5": 100})
    assert doubted(CARE, new, [as_usual(CARE)]) == [("drift", "care_kind")]


def test_amounts_in_another_unit_are_doubted() -> None:
    amounts = with_spread(MEDICAL, "self_paid", {"10": 600, "11": 400})
    a_hundredth = with_spread(MEDICAL, "self_paid", {"3": 300, "4": 700})
    assert doubted(MEDICAL, a_hundredth, [amounts] * 3) == [("drift", "self_paid")]


def test_chance_alone_makes_no_drift() -> None:
    """A thousand rows over 129 counties differ by chance; the index is freed of that."""
    one = with_spread(CARE, "care_kind", {str(n): 8 + n % 3 for n in range(129)})
    other = with_spread(CARE, "care_kind", {str(n): 8 + (n + 1) % 3 for n in range(129)})
    assert doubted(CARE, one, [other]) == []


def test_few_rows_make_no_drift() -> None:
    assert doubted(CARE, with_spread(CARE, "care_kind", {"3": 999}), [as_usual(CARE)]) == []


def test_a_new_column_beyond_the_contract_is_doubted_once_there_is_a_custom() -> None:
    assert doubted(CARE, as_usual(CARE, extra=2)) == []
    assert doubted(CARE, as_usual(CARE, extra=2), [as_usual(CARE, extra=2)]) == []
    assert doubted(CARE, as_usual(CARE, extra=2), [as_usual(CARE, extra=1)]) == [("new_columns", "")]


def test_shares_of_fewer_than_a_hundred_rows_are_not_judged() -> None:
    odd = Delivered(99, 50, 49, doubled=40, reasons={"missing:id_no": 49}, profile=Profile(50, 40, {"last_visit_on": 50}, {}))
    assert doubted(CARE, odd) == []


def test_a_doubt_says_what_was_found_and_what_is_expected() -> None:
    [doubt] = inspect([Asked(CARE, figures(extracts()[CARE], as_usual(CARE, quarantined=125)))])
    assert (doubt.extract, doubt.found, doubt.found_zh, doubt.allowed) == (CARE, 0.0625, "6.2%", "退回行不超过5%")
    assert doubt.said_zh == "6.2%的行被退回，一般不超过5%"
    assert doubt.advice


def test_doubts_of_several_deliveries_come_in_order_and_are_told_apart() -> None:
    odd = {name: figures(extracts()[name], as_usual(name, quarantined=500)) for name in (DEATH, CARE)}
    fit = Asked(MEDICAL, figures(extracts()[MEDICAL], as_usual(MEDICAL)))
    doubts = inspect([*(Asked(name, found) for name, found in odd.items()), fit])
    assert [(d.extract, d.figure) for d in doubts] == [(CARE, "quarantined_share"), (DEATH, "quarantined_share")]
