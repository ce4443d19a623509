"""Every shape a list may come back in, times everything that may happen to a row: no wrong case, and no silence."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returned import (
    ANSWER,
    BY,
    CASE,
    CODE,
    COLLECTED,
    DAY,
    HEADER,
    LIST_DAY,
    NOTE,
    TRUTH,
    Book,
    Cells,
    Formula,
    case_no,
    list_rows,
    write_csv,
)

from monitor.answers.judging import Judged, judge_rows
from monitor.answers.rows import known_rows
from monitor.answers.sheets import read_returned
from monitor.privacy import CROCKFORD, visit_code

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
TRUE_ANSWERS = {case_no(number): answer for number, answer in enumerate(TRUTH, start=1)}
SPOILED = 3  # the row of the list that is damaged
Shape = Callable[[Cells], Cells]


def judged(path: Path) -> Judged:
    rows, _ = known_rows(read_returned(path, path.parent).tables)
    return judge_rows(rows, KEY, COLLECTED)


def attached(one: Judged) -> dict[str, str]:
    kept = one.rows.filter(one.rows["is_answer"] & ~one.rows["is_doubled"])
    return dict(zip(kept["case_no"], kept["answer"], strict=True))


def renamed(**names: str) -> Shape:
    swap = {HEADER[globals()[name]]: text for name, text in names.items()}
    return lambda rows: [[swap.get(cell, cell) for cell in rows[0]], *rows[1:]]


def with_columns(order: list[int]) -> Shape:
    return lambda rows: [[row[at] for at in order] for row in rows]


def added(at: int, header: str, cell: Any) -> Shape:
    return lambda rows: [[*row[:at], header if row is rows[0] else cell, *row[at:]] for row in rows]


def shuffled(rows: Cells) -> Cells:
    body = rows[1:]
    random.Random(5).shuffle(body)
    return [rows[0], *body]


def two_row_header(rows: Cells) -> Cells:
    top, low = [*rows[0]], [""] * len(HEADER)
    for at in (ANSWER, DAY, BY, NOTE):
        top[at], low[at] = "核查情况" if at == ANSWER else "", HEADER[at]
    return [top, low, *rows[1:]]


EMPTY: list[Any] = [""] * len(HEADER)
SHAPES: dict[str, Shape] = {
    "as it went out": lambda rows: rows,
    "sorted by another column": lambda rows: [rows[0], *sorted(rows[1:], key=lambda row: str(row[ANSWER]))],
    "shuffled": shuffled,
    "rows doubled": lambda rows: [*rows, *rows[1:]],
    "header repeated in the middle": lambda rows: [*rows[:5], rows[0], *rows[5:]],
    "title above the header": lambda rows: [["走访名单", *EMPTY[1:]], EMPTY, *rows],
    "twenty lines above the header": lambda rows: [["说明", *EMPTY[1:]]] * 20 + rows,
    "blank rows between": lambda rows: [line for row in rows for line in (row, EMPTY)],
    "totals below": lambda rows: [*rows, ["", "合计", *EMPTY[2:]]],
    "columns reversed": with_columns(list(range(len(HEADER)))[::-1]),
    "only the needed columns left": with_columns([ANSWER, CODE, DAY]),
    "code first": with_columns([CODE, *range(CODE)]),
    "column added in front": added(0, "序号", 7),
    "remark column added": added(CODE, "村干部意见", "同意"),
    "old result beside the new": added(2, "上次核查结果", "本人不愿"),
    "columns renamed": renamed(CODE="核验码(请勿改动)", ANSWER="走访结果", DAY="走访时间", NOTE="备注"),
    "headers with stars and blanks": renamed(CODE=" 核 验 码 ", ANSWER="* 核查结果", DAY="核查\n日期"),
    "headers numbered": renamed(ANSWER="16.核查结果(必填)", DAY="17、核查日期"),
    "code column without a name": renamed(CODE=""),
    "header of two rows": two_row_header,
    "blank column in front": added(0, "", ""),
    "codes in small letters": lambda rows: [[c.lower() if at == CODE else c for at, c in enumerate(row)] for row in rows],
    "blanks around everything": lambda rows: [[f" {c} " if isinstance(c, str) and c else c for c in row] for row in rows],
    "days as Excel numbers": lambda rows: [[46347 if c == "2026-11-21" else c for c in row] for row in rows],
    "days as date cells": lambda rows: [[date(2026, 11, 21) if c == "2026-11-21" else c for c in row] for row in rows],
}


def put(at: int, value: Any) -> Shape:
    """Change one cell of the spoiled row."""

    def change(rows: Cells) -> Cells:
        rows[SPOILED][at] = value
        return rows

    return change


def recoded(change: Callable[[str], str]) -> Shape:
    def shape(rows: Cells) -> Cells:
        rows[SPOILED][CODE] = change(rows[SPOILED][CODE])
        return rows

    return shape


def other_letter(code: str) -> str:
    return code[:-1] + CROCKFORD[(CROCKFORD.index(code[-1]) + 1) % 32]


SPOILINGS: dict[str, tuple[str, Shape]] = {
    "code cut": ("bad_code", recoded(lambda code: code[:-3])),
    "code with one letter changed": ("foreign_code", recoded(other_letter)),
    "code of another installation": ("foreign_code", put(CODE, visit_code(OTHER_KEY, case_no(SPOILED), LIST_DAY))),
    "code with the number of another case": ("foreign_code", recoded(lambda code: case_no(5) + code[21:])),
    "code of another day": ("foreign_code", recoded(lambda code: code.replace(".261120.", ".261119."))),
    "code with a blank inside": ("bad_code", recoded(lambda code: code[:12] + " " + code[12:])),
    "code that is text": ("bad_code", put(CODE, "见上一行")),
    "code removed": ("missing_code", put(CODE, "")),
    "code of another row": ("case_no_differs", put(CODE, visit_code(KEY, case_no(77), LIST_DAY))),
    "answer half": ("ambiguous_answer", put(ANSWER, "属实")),
    "answer half, other side": ("ambiguous_answer", put(ANSWER, "不属实")),
    "answer of a review": ("wrong_kind", put(ANSWER, "复核维持")),
    "answer that is none": ("bad_answer", put(ANSWER, "已打电话")),
    "two answers in one cell": ("bad_answer", put(ANSWER, "属实-已纳入、属实-已转介")),
    "answer denied": ("bad_answer", put(ANSWER, "未纳入")),
    "answer by number": ("bad_answer", put(ANSWER, 1)),
    "day that is none": ("bad_date", put(DAY, "上周三")),
    "day that could be two": ("bad_date", put(DAY, "11/12/2026")),
    "day of another year": ("impossible_date", put(DAY, "2025-11-21")),
    "day far ahead": ("impossible_date", put(DAY, "2027-11-21")),
}
# where nothing but the code is left, nothing contradicts it
UNSEEN = {("only the needed columns left", "code of another row")}
PAIRS = [pair for shape in SHAPES for pair in ((shape, spoiling) for spoiling in SPOILINGS) if pair not in UNSEEN]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_list_in_any_shape_is_read_whole(shape: str, tmp_path: Path) -> None:
    book = Book({"名单": SHAPES[shape](list_rows(KEY))}).write(tmp_path / "a.xlsx")
    one = judged(book)
    assert (attached(one), one.quarantined) == (TRUE_ANSWERS, 0)


@pytest.mark.parametrize(("shape", "spoiling"), PAIRS)
def test_a_spoiled_row_is_reported_and_every_other_is_attached(shape: str, spoiling: str, tmp_path: Path) -> None:
    reason, spoil = SPOILINGS[spoiling]
    book = Book({"名单": SHAPES[shape](spoil(list_rows(KEY)))}).write(tmp_path / "a.xlsx")
    one = judged(book)
    expected = {number: answer for number, answer in TRUE_ANSWERS.items() if number != case_no(SPOILED)}
    bad = one.rows.filter(one.rows["reasons"] != "")
    assert attached(one) == expected
    assert bad.height == (2 if shape == "rows doubled" else 1)
    assert all(reason in reasons.split(";") for reasons in bad["reasons"])


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_in_any_encoding(encoding: str, separator: str, tmp_path: Path) -> None:
    one = judged(write_csv(list_rows(KEY), tmp_path / "a.csv", encoding, separator))
    assert attached(one) == TRUE_ANSWERS


def test_several_sheets_and_a_cover(tmp_path: Path) -> None:
    rows = list_rows(KEY)
    book = Book({"封面": [["张集镇"], ["共8户"]], "一村": rows[:4], "二村": [rows[0], *rows[4:]]}).write(tmp_path / "a.xlsx")
    assert attached(judged(book)) == TRUE_ANSWERS


@pytest.mark.parametrize("column", [ANSWER, DAY, NOTE, CODE])
def test_a_formula_in_a_column_that_decides_is_reported(column: int, tmp_path: Path) -> None:
    rows = list_rows(KEY)
    rows[SPOILED][column] = Formula("=A1", str(rows[SPOILED][column]))
    one = judged(Book({"名单": rows}).write(tmp_path / "a.xlsx"))
    assert case_no(SPOILED) not in attached(one)
    assert one.rows.filter(one.rows["reasons"] != "")["reasons"].to_list() == ["formula"]


def test_an_answer_merged_over_rows_counts_for_the_first_only(tmp_path: Path) -> None:
    rows = list_rows(KEY)
    for row in rows[3:5]:
        row[ANSWER] = row[DAY] = ""
    rows[2][ANSWER] = "属实-已纳入"
    one = judged(Book({"名单": rows}, {"名单": [(2, ANSWER, 4, ANSWER)]}).write(tmp_path / "a.xlsx"))
    bad = one.rows.filter(one.rows["reasons"] != "")
    assert bad["row"].to_list() == [4, 5]
    assert set(bad["reasons"]) == {"merged_cell"}
    assert attached(one)[case_no(2)] == "true_enrolled"


@pytest.mark.parametrize("lost", ["核验码", "核查结果"])
def test_a_lost_column_makes_every_row_reported(lost: str, tmp_path: Path) -> None:
    at = HEADER.index(lost)
    rows = [[cell for column, cell in enumerate(row) if column != at] for row in list_rows(KEY)]
    one = judged(Book({"名单": rows}).write(tmp_path / "a.xlsx"))
    assert (attached(one), one.quarantined) == ({}, len(TRUTH))


def test_rows_without_their_header_are_reported(tmp_path: Path) -> None:
    one = judged(Book({"名单": list_rows(KEY)[1:]}).write(tmp_path / "a.xlsx"))
    assert (attached(one), one.quarantined) == ({}, len(TRUTH))


def test_nothing_filled_in_is_no_answer_and_no_fault(tmp_path: Path) -> None:
    rows = list_rows(KEY)
    for row in rows[1:]:
        row[ANSWER] = row[DAY] = ""
    one = judged(Book({"名单": rows}).write(tmp_path / "a.xlsx"))
    assert (attached(one), one.quarantined, one.unanswered) == ({}, 0, len(TRUTH))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_typed_over_cells_attaches_no_answer_to_another_case(tmp_path: Path, data: st.DataObject) -> None:
    rows = list_rows(KEY)
    places = st.tuples(st.integers(1, len(TRUTH)), st.sampled_from([CODE, CASE, DAY, NOTE, 6]))
    texts = st.text(max_size=12) | st.sampled_from([rows[1][CODE], rows[2][CODE], case_no(2), rows[4][CODE][:-1]])
    changed = data.draw(st.dictionaries(places, texts, max_size=6))
    for (row, column), text in changed.items():
        rows[row][column] = text
    one = judged(write_csv(rows, tmp_path / "a.csv", "utf-8")) if _readable(changed) else None
    if one is None:
        return
    for number, answer in attached(one).items():
        written = [TRUTH[at - 1] for at, cells in enumerate(rows) if at and number in cells[CODE].upper()]
        assert answer in written, "one of the rows that show the code of the case; of several with one code the last speaks"
    said = set(one.rows.filter((one.rows["reasons"] != "") | one.rows["is_answer"])["row"])
    assert said == set(range(2, len(rows) + 1))


def _readable(changed: dict[tuple[int, int], str]) -> bool:
    return not any("\n" in text or "\r" in text or "\x00" in text for text in changed.values())
