"""A copy of a home that can be proved: every content once, by its sha256, and a list per backup that says which file it is.

    <folder>/objects/<2 digits>/<sha256>        a file's content; most of a home never changes, so a backup adds little
    <folder>/snapshots/<newest night>.<n>.json  path -> sha256, bytes, mode; its own sha256 stands in its last line

It is made while no night runs, of files whose bytes are those that the manifests of the runs promise; every content that it
needs is read back, also one that an earlier backup kept. Left out are what the next start makes anew (the analyst file, a night
in the making, notes of hashes), Prefect's own folder, and the keys, which should lie elsewhere: whoever has both has all. What
is encrypted at rest is encrypted in the backup, and the proof of the key goes with it: it tells nothing of the key.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.durable import make_durable, make_tree_durable, remove, sha256_of, write_whole
from monitor.encryption.check import check_file
from monitor.errors import Damaged, Fault, UsageError
from monitor.integrity import compare_run
from monitor.manifest import lost_manifest
from monitor.privacy import EXPECTED_KEYS, KEYS_MADE_ONCE
from monitor.recovery import recover
from monitor.retention import thinned_nights
from monitor.run import BUILDING, Home
from monitor.settings import Settings

_LEFT_OUT = (".lock", "prefect", "published/warehouse.duckdb", "landing/hashes.json", f"keys/{EXPECTED_KEYS}")
_OBJECTS, _SNAPSHOTS = "objects", "snapshots"
# most contents are shared by all backups in a folder, so another list seldom helps
_ELSEWHERE = "原工作目录还在,就再备份一次(损坏的内容会重存);不在了,用另一处的备份,或用 --snapshot 选不含它的一份"
Files = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Kept:
    """A backup that was made.

    Attributes:
        snapshot: its list.
        files: how many it holds.
        new_files, new_bytes: contents that were not there before.
        mended: contents of earlier backups that had gone bad where they lay and were copied anew.
        forgotten: older backups that were deleted.
    """

    snapshot: Path
    files: int
    new_files: int
    new_bytes: int
    mended: int
    forgotten: int


def back_up(settings: Settings, folder: Path, *, with_keys: bool = False, keep: int = 0) -> Kept:
    """Copy a home into a folder of backups.

    Args:
        settings: of the home, which is held meanwhile, so that no night runs.
        folder: is made if it is not there; may hold earlier backups of the same home.
        with_keys: the keys too. Without them a restored home waits until they are put back.
        keep: newest backups to keep; older ones are deleted with every content that no other needs. 0 keeps all.

    Raises:
        Damaged: a file of a run is not what its manifest says; names every one.
        NightIsRunning: a night holds the home.
        UsageError: the home is none, or the folder lies inside it.
    """
    home = Home(settings.home)
    if not home.runs.is_dir():
        raise UsageError("没有可备份的工作目录。", [Fault(str(home.root), "不是工作目录", remedy="用 --home 指定")])
    if folder.resolve().is_relative_to(home.root.resolve()):
        fault = Fault(str(folder), "在工作目录之内", remedy="用 --to 指定另一块盘上的目录")
        raise UsageError("备份不能放在工作目录里面。", [fault])
    with home.locked():
        recover(home)
        _must_be_as_promised(home)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stored = _store(home, folder, with_keys=with_keys)
        keys = {name: sha256_of(home.keys / name) for name in KEYS_MADE_ONCE if (home.keys / name).is_file()}
        snapshot = _write_snapshot(folder, _newest(home), {"files": stored.files, "keys": keys, "with_keys": with_keys})
    forgotten = _forget(folder, keep) if keep else 0
    return Kept(snapshot, len(stored.files), len(stored.new), sum(stored.new), stored.mended, forgotten)


def restore(folder: Path, home: Path, name: str = "") -> int:
    """Make a home of a backup, every byte proved; return how many files it has.

    It is made beside its place and renamed when it is whole. If the keys were not in the backup, the home says which are
    lacking, and no new ones are made in their place.

    Args:
        folder: of backups.
        home: the new home; must not exist, or be empty.
        name: of the list in `snapshots/`; the newest when not given.

    Raises:
        Damaged: a content or the list itself is not what was written; names every file.
        UsageError: there is no such backup, or the home holds something.
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise UsageError("不往已有内容的目录里恢复。", [Fault(str(home), "不是空目录", remedy="用 --home 指定新的目录")])
    content = read_snapshot(folder, name)
    beside = home.with_name(f".{home.name}.restoring")
    remove(beside)
    beside.mkdir(mode=0o700, parents=True)
    try:
        _copy_out(folder, beside, content["files"])
        Home(beside).make()
        if not content["with_keys"] and content["keys"]:
            write_whole(beside / "keys" / EXPECTED_KEYS, json.dumps(content["keys"], indent=1) + "\n")
        make_tree_durable(beside)
        beside.replace(home)
        make_durable(home.parent)
    finally:
        remove(beside)
    return len(content["files"])


def snapshots(folder: Path) -> list[Path]:
    """The backups in a folder, oldest first."""
    found = (path for path in (folder / _SNAPSHOTS).glob("*.json") if path.stem.rpartition(".")[2].isdecimal())
    return sorted(found, key=lambda path: int(path.stem.rpartition(".")[2]))


