"""Write the workbooks, visit sheets and forms of a night beside its lists, out of one sorted stream."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

import duckdb
import xlsxwriter

from monitor.contracts import extracts
from monitor.store import identifier
from monitor.workbooks.book import REVIEWS, SUPERVISION, VISITS, Book
from monitor.workbooks.cover import NAME as COVER
from monitor.workbooks.cover import Cover, Missing
from monitor.workbooks.form import write_forms
from monitor.workbooks.formats import Formats
from monitor.workbooks.layout import column, height_sql, make_paper_macros
from monitor.workbooks.sheet import Page, Row, write_sheet
from monitor.workbooks.sheet_names import SheetNames
from monitor.workbooks.side_by_side import each
from monitor.workbooks.visit_sheet import write_visit_sheets

_BATCH_ROWS = 5_000
# another process takes about a second to start, in which a thousand rows are written
_ROWS_WORTH_A_PROCESS = 3_000
# Excel ends at 1,048,576 rows, and patience earlier: a longer list goes on in another sheet
_SHEET_ROWS = 20_000
_STEERING: Final = ("file", "position", "kind", "village_code")
_BOOKS: Final = {"visit": VISITS, "audit": VISITS, "review": REVIEWS, "supervision": SUPERVISION}
_NUMBERS: Final = ("INTEGER", "BIGINT", "HUGEINT", "NUMBER")
_NO_PLACE: Final = "住址不详的户"
# the day stands in the name of a delivery behind that of its extract
_MISSING: Final = """
with refused as (
    select extract, max(try_strptime(substr(delivery, length(extract) + 2, 8), '%Y%m%d')::date) as day
    from deliveries.ledger
    where state = 'refused'
    group by extract
)

select fresh.extract, fresh.newest_delivery, fresh.is_stale, refused.day
from deliveries.freshness as fresh
left join refused on refused.extract = fresh.extract and refused.day >= coalesce(fresh.newest_delivery, refused.day)
where fresh.is_stale or refused.day is not null
"""
# file, kind, village code or None, the row
_Placed = tuple[str, str, str | None, Row]


@dataclass(frozen=True)
class PaperSummary:
    """What was written.

    Attributes:
        workbooks, visit_sheets, forms: files of each kind.
        rows: rows in all workbooks.
        pages: households that have a visit sheet.
    """

    workbooks: int
    visit_sheets: int
    forms: int
    rows: int
    pages: int


@dataclass(frozen=True)
class _List:
    """One list to write, with all that another process must know of it."""

    path: Path
    page: Page
    kind: str
    columns: tuple[str, ...]
    placed: list[_Placed]
    missing: list[Missing]


def write_paper(connection: duckdb.DuckDBPyConnection, outbox: Path, as_of: date, *, processes: int = 1) -> PaperSummary:
    """Write workbooks, visit sheets and forms below `outbox`.

    Files: `<county>/<township>.xlsx`, `<county>/reviews/<township>.xlsx`, `<county>/supervision.xlsx`,
    `<county>/<township>_入户单.html`, `<county>/forms/visit.xlsx` and `<county>/forms/cases.csv`.

    Args:
        connection: the working database after `lists.case_row` and `lists.supervision_row` were made.
        outbox: folder of the night's lists.
        as_of: the date of the night.
        processes: that write side by side when there are many rows; the files are the same with any number.
    """
    make_paper_macros(connection)
    names = dict(connection.execute("select code, name from core.region where length(code) in (6, 9)").fetchall())
    made: Counter[str] = Counter()
    for one in each(_write_list, _lists(connection, outbox, as_of, names), _worth_it(connection, processes)):
        made.update(one)
    made.update(forms=write_forms(connection, outbox, as_of, names))
    return PaperSummary(**{field.name: made[field.name] for field in fields(PaperSummary)})


def _worth_it(connection: duckdb.DuckDBPyConnection, processes: int) -> int:
    """One process when there is less to write than it takes to start others."""
    counted = connection.execute(
        "select (select count(*) from lists.case_row) + (select count(*) from lists.supervision_row)"
    ).fetchone()
    return processes if counted and counted[0] >= _ROWS_WORTH_A_PROCESS * processes else 1


def _lists(connection: duckdb.DuckDBPyConnection, outbox: Path, as_of: date, names: Mapping[str, str]) -> Iterator[_List]:
    """Every list of the night, one after the other."""
    missing = _missing(connection)
    for table in ("lists.case_row", "lists.supervision_row"):
        columns = tuple(_columns(connection, table))
        for file, group in groupby(_stream(connection, table, columns), key=itemgetter(0)):
            placed = list(group)
            page = Page(_place_name(file, names), as_of)
            yield _List((outbox / file).with_suffix(".xlsx"), page, placed[0][1], columns, placed, missing)


def _write_list(one: _List) -> dict[str, int]:
    """The workbook of a list and, for visits, its sheets to carry along; return what was made."""
    one.path.parent.mkdir(parents=True, exist_ok=True)
    book = _BOOKS[one.kind]
    _write_workbook(one.path, one.page, book, one.columns, one.placed, one.missing)
    made = {"workbooks": 1, "rows": len(one.placed)}
    if book is VISITS:
        households = [dict(zip(one.columns, row[1:], strict=True)) for *_, row in one.placed]
        html = one.path.with_name(f"{one.path.stem}_入户单.html")
        made |= {"visit_sheets": 1, "pages": write_visit_sheets(html, one.page, households)}
    return made


def _write_workbook(
    path: Path, page: Page, book: Book, columns: Sequence[str], placed: Sequence[_Placed], missing: Sequence[Missing]
) -> None:
    """Write one file: the cover, then a sheet per village in the order of the rows.

    It is put together in memory, because the writer would otherwise leave names and addresses in the machine's folder for
    temporary files; the date in it is the night's, so the same night gives the same bytes.
    """
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as workbook:
        workbook.set_properties({"title": f"{page.place}{book.title}", "created": datetime.combine(page.as_of, time())})
        formats, taken = Formats(workbook), SheetNames()
        cover = Cover(workbook, formats, taken.take(COVER))
        cover.fill(page, book, columns, [row for *_, row in placed], missing)
        for _, group in groupby(placed, key=itemgetter(2)):
            rows = [row for *_, row in group]
            wanted = book.sheet or str(rows[0][columns.index(book.place) + 1] or _NO_PLACE)
            for piece in range(0, len(rows), _SHEET_ROWS):
                sheet = taken.take(wanted)
                write_sheet(
                    workbook, formats, sheet, replace(page, part=wanted), book, columns, rows[piece : piece + _SHEET_ROWS]
                )


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns of a list that are shown."""
    described = connection.execute(f"select * from {table} limit 0").description or []
    return [name for name, *_ in described if name not in _STEERING]


