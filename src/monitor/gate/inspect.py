"""Expectations derived from the contracts, validated by Great Expectations with results that hold no values.

What refuses a delivery is decided at landing, by the contract. The gate doubts: a doubt is told to the operator and to the
department, and stops nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from monitor.contracts import Extract

MOST_QUARANTINED_SHARE = 0.05
MOST_DOUBLED_SHARE = 0.02
MOST_BLANKED_PER_ROW = 0.20
# shares of fewer rows are noise
SHARES_FROM_ROWS = 100
# a full extract is the whole population of records: it should hardly change between two deliveries
FULL_ROWS_AGAINST_BEFORE = (0.8, 1.5)


# figure -> the rows that must be many enough for it to say something
_COUNTED_BY = {
    "rows_read": None,
    "quarantined_share": "rows_read",
    "blanked_per_row": "rows_read",
    "doubled_share": "rows_read",
    "rows_against_before": "readable_before",
}


@dataclass(frozen=True)
class Doubt:
    """One expectation that a delivery does not meet.

    Attributes:
        extract: the extract.
        figure: the figure doubted (a column of `delivery_figures`).
        found: its value.
        allowed: what is expected, in plain Chinese.
    """

    extract: str
    figure: str
    found: float
    allowed: str


def expected_ranges(contracts: Mapping[str, Extract]) -> dict[tuple[str, str], tuple[float, float, str]]:
    """(extract, figure) -> lowest, highest, and the sentence that says so."""
    ranges = {}
    for name, contract in contracts.items():
        ranges[name, "quarantined_share"] = (0.0, MOST_QUARANTINED_SHARE, "退回行不超过5%")
        ranges[name, "blanked_per_row"] = (0.0, MOST_BLANKED_PER_ROW, "每行看不懂的单元格平均不超过0.2个")
        if contract.mode == "full":
            ranges[name, "rows_read"] = (1.0, float("inf"), "至少一行")
            ranges[name, "doubled_share"] = (0.0, MOST_DOUBLED_SHARE, "重复主键不超过2%")
            ranges[name, "rows_against_before"] = (*FULL_ROWS_AGAINST_BEFORE, "行数应为上一次的80%至150%")
    return ranges


def inspect(figures: pd.DataFrame, contracts: Mapping[str, Extract]) -> list[Doubt]:
    """Validate the figures; return the doubts in order of extract and figure.

    Small deliveries are judged by rows_read alone.
    """
    ranges = expected_ranges(contracts)
    found = {
        (row["extract"], figure): float(row[figure])
        for row in figures.to_dict("records")
        for figure, counted in _COUNTED_BY.items()
        if (row["extract"], figure) in ranges
        and pd.notna(row[figure])
        and (counted is None or row[counted] >= SHARES_FROM_ROWS)
    }
    failed = _validate(found, ranges)
    return [Doubt(*key, found=round(found[key], 4), allowed=ranges[key][2]) for key in sorted(failed)]


def _validate(
    found: dict[tuple[str, str], float], ranges: dict[tuple[str, str], tuple[float, float, str]]
) -> set[tuple[str, str]]:
    """One suite over one wide row: a column per figure of an extract, which costs a tenth of 33 suites."""
    if not found:
        return set()
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    # imported late: it takes longer than a small night
    import great_expectations as gx
    import great_expectations.expectations as gxe
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    names = {key: ".".join(key) for key in found}
    expectations = []
    for key, name in names.items():
        low, high, _ = ranges[key]
        expectations.append(
            gxe.ExpectColumnValuesToBeBetween(column=name, min_value=low, max_value=None if high == float("inf") else high)
        )
    batch = (
        context.data_sources.add_pandas("deliveries")
        .add_dataframe_asset("figures")
        .add_batch_definition_whole_dataframe("tonight")
        .get_batch({"dataframe": pd.DataFrame([{names[key]: value for key, value in found.items()}])})
    )
    result = batch.validate(gx.ExpectationSuite(name="deliveries", expectations=expectations), result_format="BOOLEAN_ONLY")
    failed = {r.expectation_config.kwargs["column"] for r in result.results if not r.success}
    return {key for key, name in names.items() if name in failed}
