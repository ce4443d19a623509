"""The floor: read every delivery once as text, count the cells of every column, and nothing else.

    python benchmarks/floor.py INBOX [THREADS]

The same engine as the night's, reading with all its threads; the files of an extract are one scan. Two formats it does not read
itself: workbooks go through the reader that the night uses, too, and GB18030 is decoded by Python's codec into a copy beside
(the engine's own encodings are UTF-8, UTF-16 and Latin-1, and it rejects GB18030 bytes as Latin-1). Nothing is repaired, typed,
checked, kept or hashed. Run by night.py as a process of its own.
"""

from __future__ import annotations

import codecs
import sys
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import duckdb
import fastexcel

_BLOCK = 4 * 2**20


def main(inbox: Path, threads: int | None = None) -> None:
    """Print how many cells are given."""
    connection = duckdb.connect(config={"threads": threads} if threads else {})
    cells = 0
    with tempfile.TemporaryDirectory(dir=inbox.parent) as decoded:
        for group in _scans(inbox):
            for source in _sources(connection, group, Path(decoded)):
                cells += _cells(connection, source)
    print(cells)


def _scans(inbox: Path) -> Iterator[list[Path]]:
    """The files of one extract and format, together."""
    extract_of = {path: path.name.split("_20", 1)[0] + path.suffix for path in sorted(inbox.iterdir())}
    for _, files in groupby(sorted(extract_of, key=lambda path: (extract_of[path], path)), key=extract_of.__getitem__):
        yield list(files)


def _sources(connection: duckdb.DuckDBPyConnection, files: list[Path], decoded: Path) -> Iterator[str]:
    """What to select from; a workbook at a time, since its reader holds all of it."""
    match files[0].suffix:
        case ".parquet":
            yield f"read_parquet({[str(path) for path in files]})"
        case ".xlsx":
            for path in files:
                connection.register("sheet", fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_arrow())
                yield "sheet"
        case ".csv":
            readable = [_as_utf8(path, decoded) for path in files]
            yield f"read_csv({[str(path) for path in readable]}, all_varchar = true, header = true, delim = ',', quote = '\"')"
            for path in set(readable) - set(files):
                path.unlink()


def _cells(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    counts = f"select count(cast(columns(*) as varchar)) from {source}"
    row = connection.execute(f"select list_sum(list_value(*columns(*))) from ({counts})").fetchone()
    return int(row[0]) if row else 0


def _as_utf8(path: Path, folder: Path) -> Path:
    """The file itself if its first megabyte is UTF-8, otherwise a decoded copy."""
    with path.open("rb") as file:
        head = file.read(2**20)
    try:
        head[: head.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(path, folder / path.name)
    return path


def _decoded(path: Path, copy: Path) -> Path:
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    with path.open("rb") as file, copy.open("wb") as target:
        while block := file.read(_BLOCK):
            target.write(decoder.decode(block).encode())
    return copy


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
