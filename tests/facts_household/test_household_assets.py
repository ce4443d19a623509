"""Vehicles, real estate and businesses of a household, and whether they stay within the limits of the place."""

import pytest
from household_case import Story, check, ids, tell

NO_VEHICLE = {
    "vehicle_count": 0, "vehicle_dearest_yuan": 0, "vehicle_bought_12m_yuan": 0, "machinery_count": 0, "truck_count": 0,
}  # fmt: skip
ELSEWHERE = "530302001001"


def vehicle(plate, kind, price=None, registered="2020-01-01", **more):
    return {"plate_no": plate, "vehicle_kind": kind, "purchase_price": price, "registered_on": registered} | more


def unit(number, use="dwelling", **more):
    return {"unit_no": number, "estate_use": use} | more


def entity(number, kind="company", role="shareholder", **more):
    return {"entity_no": number, "entity_kind": kind, "role": role} | more


STORIES = [
    Story(
        "who owns nothing has nothing, within the limits",
        expect=NO_VEHICLE
        | {
            "dwelling_count": 0,
            "non_dwelling_count": 0,
            "dwelling_bought_12m_count": 0,
            "company_count": 0,
            "sole_count": 0,
            "coop_count": 0,
            "entity_capital_yuan": 0,
            "assets_within_limits": True,
        },
    ),
    Story(
        "cars, trucks, buses and machines count; the dearest speaks",
        [{}, {}],
        {
            "psb_vehicle": [
                vehicle("A1", "car", "80000"),
                vehicle("A2", "truck", "149999.99", of=1),
                vehicle("A3", "bus"),
                vehicle("A4", "machinery", "5"),
            ]
        },
        expect={
            "vehicle_count": 4,
            "vehicle_dearest_yuan": "149999.99",
            "truck_count": 2,
            "machinery_count": 1,
            "vehicle_bought_12m_yuan": 0,
            "assets_within_limits": True,
        },
    ),
    Story(
        "motorcycles, tricycles, scrapped cars and those of the moved do not",
        [{}, {"status": "moved"}],
        {
            "psb_vehicle": [
                vehicle("B1", "motorcycle", "1"),
                vehicle("B2", "tricycle", "1"),
                vehicle("B3", "car", "900000", scrapped=True),
                vehicle("B4", "car", "900000", of=1),
            ]
        },
        expect=NO_VEHICLE | {"assets_within_limits": True},
    ),
    Story(
        "a vehicle without a price is not known to be dear, and within the limits",
        records={"psb_vehicle": [vehicle("C1", "car", registered="2026-06-01")]},
        expect={
            "vehicle_count": 1,
            "vehicle_dearest_yuan": None,
            "vehicle_bought_12m_yuan": None,
            "assets_within_limits": True,
        },
    ),
    Story(
        "a vehicle at the limit is beyond it",
        records={
            "psb_vehicle": [vehicle("D1", "car", "150000", registered="2025-11-21"), vehicle("D2", "car", scrapped=False)]
        },
        expect={"vehicle_dearest_yuan": "150000", "vehicle_bought_12m_yuan": "150000", "assets_within_limits": False},
    ),
    Story(
        "a vehicle registered 12 months ago, or on an unknown day, was not bought lately",
        records={
            "psb_vehicle": [
                vehicle("E1", "car", "70000", registered="2025-11-20"),
                vehicle("E2", "car", "9", registered=None),
                vehicle("E3", "car", "80000", registered="2026-11-21"),
            ]
        },
        expect={"vehicle_count": 2, "vehicle_dearest_yuan": "70000", "vehicle_bought_12m_yuan": 0},
    ),
    Story(
        "a unit that two members hold counts once; land and other uses are left out",
        [{}, {}],
        {"mnr_realestate": [unit("U1"), unit("U1", of=1), unit("U2", "other"), unit("U3", of=1)]},
        expect={"dwelling_count": 2, "non_dwelling_count": 0, "dwelling_bought_12m_count": 0, "assets_within_limits": True},
    ),
    Story(
        "where one dwelling is allowed, two are too many",
        [{"village_code": ELSEWHERE}],
        {"mnr_realestate": [unit("U4"), unit("U5")]},
        expect={"dwelling_count": 2, "assets_within_limits": False},
    ),
    Story(
        "shops and offices are beyond the limits",
        [{}],
        {"mnr_realestate": [unit("U6", "shop"), unit("U7", "office")]},
        expect={"non_dwelling_count": 2, "dwelling_count": 0, "assets_within_limits": False},
    ),
    Story(
        "only new commodity dwellings were bought lately",
        [{}],
        {
            "mnr_realestate": [
                unit("U8", is_commodity=True, registered_on="2025-11-21"),
                unit("U9", is_commodity=True, registered_on="2025-11-20"),
                unit("UA", is_commodity=None, registered_on="2026-01-01"),
                unit("UB", is_commodity=True, registered_on=None),
                unit("UC", "shop", is_commodity=True, registered_on="2026-01-01"),
            ]
        },
        expect={"dwelling_bought_12m_count": 1, "dwelling_count": 4},
    ),
    Story(
        "a company counts once for its legal representatives and shareholders, and so does its capital",
        [{}, {}],
        {
            "samr_entity": [
                entity("C1", role="legal_rep", capital="500"),
                entity("C1", of=1, capital="500"),
                entity("C2", of=1),
                entity("C3", status="closed", capital="9"),
                entity("C4", status="revoked"),
                entity("C5", role="operator", capital="7"),
                entity("C6", capital="20.50"),
            ]
        },
        expect={"company_count": 3, "entity_capital_yuan": "520.50", "sole_count": 0, "assets_within_limits": False},
    ),
    Story(
        "sole businesses and coops are counted apart, and stay within the limits",
        [{}, {}],
        {
            "samr_entity": [
                entity("S1", "sole", "operator", capital="9"),
                entity("S1", "sole", "operator", of=1),
                entity("S2", "coop"),
                entity("S3", "coop", "legal_rep"),
            ]
        },
        expect={"sole_count": 1, "coop_count": 2, "company_count": 0, "entity_capital_yuan": 0, "assets_within_limits": True},
    ),
]


@pytest.fixture(scope="module")
def told():
    return tell(STORIES)


@pytest.mark.parametrize("story", STORIES, ids=ids(STORIES))
def test_assets(story, told):
    check(story, told)
