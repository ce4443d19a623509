"""Landing with polars: a lazy scan whose cells are typed batch by batch in the streaming engine.

Usual forms are read column-wise; what is left of a batch one by one, once per distinct text.
"""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import job
import polars as pl
from cells import EMPTY_WORDS, ODD, TRUTH, labels, reader
from checks import keys_of

from monitor.contracts import Column, extract

BLOCK = 4 * 2**20
STORED: dict[str, Any] = {
    "id": pl.Int64,
    "text": pl.String,
    "bool": pl.Boolean,
    "village": pl.Int64,
    "date": pl.Date,
    "month": pl.Int32,
    "money": pl.Int64,
    "num": pl.Int64,
    "int": pl.Int32,
}


def land(name: str, delivery: job.Delivery) -> tuple[pl.DataFrame, dict[str, int]]:
    """Read an extract.

    Returns:
        the rows in force in the order of the files (codes are enumerations, IDs keys, money fen, months numbers); and the
        counts read, loaded, superseded, quarantined.
    """
    columns = job.columns(name)
    with _scanned(name, delivery) as cells:
        schema = cells.collect_schema()
        frame = cells.select(_typed(c, schema.get(c.name)) for c in columns).collect(engine="streaming")
    kept = frame.drop_nulls([c.name for c in columns if c.required])
    key = extract(name).key
    is_doubled = kept.select(pl.struct(key).n_unique()).item() < kept.height  # half of what keeping the order costs
    loaded = kept.unique(key, keep="last", maintain_order=True) if is_doubled else kept
    counts = {
        "read": frame.height,
        "loaded": loaded.height,
        "superseded": kept.height - loaded.height,
        "quarantined": frame.height - kept.height,
    }
    return _there(loaded.select(job.asked_for(loaded.columns)), extract(name).dated_by), counts


def _there(frame: pl.DataFrame, dated_by: tuple[str, ...]) -> pl.DataFrame:
    """Records dated after D are not there yet; of persons all count, so assistance is cut where it is used."""
    names = [column for column in dated_by if column in frame.columns]
    if not names or "benefit" in frame.columns:
        return frame
    limit = pl.lit(job.AS_OF if frame.schema[names[0]] == pl.Date else job.month_of(job.AS_OF))
    return frame.filter((pl.coalesce(names) <= limit).fill_null(True))


@contextmanager
def _scanned(name: str, delivery: job.Delivery) -> Iterator[pl.LazyFrame]:
    """The columns of the job under their own names; text files and workbooks as text."""
    with tempfile.TemporaryDirectory() as folder:
        yield pl.concat([_scan(name, path, Path(folder)) for path in delivery.paths])


def _scan(name: str, path: Path, folder: Path) -> pl.LazyFrame:
    if path.suffix == ".parquet":
        cells = pl.scan_parquet(path)
    elif path.suffix == ".xlsx":
        cells = pl.read_excel(path, infer_schema_length=0).lazy()
    else:
        cells = pl.scan_csv(_utf8(path, folder) if job.encoding(name) == "gb18030" else path, infer_schema=False)
    titles = job.titles(name, cells.collect_schema().names())
    return cells.select(pl.col(title).alias(column) for title, column in titles.items())


def _utf8(path: Path, folder: Path) -> Path:
    """A copy in UTF-8, because a lazy scan reads nothing else."""
    copy = folder / path.name
    decoder = codecs.getincrementaldecoder("gb18030")()
    with path.open("rb") as source, copy.open("wb") as target:
        while block := source.read(BLOCK):
            target.write(decoder.decode(block).encode())
    return copy


def _typed(column: Column, sent: Any) -> pl.Expr:
    """Values of a column; null where a cell is empty or unreadable."""
    kind, cell = column.kind, pl.col(column.name)
    stored = pl.Enum(list(dict.fromkeys(labels(column.code_list or "").values()))) if kind == "code" else STORED[kind]
    if sent is None:
        return pl.lit(None, stored).alias(column.name)
    if sent == pl.String:
        return cell.map_batches(partial(_read, column=column, stored=stored), return_dtype=stored, is_elementwise=True)
    scale = {"money": 100, "num": 10_000}.get(kind)
    return (cell * scale if scale else cell).cast(stored)


