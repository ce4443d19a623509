"""The records of an extract on a night, as plain values: one dict of canonical column -> value per record."""

from __future__ import annotations

from datetime import date
from typing import Any

from building.cast import NIGHTS, Household, Person, contract, households, people, villages

_PEOPLE_COLUMNS = {"father": "father_id_no", "mother": "mother_id_no", "spouse": "spouse_id_no", "guardian": "guardian_id_no"}
_MONTH_COLUMNS = ("tax_month", "pay_month", "use_month")
_DEFAULTS: dict[str, dict[str, Any]] = {
    "mca_assistance": {"status": "active"},
    "mca_payment": {"pay_status": "ok"},
    "moe_student": {"school_year": 2026, "status": "enrolled"},
    "nhsa_enrolment": {"year": 2026, "insured_kind": "resident", "paid_on": date(2025, 12, 20), "subsidised": True},
    "sta_income": {"payer_no": "91530000MA0000001A"},
}


def records(extract: str, night: int) -> list[dict[str, Any]]:
    """What a delivery holds: of a full extract all records of that night, of a delta extract those that are new then.

    Every record has the extra keys `who` (a name of the cast) and `superseded_on` (a night, or 99 = never).
    """
    if extract == "psb_resident":
        return [_resident(person, night) for person in people().values() if person.in_registry]
    delta = contract(extract)["mode"] == "delta"
    found = []
    for household in households():
        for given in household.given["records"].get(extract, ()):
            nights = sorted(int(n) for n in given.get("nights", "123"))
            if (nights[0] == night) if delta else (night in nights):
                for name in given["who"].split():
                    found += _of_person(extract, given, people()[name], household)
    return [{**record, "_row": f"{extract}-{number}"} for number, record in enumerate(found, start=1)]


def _resident(person: Person, night: int) -> dict[str, Any]:
    given = {**person.given, **(person.given.get("later", {}) if night > 1 else {})}
    household = person.household
    members = [p["name"] for p in household.given["people"]]
    status = given.get("status", "normal")
    head = given["relation"] == "head"
    return {
        "who": person.name,
        "superseded_on": 99,
        "id_no": person.id_no,
        "name": person.name,
        "sex": given["sex"],
        "birth_date": given["born"],
        "nation": "汉族",
        "hukou_no": household.hukou_no,
        "relation": given["relation"],
        "hukou_type": household.given.get("hukou_type", "rural"),
        "village_code": household.village,
        "address": f"{villages()[household.village]}{int(household.id)}号",
        "phone": f"120000{int(household.id):02d}{members.index(person.name):03d}" if head else None,
        "father_id_no": people()[given["father"]].id_no if "father" in given else None,
        "mother_id_no": people()[given["mother"]].id_no if "mother" in given else None,
        "residence_village": given.get("residence"),
        "status": status,
        "status_date": given.get("status_date") if status != "normal" else None,
    }


def _of_person(extract: str, given: dict[str, Any], person: Person, household: Household) -> list[dict[str, Any]]:
    """The rows of one record: one, or one a month when the record names a span such as 2025-11..2026-10."""
    values = {**_DEFAULTS.get(extract, {}), "id_no": person.id_no, "who": person.name, "superseded_on": 99}
    if extract == "mca_assistance":
        values |= {"name": person.name, "village_code": household.village}
    for key, value in given.items():
        if key in _PEOPLE_COLUMNS:
            values[_PEOPLE_COLUMNS[key]] = people()[value].id_no
        elif key not in ("who", "nights"):
            values[key] = value
    if extract == "nhsa_settlement":
        values["settle_no"] = f"JS{household.id}{values['settled_on']:%y%m%d}"
    column = next((c for c in _MONTH_COLUMNS if c in values), None)
    if column is None:
        return [values]
    rows = [{**values, column: month} for month in _span(values[column])]
    return [{**row, "batch_no": f"P{row[column]:%Y%m}"} for row in rows] if extract == "mca_payment" else rows


def _span(text: str) -> list[date]:
    """The months of `2026-10` or `2025-11..2026-10`, as the day each begins."""
    first, _, last = text.partition("..")
    year, month = (int(part) for part in first.split("-"))
    months = []
    while (year, month) <= tuple(int(part) for part in (last or first).split("-")):
        months.append(date(year, month, 1))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return months


def dated(delivery: dict[str, Any]) -> date:
    """The day a delivery arrived."""
    text = delivery["date"]
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def first_night(delivery: dict[str, Any]) -> int:
    """The first night that sees a delivery."""
    return next(night for night, day in NIGHTS.items() if dated(delivery) <= day)
