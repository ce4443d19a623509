"""`monitor sql` and `monitor warehouse`: ask the analyst file, make it anew, hand it on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.errors import Fault, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from monitor.query import Answer

warehouse = typer.Typer(help="分析库:重建、导出。The analyst file: rebuild, export.", no_args_is_help=True)
HomeOption = Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")]
WIDE = 120
_PAIR = re.compile(r"\s*[a-z_]+\s*=")


def sql_command(
    query: Annotated[str | None, typer.Argument(help="SQL 语句 (default: 逐句输入 a prompt)")] = None,
    file: Annotated[Path | None, typer.Option(help="SQL 文件 a file of SQL")] = None,
    recipe: Annotated[str | None, typer.Option(help="现成的问题 a recipe of the cookbook")] = None,
    values: Annotated[
        list[str] | None, typer.Option("--set", help="问题的参数=值,可多次 parameter=value of the recipe")
    ] = None,
    list_recipes: Annotated[bool, typer.Option("--recipes", help="列出现成的问题 list the cookbook")] = False,
    csv: Annotated[Path | None, typer.Option(help="存为表格 write the answer to a CSV file")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="按 JSON 输出 print JSON")] = False,
    rows: Annotated[int | None, typer.Option(min=1, help="最多显示几行 rows shown at most")] = None,
    home: HomeOption = None,
) -> None:
    """问分析库:只读,不含身份信息。Ask the analyst file; nothing can be changed, nobody is named."""
    from monitor.query import answers_to, find_recipe, opened, shown
    from monitor.query.prompt import ask
    from monitor.query.tell import recipe_table
    from monitor.settings import load_settings

    if list_recipes:
        _console().print(recipe_table())
        return
    if sum(one is not None for one in (query, file, recipe)) > 1:
        raise UsageError("一次只问一样。", [Fault("SQL、--file、--recipe", "给了不止一个", "其中之一")])
    settings, given = load_settings(home), _pairs(values or [])
    text = query
    if file:
        text = _text_of(file)
    if recipe:
        found = find_recipe(recipe)
        found.must_have(given)
        text = found.text
    most = None if csv or as_json else rows or shown.ROWS
    with opened(settings) as connection:
        if text is None:
            ask(connection, _console(), lambda answers: _tell(answers, csv, as_json), most)
        else:
            _tell(answers_to(connection, text, given, most), csv, as_json)


@warehouse.command("rebuild")
def rebuild_command(home: HomeOption = None) -> None:
    """从各晚结果重建分析库。Make the analyst file from all runs."""
    from monitor.publish import rebuild
    from monitor.run import Home
    from monitor.settings import load_settings

    settings = load_settings(home)
    with Home(settings.home).locked():
        path = rebuild(Home(settings.home), settings)
    print(f"已重建 {path}({path.stat().st_size / 2**20:,.1f} MB)")


@warehouse.command("export")
def export_command(
    folder: Annotated[Path, typer.Argument(help="导出到哪个新目录 a new folder")],
    home: HomeOption = None,
) -> None:
    """把分析库各表导出为 Parquet。Write every table of the analyst file as Parquet."""
    from monitor.query import export_tables
    from monitor.settings import load_settings

    written = export_tables(load_settings(home), folder.absolute())
    print(f"{len(written)}个文件、{sum(written.values()):,}行写到 {folder}")


def _tell(answers: Iterable[Answer], csv: Path | None, as_json: bool) -> None:
    """Show every answer, or save the last one."""
    from monitor.query import shown

    last = None
    for last in answers:
        if as_json:
            print(shown.as_json(last))
        elif not csv:
            console = _console()
            console.print(shown.as_table(last, console.width))
    if csv and last is None:
        raise UsageError("没有结果可存。", [Fault("SQL", "没有一句是查询")])
    if csv and last is not None:
        shown.write_csv(last, csv)
        print(f"{len(last.rows):,}行写到 {csv}")


def _pairs(values: list[str]) -> dict[str, str]:
    """Parameter -> value; a name goes into SQL as it stands, so it is letters and underscores."""
    allowed = "参数=值，如 county=530622；参数名只有小写字母和下划线"
    faults = [Fault("--set", repr(value), allowed) for value in values if not _PAIR.match(value)]
    if faults:
        raise UsageError("参数看不懂。", faults)
    return {name.strip(): text.strip() for name, _, text in (value.partition("=") for value in values)}


def _text_of(file: Path) -> str:
    if not file.is_file():
        raise UsageError("文件不存在。", [Fault(str(file), "没有这个文件")])
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("文件读不懂。", [Fault(str(file), "不是 UTF-8", remedy="另存为 UTF-8")]) from None


def _console() -> Console:
    """As wide as the terminal; in a file or a pipe wide enough to read."""
    from rich.console import Console

    plain = Console()
    return plain if plain.is_terminal else Console(width=WIDE)
