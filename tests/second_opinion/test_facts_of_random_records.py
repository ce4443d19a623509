"""On records drawn at random near every edge, the SQL and the plain opinion say the same of everybody."""

from __future__ import annotations

from datetime import date

import pytest
from comparing import differences
from random_records import Drawing

NIGHTS = ("2026-11-20", "2026-02-28", "2027-03-31", "2026-09-01", "2028-02-29")


@pytest.mark.parametrize(("seed", "as_of"), list(enumerate(NIGHTS)))
def test_every_fact_agrees(seed: int, as_of: str) -> None:
    today = date.fromisoformat(as_of)
    rows, delivered = Drawing(seed, today, households=60).records()
    assert differences(rows, delivered, today) == []
