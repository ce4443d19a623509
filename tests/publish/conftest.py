"""The analyst file is tested over the same made-up nights as the cases."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "cases"))
