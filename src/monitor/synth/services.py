"""民政: long-term service clients and the orders served to them."""

from __future__ import annotations

import numpy as np
import polars as pl

from monitor.synth.life import DIBAO, NEVER, TEKUN, Life
from monitor.synth.people import Block
from monitor.synth.rates import rates
from monitor.synth.rows import numbered, own_numbers, rows
from monitor.synth.streams import Ints, chance, days_before, pick, pick_index

DAY = np.timedelta64(1, "D")
VISITS_A_MONTH = 9
PLANNED_VISITS = 6
MONTHS = 5
ENOUGH_HOURS = 2.5


def frames(block: Block, life: Life) -> dict[str, pl.DataFrame]:
    """mca_service_client and mca_service_order."""
    who = _clients(block, life)
    return {"mca_service_client": clients(block, who), "mca_service_order": orders(block, life, who)}


def _clients(block: Block, life: Life) -> Ints:
    rng, people = block.stream("mca_service_client"), block.people
    listed = np.isin(life.on(block, people), (DIBAO, TEKUN)) & (block.age[people] >= 70)
    listed &= (life.status == "normal").to_numpy()
    return people[listed & chance(rng, len(people), rates("care")["service_client"])]


def clients(block: Block, who: Ints) -> pl.DataFrame:
    """Long-term clients of services: `mca_service_client`."""
    rng = block.stream("mca_service_client.rows")
    return rows(
        block,
        "mca_service_client",
        who,
        layer=pick(rng, ["basic", "prevention", "development"], len(who), [0.7, 0.25, 0.05]),
        planned_days=PLANNED_VISITS,
        planned_hours=PLANNED_VISITS * 200,
        started_on=days_before(rng, block.today, len(who), 100, 900),
    )


def orders(block: Block, life: Life, clients_: Ints) -> pl.DataFrame:
    """Nine orders a month for each client, served a day or two later, signed, followed up within a week."""
    rng = block.stream("mca_service_order")
    who = np.repeat(clients_, VISITS_A_MONTH * MONTHS)
    size = len(who)
    # evenly spread over five months that end a month after the first night
    slot = np.tile(np.arange(VISITS_A_MONTH * MONTHS), len(clients_)) * (150 / (VISITS_A_MONTH * MONTHS))
    ordered = block.today + (31 - slot.astype(np.int64)).astype("timedelta64[D]")
    dispatched = ordered + pick_index(rng, 2, size) * DAY
    served = dispatched + pick_index(rng, 3, size, [0.5, 0.4, 0.1]) * DAY
    return rows(
        block,
        "mca_service_order",
        who,
        order_no=numbered("GD", own_numbers(block, size), 11),
        service_kind=pick(rng, ["care", "meal", "cleaning", "escort", "bath", "rehab"], size, [0.4, 0.2, 0.2, 0.1, 0.05, 0.05]),
        applied_on=ordered - pick_index(rng, 2, size) * DAY,
        ordered_on=ordered,
        dispatched_on=dispatched,
        served_on=served,
        hours=100 * rng.integers(2, 4, size),
        signed=~chance(rng, size, 0.0004),
        followed_up_on=np.where(chance(rng, size, 0.0004), NEVER, served + rng.integers(1, 8, size) * DAY),
        satisfaction=pick_index(rng, 3, size, [0.1, 0.3, 0.6]) + 3,
    )
