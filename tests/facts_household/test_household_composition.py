"""Who belongs to a household, and what happened to those who earned for it."""

import pytest
from household_case import Story, check, ids, tell

ADULT = {"born": "1980-01-01"}
STORIES = [
    Story(
        "members are counted by age, the birthday itself included",
        [{"born": "2008-11-21"}, {"born": "2008-11-20"}, {"born": "1966-11-21"}, {"born": "1966-11-20"}],
        expect={"member_count": 4, "minor_count": 1, "adult_count": 3, "elder_count": 1, "head_is_minor": False},
    ),
    Story(
        "the dead, the moved, the missing and the detained are no members",
        [ADULT, ADULT | {"status": "dead"}, ADULT | {"status": "moved"}, ADULT | {"status": "missing"}, ADULT],
        {"moj_custody": [{"of": 4, "custody_kind": "drug", "started_on": "2026-01-01"}]},
        expect={"member_count": 1, "adult_count": 1},
    ),
    Story("children alone have no adult", [{"born": "2010-01-01"}], expect={"head_is_minor": True, "adult_count": 0}),
    Story(
        "who can work is of 16-59, no student and able",
        [
            {"born": "2010-11-20"},
            {"born": "2010-11-21"},
            {"born": "1966-11-21"},
            {"born": "1966-11-20"},
            ADULT | {"is_student": True},
            ADULT | {"has_no_work_capacity": True},
        ],
        expect={"working_age_count": 2},
    ),
    Story(
        "dependents are under 16, of 60 or more, or severely disabled, and count once",
        [
            {"born": "2010-11-21"},
            {"born": "1950-01-01", "is_severely_disabled": True},
            ADULT | {"is_severely_disabled": True},
            {"born": "2010-11-20"},
        ],
        expect={"dependent_count": 3},
    ),
    Story(
        "able adults may be students",
        [ADULT | {"is_student": True}, ADULT | {"has_no_work_capacity": True}, {"born": "1966-11-20"}, {"born": "2008-11-21"}],
        expect={"able_young_adult_count": 1},
    ),
    Story(
        "those without dibao and tekun are counted, whatever else they get",
        [ADULT | {"on_dibao": True}, ADULT | {"on_tekun": True}, ADULT | {"on_edge": True}, ADULT],
        expect={"not_on_dibao_count": 2},
    ),
    Story(
        "the head's hukou makes a household rural",
        [ADULT | {"relation": "head", "hukou_type": "urban"}],
        expect={"is_rural": False},
    ),
    Story("a hukou type that is not given is rural", [ADULT], expect={"is_rural": True}),
    Story(
        "an earner of 59 died 179 days ago",
        [ADULT, {"born": "1966-05-26", "status": "dead", "status_date": "2026-05-25"}],
        expect={"earner_death_180d": True},
    ),
    Story(
        "a death 180 days ago is too long ago",
        [ADULT, ADULT | {"status": "dead", "status_date": "2026-05-24"}],
        expect={"earner_death_180d": False},
    ),
    Story(
        "who died on the 60th birthday was no earner",
        [ADULT, {"born": "1966-05-25", "status": "dead", "status_date": "2026-05-25"}],
        expect={"earner_death_180d": False},
    ),
    Story(
        "who died without a date did not die lately", [ADULT, ADULT | {"status": "dead"}], expect={"earner_death_180d": False}
    ),
    Story(
        "an earner of the hukou counts although civil affairs list him elsewhere",
        [ADULT, ADULT],
        {
            "mca_family": [{"of": 1, "family_no": "FA"}],
            "nhc_death": [{"of": 1, "died_on": "2026-11-01"}],
        },
        expect={"earner_death_180d": True},
    ),
    Story(
        "an earner of the family list counts although he is not in the register",
        [ADULT, ADULT | {"absent": True}],
        {
            "mca_family": [{"of": 0, "family_no": "FB"}, {"of": 1, "family_no": "FB"}],
            "mca_funeral": [{"of": 1, "died_on": "2026-11-01"}],
            "moj_custody": [{"of": 1, "started_on": "2026-08-20"}],
        },
        expect={"earner_death_180d": True, "earner_custody_months": 3},
    ),
    Story(
        "the longest detention of an earner speaks",
        [ADULT, ADULT, ADULT, {"born": "1950-01-01"}],
        {
            "moj_custody": [
                {"of": 1, "started_on": "2026-07-20"},
                {"of": 2, "started_on": "2026-05-21"},
                {"of": 3, "started_on": "2020-01-01"},
            ]
        },
        expect={"earner_custody_months": 5, "earner_death_180d": False},
    ),
    Story(
        "correction in the community and ended detentions take nobody away",
        [ADULT, ADULT],
        {
            "moj_custody": [
                {"of": 1, "custody_kind": "community", "started_on": "2026-01-01"},
                {"of": 1, "started_on": "2025-01-01", "ends_on": "2026-11-20"},
            ]
        },
        expect={"earner_custody_months": 0, "member_count": 2},
    ),
]


@pytest.fixture(scope="module")
def told():
    return tell(STORIES)


@pytest.mark.parametrize("story", STORIES, ids=ids(STORIES))
def test_composition(story, told):
    check(story, told)
