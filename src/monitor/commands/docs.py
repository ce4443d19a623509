"""`monitor docs`: write the generated documents, or check that they are up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.errors import Fault, PromiseBroken


def docs_command(
    out: Annotated[Path, typer.Option(help="写到哪里 folder of the documents")] = Path("docs"),
    check: Annotated[bool, typer.Option("--check", help="只核对,不写 only check that they are up to date")] = False,
) -> None:
    """生成指标手册与各词典。Write the handbook and the dictionaries.

    Raises:
        PromiseBroken: with `--check`, names every page that is out of date.
    """
    from monitor.handbook import outdated_pages, write_handbook

    if not check:
        changed = write_handbook(out)
        print(f"更新{len(changed)}个文件。" if changed else "全部文件已是最新。")
        return
    outdated = outdated_pages(out)
    if outdated:
        faults = [Fault(str(out / path), "不是最新", remedy="运行 monitor docs") for path in outdated]
        raise PromiseBroken("生成的文件不是最新。", faults)
    print("全部文件已是最新。")
