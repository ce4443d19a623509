"""Pages on disk: a folder per edition, swapped in whole, so nobody opens one page of tonight beside one of last night.

<home>/published/bulletin/2026-11-20/index.html, 53.html, 5306.html, 530622.html
<home>/published/bulletin/2026-11/...
"""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from monitor.bulletin.edition import Edition, month_edition, night_edition
from monitor.bulletin.figures import Book, read_book
from monitor.bulletin.page import index, page, public_page
from monitor.bulletin.public import read_release
from monitor.durable import make_durable, put_in_place
from monitor.errors import MonitorError
from monitor.run import Home, run_id_of
from monitor.settings import Settings

INDEX = "index.html"
_TOLD_RUN = re.compile(r'<meta name="monitor-run" content="([^"]*)">')


def write_edition(home: Home, settings: Settings, edition: Edition) -> Path:
    """Write all pages of an edition and their index in the place of earlier ones; return the folder.

    Raises:
        UsageError: the analyst file is missing, damaged or lacks the night.
    """
    book = read_book(home, settings, edition)
    home.make()
    with _swapped_in(home.bulletins / edition.name) as beside:
        write_pages(book, sorted(book.places), beside)
        _put(beside / INDEX, index(book, sorted(book.places)))
    return home.bulletins / edition.name


def write_public(home: Home, month: str) -> Path:
    """Write the public pages of a month out of its public release; return the folder.

    Raises:
        UsageError: the month has not been released.
    """
    release = read_release(home.published / "public" / month)
    home.make()
    with _swapped_in(home.bulletins / f"{month}-public") as beside:
        for place in release.names:
            _put(beside / f"{place}.html", public_page(release, place))
    return home.bulletins / f"{month}-public"


def write_pages(book: Book, places: Iterable[str], folder: Path) -> list[Path]:
    """Write the pages of some places into a folder, each whole or not at all; return them."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = frozenset(places)
    return [_put(folder / f"{place}.html", page(book.of(place), wanted)) for place in sorted(wanted)]


def bring_up(home: Home, settings: Settings) -> list[Path]:
    """Write what a night leaves behind: its own bulletin, and that of the month before when it is not there yet.

    A month that cannot be told (its last night kept a catalogue that fits no longer) stops no night; the command says why.

    Args:
        home: whose newest run is told of; its analyst file must hold that run.
        settings: threads, memory, region.

    Returns:
        the folders written.

    Raises:
        UsageError: the analyst file is missing or damaged.
        CatalogueInvalid: the newest run kept no catalogue that can be read today.
    """
    newest, written = night_edition(home), []
    months = sorted({run.name[:7] for run in home.run_folders() if run.name[:7] < newest.as_of.isoformat()[:7]})
    if months and not (home.bulletins / months[-1] / INDEX).is_file():
        with suppress(MonitorError):
            written.append(write_edition(home, settings, month_edition(home, months[-1])))
    if not is_current(home):
        written.append(write_edition(home, settings, newest))
    return written


def is_current(home: Home) -> bool:
    """Whether the bulletin of the newest night tells of its run as it is now; true when there is no run."""
    runs = home.run_folders()
    if not runs:
        return True
    with suppress(OSError, UnicodeDecodeError):
        told = _TOLD_RUN.search((home.bulletins / runs[-1].name / INDEX).read_text(encoding="utf-8"))
        return bool(told) and told[1] == run_id_of(runs[-1])  # type: ignore[index]
    return False


@contextmanager
def _swapped_in(target: Path) -> Iterator[Path]:
    """A folder beside the target, to be filled; it takes its place when all went well, and goes when not."""
    beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    beside.mkdir(parents=True)
    try:
        yield beside
        _open_to_analysts(beside)
        make_durable(beside)
        put_in_place(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _open_to_analysts(folder: Path) -> None:
    """Pages name nobody; what a night writes is otherwise its owner's alone."""
    for path in (folder.parent, folder, *folder.iterdir()):
        path.chmod(0o750 if path.is_dir() else 0o640)


def _put(path: Path, text: str) -> Path:
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    beside.write_text(text, encoding="utf-8", newline="\n")
    make_durable(beside)
    return beside.replace(path)
