"""The rules as a night asked them: kept in its run folder, read once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from monitor.errors import CatalogueInvalid
from monitor.indicators import Indicator, catalogue_of
from monitor.run import MANIFEST, Home, run_id_of

_NIGHTS_KEPT = 8


def rules_of(home: Home, as_of: date) -> Mapping[str, Indicator]:
    """code -> indicator; empty when the night's catalogue cannot be read any more, and cases are shown without titles."""
    run = home.runs / as_of.isoformat()
    return _rules(run, run_id_of(run)) if (run / MANIFEST).is_file() else {}


@lru_cache(maxsize=_NIGHTS_KEPT)
def _rules(run: Path, run_id: str) -> Mapping[str, Indicator]:
    """A night that is run again has another id."""
    try:
        return catalogue_of(run).indicators
    except CatalogueInvalid:
        return {}
