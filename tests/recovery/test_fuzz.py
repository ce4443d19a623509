"""A few hundred damaged inputs for every reader, and those that once made one fall over; many more by `benchmarks/fuzz.py`."""

import io
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from disturbed import NIGHTS  # noqa: F401  makes benchmarks importable
from fuzz import RefusedInput, fuzz, readers_in


def test_no_reader_falls_over_and_every_row_is_accounted_for(tmp_path: Path) -> None:
    found = fuzz(tmp_path, inputs=600, seed=2)
    assert found.faults == []
    assert found.inputs.total() >= 600
    assert all(found.refused[name] < count for name, count in found.inputs.items()), "a reader that refuses all reads nothing"


def parquet_with_a_name_that_is_no_text() -> bytes:
    written = io.BytesIO()
    pq.write_table(pa.table({"abcdefgh": ["x"]}), written)
    return written.getvalue().replace(b"abcdefgh", b"\xafbcdefgh")


@pytest.mark.parametrize(
    ("reader", "content"),
    [
        pytest.param("csv", "姓\0名,身份证号,死亡日期\n甲,乙,丙\n".encode(), id="a NUL in a header"),
        pytest.param("parquet", parquet_with_a_name_that_is_no_text(), id="a name of a column that is no UTF-8"),
        pytest.param(
            "parameters",
            b"region_code,area_kind,valid_from,value, document\n53,any,2026-01-01,40,x\n",
            id="a blank in a header",
        ),
    ],
)
def test_what_once_made_a_reader_fall_over(tmp_path: Path, reader: str, content: bytes) -> None:
    with suppress(RefusedInput):
        assert readers_in(tmp_path)[reader].read(content, tmp_path) == ""
