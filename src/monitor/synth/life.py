"""What people's lives hold: work, pension, benefits, disability, illness, school.

Stories change these before extracts are made.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from monitor.synth.people import Block
from monitor.synth.rates import rates
from monitor.synth.streams import Bools, Days, Ints, chance, days_before, pick_index, yuan

NOT_WORKING, EMPLOYEE, MIGRANT, MIGRANT_UNKNOWN, FLEXIBLE, FARMER, JOBLESS = range(7)
UNLISTED, DIBAO, TEKUN, EDGE, RIGID = range(5)
NEVER = np.datetime64("NaT", "D")


@dataclass
class Life:
    """Arrays per person of the register, unless said otherwise; money in 分.

    Attributes:
        status, status_on: as the police know it: normal, dead, moved or missing, and since when.
        listed: per household: on which of the four lists; `listed_on` since when; `ended_on` when that ended.
        work: one of the constants above; `wage` monthly; `months_worked` of 12.
        is_student, stage: enrolled, and where.
        pension: monthly, 0 none; `pension_kind`.
        grade, disability: of the disability certificate, 0 none.
        is_major: has a major disease on the register.
        is_untreated: never seen by a doctor in the period; is_away: lives in another county;
        is_unclaimed: did not claim the old-age allowance.
        insurance: -1 as it falls, 0 not insured, 1 insured without subsidy.
        extra: extract -> rows that stories add.
    """

    status: pl.Series
    status_on: Days
    listed: Ints
    listed_on: Days
    ended_on: Days
    work: Ints
    wage: Ints
    months_worked: Ints
    stage: Ints
    pension: Ints
    pension_is_worker: Bools
    grade: Ints
    disability: Ints
    is_major: Bools
    is_untreated: Bools
    is_away: Bools
    is_unclaimed: Bools
    insurance: Ints
    extra: dict[str, list[pl.DataFrame]] = field(default_factory=dict)

    def on(self, block: Block, people: Ints) -> Ints:
        """The list each person's household is on."""
        return self.listed[block.household[people]]


STAGES = ("kindergarten", "primary", "junior", "senior", "vocational", "college", "university")


def live(block: Block) -> Life:
    """Draw the ordinary life of everybody in the register."""
    rng = block.stream("life")
    status, status_on = _fates(rng, block)
    listed, listed_on, ended_on = _lists(rng, block)
    stage = _stages(rng, block)
    grade, disability = _disabilities(rng, block)
    work, wage, months = _work(rng, block, stage, grade, listed)
    pension, is_worker = _pensions(rng, block, listed)
    size = block.registered
    is_major = chance(rng, size, rates("health")["major_disease"]) & (block.age[:size] > 2)
    never = [np.zeros(size, dtype=bool) for _ in range(3)]
    return Life(
        status,
        status_on,
        listed,
        listed_on,
        ended_on,
        work,
        wage,
        months,
        stage,
        pension,
        is_worker,
        grade,
        disability,
        is_major,
        never[0],
        never[1],
        never[2],
        np.full(size, -1, dtype=np.int64),
    )


def quieten(block: Block, life: Life, households: Ints) -> None:
    """Take ordinary hardship from these households, so that a story says all there is to say of them."""
    block.is_told[households] = True
    life.listed[households] = UNLISTED
    life.ended_on[households] = NEVER
    told = np.flatnonzero(block.is_told[block.household[: block.registered]])
    life.grade[told] = 0
    life.is_major[told] = False
    life.status_on[told] = NEVER
    life.status = life.status.scatter(told, "normal")


def _fates(rng: np.random.Generator, block: Block) -> tuple[pl.Series, Days]:
    share, size = rates("person"), block.registered
    age = block.age[:size]
    risk = np.clip(np.exp((age - 62) / 11.0), 0.05, 12)
    died = chance(rng, size, share["died_14_months"] * risk)
    soon = chance(rng, size, share["died_last_month"] * risk)
    moved, missing = chance(rng, size, share["moved"]), chance(rng, size, share["missing"])
    code = np.select([died | soon, moved, missing & (age >= 18)], [1, 2, 3], 0)
    code[age < 1] = 0
    on = np.where(soon, days_before(rng, block.today, size, -30, -1), days_before(rng, block.today, size, 0, 420))
    on = np.where(code == 3, days_before(rng, block.today, size, 30, 900), on)
    return pl.Series(["normal", "dead", "moved", "missing"]).gather(code), np.where(code > 0, on, NEVER)


