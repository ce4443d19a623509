"""Which deliveries in force look odd: what landing counted goes to the gate, each against the accepted ones before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

import duckdb

from monitor.contracts import Extract, extracts
from monitor.gate import LAST_SEVERAL, Asked, Delivered, Doubt, Profile, figures, inspect, kept_profile, together
from monitor.run import Night
from monitor.sources import Arrivals, Delivery, Judgement, Landed, Line, rows_file, side_by_side
from monitor.store import stored
from monitor.vocabulary import DeliveryState

Part = tuple[Delivery, Landed, Line]


def doubts_of(night: Night, arrivals: Arrivals, landed: Sequence[Landed], judged: Judgement) -> list[Doubt]:
    """The doubts about the newest accepted delivery of every extract.

    Rows are counted only of deliveries that were never counted, and figures judged only if they were never judged: both are
    kept beside the landing files.
    """
    lines = {line.delivery: line for line in judged.ledger}
    parts = [(d, one, lines[d.name]) for d, one in zip(arrivals.deliveries, landed, strict=True)]
    accepted = [part for part in parts if part[2].state != DeliveryState.REFUSED]
    by_extract = groupby(accepted, key=lambda part: part[0].extract)
    days = {name: _last_days(list(files)) for name, files in by_extract}
    profiles = _profiles(night, [part for several in days.values() for files in several for part in files])
    asked = []
    for name, several in days.items():
        delivered = [_delivered(extracts()[name], files, profiles) for files in several]
        newest = several[-1][0][1]
        verdict = night.home.landing / f"{newest.stem}.verdict.json"
        asked.append(Asked(name, figures(extracts()[name], delivered[-1], delivered[:-1]), verdict))
    return inspect(asked)


def doubted_day(files: Iterable[Part]) -> date | None:
    """The day of the delivery that the doubts about an extract are about, of all its files; None when all are refused."""
    return max((d.date for d, _, line in files if line.state != DeliveryState.REFUSED), default=None)


def _last_days(files: Sequence[Part]) -> list[list[Part]]:
    """The newest delivery and those it is compared with, each with its parts; the oldest first."""
    return [list(parts) for _, parts in groupby(files, key=lambda part: part[0].date)][-LAST_SEVERAL - 1 :]


def _delivered(contract: Extract, parts: Sequence[Part], profiles: Mapping[str, Profile]) -> Delivered:
    """One delivery, all its parts together."""
    landed = [one for _, one, _ in parts]
    profile = together(profiles[d.name] for d, _, _ in parts)
    # of a full extract the ledger knows the doubled keys of all parts; of a delta also those that an older delivery lost
    doubled = sum(line.superseded for _, _, line in parts) if contract.mode == "full" else profile.doubled
    return Delivered(
        rows_read=sum(one.rows_read for one in landed),
        readable=sum(one.readable for one in landed),
        quarantined=sum(one.quarantined for one in landed),
        doubled=doubled,
        reasons=_summed([one.reasons or {} for one in landed]),
        unread=_summed([one.blanked_by or {} for one in landed]),
        absent=sorted({header for one in landed for header in one.absent}),
        extra=max(len(one.extra) for one in landed),
        profile=profile,
    )


def _profiles(night: Night, parts: Sequence[Part]) -> dict[str, Profile]:
    """Delivery -> what its landing file holds; the largest file is counted first."""

    def of(connection: duckdb.DuckDBPyConnection, part: Part) -> Profile:
        delivery, landed, _ = part
        if not landed.readable:
            return Profile()
        relation = stored(rows_file(night, landed))
        path = night.home.landing / f"{landed.stem}.profile.json"
        made_under = f"{landed.contract}-{landed.reader}"
        return kept_profile(connection, extracts()[landed.extract], relation, delivery.date, path, made_under)

    counted = side_by_side(night, of, sorted(parts, key=lambda part: (-part[1].readable, part[0].name)))
    return {part[0].name: profile for part, profile in counted}


def _summed(counts: Sequence[dict[str, int]]) -> dict[str, int]:
    return {name: sum(one.get(name, 0) for one in counts) for one in counts for name in one}
