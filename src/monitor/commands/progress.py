"""`monitor progress`: how far the field has come, by county and township."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.commands.days import read_day


def progress_command(
    as_of: Annotated[str | None, typer.Option(help="哪一晚 the night, YYYY-MM-DD (default: the last one)")] = None,
    county: Annotated[str | None, typer.Option(help="只看一个区县 one county, 6 digits, with its townships")] = None,
    csv: Annotated[Path | None, typer.Option(help="另存为表格 write the same rows to a CSV file")] = None,
    home: Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")] = None,
) -> None:
    """核查进度:名单、答复、超期、属实率、人均工作量。Listed, answered, overdue, precision, load per visitor."""
    # imported here so that other commands need not wait for it
    from rich.console import Console

    from monitor.fieldwork import progress_rows, progress_table, write_progress
    from monitor.run import Home
    from monitor.settings import load_settings
    from monitor.store import connect

    settings = load_settings(home)
    folder = Home(settings.home).run_of(read_day("--as-of", as_of) if as_of else None)
    with connect(None, settings) as connection:
        rows = progress_rows(connection, folder, county)
    if csv:
        write_progress(rows, csv)
    if not rows:
        print(f"{folder.name} 这一晚没有名单,也没有收回的答复。")
        return
    Console().print(progress_table(rows, folder.name))
