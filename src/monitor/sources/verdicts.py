"""Which deliveries count: what is refused and why, what is in force, what is replaced. Knows counts only, no rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from monitor.contracts import Extract, extract
from monitor.sources.arrivals import Delivery
from monitor.sources.landing import Landed
from monitor.sources.refusal import listed
from monitor.vocabulary import DeliveryState

# a delivery is refused when more than one row in this many is quarantined: 20 %
ONE_BAD_ROW_IN = 5
# a full delivery is refused when it has less than one readable row for this many of the one before
SHRINKS_AT_MOST_TO_ONE_IN = 2


@dataclass(frozen=True)
class Verdict:
    """What becomes of one delivered file; the reason is plain Chinese and only given for a refusal."""

    delivery: Delivery
    landed: Landed
    state: DeliveryState
    reason: str = ""


def verdicts(arrived: Iterable[tuple[Delivery, Landed]], accepted_by_name: Iterable[str] = ()) -> list[Verdict]:
    """Judge all deliveries.

    Args:
        arrived: the files in order of extract, date and part.
        accepted_by_name: names (with or without part) of `full` deliveries that an operator takes although they shrank.
    """
    named = frozenset(accepted_by_name)
    found = []
    for name, files in groupby(arrived, key=lambda a: a[0].extract):
        found += _of_extract(extract(name), list(files), named)
    return found


def dating_day(contract: Extract, files: Iterable[Verdict]) -> date | None:
    """The newest accepted delivery that dates the extract.

    A monthly delta delivery whose parts together have no readable row says nothing about how far the data reach.
    """
    readable: dict[date, int] = {}
    for verdict in files:
        if verdict.state != DeliveryState.REFUSED:
            day = verdict.delivery.date
            readable[day] = readable.get(day, 0) + verdict.landed.readable
    empty_counts = not (contract.mode == "delta" and contract.cadence == "monthly")
    return max((day for day, rows in readable.items() if rows or empty_counts), default=None)


def _of_extract(contract: Extract, files: list[tuple[Delivery, Landed]], named: frozenset[str]) -> list[Verdict]:
    found: list[Verdict] = []
    before: int | None = None  # readable rows of the accepted delivery before
    for _, group in groupby(files, key=lambda f: f[0].date):
        parts = list(group)
        reasons = _reasons(contract, parts, before, named)
        state = DeliveryState.REFUSED if any(reasons) else DeliveryState.IN_FORCE
        if state == DeliveryState.IN_FORCE:
            before = sum(landed.readable for _, landed in parts)
            if contract.mode == "full":
                found = [_replaced(v) for v in found]
        found += [Verdict(d, landed, state, reason) for (d, landed), reason in zip(parts, reasons, strict=True)]
    return found


def _replaced(verdict: Verdict) -> Verdict:
    if verdict.state == DeliveryState.REFUSED:
        return verdict
    return Verdict(verdict.delivery, verdict.landed, DeliveryState.REPLACED)


def _reasons(contract: Extract, parts: list[tuple[Delivery, Landed]], before: int | None, named: frozenset[str]) -> list[str]:
    """Per part why it is refused; all "" when the delivery is accepted."""
    own = [landed.fault or _too_many_bad_rows(landed) for _, landed in parts]
    if any(own):
        culprits = [delivery.name for (delivery, _), reason in zip(parts, own, strict=True) if reason]
        together = f"同日分片 {listed(culprits)} 被拒收,同一天的各分片作为一次报送整体不用;请改正该分片后一并重新报送"
        return [reason or together for reason in own]
    taken = any(delivery.name in named or _base_name(delivery) in named for delivery, _ in parts)
    shrunk = (
        "" if contract.mode != "full" or taken else _shrunk(sum(landed.readable for _, landed in parts), before, parts[0][0])
    )
    return [shrunk] * len(parts)


def _base_name(delivery: Delivery) -> str:
    return f"{delivery.extract}_{delivery.date:%Y%m%d}"


def _too_many_bad_rows(landed: Landed) -> str:
    if landed.quarantined * ONE_BAD_ROW_IN <= landed.rows_read:
        return ""
    most = sorted((landed.reasons or {}).items(), key=lambda item: (-item[1], item[0]))[:5]
    share = f"{landed.quarantined * 1000 // landed.rows_read / 10:.1f}"
    return (
        f"{landed.rows_read} 行中有 {landed.quarantined} 行不合格({share}%),超过允许的 {100 // ONE_BAD_ROW_IN}%;"
        f"主要原因 {'、'.join(f'{code} {count} 行' for code, count in most)};请按隔离文件逐行改正后重新报送"
    )


def _shrunk(readable: int, before: int | None, delivery: Delivery) -> str:
    accept = f"如确属实,可在设置 accept_deliveries 中写入 {_base_name(delivery)} 予以接收"
    if readable == 0:
        return f"全量数据没有一行可用;全量报送应包含全部记录,请核对后重新报送;{accept}"
    if before is not None and readable * SHRINKS_AT_MOST_TO_ONE_IN < before:
        return f"全量数据只有 {readable} 行可用,不到上一次 {before} 行的一半;请核对是否漏报后重新报送;{accept}"
    return ""
