"""Parents, children, spouse and guardian; as of 2026-11-20."""

from __future__ import annotations

from typing import Any

import pytest
from person_case import Case, check, judge, sentences


def somebody(who: str = "me", **more: Any) -> dict[str, Any]:
    return {"id_no": who, **more}


def child(**more: Any) -> dict[str, Any]:
    return somebody(born="2016-01-01", father_id_no="father", mother_id_no="mother", **more)


def married(day: str = "2020-01-01", kind: str = "married", **more: Any) -> dict[str, Any]:
    return {"spouse_id_no": "spouse", "marriage": kind, "registered_on": day, **more}


def prison(start: str = "2026-01-21", kind: str = "prison", **more: Any) -> dict[str, Any]:
    return {"custody_kind": kind, "started_on": start, **more}


def certificate(kind: int, grade: int, **more: Any) -> dict[str, Any]:
    return {"disability_kind": kind, "disability_grade": grade, **more}


PARENTS: list[Case] = [
    (
        "two parents of the household are there and able",
        {
            "psb_resident": [
                child(hukou_no="a"), somebody("father", hukou_no="a", born="1990-01-01"),
                somebody("mother", hukou_no="a", born="1995-01-01"),
            ],
        },
        {
            "parents_named_count": 2, "parents_in_registry_count": 2, "parents_in_household_count": 2, "parents_dead_count": 0,
            "parents_incapable_count": 0, "carer_age_years": 31, "lives_alone": False,
        },
    ),
    (
        "a dead father and a mother missing for long are both incapable, though in no register row or household",
        {
            "psb_resident": [child(), somebody("mother", status="missing", status_date="2026-05-20")],
            "nhc_death": [{"id_no": "father", "died_on": "2020-01-01"}],
        },
        {
            "parents_dead_count": 1, "parents_dead_or_missing_count": 2, "parents_incapable_count": 2, "parents_named_count": 2,
            "parents_in_registry_count": 1, "parents_in_household_count": 0, "lives_alone": True,
        },
    ),
    (
        "a mother missing for five months is neither",
        {"psb_resident": [child(), somebody("mother", status="missing", status_date="2026-05-21")]},
        {"parents_dead_or_missing_count": 0, "parents_incapable_count": 0},
    ),
    (
        "prison and severe disability of parents outside the register count",
        {
            "psb_resident": [child()], "moj_custody": [prison("2026-05-20", id_no="father")],
            "dpf_disability": [certificate(4, 2, id_no="mother")],
        },
        {"parents_incapable_count": 2, "parents_dead_or_missing_count": 0, "parents_in_registry_count": 0},
    ),
    (
        "mental disability of grade 4 and cancer count",
        {
            "psb_resident": [child()], "dpf_disability": [certificate(6, 4, id_no="father")],
            "nhc_disease": [{"id_no": "mother", "disease": "cancer"}],
        },
        {"parents_incapable_count": 2},
    ),
    (
        "an expired certificate, a lame leg of grade 3 and diabetes do not",
        {
            "psb_resident": [child()],
            "dpf_disability": [certificate(1, 1, id_no="father", expires_on="2026-11-19"), certificate(4, 3, id_no="mother")],
            "nhc_disease": [{"id_no": "mother", "disease": "diabetes"}],
        },
        {"parents_incapable_count": 0},
    ),
    (
        "a certificate that expires on D is valid",
        {
            "psb_resident": [somebody(born="2016-01-01", father_id_no="father")],
            "dpf_disability": [certificate(1, 1, id_no="father", expires_on="2026-11-20")],
        },
        {"parents_named_count": 1, "parents_incapable_count": 1},
    ),
    (
        "a migrant father counts by any of his insurance rows",
        {
            "psb_resident": [child()],
            "hrss_insurance": [
                {"id_no": "father", "insured_kind": "resident", "migrant_work": True},
                {"id_no": "father", "insured_kind": "flexible"},
                {"id_no": "mother", "insured_kind": "resident"},
            ],
        },
        {"parents_migrant_count": 1},
    ),
    (
        "a migrant father alone is one",
        {
            "psb_resident": [somebody(born="2016-01-01", father_id_no="father")],
            "hrss_insurance": [{"id_no": "father", "insured_kind": "resident", "migrant_work": True}],
        },
        {"parents_migrant_count": 1},
    ),
    (
        "a jailed parent of the same hukou is no member",
        {
            "psb_resident": [child(hukou_no="b"), somebody("father", hukou_no="b", born="1990-01-01")],
            "moj_custody": [prison(id_no="father")],
        },
        {"parents_in_household_count": 0, "parents_in_registry_count": 1, "carer_age_years": 0, "lives_alone": True},
    ),
    (
        "the youngest adult sees the next youngest, not itself",
        {"psb_resident": [
            somebody(hukou_no="c", born="2000-01-01"), somebody("b", hukou_no="c", born="1960-01-01"),
            somebody("d", hukou_no="c", born="1950-01-01"), somebody("e", hukou_no="c", born="2010-01-01"),
        ]},
        {"carer_age_years": 66},
    ),
    (
        "of two adults of one age each sees the other",
        {"psb_resident": [somebody(hukou_no="d", born="2000-01-01"), somebody("b", hukou_no="d", born="2000-05-01")]},
        {"carer_age_years": 26},
    ),
    (
        "somebody of 17 is no carer, of 18 is one",
        {"psb_resident": [
            child(hukou_no="e"), somebody("a", hukou_no="e", born="2008-11-21"), somebody("b", hukou_no="e", born="2008-11-20"),
        ]},
        {"carer_age_years": 18},
    ),
    (
        "grown children elsewhere count, those at home, dead or small do not",
        {
            "psb_resident": [
                somebody(hukou_no="f", born="1950-01-01"),
                somebody("a", born="1980-01-01", father_id_no="me"),
                somebody("b", born="1980-01-01", mother_id_no="me", status="moved"),
                somebody("c", born="1980-01-01", father_id_no="me", hukou_no="f"),
                somebody("d", born="1980-01-01", father_id_no="me"),
                somebody("e", born="2008-11-21", father_id_no="me"),
            ],
            "nhc_death": [{"id_no": "d", "died_on": "2020-01-01"}],
        },
        {"children_elsewhere_count": 2},
    ),
    (
        "children of 18 elsewhere count, of father and mother alike",
        {"psb_resident": [
            somebody(born="1950-01-01"), somebody("a", born="2008-11-20", father_id_no="me"),
            somebody("b", born="2008-11-20", mother_id_no="me"), somebody("c", born="2008-11-21", mother_id_no="me"),
            somebody("d", born="1990-01-01", mother_id_no="me", status="dead"),
        ]},
        {"children_elsewhere_count": 2},
    ),
    (
        "the child of somebody who stands alone lives elsewhere",
        {"psb_resident": [somebody(status="moved"), somebody("a", born="1980-01-01", father_id_no="me", status="moved")]},
        {"children_elsewhere_count": 1},
    ),
]  # fmt: skip

