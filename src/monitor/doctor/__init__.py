"""Is this machine fit for its nights, and was the last one well? Reads only; what it finds holds no person and no secret.

A further check is a function that takes `Examined`, and one line in `CHECKS` (checks.py).
"""

from monitor.doctor.check import Examined, Finding, Level, Result
from monitor.doctor.checks import CHECKS, examine, home_of
from monitor.doctor.tell import as_json, as_table, bad_news

__all__ = ["CHECKS", "Examined", "Finding", "Level", "Result", "as_json", "as_table", "bad_news", "examine", "home_of"]
