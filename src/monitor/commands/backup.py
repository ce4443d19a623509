"""`monitor backup` and `monitor restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HomeOption = Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")]


def backup_command(
    to: Annotated[Path, typer.Option(help="备份目录,最好在另一块盘上 folder of backups, best on another disk")],
    home: HomeOption = None,
    with_keys: Annotated[bool, typer.Option("--with-keys", help="连同密钥 the keys too (better kept elsewhere)")] = False,
    keep: Annotated[int, typer.Option(min=0, help="只留最近几份,0为全留 newest backups to keep, 0 = all")] = 0,
) -> None:
    """备份:逐字节核对后存入备份目录,没有变的内容只存一次。Back up a home; contents that have not changed are kept once."""
    from monitor import audit
    from monitor.backup import back_up
    from monitor.settings import load_settings

    settings = load_settings(home)
    kept = back_up(settings, to.expanduser().absolute(), with_keys=with_keys, keep=keep)
    audit.record(settings.home, audit.Action.BACKED_UP, files=kept.files, with_keys=with_keys)
    print(f"已备份{kept.files:,}个文件,其中新增{kept.new_files:,}个 {kept.new_bytes / 2**20:,.1f} MB:{kept.snapshot}")
    if kept.mended:
        print(f"以前存入的{kept.mended:,}个内容在备份目录里已经损坏,这次重新存好;请检查备份所在的磁盘")
    if kept.forgotten:
        print(f"按 --keep {keep} 删去较旧的备份{kept.forgotten}份")
    if not with_keys:
        print(f"密钥不在备份里,请另行保管:{settings.home / 'keys'}")
    if not settings.inbox_folder.is_relative_to(settings.home):
        print(f"收件目录在工作目录之外,不在备份里:{settings.inbox_folder}")


def restore_command(
    source: Annotated[Path, typer.Argument(help="备份目录 folder of backups")],
    home: Annotated[Path, typer.Option(help="恢复到哪里,须为新的或空的目录 the new home")],
    snapshot: Annotated[str, typer.Option(help="哪一份 which backup (default: the newest)")] = "",
) -> None:
    """恢复:逐字节核对后建成新的工作目录。Make a new home of a backup; every byte is verified."""
    from monitor import audit
    from monitor.backup import restore
    from monitor.privacy import EXPECTED_KEYS

    place = home.expanduser().absolute()
    files = restore(source.expanduser().absolute(), place, snapshot)
    print(f"已恢复{files:,}个文件,逐字节核对无误:{place}")
    if (place / "keys" / EXPECTED_KEYS).is_file():
        print(f"密钥不在这份备份里:请先把原来的密钥放回 {place / 'keys'},再运行下一晚")
    else:
        audit.record(place, audit.Action.RESTORED, files=files)
