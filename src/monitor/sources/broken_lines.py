"""CSV files that DuckDB's reader does not take whole: broken quotes, too many or few cells, blank lines, mixed line ends.

Its reject tables cut lines at 10,000 signs, its parser may give a whole file up for one quote, and one open quote can swallow
a million good lines. So such a file is taken apart line by line here, in SQL: a line that is a record by itself stays one;
of the others, two neighbouring lines with an odd number of quotes are one record when they join into one (a line break
inside a cell); what is left is a bad line, alone, whole and with its number. The good records go into a clean file.

Spreadsheets leave out separators at the end of a line when its last cells are empty, and may write some too many. So a record
with too few cells is filled up with empty ones, and surplus cells are cut off when they are blank.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from monitor.encryption.sealed import create, temporary
from monitor.sources.refusal import RefusalError
from monitor.sources.text_files import BLANKS, TextFile, blocks
from monitor.store import literal

MOST_JOINED = 200
LINE_BYTES = 16 * 2**20
_HOPELESS_LINE = 2**30

_MACROS = """
create or replace temp macro separators(line) as strlen(line) - strlen(replace(line, getvariable('separator'), ''));
create or replace temp macro quotes(line) as strlen(line) - strlen(replace(line, '"', ''))
"""

# an odd number of quotes is half a record more often than a short one, so such a line must have all its cells
_LINES = """
create or replace temp table source_line as
select line,
       strlen(line) <= getvariable('line_bytes')
           and (case when not contains(line, '"') and separators(line) < getvariable('cells') then true
                     when quotes(line) % 2 = 0 then regexp_full_match(line, getvariable('record'))
                     else regexp_full_match(line, getvariable('complete')) end) as whole,
       (strlen(line) <= 64 or starts_with(line, ' ')) and trim(line, getvariable('blanks')) = '' as blank
from arriving_line
"""

# lines that make one record together: (no, till, line); the last of them may look whole (`b",1,2` after `"a`), the first not
_JOINED = """
create or replace temp table joined_line as
with odd as (
    select rowid as no, lead(rowid) over (order by rowid) as till, whole
    from source_line
    where rowid >= getvariable('skip') and quotes(line) % 2 = 1
),
pair as (
    select o.no, o.till, string_agg(l.line, chr(10) order by l.rowid) as line
    from odd o join source_line l on l.rowid between o.no and o.till
    where not o.whole and o.till - o.no <= getvariable('most_joined')
    group by o.no, o.till
),
joinable as (
    select o.no, o.till, p.line,
           strlen(p.line) <= getvariable('line_bytes') and coalesce(regexp_full_match(p.line, getvariable('record')), false)
               as fits
    from odd o left join pair p using (no)
),
-- of a chain of pairs that share lines, every second one is taken, from the first on
chained as (
    select *, sum(case when fits then 0 else 1 end) over (order by no) as chain from joinable
)
select no, till, line
from (select *, row_number() over (partition by chain, fits order by no) as place from chained)
where fits and place % 2 = 1
"""

# a good record with exactly as many cells as the header has
_COMPLETE = """
case when not contains(line, '"') and separators(line) < getvariable('cells')
     then concat(line, repeat(getvariable('separator'), getvariable('cells') - 1 - separators(line)))
     when regexp_full_match(line, getvariable('complete')) then line
     else regexp_extract(concat(line, repeat(getvariable('separator'), getvariable('cells') - 1)), getvariable('filled'), 1)
