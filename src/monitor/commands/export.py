"""`monitor export`: what leaves the home, by role."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from monitor.commands.days import read_day
from monitor.errors import Fault, UsageError


def export_command(
    role: Annotated[str, typer.Option(help="给谁 field 乡镇走访, review 县级复核督办, analyst 分析, public 公众")],
    as_of: Annotated[str, typer.Option(help="哪一晚 the night, YYYY-MM-DD")],
    out: Annotated[Path, typer.Option(help="导出到哪里 folder outside the home")],
    county: Annotated[str | None, typer.Option(help="只要一个区县 one county, 6 digits")] = None,
    zipped: Annotated[bool, typer.Option("--zip", help="加密压缩包 a zip with a password (AES-256)")] = False,
    password_env: Annotated[
        str | None, typer.Option(help="密码在哪个环境变量里 environment variable with the password")
    ] = None,
    password_file: Annotated[Path | None, typer.Option(help="密码在哪个文件的第一行 file with the password")] = None,
    home: Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")] = None,
) -> None:
    """按角色导出,记入审计。Hand out what a role may have; is written to the audit trail."""
    # imported here so that other commands need not wait for it
    from monitor.export import Role, export, read_password
    from monitor.settings import load_settings

    if role not in list(Role):
        raise UsageError("没有这个角色。", [Fault("--role", repr(role), "、".join(Role))])
    if county and not re.fullmatch(r"\d{6}", county, re.ASCII):
        from monitor.regions import counties_named

        raise UsageError("区县代码看不懂。", [Fault("--county", repr(county), counties_named(county) or "6位数字,如 530622")])
    if not zipped and (password_env or password_file):
        raise UsageError("密码只用于压缩包。", [Fault("--zip", "没有写", "--zip", "否则导出的不加密")])
    password = read_password(password_env, password_file) if zipped else None
    day = read_day("--as-of", as_of)
    done = export(load_settings(home), Role(role), day, out, county=county, password=password)
    print(f"{done.files}个文件(共{done.bytes:,}字节)导出到 {done.path}")
    if not zipped and role in (Role.FIELD, Role.REVIEW):
        print("里面有姓名、电话和住址,没有加密。需要传送时请用 --zip。")
