"""The gate doubts deliveries that look odd, and its results hold no value of a person."""

import pandas as pd
import pytest

from monitor.contracts import extracts
from monitor.gate import inspect

FIT = {"rows_read": 1000, "quarantined_share": 0.01, "doubled_share": 0.0, "blanked_per_row": 0.0, "rows_against_before": 1.0}


def figures(extract: str = "psb_resident", **changed: float) -> pd.DataFrame:
    return pd.DataFrame([{"extract": extract, "delivered": "20261120", **FIT, **changed}])


def doubted(frame: pd.DataFrame) -> list[str]:
    return [doubt.figure for doubt in inspect(frame, extracts())]


def test_a_fit_delivery_is_not_doubted() -> None:
    assert doubted(figures()) == []


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("quarantined_share", 0.06),
        ("doubled_share", 0.03),
        ("blanked_per_row", 0.3),
        ("rows_against_before", 0.7),
        ("rows_against_before", 1.6),
    ],
)
def test_each_figure_out_of_its_range_is_doubted(figure: str, value: float) -> None:
    assert doubted(figures(**{figure: value})) == [figure]


def test_a_delta_may_hold_any_number_of_rows() -> None:
    assert doubted(figures("nhc_death", rows_read=0, rows_against_before=0.01)) == []


def test_the_first_delivery_has_nothing_to_be_compared_with() -> None:
    assert doubted(figures(rows_against_before=float("nan"))) == []


def test_a_doubt_says_what_was_found_and_what_is_expected() -> None:
    [doubt] = inspect(figures(quarantined_share=0.0625), extracts())
    assert (doubt.extract, doubt.found, doubt.allowed) == ("psb_resident", 0.0625, "退回行不超过5%")
