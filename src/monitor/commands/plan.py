"""`monitor plan`: what a changed number or rule would do, before anything takes effect."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from monitor.commands.days import read_day


def plan_command(
    values: Annotated[list[str] | None, typer.Option("--set", help="参数=数值,可多次,中文名也可 parameter=value")] = None,
    region: Annotated[str | None, typer.Option(help="区划代码 region of the new values (default: the installation's)")] = None,
    as_of: Annotated[str | None, typer.Option(help="哪一晚 the night, YYYY-MM-DD (default: the last one)")] = None,
    indicator_file: Annotated[Path | None, typer.Option(help="改动的指标文件 a changed indicator file")] = None,
    home: Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")] = None,
) -> None:
    """试算:参数或指标改动后名单会怎样变,什么也不写入。What a change would do; nothing is written."""
    # imported here so that other commands need not wait for it
    from rich.console import Console

    from monitor.indicators import load_catalogue, own_indicators
    from monitor.indicators.standing import standing
    from monitor.plan import foresee, read_change
    from monitor.plan.tell import change_lines, effect_page
    from monitor.run import Home
    from monitor.settings import load_settings

    settings = load_settings(home)
    day = date.fromisoformat(Home(settings.home).run_of(read_day("--as-of", as_of) if as_of else None).name)
    now = standing(region or settings.region, day, settings.home / "parameters")
    change = read_change(values or [], region or settings.region, indicator_file, now)
    if not change.indicator and all(now[name].is_everywhere(value) for name, value in change.values.items()):
        print("\n".join([*change_lines(change, now), "与现行的值相同，名单不变，没有试算。"]))
        return
    effect = foresee(settings, change, day)
    Console().print(effect_page(effect, change, now, load_catalogue(own=own_indicators(settings.home))))
