"""A copy of a home that can be proved: every content once, by its sha256, and a list per backup that says which file it is.

    <folder>/objects/<2 digits>/<sha256>        a file's content; most of a home never changes, so a backup adds little
    <folder>/snapshots/<newest night>.<n>.json  path -> sha256, bytes, mode; its own sha256 stands in its last line

It is made while no night runs, of files whose bytes are those that the manifests of the runs promise. Left out are what the
next start makes anew (the analyst file, a night in the making, notes of hashes), Prefect's own folder, and the keys, which
should lie elsewhere: whoever has both has everything. What is encrypted at rest is encrypted in the backup.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.durable import make_durable, make_tree_durable, remove, sha256_of, write_whole
from monitor.errors import Damaged, Fault, UsageError
from monitor.manifest import lost_manifest, read_manifest
from monitor.privacy import EXPECTED_KEYS
from monitor.recovery import recover
from monitor.run import BUILDING, EVERYBODY, HANDED_OUT, Home

_LEFT_OUT = (".lock", "prefect", "published/warehouse.duckdb", "landing/hashes.json", f"keys/{EXPECTED_KEYS}")
_OBJECTS, _SNAPSHOTS = "objects", "snapshots"
_RESTORED = "从备份恢复(monitor restore),或重跑这一晚"
Files = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Kept:
    """A backup that was made: its list, how many files it holds, and how many contents were new, in bytes."""

    snapshot: Path
    files: int
    new_files: int
    new_bytes: int
    forgotten: int


def back_up(home: Home, folder: Path, *, with_keys: bool = False, keep: int = 0) -> Kept:
    """Copy a home into a folder of backups.

    Args:
        home: is held meanwhile, so that no night runs.
        folder: is made if it is not there; may hold earlier backups of the same home.
        with_keys: the keys too. Without them a restored home waits until they are put back.
        keep: newest backups to keep; older ones are deleted with every content that no other needs. 0 keeps all.

    Raises:
        Damaged: a file of a run is not what its manifest says; names every one.
        NightIsRunning: a night holds the home.
        UsageError: the home is none, or the folder lies inside it.
    """
    if not home.runs.is_dir():
        raise UsageError("没有可备份的工作目录。", [Fault(str(home.root), "不是工作目录", remedy="用 --home 指定")])
    if folder.resolve().is_relative_to(home.root.resolve()):
        fault = Fault(str(folder), "在工作目录之内", remedy="用 --to 指定另一块盘上的目录")
        raise UsageError("备份不能放在工作目录里面。", [fault])
    with home.locked():
        recover(home)
        _must_be_as_promised(home)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files, new = _store(home, folder, with_keys=with_keys)
        keys = {path.name: sha256_of(path) for path in sorted(home.keys.glob("[!.]*")) if path.name != EXPECTED_KEYS}
        snapshot = _write_snapshot(folder, _newest(home), {"files": files, "keys": keys, "with_keys": with_keys})
    return Kept(snapshot, len(files), len(new), sum(new), _forget(folder, keep) if keep else 0)


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
    """A backup of a damaged home would pass for a good one on the day that it is needed."""
    faults = [lost_manifest(folder) for folder in home.runs_without_manifest()]
    for run in home.run_folders():
        for name, promised in read_manifest(run)["outputs"].items():
            path = run / name
            if name.partition("/")[0] in HANDED_OUT:
                continue  # they lie where offices read them, and may be filled in there
            if not path.is_file():
                faults += [] if path.stem in EVERYBODY else [Fault(str(path), "不见了", remedy=_RESTORED)]
            elif sha256_of(path) != promised["sha256"]:
                faults.append(Fault(str(path), "与清单所记不同", remedy=_RESTORED))
    if faults:
        raise Damaged("工作目录里有损坏的文件,没有备份。", faults)


def _paths(home: Home, *, with_keys: bool) -> Iterator[Path]:
    left_out = {home.root / name for name in _LEFT_OUT} | (set() if with_keys else {home.keys})
    for folder, folders, names in os.walk(home.root):
        here = Path(folder)
        folders[:] = sorted(n for n in folders if here / n not in left_out and not n.startswith(BUILDING))
        yield from (here / name for name in sorted(names) if here / name not in left_out and not (here / name).is_symlink())


def _store(home: Home, folder: Path, *, with_keys: bool) -> tuple[Files, list[int]]:
    """Every file of the home, and the bytes of each content that was not there before."""
    files: Files = {}
    new = []
    for path in _paths(home, with_keys=with_keys):
        state, sha256 = path.stat(), sha256_of(path)
        kept = _object(folder, sha256)
        if not kept.is_file() or kept.stat().st_size != state.st_size:
            sha256 = _keep(path, folder)
            new.append(state.st_size)
        name = path.relative_to(home.root).as_posix()
        files[name] = {"sha256": sha256, "bytes": state.st_size, "mode": state.st_mode & 0o777}
    for one in (folder / _OBJECTS, folder):
        make_durable(one)
    return files, new


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
            faults.append(Fault(f"{name} ({source})", found, remedy="用 --snapshot 选另一份备份,或另一处的备份"))
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
