"""Landing with Spark: cells typed by expressions that compile, rows kept as Parquet, losers of doubled keys left out.

What one step of a cell leaves is a column of its own: an expression that names another twice would be written out twice,
and a few such steps nested make a plan that takes minutes to optimise.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import fastexcel
import job
import pyarrow as pa
import pyarrow.parquet as pq
from cells import CHECK_PLACES, EMPTY_WORDS, NARROW, ODD, TRUTH, labels
from pyspark.sql import Column, DataFrame, Observation, SparkSession, Window
from pyspark.sql import functions as F  # noqa: N812

from monitor.contracts import Column as Promised
from monitor.contracts import extract
from monitor.sources.text_files import BLANKS

STORED = {
    "id": "bigint",
    "text": "string",
    "code": "string",
    "bool": "boolean",
    "village": "bigint",
    "date": "date",
    "month": "int",
    "money": "bigint",
    "num": "bigint",
    "int": "int",
}
Step = dict[str, Column]
ORDER = "_order"  # part, start of the block, row: rises with the place in the delivery


def land(spark: SparkSession, name: str, delivery: job.Delivery, folder: Path) -> tuple[DataFrame, dict[str, int]]:
    """Read an extract once and keep its readable rows below `folder`.

    Returns:
        the rows in force (codes as texts, IDs as keys, money fen, months numbers) with their order; and the counts read,
        loaded, superseded, quarantined.
    """
    columns, key = job.columns(name), list(extract(name).key)
    parts = [_cells(spark, name, path, part, folder) for part, path in enumerate(delivery.paths)]
    cells = reduce(lambda a, b: a.unionByName(b, allowMissingColumns=True), parts)
    typed = _typed(cells, columns)
    is_readable = reduce(lambda a, b: a & b, (F.col(c.name).isNotNull() for c in columns if c.required))
    seen = Observation(name)
    kept = typed.observe(seen, F.count(F.lit(1)).alias("read"), F.count_if(is_readable).alias("readable")).filter(is_readable)
    path = str(folder / name)
    kept.write.parquet(path)
    rows = spark.read.parquet(path)
    lost = _losers(rows, key)
    counts = {
        "read": seen.get["read"],
        "loaded": seen.get["readable"] - len(lost),
        "superseded": len(lost),
        "quarantined": seen.get["read"] - seen.get["readable"],
    }
    if lost:
        losers = spark.createDataFrame(lost, rows.select(ORDER).schema)
        rows = rows.join(F.broadcast(losers), on=ORDER, how="left_anti")
    return _there(rows, extract(name).dated_by), counts


def _losers(rows: DataFrame, key: list[str]) -> list[Any]:
    """The order of every row that loses against a later one of its key; doubled keys are few, so only they are ordered."""
    doubled = rows.groupBy(key).count().filter("count > 1").drop("count")
    latest = Window.partitionBy(key).orderBy(F.col(ORDER).desc())
    same = reduce(lambda a, b: a & b, (F.col(f"r.{name}").eqNullSafe(F.col(f"d.{name}")) for name in key))
    candidates = rows.alias("r").join(F.broadcast(doubled.alias("d")), on=same, how="left_semi")
    return candidates.withColumn("place", F.row_number().over(latest)).filter("place > 1").select(ORDER).collect()


def _there(rows: DataFrame, dated_by: tuple[str, ...]) -> DataFrame:
    """Records dated after D are not there yet; of persons all count, so assistance is cut where it is used."""
    types = dict(rows.dtypes)
    names = [column for column in dated_by if column in types]
    if not names or "benefit" in types:
        return rows
    limit = job.AS_OF if types[names[0]] == "date" else job.month_of(job.AS_OF)
    return rows.filter(F.coalesce(F.coalesce(*map(F.col, names)) <= F.lit(limit), F.lit(True)))


def _cells(spark: SparkSession, name: str, path: Path, part: int, folder: Path) -> DataFrame:
    """The columns of the job under their own names, and their order; text files and workbooks as text."""
    if path.suffix == ".csv":
        schema = ", ".join(f"`{title}` string" for title in job.header_of(path, name))
        read = spark.read.csv(str(path), schema, header=True, encoding=job.encoding(name), escape='"', enforceSchema=True)
    elif path.suffix == ".xlsx":
        sheet = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_arrow()
        copy = folder / f"{path.stem}.sheet"
        pq.write_table(pa.Table.from_batches([sheet]), copy)
        read = spark.read.parquet(str(copy))
    else:
        read = spark.read.parquet(str(path))
    titles = job.titles(name, read.columns)
    order = F.struct(F.lit(part), F.col("_metadata.file_block_start"), F.monotonically_increasing_id())
    return read.select(order.alias(ORDER), *(F.col(title).alias(column) for title, column in titles.items()))


def _typed(cells: DataFrame, columns: tuple[Promised, ...]) -> DataFrame:
    """Values of all columns; null where a cell is empty or unreadable."""
    sent = dict(cells.dtypes)
    ways = [_steps(c, sent.get(c.name)) for c in columns]
    for level in range(max(len(way) for way in ways)):
        cells = cells.withColumns({alias: made for way in ways if level < len(way) for alias, made in way[level].items()})
    return cells.select(ORDER, *(F.col(f"v_{c.name}").alias(c.name) for c in columns))


def _steps(column: Promised, sent: str | None) -> list[Step]:
    """From the cell to `v_<name>`, one step after the other."""
    name, kind = column.name, column.kind
    if sent is None:
        return [{f"v_{name}": F.lit(None).cast(STORED[kind])}]
    if sent != "string":
        scale = {"money": 100, "num": 10_000}.get(kind)
        return [{f"v_{name}": (F.col(name) * scale if scale else F.col(name)).cast(STORED[kind])}]
    text = F.col(f"t_{name}")
    if kind == "code":
        return [*_repaired(name), {f"v_{name}": _looked_up(text, labels(column.code_list or ""))}]
    return [*_repaired(name), {f"c_{name}": F.when(~text.isin(*EMPTY_WORDS), text)}, *_READERS[kind](name)]


def _repaired(name: str) -> list[Step]:
    """Signs narrowed, blanks trimmed, one apostrophe in front dropped; most cells need nothing.

    Plain ASCII between two signs that are no blanks needs none, which three comparisons tell sooner than the pattern.
    """
    cell, narrowed = F.col(name), F.col(f"n_{name}")
    wide, narrow = "".join(map(chr, NARROW)), "".join(map(chr, NARROW.values()))
    blanks = F.lit(BLANKS)
    bare = F.when(narrowed.startswith("'"), F.btrim(F.substr(narrowed, F.lit(2)), blanks)).otherwise(narrowed)
    plain = (F.octet_length(cell) == F.length(cell)) & (cell > "(") & (F.substring(cell, -1, 1) > " ")
    return [
        {f"n_{name}": F.when(~plain & cell.rlike(ODD), F.btrim(F.translate(cell, wide, narrow), blanks))},
        {f"b_{name}": F.coalesce(bare, cell)},
        {f"t_{name}": F.nullif(F.col(f"b_{name}"), F.lit(""))},
    ]


def _looked_up(text: Column, known: dict[str, Any]) -> Column:
    pairs = [F.lit(one) for pair in known.items() for one in pair]
    return F.try_element_at(F.create_map(*pairs), text)


def _text(name: str) -> list[Step]:
    return [{f"v_{name}": F.col(f"c_{name}")}]


def _truth(name: str) -> list[Step]:
    return [{f"v_{name}": _looked_up(F.col(f"c_{name}"), TRUTH)}]


def _day(name: str) -> list[Step]:
    text = F.col(f"c_{name}")
    form = r"^\d{4}(-\d\d?-\d\d?|/\d\d?/\d\d?|年\d\d?月\d\d?日)$"
    dashed = F.rtrim(F.translate(text, "/年月日", "--- "))
    plain = F.concat_ws("-", F.substring(text, 1, 4), F.substring(text, 5, 2), F.substring(text, 7, 2))
    written = F.when(text.rlike(r"^\d{4}-\d\d-\d\d$"), text).when(text.rlike(form), dashed).when(text.rlike(r"^\d{8}$"), plain)
    return [{f"v_{name}": written.try_cast("date")}]


def _month(name: str) -> list[Step]:
    text = F.col(f"c_{name}")
    year, month = F.substring(text, 1, 4).cast("int"), F.right(text, F.lit(2)).cast("int")
    return [{f"v_{name}": F.when(text.rlike(r"^\d{4}-?(0[1-9]|1[0-2])$"), year * 12 + month - 1)}]


def _village(name: str) -> list[Step]:
    text = F.col(f"c_{name}")
    return [{f"v_{name}": F.when(text.rlike(r"^[1-9]\d{11}$"), text.cast("bigint"))}]


def _fen(name: str) -> list[Step]:
    text, bare, number = (F.col(f"{letter}_{name}") for letter in "cmd")
    unit = F.when(text.endswith("元"), F.btrim(F.regexp_replace(text, "万?元$", ""), F.lit(BLANKS))).otherwise(text)
    grouped = bare.rlike(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
    yuan = F.when(text.endswith("万元"), F.lit(10_000)).otherwise(F.lit(1)).cast("decimal(5,0)")
    exact = F.when(
        number.rlike(_NUMBER), ((number.try_cast("decimal(24,8)") * yuan).cast("decimal(20,2)") * 100).cast("bigint")
    )
    usual = number.rlike(r"^\d{1,15}\.\d\d$") & ~text.endswith("元")
    return [
        {f"m_{name}": unit},
        {f"d_{name}": F.when(grouped, F.translate(bare, ",", "")).otherwise(bare)},
        {f"v_{name}": F.when(usual, F.translate(number, ".", "").cast("bigint")).otherwise(exact)},
    ]


def _ten_thousandths(name: str) -> list[Step]:
    text = F.col(f"c_{name}")
    return [{f"v_{name}": F.when(text.rlike(_NUMBER), (text.try_cast("decimal(18,4)") * 10_000).cast("bigint"))}]


def _whole(name: str) -> list[Step]:
    text = F.col(f"c_{name}")
    return [{f"v_{name}": F.when(text.rlike(r"^[+-]?\d+(\.0+)?$"), F.substring_index(text, ".", 1).try_cast("int"))}]


def _key(name: str) -> list[Step]:
    """GB 11643: weighted by 2^(18 - place) the 18 places sum to 1 modulo 11; digits 7 to 14 are a day of the calendar."""
    text, body, number, place = (F.col(f"{letter}_{name}") for letter in "cgip")
    new = r"^[1-9]\d{16}[\dXx]$"
    old = F.concat(F.substring(text, 1, 6), F.lit("19"), F.substring(text, 7, 9))
    digits = (F.call_function("div", number, F.lit(10 ** (16 - at))) % 10 * (1 << 17 - at) for at in range(17))
    sign = F.substring(F.lit(CHECK_PLACES), place.cast("int") + 1, F.lit(1))
    day = F.concat_ws("-", F.substring(body, 7, 4), F.substring(body, 11, 2), F.substring(body, 13, 2)).try_cast("date")
    fits = (F.length(text) == 15) | (F.upper(F.right(text, F.lit(1))) == sign)
    return [
        {f"g_{name}": F.when(text.rlike(new), F.substring(text, 1, 17)).when(text.rlike(r"^[1-9]\d{14}$"), old)},
        {f"i_{name}": body.cast("bigint")},
        {f"p_{name}": (F.lit(12) - reduce(lambda a, b: a + b, digits) % 11) % 11},
        {f"v_{name}": F.when(day.isNotNull() & fits, number * 16 + place)},
    ]


_NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)$"
_READERS: dict[str, Callable[[str], list[Step]]] = {
    "id": _key,
    "text": _text,
    "bool": _truth,
    "village": _village,
    "date": _day,
    "month": _month,
    "money": _fen,
    "num": _ten_thousandths,
    "int": _whole,
}
