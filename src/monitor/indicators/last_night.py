"""What a home's newest run counted of an indicator: numerator, denominator, and of how many nothing could be said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from monitor.settings import Settings
from monitor.store import connect, literal, stored

_COVERAGE = "coverage.parquet"


@dataclass(frozen=True)
class Counts:
    """How many subjects came out how."""

    hit: int
    clear: int
    unknown: int
    exempt: int

    @property
    def asked(self) -> int:
        return self.hit + self.clear + self.unknown + self.exempt

    @property
    def judged(self) -> int:
        """The denominator: those of whom the rule could say something."""
        return self.hit + self.clear


@dataclass(frozen=True)
class LastNight:
    """The counts of an indicator on the as-of date of a run, in a region."""

    as_of: date
    counts: Counts


def last_night(settings: Settings, run: Path, code: str, region: str = "") -> LastNight | None:
    """Read what a run counted.

    Args:
        settings: of the home.
        run: a run folder, named after its as-of date.
        code: the indicator.
        region: division code; counts are kept by county: a longer code is cut to its county, `53` means all counties of 53.

    Returns:
        None when the run did not ask the indicator there.
    """
    path = run / _COVERAGE
    if not path.is_file():
        return None
    with connect(None, settings) as connection:
        row = connection.execute(
            "select count(*), coalesce(sum(hit), 0)::bigint, coalesce(sum(clear), 0)::bigint, "
            "coalesce(sum(unknown), 0)::bigint, coalesce(sum(exempt), 0)::bigint "
            f"from {stored(path)} "
            f"where indicator = {literal(code)} and starts_with(county, {literal(region[:6])})"
        ).fetchone()
    if row is None or not row[0]:
        return None
    return LastNight(date.fromisoformat(run.name), Counts(*row[1:]))
