"""Which extract a file is, for files that nobody has named as agreed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from monitor.contracts import extracts
from monitor.sources.arrivals import ENDINGS
from monitor.sources.opening import found_columns, missing, names_of, parquet_header
from monitor.sources.text_files import open_text
from monitor.sources.unpacking import unpack
from monitor.sources.workbooks import open_workbook

_OLD_OFFICE, _ZIP, _GZIP, _PARQUET = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"\x1f\x8b", b"PAR1"


def ending_of(name: str) -> str | None:
    """The agreed ending of a file name; None if it has another."""
    return next((ending for ending in ENDINGS if name.lower().endswith(ending)), None)


def by_name(name: str) -> str | None:
    """The extract that a file name begins with: `nhc_death_final (2).csv` is `nhc_death`."""
    begun = [extract for extract in extracts() if re.match(rf"{extract}(?![a-z0-9])", name.lower())]
    return max(begun, key=len, default=None)


def by_header(path: Path, ending: str, folder: Path) -> list[str]:
    """The extracts whose required columns a file has, those of which it has the most columns; [] when none fits.

    Args:
        path: the file.
        ending: one of `ENDINGS`.
        folder: where to put what is unpacked or decoded meanwhile.

    Raises:
        RefusalError: the file cannot be opened or decoded.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        header = _header(path, ending, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    places = {name: len(found_columns(one, header)[0]) for name, one in extracts().items() if not missing(one, header)}
    most = max(places.values(), default=0)
    return [name for name, count in places.items() if count == most]


def _header(path: Path, ending: str, folder: Path) -> tuple[str, ...]:
    plain, kind = unpack(path, ending, folder)
    if kind == ".csv":
        return open_text(plain, folder, {name for one in extracts().values() for name in names_of(one)}).header
    if kind == ".xlsx":
        return open_workbook(plain, lambda header: any(not missing(one, header) for one in extracts().values())).header
    return parquet_header(plain)


def unlike(path: Path, ending: str | None) -> str:
    """Why the content of a file cannot be what its name says, in Chinese; "" when nothing speaks against it."""
    allowed = "、".join(ENDINGS)
    with open(path, "rb") as file:
        begin = file.read(8)
    if begin.startswith(_OLD_OFFICE):
        return "这是旧版 Excel(.xls)或设有密码的工作簿,不能读取;请另存为不带密码的 .xlsx 或 CSV 后再试"
    if ending is None:
        return f"后缀不在约定之内;允许 {allowed},请用表格软件另存(不要只改文件名)后再试"
    if not begin:
        return "文件是空的(0 字节);请重新导出后再试"
    if ending == ".csv" and begin.startswith((_ZIP, _GZIP, _PARQUET)):
        return "后缀是 .csv,内容却是工作簿或压缩文件;请另存为 CSV(不要只改文件名)后再试"
    return ""
