"""Who somebody is, alive, present and free; as of 2026-11-20."""

from __future__ import annotations

from typing import Any

import pytest
from person_case import Case, check, judge, sentences


def somebody(who: str = "me", **more: Any) -> dict[str, Any]:
    return {"id_no": who, **more}


def prison(start: str = "2026-01-21", kind: str = "prison", **more: Any) -> dict[str, Any]:
    return {"custody_kind": kind, "started_on": start, **more}


IDENTITY: list[Case] = [
    (
        "alone in the register, alive and well",
        {"psb_resident": [somebody(born="1956-11-20")]},
        {
            "age_years": 70, "in_registry": True, "is_dead": False, "death_date": None, "death_sources_count": 0,
            "is_missing": False, "missing_months": None, "is_moved_out": False, "moved_out_days": None,
            "lives_elsewhere": False, "is_in_custody": False, "custody_months": None, "is_incapable_parent": False,
            "parents_dead_count": 0, "parents_dead_or_missing_count": 0, "parents_incapable_count": 0, "parents_named_count": 0,
            "parents_in_registry_count": 0, "parents_in_household_count": 0, "carer_age_years": 0, "parents_migrant_count": 0,
            "divorced_within_12m": False, "spouse_outside_household": False, "lives_alone": True, "is_rural": True,
            "children_elsewhere_count": 0, "has_named_guardian": False, "guardian_is_weak": False,
        },
    ),
    ("a birthday tomorrow is not reached", {"psb_resident": [somebody(born="1956-11-21")]}, {"age_years": 69}),
    (
        "who is written down as born next year is not zero years old",
        {"psb_resident": [somebody(born="2027-06-15")]},
        {"age_years": -1},
    ),
    (
        "the birth date of the register goes before that of the ID",
        {"psb_resident": [{"birth_date": "2000-11-20"}]},
        {"age_years": 26},
    ),
    (
        "who is only on assistance is known but not in the register",
        {"psb_resident": [{"absent": True}], "mca_assistance": [{"benefit": "elder_age"}]},
        {
            "in_registry": False, "age_years": 46, "is_dead": False, "is_missing": False, "lives_alone": False,
            "is_rural": True, "is_moved_out": False,
        },
    ),
    (
        "three sources say dead, the earliest date counts",
        {
            "psb_resident": [{"status": "dead", "status_date": "2026-05-03"}], "nhc_death": [{"died_on": "2026-05-01"}],
            "mca_funeral": [{"died_on": "2026-05-02"}],
        },
        {
            "is_dead": True, "death_date": "2026-05-01", "death_sources_count": 3, "lives_alone": False,
            "is_incapable_parent": True,
        },
    ),
    (
        "dead without a date is dead",
        {"psb_resident": [{"status": "dead"}]},
        {"is_dead": True, "death_date": None, "death_sources_count": 1},
    ),
    (
        "a funeral alone is enough",
        {"mca_funeral": [{"died_on": "2026-11-20"}]},
        {"is_dead": True, "death_date": "2026-11-20", "death_sources_count": 1},
    ),
    (
        "deaths dated tomorrow have not happened",
        {
            "psb_resident": [{"status": "dead", "status_date": "2026-11-21"}], "nhc_death": [{"died_on": "2026-11-21"}],
            "mca_funeral": [{"died_on": "2026-11-21"}],
        },
        {"is_dead": False, "death_date": None, "death_sources_count": 0, "lives_alone": True},
    ),
    (
        "missing for five completed months",
        {"psb_resident": [{"status": "missing", "status_date": "2026-05-21"}]},
        {"is_missing": True, "missing_months": 5, "is_incapable_parent": False, "lives_alone": False},
    ),
    (
        "missing for six months",
        {"psb_resident": [{"status": "missing", "status_date": "2026-05-20"}]},
        {"missing_months": 6, "is_incapable_parent": True},
    ),
    (
        "missing without a date counts as 99 months",
        {"psb_resident": [{"status": "missing"}]},
        {"is_missing": True, "missing_months": 99, "is_incapable_parent": True},
    ),
    (
        "missing from tomorrow is normal",
        {"psb_resident": [{"status": "missing", "status_date": "2026-11-21"}]},
        {"is_missing": False, "missing_months": None, "lives_alone": True},
    ),
    (
        "moved out ten days ago",
        {"psb_resident": [{"status": "moved", "status_date": "2026-11-10"}]},
        {"is_moved_out": True, "moved_out_days": 10, "lives_alone": False},
    ),
    ("moved out without a date", {"psb_resident": [{"status": "moved"}]}, {"is_moved_out": True, "moved_out_days": None}),
    (
        "living in another county is living elsewhere",
        {"psb_resident": [{"village_code": "530102001001", "residence_village": "530103001001"}]},
        {"lives_elsewhere": True},
    ),
    (
        "living in another town of the county is not",
        {"psb_resident": [{"village_code": "530102001001", "residence_village": "530102009001"}]},
        {"lives_elsewhere": False},
    ),
    (
        "an urban head makes an urban household",
        {"psb_resident": [{"hukou_type": "urban", "relation": "head"}]},
        {"is_rural": False},
    ),
    (
        "who stands alone has the own area kind",
        {"psb_resident": [{"hukou_type": "urban", "status": "moved"}]},
        {"is_rural": False},
    ),
]  # fmt: skip

CUSTODY: list[Case] = [
    (
        "of two sentences in force the longest speaks",
        {"moj_custody": [prison("2026-10-01"), prison("2026-05-21", "drug")]},
        {"is_in_custody": True, "custody_months": 5, "is_incapable_parent": False, "lives_alone": False},
    ),
    (
        "six months of custody make a parent incapable",
        {"moj_custody": [prison("2026-05-20")]},
        {"custody_months": 6, "is_incapable_parent": True},
    ),
    (
        "community correction is no custody",
        {"moj_custody": [prison(kind="community")]},
        {"is_in_custody": False, "custody_months": None},
    ),
    ("released on D is free", {"moj_custody": [prison(released_on="2026-11-20")]}, {"is_in_custody": False}),
    ("released tomorrow is not yet free", {"moj_custody": [prison(released_on="2026-11-21")]}, {"is_in_custody": True}),
    ("a sentence that ends on D is over", {"moj_custody": [prison(ends_on="2026-11-20")]}, {"is_in_custody": False}),
    ("custody from tomorrow has not begun", {"moj_custody": [prison("2026-11-21")]}, {"is_in_custody": False}),
]  # fmt: skip
ALL = [*IDENTITY, *CUSTODY]


@pytest.fixture(scope="module")
def judged() -> dict[str, dict[str, Any]]:
    return judge(ALL)


@pytest.mark.parametrize("case", ALL, ids=sentences(ALL))
def test_identity_facts(case: Case, judged: dict[str, dict[str, Any]]) -> None:
    check(case, judged)
