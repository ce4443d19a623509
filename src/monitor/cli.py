"""The command line: names the commands, chooses the exit code.

Exit codes: 0 done, 2 usage, 10 a delivery breaks its contract so that the night cannot stand, 11 the catalogue is invalid,
12 a parameter is missing, 13 nothing arrived, 14 a built table breaks its promise, 15 too little room on the disk, 16 what was
kept is damaged, 17 a source could not be pulled, 20 the audit trail is not what was written, 1 our bug.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Annotated, Final

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
from monitor.errors import MonitorError, unforeseen

app = typer.Typer(
    name="monitor",
    help="低收入人口动态监测:每晚比对各部门数据,主动发现困难家庭。Find people in hardship before they ask.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_NIGHT, _CASES, _RULES = "每晚 Every night", "工单与走访 Cases and visits", "指标与标准 Rules and numbers"
_LOOK, _HANDED, _HOME = "查询与展示 Look and ask", "报送与公开 Given to others", "目录与安全 The home and its safety"
_TRY = "演示与文档 Try and read"
_COMMANDS: Final[Mapping[str, Mapping[str, Callable[..., None]]]] = {
    _NIGHT: {"run": run_command, "pull": pull_command, "doctor": doctor_command, "month": month_command},
    _CASES: {"explain": explain_command, "collect": collect_command, "progress": progress_command},
    _RULES: {"plan": plan_command, "backtest": backtest_command},
    _LOOK: {"sql": sql_command, "ui": ui_command, "bulletin": bulletin_command},
    _HANDED: {"check-file": check_file_command, "export": export_command, "public": public_command},
    _HOME: {"backup": backup_command, "restore": restore_command},
    _TRY: {"demo": demo_command, "synth": synth_command, "docs": docs_command},
}
_GROUPS: Final = {
    "indicators": (rules, _RULES),
    "warehouse": (warehouse, _LOOK),
    "keys": (keys, _HOME),
    "audit": (trail, _HOME),
}
for _panel, _commands in _COMMANDS.items():
    for _name, _command in _commands.items():
        app.command(_name, rich_help_panel=_panel)(_command)
for _name, (_group, _panel) in _GROUPS.items():
    app.add_typer(_group, name=_name, rich_help_panel=_panel)


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
        from monitor.terminal import typed

        print(f"monitor: {typed(str(error))}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        print(f"monitor: {error.strerror or '读写失败'}:{error.filename or ''}", file=sys.stderr)
        sys.exit(1)
    except Exception as error:
        print(f"monitor: {unforeseen(error)}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
