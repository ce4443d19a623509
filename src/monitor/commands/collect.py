"""`monitor collect`: answers in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.commands.days import read_day

if TYPE_CHECKING:
    from monitor.answers import CollectedFile


def collect_command(
    files: Annotated[
        list[Path] | None, typer.Argument(help="收回的名单 returned lists (default: all in <home>/answers)")
    ] = None,
    home: Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="收件日 day of collection, YYYY-MM-DD (default: the day after the newest night)")
    ] = None,
) -> None:
    """收回核查结果:逐行按核验码对应工单,对不上的逐行说明原因。Read returned lists; report every row that cannot be used."""
    from monitor.answers import collect
    from monitor.errors import Fault, NightCannotStand
    from monitor.settings import load_settings

    collected = collect(load_settings(home), files or (), read_day("--as-of", as_of) if as_of else None)
    print_collected(collected)
    refused = [one for one in collected if one.is_new and one.landed.refused]
    if refused:
        faults = [Fault(f"{one.file} ({one.landed.sha256[:8]})", one.landed.refused) for one in refused]
        raise NightCannotStand(f"{len(refused)}个文件整份没有采用,其余已收。", faults)


def print_collected(collected: list[CollectedFile]) -> None:
    """What each file gave, in counts; no name, no row."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    new = [one for one in collected if one.is_new]
    table = Table(title="收回的核查结果", title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("文件", overflow="fold")
    for title in ("收件日", "采用", "重复", "未采用", "没有填写"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("说明", overflow="fold")
    for one in new:
        landed = one.landed
        counts = (landed.answered, landed.doubled, landed.quarantined, landed.unanswered)
        said = "整份未采用" if landed.refused else "逐行原因见报告" if landed.quarantined else ""
        table.add_row(f"{one.file} ({landed.sha256[:8]})", landed.collected_on, *(f"{n:,}" for n in counts), said)
    console = Console()
    if new:
        console.print(table)
        console.print(Text(f"报告:{new[0].report.parent if new[0].report else ''}"))
    console.print(Text(f"新收{len(new)}个文件,以前已收{len(collected) - len(new)}个;下一晚运行时生效"))
