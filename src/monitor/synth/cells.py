"""Cells as departments write them, clean: every column as text."""

from __future__ import annotations

import polars as pl

from monitor.contracts import Extract


def as_text(frame: pl.DataFrame, contract: Extract) -> pl.DataFrame:
    """Dates as 2026-01-31, months as 202601, money as 1234.50, yes and no as 是 and 否; codes as they are."""
    return frame.select(_text(column.name, column.kind) for column in contract.columns)


def _text(name: str, kind: str) -> pl.Expr:
    cell = pl.col(name)
    match kind:
        case "date":
            return cell.dt.strftime("%Y-%m-%d")
        case "month":
            return cell.dt.strftime("%Y%m")
        case "money" | "num":
            return decimal_text(cell).alias(name)
        case "bool":
            return pl.when(cell).then(pl.lit("是")).when(~cell).then(pl.lit("否")).alias(name)
        case "int":
            return cell.cast(pl.String)
        case _:
            return cell


def decimal_text(hundredths: pl.Expr) -> pl.Expr:
    """123450 -> 1234.50."""
    return (hundredths // 100).cast(pl.String) + "." + (hundredths % 100).cast(pl.String).str.zfill(2)
