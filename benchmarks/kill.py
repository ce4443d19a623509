"""Kill nights outright, hundreds of times: is anything half-published, lost or done twice, and does it end in the same bytes?

    python benchmarks/kill.py                                   300 kills, as many stories as they take
    python benchmarks/kill.py --kills 10 --persons 300          short

A story is a county of a few hundred people: a night, its lists answered and collected, a night, more answers, a night, a
delivery that comes late, and the rebuilding of the nights since. It is told once undisturbed. Then every chapter is begun in a
process group of its own that is ended by SIGKILL, either at a random time or just before a random one of the operations by
which files change (open for writing, rename, delete, link); it is begun again until it comes to its end. After every kill:

- every night that was published: is it still there, are run folder and lists whole by the hashes of a manifest;
- the analyst file: does it open, and can every table be read;
- the answers: are all that had been collected still there;

and after every chapter: are runs and lists the bytes of the undisturbed story, has no household two cases of a kind.
The seed is printed; the same seed draws the same moments, though not the same states: time is not the machine's alone.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from data_of import with_key

NIGHTS = (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20))
LATE = "nhsa_settlement"  # its newest delivery of the first night comes after the last
# operations by which files change, as Python's audit hooks name them
_CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.truncate", "shutil.rmtree", "open"}
_WORDS = ("属实-已纳入", "不属实-数据错误", "待补充核查", "查无此人或外出", "本人不愿")
Chapter = tuple[str, Callable[[Path], None]]


@dataclass
class Told:
    """What came of it."""

    kills: int = 0
    ended: int = 0
    by_chapter: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def main(
    kills: Annotated[int, typer.Option(help="how many at least")] = 300,
    persons: Annotated[int, typer.Option(min=200)] = 300,
    seed: Annotated[int, typer.Option(help="of the moments")] = 1,
    minutes: Annotated[float, typer.Option(help="no new story begins later")] = 24 * 60,
    folder: Annotated[Path | None, typer.Option(help="where to work; a disk in memory is fastest")] = None,
) -> None:
    """Tell the story until enough kills have been made; end in 1 if anything was found."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=folder, prefix="kill-") as place:
        told = kill_until(Path(place), kills=kills, persons=persons, seed=seed, minutes=minutes)
    chapters = ", ".join(f"{name} {count}" for name, count in told.by_chapter.items())
    print(f"seed {seed}: {told.kills} kills ({chapters}), {told.ended} stories ended, {time.perf_counter() - started:.0f} s")
    print("\n".join(told.faults) or "nothing half-published, nothing lost, nothing twice, the same bytes")
    raise typer.Exit(bool(told.faults))


def kill_until(place: Path, *, kills: int, persons: int, seed: int, minutes: float = 24 * 60) -> Told:
    """Kill the story again and again; return what was found.

    Args:
        place: an empty folder.
        kills: how many at least; the story that reaches them is told to its end.
        persons: of the county.
        seed: of the moments.
        minutes: no new story begins later.
    """
    import great_expectations  # noqa: F401  read once, so that what is killed is the night and not its imports
    import polars  # noqa: F401

    inbox, late = place / "inbox", place / "late"
    _must_end(_in_child(lambda: _make_county(inbox, late, persons)))
    chapters = list(_story(inbox, late))
    whole = with_key(place / "whole")
    sizes, pages = {}, {}
    for name, chapter in chapters:
        count, seconds = _measured(lambda: chapter(whole), place / "events")  # noqa: B023
        sizes[name], pages[name] = (count, seconds), _page(whole)
    chance, told, over = random.Random(seed), Told(), time.perf_counter() + 60 * minutes
    while told.kills < kills and not told.faults and time.perf_counter() < over:
        home = with_key(place / f"killed-{told.ended}")
        for name, chapter in chapters:
            _until_it_ends(home, name, chapter, sizes[name], chance, told)
            print(f"story {told.ended + 1}, {name}: {told.kills} kills so far", file=sys.stderr)
            if _page(home) != pages[name]:
                told.faults.append(f"{name}: other bytes: {_different(_page(home), pages[name])[:5]}")
        told.ended += 1
        shutil.rmtree(home)
    return told


def _until_it_ends(
    home: Path, name: str, chapter: Callable[[Path], None], size: tuple[int, float], chance: random.Random, told: Told
) -> None:
    """Begin a chapter and kill it until once it comes to its end."""
    _, before = _look(home, {})
    while True:
        events, seconds = size
        # a night that is taken up again is nearer to its end: its early moments are those of later steps
        moment = chance.random() ** chance.choice((1, 3, 5))
        at = 1 + int(events * moment) if chance.random() < 0.5 else 0
        status = _in_child(lambda: chapter(home), at_event=at, after=0 if at else max(seconds * moment, 0.001))
        if os.WIFEXITED(status):
            if os.WEXITSTATUS(status):
                told.faults.append(f"{name}: ended in an error after {told.kills} kills")
            return
        told.kills += 1
        told.by_chapter[name] = told.by_chapter.get(name, 0) + 1
        faults, before = _look(home, before)
        told.faults += [f"{name}, kill {told.kills}: {fault}" for fault in faults]
        if told.faults:
            return


