"""Landing with pandas on Arrow: cells in their usual form column-wise, the few others one by one, once per distinct text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastexcel
import job
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from cells import EMPTY_WORDS, ODD, labels, reader
from checks import keys_of

from monitor.contracts import Column, extract

STORED = {
    "id": pa.int64(),
    "text": pa.string(),
    "code": pa.string(),
    "bool": pa.bool_(),
    "village": pa.int64(),
    "date": pa.date32(),
    "month": pa.int32(),
    "money": pa.int64(),
    "num": pa.int64(),
    "int": pa.int32(),
}
# kinds of few distinct texts: each is read once
FEW = {"code", "bool", "village", "date", "month", "int"}


def land(name: str, delivery: job.Delivery) -> tuple[pd.DataFrame, dict[str, int]]:
    """Read an extract.

    Returns:
        the rows in force in the order of the files, Arrow-backed (codes are categories, IDs keys, money fen, months numbers);
        and the counts read, loaded, superseded, quarantined.
    """
    columns = job.columns(name)
    typed = pa.concat_tables(_typed_table(_cells(path, name), columns) for path in delivery.paths)
    frame = pd.DataFrame({c.name: _series(typed.column(c.name), c) for c in columns})
    readable = frame[[c.name for c in columns if c.required]].notna().all(axis=1)
    kept = frame if readable.all() else frame[readable]
    loaded = kept.drop_duplicates(list(extract(name).key), keep="last")
    counts = {
        "read": len(frame),
        "loaded": len(loaded),
        "superseded": len(kept) - len(loaded),
        "quarantined": len(frame) - len(kept),
    }
    return _there(loaded[job.asked_for(loaded.columns)], extract(name).dated_by).reset_index(drop=True), counts


def _there(frame: pd.DataFrame, dated_by: tuple[str, ...]) -> pd.DataFrame:
    """Records dated after D are not there yet; of persons all count, so assistance is cut where it is used."""
    names = [column for column in dated_by if column in frame]
    if not names or "benefit" in frame:
        return frame
    dated = frame[names[0]] if len(names) == 1 else frame[names[0]].fillna(frame[names[1]])
    limit = job.month_of(job.AS_OF) if pd.api.types.is_integer_dtype(dated.dtype) else job.AS_OF
    late = (dated > limit).fillna(False)
    return frame[~late] if late.any() else frame


def _cells(path: Path, name: str) -> pa.Table:
    """The columns of the job under their own names; text files and workbooks as text."""
    if path.suffix == ".csv":
        titles = job.titles(name, job.header_of(path, name))
        convert = pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(titles, pa.string()),
            include_columns=list(titles),
            strings_can_be_null=True,
            null_values=[""],
            quoted_strings_can_be_null=True,
        )
        read = pyarrow.csv.ReadOptions(encoding=job.encoding(name), block_size=16 * 2**20)
        table = pyarrow.csv.read_csv(path, read, convert_options=convert)
    elif path.suffix == ".xlsx":
        sheet = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_arrow()
        table = pa.Table.from_batches([sheet])
        titles = job.titles(name, table.column_names)
    else:
        titles = job.titles(name, pq.read_schema(path).names)
        table = pq.read_table(path, columns=list(titles))
    return table.select(list(titles)).rename_columns(list(titles.values()))


def _typed_table(cells: pa.Table, columns: tuple[Column, ...]) -> pa.Table:
    """One file: its text goes before that of the next comes."""
    absent = pa.chunked_array([pa.nulls(len(cells), pa.string())])
    values = {c.name: _typed(cells.column(c.name) if c.name in cells.column_names else absent, c) for c in columns}
    return pa.table(values)


def _series(values: pa.ChunkedArray, column: Column) -> pd.Series[Any]:
    if column.kind == "code":
        known = list(dict.fromkeys(labels(column.code_list or "").values()))
        places = pc.index_in(values, pa.array(known)).combine_chunks().fill_null(-1)
        return pd.Series(pd.Categorical.from_codes(places.to_numpy(zero_copy_only=False), known))
    return pd.Series(pd.arrays.ArrowExtensionArray(values))


def _typed(cells: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    """Values of a column; null where a cell is empty or unreadable."""
    kind = column.kind
    if not pa.types.is_string(cells.type):
        scale = {"money": 100, "num": 10_000}.get(kind)
        whole = pc.cast(pc.multiply(cells, pa.scalar(scale)), pa.int64(), safe=False) if scale else cells
        return whole.cast(STORED[kind])
    if kind in FEW:
        return _by_distinct(cells, STORED[kind], reader(column))
    usual, values = _USUAL[kind](cells)
    rest = pc.and_not(pc.is_valid(cells), usual)
    if not pc.any(rest).as_py():
        return values
    slow = _by_distinct(cells.filter(rest), STORED[kind], reader(column))
    return pc.replace_with_mask(values.combine_chunks(), rest.combine_chunks(), slow.combine_chunks())


def _by_distinct(cells: pa.ChunkedArray, stored: pa.DataType, read: Callable[[str | None], Any]) -> pa.ChunkedArray:
    encoded = cells.combine_chunks().dictionary_encode()
    values = pa.array([read(text) for text in encoded.dictionary.to_pylist()], stored)
    return pa.chunked_array([values.take(encoded.indices)])


def _usual_text(cells: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    odd = pc.or_(pc.match_substring_regex(cells, ODD), pc.is_in(cells, pa.array(EMPTY_WORDS)))
    return pc.invert(odd), pc.if_else(odd, None, cells)


def _usual_money(cells: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    return _usual_number(cells, r"^\d{1,15}\.\d\d$", 1)


def _usual_num(cells: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    return _usual_number(cells, r"^\d{1,13}\.\d\d$", 100)


def _usual_number(cells: pa.ChunkedArray, form: str, factor: int) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Two places behind the point: without the point it is a whole number."""
    usual = pc.match_substring_regex(cells, form).fill_null(False)
    digits = pc.replace_substring(pc.if_else(usual, cells, None), ".", "")
    return usual, pc.multiply(digits.cast(pa.int64()), factor)


def _usual_id(cells: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """18 signs are an ID or none; checked with numpy."""
    usual = pc.match_substring_regex(cells, r"^[1-9]\d{16}[\dXx]$").fill_null(False)
    shown = pc.if_else(usual, cells, "0" * 18).combine_chunks()
    bodies = pc.utf8_slice_codeunits(shown, 0, 17).cast(pa.int64()).to_numpy()
    signs = np.frombuffer(shown.cast(pa.binary(18)).buffers()[1], np.uint8)[17::18]
    keys, right = keys_of(bodies, signs)
    return usual, pa.chunked_array([pa.array(keys, mask=~right)])


_USUAL = {"text": _usual_text, "money": _usual_money, "num": _usual_num, "id": _usual_id}
