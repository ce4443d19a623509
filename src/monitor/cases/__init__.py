"""Hits become cases: one visit and one review case at most per household, compared with the night before."""

from monitor.cases.open import CaseSummary, Judge, open_cases
from monitor.cases.write import write_cases

__all__ = ["CaseSummary", "Judge", "open_cases", "write_cases"]
