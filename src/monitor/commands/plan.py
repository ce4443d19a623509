"""`monitor plan`: what a changed number or rule would do, before anything takes effect."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.commands.days import read_day


def plan_command(
    values: Annotated[list[str] | None, typer.Option("--set", help="参数=数值,可多次 parameter=value, repeatable")] = None,
    region: Annotated[str | None, typer.Option(help="区划代码 region of the new values (default: the installation's)")] = None,
    as_of: Annotated[str | None, typer.Option(help="哪一晚 the night, YYYY-MM-DD (default: the last one)")] = None,
    indicator_file: Annotated[Path | None, typer.Option(help="改动的指标文件 a changed indicator file")] = None,
    home: Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")] = None,
) -> None:
    """试算:参数或指标改动后名单会怎样变,什么也不写入。What a change would do; nothing is written."""
    # imported here so that other commands need not wait for it
    from rich.console import Console

    from monitor.indicators import load_catalogue, own_indicators
    from monitor.plan import foresee, read_change
    from monitor.plan.tell import effect_page
    from monitor.settings import load_settings

    settings = load_settings(home)
    change = read_change(values or [], region or settings.region, indicator_file)
    effect = foresee(settings, change, read_day("--as-of", as_of) if as_of else None)
    Console().print(effect_page(effect, change, load_catalogue(own=own_indicators(settings.home))))
