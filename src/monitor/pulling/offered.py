"""Which of the files that a department has put out are wanted tonight. A name from outside is never trusted."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from monitor.contracts import extracts
from monitor.pulling.declared import ListedSource
from monitor.pulling.memory import Remembered
from monitor.pulling.sink import Sink
from monitor.pulling.trouble import Trouble
from monitor.sources.arrivals import DeliveryName, read_name, safe_name

_MOST_ENTRIES = 100_000


@dataclass(frozen=True)
class Entry:
    """A file as the department lists it.

    Attributes:
        name: as it stands there, unchecked.
        mark: changes when the content does: size and time of change, or a tag.
        size: bytes.
        changed: time of its last change in nanoseconds; 0 when not known.
    """

    name: str
    mark: str
    size: int
    changed: int = 0


@dataclass(frozen=True)
class Offer:
    """A file that may be pulled.

    Attributes:
        file: its name in the inbox, of the agreed form.
        locator: what the source calls it; not fit to be shown.
        mark, size: see `Entry`; "" and None when they are learnt only by asking.
    """

    extract: str
    day: date
    file: str
    locator: str
    mark: str = ""
    size: int | None = None
    changed: int = 0


@dataclass(frozen=True)
class Offered:
    """What a source has: the offers, and the safe names of files that are none."""

    offers: tuple[Offer, ...]
    misnamed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fetched:
    """What is known of a file after it was read; `mark` tells the next time whether it is still the same.

    Attributes:
        dated_by_asking: nothing but the asking dates the file, so the bytes that came last time are no new delivery.
        watermark: where the next night's `{since}` begins.
    """

    mark: str = ""
    changed: int = 0
    dated_by_asking: bool = False
    watermark: str | None = None


@dataclass(frozen=True)
class Asked:
    """What a night asks of a source: the as-of day, the extracts, what was pulled before."""

    as_of: date
    extracts: tuple[str, ...]
    remembered: Remembered


class Shelf(Protocol):
    """A source at work. Every call opens a connection of its own, so that an attempt never inherits a broken one."""

    def offers(self) -> Offered:
        """What lies there.

        Raises:
            Trouble: it cannot be told.
        """
        ...

    def fetch(self, offer: Offer, sink: Sink) -> Fetched:
        """Write the content of an offer into a sink.

        Raises:
            NothingNew: it is what was pulled before.
            NotThereYet: there is no such file.
            Trouble: it cannot be had whole.
        """
        ...

    def check(self) -> int:
        """Try whether the source answers and agrees with what is asked of it; return how many files or queries it has.

        Raises:
            Trouble: it does not.
        """
        ...


def offered(source: ListedSource, asked: Asked, entries: Sequence[Entry]) -> Offered:
    """Choose among the entries of a list.

    Files dated after the as-of day stay for later. Of a `full` extract the newest day is wanted, of a `delta` one every day.

    Raises:
        Trouble: there are more entries than anybody can have meant.
    """
    if len(entries) > _MOST_ENTRIES:
        raise Trouble(f"目录里有{len(entries):,}个文件,多于 {_MOST_ENTRIES:,}", "请对方清理,或另设目录")
    names = {entry.name for entry in entries}
    offers, misnamed = [], []
    for entry in entries:
        if source.done_marker and entry.name.endswith(source.done_marker):
            continue
        read = read_name(entry.name)
        if isinstance(read, str):
            misnamed.append(safe_name(entry.name)[:100])
        elif _is_wanted(read, source, asked) and _is_done(entry.name, source, names):
            offers.append(Offer(read.extract, read.day, entry.name, entry.name, entry.mark, entry.size, entry.changed))
    return Offered(tuple(_newest(offers)), tuple(sorted(misnamed)))


def at_rest(look: Callable[[], Sequence[Entry]], seconds: float, known: Collection[str]) -> Sequence[Entry]:
    """Look twice and keep what has not changed in between; once is enough when everything is known from before.

    Args:
        look: lists the entries.
        seconds: between the looks; 0 = look once.
        known: marks of files that were pulled before.
    """
    first = look()
    if not seconds or all(entry.mark in known for entry in first):
        return first
    time.sleep(seconds)
    before = {(entry.name, entry.mark) for entry in first}
    return [entry for entry in look() if (entry.name, entry.mark) in before]


def file_name(extract: str, day: date, part: str | None, ending: str) -> str:
    """The name of a delivery that this side gives."""
    return f"{extract}_{day:%Y%m%d}{f'_{part}' if part else ''}{ending}"


def _is_wanted(read: DeliveryName, source: ListedSource, asked: Asked) -> bool:
    return read.extract in asked.extracts and read.day <= asked.as_of and read.part.startswith(source.part or "")


def _is_done(name: str, source: ListedSource, names: set[str]) -> bool:
    return not source.done_marker or name + source.done_marker in names


def _newest(offers: Sequence[Offer]) -> list[Offer]:
    """Without the older days of full extracts, in order of extract, day and name."""
    newest: dict[str, date] = {}
    for offer in offers:
        newest[offer.extract] = max(offer.day, newest.get(offer.extract, offer.day))
    wanted = [o for o in offers if extracts()[o.extract].mode != "full" or o.day == newest[o.extract]]
    return sorted(wanted, key=lambda o: (o.extract, o.day, o.file))
