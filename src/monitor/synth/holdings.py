"""住建、自然资源、市场监管: dwellings, real estate, businesses."""

from __future__ import annotations

import numpy as np
import polars as pl

from monitor.synth.life import DIBAO, NEVER, TEKUN, UNLISTED, Life
from monitor.synth.people import Block
from monitor.synth.rates import rates
from monitor.synth.rows import given, numbered, own_numbers, rows
from monitor.synth.streams import Ints, chance, days_before, pick, pick_index, yuan


def frames(block: Block, life: Life) -> dict[str, pl.DataFrame]:
    """mohurd_housing, mnr_realestate and samr_entity."""
    return {
        "mohurd_housing": dwellings(block, life),
        "mnr_realestate": real_estate(block, life),
        "samr_entity": businesses(block, life),
    }


def _poor(life: Life) -> Ints:
    return np.isin(life.listed, (DIBAO, TEKUN)).astype(np.int64)


def dwellings(block: Block, life: Life) -> pl.DataFrame:
    """Surveyed homes and public rentals: `mohurd_housing`."""
    rng, share = block.stream("mohurd_housing"), rates("property")
    listed = life.listed != UNLISTED
    surveyed = (listed & chance(rng, block.households, 0.98)) | chance(rng, block.households, share["surveyed"])
    who = block.head[surveyed & ~block.is_told]
    size = len(who)
    unsafe = chance(rng, size, share["unsafe"])
    grade = np.where(unsafe, 2 + pick_index(rng, 2, size), pick_index(rng, 2, size))
    on = days_before(rng, block.today, size, 60, 1500)
    rental = chance(rng, size, share["public_rental"])
    renovated = np.where(
        unsafe & chance(rng, size, 0.5),
        np.minimum(on + rng.integers(30, 300, size).astype("timedelta64[D]"), block.today - 20),
        NEVER,
    )
    return rows(
        block,
        "mohurd_housing",
        who,
        surveyed_on=on,
        dwelling_grade=pl.Series(list("ABCD")).gather(grade),
        only_dwelling=chance(rng, size, 0.9),
        renovated_on=renovated,
        public_rental=rental,
        rent_arrears_months=given(pick_index(rng, 3, size, [0.9, 0.07, 0.03]), rental),
        safe_water=~chance(rng, size, share["unsafe_water"]),
    )


def real_estate(block: Block, life: Life) -> pl.DataFrame:
    """Registered homes, shops and offices: `mnr_realestate`."""
    rng, share, count = block.stream("mnr_realestate"), rates("property"), block.households
    poor = _poor(life) == 1
    first = chance(rng, count, share["real_estate"]) & ~block.is_told
    second = first & ~poor & (life.listed == UNLISTED) & chance(rng, count, share["second_home"])
    other = (life.listed == UNLISTED) & ~block.is_told & chance(rng, count, share["non_dwelling"])
    who = np.r_[block.head[first], block.head[second], block.head[other]]
    use = np.repeat([0, 0, 1], [int(first.sum()), int(second.sum()), int(other.sum())])
    commodity = np.repeat([False, True, True], [int(first.sum()), int(second.sum()), int(other.sum())])
    size = len(who)
    use = use + ((use == 1) & chance(rng, size, 0.3))
    return rows(
        block,
        "mnr_realestate",
        who,
        unit_no=numbered("530622GB", own_numbers(block, size), 12),
        estate_use=pl.Series(["dwelling", "shop", "office"]).gather(use),
        area_m2=rng.integers(4000, 16000, size),
        registered_on=days_before(rng, block.today, size, 380, 5000),
        traded_price=given(yuan(rng, size, 90_000, 600_000), commodity),
        is_commodity=commodity,
    )


def businesses(block: Block, life: Life) -> pl.DataFrame:
    """Companies, sole businesses, cooperatives: `samr_entity`."""
    rng, share = block.stream("samr_entity"), rates("property")
    who = block.plain(block.head[life.listed == UNLISTED])
    who = who[(block.age[who] >= 22) & chance(rng, len(who), share["entity"])]
    size = len(who)
    kind = pick_index(rng, 3, size, [0.2, 0.68, 0.12])
    role = np.where(kind == 1, 2, pick_index(rng, 2, size))
    return rows(
        block,
        "samr_entity",
        who,
        entity_no=numbered("92530622M", own_numbers(block, size), 9),
        role=pl.Series(["legal_rep", "shareholder", "operator"]).gather(role),
        entity_kind=pl.Series(["company", "sole", "coop"]).gather(kind),
        capital=yuan(rng, size, 5_000, 2_000_000),
        status=pick(rng, ["open", "revoked", "closed"], size, [0.78, 0.05, 0.17]),
        founded_on=days_before(rng, block.today, size, 60, 4000),
    )
