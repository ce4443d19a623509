"""Facts about persons and households on one day: the only vocabulary that indicators may use."""

from monitor.facts.build import build_facts, make_views
from monitor.facts.write import write_facts

__all__ = ["build_facts", "make_views", "write_facts"]
