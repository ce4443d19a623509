"""From tables as they were returned to rows of seven known cells: the header may stand anywhere and columns in any order."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from monitor.answers.sheets import CODE_LIKE, RawTable
from monitor.contracts import answers
from monitor.contracts.answers import plain_spelling
from monitor.sources.refusal import RefusalError
from monitor.sources.text_files import BLANKS

FIELDS = ("code", "case_no", "id_no", "answer", "answered_on", "answered_by", "note")
# columns whose formula or merge makes a row unfit
_DECIDING = ("code", "case_no", "answer", "answered_on", "answered_by", "note")
_TOP_ROWS, _MOST_TABLES = 60, 2_000
_SHORTEST_BEGINNING = 3
_NUMBERED = re.compile(r"^[0-9①-⑳]+")
_TRIMMED = BLANKS + "'"
Columns = dict[str, int]

_SCHEMA = {"sheet": pl.Int32, "title": pl.String, "row": pl.Int32} | dict.fromkeys(FIELDS, pl.String)
_SCHEMA |= {"fault": pl.String, "is_formula": pl.Boolean, "is_covered": pl.Boolean}


def known_rows(tables: Sequence[RawTable]) -> tuple[pl.DataFrame, list[str]]:
    """The rows below every header.

    Returns:
        `sheet`, `title`, `row` (as a spreadsheet numbers them), the seven cells of `FIELDS` (trimmed, full-width signs made
        half-width but in notes, "" where empty), `fault` (why the table's columns are no use, else null), `is_formula` and
        `is_covered`; blank rows are left out. Then remarks on sheets without a list.
    """
    found, remarks = [], []
    for table in tables:
        rows, remark = _rows_of(table)
        found += rows
        remarks += [remark] if remark else []
    return pl.concat([pl.DataFrame(schema=_SCHEMA), *found]), remarks


def _rows_of(table: RawTable) -> tuple[list[pl.DataFrame], str]:
    cells = table.cells
    if cells.is_empty():
        return [], ""
    headers = _headers(cells)
    ends = [start for start, _, _ in headers[1:]] + [cells.height] * bool(headers)
    above = _stray(table, headers[0][0] if headers else cells.height)
    parts = [] if above.is_empty() else [above]
    parts += [_part(table, below, end, columns) for (_, below, columns), end in zip(headers, ends, strict=True)]
    remark = "" if headers else f"第{table.number}个工作表没有名单的表头,未读取"
    return parts, remark


def _headers(cells: pl.DataFrame) -> list[tuple[int, int, Columns]]:
    """(row of the header, first row below it, columns), from top to bottom, rows from 0."""
    names = [text for one in answers().columns.values() for text in (one.header, *one.aliases)]
    exact = pl.sum_horizontal(pl.all().str.replace_all(r"\s", "").is_in(names).fill_null(False))
    later = cells.select(pl.arg_where(exact >= 2)).to_series().to_list()
    if len(later) > _MOST_TABLES:
        raise RefusalError("工作表里的表头过多,不是一份名单;请核对后重新报送")
    found: list[tuple[int, int, Columns]] = []
    for at in sorted({*range(min(_TOP_ROWS, cells.height)), *later}):
        if found and at < found[-1][1]:
            continue
        row = [cell or "" for cell in cells.row(at)]
        if any(re.search(CODE_LIKE, cell) for cell in row):
            continue
        columns, height = _columns(row), 1
        if at + 1 < cells.height:  # a header of two rows, its cells merged downwards or under a common title
            lower = [cell or "" for cell in cells.row(at + 1)]
            both = _columns([low or up for low, up in zip(lower, row, strict=True)])
            if columns and len(both) > len(columns) and not any(re.search(CODE_LIKE, cell) for cell in lower):
                columns, height = both, 2
        if len(columns) > 1 and ("code" in columns or "answer" in columns):
            found.append((at, at + height, columns))
    return found


def _columns(header: Sequence[str]) -> Columns:
    """Which field stands in which column; -1 for a field that two columns claim."""
    known = answers().headers()
    spellings = [_NUMBERED.sub("", plain_spelling(cell)) if len(cell) <= 60 else "" for cell in header]
    places: dict[str, list[int]] = {}
    for at, spelling in enumerate(spellings):
        if spelling in known:
            places.setdefault(known[spelling], []).append(at)
    begun: dict[str, list[int]] = {}
    for at, spelling in enumerate(spellings):
        names = [one for one in known if len(one) >= _SHORTEST_BEGINNING and spelling.startswith(one)]
        if spelling not in known and names:
            begun.setdefault(known[max(names, key=len)], []).append(at)
    places |= {name: at for name, at in begun.items() if name not in places}
    return {name: at[0] if len(at) == 1 else -1 for name, at in places.items()}


def _part(table: RawTable, below: int, end: int, columns: Columns) -> pl.DataFrame:
    """The rows of one list inside a sheet."""
    cells = table.cells.slice(below, end - below)
    if "code" not in columns:
        holding = [name for name in cells.columns if cells[name].str.contains(CODE_LIKE).any()]
        columns |= {"code": cells.columns.index(holding[0])} if len(holding) == 1 else {}
    fault = next((f"{why}:{name}" for name in _DECIDING if (why := _why(columns, name))), None)
    places = {name: at for name, at in columns.items() if at >= 0}
    used = {places[name] for name in _DECIDING if name in places}
    deciding = {places[name] for name in ("code", "answer") if name in places}
    formulas = sorted({row for row, column in table.formulas if column in used and below <= row < end})
    covered = sorted({row for row, column in table.covered if column in deciding and below <= row < end})
    texts = [_text(places.get(name), name) for name in FIELDS]
    row = pl.int_range(below, pl.len() + below, dtype=pl.Int32)
    return (
        cells.with_columns(is_filled=pl.any_horizontal(pl.all().str.strip_chars(_TRIMMED).str.len_bytes() > 0))
        .select(
            pl.lit(table.number, pl.Int32).alias("sheet"),
            pl.lit(table.title).alias("title"),
            (row + 1).alias("row"),
            *texts,
            pl.lit(fault, pl.String).alias("fault"),
            row.is_in(formulas).alias("is_formula"),
            row.is_in(covered).alias("is_covered"),
            pl.col("is_filled").fill_null(False) | row.is_in(covered),
        )
        .filter("is_filled")
        .drop("is_filled")
    )


def _why(columns: Columns, name: str) -> str:
    if columns.get(name) == -1:
        return "doubled_column"
    return "missing_column" if name in ("code", "answer") and name not in columns else ""


def _text(at: int | None, name: str) -> pl.Expr:
    if at is None:
        return pl.lit("").alias(name)
    cell = pl.col(f"c{at}").fill_null("")
    return (cell if name == "note" else cell.str.normalize("NFKC")).str.strip_chars(_TRIMMED).alias(name)


def _stray(table: RawTable, end: int) -> pl.DataFrame:
    """Rows that hold a code but stand under no header: which cell is the answer nobody knows."""
    top = table.cells.slice(0, end)
    rows = top.select(pl.arg_where(pl.any_horizontal(pl.all().str.contains(CODE_LIKE)))).to_series().cast(pl.Int32)
    empty = {name: pl.lit("") for name in FIELDS}
    return pl.DataFrame({"row": rows + 1}).select(
        pl.lit(table.number, pl.Int32).alias("sheet"),
        pl.lit(table.title).alias("title"),
        "row",
        *(text.alias(name) for name, text in empty.items()),
        pl.lit("missing_header").alias("fault"),
        pl.lit(False).alias("is_formula"),
        pl.lit(False).alias("is_covered"),
    )
