"""What lies in the inbox: which files are deliveries of this night, which are not, and why not."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from monitor.contracts import extracts
from monitor.errors import Fault, NothingArrived
from monitor.run import Night
from monitor.sources.hashes import hashed

ENDINGS = (".csv.gz", ".csv", ".xlsx", ".parquet", ".zip")
_NAME = re.compile(r"(?P<extract>[a-z][a-z0-9_]*?)_(?P<date>[0-9]{8})(?:_(?P<part>[A-Za-z0-9][A-Za-z0-9_-]{0,19}))?")
# an ID or a phone number; a part that holds one would carry it into the ledger
_NUMBER_OF_SOMEBODY = re.compile("[0-9]{11}")
_TELLING = re.compile(r"[^\x20-\x7e]+|[0-9]{9,}")
ARRIVALS = "arrivals.json"
# a folder of the inbox for files that are still on their way; it is looked into by nobody else
BEING_PULLED = ".pulling"


@dataclass(frozen=True)
class DeliveryName:
    """What the name of a delivered file says: `part` is "" when there is none, `ending` is one of `ENDINGS`."""

    extract: str
    day: date
    part: str
    ending: str


@dataclass(frozen=True)
class Delivery:
    """One delivered file.

    Attributes:
        name: the file name without its ending, unique in a night.
        part: what follows the date, "" when the delivery is one file.
        ending: one of `ENDINGS`.
        changed: time of the last change in nanoseconds; tells whether the file is still the one that was hashed.
    """

    extract: str
    name: str
    date: date
    part: str
    ending: str
    path: Path
    sha256: str
    size: int
    changed: int

    @property
    def landing_stem(self) -> str:
        """Name of its landing files: the content's address, with day and part because both are columns inside."""
        part = f"_{self.part}" if self.part else ""
        return f"{self.extract}/{self.date:%Y%m%d}{part}-{self.sha256[:16]}"


@dataclass(frozen=True)
class Ignored:
    """A file of the inbox that is no delivery of this night: its safe name; the reason is plain Chinese."""

    file: str
    reason: str


@dataclass(frozen=True)
class Arrivals:
    """The deliveries dated on or before the as-of date, in order of extract, date and part, and what was left aside."""

    deliveries: tuple[Delivery, ...]
    ignored: tuple[Ignored, ...]


def arrive(night: Night) -> Arrivals:
    """Find and hash the files of the inbox; the list is kept for the later steps of the night.

    Raises:
        NothingArrived: there is no delivery dated on or before the as-of date.
    """
    inbox = night.settings.inbox_folder
    named: dict[str, Delivery] = {}
    ignored: list[Ignored] = []
    for path in sorted(inbox.iterdir()) if inbox.is_dir() else []:
        if path.name == BEING_PULLED:
            continue
        found = as_delivery(path, night.as_of)
        if isinstance(found, Ignored):
            ignored.append(found)
            continue
        other = named.get(found.name)
        later, earlier = (found, other) if other is None or found.changed >= other.changed else (other, found)
        named[found.name] = later
        if earlier:
            ignored.append(Ignored(earlier.path.name, f"同名文件 {later.path.name} 修改时间更晚,以其为准"))
    if not named:
        there = f"没有 {night.as_of.isoformat()} 或更早的数据文件,另有{len(ignored)}个不能用的文件"
        fault = Fault(
            str(inbox),
            there if inbox.is_dir() else "没有这个目录",
            allowed="<数据名>_<年月日>[_<分片>],以 " + "、".join(ENDINGS) + " 结尾",
            remedy="把各部门的文件放进去,或用 --inbox、--as-of 换一个目录或日期",
        )
        raise NothingArrived("没有收到任何数据。", [fault])
    ordered = sorted(named.values(), key=lambda d: (d.extract, d.date, d.part))
    hashes = hashed([d.path for d in ordered], night.home.landing / "hashes.json", night.settings.threads)
    arrivals = Arrivals(tuple(replace(d, sha256=sha256) for d, sha256 in zip(ordered, hashes, strict=True)), tuple(ignored))
    _write(night, arrivals)
    return arrivals


def deliveries_in(inbox: Path, as_of: date) -> tuple[Delivery, ...]:
    """What lies there for a night, not hashed: for whoever only wants to know how much it is."""
    found = (as_delivery(path, as_of) for path in sorted(inbox.iterdir()))
    return tuple(sorted((one for one in found if isinstance(one, Delivery)), key=lambda d: (d.extract, d.date, d.part)))


def safe_name(name: str) -> str:
    """A file name without what may tell of a person, fit to be shown anywhere.

    Every run of signs beyond plain ASCII (names in Chinese, bytes that are no UTF-8, control signs) and every run of 9 or
    more digits becomes one ellipsis.
    """
    return _TELLING.sub("…", name)


def read_arrivals(night: Night) -> Arrivals:
    """What `arrive` found earlier in this night."""
    loaded = json.loads((night.work / ARRIVALS).read_text(encoding="utf-8"))
    deliveries = (
        Delivery(**{**d, "date": date.fromisoformat(d["date"]), "path": Path(d["path"])}) for d in loaded["deliveries"]
    )
    return Arrivals(tuple(deliveries), tuple(Ignored(**i) for i in loaded["ignored"]))


def _write(night: Night, arrivals: Arrivals) -> None:
    night.work.mkdir(parents=True, exist_ok=True)
    (night.work / ARRIVALS).write_text(json.dumps(asdict(arrivals), ensure_ascii=False, default=str), encoding="utf-8")


def read_name(name: str) -> DeliveryName | str:
    """What the name of a file says it is, or in plain Chinese why it is no delivery. Nothing but the name is looked at."""
    ending = next((e for e in ENDINGS if name.lower().endswith(e)), None)
    match = _NAME.fullmatch(name[: -len(ending)]) if ending else None
    if ending is None or match is None or _NUMBER_OF_SOMEBODY.search(match["part"] or ""):
        allowed = "、".join(ENDINGS)
        return (
            "文件名不合约定;应为 <数据项>_<年月日8位>[_<分片>],分片只用半角英文字母、数字、短横线和下划线,至多 20 个字符,"
            f"不得含 11 位及以上连续数字(证件号、电话号);后缀为 {allowed}"
        )
    if match["extract"] not in extracts():
        return "没有约定过这个名称的数据项;请核对文件名"
    try:
        day = date(int(match["date"][:4]), int(match["date"][4:6]), int(match["date"][6:]))
    except ValueError:
        return "文件名中的日期不存在;应为真实的年月日 8 位数字"
    return DeliveryName(match["extract"], day, match["part"] or "", ending)


def as_delivery(path: Path, as_of: date) -> Delivery | Ignored:
    """A file as a delivery of a night (not yet hashed), or why it is none."""
    shown = safe_name(path.name)
    if path.is_symlink() or not path.is_file():
        return Ignored(shown, "不是普通文件(文件夹或链接),不读取;请直接放入数据文件")
    read = read_name(path.name)
    if isinstance(read, str):
        return Ignored(shown, read)
    if read.day > as_of:
        return Ignored(shown, f"日期晚于本次数据日 {as_of.isoformat()},留待以后")
    status = path.stat()
    name = path.name[: -len(read.ending)]
    return Delivery(read.extract, name, read.day, read.part, read.ending, path, "", status.st_size, status.st_mtime_ns)
