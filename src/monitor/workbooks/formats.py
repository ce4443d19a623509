"""The looks of a workbook: one set of cell formats, made once per file."""

from __future__ import annotations

from typing import Any, Final

import xlsxwriter

from monitor.vocabulary import COLOUR_ZH, LEVEL_ZH, Colour, Level

FONT: Final = {"font_name": "宋体", "font_size": 10}
# a list is shrunk to two thirds to fit the width of a page: 12 points are printed as 8
_CELL: Final = FONT | {
    "font_size": 12,
    "border": 1,
    "border_color": "#808080",
    "valign": "vcenter",
    "text_wrap": True,
    "num_format": "@",
}
_ANSWER: Final = _CELL | {"locked": False, "bg_color": "#FFFBE6"}
# light fills: black text stays readable on screen and on a grey printer, and the word says it too
_FILLS: Final = {
    COLOUR_ZH[Colour.RED]: "#F8B4B4",
    COLOUR_ZH[Colour.ORANGE]: "#FBD5A5",
    COLOUR_ZH[Colour.YELLOW]: "#FDF3A7",
    COLOUR_ZH[Colour.BLUE]: "#C3DDFD",
    LEVEL_ZH[Level.URGENT]: "#F8B4B4",
    LEVEL_ZH[Level.HIGH]: "#FBD5A5",
    LEVEL_ZH[Level.MEDIUM]: "#FDF3A7",
}


class Formats:
    """Formats of one workbook, by what a cell is."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        def add(*parts: dict[str, Any]) -> Any:
            return workbook.add_format({key: value for part in parts for key, value in part.items()})

        centred = {"align": "center"}
        self.header = add(_CELL, centred, {"bold": True, "bg_color": "#E5E7EB"})
        self.answer_header = add(_CELL, centred, {"bold": True, "bg_color": "#FDE68A"})
        self.text = add(_CELL)
        self.centred = add(_CELL, centred)
        self.number = add(_CELL, centred, {"num_format": "0"})
        self.answer = add(_ANSWER)
        # people type 2026-11-23, 2026/11/23 or 11月23日; a cell of dates takes them all
        self.answer_date = add(_ANSWER, centred, {"num_format": "yyyy-mm-dd"})
        self.fills = {word: add(_CELL, centred, {"bold": True, "bg_color": fill}) for word, fill in _FILLS.items()}
        self.title = add(FONT, {"font_size": 20, "bold": True, "align": "center", "valign": "vcenter"})
        self.subtitle = add(FONT, {"font_size": 12, "align": "center", "valign": "vcenter", "text_wrap": True})
        self.heading = add(FONT, {"font_size": 12, "bold": True, "valign": "vcenter"})
        self.plain = add(FONT, {"font_size": 11, "valign": "top", "text_wrap": True})

    def of(self, word: str) -> Any:
        """The format of a colour or level: its fill if it has one."""
        return self.fills.get(word, self.centred)
