"""The bytes of a delivered file: CSV, XLSX or Parquet, packed or not; the same rows give the same bytes."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

Table = list[list[str]]


def csv_bytes(table: Table, encoding: str) -> bytes:
    """Comma-separated text with CRLF, quoted where it must be."""
    lines = (",".join(_quoted(cell) for cell in row) for row in table)
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',"\r\n') else cell


def xlsx_bytes(table: Table) -> bytes:
    """A workbook of one sheet, every cell as text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False}) as book:
        book.set_properties({"created": datetime(2026, 11, 1)})
        sheet = book.add_worksheet("Sheet1")
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)
    return buffer.getvalue()


def parquet_bytes(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def text_table(table: Table) -> pa.Table:
    """An Arrow table of text; an empty cell is null."""
    columns = list(zip(*table[1:], strict=True))
    return pa.table(
        {name: pa.array([c or None for c in cells], pa.string()) for name, cells in zip(table[0], columns, strict=True)}
    )


def packed(content: bytes, name: str, ending: str) -> bytes:
    """A CSV as it travels: plain, gzipped or in a zip, without the time of packing."""
    if ending == "csv.gz":
        return gzip.compress(content, mtime=0)
    if ending == "zip":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo(f"{name}.csv", (2026, 11, 1, 0, 0, 0)), content)
        return buffer.getvalue()
    return content


def put(folder: Path, name: str, content: bytes) -> None:
    """Write a file only when its bytes change."""
    path = folder / name
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)
