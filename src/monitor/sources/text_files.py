"""CSV as bytes: which encoding, which separator, which header; strict, because a guess would change people's names."""

from __future__ import annotations

import codecs
import csv
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from monitor.encryption.sealed import create, opened, temporary
from monitor.sources.refusal import RefusalError

_BLOCK = 4 * 2**20
_HEADER_BYTES = 2**20
SEPARATORS = (",", "\t", ";")
# what counts as blank at the edge of a cell, besides what str.strip() takes: zero width and byte order marks
BLANKS = (
    " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u200c\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)


@dataclass(frozen=True)
class TextFile:
    """A CSV file that is known to be UTF-8.

    Attributes:
        path: the delivered file itself, or a copy in UTF-8.
        encoding: as it was delivered.
        separator: what stands between cells.
        header: the cells of the first line that is not blank, trimmed.
        skip: physical lines up to and including the header.
        smooth: no blank line, one kind of line end and no NUL: DuckDB's reader numbers its rows as a spreadsheet does.
    """

    path: Path
    encoding: str
    separator: str
    header: tuple[str, ...]
    skip: int
    smooth: bool


def open_text(path: Path, folder: Path, names: Collection[str], *, sealed: bool = False) -> TextFile:
    """Find out how a CSV file is written; a GB18030 file is copied to UTF-8.

    Args:
        path: the file.
        folder: where the copy goes.
        names: header names that tell the separator.
        sealed: so that only this process can read the copy.

    Raises:
        RefusalError: the file is neither UTF-8 nor GB18030.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        copy = temporary(folder / "utf8.csv", sealed=sealed) if encoding == "gb18030" else None
        try:
            smooth = _decode(path, encoding, copy)
        except UnicodeDecodeError:
            continue
        readable = copy or path
        header, separator, skip = _header(readable, names)
        return TextFile(readable, encoding.removesuffix("-sig"), separator, header, skip, smooth)
    raise RefusalError(
        "文件编码既不是 UTF-8 也不是 GB18030,无法解码(文件可能损坏);请另存为 UTF-8 或 GB18030 编码的 CSV 后重新报送"
    )


def blocks(path: Path, encoding: str) -> Iterator[str]:
    """The text of a file, decoded strictly, block by block."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with opened(path) as file:
        while block := file.read(_BLOCK):
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)


def _decode(path: Path, encoding: str, copy: Path | None) -> bool:
    """Decode all of a file, writing it to `copy` if given; return whether its lines are smooth."""
    decoder, ends = codecs.getincrementaldecoder(encoding)("strict"), _LineEnds()
    with opened(path) as file, create(copy or Path(os.devnull)) as target:
        while block := file.read(_BLOCK):
            ends.feed(block)
            if copy:
                target.write(decoder.decode(block).encode())
            elif decoder.getstate()[0] or not block.isascii():
                decoder.decode(block)
        decoder.decode(b"", final=True)
    return ends.smooth


class _LineEnds:
    """What the line ends of a file look like; of bytes, since no sign of either encoding holds their bytes inside."""

    def __init__(self) -> None:
        self._doubled = False
        self._returns = self._feeds = self._pairs = 0
        self._before = b""

    def feed(self, block: bytes) -> None:
        seam = self._before + block[:2]
        feeds = np.frombuffer(block, np.uint8) == ord("\n")  # four times faster than looking for them in bytes
        self._feeds += int(np.count_nonzero(feeds))
        marks = (b"\x00", b"\n\r\n", b"\r\r") if b"\r" in block or b"\r" in seam else (b"\x00",)
        self._doubled = (
            self._doubled
            or b"\n\n" in seam
            or bool(np.any(feeds[1:] & feeds[:-1]))
            or any(mark in part for mark in marks for part in (block, seam))
        )
        if b"\r" in block:
            self._returns += block.count(b"\r")
            self._pairs += block.count(b"\r\n")
        self._pairs += self._before.endswith(b"\r") and block.startswith(b"\n")
        self._before = (self._before + block)[-2:]

    @property
    def smooth(self) -> bool:
        return not self._doubled and self._returns == self._pairs and self._pairs in (0, self._feeds)


def _header(path: Path, names: Collection[str]) -> tuple[tuple[str, ...], str, int]:
    """The first line that is not blank: its cells, the separator, and how many lines it takes to get past it."""
    with opened(path) as file:
        text = file.read(_HEADER_BYTES).decode("utf-8", errors="ignore")
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if line.strip(BLANKS):
            separator = max(SEPARATORS, key=lambda s: len(set(_cells(line, s)) & set(names)))
            return _cells(line, separator), separator, number
    return (), ",", 0


def _cells(line: str, separator: str) -> tuple[str, ...]:
    try:
        cells = next(csv.reader([line.strip("\ufeff")], delimiter=separator), [])
    except csv.Error:  # a cell of more than 128 kB
        cells = line.split(separator)
    return tuple(cell.strip(BLANKS) for cell in cells)
