"""Secrets by reference: the settings name an environment variable or a file, never the secret itself."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel

from monitor.pulling.trouble import Trouble

_MOST_BYTES = 64 * 1024


def secret_of(source: BaseModel, name: str) -> str:
    """The secret that `<name>_env` or `<name>_file` of a source refers to; "" when neither is given.

    Raises:
        Trouble: the variable is not set, or the file cannot be read or may be read by others.
    """
    variable: str | None = getattr(source, f"{name}_env")
    path: Path | None = getattr(source, f"{name}_file")
    if variable:
        if value := os.environ.get(variable, ""):
            return value
        raise Trouble(f"环境变量 {variable} 没有设置", "设置好再运行(systemd 用 EnvironmentFile,cron 写在命令前)")
    if not path:
        return ""
    if value := private_text(path):
        return value
    raise Trouble(f"密钥文件 {path.name} 是空的")


def private_text(path: Path) -> str:
    """The text of a file that only its owner may read, without the line end behind it.

    Raises:
        Trouble: it is not there, too large, no text, or open to others.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise Trouble(f"密钥文件 {path.name} 别人也能读", f"运行 chmod 600 {path}")
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8").strip("\r\n")
    except OSError as error:
        raise Trouble(f"密钥文件 {path.name} 读不了({error.strerror})", "核对路径和权限") from None
    except UnicodeDecodeError:
        raise Trouble(f"密钥文件 {path.name} 不是文本") from None
