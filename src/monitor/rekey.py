"""Give a home another key, encrypt one that is clear, or make an encrypted one clear: file by file, and resumable.

Every file is written anew beside itself with the new key, put on disk and renamed, so a crash loses nothing: afterwards each
file is readable with one of the two keys, `keys/encryption.json` names both, and the same call does what is left. Tokens stay
the same, because the key of tokens is only locked anew; so the analyst file stays as it is.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from monitor.answers import EXTRACT
from monitor.durable import left_beside, sha256_of
from monitor.encryption import HomeKey
from monitor.encryption.check import Check, Encryption, check_of, encryption_of, write_encryption
from monitor.errors import Fault, UsageError
from monitor.privacy import keys_are_back, relock_token_key
from monitor.recovery import unfinished
from monitor.run import MANIFEST, Home, read_manifest, write_manifest
from monitor.settings import Settings
from monitor.sources.landing import ROWS_ENCODING
from monitor.store import connect_between, rows_stored, stored_before, write_json, write_parquet

Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Stored:
    """The restricted Parquet files of a home: how many are encrypted, how many clear."""

    encrypted: int
    clear: int


def rekey(settings: Settings, before: HomeKey | None, after: HomeKey | None, report: Report) -> int:
    """Re-encrypt a home.

    Args:
        settings: of the home; its key is not asked.
        before: the key of the home; None if it is clear.
        after: the key to be; None to make it clear.
        report: called with ("rekey", files done, files).

    Returns:
        files written anew; those that an interrupted call had done are not.

    Raises:
        NightIsRunning: a night holds the home.
        UsageError: `before` is not its key, both are the same, another change was begun, or collected answers are damaged, and
            nothing was written; or a file is readable with neither key, and the work stands still before it.
    """
    home = Home(settings.home)
    _must_lead_from(home.root, before, after)
    with home.locked():
        if not encryption_of(home.root).changing:
            _must_be_as_written(home)
        keys_are_back(home.keys)  # afterwards the file of the key of tokens is another one
        write_encryption(home.root, Encryption(check_of(before), check_of(after), changing=True))
        _drop_leftovers(home)
        relock_token_key(home.keys, before, after)
        paths = stored_files(home)
        with connect_between(settings, before, after) as connection:
            written = 0
            for done, path in enumerate(paths, start=1):
                written += _rewritten(connection, home, path)
                report("rekey", done, len(paths))
        for manifest in sorted(home.runs.rglob(MANIFEST)):
            _tell_anew(manifest.parent)
        for proof in _proofs(home):
            _prove_anew(proof)
        write_encryption(home.root, Encryption(check_of(after)))
    return written


def stored_files(home: Home) -> list[Path]:
    """Every restricted Parquet file, also of runs that were replaced."""
    return sorted(path for folder in (home.landing, home.runs) for path in folder.rglob("*.parquet"))


def count_stored(home: Home) -> Stored:
    """Count them by their first four bytes, without a key."""
    marks = [_first_bytes(path) for path in stored_files(home)]
    return Stored(marks.count(b"PARE"), marks.count(b"PAR1"))


def _must_lead_from(root: Path, before: HomeKey | None, after: HomeKey | None) -> None:
    """Whether this change may be begun, or is the one that was begun."""
    now = encryption_of(root)
    if before == after:
        raise UsageError("没有换密钥。", [Fault(str(root), "新旧密钥相同", "另一把密钥", remedy="用 monitor keys new 生成")])
    if not _is(now.key, before):
        found = f"密钥 {before.mark}" if before else "没有给密钥"
        allowed = f"密钥 {now.key.mark}" if now.key else "明文(用 monitor keys encrypt)"
        raise UsageError("给的不是工作目录现在的密钥,什么都没有写。", [Fault(str(root), found, allowed)])
    if now.changing and not _is(now.to, after):
        allowed = f"继续换成密钥 {now.to.mark}" if now.to else "继续解密(monitor keys decrypt)"
        raise UsageError("上次换密钥没有做完,不能改换别的。", [Fault(str(root), "与上次的目标不同", allowed)])


def _is(check: Check | None, key: HomeKey | None) -> bool:
    return check.fits(key) if check else key is None


def _drop_leftovers(home: Home) -> None:
    """What crashed nights left can be made again, and would stay as it was encrypted then."""
    for folder in (*home.runs.glob(".*/work"), *unfinished(home)):
        shutil.rmtree(folder)
    for path in [path for folder in (home.landing, home.runs) for path in left_beside(folder)]:
        path.unlink()


def _rewritten(connection: duckdb.DuckDBPyConnection, home: Home, path: Path) -> bool:
    """Write a file with the key to be; false when it is readable with it already."""
    try:
        rows_stored(connection, path)
    except duckdb.Error:
        is_rows = path.parent.parent == home.landing and path.parent.name != EXTRACT and ".quarantine." not in path.name
        try:
            write_parquet(connection, f"from {stored_before(path)}", path, encoding=ROWS_ENCODING if is_rows else "")
        except duckdb.InvalidInputException:
            fault = Fault(
                str(path.relative_to(home.root)),
                "新旧密钥都打不开",
                why="文件损坏,或属于别的工作目录",
                remedy="从备份恢复后再执行一次",
            )
            raise UsageError("换密钥停在一个打不开的文件。", [fault]) from None
        return True
    return False


def _tell_anew(folder: Path) -> None:
    """The manifest names the hash and the size of what lies in the folder now."""
    manifest = read_manifest(folder)
    for name, figures in manifest["outputs"].items():
        path = folder / name
        if path.suffix == ".parquet" and path.is_file():
            figures |= {"sha256": sha256_of(path), "bytes": path.stat().st_size}
    write_manifest(folder, manifest)


def _proofs(home: Home) -> list[Path]:
    """What landing noted beside the files it wrote, of deliveries and of answers."""
    return [path for path in sorted(home.landing.glob("*/*.json")) if path.stem.count(".") == 0]


def _hashes(proof: Path, noted: dict[str, Any]) -> dict[str, Any]:
    """The part of such a note that tells the hashes of files, as they are now; "" for one that is not there."""
    hashes: dict[str, Any] = {}
    if noted.get("files"):
        hashes["files"] = {name: _hash_of(proof.with_name(name)) for name in noted["files"]}
    if noted.get("content"):
        hashes["content"] = _hash_of(proof.with_suffix(".parquet"))
    return hashes


def _hash_of(path: Path) -> str:
    return sha256_of(path) if path.is_file() else ""


def _must_be_as_written(home: Home) -> None:
    """What is damaged must not be proved anew: deliveries are read again by the next night, answers may exist here alone."""
    damaged = [proof for proof in _proofs(home) if not _is_as_written(proof)]
    remedy = "把原来收回的名单放回 answers 后运行 monitor collect,或从备份恢复(monitor restore)"
    faults = [
        Fault(str(proof.relative_to(home.root)), "文件与收件时不同或已丢失", remedy=remedy)
        for proof in damaged
        if proof.parent.name == EXTRACT
    ]
    if faults:
        raise UsageError("已收的核查结果有损坏,什么都没有写。", faults)
    for proof in damaged:
        proof.unlink()


def _is_as_written(proof: Path) -> bool:
    try:
        noted = json.loads(proof.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return bool(noted | _hashes(proof, noted) == noted)


def _prove_anew(proof: Path) -> None:
    noted = json.loads(proof.read_text(encoding="utf-8"))
    write_json(proof, noted | _hashes(proof, noted))


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)
