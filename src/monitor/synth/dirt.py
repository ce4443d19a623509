"""Dirt on cells and rows. Every kind draws from its own stream, so that one switch moves nothing of another."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from monitor.contracts import Column, Extract, codes
from monitor.synth.dirt_kinds import Dirt
from monitor.synth.streams import Ints, pick, stream

Soil = Callable[[pl.Series, np.random.Generator], pl.Series]
FULL_WIDTH = {c: chr(ord(c) + 0xFEE0) for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}
BLANKS = [" ", "  ", "\u3000", "\u00a0", "\t"]
EMPTY_WORDS = ["-", "NULL", "N/A", "无"]
FORMULAS = ['=HYPERLINK("http://example.invalid","点我")', "+1", "@x", "-2+3", "=1+1"]
LONG_TEXTS = ("address", "school", "employer", "cause")
OPEN_TEXTS = ("name", "address")
CELL_KINDS = (
    "id_lower_x",
    "id_15_digit",
    "id_full_width",
    "id_blanks",
    "id_scientific",
    "id_wrong_check",
    "date_forms",
    "date_impossible",
    "money_separators",
    "money_yuan",
    "money_wan",
    "code_labels",
    "code_unknown",
    "wide_letters",
    "formula_text",
    "quoted_newline",
    "apostrophes",
    "empty_words",
)


def soil_cells(frame: pl.DataFrame, contract: Extract, dirt: Dirt, seed: int, *where: str | int) -> pl.DataFrame:
    """Soil the cells of a frame of texts.

    Args:
        frame: all columns String, canonical names.
        seed, where: name the streams of chance.
    """
    for column in contract.columns:
        cells = frame[column.name]
        for kind in CELL_KINDS:
            share = getattr(dirt, kind)
            if share and _fits(kind, column):
                cells = _soil(cells, kind, column, share, stream(seed, "dirt", kind, column.name, contract.name, *where))
        frame = frame.with_columns(cells.alias(column.name))
    return _empty_required(frame, contract, dirt.required_empty, stream(seed, "dirt", "required", contract.name, *where))


def doubled(frame: pl.DataFrame, share: float, seed: int, *where: str | int) -> pl.DataFrame:
    """The frame with some of its rows once more at its end."""
    again = _some(stream(seed, "dirt", "doubled", *where), np.arange(len(frame)), share)
    return pl.concat([frame, frame[again]]) if len(again) else frame


def ragged(frame: pl.DataFrame, share: float, seed: int, *where: str | int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that stay whole and those that get a cell too many."""
    if not share:
        return frame, frame.clear()
    odd = stream(seed, "dirt", "ragged", *where).random(len(frame)) < share
    return frame.filter(pl.Series(~odd)), frame.filter(pl.Series(odd))


def _some(rng: np.random.Generator, positions: Ints, share: float) -> Ints:
    return positions[rng.random(len(positions)) < share]


def _fits(kind: str, column: Column) -> bool:
    group = kind.partition("_")[0]
    match kind:
        case "wide_letters":
            return column.kind == "text" and column.name not in OPEN_TEXTS
        case "formula_text":
            return column.name in OPEN_TEXTS
        case "quoted_newline":
            return column.name in LONG_TEXTS
        case "apostrophes":
            return column.kind in ("id", "text")
        case "empty_words":
            return not column.required
        case _:
            return column.kind == group


def _soil(cells: pl.Series, kind: str, column: Column, share: float, rng: np.random.Generator) -> pl.Series:
    if kind == "empty_words":
        words = EMPTY_WORDS[:3] if column.code_list else EMPTY_WORDS
        at = _some(rng, cells.is_null().arg_true().to_numpy().astype(np.int64), share)
        return _put(cells, at, pick(rng, words, len(at)))
    at = _some(rng, np.arange(len(cells)), share)
    at = at[cells.gather(at).is_not_null().to_numpy()]
    if not len(at):
        return cells
    old = cells.gather(at)
    return _put(cells, at, code_labels(old, column) if kind == "code_labels" else SOILS[kind](old, rng))


def _put(cells: pl.Series, at: Ints, new: pl.Series) -> pl.Series:
    return cells.scatter(at, new) if len(at) else cells


def code_labels(old: pl.Series, column: Column) -> pl.Series:
    """Labels for codes."""
    return old.replace(codes()[column.code_list or ""])


def _select(old: pl.Series, *made: pl.Expr) -> pl.Series:
    return old.alias("v").to_frame().select(*made).to_series()


def _lower_x(old: pl.Series, rng: np.random.Generator) -> pl.Series:
    return old.str.replace("X$", "x")


