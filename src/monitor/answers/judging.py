"""Which rows are answers, to which case, and why the others are not. A row is attached by its code alone, or reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from monitor.answers.days import read_answered_day
from monitor.contracts import answers
from monitor.contracts.answers import plain_spelling
from monitor.privacy import is_visit_code, read_visit_code

# the collection day is the day after the newest night, and nights may have stood still for a while
_DAYS_AHEAD = 31
LISTED_IDS = {"of_case": pl.String, "list_as_of": pl.Date, "last_four": pl.String}
KINDS = {"V": "visit", "R": "review", "A": "audit"}
# order = order of the codes in a row's reasons
REASONS = {
    "missing_header": "这一行有核验码,但上方没有名单的表头,不知哪一格是答复",
    "missing_column:code": "名单里没有核验码一列,不知是哪一件工单",
    "missing_column:answer": "名单里没有核查结果一列",
    "doubled_column": "同一列名出现两次,不知以哪一列为准",
    "missing_code": "核验码是空的,不知是哪一件工单",
    "bad_code": "核验码残缺或被改动;请从原名单复制整格核验码",
    "foreign_code": "核验码不是本系统签发的(其他地区、其他系统的名单,或被改动)",
    "case_no_differs": "核验码与本行的工单编号不一致(可能只对部分列排了序);请按原名单核对",
    "id_no_differs": "核验码与本行的身份证号后四位不一致(可能只对部分列排了序);请按原名单核对",
    "formula": "答复所在的格里是公式;请粘贴为数值",
    "merged_cell": "这一行的核验码或核查结果与上一行合并,不知是否同样适用;请取消合并后逐行填写",
    "missing_answer": "填了核查日期或情况说明,但没有填核查结果",
    "bad_answer": "核查结果看不懂;请从下拉选项中选择",
    "ambiguous_answer": "核查结果可以有几种理解,没有采用;请从下拉选项中选择",
    "wrong_kind": "核查结果不属于这类工单(走访、抽查与复核的选项不同)",
    "bad_date": "核查日期看不懂,或可以理解为两个日期;请写成 2026-11-21",
    "impossible_date": "核查日期早于开案或晚于收件,多半是写错了年份",
}


@dataclass(frozen=True)
class Judged:
    """Every row of a file.

    Attributes:
        rows: `sheet`, `title`, `row`, `case_no`, `kind`, `list_as_of`, `answer` (its code), `answered_on` (null = undated),
            `answered_by`, `note`, `reasons` (codes joined by `;`, "" = nothing wrong), `is_answer`, `is_doubled` (an equal row
            follows), `is_contradicted` (another answer of the same day follows or goes before), `is_note` (text without code
            and answer).
        answered, doubled, quarantined, unanswered: rows of each fate; notes count as none of them.
    """

    rows: pl.DataFrame

    def _count(self, condition: pl.Expr) -> int:
        return int(self.rows.select(condition.sum()).item() or 0)

    @property
    def answered(self) -> int:
        return self._count(pl.col("is_answer") & ~pl.col("is_doubled"))

    @property
    def doubled(self) -> int:
        return self._count(pl.col("is_answer") & pl.col("is_doubled"))

    @property
    def quarantined(self) -> int:
        return self._count(pl.col("reasons") != "")

    @property
    def unanswered(self) -> int:
        return self._count(~pl.col("is_answer") & (pl.col("reasons") == "") & ~pl.col("is_note"))


def judge_rows(rows: pl.DataFrame, key: bytes, collected_on: date, ids: pl.DataFrame | None = None) -> Judged:
    """Judge the rows of `known_rows`.

    Args:
        rows: of one file.
        key: of the installation's tokens.
        collected_on: the day the file counts as collected.
        ids: `of_case`, `list_as_of`, `last_four` of IDs as listed, where still known.
    """
    latest = collected_on + timedelta(days=_DAYS_AHEAD)
    read = (
        rows.join(_codes(rows["code"].unique(), key), on="code", how="left", maintain_order="left")
        .join(_meanings(rows["answer"].unique()), on="answer", how="left", maintain_order="left")
        .join(_days(rows["answered_on"].unique(), latest), on="answered_on", how="left", maintain_order="left")
        .join(_case_numbers(rows["case_no"].unique()), on="case_no", how="left", maintain_order="left")
    )
    listed = pl.DataFrame(schema=LISTED_IDS) if ids is None else ids
    read = read.join(listed, on=["of_case", "list_as_of"], how="left", maintain_order="left")
    meaning = pl.concat_list(
        pl.when(pl.col("kind").is_in(list(one.kinds)) & pl.col("means").list.contains(code)).then(pl.lit(code))
        for code, one in answers().choices.items()
    ).list.drop_nulls()
    read = read.with_columns(fitting=meaning)
    reasons = pl.concat_str(_reasons(read.columns, latest), separator=";", ignore_nulls=True)
    is_note = (
        (pl.col("fault").fill_null("") != "missing_header")
        & _empty("code", "answer", "answered_on", "note", "case_no")
        & ~pl.col("is_covered")
        & ~pl.col("is_formula")
    )
    judged = read.with_columns(is_note=is_note).with_columns(
        reasons=pl.when("is_note").then(pl.lit("")).otherwise(reasons),
        case_no=pl.col("of_case"),
        answer_code=pl.col("fitting").list.first(),
    )
    judged = judged.with_columns(is_answer=(pl.col("reasons") == "") & (pl.col("answer") != "")).select(
        "sheet", "title", "row", "case_no", "kind", "list_as_of",
        pl.col("answer_code").alias("answer"), pl.col("day").alias("answered_on"), "answered_by", "note",
        "reasons", "is_answer", "is_note",
    )  # fmt: skip
    return Judged(_compared(judged))


def _codes(texts: pl.Series, key: bytes) -> pl.DataFrame:
    read = [(text, read_visit_code(text)) for text in texts.to_list()]
    made = [(text, *(found[:2] if found else (None, None)), bool(found) and is_visit_code(key, text)) for text, found in read]
    schema = {"code": pl.String, "of_case": pl.String, "list_as_of": pl.Date, "is_ours": pl.Boolean}
    table = pl.DataFrame(made, schema=schema, orient="row")
    # the case is known only when the code verifies; before, nothing of it is believed
    return table.with_columns(
        has_form=pl.col("of_case").is_not_null(),
        of_case=pl.when("is_ours").then("of_case"),
        list_as_of=pl.when("is_ours").then("list_as_of"),
    ).with_columns(kind=pl.col("of_case").str.head(1).replace_strict(KINDS, default=None, return_dtype=pl.String))


def _meanings(texts: pl.Series) -> pl.DataFrame:
    known = answers().meanings()
    read = [(text, list(known.get(plain_spelling(text), ()))) for text in texts.to_list()]
    return pl.DataFrame(read, schema={"answer": pl.String, "means": pl.List(pl.String)}, orient="row")


def _days(texts: pl.Series, latest: date) -> pl.DataFrame:
    read = [(text, read_answered_day(text, latest)) for text in texts.to_list()]
    return pl.DataFrame(read, schema={"answered_on": pl.String, "day": pl.Date}, orient="row")


def _case_numbers(texts: pl.Series) -> pl.DataFrame:
    """A case number as it was typed -> as it is written."""
    written = [(text, "".join(text.upper().split())) for text in texts.to_list()]
    return pl.DataFrame(written, schema={"case_no": pl.String, "written_case": pl.String}, orient="row")


def _empty(*names: str) -> pl.Expr:
    return pl.all_horizontal(pl.col(name) == "" for name in names)


def _reasons(columns: Iterable[str], latest: date) -> list[pl.Expr]:
    """One expression per reason: its code where it applies, else null."""
    ours, answered = pl.col("is_ours"), pl.col("answer") != ""
    opened = pl.col("of_case").str.slice(8, 8).str.to_date("%Y%m%d", strict=False)
    digits = pl.col("id_no").str.to_uppercase().str.replace_all(r"\s", "")
    means, fitting = pl.col("means").list.len(), pl.col("fitting").list.len()
    no_column_fault = pl.col("fault").is_null()
    conditions = {
        "missing_code": no_column_fault & (pl.col("code") == ""),
        "bad_code": (pl.col("code") != "") & ~pl.col("has_form"),
        "foreign_code": pl.col("has_form") & ~ours,
        "case_no_differs": ours & (pl.col("case_no") != "") & (pl.col("written_case") != pl.col("of_case")),
        "id_no_differs": ours & (digits.str.len_chars() >= 4) & (digits.str.tail(4) != pl.col("last_four")),
        "formula": pl.col("is_formula"),
        "merged_cell": pl.col("is_covered"),
        "missing_answer": no_column_fault & ~answered & ~_empty("answered_on", "note"),
        "bad_answer": answered & (means == 0),
        "ambiguous_answer": ours & (fitting > 1),
        "wrong_kind": ours & (means > 0) & (fitting == 0),
        "bad_date": answered & (pl.col("answered_on") != "") & pl.col("day").is_null(),
        "impossible_date": ours & answered & ((pl.col("day") < opened) | (pl.col("day") > latest)),
    }
    return [pl.col("fault"), *(pl.when(condition).then(pl.lit(code)) for code, condition in conditions.items())]


def _compared(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows beside the other rows of their case."""
    case_day = ["case_no", "answered_on"]
    same = [*case_day, "list_as_of", "answer", "answered_by", "note"]
    kinds = pl.col("answer").filter("is_answer").n_unique().over(case_day)
    return rows.with_columns(
        is_doubled=pl.col("is_answer") & (pl.col("is_answer").cum_sum(reverse=True).over(same) > 1),
        is_contradicted=pl.col("is_answer") & (kinds > 1),
    )
