"""民政: benefits, applications, verified families, payments, marriages, funerals, care."""

from __future__ import annotations

import numpy as np
import polars as pl

from monitor.synth.households import RELATION
from monitor.synth.life import DIBAO, EDGE, NEVER, RIGID, TEKUN, UNLISTED, Life
from monitor.synth.people import Block
from monitor.synth.rates import rates
from monitor.synth.rows import given, months_back, numbered, own_numbers, rows
from monitor.synth.streams import Bools, Days, Ints, chance, days_before, pick

DAY = np.timedelta64(1, "D")


def frames(block: Block, life: Life) -> dict[str, pl.DataFrame]:
    """All seven extracts but the services; payments follow from the benefits and stories' benefits."""
    assistance = benefits(block, life)
    return {
        "mca_assistance": assistance,
        "mca_application": applications(block),
        "mca_payment": payments(block, pl.concat([assistance, *life.extra.get("mca_assistance", [])])),
        "mca_family": families(block, life),
        "mca_marriage": marriages(block),
        "mca_funeral": funerals(block, life),
        "mca_care": care(block, life),
    }


def families_of(block: Block, homes: Ints) -> pl.Series:
    """The family number of each household."""
    return numbered("JT", own_numbers(block, block.households)[homes], 11)


def benefits(block: Block, life: Life) -> pl.DataFrame:
    """Benefits of the ordinary: of the dead they end two days after the death."""
    rng, share, people = block.stream("mca_assistance"), rates("benefit"), block.people
    listed, rural = life.on(block, people), block.rural[block.household[people]]
    born_before = block.born[people] < life.listed_on[block.household[people]]
    plain = ~block.is_told[block.household[people]]
    main = np.flatnonzero((listed != UNLISTED) & born_before)
    code = np.select([listed == TEKUN, listed == EDGE, listed == RIGID], [2, 3, 4], np.where(rural, 1, 0))[main]
    elder = np.flatnonzero(
        (block.age[people] >= 80) & ~life.is_unclaimed & chance(rng, len(people), share["elder_age_claimed"])
    )
    severe = (life.grade > 0) & (life.grade <= 2) & (listed != TEKUN)
    carers = np.flatnonzero(severe & plain & chance(rng, len(people), share["care_claimed"]))
    poor = (life.grade > 0) & (listed == DIBAO)
    living = np.flatnonzero(poor & plain & chance(rng, len(people), share["living_claimed"]))
    once = block.plain(block.head)[chance(rng, len(block.plain(block.head)), share["temporary"])]
    names = [
        "dibao_urban",
        "dibao_rural",
        "tekun_dispersed",
        "edge",
        "rigid",
        "elder_age",
        "disability_care",
        "disability_living",
        "temporary",
    ]
    who = np.r_[main, elder, carers, living, once]
    kinds = np.r_[code, *(np.full(len(part), k) for k, part in enumerate((elder, carers, living, once), start=5))].astype(
        np.int64
    )
    return _benefit_rows(rng, block, life, who, pl.Series(names), kinds)


def _benefit_rows(rng: np.random.Generator, block: Block, life: Life, who: Ints, names: pl.Series, kinds: Ints) -> pl.DataFrame:
    size, home, today = len(who), block.household[who], block.today
    is_main, is_once = kinds < 5, kinds == 8
    own = days_before(rng, today, size, 95, 2500)
    start = np.where(is_main, life.listed_on[home], np.where(is_once, days_before(rng, today, size, -30, 420), own))
    start = np.where(is_main | is_once, start, np.maximum(start, block.born[who] + 40 * DAY))
    died = np.where(_is_dead(life)[who], life.status_on[who] + 2 * DAY, NEVER)
    end = np.fmin(died, np.where(is_main, life.ended_on[home], NEVER))
    end = np.where(is_once, start + 30 * DAY, np.where(end > start, end, NEVER))
    amount = np.array([41000, 32000, 98000, 0, 0, 8000, 10000, 9000, 150000])[kinds] + 1000 * rng.integers(0, 9, size)
    gone = ~np.isnat(end) & (~is_once | (end <= today))
    reason = np.where(np.isnat(died) | (end != died), 0, 1)
    review = np.maximum(start, _reviews(rng, block, size))
    return rows(
        block,
        "mca_assistance",
        who,
        name=block.name.gather(who),
        benefit=names.gather(kinds),
        family_no=given(families_of(block, home), is_main),
        start_date=start,
        end_date=end,
        monthly_amount=given(amount, ~np.isin(kinds, (3, 4))),
        status=pl.Series(["active", "ended"]).gather(gone.astype(np.int64)),
        village_code=block.village_code(who),
        reviewed_on=given(review, (review > start) & ~is_once),
        exit_reason=given(pl.Series(["income", "death"]).gather(reason), gone),
    )


def _reviews(rng: np.random.Generator, block: Block, size: int) -> Days:
    in_time = chance(rng, size, rates("benefit")["reviewed_in_time"])
    return np.where(in_time, days_before(rng, block.today, size, 5, 320), days_before(rng, block.today, size, 360, 500))


def _is_dead(life: Life) -> Bools:
    dead: Bools = (life.status == "dead").to_numpy()
    return dead


