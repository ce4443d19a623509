"""What a household gets, lost, asked for and was refused."""

import pytest
from household_case import Story, check, ids, tell

DIBAO = {"on_dibao": True, "on_low_income_list": True}
NOTHING = {
    "on_dibao": False, "on_tekun": False, "on_edge": False, "on_rigid": False, "on_low_income_list": False,
    "has_left_aid": False, "left_aid_months": None, "temporary_aid_12m_count": 0, "dibao_member_count": 0,
    "was_refused": False, "refused_months": None, "refused_for": None, "infant_without_dibao_count": 0,
    "is_single_person_dibao_with_kin": False,
}  # fmt: skip
REFUSED = {"decision": "refused", "applied_on": "2026-01-01"}

STORIES = [
    Story("who is in no ledger gets nothing and was refused nothing", expect=NOTHING),
    Story(
        "one member on dibao is enough",
        [{}, DIBAO, DIBAO],
        expect={"on_dibao": True, "on_low_income_list": True, "dibao_member_count": 2, "on_tekun": False},
    ),
    Story("tekun", [{}, {"on_tekun": True, "on_low_income_list": True}], expect={"on_tekun": True, "on_low_income_list": True}),
    Story("edge", [{"on_edge": True, "on_low_income_list": True}], expect={"on_edge": True, "on_dibao": False}),
    Story("rigid", [{"on_rigid": True, "on_low_income_list": True}], expect={"on_rigid": True}),
    Story("what the dead get is not the household's", [{}, DIBAO | {"status": "dead"}], expect=NOTHING),
    Story(
        "the newest exit speaks",
        [{"left_aid_months": 9}, {"left_aid_months": 4}],
        expect={"has_left_aid": True, "left_aid_months": 4},
    ),
    Story(
        "nobody has left while a member is still on a list",
        [{"left_aid_months": 9}, {"on_edge": True, "on_low_income_list": True}],
        expect={"has_left_aid": False, "left_aid_months": None},
    ),
    Story(
        "temporary aid of all members adds up",
        [{"temporary_aid_12m_count": 2}, {"temporary_aid_12m_count": 1}, {}],
        expect={"temporary_aid_12m_count": 3, "on_low_income_list": False},
    ),
    Story(
        "a small child of 90 days to 24 months counts, both ends included",
        [
            {},
            {"born": "2026-08-22"},
            {"born": "2026-08-23"},
            {"born": "2024-11-20"},
            {"born": "2024-11-19"},
            {"born": "2025-06-01"} | DIBAO,
        ],
        expect={"infant_without_dibao_count": 2},
    ),
    Story(
        "a single person on dibao has kin in the hukou book",
        [DIBAO, {"status": "moved"}],
        {"mca_family": [{"of": 0, "family_no": "K1"}]},
        expect={"is_single_person_dibao_with_kin": True, "member_count": 1},
    ),
    Story(
        "the dead are no kin",
        [DIBAO, {"status": "dead"}],
        {"mca_family": [{"of": 0, "family_no": "K2"}]},
        expect={"is_single_person_dibao_with_kin": False},
    ),
    Story(
        "a single person without dibao is nobody's concern",
        [{}, {}],
        {"mca_family": [{"of": 0, "family_no": "K3"}]},
        expect={"is_single_person_dibao_with_kin": False},
    ),
    Story(
        "who lives alone by the hukou book is no split household", [DIBAO], expect={"is_single_person_dibao_with_kin": False}
    ),
    Story(
        "the newest refusal of any member speaks",
        [{"was_refused": True, "refused_months": 5}, {"was_refused": True, "refused_months": 2}],
        {
            "mca_application": [
                {"of": 0, "application_no": "N1", "decided_on": "2026-06-20", "refusal": "dwelling"} | REFUSED,
                {"of": 1, "application_no": "N2", "decided_on": "2026-09-20", "refusal": "vehicle"} | REFUSED,
                {"of": 1, "application_no": "N3", "decided_on": "2026-11-21", "refusal": "business"} | REFUSED,
                {"of": 1, "application_no": "N4", "decided_on": None, "refusal": "other"} | REFUSED,
                {
                    "of": 0,
                    "application_no": "N5",
                    "applied_on": "2026-10-01",
                    "decision": "approved",
                    "decided_on": "2026-11-01",
                },
            ]
        },
        expect={"was_refused": True, "refused_months": 2, "refused_for": "vehicle"},
    ),
    Story(
        "of two refusals of one day the last row speaks, its empty reason too",
        [{"was_refused": True, "refused_months": 2}] * 2,
        {
            "mca_application": [
                {"of": 1, "application_no": "N6", "decided_on": "2026-09-20", "refusal": "income"} | REFUSED,
                {"of": 0, "application_no": "N7", "decided_on": "2026-09-20", "refusal": None} | REFUSED,
            ]
        },
        expect={"was_refused": True, "refused_for": None},
    ),
]


@pytest.fixture(scope="module")
def told():
    return tell(STORIES)


@pytest.mark.parametrize("story", STORIES, ids=ids(STORIES))
def test_benefits(story, told):
    check(story, told)
