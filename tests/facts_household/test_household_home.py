"""The home of a household, its power and water, and what struck it."""

import pytest
from household_case import Story, check, ids, tell

SAFE = {
    "unsafe_home": False, "unsafe_only_home": False, "unsafe_water": False, "in_public_rental": False, "rent_arrears_months": 0,
}  # fmt: skip


def survey(day, grade=None, **more):
    return {"surveyed_on": day, "dwelling_grade": grade} | more


def disaster(day, **more):
    return {"happened_on": day, "disaster_kind": "flood"} | more


STORIES = [
    Story("who is in no list has no home that anybody knows of", expect=SAFE | {"has_no_home": True}),
    Story(
        "a dwelling of any member is a home",
        [{}, {}],
        {"mnr_realestate": [{"of": 1, "unit_no": "D1"}]},
        expect=SAFE | {"has_no_home": False},
    ),
    Story("a shop is not", records={"mnr_realestate": [{"unit_no": "D2", "estate_use": "shop"}]}, expect={"has_no_home": True}),
    Story(
        "the newest survey of any member speaks",
        [{}, {}],
        {
            "mohurd_housing": [
                survey(
                    "2026-03-01", "D", of=1, only_dwelling=True, safe_water=False, public_rental=True, rent_arrears_months=4
                ),
                survey("2026-02-01", "A"),
                survey("2026-12-01", "A"),
            ]
        },
        expect={
            "unsafe_home": True,
            "unsafe_only_home": True,
            "unsafe_water": True,
            "in_public_rental": True,
            "rent_arrears_months": 4,
            "has_no_home": False,
        },
    ),
    Story(
        "of two surveys of one day the last row speaks",
        [{}, {}],
        {"mohurd_housing": [survey("2026-03-01", "D", of=1), survey("2026-03-01", "B", of=0)]},
        expect={"unsafe_home": False},
    ),
    Story(
        "a house renovated on the day of the survey or later is safe",
        records={"mohurd_housing": [survey("2026-03-01", "C", renovated_on="2026-03-01")]},
        expect={"unsafe_home": False},
    ),
    Story(
        "a house found unsafe after its renovation is unsafe",
        records={"mohurd_housing": [survey("2026-03-01", "C", renovated_on="2026-02-28", only_dwelling=False)]},
        expect={"unsafe_home": True, "unsafe_only_home": False},
    ),
    Story(
        "empty cells of a survey are not known, but arrears not given are none",
        records={"mohurd_housing": [survey("2026-03-01")]},
        expect={
            "unsafe_home": None,
            "unsafe_only_home": None,
            "unsafe_water": None,
            "in_public_rental": None,
            "rent_arrears_months": 0,
            "has_no_home": False,
        },
    ),
    Story(
        "an unsafe house that may not be the only one",
        records={"mohurd_housing": [survey("2026-03-01", "D", safe_water=True)]},
        expect={"unsafe_home": True, "unsafe_only_home": None, "unsafe_water": False},
    ),
    Story(
        "nothing struck",
        expect={
            "house_damage_12m": "none",
            "had_disaster_12m": False,
            "disaster_days": None,
            "collapse_days": 0,
            "disaster_loss_12m_yuan": 0,
            "disaster_relief_12m_yuan": 0,
            "fire_180d": False,
            "crop_loss_share": 0,
        },
    ),
    Story(
        "the worst damage of the last 12 months speaks",
        [{}, {}],
        {
            "mem_disaster": [
                disaster("2026-05-01", house_damage="minor", loss="100.50"),
                disaster("2026-06-01", house_damage="serious", of=1, loss="1", relief_paid="20"),
                disaster("2025-11-20", house_damage="collapsed", loss="9999", relief_paid="9999"),
            ]
        },
        expect={
            "house_damage_12m": "serious",
            "had_disaster_12m": True,
            "disaster_days": 172,
            "collapse_days": 365,
            "disaster_loss_12m_yuan": "101.50",
            "disaster_relief_12m_yuan": "20",
        },
    ),
    Story(
        "a collapse is the worst, and only damage outranks none",
        records={
            "mem_disaster": [disaster("2025-11-21", house_damage="collapsed"), disaster("2026-11-20", house_damage="none")]
        },
        expect={"house_damage_12m": "collapsed", "disaster_days": 0, "collapse_days": 364},
    ),
    Story(
        "minor damage",
        records={"mem_disaster": [disaster("2026-11-01", house_damage="minor")]},
        expect={"house_damage_12m": "minor"},
    ),
    Story(
        "damage and losses that are not given are none",
        records={"mem_disaster": [disaster("2026-11-01")]},
        expect={
            "house_damage_12m": "none",
            "had_disaster_12m": True,
            "disaster_loss_12m_yuan": 0,
            "disaster_relief_12m_yuan": 0,
            "collapse_days": 0,
        },
    ),
    Story(
        "what struck long ago is only remembered",
        records={"mem_disaster": [disaster("2025-11-20", house_damage="serious", crop_loss_mu="3")]},
        expect={"house_damage_12m": "none", "had_disaster_12m": False, "disaster_days": 365, "crop_loss_share": 0},
    ),
    Story(
        "a fire 179 days ago",
        records={"mem_disaster": [disaster("2026-05-25", disaster_kind="fire")]},
        expect={"fire_180d": True},
    ),
    Story(
        "a fire 180 days ago",
        records={"mem_disaster": [disaster("2026-05-24", disaster_kind="fire")]},
        expect={"fire_180d": False},
    ),
    Story("a flood is no fire", records={"mem_disaster": [disaster("2026-05-25")]}, expect={"fire_180d": False}),
    Story(
        "lost crops are a share of the land of all members",
        [{}, {}],
        {
            "mem_disaster": [disaster("2026-06-01", crop_loss_mu="1"), disaster("2026-06-01", crop_loss_mu="1", of=1)],
            "mara_subsidy": [{"of": 1, "year": 2026, "land_mu": "3"}],
        },
        expect={"crop_loss_share": "0.6667"},
    ),
    Story(
        "more may be lost than is on record",
        records={"mem_disaster": [disaster("2026-06-01", crop_loss_mu="25")], "mara_subsidy": [{"year": 2026, "land_mu": "2"}]},
        expect={"crop_loss_share": "12.5"},
    ),
    Story(
        "crops lost without land on record are no known share",
        records={"mem_disaster": [disaster("2026-06-01", crop_loss_mu="1")]},
        expect={"crop_loss_share": None},
    ),
    Story(
        "a family with an open risk is monitored",
        [{}, {}],
        {"mara_monitor": [{"of": 0, "risk_removed": True}, {"of": 1, "risk_removed": False}]},
        expect={"is_monitored": True, "was_monitored": True},
    ),
    Story(
        "a family whose risk is gone was monitored",
        records={"mara_monitor": [{"risk_removed": True, "identified_on": None}]},
        expect={"is_monitored": False, "was_monitored": True},
    ),
    Story("a family never identified was not", expect={"is_monitored": False, "was_monitored": False}),
]


@pytest.fixture(scope="module")
def told():
    return tell(STORIES)


@pytest.mark.parametrize("story", STORIES, ids=ids(STORIES))
def test_home(story, told):
    check(story, told)
