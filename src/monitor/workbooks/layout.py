"""How wide each column of a list is, what is filled in by hand, and how high a row must be to show its text.

Widths are in characters of 11 points, as spreadsheet programs count. The printed columns together are about 220 wide: fitted
to the width of a landscape A4 page, cells of 12 points are printed as 8.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import duckdb

from monitor.contracts import answers
from monitor.lists.cells import make_cell_macros
from monitor.store import identifier

CODE, ANSWER, ANSWERED_ON, ANSWERED_BY, NOTE = (
    answers().columns[name].header for name in ("code", "answer", "answered_on", "answered_by", "note")
)
# a supervision list asks the county's offices, not a visitor
HANDLED, HANDLED_ON, HANDLED_BY = "办理结果", "办理日期", "办理人"
LINE_POINTS, MARGIN_POINTS, LEAST_POINTS, MOST_POINTS = 17, 6, 57, 405


@dataclass(frozen=True)
class Column:
    """A column of a printed list.

    Attributes:
        width: in characters of 11 points.
        is_centred: short words and numbers stand in the middle.
        is_answer: the cell is filled in by hand and not locked.
        is_printed: the column lies inside the print area.
    """

    width: int
    is_centred: bool = False
    is_answer: bool = False
    is_printed: bool = True

    @property
    def characters(self) -> int:
        """Half-width characters of 12 points in a line; it breaks before it is quite full."""
        return max(1, self.width * 7 // 8 - 1)


_OTHER: Final = Column(12)
_COLUMNS: Final = {
    "工单编号": Column(11, is_centred=True),
    "优先序": Column(5, is_centred=True),
    "颜色": Column(5, is_centred=True),
    "状态": Column(6, is_centred=True),
    "办理期限": Column(13, is_centred=True),
    "村（居）": Column(9),
    "户主": Column(8),
    "姓名": Column(8),
    "身份证号": Column(12, is_centred=True),
    "联系电话": Column(14, is_centred=True),
    "住址": Column(13),
    "人数": Column(5, is_centred=True),
    "原因": Column(32),
    "可能适用的政策": Column(13),
    "询问要点": Column(18),
    "迟到部门": Column(8),
    ANSWER: Column(12, is_answer=True),
    ANSWERED_ON: Column(13, is_centred=True, is_answer=True),
    ANSWERED_BY: Column(8, is_answer=True),
    NOTE: Column(18, is_answer=True),
    HANDLED: Column(12, is_answer=True),
    HANDLED_ON: Column(13, is_centred=True, is_answer=True),
    HANDLED_BY: Column(8, is_answer=True),
    "指标编号": Column(9, is_centred=True),
    "等级": Column(5, is_centred=True),
    "乡镇（街道）": Column(12),
    "督办事项": Column(18),
    "核对要点": Column(18),
    "排序说明": Column(30, is_printed=False),
    CODE: Column(42, is_printed=False),
}


def column(name: str) -> Column:
    """The layout of a column; one that is not known is of middling width."""
    return _COLUMNS.get(name, _OTHER)


def make_paper_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection `paper_text(text)` and `text_width(text)`, the width in half-width characters.

    Paper text is one line without control characters, without signs that turn the reading direction of what follows, and
    without characters that XML forbids. A text that opens with `<r>` would be taken for rich text by the writer.
    """
    make_cell_macros(connection)
    connection.execute(r"""
        create or replace temp macro one_way(raw) as
            regexp_replace(raw, '[\x{200E}\x{200F}\x{061C}\x{202A}-\x{202E}\x{2066}-\x{2069}\x{FFFE}\x{FFFF}]', '', 'g');
        create or replace temp macro paper_text(raw) as
            regexp_replace(short_cell(one_way(one_line(raw))), '^<r>', ' <r>');
        create or replace temp macro text_width(raw) as
            length(raw) + length(regexp_replace(raw, '[\x{0}-\x{2FF}]', '', 'g'));
    """)


def height_sql(names: Iterable[str]) -> str:
    """SQL of the height of a row in points: as many lines as its fullest cell needs, within what the programs allow."""
    lines = [f"(text_width({identifier(name)}) + {column(name).characters - 1}) // {column(name).characters}" for name in names]
    return f"least({MOST_POINTS}, greatest({LEAST_POINTS}, {MARGIN_POINTS} + {LINE_POINTS} * greatest(1, {', '.join(lines)})))"
