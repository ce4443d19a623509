"""教育: who is at school, what it costs, who is helped."""

from __future__ import annotations

import numpy as np
import polars as pl

from monitor.synth.life import STAGES, UNLISTED, Life
from monitor.synth.people import Block
from monitor.synth.rates import rates
from monitor.synth.rows import given, rows
from monitor.synth.streams import chance, pick, pick_index

TUITION = np.array([3200, 0, 0, 1600, 800, 6800, 6200]) * 100  # a year, fees and boarding
AID = np.array([1000, 0, 0, 2000, 2000, 3300, 3300]) * 100
SCHOOLS = ["第一小学", "第二小学", "民族中学", "县第一中学", "职业技术学校", "昭通学院", "云南民族大学"]
FEE_STAGES = (0, 3, 4, 5, 6)


def school_year(block: Block) -> int:
    """The year in which the running school year began."""
    day = block.plan.as_of
    return day.year if day.month >= 9 else day.year - 1


def frames(block: Block, life: Life) -> dict[str, pl.DataFrame]:
    """moe_student: pupils and students, and last summer's and earlier graduates."""
    return {"moe_student": pl.concat([_enrolled(block, life), _graduates(block, life)])}


def _enrolled(block: Block, life: Life) -> pl.DataFrame:
    rng, share = block.stream("moe_student"), rates("school")
    who = np.flatnonzero(life.stage >= 0)
    age = block.age[who]
    quiet = block.is_told[block.household[who]]
    who = who[~((age >= 7) & (age <= 14) & ~quiet & chance(rng, len(who), share["no_record"]))]
    stage, size = life.stage[who], len(who)
    listed = (life.on(block, who) != UNLISTED) & np.isin(stage, FEE_STAGES)
    helped = chance(rng, size, np.where(listed, 0.98, share["aid_of_fee_students"]))
    dropout = np.isin(stage, (1, 2)) & ~block.is_told[block.household[who]] & chance(rng, size, share["dropout"])
    year = school_year(block)
    return rows(
        block,
        "moe_student",
        who,
        school_year=year,
        stage=pl.Series(STAGES).gather(stage),
        school=pick(rng, SCHOOLS, size),
        status=pl.Series(["enrolled", "dropout"]).gather(dropout.astype(np.int64)),
        status_date=given(np.full(size, np.datetime64(f"{year}-09-10")), dropout),
        boarding=(stage >= 2) & chance(rng, size, 0.7),
        tuition=TUITION[stage],
        aid_amount=np.where(helped, AID[stage], 0),
        loan=(stage >= 5) & chance(rng, size, share["loan_of_university"]),
    )


def _graduates(block: Block, life: Life) -> pl.DataFrame:
    rng = block.stream("moe_student.graduates")
    age = block.age[block.people]
    who = block.plain(np.flatnonzero((age >= 19) & (age <= 25) & (life.stage < 0)))
    who = who[chance(rng, len(who), 0.25)]
    size, year = len(who), school_year(block)
    ago = pick_index(rng, 3, size)
    return rows(
        block,
        "moe_student",
        who,
        school_year=year - 1 - ago,
        stage=pick(rng, ["vocational", "college", "university"], size),
        school=pick(rng, SCHOOLS[4:], size),
        status="graduated",
        tuition=0,
        aid_amount=0,
        loan=False,
        status_date=(np.full(size, np.datetime64(f"{year}-06-30")) - ago * 365).astype("datetime64[D]") - days_in(rng, size),
    )


def days_in(rng: np.random.Generator, size: int) -> np.ndarray[tuple[int], np.dtype[np.timedelta64]]:
    """0-20 days, as time spans."""
    return rng.integers(0, 21, size).astype("timedelta64[D]")
