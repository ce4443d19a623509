"""`monitor pull`: fetch what the departments have put out."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.commands.days import read_day

if TYPE_CHECKING:
    from monitor.pulling import Failure, Pulled, Sources
    from monitor.run import Home


def pull_command(
    home: Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")] = None,
    inbox: Annotated[Path | None, typer.Option(help="收件目录 folder of deliveries (default: <home>/inbox)")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="数据日期 as-of date, YYYY-MM-DD (default: the day after the newest night)")
    ] = None,
    source: Annotated[list[str] | None, typer.Option(help="只拉这个来源,可多次 only this source; may be repeated")] = None,
    listed: Annotated[bool, typer.Option("--list", help="只列出来源,不连接 list the sources, connect to none")] = False,
    check: Annotated[bool, typer.Option("--check", help="只试连接,不拉取 try every source, pull nothing")] = False,
) -> None:
    """拉取各部门数据:按 sources.toml 取新文件放进收件目录。Fetch what is new into the inbox."""
    # imported here so that other commands need not wait for it
    from monitor.progress import shown
    from monitor.pulling import check_sources, load_sources, pull_sources, write_report
    from monitor.run import Home
    from monitor.settings import load_settings

    settings = load_settings(home, inbox=inbox)
    sources, names, root = load_sources(settings), source or [], Home(settings.home)
    if listed:
        _print_sources(sources, names)
        return
    day = read_day("--as-of", as_of) if as_of else _next_day(root)
    if check:
        _print_checked(check_sources(settings, day, sources, names))
        return
    with root.locked(new=True), shown(day.isoformat()) as report:
        report("pull", 0, 1)
        pulled = pull_sources(settings, day, sources, names, report)
        write_report(root, day, pulled)
    _print_pulled(pulled)


def _next_day(home: Home) -> date:
    from monitor.errors import Fault, UsageError

    runs = home.run_folders()
    if not runs:
        raise UsageError("还没有任何一晚,不知道数据日期。", [Fault("--as-of", "没有给", "2026-11-20 这样的日期")])
    return date.fromisoformat(runs[-1].name) + timedelta(days=1)


def _print_sources(sources: Sources, names: list[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    from monitor.pulling import chosen_sources

    table = Table(box=None, padding=(0, 2, 0, 0))
    for title in ("来源", "方式", "数据项"):
        table.add_column(title, overflow="fold")
    for one in chosen_sources(sources, names):
        table.add_row(one.name, one.kind, " ".join(sources.brings[one.name]))
    Console().print(table)


def _print_checked(checked: list[tuple[str, int | Failure]]) -> None:
    failed = [(name, found) for name, found in checked if not isinstance(found, int)]
    for name, found in checked:
        if isinstance(found, int):
            print(f"{name}:正常,{found}份可取")
    _fail([(name, one) for name, one in failed], len(checked), "连不上或不合约定")


def _print_pulled(pulled: list[Pulled]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="拉取", title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("来源", overflow="fold")
    for title in ("新取", "字节", "未变", "对方未放出", "名称不合", "失败", "秒"):
        table.add_column(title, justify="right", no_wrap=True)
    for one in pulled:
        counts = (len(one.files), one.bytes, one.unchanged, one.not_there, len(one.misnamed), len(one.failures))
        table.add_row(one.source, *(f"{n:,}" for n in counts), f"{one.seconds:.1f}")
    Console().print(table)
    for one in pulled:
        for name in one.misnamed[:5]:
            print(f"{one.source}:文件名不合约定,没有取:{name}")
    _fail([(one.source, failure) for one in pulled for failure in one.failures], len(pulled), "没有取全")


def _fail(failures: list[tuple[str, Failure]], of: int, what: str) -> None:
    from monitor.errors import Fault, SourcesFailed

    if failures:
        faults = [Fault(" ".join(filter(None, [name, one.file])), one.found, remedy=one.remedy) for name, one in failures]
        count = len({name for name, _ in failures})
        raise SourcesFailed(f"{of}处来源中有{count}处{what},其余不受影响。", faults)
