"""Names of sheets that Excel, WPS and LibreOffice accept, each once in a workbook."""

from __future__ import annotations

import re

MOST_UNITS = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")


class SheetNames:
    """The names of one workbook; upper and lower case are the same name."""

    def __init__(self) -> None:
        self._taken = {"history"}  # Excel keeps this one for itself

    def take(self, wanted: str) -> str:
        """A name like `wanted` that is allowed and not taken; the second of a name gets a number."""
        plain = _FORBIDDEN.sub(" ", wanted).strip() or "未命名"
        name, number = _cut(plain, MOST_UNITS), 1
        while name.casefold() in self._taken:
            number += 1
            tail = f" {number}"
            name = _cut(plain, MOST_UNITS - len(tail)) + tail
        self._taken.add(name.casefold())
        return name


def _cut(text: str, units: int) -> str:
    """The beginning of a text in at most so many UTF-16 units, which is what the programs count."""
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore").rstrip()
