"""Lines with fewer or more cells than the header are read as a spreadsheet writes them; Python's csv module is the measure."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landing_inbox import Inbox, made_up_id

from monitor.sources.opening import Prepared, opened
from monitor.sources.text_files import BLANKS, open_text

HEADER = ("a", "b", "c", "d")
Rows = list[tuple[int, tuple[str, ...]]]
BAD = ("not a record",)

PLAIN = ["x", "12", "张三", "a b", "", "", "", " ", "\u3000", " x ", "-", '"a,b"', '""', '"x ""q"" y"', '"p"']
OF_TWO_LINES = ['"l1\nl2"', '"\n"', '"a,\n,b"', '"a\n\nb"']
EMPTY = ["", " ", '""', '" "', "\u3000"]
WHOLE = st.lists(st.sampled_from(PLAIN + OF_TWO_LINES), min_size=4, max_size=4)
SHORT = st.lists(st.sampled_from(PLAIN + OF_TWO_LINES), min_size=1, max_size=3)
WITH_EMPTY_SURPLUS = st.tuples(WHOLE, st.lists(st.sampled_from(EMPTY), min_size=1, max_size=3)).map(lambda t: t[0] + t[1])
LONG = st.lists(st.sampled_from(PLAIN), min_size=5, max_size=7)
FILE = st.lists(st.one_of(WHOLE, SHORT, WITH_EMPTY_SURPLUS, LONG).map(",".join), max_size=8)


def as_csv_module_reads(text: str) -> Rows:
    rows: Rows = []
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
        if number == 1 or not "".join(cells).strip(BLANKS):
            continue
        surplus = any(cell.strip(BLANKS) for cell in cells[len(HEADER) :])
        filled = (*cells, *[""] * len(HEADER))[: len(HEADER)]
        rows.append((number, BAD if surplus else filled))
    return rows


def as_landing_reads(text: str) -> Rows:
    with tempfile.TemporaryDirectory() as name, duckdb.connect() as connection:
        folder = Path(name)
        path = folder / "delivered.csv"
        path.write_bytes(text.encode())
        found = open_text(path, folder, HEADER)
        prepared = Prepared(found.header, text=found)
        try:
            source = opened(connection, prepared, folder)
            cells = connection.execute(f"select * from {source.relation}").fetchall()
        except duckdb.Error:
            source = opened(connection, prepared, folder, careful=True)
            cells = connection.execute(f"select * from {source.relation}").fetchall()
        numbers, bad = list(range(source.first_row, source.first_row + len(cells))), []
        if source.numbered:
            numbers = [n for (n,) in connection.execute("select number from row_number_of order by ordinal").fetchall()]
            bad = connection.execute("select number from bad_line").fetchall()
    rows: Rows = [(n, tuple(c or "" for c in row)) for n, row in zip(numbers, cells, strict=True)]
    return sorted([row for row in rows if "".join(row[1]).strip(BLANKS)] + [(n, BAD) for (n,) in bad])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines=FILE, end=st.sampled_from(["", "\n"]))
def test_any_file_of_short_and_long_lines_is_read_as_the_csv_module_reads_it(lines: list[str], end: str) -> None:
    text = "\n".join([",".join(HEADER), *lines]) + end
    assert as_landing_reads(text) == as_csv_module_reads(text)


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_short_line_lacks_its_last_cells_only(inbox: Inbox, separator: str) -> None:
    people = [made_up_id(n) for n in range(8)]
    lines = ["id_no,died_on,place,cause", *[f"{p},2026-01-03" for p in people[:7]], f"{people[7]}"]
    inbox.put("nhc_death_20261001.csv", "\n".join(lines).replace(",", separator))
    (landed,) = inbox.landed()
    assert (landed.rows_read, landed.readable, landed.reasons) == (8, 7, {"missing:died_on": 1})
    assert [row for row, _, _ in inbox.quarantine(landed)] == [9]


def test_half_a_record_is_no_short_line(inbox: Inbox) -> None:
    lines = ["id_no,died_on,place,cause", *[f"{made_up_id(n)},2026-01-03,," for n in range(8)], f'{made_up_id(9)},2026-01-03"']
    inbox.put("nhc_death_20261001.csv", "\n".join(lines))
    (landed,) = inbox.landed()
    assert (landed.readable, landed.reasons) == (8, {"bad_line": 1})
