"""What keeps identity in its zone: masks for lists, keyed tokens for analysts, codes that only this home can make."""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from hashlib import sha256
from pathlib import Path

import duckdb

from monitor.durable import make_durable
from monitor.encryption import HomeKey
from monitor.errors import Fault, UsageError
from monitor.store import literal

TOKEN_KEY, AUDIT_KEY = "token.key", "audit.key"
# keys that a home makes for itself and that nothing can take the place of
KEYS_MADE_ONCE = (TOKEN_KEY, AUDIT_KEY)
# a restored home whose keys lie elsewhere: which ones it waits for, name -> sha256
EXPECTED_KEYS = "expected.json"
TOKEN_LENGTH = 32
_LOCKED = "locked:"
_NEW_KEY_MEANS = "换了密钥,已发出名单的核验码都不再有效"
# Crockford's base 32: no I, L, O, U, so that what is read aloud or copied by hand comes back as it was
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # pragma: allowlist secret
_VISIT_CODE = re.compile(rf"([VRA]\d{{6}}-\d{{8}}-\d{{4,9}})\.(\d{{6}})\.([{CROCKFORD}]{{10}})", re.ASCII)
_MISREAD = str.maketrans("OIL", "011")


def make_mask_macro(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection the macro `masked_id(text)`, which shows only the last four characters of an ID."""
    connection.execute("create or replace temp macro masked_id(id) as repeat('*', greatest(0, length(id) - 4)) || right(id, 4)")


def token_key(folder: Path, home_key: HomeKey | None = None) -> bytes:
    """The key of this installation's tokens, made once; whoever holds it can link tokens to IDs.

    Args:
        folder: the home's folder of keys; the file in it is readable by its owner only.
        home_key: that of an encrypted home, by which the file is locked.

    Returns:
        32 bytes.

    Raises:
        UsageError: the file is locked, and not with this key; or a restored home lacks keys.
    """
    return _read_token_key(_made_once(folder / TOKEN_KEY, home_key), home_key)


def key_made_once(folder: Path, name: str) -> bytes:
    """A key of 256 bits, made when it is first asked for and never locked: it protects nothing that says who somebody is.

    Args:
        folder: the home's folder of keys; the file in it is readable by its owner only.
        name: of the file.
    """
    return bytes.fromhex(_made_once(folder / name, None).read_text(encoding="ascii").strip())


def _made_once(path: Path, home_key: HomeKey | None) -> Path:
    """The file of a key, made if it is not there. A key that is lost takes all tokens with it: its name is forced to disk too.

    Raises:
        UsageError: as `keys_must_be_back`.
    """
    keys_must_be_back(path.parent)
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        with _beside(path, secrets.token_bytes(32), home_key) as made, suppress(FileExistsError):
            os.link(made, path)  # the first one wins; a key that exists is never replaced
        make_durable(path.parent)
    return path


def keys_must_be_back(folder: Path) -> None:
    """Refuse a restored home that has not the keys that it had.

    Raises:
        UsageError: one is lacking or another; with it no list in the field could be answered.
    """
    path = folder / EXPECTED_KEYS
    if not path.is_file():
        return
    expected: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    faults = [
        Fault(str(folder / name), found, "备份时的那个文件", _NEW_KEY_MEANS, "把另行保管的密钥放回去")
        for name, promised in expected.items()
        if (found := _unlike(folder / name, promised))
    ]
    if faults:
        raise UsageError("恢复的工作目录还缺密钥。", faults)


def keys_are_back(folder: Path) -> None:
    """Let a restored home that has all its keys wait for them no longer.

    Raises:
        UsageError: as `keys_must_be_back`.
    """
    keys_must_be_back(folder)
    (folder / EXPECTED_KEYS).unlink(missing_ok=True)


def _unlike(path: Path, promised: str) -> str:
    """How a key differs from the one that is expected; "" if it is the one."""
    if not path.is_file():
        return "没有"
    return "" if sha256(path.read_bytes()).hexdigest() == promised else "是另一个密钥,或换过锁的同一个"


def relock_token_key(folder: Path, home_key: HomeKey | None, to: HomeKey | None) -> None:
    """Lock the key of tokens with another key, or leave it clear; its value, and so every token, stays.

    Raises:
        UsageError: it is locked with neither key.
    """
    path = folder / TOKEN_KEY
    if path.is_file() and not (home_key == to and _is_locked(path) == bool(to)):
        try:
            key = _read_token_key(path, home_key)
        except UsageError:
            key = _read_token_key(path, to)  # it was done before
        with _beside(path, key, to) as made:
            os.replace(made, path)


def _is_locked(path: Path) -> bool:
    return path.read_text(encoding="ascii").startswith(_LOCKED)


def _read_token_key(path: Path, home_key: HomeKey | None) -> bytes:
    text = path.read_text(encoding="ascii").strip()
    if not text.startswith(_LOCKED):
        return bytes.fromhex(text)
    key = home_key.unlock("token", bytes.fromhex(text.removeprefix(_LOCKED))) if home_key else None
    if key is None:
        fault = Fault(str(path), "打不开", "加密这个工作目录的密钥", "它决定所有代号", "设置正确的 MONITOR_ENCRYPTION_KEY_FILE")
        raise UsageError("代号密钥已加密,给的密钥不对。", [fault])
    return key


@contextmanager
def _beside(path: Path, key: bytes, home_key: HomeKey | None) -> Iterator[Path]:
    """A finished file with the key, to be moved to `path`; it is gone afterwards."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    text = _LOCKED + home_key.lock("token", key).hex() if home_key else key.hex()
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as handle:
        handle.write(text + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    try:
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def token(key: bytes, text: str) -> str:
    """The token of an ID or household id, as the `token` macro makes it."""
    return sha256((_secret(key, b"token") + text).encode()).hexdigest()[:TOKEN_LENGTH]


def make_token_macro(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Give a connection the macro `token(text)`; it is temporary and never reaches a file.

    Half of a hash that begins with a secret: without the secret no ID can be tried out, and without the other half no token
    can be prolonged. Secret and ID fit into one block of the hash, a quarter of the work of HMAC. Null stays null.
    """
    secret = literal(_secret(key, b"token"))
    connection.execute(f"create or replace temp macro token(id) as left(sha256({secret} || id), {TOKEN_LENGTH})")


def make_month_macro(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Give a connection the macro `to_month(evidence)`: what stands in it as a day under one of the names keeps its month only.

    A day of death and a township tell who somebody was. Null stays null.
    """
    pattern = literal(rf'("(?:{"|".join(names)})":"\d{{4}}-\d\d)-\d\d"')
    connection.execute(
        rf"""create or replace temp macro to_month(evidence) as regexp_replace(evidence, {pattern}, '\1"', 'g')"""
    )


def visit_code(key: bytes, case_no: str, as_of: date) -> str:
    """The code of a row of a list (核验码): `<case number>.<yymmdd of the list>.<10 characters of Crockford's base 32>`.

    The last part is 50 bits of a hash that begins with a secret of this installation, so a code that was changed, invented or
    made elsewhere does not verify.
    """
    sign = sha256(f"{_secret(key, b'visit')}{case_no}|{as_of:%y%m%d}".encode()).hexdigest()
    bits = int(sign[:13], 16) >> 2
    return f"{case_no}.{as_of:%y%m%d}." + "".join(CROCKFORD[bits >> shift & 31] for shift in range(45, -1, -5))


def make_visit_code_macro(connection: duckdb.DuckDBPyConnection, key: bytes, as_of: date) -> None:
    """Give a connection the macro `visit_code(case_no)`, which is `visit_code` of that day; null stays null."""
    day, secret = literal(f"{as_of:%y%m%d}"), literal(_secret(key, b"visit"))
    connection.execute(f"""
        create or replace temp macro visit_bits(case_no) as
            ('0x' || left(sha256({secret} || case_no || '|' || {day}), 13))::bigint >> 2;
        create or replace temp macro visit_letter(bits, shift) as
            substr('{CROCKFORD}', ((bits >> shift) & 31)::integer + 1, 1);
        create or replace temp macro visit_code(case_no) as case_no || '.' || {day} || '.' ||
            {" || ".join(f"visit_letter(visit_bits(case_no), {shift})" for shift in range(45, -1, -5))}""")


def read_visit_code(text: str) -> tuple[str, date, str] | None:
    """Case number, day of the list and the code as it must have been written; None when it has not the form of one.

    Small letters and the letters that Crockford reads as digits (O as 0, I and L as 1) are taken as meant; nothing else is.
    """
    match = _VISIT_CODE.fullmatch(text.upper().translate(_MISREAD))
    if match is None:
        return None
    number, day = match[1], match[2]
    try:
        return number, date(2000 + int(day[:2]), int(day[2:4]), int(day[4:])), match[0]
    except ValueError:
        return None


def is_visit_code(key: bytes, text: str) -> bool:
    """Whether this installation made the code; takes as long for a wrong one as for a right one."""
    read = read_visit_code(text)
    return read is not None and hmac.compare_digest(visit_code(key, read[0], read[1]), read[2])


def _secret(key: bytes, purpose: bytes) -> str:
    """128 bits of a sub-key, as 32 characters: with an ID of 18 they fill one block of 55."""
    return hmac.digest(key, purpose, "sha256").hex()[:32]
