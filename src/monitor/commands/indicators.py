"""`monitor indicators`: list, show, parameters, check, new, export, import.

What a command needs is imported inside it: checking one file must take less than a second, whole process included.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.commands.days import read_day
from monitor.errors import CatalogueInvalid, Fault, UsageError

if TYPE_CHECKING:
    from monitor.indicators import Catalogue, Indicator
    from monitor.indicators.in_force import Where
    from monitor.settings import Settings

rules = typer.Typer(help="指标目录 The catalogue of indicators.", no_args_is_help=True)

HomeOption = Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")]
CodeArgument = Annotated[str, typer.Argument(help="指标代码 code, e.g. EXP-004")]
RegionOption = Annotated[str | None, typer.Option(help="区划代码 division code (default: of the installation)")]
AsOfOption = Annotated[str | None, typer.Option(help="参数生效日期 YYYY-MM-DD (default: the newest run's)")]


@rules.command("list")
def list_rules(home: HomeOption = None) -> None:
    """列出全部指标。List the indicators."""
    from rich.console import Console
    from rich.table import Table

    from monitor.indicators import pages

    table = Table(*pages.LIST_HEADER, box=None)
    for row in pages.list_rows(_catalogue(_settings(home))):
        table.add_row(*row)
    Console().print(table)


@rules.command("show")
def show_rule(
    code: CodeArgument,
    region: RegionOption = None,
    area: Annotated[str, typer.Option(help="rural 农村, urban 城镇")] = "rural",
    as_of: AsOfOption = None,
    home: HomeOption = None,
) -> None:
    """显示一项指标:含义、生效的参数、上一晚的分子分母。Show one indicator."""
    from rich.console import Console

    from monitor.indicators import pages
    from monitor.indicators.in_force import values_in_force
    from monitor.indicators.last_night import last_night
    from monitor.run import Home

    settings = _settings(home)
    indicator = _found(_catalogue(settings), code)
    where = _where(settings, region, area, as_of)
    runs = Home(settings.home).run_folders()
    night = last_night(settings, runs[-1], indicator.code, region or "") if runs else None
    setting = pages.Setting(where, values_in_force(where, settings.home / "parameters"), night)
    Console().print(pages.page(indicator, setting))


@rules.command("parameters")
def list_parameters(region: RegionOption = None, as_of: AsOfOption = None, home: HomeOption = None) -> None:
    """列出全部参数:中文名、名称、现行值、单位、依据。List the parameters with the values in force."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from monitor.indicators.standing import PARAMETER_HEADER, parameter_rows, standing

    settings = _settings(home)
    where = _where(settings, region, "rural", as_of)
    title = f"{where.region} {where.day} 生效的参数；试算时写 monitor plan --set 参数=数值，中文名或英文名都可以"
    Console().print(Text(title, style="bold"))
    table = Table(box=None)
    for name in PARAMETER_HEADER:
        table.add_column(name, overflow="fold")
    for row in parameter_rows(standing(where.region, where.day, settings.home / "parameters").values()):
        table.add_row(*map(Text, row))
    Console().print(table)


@rules.command("check")
def check_rules(
    files: Annotated[list[Path] | None, typer.Argument(help="指标文件 files (default: the whole catalogue)")] = None,
    home: HomeOption = None,
) -> None:
    """检查指标文件并运行其中的例子。Check indicator files and run their examples.

    Raises:
        CatalogueInvalid: names file, field, what was found, what is allowed and the nearest name, of every fault.
    """
    from monitor.indicators.examples import check_file, failed_examples

    absent = [path for path in files or () if not path.is_file()]
    if absent:
        raise UsageError("文件不存在。", [Fault(str(path), "没有这个文件") for path in absent])
    if files:
        count, faults = len(files), [fault for path in files for fault in check_file(path)]
    else:
        indicators = _catalogue(_settings(home)).indicators.values()
        count, faults = len(indicators), [fault for indicator in indicators for fault in failed_examples(indicator)]
    if faults:
        raise CatalogueInvalid(f"{count}个指标文件中有{len(faults)}处错误。", faults)
    print(f"{count}个指标文件全部通过,文件中的例子都得出应有的结论。")