def _story(inbox: Path, late: Path) -> Iterator[Chapter]:
    def night(day: date) -> Callable[[Path], None]:
        return lambda home: _run(home, inbox, day)

    def answers(day: date) -> Callable[[Path], None]:
        return lambda home: _answer(home, day)

    yield "night 1", night(NIGHTS[0])
    yield "answers 1", answers(NIGHTS[0])
    yield "night 2", night(NIGHTS[1])
    yield "answers 2", answers(NIGHTS[1])
    yield "night 3", night(NIGHTS[2])
    yield "late delivery", lambda home: _rebuild(home, inbox, late)


def _run(home: Path, inbox: Path, day: date) -> None:
    from monitor import steps
    from monitor.settings import load_settings

    steps.run_night(load_settings(home, inbox=inbox, threads=1, memory_limit_mb=1024), day)


def _rebuild(home: Path, inbox: Path, late: Path) -> None:
    from monitor.settings import load_settings
    from monitor.steps import rebuild

    rebuild(load_settings(home, inbox=late, threads=1, memory_limit_mb=1024), NIGHTS[0])


def _answer(home: Path, day: date) -> None:
    """Send back every list of a night, every third row left empty, and collect what came."""
    from monitor.answers import collect
    from monitor.settings import load_settings

    for path in sorted((home / "outbox" / day.isoformat()).glob("*/*.csv")):
        if path.name != "supervision.csv":
            _fill_in(path, home / "answers" / f"{day}-{path.name}")
    collect(load_settings(home, threads=1, memory_limit_mb=1024))


def _fill_in(path: Path, answered: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        header, *rows = csv.reader(lines)
    at = header.index("核查结果")
    for number, row in enumerate(rows):
        row[at] = _WORDS[number % len(_WORDS)] if number % 3 else ""
    beside = answered.with_name(f".{answered.name}")
    with beside.open("w", encoding="utf-8-sig", newline="") as lines:
        csv.writer(lines).writerows([header, *rows])
    beside.replace(answered)


def _make_county(inbox: Path, late: Path, persons: int) -> None:
    """Two inboxes: what had come by the last night, and the same with what came late."""
    from monitor.synth import Plan, synthesise

    synthesise(Plan(persons=persons, seed=12, as_of=NIGHTS[0], nights=len(NIGHTS), dirt="light"), late)
    inbox.mkdir()
    for path in late.iterdir():
        if not path.name.startswith(f"{LATE}_{NIGHTS[0]:%Y%m%d}"):
            os.link(path, inbox / path.name)


def _in_child(work: Callable[[], Any], *, at_event: int = 0, after: float = 0) -> int:
    """Do something in a forked process group, which is killed before its n-th change of a file or after a time; its status.

    Everything that starts threads happens in a child, because threads do not survive a fork.
    """
    child = os.fork()
    if not child:
        _be_the_child(work, at_event)
    if not after:
        return os.waitpid(child, 0)[1]
    over = time.perf_counter() + after
    while time.perf_counter() < over:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL) if os.getpgid(child) == os.getpgrp() else os.killpg(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _be_the_child(work: Callable[[], Any], at_event: int) -> None:
    """Never returns."""
    os.setpgid(0, 0)
    if at_event:
        _die_at(at_event)
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _die_at(number: int) -> None:
    seen, lock = [0], threading.Lock()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _CHANGES or (event == "open" and not _writes(arguments)):
            return
        with lock:
            seen[0] += 1
            if seen[0] == number:
                os.killpg(os.getpgrp(), signal.SIGKILL)

    sys.addaudithook(hook)


def _writes(arguments: tuple[Any, ...]) -> bool:
    flags = arguments[2] if len(arguments) > 2 else 0
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _measured(work: Callable[[], None], note: Path) -> tuple[int, float]:
    """How many changes of files a chapter makes, and how many seconds it takes."""

    def counted() -> None:
        seen = [0]

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            seen[0] += event in _CHANGES and (event != "open" or _writes(arguments))

        sys.addaudithook(hook)
        work()
        note.write_text(str(seen[0]), encoding="ascii")

    started = time.perf_counter()
    _must_end(_in_child(counted))
    return int(note.read_text(encoding="ascii")), time.perf_counter() - started


def _must_end(status: int) -> None:
    if status:
        raise SystemExit("a child that nobody killed did not end well")


def _look(home: Path, before: dict[str, int]) -> tuple[list[str], dict[str, int]]:
    """What is wrong with a home after a kill, and how much stands there now; nothing may become less."""
    note = home.with_name("looked.json")
    _must_end(_in_child(lambda: note.write_text(json.dumps([_faults(home), _standing(home)]), encoding="utf-8")))
    faults, now = json.loads(note.read_text(encoding="utf-8"))
    lost = [f"{name}: {count} before, {now.get(name, 0)} now" for name, count in before.items() if now.get(name, 0) < count]
    return faults + lost, now


def _standing(home: Path) -> dict[str, int]:
    """Nights published and answers collected."""
    from monitor.answers import landed_answers
    from monitor.run import HANDED_OUT, Home

    there = Home(home)
    counts = {f"run {run.name}": 1 for run in there.run_folders()}
    counts |= {f"{name} {folder.name}": 1 for name in HANDED_OUT for folder in _visible(home / name)}
    return counts | {"answers": sum(one.answered for one in landed_answers(there))}


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("[0-9]*") if path.is_dir()) if folder.is_dir() else []


