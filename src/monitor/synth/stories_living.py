"""Children, school, homes, disasters, electricity: domain EHD."""

from __future__ import annotations

import numpy as np

from monitor.synth.life import DIBAO, FARMER
from monitor.synth.story import ALONE, ELDER_ALONE, ELDERS, FAMILY, SKIP, Story
from monitor.synth.tale import DAY, Tale

COUPLES = ("couple", "family")


def _dropped_out(t: Tale) -> None:
    child = t.one(12, 14)
    t.study(child, "junior", "dropout", status_date=t.block.today - 70 * DAY)


def _no_school(t: Tale) -> None:
    t.life.stage[t.one(7, 14)] = -1


def _disabled_student(t: Tale) -> None:
    child = t.one(7, 11)
    t.study(child, "primary")
    t.disable(child, 2, 2)
    t.grant(child, "disability_care", 600, 100)


def _left_with_old_people(t: Tale) -> None:
    t.care_for(t.one(1, 15), "left_behind_child", 30)


def _not_visited(t: Tale) -> None:
    t.care_for(t.one(1, 15), "left_behind_child", [120, 103, 102, 200])


def _low_child_allowance(t: Tale) -> None:
    child = t.members(0, 17)
    amounts = np.resize([135_000, 137_000, 129_000], len(child))
    t.grant(child, "unattended_child", 900, monthly_amount=amounts)


def _unsafe_home(t: Tale) -> None:
    t.work(t.members(18, 59), FARMER)
    t.dwell(t.head, "C")


def _only_home_unsafe(t: Tale) -> None:
    t.impoverish()
    t.dwell(t.head, "D")


def _listed_without_home(t: Tale) -> None:
    t.put_on(DIBAO)


def _rent_in_arrears(t: Tale) -> None:
    t.dwell(t.head, "A", public_rental=True, rent_arrears_months=np.resize([4, 3, 2, 9], len(t.head)))


def _home_destroyed(t: Tale) -> None:
    t.strike(t.head, "landslide", [30, 100, -1, 360], house_damage="collapsed", loss=8_000_000, relief_paid=500_000)


def _home_not_restored(t: Tale) -> None:
    t.strike(t.head, "earthquake", [200, 121, 120, 700], house_damage="collapsed", loss=6_000_000, relief_paid=900_000)
    t.dwell(t.head, "D")


def _no_relief(t: Tale) -> None:
    t.strike(t.head, "flood", [40, -1, 200], house_damage="minor", loss=t.around(5000, t.head), relief_paid=0)


def _crop_failure(t: Tale) -> None:
    t.add("mara_subsidy", t.head, year=t.block.plan.as_of.year, land_mu=800, subsidy=60_000)
    t.strike(
        t.head,
        "hail",
        90,
        house_damage="none",
        loss=300_000,
        relief_paid=100_000,
        crop_loss_mu=np.resize([600, 400, 399, 800], len(t.head)),
    )


def _house_fire(t: Tale) -> None:
    t.strike(t.head, "fire", [20, 179, -1, 100], house_damage="serious", loss=3_000_000, relief_paid=300_000)


def _homeless(t: Tale) -> None:
    t.care_for(t.head, "homeless", 20)


def _unsafe_water(t: Tale) -> None:
    t.dwell(t.head, "B", safe_water=False)


def _no_power_used(t: Tale) -> None:
    t.use_power(t.head, (1, 2, 3))


def _power_cut(t: Tale) -> None:
    t.use_power(t.head, (1,), 1200, cut=True)


STORIES = [
    Story("dropped out", ("EHD-001",), FAMILY, _dropped_out, ages=((12, 14),)),
    Story("not at school", ("EHD-002",), FAMILY, _no_school, ages=((7, 14),)),
    Story("disabled pupil without aid", ("EHD-004",), FAMILY, _disabled_student, ages=((7, 11),)),
    Story("left with old people", ("EHD-005",), SKIP, _left_with_old_people),
    Story("left-behind child not visited", ("EHD-006",), FAMILY, _not_visited, ages=((1, 15),)),
    Story("child allowance below the standard", ("EHD-007",), SKIP, _low_child_allowance),
    Story("unsafe home", ("EHD-008",), COUPLES, _unsafe_home),
    Story("the only home unsafe", ("EHD-009",), ELDERS, _only_home_unsafe),
    Story("listed without a home", ("EHD-010",), (*ALONE, "couple"), _listed_without_home, rural=False),
    Story("rent in arrears", ("EHD-011",), COUPLES, _rent_in_arrears, rural=False),
    Story("home destroyed", ("EHD-012",), COUPLES, _home_destroyed),
    Story("home not restored", ("EHD-013",), COUPLES, _home_not_restored),
    Story("no relief", ("EHD-014",), COUPLES, _no_relief),
    Story("crop failure", ("EHD-015",), COUPLES, _crop_failure, rural=True),
    Story("house fire", ("EHD-016",), COUPLES, _house_fire),
    Story("homeless", ("EHD-017",), ALONE, _homeless),
    Story("unsafe water", ("EHD-018",), COUPLES, _unsafe_water, rural=True),
    Story("no power used", ("EHD-019",), COUPLES, _no_power_used),
    Story("power cut", ("EHD-020",), ELDER_ALONE, _power_cut),
]