@rules.command("new")
def new_rule(
    code: Annotated[str, typer.Argument(help="新代码 new code, e.g. EXP-022")],
    title: Annotated[str, typer.Option(prompt="中文名称 title", help="中文名称 title in Chinese")],
    name: Annotated[
        str, typer.Option(prompt="文件名里的英文词 (如 rent_arrears)", help="文件名里的英文词 word of the file name")
    ],
    title_en: Annotated[str, typer.Option(help="英文名称 title in English")] = "",
    out: Annotated[Path, typer.Option(help="写到哪里 folder of drafts")] = Path("indicators"),
) -> None:
    """新建一份待填的指标文件。Write a skeleton that fails its checks until it is filled in."""
    from monitor.indicators.skeleton import write_skeleton

    path = write_skeleton(code, name, title, title_en=title_en, folder=out)
    print(f"已写 {path}\n请按文件里的说明填好,再运行 monitor indicators check {path}")


@rules.command("export")
def export_rules(
    file: Annotated[Path, typer.Argument(help="工作簿 the workbook to write, e.g. catalogue.xlsx")],
    as_of: AsOfOption = None,
    home: HomeOption = None,
) -> None:
    """导出成工作簿,含一张填新指标的空表。Write the catalogue as a workbook with an empty sheet for new indicators."""
    from monitor.indicators.workbook.sheets import write_workbook

    if file.suffix.lower() != ".xlsx":
        raise UsageError("文件名要以 .xlsx 结尾。", [Fault(str(file), file.suffix or "没有后缀", "catalogue.xlsx")])
    settings = _settings(home)
    catalogue = _catalogue(settings)
    where = _where(settings, None, "rural", as_of)
    write_workbook(file, catalogue, where, settings.home / "parameters")
    print(f"{len(catalogue.indicators)}项指标写到 {file},参数为 {where.day} 生效的值。新指标填在“新指标”表里。")


@rules.command("import")
def import_rules(
    file: Annotated[Path, typer.Argument(help="填好的工作簿 the filled-in workbook")],
    sheet: Annotated[str, typer.Option(help="表名 title of the sheet")] = "新指标",
    out: Annotated[Path, typer.Option(help="写到哪里 folder to write to")] = Path("indicators"),
    replace: Annotated[
        bool, typer.Option("--replace", help="可以替换同编号的指标 may replace indicators of the same code")
    ] = False,
    home: HomeOption = None,
) -> None:
    """把“新指标”表里的每一项变成指标文件。Turn the rows of the sheet into indicator files, all of them or none.

    Raises:
        CatalogueInvalid: with every mistake and its cell; nothing was written.
    """
    from monitor.indicators.last_good import own_indicators
    from monitor.indicators.workbook.importing import import_workbook

    settings = _settings(home)
    imported = import_workbook(file, _catalogue(settings), out, sheet=sheet, replace=replace)
    for one in imported:
        print(f"{one.indicator.code} {one.indicator.title}:{len(one.indicator.examples)}个例子都通过,写到 {one.path}")
    if out.absolute() != own_indicators(settings.home):
        print(f"放进 {own_indicators(settings.home)} 后下一晚起生效;生效前请先看影响。")


def _settings(home: Path | None) -> Settings:
    from monitor.settings import load_settings

    return load_settings(home)


def _catalogue(settings: Settings) -> Catalogue:
    """The shipped catalogue with the installation's own indicators."""
    from monitor.indicators.last_good import own_indicators
    from monitor.indicators.load import load_catalogue

    return load_catalogue(own=own_indicators(settings.home))


def _found(catalogue: Catalogue, code: str) -> Indicator:
    from monitor.parameters.nearest import did_you_mean

    found = catalogue.indicators.get(code.upper())
    if found is None:
        near = did_you_mean(code.upper(), catalogue.indicators)
        raise UsageError("没有这项指标。", [Fault("CODE", code, near, remedy="用 monitor indicators list 查看全部")])
    return found


def _where(settings: Settings, region: str | None, area: str, as_of: str | None) -> Where:
    """The place and day of which parameters are asked; the day is the newest run's when none is given."""
    from monitor.indicators.in_force import EXAMPLES, Where
    from monitor.run import Home

    if area not in ("rural", "urban"):
        raise UsageError("城乡类别看不懂。", [Fault("--area", area, "rural, urban")])
    if region and not (region.isascii() and region.isdigit() and 2 <= len(region) <= 12):
        raise UsageError("区划代码看不懂。", [Fault("--region", region, "2、4、6、9 或 12 位数字，如 530625")])
    runs = Home(settings.home).run_folders()
    newest = read_day("as-of", runs[-1].name) if runs else EXAMPLES.day
    return Where(region or settings.region, area, read_day("--as-of", as_of) if as_of else newest)
