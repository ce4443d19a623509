"""All checks, in the order in which they are told."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from monitor.doctor import installation, last_night, machine
from monitor.doctor.check import Check, Examined, Finding, Result, fail
from monitor.errors import MonitorError, UsageError
from monitor.settings import Settings, load_settings

CHECKS: tuple[tuple[str, str, Check], ...] = (
    ("python", "Python", machine.python),
    ("packages", "依赖版本", machine.packages),
    ("lock", "锁定版本", machine.lock),
    ("memory", "内存", machine.memory),
    ("disk", "磁盘", machine.disk),
    ("clock", "时钟", machine.clock),
    ("extensions", "DuckDB 扩展", machine.extensions),
    ("spark", "计算引擎", machine.spark),
    ("settings", "设置", installation.settings),
    ("folders", "目录权限", installation.folders),
    ("keys", "密钥", installation.keys),
    ("encryption", "加密", installation.encryption),
    ("sources", "数据来源", installation.sources),
    ("inbox", "数据目录", installation.inbox),
    ("told", "通知", installation.told),
    ("holidays", "放假安排", installation.holidays),
    ("prefect", "Prefect", installation.prefect),
    ("ran", "最近一晚", last_night.ran),
    ("held", "占用", last_night.held),
    ("unfinished", "中断", last_night.unfinished),
    ("files", "结果完整", last_night.files),
    ("warehouse", "分析库", last_night.warehouse),
    ("departments", "部门数据", last_night.departments),
    ("catalogue", "指标目录", last_night.catalogue),
)


def examine(home: Path | None, moment: datetime) -> list[Result]:
    """Make every check of an installation; one that breaks is a finding of its own.

    Args:
        home: the home folder; `MONITOR_HOME` or `./var` when not given.
        moment: the time of day.
    """
    examined = _examined(home, moment)
    return [Result(name, title, _made(check, examined)) for name, title, check in CHECKS]


def _examined(home: Path | None, moment: datetime) -> Examined:
    try:
        return Examined(load_settings(home), moment)
    except UsageError as error:
        # the home alone; neither its settings file nor the environment, one of which is wrong
        return Examined(Settings.model_construct(home=home_of(home)), moment, error)


def home_of(home: Path | None) -> Path:
    """The home that is meant, whether or not its settings can be read."""
    return Path(home or os.environ.get("MONITOR_HOME") or "var").expanduser().absolute()


def _made(check: Check, examined: Examined) -> Finding:
    try:
        return check(examined)
    except MonitorError as error:
        return fail(str(error).replace("\n", " "), "按上面所说改正后再体检")
    except Exception as error:  # its words may quote what it read
        return fail(f"检查本身没有做成({type(error).__name__})", "把这一行告诉维护人员")
