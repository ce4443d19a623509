"""Medical and school costs: domain EXP."""

from __future__ import annotations

from monitor.synth.life import DIBAO, EDGE, FARMER, RIGID, TEKUN
from monitor.synth.story import ALONE, ELDER_ALONE, ELDERS, FAMILY, Story
from monitor.synth.tale import Tale

COUPLES = ("couple", "family")
AID = 100_000
TONIGHT = [60, 120, 30, -1, 200, -2]  # some stays are settled on a later night


def _tekun_pays(t: Tale) -> None:
    t.put_on(TEKUN)
    t.visit(t.head, t.around(1000, t.head), TONIGHT, aid_paid=AID)


def _dibao_pays(t: Tale) -> None:
    t.put_on(DIBAO)
    t.visit(t.head, t.around(5000, t.head), TONIGHT, aid_paid=AID)


def _edge_pays(t: Tale) -> None:
    t.put_on(EDGE)
    t.work(t.members(18, 59), FARMER)
    t.visit(t.head, t.around(10_000, t.head), 200, aid_paid=AID)


def _resident_pays(t: Tale) -> None:
    t.work(t.members(18, 59), FARMER)
    t.visit(t.head, t.around(15_000, t.head), TONIGHT)


def _rural_resident_pays(t: Tale) -> None:
    t.work(t.members(18, 59), FARMER)
    t.visit(t.head, t.around(17_500, t.head), 150)


def _listed_stay(t: Tale) -> None:
    t.put_on(DIBAO)
    t.visit(t.head, t.around(6000, t.head), 200, aid_paid=AID)


def _half_the_income(t: Tale) -> None:
    t.put_on(DIBAO)
    t.visit(t.head, t.around(8750, t.head), 120, aid_paid=AID)


def _eats_the_income(t: Tale) -> None:
    t.impoverish(90_000)
    t.visit(t.head, t.around(9200, t.head), 200)


def _catastrophe(t: Tale) -> None:
    t.work(t.members(18, 59), FARMER)
    t.visit(t.head, t.around(50_000, t.head), TONIGHT)


def _sudden_cost(t: Tale) -> None:
    t.work(t.members(18, 59), FARMER)
    t.visit(t.head, t.around(3000, t.head), [20, 80, -1])


def _many_stays(t: Tale) -> None:
    for ago in (300, 210, 150):
        t.visit(t.head, 60_000, ago)


def _long_treatment(t: Tale) -> None:
    t.work(t.members(18, 59), FARMER)
    for ago in (140, 105, 70, 40):
        t.visit(t.head, 90_000, ago, visit_kind="chronic", disease="uremia")


def _rigid_unrecognised(t: Tale) -> None:
    t.impoverish(100_000)
    t.visit(t.head, 1_650_000, [250, 160])


def _recognition_lapses(t: Tale) -> None:
    t.put_on(RIGID, [340, 345])
    t.work(t.members(18, 59), FARMER)
    t.visit(t.head, t.around(10_000, t.head), 150, aid_paid=AID)


def _recognition_lapsed(t: Tale) -> None:
    t.put_on(RIGID, [366, 500, 400])
    t.work(t.members(18, 59), FARMER)


def _student_unaided(t: Tale) -> None:
    t.put_on(DIBAO)
    t.work(t.members(24, 59), FARMER)
    t.study(t.one(18, 22), "university", tuition=620_000)


def _two_students(t: Tale) -> None:
    t.impoverish()
    t.study(t.one(18, 22), "college", tuition=680_000, aid_amount=330_000)
    t.study(t.one(14, 17), "senior", tuition=160_000, aid_amount=200_000)


def _school_eats_the_income(t: Tale) -> None:
    t.impoverish()
    t.study(t.one(18, 22), "university", tuition=620_000, loan=True)


def _no_medical_aid(t: Tale) -> None:
    t.put_on(DIBAO)
    t.visit(t.head, 70_000, TONIGHT, aid_paid=0)


def _injured(t: Tale) -> None:
    t.work(t.members(18, 59), FARMER)
    t.visit(t.head, t.around(3000, t.head), [60, 30, 170, -1], injury=True)


STORIES = [
    Story("tekun pays", ("EXP-001",), ELDER_ALONE, _tekun_pays),
    Story("dibao pays", ("EXP-002",), ELDERS, _dibao_pays),
    Story("edge pays", ("EXP-003",), COUPLES, _edge_pays),
    Story("resident pays", ("EXP-004",), COUPLES, _resident_pays, weight=2),
    Story("rural resident pays", ("EXP-006",), COUPLES, _rural_resident_pays, rural=True),
    Story("one costly stay of a listed person", ("EXP-005",), ELDERS, _listed_stay),
    Story("half the income", ("EXP-007",), ELDERS, _half_the_income, rural=True),
    Story("cost eats the income", ("EXP-008",), ELDERS, _eats_the_income),
    Story("catastrophe", ("EXP-009",), FAMILY, _catastrophe),
    Story("sudden cost", ("EXP-010",), COUPLES, _sudden_cost),
    Story("many stays", ("EXP-011",), COUPLES, _many_stays),
    Story("long treatment", ("EXP-012",), COUPLES, _long_treatment),
    Story("rigid spending not recognised", ("EXP-013",), ("elder_couple",), _rigid_unrecognised),
    Story("recognition about to lapse", ("EXP-014",), COUPLES, _recognition_lapses),
    Story("recognition lapsed", ("EXP-015",), COUPLES, _recognition_lapsed),
    Story("listed student without aid", ("EXP-016", "EHD-003"), FAMILY, _student_unaided, ages=((18, 22),)),
    Story("two students", ("EXP-017",), FAMILY, _two_students, ages=((18, 22), (14, 17))),
    Story("school eats the income", ("EXP-018", "EXP-021"), FAMILY, _school_eats_the_income, ages=((18, 22),)),
    Story("no medical aid", ("EXP-019",), ELDERS, _no_medical_aid),
    Story("injured", ("EXP-020",), (*ALONE, "couple"), _injured),
]