def read_snapshot(folder: Path, name: str = "") -> dict[str, Any]:
    """The list of a backup, proved by its own sha256: `files`, `keys`, `with_keys`.

    Raises:
        Damaged: it is not what was written.
        UsageError: there is none of that name.
    """
    known = {path.stem: path for path in snapshots(folder)}
    if not known or (name and name not in known):
        fault = Fault(str(folder), name or "没有备份", "、".join(known) or "monitor backup 写过的目录")
        raise UsageError("找不到备份。", [fault])
    path = known[name or next(reversed(known))]
    body, _, proof = path.read_bytes().rstrip(b"\n").rpartition(b"\n")
    if not body or _digest(body) != proof.decode("ascii", "replace"):
        raise Damaged("备份清单有损坏,没有恢复。", [Fault(str(path), "与写入时不同", remedy="用 --snapshot 选另一份")])
    content: dict[str, Any] = json.loads(body)
    return content


def _must_be_as_promised(home: Home) -> None:
    """A backup of a damaged home would pass for a good one on the day that it is needed.

    Lists that somebody changed in the outbox are no reason to have no backup: what was written there may stand nowhere else.
    The doctor and the month name them.
    """
    runs = home.run_folders()
    thinned = thinned_nights(home)
    compared = [compare_run(home, run, may_be_thinned=run.name in thinned, handed_out=False) for run in runs]
    faults = [lost_manifest(folder) for folder in home.runs_without_manifest()]
    faults += [fault for one in compared for fault in one.faults]
    if faults:
        raise Damaged("工作目录里有损坏的文件,没有备份。", faults)


def _paths(home: Home, *, with_keys: bool) -> Iterator[Path]:
    left_out = {home.root / name for name in _LEFT_OUT} | (set() if with_keys else {home.keys})
    for folder, folders, names in os.walk(home.root):
        here = Path(folder)
        folders[:] = sorted(n for n in folders if here / n not in left_out and not n.startswith(BUILDING))
        yield from (here / name for name in sorted(names) if here / name not in left_out and not (here / name).is_symlink())
    proof = check_file(home.root)
    if not with_keys and proof.is_file():
        yield proof


@dataclass
class _Stored:
    """What is in the backup: the files of the home, the bytes of each new content, how many bad ones were copied anew."""

    files: Files = field(default_factory=dict)
    new: list[int] = field(default_factory=list)
    mended: int = 0


def _store(home: Home, folder: Path, *, with_keys: bool) -> _Stored:
    """Every file of the home. What earlier backups kept is read before it is relied on: disks lose bytes in silence."""
    stored, proved = _Stored(), set[str]()
    for path in _paths(home, with_keys=with_keys):
        state, sha256 = path.stat(), sha256_of(path)
        kept = _object(folder, sha256)
        was_there = kept.is_file()
        if sha256 not in proved and not (was_there and sha256_of(kept) == sha256):
            sha256 = _keep(path, folder)
            if was_there:
                stored.mended += 1
            else:
                stored.new.append(state.st_size)
        proved.add(sha256)
        name = path.relative_to(home.root).as_posix()
        stored.files[name] = {"sha256": sha256, "bytes": state.st_size, "mode": state.st_mode & 0o777}
    for one in (folder / _OBJECTS, folder):
        make_durable(one)
    return stored


def _keep(path: Path, folder: Path) -> str:
    """Copy a content; its name is the sha256 of the copy, because a file that others write may have grown since."""
    beside = folder / _OBJECTS / f".new.{os.getpid()}"
    beside.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(path, beside)
    beside.chmod(0o600)
    make_durable(beside)
    sha256 = sha256_of(beside)
    kept = _object(folder, sha256)
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    beside.replace(kept)
    make_durable(kept.parent)
    return sha256


def _copy_out(folder: Path, beside: Path, files: Files) -> None:
    faults = []
    for name, promised in files.items():
        source, target = _object(folder, promised["sha256"]), beside / name
        if not target.resolve().is_relative_to(beside.resolve()):
            faults.append(Fault(name, "路径在工作目录之外"))
            continue
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if source.is_file():
            shutil.copyfile(source, target)
            target.chmod(promised["mode"])
        if not source.is_file() or sha256_of(target) != promised["sha256"]:
            found = "与写入时不同" if source.is_file() else "不见了"
            faults.append(Fault(f"{name} ({source})", found, remedy=_ELSEWHERE))
    if faults:
        raise Damaged(f"备份里有{len(faults)}个文件损坏,没有恢复。", faults)


def _write_snapshot(folder: Path, newest: str, content: dict[str, Any]) -> Path:
    body = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    number = max((int(path.stem.rpartition(".")[2]) for path in snapshots(folder)), default=0) + 1
    path = folder / _SNAPSHOTS / f"{newest}.{number}.json"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_whole(path, body + b"\n" + _digest(body).encode() + b"\n")
    return path


def _forget(folder: Path, keep: int) -> int:
    """Delete old lists, then every content that no list needs; how many lists went."""
    gone = snapshots(folder)[:-keep]
    for path in gone:
        remove(path)
    needed = {one["sha256"] for path in snapshots(folder) for one in read_snapshot(folder, path.stem)["files"].values()}
    for path in (folder / _OBJECTS).glob("*/*"):
        if path.name not in needed:
            remove(path)
    return len(gone)


def _newest(home: Home) -> str:
    runs = home.run_folders()
    return runs[-1].name if runs else "empty"


def _object(folder: Path, sha256: str) -> Path:
    return folder / _OBJECTS / sha256[:2] / sha256


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
