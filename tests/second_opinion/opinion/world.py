"""What is known on a day: the records in force, who they are about, and how far each department's data reach."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from opinion.calendar_rules import first_of, plus_months

Record = Mapping[str, Any]

_DATED_BY = {
    "mca_service_client": "started_on", "moj_custody": "started_on", "mca_assistance": "start_date",
    "psb_vehicle": "registered_on", "mca_marriage": "registered_on", "hrss_unemployment": "registered_on",
    "mnr_realestate": "registered_on", "mca_application": "applied_on", "mca_service_order": "ordered_on",
    "nhsa_settlement": "settled_on", "mohurd_housing": "surveyed_on", "nhc_disease": "diagnosed_on",
    "nhc_elder_ability": "assessed_on", "mca_funeral": "died_on", "nhc_death": "died_on", "acftu_worker": "filed_on",
    "mem_disaster": "happened_on", "mara_monitor": "identified_on", "samr_entity": "founded_on", "mof_payroll": "since",
    "mca_family": "checked_on", "mca_payment": "pay_month", "sta_income": "tax_month", "grid_power": "use_month",
}  # fmt: skip
_MONTHLY = {"sta_income": "tax_month", "grid_power": "use_month"}


@dataclass
class World:
    """The inputs of a night.

    Attributes:
        today: the as-of date.
        landed: extract -> records in force, oldest first, those dated after today included.
        delivered: extract -> day of its newest accepted delivery, None if there is none.
        parameter: (name, village code, area kind) -> value in force.
        region: village or region code of people without a place.
    """

    today: date
    landed: Mapping[str, list[Record]]
    delivered: Mapping[str, date | None]
    parameter: Callable[[str, str, str], Decimal]
    region: str = "53"
    _by_person: dict[str, dict[str, list[Record]]] = field(default_factory=dict)
    _there: dict[str, list[Record]] = field(default_factory=dict)

    def rows(self, extract: str) -> list[Record]:
        """The records that are there today, oldest first."""
        if extract not in self._there:
            self._there[extract] = [row for row in self.landed.get(extract, []) if self._is_there(extract, row)]
        return self._there[extract]

    def of(self, extract: str, person: str) -> list[Record]:
        """Somebody's records that are there today, oldest first."""
        if extract not in self._by_person:
            grouped = defaultdict(list)
            for row in self.rows(extract):
                grouped[row["id_no"]].append(row)
            self._by_person[extract] = grouped
        return self._by_person[extract].get(person, [])

    def _is_there(self, extract: str, row: Record) -> bool:
        if extract == "mara_subsidy":
            return bool(row["year"] <= self.today.year)
        if extract == "dpf_disability":
            day = row["first_issued_on"] or row["issued_on"]
        else:
            day = row[_DATED_BY[extract]] if extract in _DATED_BY else None
        return day is None or day <= self.today

    def reach(self, extract: str) -> date:
        """E: how far the data of an extract reach; today's date if nothing was ever delivered."""
        day = self.delivered.get(extract) or self.today
        if extract in _MONTHLY:
            counts = Counter(row[_MONTHLY[extract]] for row in self.rows(extract))
            whole = [month for month, count in counts.items() if 2 * count >= counts[plus_months(month, -1)]]
            if whole:
                day = min(day, plus_months(max(whole), 1))
        return day

    def window(self, extract: str, months: int) -> tuple[date, date]:
        """The first and the last month of the `months` whole months before E's."""
        running = self.running_month(extract)
        return plus_months(running, -months), plus_months(running, -1)

    def running_month(self, extract: str) -> date:
        if extract not in self._running:
            self._running[extract] = first_of(self.reach(extract))
        return self._running[extract]

    @cached_property
    def _running(self) -> dict[str, date]:
        return {}

    def since_to_reach(self, extract: str, day: date) -> int:
        """Days from a day to E; 0 for a day after E."""
        return max((self.reach(extract) - day).days, 0)


def newest(rows: list[Record], column: str) -> Record | None:
    """The record with the latest date; of equals the last, of undated ones none but the last."""
    best: Record | None = None
    for row in rows:
        if best is None or (row[column] or date.min) >= (best[column] or date.min):
            best = row
    return best
