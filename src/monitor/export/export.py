"""Copy a role's files out of a home: whole or not at all, closed to other users, recorded before they are there."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from monitor import audit
from monitor.durable import make_durable, remove, sha256_of
from monitor.errors import Fault, UsageError
from monitor.export.archive import write_archive
from monitor.export.roles import Role, files_for, night_of
from monitor.run import Home
from monitor.settings import Settings

# while it is written: .<role>-<as_of>[-<county>][.zip].<32 hexadecimal digits>
_UNFINISHED = re.compile(rf"\.({'|'.join(Role)})-\d{{4}}-\d\d-\d\d(-\d{{6}})?(\.zip)?\.[0-9a-f]{{32}}")


@dataclass(frozen=True)
class Exported:
    """What was handed out: a folder or a zip, and how many files and bytes of the home went into it."""

    path: Path
    files: int
    bytes: int


def export(
    settings: Settings, role: Role, as_of: date, out: Path, *, county: str | None = None, password: str | None = None
) -> Exported:
    """Put a role's files of a night into `out/<role>-<as_of>[-<county>]`, or into a zip of that name.

    The home is held meanwhile: the files are all of one version of the night, and of the night that the name says.

    Args:
        settings: of the home.
        role: who gets them.
        as_of: the night; of the public's files any night of their month: named and recorded is the one that was counted.
        out: folder outside the home, made if it is not there.
        county: only this county's lists.
        password: makes a zip that it opens; a plain folder when not given.

    Raises:
        UsageError: there is nothing to hand out, `out` lies in the home, or the name is taken.
        NightIsRunning: another process holds the home.
    """
    home = Home(settings.home)
    with home.locked():
        files = files_for(role, home, as_of, county)
        as_of = night_of(role, settings, as_of)
        name = "-".join(filter(None, (role.value, as_of.isoformat(), county)))
        target = out.absolute() / (f"{name}.zip" if password else name)
        _must_be_free(home.root, target)
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(out)
        beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
        try:
            if password:
                write_archive(beside, files, as_of, password)
                make_durable(beside)
            else:
                _copy(files, beside)
            size = sum(path.stat().st_size for path in files.values())
            audit.record(
                home.root,
                audit.Action.EXPORTED,
                role=role.value,
                as_of=as_of,
                county=county,
                files=len(files),
                bytes=size,
                to=target,
                zip=password is not None,
                sha256=sha256_of(beside) if password else None,
            )
            beside.rename(target)
            make_durable(target.parent)
        finally:
            shutil.rmtree(beside, ignore_errors=True) if beside.is_dir() else beside.unlink(missing_ok=True)
    return Exported(target, len(files), size)


def _must_be_free(home: Path, target: Path) -> None:
    if target.resolve().is_relative_to(home.resolve()):
        why = "工作目录里各处的开放范围是定好的,导出的要放到外面"
        raise UsageError("不能导出到工作目录里。", [Fault("--out", str(target.parent), "工作目录以外", why)])
    if target.exists() or target.is_symlink():
        raise UsageError("同名的已经在那里,不覆盖。", [Fault(str(target), "已存在", remedy="移走它,或换一个 --out")])


def _sweep(out: Path) -> None:
    """What an export left that was killed, of whatever role and night: names and telephones nobody would look for there."""
    for path in out.glob(".*"):
        if _UNFINISHED.fullmatch(path.name):
            remove(path)


def _copy(files: Mapping[str, Path], folder: Path) -> None:
    for name, source in files.items():
        target = folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with source.open("rb") as inside, os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as copy:
            shutil.copyfileobj(inside, copy, 1 << 20)
            copy.flush()
            os.fsync(copy.fileno())
    for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        inner.chmod(0o700)
        make_durable(inner)
