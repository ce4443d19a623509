"""All facts of all people and households of a night, before and after staleness."""

from __future__ import annotations

from collections.abc import Mapping

from opinion import benefit_facts, family_facts, health_facts, household_facts, income_facts, property_facts
from opinion import school_and_care_facts as school_care
from opinion.population import Population
from opinion.world import World

Facts = dict[str, object]
Needs = Mapping[str, tuple[str, ...]]


def person_facts(people: Population, person: str) -> Facts:
    """Every person fact, as if nothing were stale."""
    found: Facts = {}
    for topic in (
        family_facts.who,
        family_facts.kin,
        family_facts.marriage,
        family_facts.guardian,
        benefit_facts.benefits,
        benefit_facts.applications,
        benefit_facts.payments,
        income_facts.work,
        income_facts.unemployment_and_pension,
        school_care.school,
        school_care.care,
        school_care.service,
        school_care.orders,
        health_facts.disability,
        health_facts.illness,
        health_facts.ability,
        health_facts.treatment,
        health_facts.enrolment,
    ):
        found |= topic(people, person)
    return found | school_care.traces(people, person, bool(found["has_any_pension"]))


def all_facts(world: World, person_needs: Needs, household_needs: Needs, stale: set[str]) -> tuple[dict[str, Facts], ...]:
    """The facts of a night.

    Args:
        world: what is known.
        person_needs, household_needs: fact -> the extracts that it needs.
        stale: the extracts that are stale.

    Returns:
        (person -> facts, household -> facts); None where a fact is not known.
    """
    people = Population(world)
    persons = {person: person_facts(people, person) for person in people.persons}
    accounts = property_facts.accounts(world)
    households: dict[str, Facts] = {}
    for household, members in people.members.items():
        found = household_facts.composition(people, members, persons)
        found |= household_facts.benefits(people, household, members, persons)
        found |= household_facts.income(people, members, persons)
        found |= property_facts.assets(people, members)
        found |= property_facts.home(people, members)
        found |= property_facts.shocks(people, members, found["land_mu"])
        found |= property_facts.power(people, members, accounts)
        found |= property_facts.monitoring(people, members)
        households[household] = found
    return _told(persons, person_needs, stale), _told(households, household_needs, stale)


def _told(facts: dict[str, Facts], needs: Needs, stale: set[str]) -> dict[str, Facts]:
    """Blank what a stale extract makes unknown."""
    blank = {name for name, extracts in needs.items() if stale & set(extracts)}
    return {who: {name: None if name in blank else value for name, value in one.items()} for who, one in facts.items()}