MARRIAGE: list[Case] = [
    (
        "a divorce of last November is no longer within 12 months",
        {"mca_marriage": [married("2025-11-20", "divorced")]},
        {"divorced_within_12m": False},
    ),
    (
        "a divorce within 12 months counts though married again since",
        {"mca_marriage": [married("2025-11-21", "divorced"), married("2026-11-01", spouse_id_no="b")]},
        {"divorced_within_12m": True, "spouse_outside_household": False},
    ),
    (
        "the other side of a divorce is divorced too",
        {"mca_marriage": [married("2026-11-20", "divorced", id_no="spouse", spouse_id_no="me")]},
        {"divorced_within_12m": True, "spouse_outside_household": False},
    ),
    (
        "a divorce registered tomorrow is not there yet",
        {"mca_marriage": [married("2026-11-21", "divorced")]},
        {"divorced_within_12m": False},
    ),
    (
        "a spouse in another household is outside",
        {"psb_resident": [{}, somebody("spouse")], "mca_marriage": [married()]},
        {"spouse_outside_household": True},
    ),
    (
        "a spouse of the same household is not",
        {"psb_resident": [somebody(hukou_no="g"), somebody("spouse", hukou_no="g")], "mca_marriage": [married()]},
        {"spouse_outside_household": False},
    ),
    (
        "a jailed spouse still belongs to the household",
        {
            "psb_resident": [somebody(hukou_no="h"), somebody("spouse", hukou_no="h")], "mca_marriage": [married()],
            "moj_custody": [prison(id_no="spouse")],
        },
        {"spouse_outside_household": False},
    ),
    (
        "a spouse of another province, whom no register here knows, is outside",
        {"mca_marriage": [married(id_no="spouse", spouse_id_no="me")]},
        {"spouse_outside_household": True},
    ),
    (
        "a dead spouse is not outside",
        {"mca_marriage": [married()], "mca_funeral": [{"id_no": "spouse", "died_on": "2026-01-01"}]},
        {"spouse_outside_household": False},
    ),
    ("married 60 days ago is too new", {"mca_marriage": [married("2026-09-21")]}, {"spouse_outside_household": False}),
    ("married 61 days ago is not", {"mca_marriage": [married("2026-09-20")]}, {"spouse_outside_household": True}),
    (
        "of two records of one day the last row speaks",
        {"mca_marriage": [married("2020-01-01"), married("2020-01-01", "widowed", spouse_id_no="b")]},
        {"spouse_outside_household": False},
    ),
]  # fmt: skip

