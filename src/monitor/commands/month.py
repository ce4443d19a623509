"""`monitor month`: what is done once a month."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer


def month_command(
    month: Annotated[str | None, typer.Option(help="月份 month, YYYY-MM (default: the last one that has ended)")] = None,
    home: Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")] = None,
) -> None:
    """每月一次:清理过期文件,小结上月,逐个校验各晚的文件。Once a month: retention, figures, every file against its manifest."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from monitor import clock, notify
    from monitor.commands.days import read_month
    from monitor.month import JOB_ZH, month_before, month_lines, must_be_undamaged, run_month
    from monitor.settings import load_settings

    settings = load_settings(home)
    first = date.fromisoformat(f"{read_month(month)}-01") if month else month_before(clock.now().date())
    with notify.failure_told(settings, JOB_ZH):
        figures = run_month(settings, first)
    lines = month_lines(first, figures)
    table = Table(
        title=f"{first.year}年{first.month}月小结", title_justify="left", show_header=False, box=None, padding=(0, 2, 0, 0)
    )
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for topic, sentence in lines:
        table.add_row(topic, Text(sentence))
    Console().print(table)
    with notify.failure_told(settings, JOB_ZH):
        must_be_undamaged(figures)
    notify.tell(settings.home, notify.job_done(f"{first.year}年{first.month}月{JOB_ZH}", lines))
