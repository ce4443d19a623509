"""A home and its nights: which folder holds what, and how a night becomes real by one rename."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from monitor.durable import make_durable, make_tree_durable, put_in_place, remove, sha256_of
from monitor.encryption import adopt
from monitor.errors import Fault, UsageError
from monitor.holding import held
from monitor.manifest import MANIFEST as MANIFEST
from monitor.manifest import read_manifest as read_manifest
from monitor.manifest import run_id_of as run_id_of
from monitor.manifest import write_manifest as write_manifest
from monitor.privacy import relock_token_key
from monitor.settings import Settings
from monitor.store import connect

LISTS, BUILDING = "outbox", ".building-"
_REFUSED = ".refused"
# the files of a run that hold a row for each person or household; they are kept for a time only
EVERYBODY = ("person", "household", "facts_person", "facts_household")
# folders of a run that are moved to the home's folder of the same name once it is real
HANDED_OUT = (LISTS, "reports")
# what `monitor demo` leaves in its home, and where that lies unless another is named
DEMO_MARK, DEMO_HOME = ".demo", Path("var/demo")
_RUN_NAME = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Home:
    """The folder of one installation. Everything below it is restricted but `published/`."""

    root: Path

    @property
    def is_demo(self) -> bool:
        """Whether `monitor demo` made it: made-up people, and nights of fixed dates."""
        return (self.root / DEMO_MARK).is_file()

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def replaced(self) -> Path:
        """Runs that were run again since."""
        return self.runs / ".replaced"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def bulletins(self) -> Path:
        """Pages for those who answer for the programme: a folder for each night and each month."""
        return self.published / "bulletin"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def reports(self) -> Path:
        """What departments are told of their deliveries; row numbers and counts, nobody's data."""
        return self.root / "reports"

    def refused_reports(self, as_of: str) -> Path:
        """The reports of a later attempt at a night that could not stand: those of the run itself stay."""
        return self.reports / f"{as_of}{_REFUSED}"

    def all_refused_reports(self) -> list[Path]:
        """Those that lie there, oldest night first: the next run of their night takes them away."""
        return sorted(self.reports.glob(f"*{_REFUSED}"))

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
                if folder != self.root:
                    folder.chmod(0o750 if folder == self.published else 0o700)  # tokens are pseudonyms, not anonymity
            except OSError as error:
                fault = Fault(str(folder), error.strerror or "建不了", "一个可写的目录", remedy="换一个 --home,或改正权限")
                raise UsageError("工作目录不能用。", [fault]) from None

    def run_folders(self) -> list[Path]:
        """The runs that are real, oldest first."""
        if not self.runs.is_dir():
            return []
        return sorted(p for p in self.runs.iterdir() if _RUN_NAME.fullmatch(p.name) and (p / MANIFEST).is_file())

    def runs_without_manifest(self) -> list[Path]:
        """Folders with the name of a run that are none any more; oldest first."""
        found = (p for p in self.runs.glob("*-*-*") if _RUN_NAME.fullmatch(p.name))
        return sorted(p for p in found if not (p / MANIFEST).is_file())

    def whole_runs(self) -> list[Path]:
        """The runs with their people and facts, oldest first."""
        return [run for run in self.run_folders() if _is_whole(run)]

    def run_before(self, as_of: date) -> Path | None:
        """The newest run before a date: the state that a night starts from."""
        return next((p for p in reversed(self.run_folders()) if p.name < as_of.isoformat()), None)

    def versions_from(self, as_of: date) -> list[Path]:
        """The runs of a date and later ones that are or were real: by date, the newest version of each first."""
        replaced = self.replaced_runs()
        found = [*self.run_folders(), *reversed(replaced)]
        return sorted((p for p in found if p.name[:10] >= as_of.isoformat()), key=lambda path: path.name[:10])

    def find_run(self, as_of: date | None) -> Path:
        """The run of a date, or the newest, whole or only its history.

        Raises:
            UsageError: there is none; it names the nearest.
        """
        runs = self.run_folders()
        if not runs:
            raise UsageError("还没有任何一晚的结果。", [self.no_night_yet()])
        if as_of is None:
            return runs[-1]
        found = next((run for run in runs if run.name == as_of.isoformat()), None)
        if found is None:
            near = sorted(runs, key=lambda run: abs((date.fromisoformat(run.name) - as_of).days))[:3]
            fault = Fault("--as-of", as_of.isoformat(), "、".join(run.name for run in near))
            raise UsageError(f"没有 {as_of} 这一晚的结果。", [fault])
        return found

    def no_night_yet(self) -> Fault:
        """Why there is nothing to look at: a folder that is not there was hardly meant, a demo beside it may be."""
        demo = DEMO_HOME.absolute() != self.root and (DEMO_HOME / DEMO_MARK).is_file()
        other = f"看演示请加 --home {DEMO_HOME}" if demo else "用 --home 指定工作目录"
        if not self.root.is_dir():
            return Fault(str(self.root), "目录不存在", remedy=f"核对目录名；{other}")
        return Fault(
            str(self.runs), "空", why="这里还没有运行过任何一晚", remedy=f"先运行 monitor run 或 monitor demo；{other}"
        )

    def run_of(self, as_of: date | None) -> Path:
        """The run of a date, or the newest, with its people and facts.

        Raises:
            UsageError: there is none, it names the nearest; or its people and facts are kept no longer.
        """
        found = self.find_run(as_of)
        if as_of:
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

    def put_aside(self, folder: Path, as_of: str) -> None:
        """Move a run that another one has taken the place of to `.replaced/<as_of>.<n>`; it is not deleted."""
        number = max((replaced_number(path) for path in self.replaced_runs(as_of)), default=0) + 1
        self.replaced.mkdir(exist_ok=True)
        folder.rename(self.replaced / f"{as_of}.{number}")
        make_durable(self.replaced)
        make_durable(self.runs)

    def replaced_runs(self, as_of: str = "") -> list[Path]:
        """Earlier versions of the run of a date, or of every run, in the order in which they were replaced."""
        found = (p for p in self.replaced.glob(f"{as_of or '*'}.*") if replaced_number(p))
        return sorted(found, key=lambda path: (path.name[:10], replaced_number(path)))

    @contextmanager
    def locked(self, *, new: bool = False) -> Iterator[None]:
        """Hold the home, so that nobody else works in it.

        Args:
            new: make the home if it is not there. Only what begins one does: whatever reads one was given a mistyped name.

        Raises:
            NightIsRunning: another process holds it.
            UsageError: it is not there.
        """
        if not new and not self.root.is_dir():
            raise UsageError("没有这个工作目录。", [self.no_night_yet()])
        self.make()
        with held(self.root):
            yield


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
        return self.home.runs / f"{BUILDING}{self.as_of.isoformat()}"

    @property
    def work(self) -> Path:
        """What does not outlive the night: the working database and what it spills."""
        return self.building / "work"

    @property
    def outbox(self) -> Path:
        """The lists while they are made; moved to `outbox/<as_of>` after the run has become real."""
        return self.building / LISTS

    @property
    def reports(self) -> Path:
        """What departments are told, while it is made; handed out like the lists."""
        return self.building / "reports"

    @property
    def folder(self) -> Path:
        """The run folder when it is real."""
        return self.home.runs / self.as_of.isoformat()

    @property
    def is_real(self) -> bool:
        """Whether the night has been run; a folder without its manifest proves nothing."""
        return (self.folder / MANIFEST).is_file()

    @property
    def previous(self) -> Path | None:
        return self.home.run_before(self.as_of)

    def begin(self) -> None:
        """Start with an empty folder, whatever a crashed night left."""
        shutil.rmtree(self.building, ignore_errors=True)
        self.go_on()

    def go_on(self) -> None:
        """Start with what a crashed night left, if anything. A new home takes its key here."""
        self.home.make()
        key = adopt(self.settings)
        relock_token_key(self.home.keys, key, key)  # it may have been put there before the home had a key
        self.work.mkdir(parents=True, exist_ok=True)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the working database with `as_of` and `region` set."""
        return connect(
            self.work / "work.duckdb",
            self.settings,
            variables={"as_of": self.as_of, "region": self.settings.region},
        )

    def commit(self, manifest: dict[str, Any]) -> Path:
        """Make the run real: put everything on disk, then the manifest, which proves the rest; then one rename.

        An earlier run of the same date moves to `.replaced/`; it is not deleted. A crash after the manifest is written is
        finished by the next start (`monitor.recovery`).
        """
        for path in self.building.iterdir():
            if path != self.work:
                make_tree_durable(path) if path.is_dir() else make_durable(path)
        write_manifest(self.building, manifest)
        shutil.rmtree(self.work, ignore_errors=True)
        return make_real(self.home, self.building)

    def deliver_lists(self) -> Path:
        """Swap the finished lists into `outbox/<as_of>`, the reports into `reports/<as_of>`; doing it again does nothing."""
        return deliver(self.home, self.folder)

    def deliver_reports(self) -> Path:
        """Hand out the reports of a night that cannot stand: departments must know why. Those of a run that is real stay."""
        as_of = self.as_of.isoformat()
        target = self.home.refused_reports(as_of) if self.is_real else self.home.reports / as_of
        make_tree_durable(self.reports)
        if put_in_place(self.reports, target):
            remove(self.reports)
        return target

    def drop_other_nights(self) -> None:
        """What other dates had begun and never finished: once another night goes on, nobody will."""
        for folder in self.home.runs.glob(f"{BUILDING}*"):
            if folder != self.building:
                remove(folder)

    def abandon(self) -> None:
        """Drop what was begun."""
        shutil.rmtree(self.building, ignore_errors=True)


def _is_whole(folder: Path) -> bool:
    return all((folder / f"{name}.parquet").is_file() for name in EVERYBODY)


def make_real(home: Home, building: Path) -> Path:
    """Give a complete night its name; readers find the run of before or this one, never none."""
    folder = home.runs / building.name.removeprefix(BUILDING)
    if put_in_place(building, folder):
        home.put_aside(building, folder.name)
    return folder


def deliver(home: Home, run: Path) -> Path:
    """Swap the lists of a run into the outbox, its reports into `reports/`, each whole; return where the lists are.

    What was there of that date stays with the run that was replaced. After a crash between the two names the manifest tells
    which files are those of the run.
    """
    for name in HANDED_OUT:
        _deliver(home, run, name)
    remove(home.refused_reports(run.name))
    return home.root / LISTS / run.name


def is_undelivered(home: Home, run: Path) -> bool:
    """Whether something of a run still has to be handed out, or to be swept up after it."""
    return any((run / name).is_dir() or _new(home, run, name).is_dir() for name in HANDED_OUT)


def _deliver(home: Home, run: Path, name: str) -> None:
    target, new = home.root / name / run.name, _new(home, run, name)
    is_due = (run / name).is_dir()
    if is_due:
        remove(new)
        (run / name).rename(new)
        make_durable(run)
        make_durable(target.parent)
    elif new.is_dir():
        is_due = not _holds(target, run, name) and _holds(new, run, name)
    if is_due and not put_in_place(new, target):
        return
    if new.is_dir():
        _forget(home, new, run.name, name)


def _new(home: Home, run: Path, name: str) -> Path:
    return home.root / name / f".{run.name}.new"


def _holds(folder: Path, run: Path, name: str) -> bool:
    """Whether a folder holds the files that a run wrote to be handed out, byte for byte."""
    outputs = read_manifest(run).get("outputs", {})
    wanted = {path.removeprefix(f"{name}/"): one["sha256"] for path, one in outputs.items() if path.startswith(f"{name}/")}
    return all((folder / path).is_file() and sha256_of(folder / path) == sha for path, sha in wanted.items())


def _forget(home: Home, old: Path, as_of: str, name: str) -> None:
    """Move files that were handed out once, and are no more, to the newest replaced run of their date."""
    replaced = home.replaced_runs(as_of)
    if replaced and not (replaced[-1] / name).exists():
        old.rename(replaced[-1] / name)
        make_durable(replaced[-1])
        make_durable(old.parent)
    else:
        remove(old)


def replaced_number(path: Path) -> int:
    """Which of the replaced versions of its date a folder of `.replaced/` is, from 1; 0 when it is none."""
    day, _, number = path.name.partition(".")
    return int(number) if _RUN_NAME.fullmatch(day) and number.isdecimal() else 0
