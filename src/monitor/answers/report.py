"""What became of a returned file, for the office that sent it: every row that was not taken, with sheet, row and reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl

from monitor.answers.judging import REASONS, Judged
from monitor.answers.landing import LandedAnswers
from monitor.contracts import answers
from monitor.durable import write_whole
from monitor.lists.cells import csv_file

_UNSAFE = re.compile(r"[^\w.()-]+")
_COLUMNS = ("文件", "工作表", "工作表名", "行号", "工单编号", "处理", "原因")
_TAKEN, _NOT_TAKEN, _NOTE = "已采用", "未采用", "提示"


def write_report(folder: Path, name: str, landed: LandedAnswers, judged: Judged | None, remarks: list[str]) -> Path:
    """Write `<file>-<sha8>.csv` (UTF-8 with BOM) and return it. It holds case numbers, no names and nothing of the notes."""
    lines: list[tuple[Any, ...]] = [_line(name, _NOT_TAKEN if landed.refused else _TAKEN, _summary(landed))]
    lines += [_line(name, _NOTE, remark) for remark in remarks]
    if judged:
        lines += _rows(name, judged).rows()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = folder / f"{_UNSAFE.sub('_', Path(name).stem)[:60]}-{landed.sha256[:8]}.csv"
    write_whole(path, csv_file(_COLUMNS, lines))
    path.chmod(0o600)
    return path


def _line(name: str, fate: str, why: str) -> tuple[str, ...]:
    return (name, "", "", "", "", fate, why)


def _summary(landed: LandedAnswers) -> str:
    return landed.refused or (
        f"采用{landed.answered}行,与之重复{landed.doubled}行,未采用{landed.quarantined}行,没有填写{landed.unanswered}行"
    )


def _rows(name: str, judged: Judged) -> pl.DataFrame:
    """Rows that were not taken, and rows that were but should be looked at, in the order of the file."""
    said = {code: text for codes in judged.rows["reasons"].unique() if codes for code, text in [(codes, _told(codes))]}
    undated = pl.col("is_answer") & pl.col("answered_on").is_null()
    why = (
        pl.when(pl.col("reasons") != "")
        .then(pl.col("reasons").replace(said))
        .when("is_contradicted")
        .then(pl.lit("同一工单同一天有不同的核查结果,以后一行为准;请核对"))
        .when("is_note")
        .then(pl.lit("没有核验码,也没有填写,不作为核查结果"))
        .when(undated & ~pl.col("is_doubled"))
        .then(pl.lit("没有填核查日期,按收到的先后计"))
    )
    fate = pl.when(pl.col("reasons") != "").then(pl.lit(_NOT_TAKEN)).otherwise(pl.lit(_NOTE))
    return (
        judged.rows.with_columns(why=why, fate=fate)
        .filter(pl.col("why").is_not_null())
        .select(
            pl.lit(name).alias("文件"),
            pl.col("sheet").alias("工作表"),
            pl.col("title").alias("工作表名"),
            pl.col("row").alias("行号"),
            pl.col("case_no").alias("工单编号"),
            pl.col("fate").alias("处理"),
            pl.col("why").alias("原因"),
        )
    )


def _told(codes: str) -> str:
    """The reasons of a row in Chinese; the same part of a code that names a column is said by its header."""
    return ";".join(dict.fromkeys(_one(code) for code in codes.split(";")))


def _one(code: str) -> str:
    if code in REASONS:
        return REASONS[code]
    reason, _, column = code.partition(":")
    return f"{REASONS[reason]}({answers().columns[column].header})"
