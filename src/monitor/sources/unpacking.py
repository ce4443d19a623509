"""Open `.csv.gz` and `.zip`: one plain file inside, streamed, with limits against bombs; names inside are never paths."""

from __future__ import annotations

import gzip
import lzma
import struct
import zipfile
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import IO, cast

from monitor.encryption.sealed import create, temporary
from monitor.sources.refusal import RefusalError

_INSIDE = (".csv", ".xlsx", ".parquet")
_BLOCK = 4 * 2**20
# an extract of a whole province is some 20 GB of text; honest text shrinks 5 to 40 times
MOST_BYTES = 64 * 2**30
MOST_RATIO = 250
RATIO_COUNTS_FROM = 64 * 2**20
# what the modules that unpack raise over broken content: a name that is no UTF-8, an offset beyond every file, a damaged byte
BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)


def unpack(path: Path, ending: str, folder: Path, *, sealed: bool = False) -> tuple[Path, str]:
    """Bring a delivered file into a form that can be read.

    Args:
        path: the delivered file.
        ending: its ending, one of `arrivals.ENDINGS`.
        folder: where to put what is unpacked.
        sealed: so that only this process can read it.

    Returns:
        a plain file (the delivered one where nothing had to be unpacked) and its ending `.csv`, `.xlsx` or `.parquet`.

    Raises:
        RefusalError: the archive is broken, encrypted, too large, or does not hold exactly one plain file.
    """
    if ending == ".csv.gz":
        with gzip.open(path) as stream:
            return _copied(cast("IO[bytes]", stream), path, temporary(folder / "content.csv", sealed=sealed)), ".csv"
    if ending == ".zip":
        return _unzip(path, folder, sealed=sealed)
    return path, ending


def _unzip(path: Path, folder: Path, *, sealed: bool) -> tuple[Path, str]:
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(zipfile.ZipFile(path))
            member, ending = _only_member(archive)
            stream = stack.enter_context(archive.open(member))
        except BROKEN:
            raise RefusalError("压缩包打不开(文件损坏或不完整);请重新压缩后再报送") from None
        return _copied(stream, path, temporary(folder / f"content{ending}", sealed=sealed)), ending


def _only_member(archive: zipfile.ZipFile) -> tuple[zipfile.ZipInfo, str]:
    """The one member that holds data. What a Mac adds and folders hold none; names of members are never told."""
    members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
    if len(members) != 1:
        raise RefusalError(f"压缩包内有 {len(members)} 个文件;只允许恰好 1 个数据文件")
    member = members[0]
    ending = next((e for e in _INSIDE if member.filename.lower().endswith(e)), None)
    if any(mark in member.filename for mark in ("/", "\\", "..", ":")):
        raise RefusalError("压缩包内的文件名带有路径;只允许不带文件夹的 1 个数据文件,请直接压缩该文件")
    if member.flag_bits & 1:
        raise RefusalError("压缩包设有密码;请去掉密码后再报送")
    if ending is None:
        raise RefusalError(f"压缩包内的文件不是数据文件;只允许 {'、'.join(_INSIDE)}")
    return member, ending


def _copied(stream: IO[bytes], packed: Path, target: Path) -> Path:
    """Copy a stream to a file, whole or refused; a disk that cannot take it is no fault of the file."""
    size, packed_size = 0, packed.stat().st_size
    with create(target) as file:
        while block := _block(stream):
            size += len(block)
            check_size(size, packed_size)
            file.write(block)
    return target


def _block(stream: IO[bytes]) -> bytes:
    try:
        return stream.read(_BLOCK)
    except BROKEN:
        raise RefusalError("压缩文件损坏或被截断,不能完整解压;请重新压缩后再报送") from None


def check_size(size: int, packed_size: int) -> None:
    """Stop what unpacks to more than honest data can.

    Raises:
        RefusalError: too many bytes, or too many per packed byte.
    """
    if size > MOST_BYTES or (size > RATIO_COUNTS_FROM and size > MOST_RATIO * packed_size):
        raise RefusalError(
            f"压缩文件解开后大得不正常(已超过 {size // 2**20} MB);"
            f"允许最多 {MOST_BYTES // 2**30} GB 且不超过压缩前后 {MOST_RATIO} 倍,请核对后重新报送"
        )