def _lists(rng: np.random.Generator, block: Block) -> tuple[Ints, Days, Days]:
    share, count = rates("benefit"), block.households
    draw = rng.random(count)
    dibao = np.where(block.rural, share["dibao_rural"], share["dibao_urban"])
    dibao = dibao * np.where(block.of_kind("elder_alone", "elder_couple", "single_parent", "skip_generation"), 2.2, 0.75)
    edges = np.cumsum([dibao, np.full(count, share["edge"]), np.full(count, share["rigid"])], axis=0)
    listed = np.select([draw < edges[0], draw < edges[1], draw < edges[2]], [DIBAO, EDGE, RIGID], UNLISTED)
    tekun = block.of_kind("elder_alone") & chance(rng, count, share["tekun_of_lone_elders"])
    listed = np.where(tekun, TEKUN, listed).astype(np.int64)
    since = days_before(rng, block.today, count, 100, 1800)
    since = np.where(listed == RIGID, days_before(rng, block.today, count, 20, 330), since)
    ended = (listed != UNLISTED) & (listed != TEKUN) & chance(rng, count, share["ended_14_months"])
    return listed, since, np.where(ended, days_before(rng, block.today, count, -28, 90), NEVER)


def _stages(rng: np.random.Generator, block: Block) -> Ints:
    """Position in `STAGES`, -1 for who is not at school. September starts the school year."""
    share, size = rates("school"), block.registered
    year = block.today.astype("datetime64[Y]").astype(np.int64) + 1970
    started = year if block.today >= np.datetime64(f"{year}-09-01") else year - 1
    at = started - (block.born[:size].astype("datetime64[M]") + 4).astype("datetime64[Y]").astype(np.int64) - 1970
    senior, college = chance(rng, size, share["senior_at_16"]), chance(rng, size, share["college_at_19"])
    vocational = chance(rng, size, 0.35)
    upper, higher = np.where(vocational, 4, 3), np.where(vocational, 5, 6)
    stage = np.select([at < 3, at < 6, at < 12, at < 15, at < 18, at < 22], [-1, 0, 1, 2, upper, higher], -1)
    stage = np.where((at >= 15) & (at < 18) & ~senior, -1, stage)
    stage = np.where((at >= 18) & ~college, -1, stage)
    return np.where((at < 6) & chance(rng, size, 0.2), -1, stage).astype(np.int64)


def _disabilities(rng: np.random.Generator, block: Block) -> tuple[Ints, Ints]:
    share, size = rates("health"), block.registered
    age = block.age[:size]
    rate = np.select([age < 16, age < 60], [share["disabled_young"], share["disabled_adult"]], share["disabled_elder"])
    has = chance(rng, size, rate)
    grade = 1 + pick_index(rng, 4, size, share["grades"])
    return np.where(has, grade, 0), 1 + pick_index(rng, 7, size, share["kinds"])


def _work(rng: np.random.Generator, block: Block, stage: Ints, grade: Ints, listed: Ints) -> tuple[Ints, Ints, Ints]:
    share, size = rates("work"), block.registered
    age = block.age[:size]
    can = (age >= 18) & (age < 60) & (stage < 0) & ((grade == 0) | (grade > 2))
    weights = [share["employee"], share["migrant"] * share["migrant_with_income"]]
    weights += [share["migrant"] * (1 - share["migrant_with_income"]), share["flexible"]]
    work = EMPLOYEE + pick_index(rng, 5, size, [*weights, 1 - sum(weights)])
    poor = np.isin(listed[block.household[:size]], (DIBAO, TEKUN))
    work = np.where(poor & (work != FARMER), np.where(rng.random(size) < 0.6, FARMER, JOBLESS), work)
    months = np.where(rng.random(size) < 0.01, rng.integers(1, 6, size), rng.integers(7, 13, size))
    return np.where(can, work, NOT_WORKING), yuan(rng, size, share["wage_low"], share["wage_high"]), months


def _pensions(rng: np.random.Generator, block: Block, listed: Ints) -> tuple[Ints, Bools]:
    """The base pension alone would put every elder-only household below the line; most have a supplement on record."""
    share, size = rates("work"), block.registered
    home = block.household[:size]
    alone = block.of_kind("elder_alone", "elder_couple", "skip_generation")[home]
    poor = (listed[home] == DIBAO) | (listed[home] == TEKUN)
    low_home = chance(rng, block.households, share["lone_elder_low_pension"])[home]
    is_worker = ~poor & chance(rng, size, share["worker_pension"])
    better = share["better_pension"] * np.where(block.size[home] < 3, 1.0, 1.7) * np.where(block.rural[home], 1.0, 1.3)
    base = np.where(alone & ~poor & ~low_home, better, share["low_pension"])
    monthly = (np.where(is_worker, 2600, base) * (0.97 + 0.2 * rng.random(size)) * 100).astype(np.int64)
    monthly = np.where(block.of_kind("skip_generation")[home] & ~poor & ~low_home, monthly * 2, monthly)
    has = (block.age[:size] >= 60) & ~chance(rng, size, share["pension_missing"])
    return np.where(has, monthly, 0), is_worker
