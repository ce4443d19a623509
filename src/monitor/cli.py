"""The command line: parse, call the steps, print, choose the exit code.

Exit codes: 0 done, 2 usage, 10 a delivery breaks its contract so that the night cannot stand, 11 the catalogue is invalid,
12 a parameter is missing, 13 nothing arrived, 14 a built table breaks its promise, 1 our bug.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

import monitor
from monitor import demo as demonstration
from monitor import indicators, steps
from monitor.errors import CatalogueInvalid, Fault, MonitorError, UsageError
from monitor.indicators import pages
from monitor.progress import shown
from monitor.run import Home
from monitor.settings import Settings, load_settings
from monitor.summary import Figures, summary_lines
from monitor.synth import Plan, synthesise

app = typer.Typer(
    name="monitor",
    help="低收入人口动态监测:每晚比对各部门数据,主动发现困难家庭。Find people in hardship before they ask.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
rules = typer.Typer(help="指标目录 The catalogue of indicators.", no_args_is_help=True)
app.add_typer(rules, name="indicators")

HomeOption = Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")]
InboxOption = Annotated[Path | None, typer.Option(help="部门数据所在目录 folder of deliveries (default: <home>/inbox)")]
ThreadsOption = Annotated[int | None, typer.Option(min=1, help="线程数 threads (default: all cores)")]


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="版本 print the version")] = False) -> None:
    """Say which version this is."""
    if version:
        print(f"monitor {monitor.__version__}")
        raise typer.Exit


@app.command()
def run(
    as_of: Annotated[str, typer.Option(help="数据日期 as-of date, YYYY-MM-DD")],
    home: HomeOption = None,
    inbox: InboxOption = None,
    threads: ThreadsOption = None,
    again: Annotated[bool, typer.Option("--again", help="数据未变也重跑 run although nothing has changed")] = False,
) -> None:
    """运行一晚:接收、比对、开案、出名单。Run one night."""
    settings = load_settings(home, inbox=inbox, threads=threads)
    day = _day(as_of)
    with shown(as_of) as report:
        manifest = steps.run_night(settings, day, report, again=again)
    print_summary(manifest, settings)


@app.command()
def demo(
    home: HomeOption = None,
    persons: Annotated[int, typer.Option(min=200, help="人数 people")] = 20_000,
    seed: Annotated[int, typer.Option(help="随机种子 seed")] = 7,
) -> None:
    """演示:虚构的一个县,连续三晚。A made-up county, three nights in a row; no server, no network, no key."""
    settings = load_settings(home or Path("var/demo"))
    manifests = demonstration.run_demo(settings, persons=persons, seed=seed)
    for manifest in manifests:
        print_summary(manifest, settings)
    Console().print(demonstration.next_steps(settings), highlight=False)


@app.command()
def synth(
    out: Annotated[Path, typer.Option(help="写到哪里 folder to write to")],
    persons: Annotated[int, typer.Option(min=200, help="人数 people")] = 20_000,
    seed: Annotated[int, typer.Option(help="随机种子 seed")] = 7,
    as_of: Annotated[str, typer.Option(help="第一晚 first night")] = "2026-11-20",
    nights: Annotated[int, typer.Option(min=1, help="连续几晚 nights in a row")] = 1,
    region: Annotated[str, typer.Option(help="区划代码 division whose villages are peopled")] = "530622",
    dirt: Annotated[str, typer.Option(help="脏数据 none, light or demo")] = "demo",
    late: Annotated[list[str] | None, typer.Option(help="迟到的部门或数据 departments or extracts that are late")] = None,
) -> None:
    """生成虚构的部门数据。Make made-up deliveries of any size."""
    plan = Plan(persons=persons, seed=seed, as_of=_day(as_of), nights=nights, region=region, dirt=dirt, late=tuple(late or ()))
    with shown("虚构数据") as report:
        summary = synthesise(plan, out, lambda done, of: report("synth", done, of))
    rows = sum(summary.rows.values())
    print(f"{summary.persons:,}人 {summary.households:,}户,{summary.files}个文件 {rows:,}行,写到 {out}")


@rules.command("list")
def list_rules() -> None:
    """列出全部指标。List the indicators."""
    table = Table(*pages.LIST_HEADER, box=None)
    for row in pages.list_rows(indicators.load_catalogue()):
        table.add_row(*row)
    Console().print(table)


@rules.command("show")
def show_rule(code: Annotated[str, typer.Argument(help="指标代码 code, e.g. EXP-004")]) -> None:
    """显示一项指标。Show one indicator."""
    found = indicators.load_catalogue().indicators
    if code not in found:
        raise UsageError(f"没有指标 {code};可用 monitor indicators list 查看全部。")
    Console().print(pages.page(found[code]))


@rules.command("check")
def check_rules(
    files: Annotated[list[Path] | None, typer.Argument(help="指标文件 files (default: the whole catalogue)")] = None,
) -> None:
    """检查指标文件并运行其中的例子。Check indicator files and run their examples."""
    paths = files or sorted(indicators.CATALOGUE.rglob("*.toml"))
    absent = [path for path in paths if not path.is_file()]
    if absent:
        raise UsageError("文件不存在。", [Fault(str(path), "没有这个文件") for path in absent])
    faults = [fault for path in paths for fault in indicators.check_file(path)]
    if faults:
        raise CatalogueInvalid(f"{len(paths)}个指标文件中有{len(faults)}处错误。", faults)
    if not files:
        indicators.load_catalogue()
    print(f"{len(paths)}个指标文件全部通过,文件中的例子都得出应有的结论。")


def print_summary(manifest: Figures, settings: Settings) -> None:
    """What arrived, what was found, and where the lists lie."""
    home = Home(settings.home)
    title = f"{manifest['as_of']} 夜间监测小结"
    table = Table(title=title, title_justify="left", show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for topic, sentence in summary_lines(manifest):
        table.add_row(topic, sentence)
    table.add_row("名单", str(home.outbox / manifest["as_of"]))
    table.add_row("分析库", str(home.published / "warehouse.duckdb"))
    Console().print(table)


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise UsageError(f"日期 {text!r} 看不懂;请写成 2026-11-20 这样。") from None


def main() -> None:
    """Entry point: a fault that was foreseen ends in its message and exit code, without a traceback."""
    try:
        app()
    except MonitorError as error:
        print(f"monitor: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
