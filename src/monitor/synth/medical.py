"""医保、卫健、残联: insurance, settlements, diseases, abilities, deaths, disability."""

from __future__ import annotations

import numpy as np
import polars as pl

from monitor.synth.life import DIBAO, EMPLOYEE, NEVER, TEKUN, UNLISTED, Life
from monitor.synth.people import Block
from monitor.synth.rates import rates
from monitor.synth.rows import given, numbered, own_numbers, rows
from monitor.synth.streams import Bools, Ints, chance, days_before, pick, pick_index, yuan

DAY = np.timedelta64(1, "D")
MAJOR = ["cancer", "uremia", "transplant", "leukemia", "stroke", "heart", "aids", "congenital", "rare", "severe_mental"]
MAJOR_SHARES = [0.16, 0.03, 0.01, 0.02, 0.3, 0.24, 0.02, 0.02, 0.02, 0.18]
SCORES = ((90, 100), (66, 89), (46, 65), (30, 45), (0, 29))
CAUSES = ["循环系统疾病", "恶性肿瘤", "呼吸系统疾病", "损伤和中毒", "消化系统疾病"]
HISTORY_DAYS = 425


def frames(block: Block, life: Life) -> dict[str, pl.DataFrame]:
    """The five extracts of 医保 and 卫健, and dpf_disability."""
    return {
        "nhsa_enrolment": enrolment(block, life),
        "nhsa_settlement": settlements(block, life),
        "nhc_disease": diseases(block, life),
        "nhc_elder_ability": abilities(block, life),
        "nhc_death": deaths(block, life),
        "dpf_disability": certificates(block, life),
    }


def enrolment(block: Block, life: Life) -> pl.DataFrame:
    """Last year's and this year's insurance; listed people are nearly all insured and helped to pay."""
    rng, people = block.stream("nhsa_enrolment"), block.people
    listed = life.on(block, people)
    in_share = np.where((listed != UNLISTED) | block.is_told[block.household[people]], 0.997, 0.965)
    alive = (life.status == "normal").to_numpy() & (block.age[people] >= 0)
    year = int(block.plan.as_of.year)
    parts = []
    for then in (year - 1, year):
        who = people[alive & chance(rng, len(people), in_share) & (life.insurance != 0)]
        poor = np.isin(listed[who], (DIBAO, TEKUN))
        helped = np.where(poor, chance(rng, len(who), 0.99), (listed[who] != UNLISTED) & chance(rng, len(who), 0.7))
        helped &= life.insurance[who] != 1
        paid = np.datetime64(f"{then - 1}-10-01") + rng.integers(0, 120, len(who)) * DAY
        kind = pl.Series(["resident", "worker"]).gather((life.work[who] == EMPLOYEE).astype(np.int64))
        parts.append(rows(block, "nhsa_enrolment", who, year=then, insured_kind=kind, paid_on=paid, subsidised=helped))
    return pl.concat(parts)


