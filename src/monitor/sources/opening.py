"""Bring a delivered file before DuckDB as one relation of raw cells, whatever it came in.

`prepare` needs no database and may run ahead in another thread; `opened` then makes the relation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from monitor.contracts import Extract
from monitor.encryption.sealed import address, size_of
from monitor.encryption.sealed import opened as opened_file
from monitor.sources.arrivals import Delivery
from monitor.sources.broken_lines import LINE_BYTES, take_apart
from monitor.sources.refusal import RefusalError
from monitor.sources.sheet_scan import MOST_COLUMNS
from monitor.sources.text_files import BLANKS, TextFile, open_text
from monitor.sources.unpacking import check_size, unpack
from monitor.sources.workbooks import Sheet, open_workbook
from monitor.store import identifier, literal, path_literal

_WITH_ZONE = "TIMESTAMP WITH TIME ZONE"
# a Parquet file may say that it has endless rows: with those of a whole province over ten years it has fewer
MOST_ROWS = 2_000_000_000


@dataclass(frozen=True)
class Prepared:
    """A file that is unpacked, decoded and knows its header; `refusal` says why it is not. Its copies may be `sealed`."""

    header: tuple[str, ...] = ()
    encoding: str = ""
    text: TextFile | None = None
    sheet: Sheet | None = None
    parquet: Path | None = None
    refusal: str = ""
    sealed: bool = False


@dataclass(frozen=True)
class Opened:
    """Raw cells as a relation.

    Attributes:
        relation: what stands behind FROM; columns `r0`, `r1` ... in the order of the header, rows in that of the file.
        types: SQL type per column; None for text.
        first_row: number of the first row as a spreadsheet shows it.
        numbered: the temp table `row_number_of` gives the row numbers, and `bad_line` holds lines that are no records.
    """

    relation: str
    types: tuple[str | None, ...]
    first_row: int
    numbered: bool = False


def prepare(delivery: Delivery, extract: Extract, folder: Path, *, sealed: bool = False) -> Prepared:
    """Unpack, decode, find the header, in `sealed` copies if need be. Never raises for what a file contains."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        path, ending = unpack(delivery.path, delivery.ending, folder, sealed=sealed)
        if ending == ".csv":
            text = open_text(path, folder, names_of(extract), sealed=sealed)
            return _not_too_wide(Prepared(text.header, text.encoding, text=text, sealed=sealed))
        if ending == ".xlsx":
            sheet = open_workbook(path, lambda header: not missing(extract, header))
            return Prepared(sheet.header, sheet=sheet)
        return _not_too_wide(Prepared(parquet_header(path), parquet=path))
    except RefusalError as refusal:
        return Prepared(refusal=str(refusal))


def _not_too_wide(prepared: Prepared) -> Prepared:
    if len(prepared.header) > MOST_COLUMNS:
        raise RefusalError(
            f"表头有 {len(prepared.header)} 列,超出可读范围(至多 {MOST_COLUMNS} 列);请删去表外多余的列后重新报送"
        )
    return prepared


def opened(connection: duckdb.DuckDBPyConnection, prepared: Prepared, folder: Path, *, careful: bool = False) -> Opened:
    """Make the relation.

    Args:
        careful: take a CSV file apart line by line, because DuckDB's reader did not take it whole.

    Raises:
        RefusalError: the clean copy of a broken file cannot be read either.
    """
    if prepared.sheet:
        connection.register("sheet", prepared.sheet.rows)
        return Opened("sheet", (None,) * len(prepared.header), prepared.sheet.first_row)
    if prepared.parquet:
        return _open_parquet(connection, prepared.parquet)
    assert prepared.text is not None
    text = prepared.text
    types = (None,) * len(text.header)
    if careful or not text.smooth:
        clean = replace(text, path=take_apart(connection, text, folder, sealed=prepared.sealed), skip=0)
        return Opened(_read_csv(clean), types, 1, numbered=True)
    return Opened(_read_csv(text), types, text.skip + 1)


