"""农业农村、应急、司法、供电: monitored households, land, disasters, custody, electricity."""

from __future__ import annotations

import numpy as np
import polars as pl

from monitor.synth.life import NEVER, UNLISTED, Life
from monitor.synth.people import Block
from monitor.synth.rates import rates
from monitor.synth.rows import monthly, months_back, numbered, own_numbers, rows
from monitor.synth.streams import chance, days_before, pick, pick_index, yuan


def frames(block: Block, life: Life) -> dict[str, pl.DataFrame]:
    """mara_monitor, mara_subsidy, mem_disaster, moj_custody and grid_power."""
    return {
        "mara_monitor": monitored(block, life),
        "mara_subsidy": subsidies(block),
        "mem_disaster": disasters(block),
        "moj_custody": custody(block, life),
        "grid_power": power(block),
    }


def monitored(block: Block, life: Life) -> pl.DataFrame:
    """Households watched for a return into poverty: `mara_monitor`."""
    rng, share, count = block.stream("mara_monitor"), rates("rural"), block.households
    ever = block.rural & ~block.is_told & chance(rng, count, share["monitored_ever"])
    still = (life.listed != UNLISTED) & np.isnat(life.ended_on) & chance(rng, count, share["monitored_now_listed"])
    who = block.people[ever[block.household[block.people]] & (block.age[block.people] > 0)]
    home = block.household[who]
    kind, risk = pick_index(rng, 3, count), pick_index(rng, 7, count)
    on = days_before(rng, block.today, count, 200, 1700)
    return rows(
        block,
        "mara_monitor",
        who,
        monitor_no=numbered("JC", own_numbers(block, count)[home], 11),
        monitor_kind=pl.Series(["unstable", "edge", "sudden"]).gather(kind[home]),
        monitor_risk=pl.Series(["illness", "disability", "education", "disaster", "accident", "job_loss", "other"]).gather(
            risk[home]
        ),
        risk_removed=~still[home],
        identified_on=on[home],
        net_income_pc=yuan(rng, count, 5000, 14000)[home],
    )


def subsidies(block: Block) -> pl.DataFrame:
    """Land and farm subsidies of the newest year: `mara_subsidy`."""
    rng = block.stream("mara_subsidy")
    farms = block.rural & chance(rng, block.households, rates("rural")["subsidy"])
    who, year = monthly(block.head[farms], np.array([-1, 0]))
    land = np.repeat(rng.integers(200, 1300, int(farms.sum())), 2)
    size = len(who)
    return rows(
        block,
        "mara_subsidy",
        who,
        year=block.plan.as_of.year + np.asarray(year),
        land_mu=land,
        transferred_mu=land * pick_index(rng, 3, size, [0.8, 0.1, 0.1]) // 4,
        subsidy=land * rng.integers(60, 90, size),
        machinery_subsidy=np.where(chance(rng, size, 0.005), yuan(rng, size, 500, 4000), 0),
    )


def disasters(block: Block) -> pl.DataFrame:
    """Losses and damaged homes: `mem_disaster`."""
    rng = block.stream("mem_disaster")
    who = block.plain(block.head[block.rural])
    who = who[chance(rng, len(who), rates("rural")["disaster"])]
    size = len(who)
    loss = yuan(rng, size, 200, 4500)
    return rows(
        block,
        "mem_disaster",
        who,
        disaster_kind=pick(rng, ["drought", "hail", "flood", "freeze"], size),
        happened_on=days_before(rng, block.today, size, -30, 420),
        house_damage=pick(rng, ["none", "minor"], size, [0.8, 0.2]),
        loss=loss,
        crop_loss_mu=rng.integers(0, 70, size),
        relocated=False,
        relief_paid=loss // 3,
    )


def custody(block: Block, life: Life) -> pl.DataFrame:
    """Prison, detoxification, community correction: `moj_custody`."""
    rng, people = block.stream("moj_custody"), block.people
    age = block.age[people]
    grown = block.plain(people[(age >= 20) & (age < 60) & block.is_man[people] & (life.on(block, people) == UNLISTED)])
    who = grown[chance(rng, len(grown), rates("care")["custody"] * 4)]
    size = len(who)
    started = days_before(rng, block.today, size, 20, 1500)
    ends = started + rng.integers(365, 1800, size).astype("timedelta64[D]")
    kind = pick_index(rng, 3, size, [0.2, 0.15, 0.65])
    released = np.where((ends <= block.today) & chance(rng, size, 0.9), ends, NEVER)
    return rows(
        block,
        "moj_custody",
        who,
        custody_kind=pl.Series(["prison", "drug", "community"]).gather(kind),
        started_on=started,
        ends_on=ends,
        released_on=released,
    )


def power(block: Block) -> pl.DataFrame:
    """One account a household; use follows the number of people and the month."""
    rng, share, count = block.stream("grid_power"), rates("rural"), block.households
    idle = chance(rng, count, share["power_idle"])
    cut = chance(rng, count, share["power_cut"])
    home, month = monthly(np.arange(count), months_back(block))
    size = len(home)
    kwh = ((25 + 22 * block.size[home]) * (0.7 + 0.6 * rng.random(size)) * 100).astype(np.int64)
    newest = month >= block.today.astype("datetime64[M]") - 1
    lately = month >= block.today.astype("datetime64[M]") - 3
    return rows(
        block,
        "grid_power",
        block.head[home],
        account_no=numbered("0614", own_numbers(block, count)[home], 11),
        use_month=month,
        kwh=np.where(idle[home] & lately & ~block.is_told[home], 0, kwh),
        arrears=np.where(cut[home] & newest, 4200, 0),
        disconnected=cut[home] & newest & ~block.is_told[home],
    )
