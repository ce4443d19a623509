"""Shows a person what a night is doing: a bar on a terminal, plain lines elsewhere. Writes to stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from monitor.resume import Report

STEP_ZH: Final = {
    "synth": "生成虚构数据",
    "rekey": "逐个文件换密钥",
    "pull": "拉取各部门数据",
    "land": "接收各部门数据",
    "gate": "检查数据、登记台账",
    "build": "归户并计算事实",
    "evaluate": "逐项比对指标",
    "open_cases": "开案、排单",
    "commit": "落盘生效",
    "publish": "更新分析库",
    "done": "完成",
}


@contextmanager
def shown(title: str) -> Iterator[Report]:
    """A report that shows the step at work and, within it, what is being read."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(console, title)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        whole = progress.add_task(title, total=None)
        inner = progress.add_task("", total=None, visible=False)

        def report(what: str, done: int, total: int) -> None:
            if what in STEP_ZH:
                progress.update(whole, description=f"{title} {STEP_ZH[what]}", completed=done, total=total)
                progress.update(inner, visible=False)
            else:
                progress.update(inner, description=f"  {what}", completed=done, total=total, visible=done < total)

        yield report


def _lines(console: Console, title: str) -> Report:
    def report(what: str, done: int, total: int) -> None:
        if what in STEP_ZH:
            console.print(f"{title} [{done}/{total}] {STEP_ZH[what]}", highlight=False)

    return report
