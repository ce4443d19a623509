"""What the SQL says of the cast of sample_data is what the definitions say, on each of its three nights."""

from __future__ import annotations

import pytest
from cast_records import as_of, cast_records
from comparing import differences


@pytest.mark.parametrize("night", [1, 2, 3])
def test_every_fact_of_every_subject_agrees(night: int) -> None:
    rows, delivered = cast_records(night)
    assert differences(rows, delivered, as_of(night)) == []
