"""Turn the cast into the departments' files and the expectations: `python sample_data/build.py`. Same cast, same bytes."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from building.cast import HERE
from building.delivering import write_inbox
from building.expecting import write_expected
from building.telling import write_readme


def main() -> None:
    """Write `inbox/`, `expected/` and `README.md`; nothing else writes there."""
    for name in ("inbox", "expected"):
        (HERE / name).mkdir(exist_ok=True)
    write_inbox(HERE / "inbox")
    write_expected(HERE / "expected")
    write_readme(HERE)


if __name__ == "__main__":
    main()
