"""`monitor run`, `monitor demo` and `monitor synth`.

What a command needs is imported inside it, so that the other commands start at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.commands.days import read_day

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.rebuilding import Rebuilt
    from monitor.settings import Settings

HomeOption = Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")]
NARROW, WIDE = 80, 120


def run_command(
    as_of: Annotated[str, typer.Option(help="数据日期 as-of date, YYYY-MM-DD")],
    home: HomeOption = None,
    inbox: Annotated[Path | None, typer.Option(help="部门数据所在目录 folder of deliveries (default: <home>/inbox)")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="线程数 threads (default: all cores)")] = None,
    again: Annotated[bool, typer.Option("--again", help="数据未变也重跑 run although nothing has changed")] = False,
    and_after: Annotated[
        bool,
        typer.Option("--and-after", help="其后各晚也按顺序重建,并列出变化 rebuild the nights after it too, say what changed"),
    ] = False,
    engine: Annotated[str | None, typer.Option(help="计算引擎 duckdb (default) or spark; same results")] = None,
    no_pull: Annotated[bool, typer.Option("--no-pull", help="不先拉取 do not pull from the sources of the home first")] = False,
) -> None:
    """运行一晚:接收、比对、开案、出名单。Run one night."""
    from monitor import notify, steps
    from monitor.progress import shown
    from monitor.settings import load_settings

    settings, day = load_settings(home, inbox=inbox, threads=threads, engine=engine), read_day("--as-of", as_of)
    with notify.told(settings, day), shown(as_of) as report:
        if and_after:
            print_rebuilt(steps.rebuild(settings, day, report, again=again))
            return
        manifest = steps.run_night(settings, day, report, again=again, pull_first=not no_pull)
    print_summary(manifest, settings)
    tell_resting_on_old(settings)


def demo_command(
    home: Annotated[Path | None, typer.Option(help="演示目录 folder of the demo (default: ./var/demo)")] = None,
    persons: Annotated[int, typer.Option(min=200, help="人数 people")] = 20_000,
    seed: Annotated[int, typer.Option(help="随机种子 seed")] = 7,
) -> None:
    """演示:虚构的一个县,连续三晚。A made-up county, three nights in a row; no server, no network, no key."""
    from monitor.demo import next_steps, run_demo
    from monitor.run import DEMO_HOME
    from monitor.settings import load_settings
    from monitor.terminal import typed

    settings = load_settings(home or DEMO_HOME)
    for manifest in run_demo(settings, persons=persons, seed=seed):
        print_summary(manifest, settings)
    print(typed(next_steps(settings)))


def synth_command(
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
    from monitor.progress import shown
    from monitor.synth import Plan, synthesise

    plan = Plan(
        persons=persons,
        seed=seed,
        as_of=read_day("--as-of", as_of),
        nights=nights,
        region=region,
        dirt=dirt,
        late=tuple(late or ()),
    )
    with shown("虚构数据") as report:
        summary = synthesise(plan, out, lambda done, of: report("synth", done, of))
    rows = sum(summary.rows.values())
    print(f"{summary.persons:,}人 {summary.households:,}户,{summary.files}个文件 {rows:,}行,写到 {out}")


def print_summary(manifest: dict[str, Any], settings: Settings) -> None:
    """What arrived, what was found, and where the lists lie."""
    from datetime import date

    from rich.table import Table
    from rich.text import Text

    from monitor.summary import places, summary_lines
    from monitor.terminal import Sentence

    title = f"{manifest['as_of']} 夜间监测小结"
    table = Table(title=title, title_justify="left", show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for topic, sentence in summary_lines(manifest):
        table.add_row(topic, Sentence(sentence))
    for place, path in places(settings.home, date.fromisoformat(manifest["as_of"])):
        table.add_row(place, Text(str(path)))
    _console().print(table)


def print_rebuilt(rebuilt: Rebuilt) -> None:
    """What changed, night by night, in counts; the report names the cases."""
    from monitor.rebuilding import CHANGES_ZH

    for day, changes in sorted(rebuilt.nights.items()):
        told = ",".join(f"{change}{changes[change]:,}件" for change in CHANGES_ZH.values() if change in changes)
        print(f"{day}:{told or '没有变化'}")
    for day, names in sorted(rebuilt.missing.items()):
        print(
            f"警告:{day} 当时读过的数据,收件目录里已没有{len(names)}份:{'、'.join(names[:5])}{'等' if len(names) > 5 else ''}"
        )
    if rebuilt.report:
        print(f"逐件变化:{rebuilt.report}")


def tell_resting_on_old(settings: Settings) -> None:
    """Say which nights still stand on a version of the night before that is no more."""
    from monitor.rebuilding import resting_on_old
    from monitor.run import Home
    from monitor.terminal import typed

    if nights := resting_on_old(Home(settings.home)):
        again = f"monitor run --as-of {nights[0]} --and-after --home {settings.home}"
        print(
            f"提示：{'、'.join(nights)} 仍以旧的结果为起点，名单照旧有效。要按顺序重建，请运行 {typed(again)}", file=sys.stderr
        )


def _console() -> Console:
    """As wide as the terminal; in a file or a pipe wide enough for paths."""
    from rich.console import Console

    plain = Console()
    return plain if plain.is_terminal and plain.width >= NARROW else Console(width=WIDE)
