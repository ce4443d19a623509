"""Facts about who a person is and who stands around them."""

from __future__ import annotations

from opinion.calendar_rules import within_months
from opinion.health_facts import has_major_disease, is_severely_disabled, is_valid
from opinion.population import Population
from opinion.world import Record

Facts = dict[str, object]


def who(people: Population, person: str) -> Facts:
    row = people.registry.get(person)
    status = people.status(person)
    moved = row["status_date"] if row and status == "moved" else None
    home = row["residence_village"] if row else None
    return {
        "age_years": people.age(person),
        "in_registry": row is not None,
        "is_dead": people.is_dead(person),
        "death_date": people.death_date(person),
        "death_sources_count": len(people.deaths(person)),
        "is_missing": status == "missing",
        "missing_months": people.missing_months(person),
        "is_moved_out": status == "moved",
        "moved_out_days": (people.today - moved).days if moved else None,
        "lives_elsewhere": bool(row and home and home[:6] != row["village_code"][:6]),
        "is_in_custody": people.custody(person) is not None,
        "custody_months": people.custody_months(person),
        "is_incapable_parent": is_incapable(people, person),
        "is_rural": people.place(person).area == "rural",
    }


def is_incapable(people: Population, person: str) -> bool:
    if people.is_dead(person) or has_major_disease(people.world, person):
        return True
    if any((months or 0) >= 6 for months in (people.missing_months(person), people.custody_months(person))):
        return True
    certificate = _certificate(people, person)
    if certificate is None or not is_valid(certificate, people.today):
        return False
    kind, grade = int(certificate["disability_kind"]), int(certificate["disability_grade"])
    return grade <= 2 or kind in (5, 6)


def _certificate(people: Population, person: str) -> Record | None:
    return (people.world.of("dpf_disability", person) or [None])[-1]


def kin(people: Population, person: str) -> Facts:
    parents = people.parents(person)
    household = people.household(person)
    members = people.members[household] if household else []
    adults = [people.age(other) for other in members if other != person and people.age(other) >= 18]
    elsewhere = [
        child
        for child in people.children.get(person, [])
        if people.age(child) >= 18 and not people.is_dead(child) and not people.same_household(child, person)
    ]
    return {
        "parents_dead_count": sum(people.is_dead(p) for p in parents),
        "parents_dead_or_missing_count": sum(people.is_dead(p) or (people.missing_months(p) or 0) >= 6 for p in parents),
        "parents_incapable_count": sum(is_incapable(people, p) for p in parents),
        "parents_named_count": len(parents),
        "parents_in_registry_count": sum(p in people.registry for p in parents),
        "parents_in_household_count": sum(p in members for p in parents),
        "parents_migrant_count": sum(any(row["migrant_work"] for row in people.world.of("hrss_insurance", p)) for p in parents),
        "carer_age_years": min(adults, default=0),
        "lives_alone": people.is_member(person) and members == [person],
        "children_elsewhere_count": len(elsewhere),
    }


def marriage(people: Population, person: str) -> Facts:
    rows = [row for row in people.world.rows("mca_marriage") if person in (row["id_no"], row["spouse_id_no"])]
    newest = max(enumerate(rows), key=lambda pair: (pair[1]["registered_on"], pair[0]), default=(0, None))[1]
    outside = False
    if newest is not None and newest["marriage"] == "married" and (people.today - newest["registered_on"]).days > 60:
        spouse = newest["spouse_id_no"] if newest["id_no"] == person else newest["id_no"]
        outside = not people.is_dead(spouse) and not people.same_household(person, spouse)
    return {
        "divorced_within_12m": any(
            row["marriage"] == "divorced" and within_months(row["registered_on"], 12, people.today) for row in rows
        ),
        "spouse_outside_household": outside,
    }


def guardian(people: Population, person: str) -> Facts:
    named = [row["guardian_id_no"] for row in people.world.of("dpf_disability", person)[-1:]]
    named += [row["guardian_id_no"] for row in sorted(people.world.of("mca_care", person), key=lambda r: r["care_kind"])]
    named = [who for who in named if who]
    weak = False
    if named:
        one = named[0]
        weak = people.is_dead(one) or people.age(one) >= 70 or is_severely_disabled(people.world, one)
    return {"has_named_guardian": bool(named), "guardian_is_weak": weak}
