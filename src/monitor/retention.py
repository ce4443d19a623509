"""How long a home keeps what: after a night is real and published, lets go of what no later night or reader needs.

| what | kept |
| --- | --- |
| people, households and facts of a run, its lists, its reports | of the newest nights, and of the last night of each month |
| pages of a night in `published/bulletin/` (those of months stay) | as its lists |
| the rest of a run: hits, cases, coverage, ledger, numbers, catalogue, manifest | always |
| versions of a run that was replaced | history always; lists as the night's own; people of the newest version, as the night's |
| landing files | of the deliveries that one of the newest nights read |

What goes is written down in `retention.log` and in the audit trail before it goes; a crash between the two is made good by the
next night.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from monitor import audit
from monitor.answers import EXTRACT
from monitor.durable import make_durable
from monitor.run import EVERYBODY, HANDED_OUT, Home, read_manifest
from monitor.settings import Settings

LOG = "retention.log"


@dataclass(frozen=True)
class Released:
    """What was let go of: files and folders of lists, and the bytes they took."""

    paths: int
    bytes: int


def release(home: Home, settings: Settings) -> Released:
    """Delete what is kept no longer.

    Args:
        home: whose lock the caller holds.
        settings: `keep_nights` and `keep_months`.
    """
    runs = home.run_folders()
    newest, kept = runs[-settings.keep_nights :], kept_nights([run.name for run in runs], settings)
    of_nights = [*_of_everybody(home, kept), *_replaced(home, kept), *_lists(home, kept), *_pages(home, kept)]
    gone = [*of_nights, *_landings(home, newest)]
    if not gone:
        return Released(0, 0)
    taken = sum(_bytes(path) for path in gone)
    _write_down(home, runs[-1].name, gone, taken)
    audit.record(home.root, audit.Action.DELETED, as_of=runs[-1].name, paths=len(gone), bytes=taken)
    for path in gone:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return Released(len(gone), taken)


def kept_nights(nights: list[str], settings: Settings) -> set[str]:
    """The as-of dates, of those given from old to new, of which everything is kept."""
    last_of_month = {night[:7]: night for night in nights}
    return {*nights[-settings.keep_nights :], *list(last_of_month.values())[-settings.keep_months - 1 :]}


def thinned_nights(home: Home) -> set[str]:
    """The as-of dates of which something was let go, as `retention.log` tells.

    Not from the settings: who keeps more nights from today on does not get back those that are gone.
    """
    log = home.root / LOG
    lines = log.read_bytes().splitlines() if log.is_file() else []
    gone: list[str] = []
    for line in lines:
        with suppress(ValueError):  # a crash cut it off; the next night wrote it anew before it deleted anything
            gone += json.loads(line)["deleted"]
    return {name for path in gone for name in Path(path).parts[1:2]} & {run.name for run in home.run_folders()}


def _of_everybody(home: Home, kept: set[str]) -> Iterator[Path]:
    """Files with a row for each person or household."""
    for folder in home.run_folders():
        if folder.name not in kept:
            yield from _everybody_in(folder)


def _replaced(home: Home, kept: set[str]) -> Iterator[Path]:
    """People and lists of versions of a night that were replaced, when its own go; before, people of all but the newest one.

    History stays: it holds the numbers that were given, and what the field was told first (`first_said` of the analyst file).
    """
    versions = home.replaced_runs()
    newest = {folder.name[:10]: folder for folder in versions}
    for folder in versions:
        if folder.name[:10] not in kept:
            yield from _everybody_in(folder)
            yield from (path for name in HANDED_OUT if (path := folder / name).is_dir())
        elif folder != newest[folder.name[:10]]:
            yield from _everybody_in(folder)


def _everybody_in(run: Path) -> Iterator[Path]:
    yield from (path for name in EVERYBODY if (path := run / f"{name}.parquet").is_file())


def _lists(home: Home, kept: set[str]) -> Iterator[Path]:
    gone = [run.name for run in home.run_folders() if run.name not in kept]
    places = ((home.outbox / name, home.reports / name, home.refused_reports(name)) for name in gone)
    yield from (folder for of_night in places for folder in of_night if folder.is_dir())


def _pages(home: Home, kept: set[str]) -> Iterator[Path]:
    nights = (run.name for run in home.run_folders() if run.name not in kept)
    yield from (folder for night in nights if (folder := home.bulletins / night).is_dir())


def _landings(home: Home, newest: Iterable[Path]) -> Iterator[Path]:
    """Landing files that none of the newest nights read. A name is `<extract>/<day>[_<part>]-<hash>.<ending>`.

    Answers stay: every later night reads them all.
    """
    read = {(one["delivery"], one["sha256"][:16]) for run in newest for one in read_manifest(run).get("inputs", [])}
    for path in sorted(path for path in home.landing.glob("*/*") if path.parent.name != EXTRACT):
        day_and_part, _, hashed = path.name.partition(".")[0].rpartition("-")
        if (f"{path.parent.name}_{day_and_part}", hashed) not in read:
            yield path


def _bytes(path: Path) -> int:
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file()) if path.is_dir() else path.stat().st_size


def _write_down(home: Home, night: str, gone: list[Path], taken: int) -> None:
    """One line per night: after which night, how many bytes, which files."""
    line = {"after": night, "bytes": taken, "deleted": [path.relative_to(home.root).as_posix() for path in gone]}
    path = home.root / LOG
    cut_off = path.is_file() and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as log:
        log.write("\n" * cut_off + json.dumps(line, ensure_ascii=False) + "\n")
    path.chmod(0o600)
    make_durable(path)
