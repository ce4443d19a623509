"""Files of a delivery, written block by block: CSV (plain, gzip, zip), workbooks, Parquet; large ones in parts."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from monitor.contracts import Extract
from monitor.synth.workbook import BEGINNING, ROWS_A_PART, write_workbook

CSV_ROWS_A_PART = 2_000_000
GZIP_LEVEL = 4


class Part(Protocol):
    """One file being written."""

    def append(self, frame: pl.DataFrame, odd: pl.DataFrame) -> None: ...

    def close(self) -> None: ...


class CsvPart:
    """A CSV file; rows of `odd` get a cell too many.

    Args:
        container: `csv`, `csv.gz` or `zip`.
        encoding: `utf-8`, `utf-8-sig` or `gb18030`.
    """

    def __init__(self, path: Path, header: list[str], encoding: str, container: str) -> None:
        self._raw: Any = None
        self._encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        self._line_end = "\r\n" if encoding == "gb18030" else "\n"
        self._stack: list[Any] = []
        self._out = self._open(path, container)
        if encoding == "utf-8-sig":
            self._out.write(b"\xef\xbb\xbf")
        self._out.write((",".join(header) + self._line_end).encode(self._encoding))

    def _open(self, path: Path, container: str) -> Any:
        raw = path.open("wb")
        self._stack.append(raw)
        if container == "csv":
            return raw
        if container == "csv.gz":
            packed: Any = gzip.GzipFile("", "wb", GZIP_LEVEL, raw, mtime=0)
        else:
            archive = zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED)
            self._stack.append(archive)
            entry = zipfile.ZipInfo(path.name.removesuffix(".zip") + ".csv", BEGINNING)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed = archive.open(entry, "w", force_zip64=True)
        self._stack.append(packed)
        return packed

    def append(self, frame: pl.DataFrame, odd: pl.DataFrame) -> None:
        for rows in (frame, odd.with_columns(pl.lit("多出").alias("_more")) if len(odd) else odd):
            if len(rows):
                text = io.BytesIO()
                rows.write_csv(text, include_header=False, line_terminator=self._line_end)
                data = text.getvalue()
                self._out.write(data if self._encoding == "utf-8" else data.decode().encode(self._encoding))

    def close(self) -> None:
        for opened in reversed(self._stack):
            opened.close()


class WorkbookPart:
    """A workbook, held until it is closed."""

    def __init__(self, path: Path, header: list[str], schema: dict[str, Any], numbers: set[str]) -> None:
        self._path, self._header, self._numbers = path, header, numbers
        self._held = [pl.DataFrame(schema=schema)]

    def append(self, frame: pl.DataFrame, odd: pl.DataFrame) -> None:
        self._held.append(frame)

    def close(self) -> None:
        write_workbook(self._path, self._header, pl.concat(self._held), self._numbers)


class ParquetPart:
    """A Parquet file; columns that dirt may touch are text, the others have their types."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")

    def append(self, frame: pl.DataFrame, odd: pl.DataFrame) -> None:
        flags = [name for name, field in zip(frame.columns, self._schema, strict=True) if field.type == pa.bool_()]
        frame = frame.with_columns(pl.col(flags) == "是")
        table = frame.to_arrow().rename_columns(self._schema.names)
        self._writer.write_table(table.cast(self._schema))

    def close(self) -> None:
        self._writer.close()


class Parts:
    """The files of one delivery. A second part is begun when the first is full; a single one has no part number."""

    def __init__(self, folder: Path, stem: str, ending: str, limit: int, begin: Callable[[Path], Part]) -> None:
        self._folder, self._stem, self._ending, self._limit, self._begin = folder, stem, ending, limit, begin
        self._paths: list[Path] = []
        self._part: Part | None = None
        self._room = 0
        self.rows = 0

    def append(self, frame: pl.DataFrame, odd: pl.DataFrame) -> None:
        """Write rows; `odd` are those with a cell too many."""
        self.rows += len(frame) + len(odd)
        while len(frame) or len(odd) or self._part is None:
            part = self._part if self._part is not None and self._room > 0 else self._next()
            taken = frame.head(self._room)
            part.append(taken, odd)
            self._room -= len(taken) + len(odd)
            frame, odd = frame.slice(len(taken)), odd.clear()

    def _next(self) -> Part:
        if self._part is not None:
            self._part.close()
        if len(self._paths) == 1:
            self._paths = [self._paths[0].rename(self._path("_01"))]
        self._paths.append(self._path(f"_{len(self._paths) + 1:02d}" if self._paths else ""))
        self._part, self._room = self._begin(self._paths[-1]), self._limit
        return self._part

    def _path(self, part: str) -> Path:
        return self._folder / f"{self._stem}{part}.{self._ending}"

    def close(self) -> list[Path]:
        """Finish; returns the files."""
        part = self._part or self._next()
        part.close()
        return self._paths


def parquet_schema(contract: Extract, header: list[str], columns: list[str], as_text: set[str]) -> pa.Schema:
    """Types of a Parquet file: months as text, and text for the kinds in `as_text`."""
    types = {name: pa.string() for name in columns}
    for column in contract.columns:
        if column.kind not in as_text and column.kind != "month" and column.name in types:
            types[column.name] = contract.arrow_schema.field(column.name).type
    return pa.schema([pa.field(title, types[name]) for name, title in zip(columns, header, strict=True)])


def rows_a_part(contract: Extract) -> int:
    """How many rows a file of this extract holds at most."""
    return ROWS_A_PART if contract.format == "xlsx" else CSV_ROWS_A_PART
