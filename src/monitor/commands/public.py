"""`monitor public`: what anybody may know, once a month."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.commands.days import read_day


def public_command(
    as_of: Annotated[str | None, typer.Option(help="按哪一晚 the night that is counted (default: the last one)")] = None,
    home: Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")] = None,
) -> None:
    """公开数据:每月一次的汇总,小数不露。Monthly aggregates for the public, of which nothing small can be worked out."""
    # imported here so that other commands need not wait for it
    from monitor.public import release_month
    from monitor.settings import load_settings
    from monitor.steps import home_held

    settings = load_settings(home)
    with home_held(settings):
        released = release_month(settings, read_day("--as-of", as_of) if as_of else None)
    done = "已公布" if released.is_new else "以前已公布,按当时的决定重新写出"
    print(f"{released.month}(按 {released.as_of} 的结果){done}:{released.folder}")
    print(f"公布{released.shown:,}个数,其中{released.held:,}个沿用上次;不公布{released.hidden:,}个。")
