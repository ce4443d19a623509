"""When each extract is delivered, and what its department knows on that day.

A block's frames hold the whole story from fourteen months before the first night to a month after it. A delivery shows the
part of it that is known on its day: full extracts all of it, delta extracts what is new or changed since the delivery before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from monitor.contracts import extract, extracts
from monitor.synth.plan import Plan

DUE_WEEKDAY = 0  # weekly extracts come on Mondays
DUE_DAYS = {"民政": 12, "税务": 15, "医保": 8, "人社": 10, "供电": 5, "教育": 9}  # day of the month of monthly extracts
DUE_DAY = 6
YEARLY = (6, 30)

# a row is known from the first given of these dates on; months are known once they are over, but payments when they start
KNOWN_FROM = {
    "psb_resident": "birth_date",
    "psb_vehicle": "registered_on",
    "mca_assistance": "start_date",
    "mca_application": "applied_on",
    "mca_service_client": "started_on",
    "mca_service_order": "ordered_on",
    "mca_family": "checked_on",
    "mca_payment": "pay_month",
    "mca_marriage": "registered_on",
    "mca_funeral": "died_on",
    "hrss_unemployment": "registered_on",
    "nhsa_settlement": "settled_on",
    "nhc_disease": "diagnosed_on",
    "nhc_elder_ability": "assessed_on",
    "nhc_death": "died_on",
    "dpf_disability": "issued_on",
    "mohurd_housing": "surveyed_on",
    "mof_payroll": "since",
    "mnr_realestate": "registered_on",
    "samr_entity": "founded_on",
    "sta_income": "tax_month",
    "mara_monitor": "identified_on",
    "mem_disaster": "happened_on",
    "moj_custody": "started_on",
    "acftu_worker": "filed_on",
    "grid_power": "use_month",
}
KNOWN_WHEN_OVER = ("sta_income", "grid_power")
# what happens later to a record: the date of it, and the cells that show it only from that day on (with what stood there)
LATER: dict[str, list[tuple[str, dict[str, str | None]]]] = {
    "psb_resident": [("status_date", {"status": "normal", "status_date": None})],
    "mca_application": [("decided_on", {"decision": "pending", "decided_on": None, "refusal": None})],
    "mca_service_order": [
        ("dispatched_on", {"dispatched_on": None}),
        ("served_on", {"served_on": None, "hours": None, "signed": None}),
        ("followed_up_on", {"followed_up_on": None, "satisfaction": None}),
    ],
    "mca_care": [("last_visit_on", {"last_visit_on": None})],
    "moj_custody": [("released_on", {"released_on": None})],
    "acftu_worker": [("closed_on", {"closed_on": None})],
}


@dataclass(frozen=True)
class Delivery:
    """One extract on one day.

    Attributes:
        day: when it was delivered; `since` the delivery before it (None: the first).
        night: position of the night it is meant for; -1 for a file dated after the last night.
    """

    extract: str
    day: date
    since: date | None
    night: int

    @property
    def stem(self) -> str:
        return f"{self.extract}_{self.day:%Y%m%d}"


def deliveries(plan: Plan) -> list[Delivery]:
    """All deliveries of a plan, by extract and day."""
    made = []
    for name in extracts():
        if plan.is_late(name):
            day = plan.as_of - timedelta(days=extract(name).late_after + 10)
            made.append(Delivery(name, day, None, 0))
            continue
        before = next(day for day in (plan.as_of - timedelta(days=n) for n in range(400)) if _is_due(name, day))
        made.append(Delivery(name, before, None, 0))
        for night, day in enumerate(plan.days[1:], start=1):
            if _is_due(name, day):
                made.append(Delivery(name, day, before, night))
                before = day
    if plan.soil.future_file:
        last = plan.days[-1]
        made.append(Delivery("nhc_death", last + timedelta(days=1), last, -1))
    return made


def _is_due(name: str, day: date) -> bool:
    contract = extract(name)
    match contract.cadence:
        case "daily":
            return True
        case "weekly":
            return day.weekday() == DUE_WEEKDAY
        case "monthly":
            return day.day == DUE_DAYS.get(contract.department, DUE_DAY)
        case _:
            return (day.month, day.day) == YEARLY


def cut(frame: pl.DataFrame, delivery: Delivery) -> pl.DataFrame:
    """The rows of a frame that the delivery holds, as they are known on its day."""
    name, day = delivery.extract, pl.lit(delivery.day)
    known = _known(name)
    if known is not None:
        frame = frame.filter(known.is_null() | (known <= day))
    if extract(name).mode == "delta" and delivery.since is not None and known is not None:
        turns = [known, *(pl.col(on) for on, _ in LATER.get(name, []))]
        frame = frame.filter(pl.any_horizontal((turn > pl.lit(delivery.since)) & (turn <= day) for turn in turns))
    if name == "mca_assistance":
        return _benefits_until(frame, day)
    for on, cells in LATER.get(name, []):
        happened = pl.col(on).is_null() | (pl.col(on) <= day)
        shown = [pl.when(happened).then(pl.col(c)).otherwise(pl.lit(v, dtype=frame.schema[c])) for c, v in cells.items()]
        frame = frame.with_columns(shown)
    return frame


def _known(name: str) -> pl.Expr | None:
    if name not in KNOWN_FROM:
        return None
    on = pl.col(KNOWN_FROM[name])
    return on.dt.offset_by("1mo") if name in KNOWN_WHEN_OVER else on


def _benefits_until(frame: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    """An end that is still to come is unknown, unless it was set when the benefit was granted."""
    sudden = (pl.col("status") == "ended") & (pl.col("end_date") > day)
    return frame.with_columns(
        pl.when(sudden).then(pl.lit("active")).otherwise(pl.col("status")).alias("status"),
        pl.when(sudden).then(None).otherwise(pl.col("end_date")).alias("end_date"),
        pl.when(sudden).then(None).otherwise(pl.col("exit_reason")).alias("exit_reason"),
    )