def _read(cells: pl.Series, column: Column, stored: Any) -> pl.Series:
    """A batch: the usual form column-wise, then the cells that are still without a value."""
    values = _USUAL[column.kind](cells, column, stored)
    rest = cells.is_not_null() & values.is_null()
    if column.kind == "text":
        rest &= (cells.str.contains(ODD) | cells.is_in(EMPTY_WORDS)).fill_null(False)
        values = cells
    if not rest.any():
        return values
    if column.kind == "id":
        rest &= ~cells.str.contains(_ID)
    texts = cells.filter(rest).unique()
    known = pl.Series([_reader(column)(text) for text in texts], dtype=stored, strict=False)
    return values.scatter(rest.arg_true(), cells.filter(rest).replace_strict(texts, known, return_dtype=stored))


@cache
def _reader(column: Column) -> Callable[[str | None], Any]:
    return cache(reader(column))


def _usual_text(cells: pl.Series, column: Column, stored: Any) -> pl.Series:
    return pl.Series([None], dtype=stored).new_from_index(0, len(cells))


def _usual_code(cells: pl.Series, column: Column, stored: Any) -> pl.Series:
    return cells.replace_strict(labels(column.code_list or ""), default=None, return_dtype=stored)


def _usual_bool(cells: pl.Series, column: Column, stored: Any) -> pl.Series:
    return cells.replace_strict(TRUTH, default=None, return_dtype=stored)


def _usual_date(cells: pl.Series, column: Column, stored: Any) -> pl.Series:
    return cells.str.to_date("%Y-%m-%d", strict=False)


def _usual_month(cells: pl.Series, column: Column, stored: Any) -> pl.Series:
    number = cells.cast(pl.Int32, strict=False)
    usual = (cells.str.len_bytes() == 6) & (number > 99_999) & (number % 100).is_between(1, 12)
    return (number // 100 * 12 + number % 100 - 1).set(~usual.fill_null(False), None)


def _usual_village(cells: pl.Series, column: Column, stored: Any) -> pl.Series:
    number = cells.cast(pl.Int64, strict=False)
    return number.set(~((cells.str.len_bytes() == 12) & (number >= 10**11)).fill_null(False), None)


def _usual_int(cells: pl.Series, column: Column, stored: Any) -> pl.Series:
    return cells.cast(pl.Int32, strict=False)


def _usual_money(cells: pl.Series, column: Column, stored: Any) -> pl.Series:
    """Two places behind the point: without the point it is a whole number."""
    usual = cells.str.contains(r"^\d{1,13}\.\d\d$")
    fen = cells.set(~usual.fill_null(False), None).str.replace(".", "", literal=True).cast(pl.Int64)
    return fen * 100 if column.kind == "num" else fen


def _usual_id(cells: pl.Series, column: Column, stored: Any) -> pl.Series:
    """18 signs are an ID or none; checked with numpy."""
    bodies = cells.str.slice(0, 17).cast(pl.Int64, strict=False)
    usual = (cells.str.len_bytes() == 18) & (bodies >= 10**16)
    signs = cells.str.slice(17, 1).replace_strict(_SIGNS, default=255, return_dtype=pl.UInt8)
    keys, right = keys_of(bodies.set(~usual.fill_null(False), 0).fill_null(0).to_numpy(), signs.fill_null(255).to_numpy())
    return pl.Series(keys).set(~(pl.Series(right) & usual.fill_null(False)), None)


_ID = r"^[1-9]\d{16}[\dXx]$"
_SIGNS = {sign: ord(sign) for sign in "0123456789Xx"}
_USUAL: dict[str, Callable[[pl.Series, Column, Any], pl.Series]] = {
    "text": _usual_text,
    "code": _usual_code,
    "bool": _usual_bool,
    "date": _usual_date,
    "month": _usual_month,
    "village": _usual_village,
    "int": _usual_int,
    "money": _usual_money,
    "num": _usual_money,
    "id": _usual_id,
}
