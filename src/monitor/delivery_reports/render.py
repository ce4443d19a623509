"""A report as an HTML page (self-contained, no script, A4) and as a CSV. What comes from outside is escaped by the template."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2

from monitor.delivery_reports.reported import DOUBLED, MOST_ROWS, MOST_STRETCHES, Reported
from monitor.delivery_reports.trend import HEIGHT, WIDTH, bars

HEADER: Final = ("行号", "类别", "列", "数量", "说明", "怎样改")
_KIND: Final = {DOUBLED: "重复主键"}
_PAGES: Final = Path(__file__).with_name("pages")


def page(report: Reported, told_on: str = "") -> str:
    """The HTML page of one file.

    Args:
        report: what to tell.
        told_on: what stands beside the title, for instance the night.
    """
    picture = {"bars": bars(report.trend), "width": WIDTH, "height": HEIGHT}
    limits = {"most_rows": MOST_ROWS, "most_stretches": MOST_STRETCHES}
    return render("file.html", report=report, told_on=told_on, **picture, **limits)


def render(template: str, **values: Any) -> str:
    """One of the pages of this package."""
    return _environment().get_template(template).render(**values)


def table(report: Reported) -> str:
    """The CSV of one file (UTF-8 with BOM, CRLF): first what concerns the file, then row by row up to a limit.

    Every cell is text of this project, a count, or a name that the contract knows: none can start a formula.
    """
    said = {reason.code: reason.told for reason in report.reasons}
    lines = _of_file(report)
    for row, code in report.rows:
        lines.append((row, _KIND.get(code, "退回"), said[code].column, 1, said[code].problem, said[code].mend))
    if report.numbered > len(report.rows):
        left = report.numbered - len(report.rows)
        lines.append(("", "说明", "", left, f"只列出前 {MOST_ROWS:,} 条,其余未逐条列出", "先改正以上各行"))
    return _csv(lines)


def table_of_refusal(refusal: str) -> str:
    """The CSV of a file that could not be tried."""
    return _csv([("", "整份退回", "", "", refusal, "")])


def _csv(lines: list[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerows([HEADER, *lines])
    return "\ufeff" + text.getvalue()


def _of_file(report: Reported) -> list[tuple[object, ...]]:
    line = report.line
    return [
        ("", report.state_zh, "", line.rows_read, line.reason or _balance(report), ""),
        *(("", "退回合计", one.told.column, one.rows, one.told.problem, one.told.mend) for one in report.reasons),
        *(("", "已按空处理", one.column, one.cells, "选填列中看不懂的单元格", one.mend) for one in report.unread),
        *(("", "数据存疑", "", doubt.found_zh, doubt.allowed, doubt.advice) for doubt in report.doubts),
        *(("", "提示", "", "", remark, "") for remark in report.remarks),
    ]


def _balance(report: Reported) -> str:
    line = report.line
    return f"读取 {line.rows_read} 行 = 入库 {line.loaded} + 被取代 {line.superseded} + 退回 {line.quarantined}"


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
