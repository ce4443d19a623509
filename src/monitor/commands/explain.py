"""`monitor explain`: why a household is on the list. Imports nothing that only a night needs: it answers at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.commands.days import read_day


def explain_command(
    asked: Annotated[
        str, typer.Argument(metavar="CASE_NO|HOUSEHOLD_ID", help="工单编号或家庭编号 case number or household id")
    ],
    as_of: Annotated[str | None, typer.Option(help="哪一晚 the night, YYYY-MM-DD (default: the last one)")] = None,
    home: Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")] = None,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="显示姓名和号码，并记入审计 show identity; is written to the audit trail")
    ] = False,
) -> None:
    """说明一户为什么在名单上、从何时起、怎样才会解除。Why a household is on the list, and what would clear it."""
    # imported here so that other commands need not wait for it
    from monitor import audit
    from monitor.explain import explain, find_cases
    from monitor.explain.drawn import drawn_lines
    from monitor.explain.tell import lines
    from monitor.run import Home
    from monitor.settings import load_settings
    from monitor.store import connect

    settings = load_settings(home)
    with connect(None, settings) as connection:
        found = find_cases(connection, Home(settings.home), asked, read_day("--as-of", as_of) if as_of else None)
        for one in found.drawn:
            print("\n".join(drawn_lines(one, found.as_of)), end="\n\n" if found.cases else "\n")
        if not found.cases and not found.drawn:
            print(f"{found.as_of} 这一晚，这一户没有工单：没有指标命中，也没有沿用的预警。")
        told = explain(connection, found, settings.region)
    if reveal and told:
        numbers = [one.case["case_no"] for one in told]
        audit.record(settings.home, audit.Action.REVEALED, as_of=found.as_of, cases=numbers, shown="姓名、身份号码、电话、住址")
    if told:
        print("\n\n".join("\n".join(lines(one, reveal=reveal)) for one in told))
