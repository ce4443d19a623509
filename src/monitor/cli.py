"""The command line: names the commands, chooses the exit code.

Exit codes: 0 done, 2 usage, 10 a delivery breaks its contract so that the night cannot stand, 11 the catalogue is invalid,
12 a parameter is missing, 13 nothing arrived, 14 a built table breaks its promise, 15 too little room on the disk, 16 what was
kept is damaged, 17 a source could not be pulled, 20 the audit trail is not what was written, 1 our bug.
"""

from __future__ import annotations

import sys
import traceback
from typing import Annotated

import typer

import monitor
from monitor.commands.audit import trail
from monitor.commands.backtest import backtest_command
from monitor.commands.backup import backup_command, restore_command
from monitor.commands.bulletin import bulletin_command
from monitor.commands.check_file import check_file_command
from monitor.commands.collect import collect_command
from monitor.commands.docs import docs_command
from monitor.commands.doctor import doctor_command
from monitor.commands.explain import explain_command
from monitor.commands.export import export_command
from monitor.commands.indicators import rules
from monitor.commands.keys import keys
from monitor.commands.month import month_command
from monitor.commands.night import demo_command, run_command, synth_command
from monitor.commands.plan import plan_command
from monitor.commands.progress import progress_command
from monitor.commands.public import public_command
from monitor.commands.pull import pull_command
from monitor.commands.sql import sql_command, warehouse
from monitor.commands.ui import ui_command
from monitor.errors import MonitorError

app = typer.Typer(
    name="monitor",
    help="低收入人口动态监测:每晚比对各部门数据,主动发现困难家庭。Find people in hardship before they ask.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo_command)
app.command("run")(run_command)
app.command("pull")(pull_command)
app.add_typer(rules, name="indicators")
app.command("explain")(explain_command)
app.command("plan")(plan_command)
app.command("progress")(progress_command)
app.command("bulletin")(bulletin_command)
app.command("backtest")(backtest_command)
app.command("collect")(collect_command)
app.command("check-file")(check_file_command)
app.command("synth")(synth_command)
app.command("ui")(ui_command)
app.command("sql")(sql_command)
app.add_typer(warehouse, name="warehouse")
app.command("public")(public_command)
app.command("export")(export_command)
app.add_typer(trail, name="audit")
app.command("month")(month_command)
app.command("doctor")(doctor_command)
app.command("docs")(docs_command)
app.add_typer(keys, name="keys")
app.command("backup")(backup_command)
app.command("restore")(restore_command)


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="版本 print the version")] = False) -> None:
    """Say which version this is."""
    if version:
        print(f"monitor {monitor.__version__}")
        raise typer.Exit


def main() -> None:
    """Entry point. A fault that was foreseen ends in its message and exit code; any other in where it happened."""
    try:
        app()
    except MonitorError as error:
        print(f"monitor: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        print(f"monitor: {error.strerror or '读写失败'}:{error.filename or ''}", file=sys.stderr)
        sys.exit(1)
    except Exception as error:  # a message may quote a cell, so only the kind of error and the places in the code are told
        places = "".join(traceback.format_tb(error.__traceback__))
        print(f"monitor: 程序缺陷,请连同以下内容报告({type(error).__name__})\n{places}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
