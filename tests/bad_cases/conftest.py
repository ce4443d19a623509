"""The counties are made by benchmarks/bad_inboxes.py, which has whole sizes of them, too (benchmarks/bad_cases.py)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
