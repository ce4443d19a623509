"""Put things on disk so that a crash at any moment, a power cut too, leaves either what was there before or what is there now.

The order is always the same: write beside, force the content to disk, rename, force the folder to disk.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import re
import shutil
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}
ASIDE = ".aside"
# every file that is written beside ends so; what ends so when nobody writes was left by a process that died
_BESIDE = re.compile(r"\..+\.[0-9a-f]{16,32}(\.wal)?")


def write_whole(path: Path, content: str | bytes, *, mode: int = 0o666) -> None:
    """Write a file whole or not at all, and force it and its name to disk; it never has more rights than `mode`."""
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        make_durable(beside)
        beside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
    make_durable(path.parent)


def make_durable(path: Path) -> None:
    """Force a file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_tree_durable(folder: Path) -> None:
    """Force every file and folder below a folder, and the folder itself, to disk."""
    for inner, _, names in os.walk(folder, topdown=False):
        for name in names:
            make_durable(Path(inner, name))
        make_durable(Path(inner))


def put_in_place(source: Path, target: Path) -> bool:
    """Give a finished folder the name of another one, or the free name; return whether the two changed names.

    If they did, `source` names the older one afterwards. Whoever looks finds one of the two at every moment, but on file
    systems that cannot exchange names (some network shares), where the older one is called `.<name>.aside` for a moment.
    """
    changed = target.exists()
    if not changed:
        source.rename(target)
    elif not _exchanged(source, target):
        target.rename(_aside_of(target))
        source.rename(target)
        _aside_of(target).rename(source)
    for parent in {source.parent, target.parent}:
        make_durable(parent)
    return changed


def left_beside(folder: Path) -> Iterator[Path]:
    """Files below a folder that were being written when their process died. Only for who holds the home."""
    return (path for path in folder.rglob(".*") if _BESIDE.fullmatch(path.name) and not path.is_dir())


def sha256_of(path: Path) -> str:
    """The sha256 of a file's content, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove(path: Path) -> None:
    """Delete a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        with suppress(FileNotFoundError):
            path.unlink()


def _aside_of(target: Path) -> Path:
    return target.with_name(f".{target.name}{ASIDE}")


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the file system let both change names in one step."""
    sys.audit("os.rename", str(one), str(other), -1, -1)  # as os.rename does
    call = _renameat2()
    if call is None:
        return False
    if call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(one))


@cache
def _renameat2() -> Any:
    """What Linux has since 3.15 and Python not yet; None elsewhere."""
    with suppress(AttributeError):
        return ctypes.CDLL(None, use_errno=True).renameat2
    return None