def _faults(home: Path) -> list[str]:
    from monitor.run import HANDED_OUT, MANIFEST

    faults = []
    for run in _visible(home / "runs"):
        outputs = json.loads((run / MANIFEST).read_text(encoding="utf-8"))["outputs"]
        tables = {name: one["sha256"] for name, one in outputs.items() if name.partition("/")[0] not in HANDED_OUT}
        faults += [f"{run.name}/{name} is not what its manifest says" for name in tables if _sha(run / name) != tables[name]]
    faults += [
        f"{name} of {folder.name} are not those of any run"
        for name in HANDED_OUT
        for folder in _visible(home / name)
        if _half(home, folder, name)
    ]
    return faults + _unreadable(home)


def _half(home: Path, lists: Path, name: str) -> bool:
    """Whether published lists or reports are those of no run of their date, nor for a moment of the one before."""
    from monitor.run import MANIFEST, Home

    found = {path.relative_to(lists).as_posix(): _sha(path) for path in lists.rglob("*") if path.is_file()}
    runs = [home / "runs" / lists.name, *Home(home).replaced_runs(lists.name), home / "runs" / f".building-{lists.name}"]
    said = [json.loads((run / MANIFEST).read_text(encoding="utf-8"))["outputs"] for run in runs if (run / MANIFEST).is_file()]
    wanted = [{n.removeprefix(f"{name}/"): o["sha256"] for n, o in one.items() if n.startswith(f"{name}/")} for one in said]
    return found not in wanted


def _unreadable(home: Path) -> list[str]:
    import duckdb

    path = home / "published" / "warehouse.duckdb"
    if not path.is_file():
        return []
    try:
        with duckdb.connect(path, read_only=True) as analyst:
            for (table,) in analyst.execute("select table_name from duckdb_tables()").fetchall():
                analyst.execute(f'select count(*), hash(any_value(t)) from "{table}" t').fetchall()
    except duckdb.Error as error:
        return [f"the analyst file does not open: {type(error).__name__}"]
    return []


def _page(home: Path) -> dict[str, str]:
    """The sha256 of every file of runs and lists but manifests (they hold seconds), and of what was collected."""
    from monitor.run import HANDED_OUT

    handed_out = [folder for name in HANDED_OUT for folder in _visible(home / name)]
    folders = [*_visible(home / "runs"), *handed_out, home / "landing" / "field_verification"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]
    note = home.with_name("doubled.txt")
    _must_end(_in_child(lambda: note.write_text(_doubled(home), encoding="utf-8")))
    page = {path.relative_to(home).as_posix(): _sha(path) for path in sorted(files)}
    return page | {"doubled cases": note.read_text(encoding="utf-8")}


def _doubled(home: Path) -> str:
    """Households with two cases of a kind that are not over, and numbers given twice; must be none."""
    import duckdb

    found = []
    for run in _visible(home / "runs"):
        cases = f"from read_parquet('{run}/cases.parquet')"
        for key, where in (("kind, subject", "where state <> 'cleared'"), ("case_no", "")):
            (count,) = duckdb.sql(
                f"select count(*) from (select 1 {cases} {where} group by {key} having count(*) > 1)"
            ).fetchall()[0]
            found += [f"{run.name}: {count} {key}"] * bool(count)
    if found:
        raise SystemExit("; ".join(found))
    return ""


def _different(one: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


if __name__ == "__main__":
    typer.run(main)
