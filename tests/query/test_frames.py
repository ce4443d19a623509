"""Answers as frames: types that pandas reckons with, and refusals that say what there is."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from monitor.errors import UsageError
from monitor.query import Answer, frame
from monitor.query.frames import as_frame
from monitor.settings import Settings


def test_whole_numbers_stay_whole_beside_blanks_and_decimals_become_floats() -> None:
    types = ("BIGINT", "DECIMAL(18,2)", "VARCHAR", "DOUBLE")
    table = as_frame(Answer(("n", "yuan", "name", "share"), types, [(1, Decimal("2.50"), "甲", 0.5), (None, None, None, None)]))
    assert [str(kind) for kind in table.dtypes[["n", "yuan", "share"]]] == ["Int64", "float64", "float64"]
    assert table.iloc[0].tolist() == [1, 2.5, "甲", 0.5]
    assert table.iloc[1].isna().all()


def test_an_empty_answer_keeps_its_columns() -> None:
    table = as_frame(Answer(("n", "name"), ("BIGINT", "VARCHAR"), []))
    assert (len(table), list(table.columns)) == (0, ["n", "name"])


@pytest.mark.parametrize(
    ("recipe", "given", "says"),
    [("fairnes", {}, "fairness"), ("fairness", {"township": "1"}, "county"), ("fairness", {}, "还没有分析库")],
)
def test_what_cannot_be_asked_is_refused(tmp_path: Path, recipe: str, given: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        frame(Settings(home=tmp_path), recipe, **given)
