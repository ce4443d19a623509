"""The key of a home: where it comes from, and what is derived from it.

256 bits, as 64 hexadecimal digits, in a file of its owner's (`MONITOR_ENCRYPTION_KEY_FILE`) or in the environment
(`MONITOR_ENCRYPTION_KEY`). It never stands in the settings file nor on the command line, and never lies in the home that it
locks. Nothing is encrypted with the key itself: every purpose has a key of its own, HMAC-SHA256 of the purpose.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from monitor.errors import Fault, UsageError
from monitor.settings import Settings

_NONCE = 12
_WRITTEN = re.compile(rb"[0-9a-fA-F]{64}")
_FORM = "64 个十六进制数字(256 位)"
_MADE_BY = "用 monitor keys new 文件 生成"


@dataclass(frozen=True, repr=False)
class HomeKey:
    """A key; its text shows nothing of it.

    Attributes:
        secret: 32 bytes.
    """

    secret: bytes

    def part(self, purpose: str) -> bytes:
        """The 32 bytes for one purpose; of one part neither the key nor another part can be found."""
        return hmac.digest(self.secret, f"monitor/{purpose}".encode(), "sha256")

    @property
    def mark(self) -> str:
        """8 digits by which people tell keys apart."""
        return self.part("mark").hex()[:8]

    def lock(self, purpose: str, content: bytes) -> bytes:
        """Encrypt a small secret: AES-256-GCM, nonce first."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self.part(purpose)).encrypt(nonce, content, purpose.encode())

    def unlock(self, purpose: str, locked: bytes) -> bytes | None:
        """What was locked for this purpose; None when it was not locked with this key, or was changed."""
        try:
            return AESGCM(self.part(purpose)).decrypt(locked[:_NONCE], locked[_NONCE:], purpose.encode())
        except (InvalidTag, ValueError):
            return None


def key_of(settings: Settings) -> HomeKey | None:
    """The key that the settings name; None when they name none.

    Raises:
        UsageError: both are set, the key has not its form, or its file is missing, open to others or inside the home.
    """
    if settings.encryption_key is not None and settings.encryption_key_file is not None:
        fault = Fault("MONITOR_ENCRYPTION_KEY、MONITOR_ENCRYPTION_KEY_FILE", "两个都设了", "只设一个")
        raise UsageError("加密密钥有误。", [fault])
    if settings.encryption_key_file is not None:
        return read_key(settings.encryption_key_file, settings.home)
    if settings.encryption_key is not None:
        return _parsed(settings.encryption_key.get_secret_value().encode(), "MONITOR_ENCRYPTION_KEY")
    return None


def read_key(path: Path, home: Path) -> HomeKey:
    """Read a key file.

    Raises:
        UsageError: it is missing, open to others, inside the home, or holds no key.
    """
    where = str(path)
    try:
        mode, content = stat.S_IMODE(path.stat().st_mode), path.read_bytes()
    except OSError as error:
        raise UsageError("加密密钥读不了。", [Fault(where, error.strerror or "读不了", "一个可读的密钥文件")]) from None
    faults = []
    if mode & 0o077:
        faults.append(Fault(where, f"权限 {mode:04o}", "0600 或 0400", "同机其他用户能看到密钥", f"chmod 600 {path}"))
    if path.resolve().is_relative_to(home.resolve()):
        why = "拿走工作目录或其备份的人同时拿到密钥"
        faults.append(Fault(where, "放在工作目录里", "工作目录以外", why, "移到别处"))
    if faults:
        raise UsageError("加密密钥不能用。", faults)
    return _parsed(content, where)


def write_new_key(path: Path) -> HomeKey:
    """Make a key and write it to a new file that only its owner can read.

    Raises:
        UsageError: there is a file of that name, or it cannot be written.
    """
    key = HomeKey(secrets.token_bytes(32))
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(key.secret.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        why = "覆盖密钥,用它加密的数据就再也打不开"
        raise UsageError("没有生成密钥。", [Fault(str(path), "已有这个文件", "一个新文件名", why)]) from None
    except OSError as error:
        raise UsageError("没有生成密钥。", [Fault(str(path), error.strerror or "写不了")]) from None
    return key


def _parsed(content: bytes, where: str) -> HomeKey:
    text = content.strip()
    if not _WRITTEN.fullmatch(text):
        raise UsageError("加密密钥有误。", [Fault(where, f"{len(text)} 个字符,不是密钥", _FORM, remedy=_MADE_BY)])
    return HomeKey(bytes.fromhex(text.decode()))