def _fifteen(old: pl.Series, rng: np.random.Generator) -> pl.Series:
    v = pl.col("v")
    short = v.str.slice(0, 6) + v.str.slice(8, 9)
    return _select(old, pl.when(v.str.contains(r"^\d{6}19\d{9}[\dXx]$")).then(short).otherwise(v))


def _wide(old: pl.Series, rng: np.random.Generator) -> pl.Series:
    return old.str.replace_many(list(FULL_WIDTH), list(FULL_WIDTH.values()))


def _blanks(old: pl.Series, rng: np.random.Generator) -> pl.Series:
    return pick(rng, BLANKS, len(old)) + old + pick(rng, BLANKS, len(old))


def _scientific(old: pl.Series, rng: np.random.Generator) -> pl.Series:
    return _select(old, pl.col("v").str.slice(0, 1) + "." + pl.col("v").str.slice(1, 5) + "E+17")


def _wrong_check(old: pl.Series, rng: np.random.Generator) -> pl.Series:
    last = pl.col("v").str.slice(17, 1)
    other = pl.when(last == "7").then(pl.lit("8")).otherwise(pl.lit("7"))
    return _select(old, pl.when(pl.col("v").str.len_chars() == 18).then(pl.col("v").str.slice(0, 17) + other).otherwise("v"))


def _date_forms(old: pl.Series, rng: np.random.Generator) -> pl.Series:
    v, form = pl.col("v"), pl.Series(rng.integers(0, 3, len(old)))
    year, month, day = (
        v.str.slice(0, 4),
        v.str.slice(5, 2).str.strip_chars_start("0"),
        v.str.slice(8, 2).str.strip_chars_start("0"),
    )
    slashes, spoken = year + "/" + month + "/" + day, year + "年" + month + "月" + day + "日"
    return _select(old, pl.when(form == 0).then(v.str.replace_all("-", "")).when(form == 1).then(slashes).otherwise(spoken))


def _impossible(old: pl.Series, rng: np.random.Generator) -> pl.Series:
    return old.str.slice(0, 4) + "-02-30"


def _separators(old: pl.Series, rng: np.random.Generator) -> pl.Series:
    whole = pl.col("v").str.slice(0, pl.col("v").str.len_chars() - 3)
    tail = pl.col("v").str.tail(3)
    count = whole.str.len_chars()
    low, mid, high = whole.str.tail(3), whole.str.tail(6).str.head(3), whole.str.head(count.cast(pl.Int64) - 6)
    above_thousand = whole.str.head(count.cast(pl.Int64) - 3) + "," + low
    above_million = high + "," + mid + "," + low
    plain = pl.col("v").str.contains(r"^\d{1,9}\.\d\d$")
    made = pl.when(count > 6).then(above_million).when(count > 3).then(above_thousand).otherwise(whole) + tail
    return _select(old, pl.when(plain).then(made).otherwise("v"))


def _yuan(old: pl.Series, rng: np.random.Generator) -> pl.Series:
    return old + "元"


def _wan(old: pl.Series, rng: np.random.Generator) -> pl.Series:
    v = pl.col("v")
    hundredths = v.str.replace_all(r"\.", "").cast(pl.Int64, strict=False)
    made = (hundredths // 1_000_000).cast(pl.String) + "." + (hundredths % 1_000_000).cast(pl.String).str.zfill(6) + "万元"
    return _select(old, pl.when(v.str.contains(r"^\d+\.\d\d$")).then(made).otherwise(v))


def _fixed(text: str) -> Soil:
    return lambda old, rng: pl.Series([text]).new_from_index(0, len(old))


SOILS: dict[str, Soil] = {
    "id_lower_x": _lower_x,
    "id_15_digit": _fifteen,
    "id_full_width": _wide,
    "id_blanks": _blanks,
    "id_scientific": _scientific,
    "id_wrong_check": _wrong_check,
    "date_forms": _date_forms,
    "date_impossible": _impossible,
    "money_separators": _separators,
    "money_yuan": _yuan,
    "money_wan": _wan,
    "code_unknown": _fixed("不详类"),
    "wide_letters": _wide,
    "formula_text": lambda old, rng: pick(rng, FORMULAS, len(old)),
    "quoted_newline": lambda old, rng: old + '\n("旧址")',
    "apostrophes": lambda old, rng: "'" + old,
}


def _empty_required(frame: pl.DataFrame, contract: Extract, share: float, rng: np.random.Generator) -> pl.DataFrame:
    if not share:
        return frame
    at = _some(rng, np.arange(len(frame)), share)
    which = rng.integers(0, len(contract.required), len(at))
    for position, column in enumerate(contract.required):
        rows = at[which == position]
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(rows))
        frame = frame.with_columns(_put(frame[column.name], rows, nothing).alias(column.name))
    return frame
