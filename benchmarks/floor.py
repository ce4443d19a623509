"""The floor: read every delivery once as text, count the cells, and nothing else. Run by night.py as a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import fastexcel

READERS = {
    ".csv": "read_csv('{}', all_varchar = true, header = true, encoding = '{}', strict_mode = false, null_padding = true)",
    ".parquet": "read_parquet('{}')",
}


def encoding_of(path: Path) -> str:
    """utf-8 if the first megabyte is; otherwise bytes are taken as latin-1, which costs no more than any decoding must."""
    with path.open("rb") as handle:
        head = handle.read(2**20)
    try:
        head[: head.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def main(folder: Path) -> None:
    """Print how many cells are given."""
    connection = duckdb.connect()
    cells = 0
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            sheet = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_arrow()
            connection.register("sheet", sheet)
            source = "sheet"
        else:
            source = READERS[path.suffix].format(path, encoding_of(path) if path.suffix == ".csv" else "")
        row = connection.execute(
            f"select list_sum(list_value(*columns(*))) from (select count(cast(columns(*) as varchar)) from {source})"
        ).fetchone()
        cells += int(row[0]) if row else 0
    print(cells)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
