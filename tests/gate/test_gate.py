"""The gate doubts deliveries that look odd, and its results hold no value of a person."""

import duckdb
import pandas as pd
import pytest

from monitor.contracts import extracts
from monitor.gate import delivery_figures, inspect

FIT = {
    "rows_read": 1000,
    "quarantined_share": 0.01,
    "doubled_share": 0.0,
    "blanked_per_row": 0.0,
    "rows_against_before": 1.0,
    "readable_before": 1000,
}
ODD = {"quarantined_share": 0.5, "doubled_share": 0.5, "blanked_per_row": 2.0, "rows_against_before": 0.5}


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


@pytest.mark.parametrize(("rows", "doubts"), [(99, 0), (100, 4)])
def test_shares_are_doubted_from_a_hundred_rows_on(rows: int, doubts: int) -> None:
    assert len(doubted(figures(rows_read=rows, readable_before=rows, **ODD))) == doubts


def test_a_small_delivery_is_compared_with_a_large_one_before() -> None:
    assert doubted(figures(rows_read=99, readable_before=100, **ODD)) == ["rows_against_before"]


def test_figures_come_from_the_ledger_and_know_the_delivery_before() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema deliveries")
        connection.execute(
            "create table deliveries.ledger as select * from (values"
            " ('psb_resident', 'psb_resident_20261119', 210, 200, 0, 10, 0, 'replaced'),"
            " ('psb_resident', 'psb_resident_20261120_a', 60, 50, 0, 10, 5, 'in_force'),"
            " ('psb_resident', 'psb_resident_20261120_b', 60, 40, 10, 10, 5, 'in_force'),"
            " ('psb_resident', 'psb_resident_20261121', 9, 0, 0, 9, 0, 'refused')"
            ") t(extract, delivery, rows_read, loaded, superseded, quarantined, blanked, state)"
        )
        [row] = delivery_figures(connection).to_dict("records")
    assert (row["delivered"], row["rows_read"], row["readable_before"]) == ("20261120", 120, 200)
    assert (row["rows_against_before"], row["doubled_share"], row["blanked_per_row"]) == (0.5, 0.1, 0.1)


def test_the_first_delivery_has_nothing_to_be_compared_with() -> None:
    assert doubted(figures(rows_against_before=float("nan"), readable_before=float("nan"))) == []


def test_a_doubt_says_what_was_found_and_what_is_expected() -> None:
    [doubt] = inspect(figures(quarantined_share=0.0625), extracts())
    assert (doubt.extract, doubt.found, doubt.allowed) == ("psb_resident", 0.0625, "退回行不超过5%")
