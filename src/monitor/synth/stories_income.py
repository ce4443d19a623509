"""Earnings, unemployment, pensions: domain INC."""

from __future__ import annotations

import numpy as np

from monitor.synth.life import DIBAO, EMPLOYEE, FARMER, JOBLESS, MIGRANT
from monitor.synth.rows import last_month
from monitor.synth.story import ALONE, EVERY_GROWN, FAMILY, SKIP, Story
from monitor.synth.tale import Tale

OLDER_MONTHS = range(4, 13)
NEWER_MONTHS = (1, 2, 3)
COUPLES = ("couple", "family")


def _below_dibao(t: Tale) -> None:
    t.impoverish()


def _granted_later(t: Tale) -> None:
    """Poor on the first night; dibao is granted on the second or third: the case is cleared."""
    t.impoverish()
    t.put_on(DIBAO, [-1, -2])


def _above_dibao(t: Tale) -> None:
    t.impoverish(65_000)


def _exactly_dibao(t: Tale) -> None:
    t.impoverish(74_400)


def _earnings_fall(t: Tale) -> None:
    t.impoverish()
    t.earn(t.head, 3000, OLDER_MONTHS)
    t.earn(t.head, 900, NEWER_MONTHS)


def _earnings_fall_by_the_line(t: Tale) -> None:
    t.impoverish()
    t.earn(t.head, 3000, OLDER_MONTHS)
    t.earn(t.head, 2100, NEWER_MONTHS)


def _unsteady(t: Tale) -> None:
    t.work(t.head, MIGRANT)
    t.life.months_worked[t.head] = np.resize([3, 5, 6, 1], len(t.head))


def _unemployed(t: Tale) -> None:
    t.work(t.members(18, 59), JOBLESS)
    t.idle(t.head)
    t.add(
        "hrss_unemployment", t.head, registered_on=t.ago([30, 170, 180, 90], t.head), status="registered", hard_to_employ=True
    )


def _benefit_ended(t: Tale) -> None:
    t.idle(t.head)
    end = t.ago([90, 60, 400, 730, 59], t.head)
    t.add("hrss_unemployment", t.head, registered_on=t.ago(800, t.head), status="registered", benefit_end=end)


def _nobody_works(t: Tale) -> None:
    t.impoverish()


def _lapsed(t: Tale) -> None:
    t.idle(t.head)
    for ago, people in ((4, t.head[::2]), (6, t.head[1::2])):
        t.add(
            "hrss_insurance",
            people,
            insured_kind="worker",
            employer="金江水泥厂",
            wage_base=420_000,
            last_paid_month=last_month(t.block, ago),
        )


def _migrant_work_stops(t: Tale) -> None:
    t.work(t.members(18, 59), JOBLESS)
    t.watch(t.members(), removed=True)
    t.earn(t.head, 4000, OLDER_MONTHS)


def _above_while_covered(t: Tale) -> None:
    t.put_on(DIBAO)
    t.work(t.members(18, 59), EMPLOYEE, 3600)


def _worker_pension(t: Tale) -> None:
    t.put_on(DIBAO)
    old = t.members(60)
    t.life.pension[old], t.life.pension_is_worker[old] = t.around(744, old), True


def _housing_fund(t: Tale) -> None:
    t.put_on(DIBAO)
    t.add("mohurd_fund", t.head, monthly_deposit=60_000, last_paid_month=last_month(t.block))


def _public_payroll(t: Tale) -> None:
    t.put_on(DIBAO)
    t.add("mof_payroll", t.head, employer="县第一小学", since=t.ago(1000, t.head))


def _graduate_employed(t: Tale) -> None:
    t.put_on(DIBAO)
    t.work(t.members(26, 59), FARMER)
    young = t.one(20, 25)
    t.study(young, "college", "graduated", -2, status_date=t.ago([400, 200, 1000], young))
    t.work(young, EMPLOYEE, 3200)


def _graduate_jobless(t: Tale) -> None:
    t.put_on(DIBAO)
    t.work(t.members(26, 59), FARMER)
    young = t.one(20, 25)
    t.study(young, "vocational", "graduated", -2, status_date=t.ago([400, 200, 700], young))
    t.work(young, JOBLESS)


def _hardship_worker(t: Tale) -> None:
    t.work(t.head, FARMER)
    t.add("acftu_worker", t.head, filed_on=t.ago([300, 900], t.head), family_income_pc=70_000)


def _no_pension(t: Tale) -> None:
    t.life.pension[t.one(60)] = 0


def _under_the_monitoring_line(t: Tale) -> None:
    t.impoverish()
    t.dwell(t.head, "B", safe_water=False)


STORIES = [
    Story("below the dibao line", ("INC-001",), ("elder_couple", "skip_generation"), _below_dibao, weight=2),
    Story("dibao granted on a later night", ("INC-001",), ("elder_couple",), _granted_later),
    Story("between the lines", ("INC-002",), ("elder_couple",), _above_dibao, rural=True),
    Story("exactly on the line", ("INC-002",), ("elder_couple",), _exactly_dibao, rural=False),
    Story("earnings fall", ("INC-003",), FAMILY, _earnings_fall),
    Story("earnings fall by exactly the share", ("INC-003",), ("couple", "family"), _earnings_fall_by_the_line),
    Story("unsteady migrant work", ("INC-004",), ("adult_alone", "couple", "family"), _unsteady),
    Story("newly unemployed", ("INC-005",), FAMILY, _unemployed, ages=((0, 15),)),
    Story("unemployment benefit ended", ("INC-006",), ALONE, _benefit_ended),
    Story("nobody works", ("INC-007",), ("family",), _nobody_works, ages=((0, 6), (7, 15)), least_size=4),
    Story("insurance lapsed", ("INC-008",), ALONE, _lapsed),
    Story("migrant work stops", ("INC-009",), COUPLES, _migrant_work_stops, rural=True),
    Story("above the line while covered", ("INC-010", "INC-011", "INC-015"), COUPLES, _above_while_covered),
    Story("worker pension while covered", ("INC-012",), ("elder_couple",), _worker_pension),
    Story("housing fund while covered", ("INC-013",), COUPLES, _housing_fund),
    Story("public payroll while covered", ("INC-014",), COUPLES, _public_payroll),
    Story("graduate employed", ("INC-016",), EVERY_GROWN[2:], _graduate_employed, ages=((20, 25),)),
    Story("graduate jobless", ("INC-017",), EVERY_GROWN[2:], _graduate_jobless, ages=((20, 25),)),
    Story("hardship worker", ("INC-018",), COUPLES, _hardship_worker),
    Story("no pension", ("INC-019",), ("elder_couple",), _no_pension),
    Story("under the monitoring line", ("INC-020",), (*SKIP, "single_parent"), _under_the_monitoring_line, rural=True),
]
