"""What `monitor check-file` shows: per file the conclusion first, then what to mend. Fits 80 columns."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from monitor.delivery_reports.check import Checked
from monitor.delivery_reports.reported import Reported

# as many row numbers as help to find the fault; the CSV has them all
_SHOWN = 60


def told_file(checked: Checked, place: str = "") -> RenderableType:
    """All about one file; `place` says which of several it is, since a name in Chinese is not shown."""
    return Group(*_parts(checked, place), "")


def closing(checked: list[Checked]) -> str:
    """One line on all files."""
    refused = sum(bool(one.refusal) for one in checked)
    doubted = sum(not one.refusal and one.is_doubted for one in checked)
    fit = f"可以报送 {len(checked) - refused} 个(其中 {doubted} 个有需要核对的地方)"
    return f"共试读 {len(checked)} 个文件:{fit},将被退回 {refused} 个"


def _parts(checked: Checked, place: str) -> Iterator[RenderableType]:
    sign, style = ("✗ 将被退回", "bold red") if checked.refusal else ("✓ 可以报送", "bold green")
    yield Text.assemble((sign, style), "  ", (place + checked.file, "bold"))
    if checked.refusal:
        yield _at(2, checked.refusal)
    if checked.report:
        yield from _of_report(checked.report)


def _of_report(report: Reported) -> Iterator[RenderableType]:
    line = report.line
    yield _at(2, f"{report.contract.department}　{report.contract.name}({report.contract.title})")
    yield _at(2, f"读取 {line.rows_read:,} 行:合格 {report.landed.readable:,},不合格 {report.landed.quarantined:,}")
    for reason in report.reasons:
        yield _at(2, f"·{reason.told.problem}:{reason.rows:,} 行", "bold")
        yield _at(4, f"行号:{_cut(reason.numbers_zh)}")
        yield _at(4, f"怎样改:{reason.told.mend}")
    for unread in report.unread:
        yield _at(2, f"·选填列「{unread.column}」看不懂,按空处理:{unread.cells:,} 个单元格", "bold")
        yield _at(4, f"怎样改:{unread.mend}")
    for doubt in report.doubts:
        yield _at(2, f"·存疑:{doubt.said_zh}", "bold yellow")
        yield _at(4, f"请核对:{doubt.advice}")
    yield from (_at(2, f"提示:{remark}") for remark in report.remarks)


def _at(column: int, text: str, style: str = "") -> RenderableType:
    return Padding(Text(text, style), (0, 0, 0, column))


def _cut(numbers: str) -> str:
    return numbers if len(numbers) <= _SHOWN else numbers[:_SHOWN].rpartition("、")[0] + " 等"
