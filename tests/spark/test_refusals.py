"""What is not known to mean the same in Spark is refused, loudly and before anything runs."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.errors import PromiseBroken
from monitor.settings import load_settings
from monitor.spark.layers import read_texts
from monitor.spark.translate import Dialect, read_dialect, translate
from monitor.store import connect


@pytest.fixture(scope="module")
def dialect() -> Dialect:
    with connect(None, load_settings()) as connection:
        known = read_dialect(connection, {"as_of": date(2026, 11, 20), "region": "53"})
    known.date_columns["core.t"] = {"day": True, "n": False, "either": True}
    known.date_columns["core.u"] = {"either": False}
    return known


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("select n / 2 from core.t", "float"),
        ("select soundex(n) from core.t", "not compared"),
        ("select list(n) from core.t", "without an order"),
        ("select list(n order by day) from core.t", "own order"),
        ("select regexp_replace(n, 'a.*', '', 'g') from core.t", "class of characters"),
        ("select date_diff('week', day, day) from core.t", "days and months"),
        ("select date_trunc('week', day) from core.t", "months and years"),
        ("select core.t.day - either from core.t, core.u", "difference of dates"),
        ("select day - something from core.t", "difference of dates"),
        ("select getvariable('nobody') from core.t", "no such variable"),
        ("select * from core.t union all by name select day from core.t", "plain selects"),
    ],
)
def test_it_is_refused(dialect: Dialect, text: str, why: str) -> None:
    with pytest.raises(PromiseBroken, match=why):
        translate(text, dialect)


def test_nothing_of_duckdb_is_left_in_a_translation(dialect: Dialect) -> None:
    text = "select months_since(day, getvariable('as_of'))::integer as m, newest(day, n) as k from core.t"
    written = translate(text, dialect).lower()
    assert not {"months_since", "newest", "getvariable", "int128", "hugeint"} & set(written.replace("(", " ").split())


def test_every_staging_file_can_be_read() -> None:
    assert len(read_texts("staging")) == 33
