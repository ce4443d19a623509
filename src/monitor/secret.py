"""Secrets by reference: settings name an environment variable or a file, never the secret itself."""

from __future__ import annotations

import os
from pathlib import Path

# what is sent to this very machine crosses no network
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_MOST_BYTES = 64 * 1024


class NoSecret(Exception):
    """A secret cannot be had.

    Attributes:
        found: why, plain Chinese; never what stands there.
        remedy: what to do.
    """

    def __init__(self, found: str, remedy: str) -> None:
        super().__init__(found)
        self.found, self.remedy = found, remedy


def read_secret(variable: str | None, path: Path | None) -> str:
    """The secret in an environment variable or, if none is named, in a file; "" when neither is named.

    Raises:
        NoSecret: the variable is not set, or the file is empty or as `private_text` refuses it.
    """
    if variable:
        if value := os.environ.get(variable, ""):
            return value
        raise NoSecret(f"环境变量 {variable} 没有设置", "设置好再运行(systemd 用 EnvironmentFile,cron 写在命令前)")
    if not path:
        return ""
    if value := private_text(path):
        return value
    raise NoSecret(f"密钥文件 {path.name} 是空的", f"把密钥或口令写进 {path}")


def private_text(path: Path) -> str:
    """The text of a file that only its owner may read, without the line end behind it.

    Raises:
        NoSecret: it is not there, no text, or open to others.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise NoSecret(f"密钥文件 {path.name} 别人也能读", f"运行 chmod 600 {path}")
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8").strip("\r\n")
    except OSError as error:
        raise NoSecret(f"密钥文件 {path.name} 读不了({error.strerror})", "核对路径和权限") from None
    except UnicodeDecodeError:
        raise NoSecret(f"密钥文件 {path.name} 不是文本", "核对路径") from None
