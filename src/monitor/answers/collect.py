"""Collect what came back: read each returned file once, land its answers, report every row that is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from monitor import audit
from monitor.answers.judging import Judged, judge_rows
from monitor.answers.landing import LandedAnswers, is_as_written, land_answers, landed_answers
from monitor.answers.listed_ids import listed_ids
from monitor.answers.report import write_report
from monitor.answers.rows import known_rows
from monitor.answers.sheets import read_returned
from monitor.durable import sha256_of
from monitor.encryption import key_of, must_fit
from monitor.errors import Fault, NothingArrived, UsageError
from monitor.privacy import token_key
from monitor.recovery import recover
from monitor.run import Home
from monitor.settings import Settings
from monitor.sources.arrivals import safe_name
from monitor.sources.refusal import RefusalError

REPORTS = "reports"


@dataclass(frozen=True)
class CollectedFile:
    """A file that was looked at: its safe name, what it gave, its report; `is_new` is false if it was read before."""

    file: str
    landed: LandedAnswers
    report: Path | None
    is_new: bool


def collect(settings: Settings, files: Sequence[Path] = (), as_of: date | None = None) -> list[CollectedFile]:
    """Read returned files that were not read before. The files stay as they are.

    Args:
        settings: of the installation.
        files: to read; every file below `<home>/answers` when none is given.
        as_of: the day they count as collected, so that nights from this day on read them; the day after the newest night when
            not given.

    Returns:
        one per file, in order of their names.

    Raises:
        NightIsRunning: a night holds the home.
        NothingArrived: there is no file.
        UsageError: a file is not there, or there has been no night yet.
    """
    home = Home(settings.home)
    must_fit(settings)
    _must_be_there(files)
    with home.locked():
        recover(home)
        day = as_of or date.fromisoformat(home.run_of(None).name) + timedelta(days=1)
        paths = sorted(files) or waiting(home)
        if not paths:
            fault = Fault(str(home.answers), "空", ".xlsx 或 .csv", remedy="把收回的名单放进去,或在命令后写文件名")
            raise NothingArrived("没有收到任何核查结果。", [fault])
        before = {one.sha256: one for one in landed_answers(home)}
        collected = [_collect_one(settings, path, day, before) for path in paths]
        if new := [one.landed for one in collected if one.is_new and one.landed.sha256]:  # a link is told of, nothing came in
            _record(home, day, new)
        return collected


def _record(home: Home, day: date, new: list[LandedAnswers]) -> None:
    """What came in, in counts: a file's name may be a person's, so files are named by their hash."""
    audit.record(
        home.root,
        audit.Action.COLLECTED,
        collected_on=day,
        files=[one.sha256[:16] for one in new],
        answers=sum(one.answered for one in new),
        reported=sum(one.quarantined for one in new),
        refused=sum(bool(one.refused) for one in new),
    )


def waiting(home: Home) -> list[Path]:
    """The files in the folder of answers, in order of their names; what programs leave beside an open file is none."""
    files = (path for path in home.answers.rglob("*") if path.is_file() or path.is_symlink())
    own = home.answers / REPORTS
    return sorted(p for p in files if own not in p.parents and not p.name.startswith((".", "~$")) and p.name != "Thumbs.db")


def _must_be_there(files: Sequence[Path]) -> None:
    faults = [Fault(safe_name(path.name), "没有这个文件") for path in files if not path.is_file()]
    if faults:
        raise UsageError("要收的文件不存在。", faults)


def _collect_one(settings: Settings, path: Path, day: date, before: dict[str, LandedAnswers]) -> CollectedFile:
    """Read a file unless it was read: `before` holds what was landed, by the hash of the returned file, and is added to."""
    home = Home(settings.home)
    sha256 = "" if path.is_symlink() else sha256_of(path)
    known = before.get(sha256)
    if known and is_as_written(home, known):
        return CollectedFile(safe_name(path.name), known, None, is_new=False)
    if known:  # its landing was damaged since: read again as if for the first time
        day = date.fromisoformat(known.collected_on)
    sequence = known.sequence if known else max((one.sequence for one in before.values()), default=0) + 1
    landed = LandedAnswers(f"{day:%Y%m%d}-{sha256[:16] or 'link'}", sha256, day.isoformat(), sequence)
    landed, judged, remarks = _read(settings, path, day, landed)
    # the landing is what makes the file count as read, so it comes last: a crash before it loses neither report nor answer
    report = write_report(home.answers / REPORTS, path.name, landed, judged, remarks)
    if sha256:
        before[sha256] = landed = land_answers(settings, landed, judged)
    return CollectedFile(safe_name(path.name), landed, report, is_new=True)


def _read(settings: Settings, path: Path, day: date, landed: LandedAnswers) -> tuple[LandedAnswers, Judged | None, list[str]]:
    home = Home(settings.home)
    try:
        returned = read_returned(path, home.runs, sealed=key_of(settings) is not None)
        rows, remarks = known_rows(returned.tables)
        if rows.is_empty():
            raise RefusalError("文件里没有一行名单(找不到带核验码或核查结果的表头);请在原名单上填写后交回")
    except RefusalError as refusal:
        return replace(landed, refused=str(refusal)), None, []
    judged = judge_rows(rows, token_key(home.keys, key_of(settings)), day, listed_ids(settings, rows["code"]))
    counts = replace(
        landed,
        rows_read=judged.answered + judged.doubled + judged.quarantined,
        answered=judged.answered,
        doubled=judged.doubled,
        quarantined=judged.quarantined,
        unanswered=judged.unanswered,
    )
    return counts, judged, [*returned.remarks, *remarks]