def settlements(block: Block, life: Life) -> pl.DataFrame:
    """Visits over 14 months and the month to come: many small ones, at most a few stays, aid for the listed."""
    rng, share = block.stream("nhsa_settlement"), rates("health")
    alive = np.flatnonzero((life.status == "normal").to_numpy() & ~life.is_untreated)
    often = np.clip(0.5 + block.age[alive] / 50, 0.5, 2.0) * share["settlements_a_year"] * (HISTORY_DAYS + 31) / 365
    who = np.repeat(alive, rng.poisson(often))
    kind = pick_index(rng, 2, len(who), [1 - share["chronic_disease"], share["chronic_disease"]])
    stay = block.plain(alive)[chance(rng, len(block.plain(alive)), share["inpatient"] * 1.25)]
    who, kind = np.r_[who, stay], np.r_[kind, np.full(len(stay), 2)]
    size = len(who)
    total = np.where(
        kind == 2, yuan(rng, size, 1500, 9000), np.where(kind == 1, yuan(rng, size, 80, 700), yuan(rng, size, 20, 260))
    )
    fund = (total * np.where(kind == 2, 0.72, 0.55)).astype(np.int64)
    poor = life.on(block, who) != UNLISTED
    aid = np.where(poor & (kind == 2), (total - fund) // 2, 0)
    disease = given(pick(rng, ["hypertension", "diabetes"], size, [0.7, 0.3]), kind == 1)
    return rows(
        block,
        "nhsa_settlement",
        who,
        settle_no=numbered("JS", own_numbers(block, size), 12),
        visit_kind=pl.Series(["outpatient", "chronic", "inpatient"]).gather(kind),
        settled_on=np.maximum(days_before(rng, block.today, size, -31, HISTORY_DAYS), block.born[who]),
        total=total,
        fund_paid=fund,
        aid_paid=given(aid, poor),
        self_paid=total - fund - aid,
        disease=disease,
        injury=chance(rng, size, 0.01) & (kind != 2),
    )


def diseases(block: Block, life: Life) -> pl.DataFrame:
    """Registered diseases: `nhc_disease`."""
    rng, share = block.stream("nhc_disease"), rates("health")
    major = np.flatnonzero(life.is_major)
    plain = block.plain(np.flatnonzero(block.age[block.people] >= 40))
    chronic = plain[chance(rng, len(plain), share["chronic_disease"])]
    who, size = np.r_[major, chronic], len(major) + len(chronic)
    kind = pl.concat(
        [
            pick(rng, MAJOR, len(major), MAJOR_SHARES),
            pick(rng, ["hypertension", "diabetes", "tuberculosis"], len(chronic), [0.7, 0.28, 0.02]),
        ]
    )
    mental = (kind == "severe_mental").to_numpy()
    on = np.maximum(days_before(rng, block.today, size, 95, 3000), block.born[who])
    return rows(
        block,
        "nhc_disease",
        who,
        disease=kind,
        diagnosed_on=on,
        risk_level=given(pick_index(rng, 4, size, [0.55, 0.3, 0.14, 0.01]), mental),
        managed=chance(rng, size, 0.85),
    )


def abilities(block: Block, life: Life) -> pl.DataFrame:
    """Ability assessments of old people: `nhc_elder_ability`."""
    rng, share, people = block.stream("nhc_elder_ability"), rates("health"), block.people
    listed = np.isin(life.on(block, people), (DIBAO, TEKUN))
    old = (block.age[people] >= np.where(listed, 60, 65)) & ~block.is_told[block.household[people]]
    done = chance(rng, len(people), np.where(listed, share["ability_assessed_listed"], share["ability_assessed"]))
    who = people[old & done]
    level = pick_index(rng, 5, len(who), [0.74, 0.2, 0.04, 0.014, 0.006])
    low, high = np.array(SCORES).T
    on = days_before(rng, block.today, len(who), 30, np.where(listed[who], 330, 900))  # type: ignore[arg-type]
    return rows(
        block,
        "nhc_elder_ability",
        who,
        score=low[level] + (rng.random(len(who)) * (high - low + 1)[level]).astype(np.int64),
        ability=pl.Series(list("01234")).gather(level),
        assessed_on=on,
    )


def deaths(block: Block, life: Life) -> pl.DataFrame:
    """Medical certificates of death: `nhc_death`."""
    rng, dead = block.stream("nhc_death"), np.flatnonzero(_is_dead(life))
    dead = dead[chance(rng, len(dead), 0.9)]
    return rows(
        block,
        "nhc_death",
        dead,
        died_on=life.status_on[dead],
        cause=pick(rng, CAUSES, len(dead), [0.45, 0.22, 0.15, 0.08, 0.1]),
    )


def _is_dead(life: Life) -> Bools:
    dead: Bools = (life.status == "dead").to_numpy()
    return dead


def certificates(block: Block, life: Life) -> pl.DataFrame:
    """Disability certificates: `dpf_disability`."""
    rng = block.stream("dpf_disability")
    who = np.flatnonzero(life.grade > 0)
    size = len(who)
    first = np.maximum(
        days_before(rng, block.today, size, 100, 6000), np.minimum(block.born[who] + 60 * DAY, block.today - 95 * DAY)
    )
    issued = np.maximum(first, days_before(rng, block.today, size, 100, 3500))
    expired = chance(rng, size, rates("health")["certificate_expired"])
    expires = np.where(
        expired, block.today - rng.integers(5, 400, size) * DAY, np.maximum(issued + 3650 * DAY, block.today + 120 * DAY)
    )
    endless = chance(rng, size, 0.05) & ~expired
    mental = np.isin(life.disability[who], (5, 6))
    return rows(
        block,
        "dpf_disability",
        who,
        disability_kind=_digits(life.disability[who]),
        disability_grade=_digits(life.grade[who]),
        first_issued_on=first,
        issued_on=issued,
        expires_on=np.where(endless, NEVER, expires),
        guardian_id_no=block.id_of(np.where(mental, _guardians(block, who), -1)),
    )


def _guardians(block: Block, who: Ints) -> Ints:
    head = block.head[block.household[who]]
    return np.where(head == who, block.spouse[who], head)


def _digits(values: Ints) -> pl.Series:
    return pl.Series(values).cast(pl.String)
