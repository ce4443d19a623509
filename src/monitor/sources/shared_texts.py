"""How much text a workbook holds once every cell that points to a shared text has a copy of it, as its reader makes one.

A text of some megabytes that a million cells point to is a file of a few kilobytes. Most workbooks are cleared by a bound that
costs next to nothing: the longest text times the number of cells. Only where that is too much are texts and cells weighed.
"""

from __future__ import annotations

import zipfile
from abc import ABC, abstractmethod
from array import array
from collections.abc import Sequence
from typing import Any

from monitor.sources.refusal import RefusalError
from monitor.sources.sheet_scan import Attributes, local_name, xml_parser

# what a cell of a spreadsheet may hold, in UTF-16 units; as many bytes are never more
MOST_SIGNS = 32_767
_ITEM_ENDS = b"</si>"
_BLOCK = 4 * 2**20


def is_shared_texts(name: str) -> bool:
    """Whether a file of a workbook holds its shared texts; its reader looks for the name in small letters or large ones."""
    return name.lower() == "xl/sharedstrings.xml"


class LongestText:
    """Fed with the bytes of the shared texts, it bounds the longest.

    No text is longer than what lies between two ends of items, unless such an end stands in a comment or the like.

    Attributes:
        most_bytes: no text has more, as long as it is not `doubtful`.
        doubtful: a text may be longer than a cell can hold.
    """

    def __init__(self) -> None:
        self.most_bytes = 0
        self.doubtful = False
        self._open = b""
        self._begun = False

    def feed(self, block: bytes) -> None:
        if self.doubtful:
            return
        seen = self._open + block
        items = seen.split(_ITEM_ENDS)
        self._open = items[-1]
        self.most_bytes = max(self.most_bytes, *map(len, items))
        declarations = 0 if self._begun else 1
        odd = b"<!" in seen or seen.count(b"<?") > declarations
        self.doubtful, self._begun = odd or self.most_bytes > MOST_SIGNS, True


def check_texts(archive: zipfile.ZipFile, sheets: Sequence[str], cells: int, most_bytes: int) -> None:
    """Weigh the texts, and where the longest could be too much for so many cells, what the cells point to.

    Args:
        archive: the workbook.
        sheets: its files that are sheets.
        cells: how many of theirs hold something.
        most_bytes: of text.

    Raises:
        expat.ExpatError: a file is no XML.
        RefusalError: a text is longer than a cell can hold, or all are more than the reader can hold.
    """
    texts = _Weighed()
    for name in filter(is_shared_texts, archive.namelist()):
        _parse(archive, name, texts)
    if max(texts.sizes, default=0) * cells <= most_bytes:
        return
    pointed = _Pointed(texts.sizes, most_bytes)
    for name in sheets:
        _parse(archive, name, pointed)


class _Texts(ABC):
    """Told of the elements of a file: `text` is what stands in the element that ends."""

    def __init__(self) -> None:
        self.text: list[str] = []

    @abstractmethod
    def start(self, name: str, attributes: Attributes) -> None: ...

    @abstractmethod
    def end(self, name: str) -> None: ...


class _Weighed(_Texts):
    """Bytes of every shared text."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: array[int] = array("Q")

    def start(self, name: str, attributes: Attributes) -> None:
        if local_name(name) == "si":
            self.text.clear()

    def end(self, name: str) -> None:
        if local_name(name) != "si":
            return
        text = "".join(self.text)
        if len(text) > MOST_SIGNS // 2 and len(text.encode("utf-16-le")) // 2 > MOST_SIGNS:
            raise _too_long()
        self.sizes.append(len(text.encode()))
        self.text.clear()


class _Pointed(_Texts):
    """Bytes of all texts that cells point to."""

    def __init__(self, sizes: Sequence[int], most_bytes: int) -> None:
        super().__init__()
        self._sizes, self._left, self._most = sizes, most_bytes, most_bytes
        self._is_shared = False

    def start(self, name: str, attributes: Attributes) -> None:
        if local_name(name) == "c":
            self._is_shared = attributes.get("t") == "s"
        self.text.clear()

    def end(self, name: str) -> None:
        if self._is_shared and local_name(name) == "v" and self.text:
            self._left -= self._sizes[int("".join(self.text))]
            if self._left < 0:
                raise RefusalError(f"工作簿里的文字展开后超过 {self._most // 2**20} MB,超出可读范围;请分片或改用 CSV 报送")
        self.text.clear()


def _parse(archive: zipfile.ZipFile, name: str, told: _Texts) -> None:
    parser: Any = xml_parser()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = told.start, told.end
    parser.CharacterDataHandler = told.text.append
    with archive.open(name) as stream:
        while block := stream.read(_BLOCK):
            parser.Parse(block, False)
            if sum(map(len, told.text)) > MOST_SIGNS:
                raise _too_long()
    parser.Parse(b"", True)


def _too_long() -> RefusalError:
    return RefusalError(f"工作簿里有单元格的文字超过 {MOST_SIGNS:,} 个字符(Excel 单元格的上限);请删减后重新报送")