def payments(block: Block, assistance: pl.DataFrame) -> pl.DataFrame:
    """One payment a month and benefit while it runs; those of edge and rigid households are no money."""
    rng, share = block.stream("mca_payment"), rates("benefit")
    paid = assistance.filter(pl.col("monthly_amount") > 0, ~pl.col("benefit").is_in(["edge", "rigid", "temporary"]))
    months = pl.DataFrame({"pay_month": months_back(block)}).cast({"pay_month": pl.Date})
    due = paid.join(months, how="cross").filter(
        pl.col("pay_month") >= pl.col("start_date").dt.truncate("1mo"),
        pl.col("end_date").is_null() | (pl.col("pay_month") <= pl.col("end_date").dt.truncate("1mo")),
    )
    due = due.sort("id_no", "benefit", "pay_month", maintain_order=True)
    size = len(due)
    return due.select(
        "id_no",
        "benefit",
        "pay_month",
        (pl.col("pay_month").dt.strftime("%Y%m") + "01").alias("batch_no"),
        pl.col("monthly_amount").alias("amount"),
        pick(
            rng,
            ["ok", "failed", "returned"],
            size,
            [1 - share["pay_fails"], share["pay_fails"] * 0.7, share["pay_fails"] * 0.3],
        ).alias("pay_status"),
        pl.when(pl.Series(chance(rng, size, share["account_name_given"]))).then("name").alias("account_name"),
    )


def applications(block: Block) -> pl.DataFrame:
    """Applications for aid: `mca_application`."""
    rng, share = block.stream("mca_application"), rates("benefit")
    who = block.plain(block.head)
    who = who[chance(rng, len(who), share["application"])]
    size = len(who)
    applied = days_before(rng, block.today, size, -28, 700)
    decided = applied + rng.integers(10, 36, size).astype("timedelta64[D]")
    decision = pick(rng, ["approved", "refused", "withdrawn"], size, [0.7, 0.22, 0.08])
    refusal = pick(rng, ["income", "vehicle", "dwelling", "business", "other"], size, [0.5, 0.2, 0.1, 0.05, 0.15])
    return rows(
        block,
        "mca_application",
        who,
        application_no=numbered("SL", own_numbers(block, size), 11),
        benefit=pick(rng, ["dibao_rural", "edge", "temporary"], size, [0.5, 0.2, 0.3]),
        applied_on=applied,
        decision=decision,
        decided_on=decided,
        refusal=given(refusal, (decision == "refused").to_numpy()),
    )


def families(block: Block, life: Life) -> pl.DataFrame:
    """Who lives together as civil affairs have found: `mca_family`."""
    rng, share, people = block.stream("mca_family"), rates("benefit"), block.people
    checked = chance(rng, block.households, share["family_checked"])
    verified = (life.listed != UNLISTED) | (checked & ~block.is_told)
    who = people[verified[block.household[people]]]
    home = block.household[who]
    on = np.where(life.listed != UNLISTED, life.listed_on, days_before(rng, block.today, block.households, 20, 900))
    relation = pl.Series(RELATION).gather(block.seat[who])
    return rows(
        block,
        "mca_family",
        who,
        family_no=families_of(block, home),
        relation=relation,
        checked_on=np.maximum(on[home], block.born[who] + 20 * DAY),
    )


def marriages(block: Block) -> pl.DataFrame:
    """Marriages, divorces and widowhood: `mca_marriage`."""
    rng, people = block.stream("mca_marriage"), block.people
    who = people[(block.spouse[people] > people) & chance(rng, len(people), 0.88)]
    younger = np.maximum(block.born[who], block.born[block.spouse[who]])
    on = np.minimum(younger + (rng.integers(20 * 365, 27 * 365, len(who))).astype("timedelta64[D]"), block.today - 70 * DAY)
    return rows(block, "mca_marriage", who, spouse_id_no=block.id_of(block.spouse[who]), marriage="married", registered_on=on)


def funerals(block: Block, life: Life) -> pl.DataFrame:
    """Cremations: `mca_funeral`."""
    rng, dead = block.stream("mca_funeral"), np.flatnonzero(_is_dead(life))
    dead = dead[chance(rng, len(dead), 0.6)]
    return rows(block, "mca_funeral", dead, name=block.name.gather(dead), died_on=life.status_on[dead])


def care(block: Block, life: Life) -> pl.DataFrame:
    """Old people alone, children left behind, the homeless: `mca_care`."""
    rng, share, people = block.stream("mca_care"), rates("care"), block.people
    age, home = block.age[people], block.household[people]
    plain = ~block.is_told[home]
    child = (age >= 0) & (age < 16) & block.rural[home] & chance(rng, len(people), share["left_behind_child"])
    lone = (age >= 65) & block.of_kind("elder_alone")[home] & chance(rng, len(people), share["lone_elder"])
    who = np.r_[np.flatnonzero(child & plain), np.flatnonzero(lone & plain)]
    kind = np.r_[np.zeros(int((child & plain).sum()), np.int64), np.ones(int((lone & plain).sum()), np.int64)]
    guardian = np.where(kind == 0, block.head[home[who]], -1)
    return rows(
        block,
        "mca_care",
        who,
        care_kind=pl.Series(["left_behind_child", "alone"]).gather(kind),
        guardian_id_no=block.id_of(guardian),
        last_visit_on=days_before(rng, block.today, len(who), 16, 85),
    )
