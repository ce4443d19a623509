"""Is there room on the disk for this night? Estimated from the sizes of what arrived, before anything is written.

Measured on 200,000 and 1,000,000 people (134 and 672 MB of CSV), as shares of the CSV bytes: landing 0.17, working database
0.36-0.46, run folder with lists 0.12-0.14, analyst file 0.21-0.25. On 47,000,000 people working database and spill together
were 0.27 with 8 GB for the engine; less memory spills more. A night takes most while it builds (landing, working database,
spill, run folder) or when it publishes. The run folder of those held little paper; what lists and workbooks take is told by the
night before.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from monitor.contracts import extracts
from monitor.errors import Fault, NoRoom, UsageError
from monitor.run import Night
from monitor.sources import Arrivals, Delivery

# what the libraries say in their own words when the disk is full or closed
_FULL = ("No space left on device", "Disk quota exceeded", "max_temp_directory_size")
_CLOSED = "Read-only file system"
_LANDED, _BUILT, _LEFT, _PUBLISHED = 20, 50, 15, 30  # per cent of CSV bytes, rounded up
# how many bytes of CSV a byte of another kind stands for
_AS_CSV = {".csv": 1, ".xlsx": 4, ".parquet": 5, ".csv.gz": 6, ".zip": 6}
_ALWAYS = 100 * 2**20
_MB = 2**20


def free_bytes(folder: Path) -> int:
    """What is free on the file system of a folder."""
    return shutil.disk_usage(folder).free


@contextmanager
def disk_told(folder: Path) -> Iterator[None]:
    """Tell of a full or closed disk in words, whichever library met it; any other fault passes.

    Raises:
        NoRoom: the disk is full.
        UsageError: the disk can only be read.
    """
    try:
        yield
    except (OSError, duckdb.Error) as error:
        if any(words in str(error) for words in _FULL) or getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
            fault = Fault(str(folder), "写满了", remedy="腾出空间或换一块更大的盘后再运行;做完的步骤不会重做")
            raise NoRoom("磁盘写满,这一晚没有完成;上一晚的名单仍然有效。", [fault]) from None
        if _CLOSED in str(error):
            fault = Fault(str(folder), "只能读,不能写", remedy="检查磁盘是否出错,重新挂载为可写后再运行")
            raise UsageError("磁盘是只读的,这一晚没有完成;上一晚的名单仍然有效。", [fault]) from None
        raise


def check_room(night: Night, arrivals: Arrivals, published: int, *, begun: bool) -> int:
    """Compare the bytes that a night needs with those that are free; return the need. Without them, nothing is left of a night
    but the steps that it has finished.

    Args:
        night: whose home is asked.
        arrivals: what has arrived.
        published: bytes of the analyst file of now, which stays until the new one takes its place.
        begun: whether the night goes on after steps that it has finished.

    Raises:
        NoRoom: there is too little; this start has read nothing of the night yet.
    """
    needed, free = needed_bytes(night, arrivals, published), free_bytes(night.home.root) + _written_bytes(night)
    if free < needed:
        fault = Fault(
            str(night.home.root),
            f"可用 {free // _MB:,} MB",
            f"至少 {-(-needed // _MB):,} MB(按本次到达的数据估算)",
            "中途写满,这一晚就做不完",
            f"再腾出 {-(-(needed - free) // _MB):,} MB,或换一块更大的盘(--home),"
            "或调小设置 keep_nights、keep_months、analyst_nights",
        )
        if not begun:
            night.abandon()
        told = "没有接着做,已做完的步骤保留" if begun else "没有开始,什么也没有写"
        raise NoRoom(f"磁盘空间不够,这一晚{told};上一晚的名单仍然有效。", [fault])
    return needed


def needed_bytes(night: Night, arrivals: Arrivals, published: int) -> int:
    """The most that a night takes at any time beyond what lies there before it."""
    new = _csv_bytes(d for d in arrivals.deliveries if not (night.home.landing / f"{d.landing_stem}.json").is_file())
    asked = _csv_bytes(_in_force(arrivals.deliveries))
    building = asked * _BUILT // 100
    publishing = max(asked * _PUBLISHED // 100, published + asked * _LEFT // 100)
    return _ALWAYS + new * _LANDED // 100 + asked * _LEFT // 100 + _paper_bytes(night) + max(building, publishing)


def _paper_bytes(night: Night) -> int:
    """What the lists of the night before take: how much paper a night makes is decided by capacity, not by what arrives."""
    return _bytes_below(night.home.outbox / night.previous.name) if night.previous else 0


def _written_bytes(night: Night) -> int:
    """What a night that is taken up again has written already."""
    return _bytes_below(night.building)


def _bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _in_force(deliveries: tuple[Delivery, ...]) -> Iterable[Delivery]:
    """All deliveries, of full extracts the newest only."""
    newest = {d.extract: d.date for d in deliveries}  # they come in order of date
    return (d for d in deliveries if extracts()[d.extract].mode != "full" or d.date == newest[d.extract])


def _csv_bytes(deliveries: Iterable[Delivery]) -> int:
    return sum(d.size * _AS_CSV[d.ending] for d in deliveries)
