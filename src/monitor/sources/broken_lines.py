"""CSV files that DuckDB's reader does not take whole: broken quotes, too many or too few cells, blank lines, mixed line ends.

Its reject tables cut lines at 10,000 signs, its parser may give a whole file up for one quote, and one open quote can swallow
a million good lines. So such a file is taken apart line by line here, in SQL: a line that is a record by itself stays one;
of the others, two neighbouring lines with an odd number of quotes are one record when they join into one (a line break
inside a cell); what is left is a bad line, alone, whole and with its number. The good records go into a clean file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from monitor.sources.refusal import Refusal
from monitor.sources.text_files import BLANKS, TextFile, blocks
from monitor.store import literal

MOST_JOINED = 200
LINE_BYTES = 16 * 2**20
_HOPELESS_LINE = 2**30

_RECORDS = """
create or replace temp table source_record as
with judged as (
    select no, line,
           strlen(line) <= getvariable('line_bytes')
               and (case when contains(line, '"') then regexp_full_match(line, getvariable('record'))
                         else strlen(line) - strlen(replace(line, getvariable('separator'), '')) = getvariable('cells') - 1 end)
               as whole,
           trim(line, getvariable('blanks')) = '' as blank
    from source_line
),
odd as (
    select no, lead(no) over (order by no) as till
    from judged
    where not whole and (strlen(line) - strlen(replace(line, '"', ''))) % 2 = 1
),
pair as (
    select o.no, o.till, string_agg(j.line, chr(10) order by j.no) as line
    from odd o join judged j on j.no between o.no and o.till
    where o.till - o.no <= getvariable('most_joined')
    group by o.no, o.till
),
joinable as (
    select o.no, o.till, p.line,
           coalesce(strlen(p.line) <= getvariable('line_bytes') and regexp_full_match(p.line, getvariable('record')), false) as fits
    from odd o left join pair p using (no)
),
-- of a chain of pairs that share lines, every second one is taken, from the first on
chained as (
    select *, sum(case when fits then 0 else 1 end) over (order by no) as chain from joinable
),
joined as (
    select no, till, line
    from (select *, row_number() over (partition by chain, fits order by no) as place from chained)
    where fits and place % 2 = 1
),
record as (
    select j.no, j.no as till, j.line, j.whole, j.blank
    from judged j
    where not exists (select 1 from joined m where j.no between m.no and m.till)
    union all
    select no, till, line, true, false from joined
)
select row_number() over (order by no) as number, no, line, whole, blank from record
"""


def take_apart(connection: duckdb.DuckDBPyConnection, text: TextFile, folder: Path) -> Path:
    """Write the good records of a file to a clean one and keep the others.

    Makes two temp tables: `bad_line(number, line)` and `row_number_of(ordinal, number)`: the number that a spreadsheet shows
    for the record at `ordinal` (from 0) of the clean file.

    Raises:
        Refusal: a "line" of more than 1 GB.
    """
    reader = pa.RecordBatchReader.from_batches(pa.schema([("line", pa.string())]), _line_batches(text.path))
    connection.register("arriving_line", reader)
    connection.execute("create or replace temp table arrived as select line from arriving_line")
    connection.unregister("arriving_line")
    connection.execute(
        f"create or replace temp table source_line as select rowid + 1 as no, line from arrived where rowid >= {text.skip}"
    )
    connection.execute("drop table arrived")
    _set(connection, text)
    connection.execute(_RECORDS)
    connection.execute("drop table source_line")
    connection.execute(
        f"create or replace temp table bad_line as select number + {text.skip} as number, line from source_record where not whole and not blank"
    )
    connection.execute(
        "create or replace temp table row_number_of as "
        f"select row_number() over (order by number) - 1 as ordinal, number + {text.skip} as number from source_record where whole and not blank"
    )
    clean = folder / "clean.csv"
    rows = connection.execute("select line from source_record where whole and not blank order by number")
    with open(clean, "w", encoding="utf-8", newline="") as file:
        for batch in rows.to_arrow_reader(20_000):
            file.write("\n".join(batch.column(0).to_pylist()) + "\n")
    connection.execute("drop table source_record")
    return clean


def _set(connection: duckdb.DuckDBPyConnection, text: TextFile) -> None:
    cells = len(text.header)
    separator = "\\t" if text.separator == "\t" else text.separator
    cell = f'(?:[ ]*"(?:[^"]|"")*"|(?:[^"{separator}][^{separator}]*)?)'
    values: dict[str, str | int] = {
        "line_bytes": LINE_BYTES,
        "most_joined": MOST_JOINED,
        "cells": cells,
        "separator": text.separator,
        "blanks": BLANKS,
        "record": f"(?s){cell}(?:{separator}{cell}){{{cells - 1}}}",
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
                raise Refusal("文件中有超过 1 GB 的单行,不是正常的表格;请核对后重新报送")
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
