"""Put persons, households and their facts into a run folder. Restricted: these files hold names and IDs."""

from __future__ import annotations

from pathlib import Path

import duckdb

from monitor.contracts import facts
from monitor.store import identifier, write_parquet

# rows leave in the order of `subject`; people are stored, and so read, in the order of their key, which orders like the ID
_PERSON = """
select id_no as subject, id_no, name, sex, birth_date, phone, address, household_id as household, is_member, is_living,
    village_code, township, county, area_kind
from core.person
"""
_HOUSEHOLD = """
select household.household_id as subject, household.household_id as household, head.id_no as head, head.name, head.phone,
    head.address, household.member_count, household.village_code, household.township, household.county, household.area_kind
from core.household
join core.person as head on head.person = household.head
order by subject
"""


def write_facts(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """Write person, household, facts_person and facts_household, each ordered by `subject`.

    Args:
        connection: a night's database with facts built.
        folder: the run folder.

    Returns:
        rows by file name.
    """
    selects = {
        "person": _PERSON,
        "household": _HOUSEHOLD,
        # built in the order of its key, and read in the order it was built: sorting a hundred columns again costs minutes
        "facts_person": f"select id_text(person) as subject, {_names('person')} from facts.person",
        "facts_household": f"select household_id as subject, {_names('household', 'fact.')} from facts.household as fact "
        "join core.household using (household) order by subject",
    }
    return {name: write_parquet(connection, select, folder / f"{name}.parquet") for name, select in selects.items()}


def _names(unit: str, prefix: str = "") -> str:
    declared = facts("person") if unit == "person" else facts("household")
    return ", ".join(f"{prefix}{identifier(name)}" for name in declared)
