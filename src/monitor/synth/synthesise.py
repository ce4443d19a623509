"""Make a population and the deliveries of its departments."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from monitor.contracts import extracts
from monitor.synth import civil_affairs, countryside, holdings, labour, medical, police, schooling, services
from monitor.synth.deliver import Consignment
from monitor.synth.life import live
from monitor.synth.people import Block, people_of
from monitor.synth.plan import Plan, Summary
from monitor.synth.rows import forget_cells
from monitor.synth.stories import plant
from monitor.synth.timeline import deliveries

DEPARTMENTS = (police, civil_affairs, services, labour, medical, schooling, holdings, countryside)
UNKNOWN_EXTRACT = "mca_volunteer"


def synthesise(plan: Plan, out: Path, report: Callable[[int, int], None] = lambda done, of: None) -> Summary:
    """Write the deliveries of a made-up population into a folder.

    Args:
        plan: what to make; the same plan gives the same bytes.
        out: created if it is not there; files of the same name are replaced.
        report: called after each block with the people done and of how many.

    Raises:
        UsageError: the plan's region holds no village.
    """
    began = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    consignments = [Consignment(plan, delivery, out) for delivery in deliveries(plan)]
    planted: Counter[str] = Counter()
    households = done = 0
    for number, people in enumerate(plan.blocks):
        block = people_of(plan, number)
        frames, told = frames_of(block)
        for consignment in consignments:
            consignment.append(frames[consignment.extract], number)
        planted.update(told)
        households, done = households + block.households, done + people
        report(done, plan.persons)
    paths = [path for consignment in consignments for path in consignment.close()]
    paths += _unknown(plan, out)
    rows: Counter[str] = Counter()
    for consignment in consignments:
        rows[consignment.extract] += consignment.rows
    size = sum(path.stat().st_size for path in paths)
    return Summary(plan.persons, households, len(paths), size, time.monotonic() - began, dict(rows), dict(planted))


def frames_of(block: Block) -> tuple[dict[str, pl.DataFrame], Counter[str]]:
    """All extracts of a block, their whole story, and how many households each story was planted in."""
    life = live(block)
    told = plant(block, life)
    made: dict[str, pl.DataFrame] = {}
    for department in DEPARTMENTS:
        made |= department.frames(block, life)
    for name in extracts():
        own = forget_cells(made[name], name, block.stream(f"forget {name}"))
        extra = life.extra.get(name, [])
        made[name] = _newest_last(pl.concat([own, *extra]), name) if extra else own
    return made, told


def _newest_last(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """A story's row replaces an ordinary one of the same key; clean data hold no key twice."""
    return frame.unique(list(extracts()[name].key), keep="last", maintain_order=True)


def _unknown(plan: Plan, out: Path) -> list[Path]:
    if not plan.soil.unknown_extract:
        return []
    path = out / f"{UNKNOWN_EXTRACT}_{plan.as_of:%Y%m%d}.csv"
    numbers = np.arange(1, 4)
    pl.DataFrame({"队伍编号": numbers, "人数": numbers * 10}).write_csv(path)
    return [path]
