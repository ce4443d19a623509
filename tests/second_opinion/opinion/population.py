"""Who is a person, who has died, who belongs to which household, who heads it and where it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from opinion.calendar_rules import months_since, years_since
from opinion.world import Record, World, newest


@dataclass(frozen=True)
class Place:
    """A village (or region) code and an area kind."""

    code: str
    area: str


class Population:
    """The people and households of a night."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.today = world.today
        self.registry: dict[str, Record] = {row["id_no"]: row for row in world.landed.get("psb_resident", [])}

    # persons
    @cached_property
    def persons(self) -> list[str]:
        found = set(self.registry)
        for extract in ("mca_assistance", "mca_payment"):
            found |= {row["id_no"] for row in self.world.landed.get(extract, [])}
        found |= {row["id_no"] for row in self.world.landed.get("mca_care", []) if row["care_kind"] == "homeless"}
        return sorted(found)

    @cached_property
    def _known(self) -> set[str]:
        return set(self.persons)

    def status(self, person: str) -> str:
        """The register's status; one dated after today counts as normal. Empty for somebody not in the register."""
        row = self.registry.get(person)
        if row is None:
            return ""
        return "normal" if row["status_date"] and row["status_date"] > self.today else str(row["status"])

    def deaths(self, person: str) -> list[date | None]:
        """A date, or None if undated, for each source that says dead."""
        found: list[date | None] = [self.registry[person]["status_date"]] if self.status(person) == "dead" else []
        for extract in ("nhc_death", "mca_funeral"):
            found += [row["died_on"] for row in self.world.of(extract, person)[-1:]]
        return found

    def is_dead(self, person: str) -> bool:
        return bool(self.deaths(person))

    def death_date(self, person: str) -> date | None:
        return min((day for day in self.deaths(person) if day), default=None)

    def born(self, person: str) -> date:
        row = self.registry.get(person)
        if row is not None and row["birth_date"]:
            day: date = row["birth_date"]
            return day
        return date(int(person[6:10]), int(person[10:12]), int(person[12:14]))

    def age(self, person: str) -> int:
        return years_since(self.born(person), self.today)

    def missing_months(self, person: str) -> int | None:
        if self.status(person) != "missing":
            return None
        day = self.registry[person]["status_date"]
        return months_since(day, self.today) if day else 99

    def custody(self, person: str) -> Record | None:
        """The prison or drug record in force, the longest if several."""
        found = [
            row
            for row in self.world.of("moj_custody", person)
            if row["custody_kind"] in ("prison", "drug")
            and all(row[c] is None or row[c] > self.today for c in ("released_on", "ends_on"))
        ]
        return min(found, key=lambda row: row["started_on"], default=None)

    def custody_months(self, person: str) -> int | None:
        row = self.custody(person)
        return months_since(row["started_on"], self.today) if row else None

    # households
    @cached_property
    def assigned(self) -> dict[str, str]:
        """Person -> the household that would be theirs, whether it exists or not."""
        found = {person: f"H:{row['hukou_no']}" for person, row in self.registry.items()}
        found |= {person: f"F:{row['family_no']}" for person, row in self.family_rows.items()}
        return found

    @cached_property
    def family_rows(self) -> dict[str, Record]:
        """Person -> the family record that counts: latest checked_on, then greatest family_no."""
        found: dict[str, Record] = {}
        for row in sorted(self.world.rows("mca_family"), key=lambda r: (r["checked_on"] or date.min, r["family_no"])):
            found[row["id_no"]] = row
        return found

    def is_member(self, person: str) -> bool:
        return self.status(person) == "normal" and not self.is_dead(person) and self.custody(person) is None

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """Household -> its members."""
        found = defaultdict(list)
        for person in self.persons:
            if self.is_member(person):
                found[self.assigned[person]].append(person)
        return dict(found)

    def household(self, person: str) -> str | None:
        """The household of a person (dead, moved and jailed ones included), if it exists; nobody else has one."""
        assigned = self.assigned.get(person) if person in self._known else None
        return assigned if assigned in self.members else None

    def same_household(self, one: str, other: str) -> bool:
        return self.household(one) is not None and self.household(one) == self.household(other)

    def relation(self, person: str) -> str:
        row = self.family_rows.get(person) or self.registry[person]
        return str(row["relation"])

    def head(self, household: str) -> str:
        members = self.members[household]
        heads = [person for person in members if self.relation(person) == "head"]
        return min(heads or members, key=lambda person: (self.born(person), person))

    # places
    def place(self, person: str) -> Place:
        household = self.household(person)
        if household is not None:
            person = self.head(household)
        if person in self.registry:
            row = self.registry[person]
            return Place(row["village_code"], row["hukou_type"] or "rural")
        record = newest([r for r in self.world.landed.get("mca_assistance", []) if r["id_no"] == person], "start_date")
        return Place(record["village_code"] if record else self.world.region, "rural")

    # families
    def parents(self, person: str) -> list[str]:
        row = self.registry.get(person)
        return [row[c] for c in ("father_id_no", "mother_id_no") if row[c]] if row else []

    @cached_property
    def children(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for person in self.registry:
            for parent in set(self.parents(person)):
                found[parent].append(person)
        return dict(found)
