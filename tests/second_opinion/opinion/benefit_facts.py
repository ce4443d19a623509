"""Facts about benefits, applications and payments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from opinion.calendar_rules import first_of, months_since, plus_months, within_months
from opinion.population import Population
from opinion.world import Record, World, newest

Facts = dict[str, object]
DIBAO = ("dibao_urban", "dibao_rural")
TEKUN = ("tekun_dispersed", "tekun_institution")
CHILD = ("orphan", "unattended_child")
DISABILITY = ("disability_living", "disability_care")


def current(world: World, person: str, *benefits: str) -> list[Record]:
    """The current records of some benefits (all when none is named)."""
    return [
        row
        for row in world.of("mca_assistance", person)
        if row["status"] == "active"
        and (row["end_date"] is None or row["end_date"] > world.today)
        and (not benefits or row["benefit"] in benefits)
    ]


def on(world: World, person: str, *benefits: str) -> bool:
    return bool(current(world, person, *benefits))


def benefits(people: Population, person: str) -> Facts:
    world = people.world
    counties: dict[str, set[str]] = {}
    for row in current(world, person):
        counties.setdefault(row["benefit"], set()).add(row["village_code"][:6])
    child, tekun = (newest(current(world, person, *kinds), "start_date") for kinds in (CHILD, TEKUN))
    dibao, rigid = newest(current(world, person, *DIBAO), "start_date"), newest(current(world, person, "rigid"), "start_date")
    reach = world.reach("mca_assistance")
    reviewed = (dibao["reviewed_on"] or dibao["start_date"]) if dibao else None
    return {
        "on_dibao": dibao is not None,
        "on_tekun": tekun is not None,
        "on_edge": on(world, person, "edge"),
        "on_rigid": rigid is not None,
        "on_child_aid": child is not None,
        "on_low_income_list": on(world, person, *DIBAO, *TEKUN, *CHILD, "edge", "rigid"),
        "on_disability_living": on(world, person, "disability_living"),
        "on_disability_care": on(world, person, "disability_care"),
        "on_elder_age": on(world, person, "elder_age"),
        "current_benefit_count": sum(row["benefit"] != "temporary" for row in current(world, person)),
        "same_benefit_county_count": max(map(len, counties.values()), default=0),
        "left_aid_months": _left_aid_months(world, person),
        "temporary_aid_12m_count": sum(
            row["benefit"] == "temporary" and within_months(row["start_date"], 12, world.today)
            for row in world.of("mca_assistance", person)
        ),
        "dibao_review_months": max(months_since(reviewed, reach), 0) if reviewed else None,
        "rigid_months": months_since(rigid["start_date"], world.today) if rigid else None,
        "child_aid_monthly_yuan": child["monthly_amount"] if child else None,
        "tekun_monthly_yuan": tekun["monthly_amount"] if tekun else None,
    }


def _left_aid_months(world: World, person: str) -> int | None:
    kinds = (*DIBAO, *TEKUN, "edge", "rigid")
    if on(world, person, *kinds):
        return None
    ends = [
        row["end_date"]
        for row in world.of("mca_assistance", person)
        if row["benefit"] in kinds
        and row["end_date"] is not None
        and (row["status"] == "ended" or row["end_date"] <= world.today)
    ]
    return months_since(max(ends), world.today) if ends else None


def newest_refused(world: World, person: str) -> Record | None:
    rows = [
        row
        for row in world.of("mca_application", person)
        if row["decision"] == "refused" and row["decided_on"] and row["decided_on"] <= world.today
    ]
    return newest(rows, "decided_on")


def applications(people: Population, person: str) -> Facts:
    world = people.world
    refused = newest_refused(world, person)
    pending = [row["applied_on"] for row in world.of("mca_application", person) if row["decision"] == "pending"]
    return {
        "was_refused": refused is not None,
        "refused_months": months_since(refused["decided_on"], world.today) if refused else None,
        "refused_for": refused["refusal"] if refused else None,
        "application_open_days": world.since_to_reach("mca_application", min(pending)) if pending else 0,
    }


def payments(people: Population, person: str) -> Facts:
    world = people.world
    rows = world.of("mca_payment", person)
    paid = [row for row in rows if row["pay_status"] == "ok"]
    custody = people.custody(person)
    certificate = (world.of("dpf_disability", person) or [None])[-1]
    expired = certificate["expires_on"] if certificate else None
    late = [
        row
        for row in paid
        if row["benefit"] in DISABILITY and expired and expired < world.today and row["pay_month"] > first_of(expired)
    ]
    return {
        "paid_after_death_count": _count(_after_death(people, person, paid)),
        "paid_after_death_yuan": _amount(_after_death(people, person, paid)),
        "elder_age_paid_after_death_count": _count(_after_death(people, person, paid, "elder_age")),
        "disability_paid_after_death_count": _count(_after_death(people, person, paid, *DISABILITY)),
        "paid_in_custody_count": sum(
            custody is not None and row["pay_month"] > first_of(custody["started_on"]) for row in paid
        ),
        "failed_payment_months": _failed_months(world, rows),
        "payee_name_differs": _payee_differs(people, person, rows),
        "disability_paid_on_expired_count": len(late),
    }


def _after_death(people: Population, person: str, paid: list[Record], *benefits: str) -> list[Record] | None:
    """Payments after the month of death; None when the death is undated and one of them might be."""
    asked = [row for row in paid if not benefits or row["benefit"] in benefits]
    if not people.is_dead(person):
        return []
    died = people.death_date(person)
    if died is None:
        return None if asked else []
    return [row for row in asked if row["pay_month"] > first_of(died)]


def _count(rows: list[Record] | None) -> int | None:
    return None if rows is None else len(rows)


def _amount(rows: list[Record] | None) -> Decimal | None:
    return None if rows is None else sum((row["amount"] for row in rows), Decimal(0))


def _failed_months(world: World, rows: list[Record]) -> int:
    running = world.running_month("mca_payment")
    near = [row for row in rows if plus_months(running, -3) <= row["pay_month"] <= running]
    months: list[date] = sorted({row["pay_month"] for row in near}, reverse=True)[:2]
    return sum(_month_failed([row for row in near if row["pay_month"] == month]) for month in months)


def _month_failed(rows: list[Record]) -> bool:
    good = {row["benefit"] for row in rows if row["pay_status"] == "ok"}
    return any(row["benefit"] not in good for row in rows)


def _payee_differs(people: Population, person: str, rows: list[Record]) -> bool | None:
    row = newest(rows, "pay_month")
    if row is None or not row["account_name"]:
        return False
    name = name_of(people, person)
    return None if name is None else _plain(row["account_name"]) != _plain(name)


def name_of(people: Population, person: str) -> str | None:
    if person in people.registry:
        return str(people.registry[person]["name"])
    listed = newest([r for r in people.world.landed.get("mca_assistance", []) if r["id_no"] == person], "start_date")
    return str(listed["name"]) if listed else None


def _plain(name: str) -> str:
    return "".join(c for c in name if c not in "·•" and not c.isspace())
