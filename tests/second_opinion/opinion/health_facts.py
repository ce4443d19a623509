"""Facts about disability, illness, ability and what treatment cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from opinion.calendar_rules import first_of, months_since, plus_months, rounded, within_months
from opinion.population import Population
from opinion.world import Record, World, newest

Facts = dict[str, object]
MAJOR = {"cancer", "uremia", "transplant", "leukemia", "stroke", "heart", "aids", "congenital", "rare", "severe_mental"}
LONG = {"uremia", "cancer", "leukemia", "transplant", "tuberculosis"}
LISTED = {"dibao_urban", "dibao_rural", "tekun_dispersed", "tekun_institution", "edge", "rigid"}


def is_valid(certificate: Record, today: date) -> bool:
    return certificate["expires_on"] is None or certificate["expires_on"] >= today


def is_severely_disabled(world: World, person: str) -> bool:
    return any(is_valid(c, world.today) and int(c["disability_grade"]) <= 2 for c in world.of("dpf_disability", person))


def has_major_disease(world: World, person: str) -> bool:
    return any(row["disease"] in MAJOR for row in world.of("nhc_disease", person))


def has_no_work_capacity(people: Population, person: str) -> bool:
    age = people.age(person)
    if age < 16 or age >= 60:
        return True
    for row in people.world.of("dpf_disability", person):
        kind, grade = int(row["disability_kind"]), int(row["disability_grade"])
        fits = (kind in (5, 6) and grade <= 3) or (kind == 4 and grade <= 2) or (kind == 1 and grade == 1)
        if fits and is_valid(row, people.today):
            return True
    return False


def disability(people: Population, person: str) -> Facts:
    rows = people.world.of("dpf_disability", person)
    row = rows[-1] if rows else None
    valid = row is not None and is_valid(row, people.today)
    issued = (row["first_issued_on"] or row["issued_on"]) if row else None
    ends = row["expires_on"] if row else None
    return {
        "has_valid_disability": valid,
        "disability_kind": int(row["disability_kind"]) if row else None,
        "disability_grade": int(row["disability_grade"]) if row else None,
        "is_severely_disabled": is_severely_disabled(people.world, person),
        "is_mentally_disabled_3": bool(
            row and valid and int(row["disability_kind"]) in (5, 6) and int(row["disability_grade"]) == 3
        ),
        "has_disability_certificate": row is not None,
        "disability_issued_days": (people.today - issued).days if issued else None,
        "disability_expires_in_days": ((ends - people.today).days if ends else 99999) if row else None,
        "has_no_work_capacity": has_no_work_capacity(people, person),
    }


def illness(people: Population, person: str) -> Facts:
    rows = people.world.of("nhc_disease", person)
    days = [row["diagnosed_on"] for row in rows if row["disease"] in MAJOR and row["diagnosed_on"]]
    mental = [row for row in rows if row["disease"] == "severe_mental"]
    return {
        "has_major_disease": has_major_disease(people.world, person),
        "major_disease_days": (people.today - max(days)).days if days else None,
        "has_severe_mental": bool(mental),
        "mental_risk_level": mental[-1]["risk_level"] if mental else None,
    }


def ability(people: Population, person: str) -> Facts:
    row = newest(people.world.of("nhc_elder_ability", person), "assessed_on")
    months = months_since(row["assessed_on"], people.today) if row else None
    levels = {4: range(30), 3: range(30, 46), 2: range(46, 66), 1: range(66, 90), 0: range(90, 91)}
    level = next((n for n, scores in levels.items() if row["score"] in scores), None) if row else None
    return {
        "has_ability_assessment": row is not None,
        "ability_level": level,
        "ability_assessed_months": months,
        "has_fresh_ability_assessment": months is not None and months <= 12,
    }


def treatment(people: Population, person: str) -> Facts:
    today, rows = people.today, people.world.of("nhsa_settlement", person)
    year = [r for r in rows if within_months(r["settled_on"], 12, today)]
    quarter = [r for r in rows if within_months(r["settled_on"], 3, today)]
    before = [r for r in year if r["settled_on"] <= plus_months(today, -3)]
    half = [r for r in rows if within_months(r["settled_on"], 6, today)]
    stays = [r for r in year if r["visit_kind"] == "inpatient"]
    long = [r for r in half if r["visit_kind"] in ("chronic", "inpatient") and r["disease"] in LONG]
    return {
        "self_paid_12m_yuan": _self_paid(year),
        "self_paid_3m_yuan": _self_paid(quarter),
        "self_paid_prior_quarter_yuan": rounded(Fraction(_self_paid(before)) / 3),
        "largest_stay_self_paid_12m_yuan": max((r["self_paid"] for r in stays), default=Decimal(0)),
        "inpatient_12m_count": len(stays),
        "long_treatment_months_6m": len({first_of(r["settled_on"]) for r in long}),
        "injury_self_paid_6m_yuan": _self_paid([r for r in half if r["injury"]]),
        "unaided_stay_12m_count": sum(_is_unaided(people.world, person, r) for r in stays),
    }


def _self_paid(rows: list[Record]) -> Decimal:
    return sum((r["self_paid"] for r in rows), Decimal(0))


def _is_unaided(world: World, person: str, stay: Record) -> bool:
    if stay["self_paid"] <= 0 or (stay["aid_paid"] or 0) != 0:
        return False
    return any(
        row["benefit"] in LISTED
        and row["start_date"] <= stay["settled_on"]
        and (row["end_date"] > stay["settled_on"] if row["end_date"] else row["status"] == "active")
        for row in world.of("mca_assistance", person)
    )


def enrolment(people: Population, person: str) -> Facts:
    year = people.world.reach("nhsa_enrolment").year
    rows = [row for row in people.world.of("nhsa_enrolment", person) if row["year"] == year]
    return {
        "is_insured_this_year": bool(rows),
        "is_insurance_subsidised": rows[-1]["subsidised"] if rows else False,
    }
