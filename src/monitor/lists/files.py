"""Write many files out of one sorted stream, without touching a row."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from monitor.lists.cells import make_cell_macros
from monitor.store import identifier

_BATCH_ROWS = 20_000
# columns of a row table that steer and are not shown
_STEERING = ("file", "position", "kind", "village_code")


def write_files(connection: duckdb.DuckDBPyConnection, table: str, folder: Path) -> int:
    """Write the rows of `table` into the files that its column `file` names; return how many files.

    Args:
        connection: the working database.
        table: has `file` (path below `folder`), `position` (order in the file) and the columns to show, named as in the header.
        folder: made if it is not there. Files are UTF-8 with BOM and end lines with CRLF, as Excel expects.
    """
    make_cell_macros(connection)
    description = connection.execute(f"select * from {table} limit 0").description or []
    columns = [(name, str(type_)) for name, type_, *_ in description if name not in _STEERING]
    header = codecs.BOM_UTF8 + (",".join(f'"{name}"' for name, _ in columns) + "\r\n").encode()
    cells = [
        f"csv_cell(safe_text({identifier(name)}))"
        if type_ in {"VARCHAR", "STRING"}
        else f"csv_cell({identifier(name)}::varchar)"
        for name, type_ in columns
    ]
    reader = connection.execute(
        f"select file, {' || chr(44) || '.join(cells)} || chr(13) || chr(10) as line from {table} order by file, position"
    ).to_arrow_reader(_BATCH_ROWS)
    written = 0
    last = ""
    for batch in reader:
        for name, content in _runs(batch):
            if name != last:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                written += 1
            with open(folder / name, "ab" if name == last else "wb") as handle:
                handle.write(content if name == last else header + content)
            last = name
    return written


def _runs(batch: pa.RecordBatch) -> Iterator[tuple[str, bytes]]:
    """(file, its bytes) for every stretch of rows of one file; the lines of a stretch lie side by side in Arrow's buffer."""
    if batch.num_rows == 0:
        return
    files = batch.column(0).dictionary_encode()
    codes = files.indices.to_numpy()
    lines = batch.column(1).cast(pa.large_string())
    starts = np.concatenate(([0], np.flatnonzero(np.diff(codes)) + 1, [batch.num_rows]))
    offsets = np.frombuffer(lines.buffers()[1], dtype=np.int64)[lines.offset : lines.offset + batch.num_rows + 1]
    data = lines.buffers()[2]
    for start, end in pairwise(starts):
        yield files.dictionary[codes[start]].as_py(), data[int(offsets[start]) : int(offsets[end])].to_pybytes()
