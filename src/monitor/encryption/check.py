"""Which key a home is encrypted with: a small file in `<home>/keys/` that proves a key without telling it.

`encryption.json` holds a known text, locked. No file: the home is clear. While a home is re-encrypted the file names both keys,
and nothing but the continuation of that work opens the home.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from monitor.durable import make_durable, write_whole
from monitor.encryption.key import HomeKey, key_of
from monitor.errors import Fault, UsageError
from monitor.settings import Settings

_KNOWN = b"low-income population dynamic monitoring"
_PURPOSE = "check"
_SET = "设置 MONITOR_ENCRYPTION_KEY_FILE(密钥文件)或 MONITOR_ENCRYPTION_KEY"


@dataclass(frozen=True)
class Check:
    """One key's proof.

    Attributes:
        mark: 8 digits by which people tell keys apart.
        locked: the known text, locked with the key, in hexadecimal digits.
    """

    mark: str
    locked: str

    def fits(self, key: HomeKey | None) -> bool:
        """Whether this is the key."""
        return key is not None and key.unlock(_PURPOSE, bytes.fromhex(self.locked)) == _KNOWN


@dataclass(frozen=True)
class Encryption:
    """How a home is encrypted.

    Attributes:
        key: with which; None if it is clear.
        to: with which it is being re-encrypted (None: it is being made clear); only while `changing`.
        changing: re-encryption was begun and is not at its end.
    """

    key: Check | None = None
    to: Check | None = None
    changing: bool = False


def check_file(home: Path) -> Path:
    """Where the proof lies."""
    return home / "keys" / "encryption.json"


def check_of(key: HomeKey | None) -> Check | None:
    """A new proof of a key."""
    return Check(key.mark, key.lock(_PURPOSE, _KNOWN).hex()) if key else None


def encryption_of(home: Path) -> Encryption:
    """How a home is encrypted.

    Raises:
        UsageError: the file that says so cannot be read.
    """
    path = check_file(home)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        parts = {name: Check(**told[name]) if told[name] else None for name in ("key", "to")}
        return Encryption(parts["key"], parts["to"], bool(told["changing"]))
    except FileNotFoundError:
        return Encryption()
    except (ValueError, KeyError, TypeError):
        fault = Fault(str(path), "内容损坏", why="不知道工作目录用哪把密钥加密", remedy="从备份恢复这个文件")
        raise UsageError("工作目录的加密标记读不了。", [fault]) from None


def write_encryption(home: Path, encryption: Encryption) -> None:
    """Say how a home is encrypted from now on, whole or not at all; a clear home has no such file."""
    path = check_file(home)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if encryption == Encryption():
        path.unlink(missing_ok=True)
    else:
        told = {
            name: one and {"mark": one.mark, "locked": one.locked}
            for name, one in (("key", encryption.key), ("to", encryption.to))
        }
        write_whole(path, json.dumps(told | {"changing": encryption.changing}, indent=1, sort_keys=True) + "\n", mode=0o600)
    make_durable(path.parent)


def must_fit(settings: Settings) -> HomeKey | None:
    """The key of the settings, if it is the home's; asked before anything of a home is opened or written.

    Raises:
        UsageError: the key is missing, wrong, or set for a home that is still clear; or re-encryption is not at its end.
    """
    key, encryption, home = key_of(settings), encryption_of(settings.home), settings.home
    if encryption.changing:
        fault = Fault(
            str(home),
            "加密或换钥中断在半途",
            why="一部分文件用新密钥,一部分还没有",
            remedy="再执行一次同样的 monitor keys 命令",
        )
        raise UsageError("工作目录正在换密钥,暂不能用。", [fault])
    if encryption.key and not key:
        raise UsageError("工作目录已加密,没有给密钥。", [Fault(str(home), f"用密钥 {encryption.key.mark} 加密", remedy=_SET)])
    if encryption.key and key and not encryption.key.fits(key):
        fault = Fault(str(home), f"给的密钥是 {key.mark}", f"密钥 {encryption.key.mark}", remedy="换成这个工作目录的密钥")
        raise UsageError("密钥不对,什么都没有打开。", [fault])
    if key and not encryption.key and _holds_data(home):
        why = "明文和密文不能混放"
        fault = Fault(str(home), "设了密钥,而已有的数据是明文", why=why, remedy="先执行 monitor keys encrypt,或去掉密钥设置")
        raise UsageError("工作目录还没有加密。", [fault])
    return key


def adopt(settings: Settings) -> HomeKey | None:
    """A new home takes the key of the settings for good; returns the key.

    Raises:
        UsageError: as `must_fit`.
    """
    key = must_fit(settings)
    if key and not encryption_of(settings.home).key:
        write_encryption(settings.home, Encryption(check_of(key)))
    return key


def refuse_what_cannot_be_encrypted(settings: Settings) -> None:
    """Spark shuffles and stores in files of its own, which are not encrypted.

    Raises:
        UsageError: a key is set and Spark is to work.
    """
    if settings.engine == "spark" and key_of(settings):
        why = "Spark 的中间文件不加密,人员信息会以明文留在它的磁盘上"
        fault = Fault("engine", "spark", "duckdb", why, "去掉 engine = spark,或在整盘加密的机器上不设密钥")
        raise UsageError("设了加密密钥时不能用 Spark。", [fault])


def _holds_data(home: Path) -> bool:
    """Whether a night has left anything restricted in the home."""
    return any(next(home.glob(pattern), None) for pattern in ("landing/*/*.parquet", "runs/*/*.parquet"))
