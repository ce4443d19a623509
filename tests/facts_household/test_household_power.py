"""Homes without power. The newest delivery is of November 2026, so W3 is August to October."""

import pytest
from household_case import Story, check, ids, tell

DARK = {"zero_power_months": 0, "power_cut": False}


def use(account, kwh_by_month, **more):
    return [{"account_no": account, "use_month": f"{month}-01", "kwh": str(kwh)} | more for month, kwh in kwh_by_month.items()]


STORIES = [
    Story("who has no account has power for all that is known", expect=DARK),
    Story("who uses power is not dark", records={"grid_power": use("A", {"2026-09": 0, "2026-10": 1})}, expect=DARK),
    Story(
        "the months since power was last used are counted",
        records={"grid_power": use("B", {"2026-07": 0, "2026-08": "0.5", "2026-09": 0, "2026-10": 0})},
        expect={"zero_power_months": 2, "power_cut": False},
    ),
    Story(
        "a missing month ends the run",
        records={"grid_power": use("C", {"2026-07": 0, "2026-09": 0, "2026-10": 0})},
        expect={"zero_power_months": 2},
    ),
    Story(
        "more than 12 months are 12",
        records={"grid_power": use("D", {f"2025-{m:02}": 0 for m in range(6, 13)} | {f"2026-{m:02}": 0 for m in range(1, 11)})},
        expect={"zero_power_months": 12},
    ),
    Story(
        "an account silent since before W3 says nothing",
        records={"grid_power": use("E", {"2026-06": 0, "2026-07": 0})},
        expect=DARK,
    ),
    Story(
        "an account whose newest month is the first of W3 speaks",
        records={"grid_power": use("F", {"2026-08": 0})},
        expect={"zero_power_months": 1},
    ),
    Story(
        "a cut counts in the newest month only",
        records={"grid_power": [*use("G", {"2026-09": 0}, disconnected=False), *use("G", {"2026-10": 5}, disconnected=True)]},
        expect={"zero_power_months": 0, "power_cut": True},
    ),
    Story(
        "a cut that ended is over, and one not given is none",
        records={"grid_power": [*use("H", {"2026-09": 0}, disconnected=True), *use("H", {"2026-10": 0})]},
        expect={"zero_power_months": 2, "power_cut": False},
    ),
    Story(
        "of several accounts the one with the newest month speaks",
        [{}, {}],
        {"grid_power": [*use("J2", {"2026-08": 0, "2026-09": 0}), *use("J1", {"2026-10": 7}, of=1)]},
        expect=DARK,
    ),
    Story(
        "then the one with the greatest number",
        [{}, {}],
        {"grid_power": [*use("K2", {"2026-10": 0}), *use("K1", {"2026-10": 7}, of=1)]},
        expect={"zero_power_months": 1},
    ),
    Story(
        "an account belongs to the person of its newest month, with all its months",
        [{}, {"status": "moved"}],
        {"grid_power": [*use("L", {"2026-08": 0, "2026-09": 0}, of=1), *use("L", {"2026-10": 0}, of=0)]},
        expect={"zero_power_months": 3},
    ),
    Story(
        "an account that passed to somebody who left is not the household's",
        [{}, {"status": "moved"}],
        {"grid_power": [*use("M", {"2026-09": 0}, of=0), *use("M", {"2026-10": 0}, of=1)]},
        expect=DARK,
    ),
    Story(
        "months after the as-of date are not there",
        records={"grid_power": use("N", {"2026-11": 0, "2026-12": 4})},
        expect={"zero_power_months": 1},
    ),
]


@pytest.fixture(scope="module")
def told():
    return tell(STORIES)


@pytest.mark.parametrize("story", STORIES, ids=ids(STORIES))
def test_power(story, told):
    check(story, told)
