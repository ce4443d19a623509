"""How often things are so in the made-up county, read from `rates.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def rates(section: str) -> dict[str, Any]:
    """One section of the table; shares are of the group its comment names, money in yuan."""
    table: dict[str, Any] = tomllib.loads(Path(__file__).with_name("rates.toml").read_text(encoding="utf-8"))[section]
    return table
