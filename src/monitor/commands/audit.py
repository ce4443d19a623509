"""`monitor audit`: who did what with people's data, and whether the record of it is what was written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.errors import Fault, TrailBroken, UsageError

if TYPE_CHECKING:
    from monitor.audit import Head

trail = typer.Typer(help="审计记录 The audit trail.", no_args_is_help=True)

HomeOption = Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")]


@trail.command("show")
def show_command(
    last: Annotated[int, typer.Option(min=1, help="最近几条 how many of the newest")] = 50,
    action: Annotated[str | None, typer.Option(help="只看一种动作 one kind only, e.g. revealed")] = None,
    home: HomeOption = None,
) -> None:
    """谁在何时做了什么。Who did what, newest last."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from monitor.audit import Action, read_trail
    from monitor.audit.actions import ACTION_ZH
    from monitor.settings import load_settings

    if action and action not in list(Action):
        raise UsageError("没有这种动作。", [Fault("--action", repr(action), "、".join(Action))])
    entries = [one for one in read_trail(load_settings(home).home) if action in (None, one.action)][-last:]
    if not entries:
        print("还没有记录。")
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("编号", justify="right")
    for title in ("时间(UTC)", "谁", "做了什么"):
        table.add_column(title, no_wrap=True)
    table.add_column("内容", overflow="fold")
    for one in entries:
        who = f"{one.who}({one.role})" if one.role else one.who
        said = ACTION_ZH.get(Action(one.action), "") if one.action in list(Action) else one.action
        table.add_row(str(one.number), *map(Text, (one.at[:19].replace("T", " "), who, said, _told(one.what))))
    Console().print(table)


@trail.command("verify")
def verify_command(
    head: Annotated[
        str | None, typer.Option(help="另行抄录的末条 a head noted elsewhere, <number>:<seal>, as printed by this command")
    ] = None,
    home: HomeOption = None,
) -> None:
    """核对审计记录有没有被改动、删除、插入、调换或截断。Has any record been changed, taken out, put in, moved or cut off?

    Raises:
        TrailBroken: names the first broken record.
    """
    from monitor.audit import verify
    from monitor.settings import load_settings

    verdict = verify(load_settings(home).home, _noted(head))
    if verdict.findings:
        faults = [Fault(one.where, one.found) for one in verdict.findings]
        remedy = f"前{verdict.records}条可信。请保留现场(整个 audit/ 目录),报告信息安全负责人。"
        raise TrailBroken(f"审计记录核对不通过。{remedy}", faults)
    if verdict.head is None:
        print("还没有记录。")
        return
    repaired = f",其中{verdict.repaired}处断电后补齐" if verdict.repaired else ""
    print(f"{verdict.records}条记录完整{repaired},与{verdict.nights}晚结果里的封签相符。")
    print(f"末条 {verdict.head.number}:{verdict.head.seal}\n抄录在别处,以后用 --head 核对,可发现整个目录被换回旧的。")


def _told(what: dict[str, Any]) -> str:
    said = ((name, "、".join(map(str, value)) if isinstance(value, list) else value) for name, value in what.items())
    return " ".join(f"{name}={value}" for name, value in said)


def _noted(text: str | None) -> Head | None:
    from monitor.audit import Head

    if text is None:
        return None
    match = re.fullmatch(r"([1-9]\d{0,15}):([0-9a-f]{64})", text)
    if match is None:
        raise UsageError("抄录的末条看不懂。", [Fault("--head", repr(text), "编号:64位封签")])
    return Head(int(match[1]), match[2])
