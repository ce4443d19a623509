"""Why a household is on the list: facts, numbers, deliveries, what changed, and what would clear each reason."""

from monitor.explain.explanation import CaseExplained, Reason, explain
from monitor.explain.find import Asked, find_cases

__all__ = ["Asked", "CaseExplained", "Reason", "explain", "find_cases"]
