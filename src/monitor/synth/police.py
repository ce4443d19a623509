"""公安: the resident register and the vehicles."""

from __future__ import annotations

import numpy as np
import polars as pl

from monitor.synth import names
from monitor.synth.households import RELATION
from monitor.synth.life import DIBAO, TEKUN, Life
from monitor.synth.people import Block
from monitor.synth.rates import rates
from monitor.synth.rows import given, numbered, own_numbers, rows
from monitor.synth.streams import chance, days_before, pick, yuan

RELATIONS = pl.Series(RELATION)


def frames(block: Block, life: Life) -> dict[str, pl.DataFrame]:
    """psb_resident and psb_vehicle."""
    return {"psb_resident": residents(block, life), "psb_vehicle": vehicles(block, life)}


def residents(block: Block, life: Life) -> pl.DataFrame:
    """The household register: `psb_resident`."""
    rng, share, people = block.stream("psb_resident"), rates("person"), block.people
    size, home = len(people), block.household[people]
    grown = block.age[people] >= 30
    parents_kept = ~grown | chance(rng, size, 1 - share["parents_given_adult"] * 0.2)
    elsewhere = chance(rng, size, share["lives_elsewhere"]) & ~block.is_told[home] | life.is_away
    village_name = block.villages.name.gather(block.village[home])
    minority = chance(rng, block.households, share["minority"])[home]
    grandchild = block.of_kind("skip_generation")[home] & (block.seat[people] >= 4)
    return rows(
        block,
        "psb_resident",
        people,
        name=block.name.head(size),
        sex=pl.Series(["2", "1"]).gather(block.is_man[people].astype(np.int64)),
        birth_date=block.born[people],
        nation=names.nations(rng, minority),
        hukou_no=numbered("HK", own_numbers(block, block.households)[home], 11),
        relation=pl.Series(["grandchild"])
        .new_from_index(0, size)
        .zip_with(pl.Series(grandchild), RELATIONS.gather(block.seat[people])),
        hukou_type=pl.Series(["urban", "rural"]).gather(block.rural[home].astype(np.int64)),
        village_code=block.village_code(people),
        address=names.addresses(rng, village_name),
        phone=names.phones(rng, chance(rng, size, share["phone"]) & (block.age[people] >= 14)),
        father_id_no=block.id_of(np.where(parents_kept, block.father[people], -1)),
        mother_id_no=block.id_of(np.where(parents_kept, block.mother[people], -1)),
        residence_village=given(pick(rng, ["530102004001", "530302001002", "530602001002"], size), elsewhere),
        status=life.status,
        status_date=life.status_on,
    )


def vehicles(block: Block, life: Life) -> pl.DataFrame:
    """Registered vehicles: `psb_vehicle`."""
    rng, share = block.stream("psb_vehicle"), rates("property")
    count, head = block.households, block.head
    listed = np.isin(life.listed, (DIBAO, TEKUN))
    wanted = np.where(block.rural, share["vehicle_rural"], share["vehicle_urban"]) * np.where(listed, 0.03, 1)
    car = chance(rng, count, wanted) & ~block.is_told
    cycle = chance(rng, count, share["motorcycle"])
    owner = np.r_[head[car], head[cycle]]
    size, cars = len(owner), int(car.sum())
    kind = pl.concat(
        [
            pick(rng, ["car", "truck", "bus", "machinery"], cars, [0.9, 0.06, 0.01, 0.03]),
            pick(rng, ["motorcycle", "tricycle"], size - cars, [0.8, 0.2]),
        ]
    )
    price = np.r_[yuan(rng, cars, 28_000, 145_000), yuan(rng, size - cars, 1_500, 9_000)]
    return rows(
        block,
        "psb_vehicle",
        owner,
        plate_no=numbered("云C", own_numbers(block, size), 11),
        vehicle_kind=kind,
        purchase_price=price,
        registered_on=days_before(rng, block.today, size, 20, 4000),
        scrapped=chance(rng, size, 0.03),
    )