def _open_parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> Opened:
    """A moment in time becomes what clocks showed in China then, on whatever machine it is read."""
    connection.execute("set TimeZone = 'Asia/Shanghai'")  # how a moment shows in a nested cell, of which only the text is kept
    source = f"read_parquet({path_literal(address(path))})"
    described = connection.execute(f"describe select * from {source}").fetchall()
    columns = ", ".join(f"{_local(identifier(name), kind)} as r{i}" for i, (name, kind, *_) in enumerate(described))
    types = tuple("TIMESTAMP" if kind == _WITH_ZONE else kind for _, kind, *_ in described)
    return Opened(f"(select {columns} from {source})", types, 1)


def _local(column: str, kind: str) -> str:
    """What lies beyond every calendar cannot be converted, and is no date, but there."""
    if kind != _WITH_ZONE:
        return column
    beyond = f"case when {column} is not null then timestamp 'infinity' end"
    return f"coalesce(try(timezone('Asia/Shanghai', {column})), {beyond})"


def found_columns(extract: Extract, header: tuple[str, ...]) -> tuple[dict[str, int], list[str], list[int]]:
    """Which column of the file holds which column of the contract.

    Returns:
        canonical name -> position; headers of contract columns that stand there twice; the columns beyond the contract,
        counted from 1: what stands there in place of a header may be a person's cell, so it is never told.
    """
    known = {c.header: c.name for c in extract.columns} | {c.name: c.name for c in extract.columns}
    places: dict[str, list[int]] = {}
    for position, title in enumerate(header):
        if title in known:
            places.setdefault(known[title], []).append(position)
    doubled = [extract.column(name).header for name, at in places.items() if len(at) > 1]
    extra = [position for position, title in enumerate(header, start=1) if title and title not in known]
    return {name: at[0] for name, at in places.items() if len(at) == 1}, doubled, extra


def missing(extract: Extract, header: tuple[str, ...]) -> list[str]:
    """Headers of required columns that the file lacks."""
    places, doubled, _ = found_columns(extract, header)
    return [c.header for c in extract.required if c.name not in places and c.header not in doubled]


def names_of(extract: Extract) -> set[str]:
    """What a header may call the columns of an extract."""
    return {c.header for c in extract.columns} | {c.name for c in extract.columns}


def _read_csv(text: TextFile) -> str:
    columns = ", ".join(f"'r{i}': 'VARCHAR'" for i in range(len(text.header)))
    return (
        f"read_csv({path_literal(address(text.path))}, auto_detect = false, header = false, skip = {text.skip},"
        f" columns = {{{columns}}}, delim = {literal(text.separator)},"
        " quote = '\"', escape = '\"', strict_mode = true, null_padding = false,"
        f" max_line_size = {2 * LINE_BYTES}, buffer_size = {4 * LINE_BYTES})"
    )


def parquet_header(path: Path) -> tuple[str, ...]:
    """The column names of a Parquet file.

    Raises:
        RefusalError: it cannot be opened, or would unpack to more than honest data can.
    """
    try:
        with opened_file(path) as file:
            parquet = pq.ParquetFile(file)
            names, footer = parquet.schema_arrow.names, parquet.metadata
            unpacked = sum(footer.row_group(i).total_byte_size for i in range(footer.num_row_groups))
    except (pa.ArrowException, OSError, ValueError):  # a name that is no UTF-8 is a ValueError
        raise RefusalError("Parquet 文件打不开(文件损坏或不完整);请重新导出后报送") from None
    if any("\0" in name for name in names):
        raise RefusalError("Parquet 文件的列名里有空字符(文件损坏);请重新导出后报送")
    _check_footer(footer.num_rows, len(names), unpacked, size_of(path))
    return tuple(name.strip(BLANKS) for name in names)


def _check_footer(rows: int, columns: int, unpacked: int, packed: int) -> None:
    """Stop a bomb before it is read.

    Columns that repeat one value shrink to nothing and may. But a row has something of its own, so that the cells of a file,
    counted as one byte each, are never `MOST_RATIO` times as many as its bytes.

    Raises:
        RefusalError: more rows, cells or bytes than honest data can have.
    """
    if rows > MOST_ROWS:
        raise RefusalError(f"Parquet 文件有 {rows:,} 行,超出可读范围(至多 {MOST_ROWS:,} 行);请分片后重新报送")
    check_size(max(unpacked, rows * columns), packed)
