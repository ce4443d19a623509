"""人社、税务、住建公积金、财政、总工会: work, wages, pensions."""

from __future__ import annotations

import numpy as np
import polars as pl

from monitor.synth.life import EMPLOYEE, FARMER, FLEXIBLE, JOBLESS, MIGRANT, MIGRANT_UNKNOWN, UNLISTED, Life
from monitor.synth.people import Block
from monitor.synth.rates import rates
from monitor.synth.rows import given, last_month, monthly, months_back, numbered, rows
from monitor.synth.streams import chance, days_before, pick, pick_index, yuan

EMPLOYERS = [
    "金江水泥厂",
    "堂琅超市",
    "白鹤滩建筑公司",
    "药山茶叶合作社",
    "县第一小学",
    "县人民医院",
    "昭通物流公司",
    "兴农花椒公司",
]


def frames(block: Block, life: Life) -> dict[str, pl.DataFrame]:
    """hrss_insurance, hrss_unemployment, hrss_pension, sta_income, mohurd_fund, mof_payroll, acftu_worker."""
    return {
        "hrss_insurance": insurance(block, life),
        "hrss_unemployment": unemployment(block, life),
        "hrss_pension": pensions(block, life),
        "sta_income": income(block, life),
        "mohurd_fund": housing_fund(block, life),
        "mof_payroll": payroll(block, life),
        "acftu_worker": hardship_workers(block, life),
    }


def insurance(block: Block, life: Life) -> pl.DataFrame:
    """Insurance and work of those of working age: `hrss_insurance`."""
    rng = block.stream("hrss_insurance")
    who = np.flatnonzero(life.work >= EMPLOYEE)
    work, size = life.work[who], len(who)
    worker = work == EMPLOYEE
    lapsed = chance(rng, size, rates("work")["lapsed"]) & worker & ~block.is_told[block.household[who]]
    paid = np.where(
        lapsed, last_month(block, 6), np.where(np.isin(work, (EMPLOYEE, FLEXIBLE)), last_month(block), last_month(block, 10))
    )
    migrant = np.isin(work, (MIGRANT, MIGRANT_UNKNOWN))
    kind = np.select([worker, work == FARMER], [0, 1], 2)
    return rows(
        block,
        "hrss_insurance",
        who,
        insured_kind=pl.Series(["worker", "resident", "flexible"]).gather(kind),
        employer=given(pick(rng, EMPLOYERS, size), worker),
        wage_base=given(life.wage[who], np.isin(work, (EMPLOYEE, FLEXIBLE))),
        last_paid_month=given(paid, work != JOBLESS),
        migrant_work=given(migrant, work != FARMER),
        months_worked_12m=given(
            np.where(work == JOBLESS, 0, life.months_worked[who]), (migrant | (work == JOBLESS)) & chance(rng, size, 0.98)
        ),
    )


def unemployment(block: Block, life: Life) -> pl.DataFrame:
    """Registered unemployment: `hrss_unemployment`."""
    rng = block.stream("hrss_unemployment")
    who = block.plain(np.flatnonzero(np.isin(life.work, (FARMER, FLEXIBLE, EMPLOYEE))))
    who = who[chance(rng, len(who), rates("work")["unemployed"])]
    size = len(who)
    # the ordinary registered unemployed found work again; stories hold those who did not
    on = days_before(rng, block.today, size, 200, 900)
    status = pick(rng, ["reemployed", "registered"], size, [0.85, 0.15])
    return rows(block, "hrss_unemployment", who, registered_on=on, status=status, hard_to_employ=chance(rng, size, 0.2))


def pensions(block: Block, life: Life) -> pl.DataFrame:
    """Pensions paid: `hrss_pension`."""
    who = np.flatnonzero(life.pension > 0)
    ended = (life.status.gather(who) == "dead").to_numpy() & (life.status_on[who] <= block.today)
    paid = np.where(ended, life.status_on[who].astype("datetime64[M]").astype("datetime64[D]"), last_month(block))
    kind = pl.Series(["resident", "worker"]).gather(life.pension_is_worker[who].astype(np.int64))
    return rows(block, "hrss_pension", who, pension_kind=kind, monthly_amount=life.pension[who], last_paid_month=paid)


def income(block: Block, life: Life) -> pl.DataFrame:
    """Steady monthly rows, within 5 % of the wage."""
    rng = block.stream("sta_income")
    wanted = np.isin(life.work, (MIGRANT, FLEXIBLE)) | ((life.work == EMPLOYEE) & chance(rng, block.registered, 0.8))
    who, month = monthly(np.flatnonzero(wanted), months_back(block))
    size = len(who)
    item = np.select([life.work[who] == EMPLOYEE, life.work[who] == MIGRANT], [0, 1], 2)
    payer = numbered("91530622MA", 1 + who % 7919, 8)
    return rows(
        block,
        "sta_income",
        who,
        payer_no=payer,
        tax_month=month,
        tax_item=pl.Series(["wage", "labour", "business"]).gather(item),
        amount=(life.wage[who] * (0.95 + 0.1 * rng.random(size))).astype(np.int64),
    )


def housing_fund(block: Block, life: Life) -> pl.DataFrame:
    """Housing fund accounts: `mohurd_fund`."""
    rng = block.stream("mohurd_fund")
    who = np.flatnonzero((life.work == EMPLOYEE) & (life.on(block, block.people) == UNLISTED))
    who = who[chance(rng, len(who), rates("work")["housing_fund_of_employees"])]
    return rows(block, "mohurd_fund", who, monthly_deposit=life.wage[who] // 5, last_paid_month=last_month(block))


def payroll(block: Block, life: Life) -> pl.DataFrame:
    """People on the public payroll: `mof_payroll`."""
    rng = block.stream("mof_payroll")
    who = np.flatnonzero((life.work == EMPLOYEE) & (life.on(block, block.people) == UNLISTED))
    who = who[chance(rng, len(who), rates("work")["payroll_of_employees"])]
    since = days_before(rng, block.today, len(who), 200, 5000)
    return rows(block, "mof_payroll", who, employer=pick(rng, EMPLOYERS[4:6], len(who)), since=since)


def hardship_workers(block: Block, life: Life) -> pl.DataFrame:
    """Workers in hardship on file with the union: `acftu_worker`."""
    rng = block.stream("acftu_worker")
    who = block.plain(np.flatnonzero(life.work == EMPLOYEE))
    who = who[chance(rng, len(who), rates("work")["hardship_worker"] * 4)]
    size = len(who)
    filed = days_before(rng, block.today, size, 400, 1200)
    closed = filed + (200 + 30 * pick_index(rng, 6, size)).astype("timedelta64[D]")
    return rows(block, "acftu_worker", who, filed_on=filed, closed_on=closed, family_income_pc=yuan(rng, size, 500, 1500))
