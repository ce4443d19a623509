"""`monitor backtest`: what a rule would have said on past nights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.commands.days import read_day
from monitor.errors import Fault, UsageError

if TYPE_CHECKING:
    from monitor.indicators import Indicator


def backtest_command(
    indicator: Annotated[str, typer.Argument(help="指标编号 code, e.g. EXP-004")],
    first: Annotated[str, typer.Option("--from", help="第一晚 first night, YYYY-MM-DD")],
    last: Annotated[str, typer.Option("--to", help="最后一晚 last night, YYYY-MM-DD")],
    file: Annotated[Path | None, typer.Option(help="改动的指标文件 a changed indicator file")] = None,
    home: Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")] = None,
) -> None:
    """回测:一项指标在过去各晚会怎样说。What a rule would have said on past nights, as known then."""
    # imported here so that other commands need not wait for it
    from rich.console import Console

    from monitor.plan import backtest
    from monitor.plan.tell import backtest_page
    from monitor.settings import load_settings

    begin, end = read_day("--from", first), read_day("--to", last)
    if end < begin:
        raise UsageError("起止日期颠倒了。", [Fault("--to", last, f"{first} 或以后")])
    settings = load_settings(home)
    rule = _rule(settings.home, indicator, file)
    nights = backtest(settings, rule, begin, end)
    Console().print(backtest_page(rule.code, rule.title, nights))


def _rule(home: Path, code: str, file: Path | None) -> Indicator:
    from monitor.indicators import load_catalogue, own_indicators
    from monitor.parameters.nearest import did_you_mean
    from monitor.plan.change import read_changed

    if file:
        changed = read_changed(file)
        if changed.code != code:
            raise UsageError("文件与指标不符。", [Fault(file.name, changed.code, code)])
        return changed
    known = load_catalogue(own=own_indicators(home)).indicators
    if code not in known:
        near = did_you_mean(code.upper(), known)
        raise UsageError("没有这项指标。", [Fault("INDICATOR", repr(code), near or "monitor indicators list 可查看全部")])
    return known[code]
