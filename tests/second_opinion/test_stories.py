"""The stories of sample_data, written by hand, say what the plain rules say of their people."""

from __future__ import annotations

import pytest
from building.stories import exempt, hits, untold
from test_outcomes import outcomes_of_cast


@pytest.mark.parametrize("night", [1, 2, 3])
def test_hits_exempt_and_unknown(night: int) -> None:
    said = {(code, who): answer for (code, who, _), answer in outcomes_of_cast(night).items()}
    told = {(h.indicator, h.subject) for h in hits() if h.night == night}
    assert {key for key, answer in said.items() if answer == "hit"} == told
    assert {said[h.indicator, h.subject] for h in exempt() if h.night == night} <= {"exempt"}
    unknown = {key for key, answer in said.items() if answer == "unknown" and (night, key[0]) != (3, "INC-018")}
    assert unknown == {(code, who) for n, code, who in untold() if n == night and (n, code) != (3, "INC-018")}
