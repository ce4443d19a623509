"""Try files before they are sent: the same reading, judging and doubting as a night, in a folder that is wiped, without a home.

Files of one extract that are named as agreed are tried together, so a former delivery beside the new one shows what changed.
A file that is named otherwise is tried alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from monitor.contracts import extracts
from monitor.delivery_reports.fitness import doubted_day, doubts_of
from monitor.delivery_reports.reported import Reported, reported
from monitor.delivery_reports.trend import trend
from monitor.durable import sha256_of
from monitor.run import Night
from monitor.settings import load_settings
from monitor.sources import Arrivals, Delivery, Ignored, judge, land
from monitor.sources.arrivals import as_delivery, safe_name
from monitor.sources.recognise import by_header, by_name, ending_of, unlike
from monitor.sources.refusal import RefusalError
from monitor.sources.workbooks import inspect_workbook

Report = Callable[[str, int, int], None]
# of a file whose name does not say when it is sent: nothing in it is later
_UNDATED: Final = date(2099, 12, 31)


@dataclass(frozen=True)
class Checked:
    """What became of one file.

    Attributes:
        file: its name as it may be shown.
        report: what is told about it; None when it could not be tried at all.
        refusal: why it would be refused; "" when it would be accepted.
        notes: what else its sender should know; they are part of the report too.
    """

    file: str
    report: Reported | None
    refusal: str
    notes: tuple[str, ...] = ()

    @property
    def is_doubted(self) -> bool:
        """Accepted, yet there is something to look at."""
        return bool(self.report and (self.report.doubts or self.report.line.quarantined or self.report.line.blanked))


@dataclass(frozen=True)
class _Tried:
    file: str
    delivery: Delivery
    is_named: bool
    notes: tuple[str, ...]


def check_files(
    files: Sequence[Path], extract: str | None = None, report: Report = lambda name, done, total: None
) -> list[Checked]:
    """Try files; return what became of each, in their order.

    Args:
        files: that are there.
        extract: what they are, if their names do not say it.
        report: told the name of each file when it is done, how many are done and how many there are.
    """
    found: dict[int, Checked] = {}
    with tempfile.TemporaryDirectory(prefix="monitor-check-", ignore_cleanup_errors=True) as folder:
        tried: dict[int, _Tried] = {}
        for number, path in enumerate(files):
            one = _recognised(path, extract, Path(folder, "look", str(number)), number)
            if isinstance(one, Checked):
                found[number] = one
            else:
                tried[number] = one
        for at, together in enumerate(_groups(tried)):
            members = {number: tried[number] for number in together}
            found |= _try(Path(folder, "home", str(at)), members)
            report(members[together[-1]].file, len(found), len(files))
    return [found[number] for number in range(len(files))]


def _groups(tried: dict[int, _Tried]) -> Iterator[list[int]]:
    """Which files are tried together; of two with the same name the second is tried alone."""
    named: dict[str, dict[str, int]] = {}
    for number, one in tried.items():
        own = named.setdefault(one.delivery.extract, {})
        if one.is_named and one.delivery.name not in own:
            own[one.delivery.name] = number
        else:
            yield [number]
    yield from (list(own.values()) for own in named.values() if own)


def _recognised(path: Path, extract: str | None, folder: Path, number: int) -> _Tried | Checked:
    """A file as a delivery, or why it cannot be tried."""
    shown, ending = safe_name(path.name), ending_of(path.name)
    try:
        wrong = unlike(path, ending)
        if wrong or ending is None:
            raise RefusalError(wrong)
        name, notes = _extract_of(path, ending, extract, folder)
    except RefusalError as refusal:
        return Checked(shown, None, str(refusal))
    named = as_delivery(path, _UNDATED)
    is_named = isinstance(named, Delivery) and named.extract == name
    if isinstance(named, Ignored):
        notes.append(f"{named.reason};正式报送前请改名,例如 {name}_20260103{ending}")
    status = path.stat()
    date_of, part = (named.date, named.part) if isinstance(named, Delivery) else (_UNDATED, str(number))
    stem = named.name if is_named and isinstance(named, Delivery) else f"{name}_{date_of:%Y%m%d}_{number}"
    sha256 = sha256_of(path)
    delivery = Delivery(name, stem, date_of, part, ending, path, sha256, status.st_size, status.st_mtime_ns)
    return _Tried(shown, delivery, is_named, (*notes, *_formulas(path, ending)))


def _extract_of(path: Path, ending: str, extract: str | None, folder: Path) -> tuple[str, list[str]]:
    """What a file is, and how that was found out."""
    if extract:
        return extract, []
    named = by_name(path.name)
    if named:
        return named, []
    fitting = by_header(path, ending, folder)
    titles = "、".join(f"{name}({extracts()[name].title})" for name in fitting[:6])
    if len(fitting) == 1:
        return fitting[0], [f"文件名看不出是哪份数据,按表头认作 {titles}"]
    if fitting:
        raise RefusalError(f"文件名看不出是哪份数据,表头与 {titles} 都相符;请用 --extract 指明")
    raise RefusalError("看不出是哪份数据:文件名不以数据名开头,表头也不含任何一份数据的全部必填列;请用 --extract 指明后再试")


def _formulas(path: Path, ending: str) -> list[str]:
    """A workbook's formulas are not computed: what counts is the value that was saved with them."""
    if ending != ".xlsx":
        return []
    try:
        count = sum(len(scan.formulas) for scan in inspect_workbook(path, marks=True).values())
    except RefusalError:
        return []  # the reader will say it
    return [f"工作簿里有 {count:,} 个公式单元格;只读取上次保存的结果,请粘贴为数值后再报送"] if count else []


def _try(home: Path, tried: dict[int, _Tried]) -> dict[int, Checked]:
    """Land, judge and doubt some files as one night would."""
    ordered = sorted(tried.items(), key=lambda item: (item[1].delivery.date, item[1].delivery.part))
    arrivals = Arrivals(tuple(one.delivery for _, one in ordered), ())
    night = Night(load_settings(home), max(one.delivery.date for one in tried.values()))
    night.begin()
    landed = land(night, arrivals)
    found = {}
    with night.connect() as connection:
        judged = judge(connection, night, arrivals, landed)
        doubts = doubts_of(night, arrivals, landed, judged)
        lines = {line.delivery: line for line in judged.ledger}
        files = [(one.delivery, read, lines[one.delivery.name]) for (_, one), read in zip(ordered, landed, strict=True)]
        for (number, one), file in zip(ordered, files, strict=True):
            _, read, line = file
            about = doubts if one.delivery.date == doubted_day(files) else ()
            notes = (*one.notes, *_rather(one, bool(read.missing), home / "look" / str(number)))
            told = reported(connection, night, file, doubts=about, trend=trend(judged.ledger), notes=notes)
            found[number] = Checked(one.file, replace(told, file=one.file), line.reason or "", notes)
    return found


def _rather(one: _Tried, lacks_columns: bool, folder: Path) -> Iterable[str]:
    """Perhaps it is another extract than its name says."""
    if not lacks_columns:
        return ()
    try:
        fitting = by_header(one.delivery.path, one.delivery.ending, folder)
    except RefusalError:
        return ()
    return (
        [f"表头与 {'、'.join(f'{name}({extracts()[name].title})' for name in fitting[:3])} 相符,文件名是否写错了"]
        if fitting
        else ()
    )
