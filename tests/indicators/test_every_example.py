"""Every example of every indicator comes out as it says, through the same compile as the night."""

from __future__ import annotations

import pytest

from monitor.indicators import load_catalogue, run_examples
from monitor.vocabulary import Outcome

CATALOGUE = load_catalogue()
LONGEST_REASON = 60  # Chinese characters that fit into a cell of the list


@pytest.mark.parametrize("code", CATALOGUE.indicators)
def test_every_example_comes_out_as_it_says(code: str) -> None:
    told = run_examples(CATALOGUE.indicators[code])
    assert [(t.example.name, t.outcome) for t in told] == [(t.example.name, t.example.expect) for t in told]


@pytest.mark.parametrize("code", CATALOGUE.indicators)
def test_the_reason_of_a_hit_is_whole_and_short(code: str) -> None:
    reasons = [t.reason for t in run_examples(CATALOGUE.indicators[code]) if t.outcome is Outcome.HIT]
    assert reasons
    assert all(len(reason) <= LONGEST_REASON and "{" not in reason for reason in reasons)