def _stream(connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> Iterator[_Placed]:
    """The rows of a list in the order of its files; whole numbers stay numbers, all else is clean text."""
    types = {name: str(kind) for name, kind, *_ in connection.execute(f"select * from {table} limit 0").description or []}
    clean = ", ".join(
        f"{identifier(name)}::bigint as {identifier(name)}"
        if types[name] in _NUMBERS
        else f"paper_text({identifier(name)}::varchar) as {identifier(name)}"
        for name in columns
    )
    steering = "kind, village_code" if "kind" in types else "'supervision' as kind, null::varchar as village_code"
    texts = [name for name in columns if types[name] not in _NUMBERS and not column(name).is_answer and column(name).is_printed]
    reader = connection.execute(
        f"with clean as (select file, position, {steering}, {clean} from {table}) "
        f"select file, kind, village_code, {height_sql(texts)} as height, {', '.join(map(identifier, columns))} "
        "from clean order by file, position"
    ).to_arrow_reader(_BATCH_ROWS)
    for batch in reader:
        for file, kind, village, *row in zip(*(values.to_pylist() for values in batch.columns), strict=True):
            yield file, kind, village, tuple(row)


def _missing(connection: duckdb.DuckDBPyConnection) -> list[Missing]:
    """What was late on the day, and what was refused without a later delivery that was not, by department."""
    found = connection.execute(_MISSING).fetchall()
    told = [(extracts()[name], *rest) for name, *rest in found if name in extracts()]
    return sorted(
        Missing(one.department, one.title, str(newest or "没有可用数据"), _meaning(newest, refused, is_late=is_late))
        for one, newest, is_late, refused in told
    )


def _meaning(newest: date | None, refused: date | None, *, is_late: bool) -> str:
    """What happened to an extract, and what the list rests on instead."""
    happened = [f"{refused}报送的被退回"] if refused else []
    happened += ["迟到"] if is_late and newest else ["从未报送"] if is_late and not refused else []
    instead = "相关情况判断不了" if newest is None else "相关情况沿用上次结果" if is_late else "仍用上一次的"
    return f"{'，'.join(happened)}，{instead}"


def _place_name(file: str, names: Mapping[str, str]) -> str:
    """County and township of a list, by name; codes that the list of divisions does not know are shown as they are."""
    county, township = file.split("/")[0], Path(file).stem
    known = [names.get(code, code) for code in (county, township) if code.isdigit() and code.strip("0")]
    return "".join(known) or _NO_PLACE