GUARDIANS: list[Case] = [
    (
        "a strong guardian is named",
        {
            "psb_resident": [{}, somebody("guardian", born="1956-11-21")],
            "dpf_disability": [certificate(6, 1, guardian_id_no="guardian")],
        },
        {"has_named_guardian": True, "guardian_is_weak": False},
    ),
    (
        "a guardian of 70 is weak",
        {
            "psb_resident": [{}, somebody("guardian", born="1956-11-20")],
            "mca_care": [{"care_kind": "alone", "guardian_id_no": "guardian"}],
        },
        {"has_named_guardian": True, "guardian_is_weak": True},
    ),
    (
        "a dead guardian is weak",
        {"dpf_disability": [certificate(6, 1, guardian_id_no="g")], "nhc_death": [{"id_no": "g", "died_on": "2020-01-01"}]},
        {"guardian_is_weak": True},
    ),
    (
        "a severely disabled guardian is weak",
        {"dpf_disability": [certificate(6, 1, guardian_id_no="g"), certificate(4, 2, id_no="g")]},
        {"guardian_is_weak": True},
    ),
    (
        "a guardian of grade 3 is not",
        {"dpf_disability": [certificate(6, 1, guardian_id_no="g"), certificate(4, 3, id_no="g")]},
        {"guardian_is_weak": False},
    ),
    (
        "the disability register's guardian goes before the care list's",
        {
            "dpf_disability": [certificate(6, 1, guardian_id_no="g")],
            "mca_care": [{"care_kind": "alone", "guardian_id_no": "dead"}],
            "nhc_death": [{"id_no": "dead", "died_on": "2020-01-01"}],
        },
        {"guardian_is_weak": False},
    ),
    (
        "without one there, the first care list by its code that names one",
        {
            "dpf_disability": [certificate(6, 1)],
            "mca_care": [
                {"care_kind": "left_behind_child", "guardian_id_no": "g"}, {"care_kind": "homeless", "guardian_id_no": "dead"},
                {"care_kind": "alone"},
            ],
            "nhc_death": [{"id_no": "dead", "died_on": "2020-01-01"}],
        },
        {"has_named_guardian": True, "guardian_is_weak": True},
    ),
    (
        "an empty guardian is none",
        {"mca_care": [{"care_kind": "alone"}]},
        {"has_named_guardian": False, "guardian_is_weak": False},
    ),
]  # fmt: skip
ALL = [*PARENTS, *MARRIAGE, *GUARDIANS]


@pytest.fixture(scope="module")
def judged() -> dict[str, dict[str, Any]]:
    return judge(ALL)


@pytest.mark.parametrize("case", ALL, ids=sentences(ALL))
def test_family_facts(case: Case, judged: dict[str, dict[str, Any]]) -> None:
    check(case, judged)
