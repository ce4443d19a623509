"""Are the files of a run still those that its manifest names? Compared by size and sha256; nothing is written.

Lists lie in the outbox, reports in `reports/`. What retention let go of (people, facts, lists, reports of older nights) may be
absent, but not different.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.durable import sha256_of
from monitor.errors import Fault
from monitor.run import EVERYBODY, HANDED_OUT, Home, read_manifest


@dataclass(frozen=True)
class Compared:
    """A run against its manifest.

    Attributes:
        files: how many were compared.
        faults: one for each file that is gone or not what it was; names files of the run, no person.
    """

    files: int
    faults: tuple[Fault, ...]


def compare_run(home: Home, folder: Path, *, may_be_thinned: bool, handed_out: bool = True) -> Compared:
    """Compare the files of a run.

    Args:
        home: whose run it is.
        folder: the run folder.
        may_be_thinned: whether retention took people, facts and lists (`thinned_nights`).
        handed_out: the lists and reports too, which lie where others reach them.
    """
    promised = read_manifest(folder)["outputs"]
    outputs = {name: one for name, one in promised.items() if handed_out or not _is_handed_out(name)}
    faults = list(_faults(home, folder, outputs, may_be_thinned))
    return Compared(len(outputs), tuple(faults))


def _faults(home: Home, folder: Path, outputs: dict[str, dict[str, str | int]], may_be_thinned: bool) -> Iterator[Fault]:
    for name, promised in outputs.items():
        path = _place(home, folder, name)
        if not path.is_file():
            if not (may_be_thinned and _is_kept_for_a_time(name)):
                yield Fault(f"{folder.name}/{name}", "文件不见了", "与清单一致", remedy="从备份恢复,或重跑这一晚")
        elif path.stat().st_size != promised["bytes"] or sha256_of(path) != promised["sha256"]:
            yield Fault(f"{folder.name}/{name}", "内容与清单不符", "与清单一致", remedy="从备份恢复,或重跑这一晚")


def _place(home: Home, folder: Path, name: str) -> Path:
    if not _is_handed_out(name) or (folder / name).is_file():  # not yet moved: a crash between commit and delivery
        return folder / name
    of, _, rest = name.partition("/")
    return home.root / of / folder.name / rest


def _is_handed_out(name: str) -> bool:
    return name.partition("/")[0] in HANDED_OUT


def _is_kept_for_a_time(name: str) -> bool:
    return _is_handed_out(name) or name in {f"{one}.parquet" for one in EVERYBODY}
