"""A home and its nights: which folder holds what, and how a night becomes real by one rename."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from monitor.encryption import adopt
from monitor.errors import Fault, NightIsRunning, UsageError
from monitor.settings import Settings
from monitor.store import connect, make_durable

MANIFEST = "manifest.json"
# the files of a run that hold a row for each person or household; they are kept for a time only
EVERYBODY = ("person", "household", "facts_person", "facts_household")
# folders of a run that are moved to the home's folder of the same name once it is real
_HANDED_OUT = ("outbox", "reports")
_RUN_NAME = re.compile(r"\d{4}-\d{2}-\d{2}")
_RUN_ID = re.compile(rb'"run_id": "([^"\\]*)"')


@dataclass(frozen=True)
class Home:
    """The folder of one installation. Everything below it is restricted but `published/`."""

    root: Path

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def reports(self) -> Path:
        """What departments are told of their deliveries; row numbers and counts, nobody's data."""
        return self.root / "reports"

    @property
    def answers(self) -> Path:
        return self.root / "answers"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def working_days(self) -> Path:
        """The installation's own holidays and swapped working days; need not be there."""
        return self.root / "working_days.csv"

    def make(self) -> None:
        """Create the folders, closed to other users of the machine."""
        for folder in (self.root, self.landing, self.runs, self.published, self.outbox, self.reports, self.answers, self.keys):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                fault = Fault(str(folder), error.strerror or "建不了", "一个可写的目录", remedy="换一个 --home,或改正权限")
                raise UsageError("工作目录不能用。", [fault]) from None
        for folder in (self.landing, self.runs, self.outbox, self.reports, self.answers, self.keys):
            folder.chmod(0o700)
        self.published.chmod(0o750)  # tokens are pseudonyms, not anonymity

    def run_folders(self) -> list[Path]:
        """The runs that are real, oldest first."""
        if not self.runs.is_dir():
            return []
        return sorted(p for p in self.runs.iterdir() if _RUN_NAME.fullmatch(p.name) and (p / MANIFEST).is_file())

    def run_before(self, as_of: date) -> Path | None:
        """The newest run before a date: the state that a night starts from."""
        return next((p for p in reversed(self.run_folders()) if p.name < as_of.isoformat()), None)

    def run_of(self, as_of: date | None) -> Path:
        """The run of a date, or the newest.

        Raises:
            UsageError: there is none, it names the nearest; or its people and facts are kept no longer.
        """
        runs = self.run_folders()
        if not runs:
            fault = Fault(str(self.runs), "空", remedy="先运行 monitor run 或 monitor demo")
            raise UsageError("还没有任何一晚的结果。", [fault])
        if as_of is None:
            return runs[-1]
        found = next((run for run in runs if run.name == as_of.isoformat()), None)
        if found is None:
            near = sorted(runs, key=lambda run: abs((date.fromisoformat(run.name) - as_of).days))[:3]
            fault = Fault("--as-of", as_of.isoformat(), "、".join(run.name for run in near))
            raise UsageError(f"没有 {as_of} 这一晚的结果。", [fault])
        self.must_be_whole([found])
        return found

    def must_be_whole(self, runs: list[Path]) -> None:
        """Refuse runs of which the people, households and facts are kept no longer.

        Raises:
            UsageError: names them, and from when on every run is whole.
        """
        thinned = [run.name for run in runs if not _is_whole(run)]
        if thinned:
            whole_from = next((run.name for run in reversed(self.run_folders()) if not _is_whole(run)), "")
            why = "已过保存期(设置 keep_nights、keep_months),只留命中、工单、覆盖等历史"
            faults = [Fault(name, "人口、户和事实已清理", f"晚于 {whole_from}", why, "换一个日期") for name in thinned]
            raise UsageError("所要的一晚已经清理,不能再查算。", faults)

    def recover(self) -> list[str]:
        """Finish what a crashed night had made real in part; return the as-of dates of those nights.

        A complete run (it has its manifest) whose earlier version was already moved away is renamed into place, and lists
        and reports that lie in a real run folder are handed out.
        """
        self.make()
        for building in sorted(self.runs.glob(".building-*")):
            folder = self.runs / building.name.removeprefix(".building-")
            if (building / MANIFEST).is_file() and not (building / "work").exists() and not folder.exists():
                building.rename(folder)
        unfinished = [folder for folder in self.run_folders() if any((folder / name).is_dir() for name in _HANDED_OUT)]
        for folder in unfinished:
            _hand_out(self, folder, folder.name)
        return [folder.name for folder in unfinished]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the home for one night; the lock goes with the process, however it ends.

        Raises:
            NightIsRunning: another process holds it.
        """
        self.make()
        with open(self.root / ".lock", "w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                fault = Fault(str(self.root), "另一晚正在这里运行", remedy="等它结束,或用 --home 另给一个工作目录")
                raise NightIsRunning("两晚不能同时使用一个工作目录。", [fault]) from None
            before = os.umask(0o077)  # what is written is its owner's; what analysts may read is opened on purpose
            try:
                yield
            finally:
                os.umask(before)


@dataclass(frozen=True)
class Night:
    """One night in the making: its as-of date, its settings and its folders.

    It can be made again from (settings, as_of) in another process, so a flow passes only those two around.
    """

    settings: Settings
    as_of: date

    @property
    def home(self) -> Home:
        return Home(self.settings.home)

    @property
    def building(self) -> Path:
        """The run folder while it is made."""
        return self.home.runs / f".building-{self.as_of.isoformat()}"

    @property
    def work(self) -> Path:
        """What does not outlive the night: the working database and what it spills."""
        return self.building / "work"

    @property
    def outbox(self) -> Path:
        """The lists while they are made; moved to `outbox/<as_of>` after the run has become real."""
        return self.building / "outbox"

    @property
    def reports(self) -> Path:
        """What departments are told, while it is made; handed out like the lists."""
        return self.building / "reports"

    @property
    def folder(self) -> Path:
        """The run folder when it is real."""
        return self.home.runs / self.as_of.isoformat()

    @property
    def previous(self) -> Path | None:
        return self.home.run_before(self.as_of)

    def begin(self) -> None:
        """Start with an empty folder; what a crashed night left is of no use. A new home takes its key here."""
        self.home.make()
        adopt(self.settings)
        shutil.rmtree(self.building, ignore_errors=True)
        self.work.mkdir(parents=True)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the working database with `as_of` and `region` set."""
        return connect(
            self.work / "work.duckdb",
            self.settings,
            variables={"as_of": self.as_of, "region": self.settings.region},
        )

    def commit(self, manifest: dict[str, Any]) -> Path:
        """Make the run real: write the manifest, put everything on disk, rename.

        An earlier run of the same date moves to `.replaced/`; it is not deleted.
        """
        shutil.rmtree(self.work, ignore_errors=True)
        write_manifest(self.building, manifest)
        for folder, _, names in os.walk(self.building, topdown=False):
            for name in names:
                make_durable(Path(folder, name))
            make_durable(Path(folder))
        if self.folder.exists():
            replaced = self.home.runs / ".replaced"
            replaced.mkdir(exist_ok=True)
            number = sum(1 for p in replaced.iterdir() if p.name.startswith(self.folder.name))
            self.folder.rename(replaced / f"{self.folder.name}.{number + 1}")
        self.building.rename(self.folder)
        make_durable(self.home.runs)
        return self.folder

    def deliver_lists(self) -> Path:
        """Swap the finished lists into `outbox/<as_of>`, the reports into `reports/<as_of>`; doing it again does nothing."""
        _hand_out(self.home, self.folder, self.as_of.isoformat())
        return self.home.outbox / self.as_of.isoformat()

    def deliver_reports(self) -> Path:
        """Hand out the reports of a night that cannot stand: departments must know why."""
        target = self.home.reports / self.as_of.isoformat()
        for folder, _, names in os.walk(self.reports, topdown=False):
            for path in (*(Path(folder, name) for name in names), Path(folder)):
                make_durable(path)
        _swap(self.reports, target)
        return target

    def abandon(self) -> None:
        """Drop what was begun."""
        shutil.rmtree(self.building, ignore_errors=True)


def _is_whole(folder: Path) -> bool:
    return all((folder / f"{name}.parquet").is_file() for name in EVERYBODY)


def _hand_out(home: Home, folder: Path, as_of: str) -> None:
    """Move what lies in a run folder for others to where they look for it."""
    for name in _HANDED_OUT:
        if (folder / name).is_dir():
            _swap(folder / name, home.root / name / as_of)


def _swap(source: Path, target: Path) -> None:
    """Put a finished folder in the place of an older one."""
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    source.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    make_durable(target.parent)


def run_id_of(folder: Path) -> str:
    """The id of a run, found in its manifest without reading the thousands of file names in it: this is asked of every run."""
    found = _RUN_ID.search((folder / MANIFEST).read_bytes())
    return found[1].decode() if found else ""


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest of a run folder, whole or not at all."""
    beside = folder / f".{MANIFEST}"
    beside.write_text(json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    make_durable(beside)
    beside.replace(folder / MANIFEST)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder."""
    loaded: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return loaded
