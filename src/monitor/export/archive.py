"""A zip that only a password opens: AES-256 as WinZip and 7-Zip know it (AE-2, which keeps no checksum of what is inside).

The names of the files inside can be read without the password; they hold division codes only. The format stretches passwords
little (PBKDF2, 1,000 rounds), so short ones are refused.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from monitor.errors import Fault, UsageError

SHORTEST = 12


def read_password(variable: str | None, file: Path | None) -> str:
    """The password, from an environment variable or the first line of a file; not from the command line, which others can read.

    Raises:
        UsageError: not exactly one place is given, there is none, or it is too short or may be typed differently elsewhere.
    """
    if bool(variable) == bool(file):
        fault = Fault("--password-env / --password-file", "两个都写了" if variable else "都没有写", "其中一个")
        raise UsageError("压缩包要有密码。", [fault])
    where = f"--password-env {variable}" if variable else f"--password-file {file}"
    password = os.environ.get(variable, "") if variable else _first_line(file or Path())
    if len(password) < SHORTEST or not (password.isascii() and password.isprintable()):
        allowed = f"至少{SHORTEST}个英文字母、数字或半角符号"
        why = "短密码容易被试出来;中文和全角符号在不同软件里编码不同,会打不开"
        raise UsageError("密码不合要求。", [Fault(where, f"{len(password)}个字符", allowed, why)])
    return password


def write_archive(target: Path, files: Mapping[str, Path], day: date, password: str) -> None:
    """Write the files into a new zip. All but salt and cipher text is the same whenever it is made.

    Args:
        target: must not be there yet; readable by its owner only.
        files: name inside -> file.
        day: the date that every file inside bears.
        password: what opens it.
    """
    import pyzipper  # here: only who asks for a zip waits for it

    handle = os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b")
    with handle, pyzipper.AESZipFile(handle, "w", compression=pyzipper.ZIP_DEFLATED) as archive:
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256, force_wz_aes_version=2)
        for name, path in files.items():
            entry = archive.zipinfo_cls(name, date_time=(day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.file_size = pyzipper.ZIP_DEFLATED, path.stat().st_size
            entry.external_attr = 0o600 << 16
            with path.open("rb") as source, archive.open(entry, "w") as inside:
                shutil.copyfileobj(source, inside, 1 << 20)


def _first_line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").split("\n")[0].rstrip("\r")
    except UnicodeDecodeError:
        return ""
    except OSError as error:
        raise UsageError("密码文件读不了。", [Fault(str(file), error.strerror or "读不了")]) from None
