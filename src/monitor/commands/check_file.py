"""`monitor check-file`: try a file before it is sent, without a home."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.errors import Fault, NightCannotStand, UsageError

if TYPE_CHECKING:
    from monitor.delivery_reports import Checked


def check_file_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="要试的文件 files to try")],
    extract: Annotated[
        str | None, typer.Option(help="数据名 what they are, e.g. nhc_death (default: by name or header)")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="另存网页报告;几个文件时为目录 write the report as HTML")] = None,
    csv: Annotated[Path | None, typer.Option(help="另存逐行表格;几个文件时为目录 write row by row as CSV")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="有存疑、不合格行或看不懂的单元格也算不通过 doubts fail too")
    ] = False,
) -> None:
    """报送前试读:会不会被退回,哪几行要改,怎样改。Try files before sending them; needs no home, keeps nothing.

    Exit code 0: fit; 10: at least one would be refused (with --strict: or has something to look at).
    """
    # imported here so that other commands need not wait for it
    from rich.console import Console

    from monitor.delivery_reports import check_files, write_checked
    from monitor.delivery_reports.terminal import closing, told_file
    from monitor.progress import shown

    _must_be_usable(files, extract)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the folder is wiped on the way out
    with shown("试读") as report:
        checked = check_files(files, extract, report)
    console = Console()
    for number, one in enumerate(checked, start=1):
        console.print(told_file(one, f"第{number}个 " if len(checked) > 1 else ""))
    console.print(closing(checked), highlight=False)
    write_checked(checked, html, csv)
    _choose_the_exit(checked, strict)


def _must_be_usable(files: list[Path], extract: str | None) -> None:
    from monitor.contracts import extracts
    from monitor.parameters.nearest import did_you_mean
    from monitor.sources.arrivals import safe_name

    faults = [
        Fault(safe_name(str(p)), "是文件夹" if p.is_dir() else "没有这个文件", "数据文件") for p in files if not p.is_file()
    ]
    if extract and extract not in extracts():
        faults.append(Fault("--extract", repr(extract), did_you_mean(extract, extracts()) or "见 docs/extracts.zh-CN.md"))
    if faults:
        raise UsageError("不能试读。", faults)


def _choose_the_exit(checked: list[Checked], strict: bool) -> None:
    faults = [Fault(one.file, "将被退回", remedy="按上面所列改正") for one in checked if one.refusal]
    if strict:
        faults += [Fault(one.file, "有需要核对的地方") for one in checked if not one.refusal and one.is_doubted]
    if faults:
        raise NightCannotStand("试读没有通过。", faults)