end
"""

_RECORDS = """
create or replace temp table source_record as
with record as (
    select rowid as no, line, whole, blank
    from source_line l
    where rowid >= getvariable('skip') and not exists (from joined_line j where l.rowid between j.no and j.till)
    union all
    select no, line, true, false from joined_line
)
select row_number() over (order by no) + getvariable('skip') as number, line, whole, blank from record order by no
"""


def take_apart(connection: duckdb.DuckDBPyConnection, text: TextFile, folder: Path, *, sealed: bool = False) -> Path:
    """Write the good records of a file to a clean one and keep the others.

    The clean file is `sealed` where nobody but this process may read it. Makes two temp tables: `bad_line(number, line)` and
    `row_number_of(ordinal, number)`: the number that a spreadsheet shows for the record at `ordinal` (from 0) of it.

    Raises:
        RefusalError: a "line" of more than 1 GB.
    """
    _set(connection, text)
    connection.execute(_MACROS)
    reader = pa.RecordBatchReader.from_batches(pa.schema([("line", pa.string())]), _line_batches(text.path))
    connection.register("arriving_line", reader)
    connection.execute(_LINES)
    connection.unregister("arriving_line")
    connection.execute(_JOINED)
    records = f"(select rowid + 1 as number, line, whole, blank from source_line where rowid >= {text.skip})"
    if connection.execute("from joined_line limit 1").fetchone():
        connection.execute(_RECORDS)
        records = "source_record"
    good, bad = "whole and not blank", "not whole and not blank"
    connection.execute(f"create or replace temp table bad_line as select number, line from {records} where {bad}")
    connection.execute(
        "create or replace temp table row_number_of as"
        f" select row_number() over (order by number) - 1 as ordinal, number from {records} where {good}"
    )
    clean = temporary(folder / "clean.csv", sealed=sealed)
    rows = connection.execute(f"select {_COMPLETE} as line from {records} where {good}")
    with create(clean) as file:
        for batch in rows.to_arrow_reader(20_000):
            file.write(("\n".join(batch.column(0).to_pylist()) + "\n").encode())
    for table in ("source_line", "joined_line", "source_record"):
        connection.execute(f"drop table if exists temp.{table}")
    return clean


def _set(connection: duckdb.DuckDBPyConnection, text: TextFile) -> None:
    cells = len(text.header)
    separator = "\\t" if text.separator == "\t" else text.separator
    cell = f'(?:[ ]*"(?:[^"]|"")*"|(?:[^"{separator}][^{separator}]*)?)'
    complete = f"{cell}(?:{separator}{cell}){{{cells - 1}}}"
    blank = "".join(f"\\x{{{ord(sign):X}}}" for sign in BLANKS if sign != text.separator)
    surplus = f'(?:{separator}[{blank}]*(?:"[{blank}]*")?[{blank}]*)*'
    values: dict[str, str | int] = {
        "line_bytes": LINE_BYTES,
        "most_joined": MOST_JOINED,
        "skip": text.skip,
        "cells": cells,
        "separator": text.separator,
        "blanks": BLANKS,
        "complete": f"(?s){complete}",
        "record": f"(?s){cell}(?:{separator}{cell}){{0,{cells - 1}}}{surplus}",
        "filled": f"(?s)^({complete}){surplus}$",
    }
    for name, value in values.items():
        connection.execute(f"set variable {name} = {literal(value)}")


def _line_batches(path: Path) -> Iterator[pa.RecordBatch]:
    """The physical lines of a file, a block at a time; any kind of line end, NUL shown as U+FFFD."""
    rest: list[str] = []
    size = 0
    for block in blocks(path, "utf-8-sig"):
        held = block.endswith("\r")
        lines = _split("".join(rest) + block if "\n" in block or "\r" in block else block)
        if len(lines) == 1:
            rest.append(block)
            size += len(block)
            if size > _HOPELESS_LINE:
                raise RefusalError("文件中有超过 1 GB 的单行,不是正常的表格;请核对后重新报送")
            continue
        rest = [lines.pop()]
        if held:  # the line feed that belongs to it may open the next block
            rest = [lines.pop() + "\r"] if not rest[0] else rest
        size = len(rest[0])
        yield pa.record_batch([pa.array(lines, pa.string())], names=["line"])
    last = _split("".join(rest))
    yield pa.record_batch([pa.array(last[:-1] if last[-1] == "" else last, pa.string())], names=["line"])


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd").split("\n")
