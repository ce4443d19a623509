"""Pull every source: side by side, each by itself, so that one that fails costs nobody else anything."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from monitor import audit
from monitor.contracts import extracts
from monitor.durable import make_durable, sha256_of
from monitor.errors import Fault, UsageError
from monitor.parameters.nearest import did_you_mean
from monitor.pulling.declared import AnySource
from monitor.pulling.memory import KnownFile, read_memory, write_memory
from monitor.pulling.offered import Asked, Fetched, Offer, Shelf
from monitor.pulling.report import Failure, Pulled, PulledFile
from monitor.pulling.shelves import shelf_of
from monitor.pulling.sink import Deadline, Sink
from monitor.pulling.sources_file import Sources
from monitor.pulling.trouble import ChangedWhileRead, NothingNew, NotThereYet, Trouble
from monitor.run import Home
from monitor.settings import Settings
from monitor.sources.arrivals import BEING_PULLED

Result = TypeVar("Result")
_LONGEST_WAIT = 60


def pull_sources(
    settings: Settings,
    as_of: date,
    sources: Sources,
    names: Sequence[str] = (),
    report: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> list[Pulled]:
    """Pull what is new into the inbox. The caller holds the home.

    Args:
        settings: of the installation.
        as_of: files dated later are left; queries are asked as of this day.
        sources: of the home.
        names: only these; all when empty.
        report: called with (source, done, total).

    Returns:
        one per source, in order of their names.

    Raises:
        UsageError: a name is not declared, or the inbox cannot be written.
    """
    chosen = chosen_sources(sources, names)
    beside = _made(settings.inbox_folder)
    home = Home(settings.home)
    done: list[Pulled] = []
    with ThreadPoolExecutor(sources.parallel, thread_name_prefix="pull") as pool:
        works = [pool.submit(_Work(home, one, sources.brings[one.name], as_of, beside).run) for one in chosen]
        for number, work in enumerate(as_completed(works), start=1):
            done.append(work.result())
            report(done[-1].source, number, len(works))
    shutil.rmtree(beside, ignore_errors=True)
    done.sort(key=lambda one: one.source)
    audit.record(
        home.root,
        audit.Action.PULLED,
        as_of=as_of,
        sources=[one.source for one in done],
        files=[file.file for one in done for file in one.files],
        bytes=sum(one.bytes for one in done),
        failed=[one.source for one in done if one.failures],
    )
    return done


def check_sources(
    settings: Settings, as_of: date, sources: Sources, names: Sequence[str] = ()
) -> list[tuple[str, int | Failure]]:
    """Try every source once without pulling anything: how many files or queries it has, or why not."""
    home = Home(settings.home)

    def check(one: AnySource) -> tuple[str, int | Failure]:
        asked = Asked(as_of, sources.brings[one.name], read_memory(home, one.name))
        try:
            return one.name, shelf_of(one, asked).check()
        except Trouble as trouble:
            return one.name, Failure.of("", trouble)

    with ThreadPoolExecutor(sources.parallel, thread_name_prefix="check") as pool:
        return list(pool.map(check, chosen_sources(sources, names)))


def chosen_sources(sources: Sources, names: Sequence[str]) -> list[AnySource]:
    """The sources of these names; all when there are none.

    Raises:
        UsageError: a name is not declared.
    """
    known = {one.name: one for one in sources.sources}
    absent = [name for name in names if name not in known]
    if absent:
        faults = [Fault("--source", repr(name), did_you_mean(name, known) or "、".join(known)) for name in absent]
        raise UsageError("没有这个来源。", faults)
    return [one for one in sources.sources if not names or one.name in names]


def _made(inbox: Path) -> Path:
    """The folder of files that are on their way, empty: what a crashed pull left is of no use."""
    beside = inbox / BEING_PULLED
    try:
        inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        fault = Fault(str(inbox), error.strerror or "写不了", "可写的收件目录", remedy="改正权限,或用 --inbox 换一个")
        raise UsageError("收件目录不能写,什么也没有拉取。", [fault]) from None
    return beside


@dataclass
class _Work:
    """One source at work."""

    home: Home
    source: AnySource
    names: tuple[str, ...]
    as_of: date
    beside: Path
    files: list[PulledFile] = field(default_factory=list)
    misnamed: tuple[str, ...] = ()
    unchanged: int = 0
    not_there: int = 0
    failures: list[Failure] = field(default_factory=list)
    newest: dict[str, date] = field(default_factory=dict)

    def run(self) -> Pulled:
        """Pull everything that is new; never raises."""
        started = time.monotonic()
        self.deadline = Deadline(self.source.deadline_minutes)
        self.remembered = read_memory(self.home, self.source.name)
        files = self.remembered.files.items()  # one that is gone from the inbox, or another there, is pulled again
        self.remembered.files = {name: one for name, one in files if _size(self.beside.parent / name) == one.size}
        self._noting_trouble("", self._all)
        return Pulled(
            self.source.name,
            self.source.kind,
            tuple(self.files),
            self.unchanged,
            self.not_there,
            self.misnamed,
            tuple(self.failures),
            round(time.monotonic() - started, 3),
        )

    def _all(self) -> None:
        shelf = shelf_of(self.source, Asked(self.as_of, self.names, self.remembered))
        offered = self._tried(shelf.offers)
        self.misnamed = offered.misnamed
        for offer in offered.offers:
            if not self._is_outdone(offer):
                self._noting_trouble(offer.file, self._one, shelf, offer)

    def _noting_trouble(self, file: str, do: Callable[..., None], *given: object) -> None:
        """Whatever goes wrong is noted and ends here; the words of an error nobody foresaw may quote anything."""
        try:
            do(*given)
        except Trouble as trouble:
            self.failures.append(Failure.of(file, trouble))
        except Exception as error:
            self.failures.append(Failure(file, f"没有料到的错误({type(error).__name__})", "把这一行报告给开发者"))

    def _tried(self, ask: Callable[[], Result]) -> Result:
        """Try, and try again what may heal: each wait is twice the last, with some chance added, within the deadline."""
        wait = self.source.wait_seconds
        retrying = Retrying(
            stop=lambda state: stop_after_attempt(self.source.attempts)(state) or self.deadline.is_over,
            wait=wait_exponential_jitter(multiplier=wait, max=_LONGEST_WAIT, jitter=wait / 2),
            retry=retry_if_exception(lambda error: isinstance(error, Trouble) and error.passing),
            reraise=True,
        )
        return retrying(ask)

    def _is_outdone(self, offer: Offer) -> bool:
        """Of a full extract a newer day makes the older ones needless."""
        newest = self.newest.get(offer.extract)
        return newest is not None and newest > offer.day and extracts()[offer.extract].mode == "full"

    def _one(self, shelf: Shelf, offer: Offer) -> None:
        known = self.remembered.files.get(offer.file)
        try:
            if known and offer.mark and known.mark == offer.mark:
                raise NothingNew
            self.deadline.check()
            self._fetch_patiently(shelf, offer)
        except NothingNew:
            self.unchanged += 1
        except NotThereYet:
            self.not_there += 1
            return
        self.newest.setdefault(offer.extract, offer.day)

    def _fetch_patiently(self, shelf: Shelf, offer: Offer) -> None:
        """Fetch, and look again at what lies there before another attempt at a file that has changed."""
        latest = offer

        def fetch() -> None:
            nonlocal latest
            try:
                self._fetch(shelf, latest)
            except ChangedWhileRead:
                latest = next((one for one in shelf.offers().offers if one.file == offer.file), offer)
                raise

        self._tried(fetch)

    def _fetch(self, shelf: Shelf, offer: Offer) -> None:
        """Write a file beside, whole and on disk; then it takes its name in the inbox."""
        beside = self.beside / f"{self.source.name}-{offer.file}"
        with Sink(beside, self.source.max_file_mb, self.deadline) as sink:
            fetched = shelf.fetch(offer, sink)
            known = KnownFile(offer.extract, offer.day.isoformat(), fetched.mark, sink.size, sink.finish())
        if self._came_before(offer, fetched, known):
            beside.unlink()
            self.unchanged += 1
        else:
            self._place(beside, offer, fetched, known)
        self._remember(offer, fetched, known)

    def _came_before(self, offer: Offer, fetched: Fetched, known: KnownFile) -> bool:
        """Are these the bytes that lie in the inbox, or, of a file without a date of its own, those of the last one?"""
        if fetched.dated_by_asking:
            last = self.remembered.newest(offer.extract, self.as_of)
            return last is not None and last.sha256 == known.sha256
        target = self._target(offer)
        return _size(target) == known.size and sha256_of(target) == known.sha256

    def _place(self, beside: Path, offer: Offer, fetched: Fetched, known: KnownFile) -> None:
        target = self._target(offer)
        if _size(target) is not None and offer.file not in self.remembered.files:
            raise Trouble("收件目录里已有同名的另一份文件,不是从这里取来的,没有覆盖", "核对后删掉不要的一份")
        if fetched.changed:  # of two files of one delivery the later changed counts, at the department's reckoning
            os.utime(beside, ns=(fetched.changed, fetched.changed))
        try:
            beside.replace(target)
            make_durable(target.parent)
        except OSError as error:
            raise Trouble(f"本机写不了({error.strerror})", "查看收件目录的空间和权限") from None
        self.files.append(PulledFile(offer.file, known.size))

    def _remember(self, offer: Offer, fetched: Fetched, known: KnownFile) -> None:
        if not (fetched.dated_by_asking and _size(self._target(offer)) is None):
            self.remembered.files[offer.file] = known
        if fetched.watermark is not None:
            self.remembered.note_watermark(offer.extract, self.as_of, fetched.watermark)
        write_memory(self.home, self.source.name, self.remembered)

    def _target(self, offer: Offer) -> Path:
        return self.beside.parent / offer.file


def _size(path: Path) -> int | None:
    try:
        return path.lstat().st_size
    except OSError:
        return None
