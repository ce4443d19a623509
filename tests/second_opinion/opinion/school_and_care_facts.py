"""Facts about school, care, service and the traces that a person leaves."""

from __future__ import annotations

from decimal import Decimal

from opinion.calendar_rules import first_of, months_since, plus_months, within_days, within_months
from opinion.population import Population
from opinion.world import Record, World

Facts = dict[str, object]
HIGHER = ("college", "university", "graduate")
FEES = ("kindergarten", "senior", "vocational", *HIGHER)


def newest_school(world: World, person: str) -> Record | None:
    rows = world.of("moe_student", person)
    return max(enumerate(rows), key=lambda pair: (pair[1]["school_year"], pair[0]))[1] if rows else None


def is_student(world: World, person: str) -> bool:
    row = newest_school(world, person)
    year = world.today.year if world.today.month >= 9 else world.today.year - 1
    return row is not None and row["status"] == "enrolled" and row["school_year"] >= year - 1


def school_cost(world: World, person: str) -> Decimal:
    row = newest_school(world, person)
    if row is None or not is_student(world, person):
        return Decimal(0)
    return max((row["tuition"] or Decimal(0)) - (row["aid_amount"] or Decimal(0)), Decimal(0))


def school(people: Population, person: str) -> Facts:
    row = newest_school(people.world, person)
    enrolled = is_student(people.world, person)
    stage = row["stage"] if row else ""
    graduated = row is not None and row["status"] == "graduated" and stage in ("vocational", *HIGHER)
    day = row["status_date"] if row and graduated else None
    return {
        "is_student": enrolled,
        "is_compulsory_student": enrolled and stage in ("primary", "junior"),
        "is_fee_student": enrolled and stage in FEES,
        "is_university_student": enrolled and stage in HIGHER,
        "dropped_out": row is not None and row["status"] in ("dropout", "left") and stage in ("primary", "junior"),
        "has_student_aid": row is not None and (row["aid_amount"] or 0) > 0,
        "has_student_loan": bool(row and row["loan"]),
        "has_school_record": row is not None,
        "has_graduated": graduated,
        "graduated_months": months_since(day, people.today) if day else None,
        "school_cost_year_yuan": school_cost(people.world, person),
    }


def care(people: Population, person: str) -> Facts:
    rows = people.world.of("mca_care", person)
    visits = [row["last_visit_on"] for row in rows if row["last_visit_on"]]
    days = people.world.since_to_reach("mca_care", max(visits)) if visits else None
    return {
        "is_left_behind_child": any(row["care_kind"] == "left_behind_child" for row in rows),
        "is_homeless": any(row["care_kind"] == "homeless" for row in rows),
        "care_visit_days": days,
        "care_visit_overdue": bool(rows) and (days is None or days > 90),
    }


def service(people: Population, person: str) -> Facts:
    world, today = people.world, people.today
    clients = world.of("mca_service_client", person)
    client = clients[-1] if clients else None
    is_client = client is not None and (client["ended_on"] is None or client["ended_on"] > today)
    last_month = plus_months(first_of(today), -1)
    orders = world.of("mca_service_order", person)
    served = [r for r in orders if r["served_on"] and first_of(r["served_on"]) == last_month]
    delivered = world.delivered.get("mca_service_order")
    told = delivered is not None and delivered >= first_of(today)
    return {
        "is_service_client": is_client,
        "was_client_all_last_month": bool(client and is_client and client["started_on"] <= last_month),
        "planned_service_days": _planned(client, "planned_days", 25),
        "planned_service_hours": _planned(client, "planned_hours", 60),
        "service_days_last_month": len({r["served_on"] for r in served}) if told else None,
        "service_hours_last_month": sum((r["hours"] or Decimal(0) for r in served), Decimal(0)) if told else None,
    }


def _planned(client: Record | None, column: str, norm: int) -> object:
    if client is None:
        return None
    return norm if client[column] is None else client[column]


def orders(people: Population, person: str) -> Facts:
    world, today = people.world, people.today
    rows = world.of("mca_service_order", person)
    undispatched = [r["ordered_on"] for r in rows if r["dispatched_on"] is None and r["served_on"] is None]
    unserved = [r["dispatched_on"] for r in rows if r["dispatched_on"] and r["served_on"] is None]
    silent = [r["served_on"] for r in rows if within_days(r["served_on"], 180, today) and r["followed_up_on"] is None]
    died = people.death_date(person)
    after = [r for r in rows if r["served_on"] and people.is_dead(person) and (died is None or r["served_on"] > died)]
    return {
        "undispatched_order_days": world.since_to_reach("mca_service_order", min(undispatched)) if undispatched else 0,
        "unserved_order_days": world.since_to_reach("mca_service_order", min(unserved)) if unserved else 0,
        "unsigned_service_90d_count": sum(within_days(r["served_on"], 90, today) and not r["signed"] for r in rows),
        "no_follow_up_order_days": world.since_to_reach("mca_service_order", min(silent)) if silent else 0,
        "dissatisfied_90d_count": sum(
            within_days(r["followed_up_on"], 90, today) and r["satisfaction"] in (1, 2) for r in rows
        ),
        "served_after_death_count": None if after and died is None else len(after),
    }


def traces(people: Population, person: str, has_any_pension: bool) -> Facts:
    world, today = people.world, people.today
    tax_first, tax_last = world.window("sta_income", 12)
    paid = [row["last_paid_month"] for row in world.of("hrss_insurance", person) if row["last_paid_month"]]
    cared = [row["last_visit_on"] for row in world.of("mca_care", person)]
    cared += [row["served_on"] for row in world.of("mca_service_order", person)]
    seen = (
        any(within_months(row["settled_on"], 12, today) for row in world.of("nhsa_settlement", person)),
        any(tax_first <= row["tax_month"] <= tax_last for row in world.of("sta_income", person)),
        any(month >= world.window("hrss_insurance", 12)[0] for month in paid),
        has_any_pension,
        is_student(world, person),
        any(within_months(day, 12, today) for day in cared),
    )
    return {"traces_12m_count": sum(seen)}
