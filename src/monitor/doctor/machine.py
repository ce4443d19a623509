"""The machine: Python, packages, memory, disk, clock, what DuckDB must have built in."""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from importlib.util import find_spec
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from monitor import room
from monitor.clock import SHANGHAI, newest_due
from monitor.doctor.check import Examined, Finding, fail, listed, ok, warn
from monitor.publish import published_bytes
from monitor.run import Night
from monitor.sources import Arrivals, deliveries_in
from monitor.store import connect

EXTENSIONS = ("core_functions", "icu", "json", "parquet")
_CGROUP = Path("/sys/fs/cgroup/memory.max")
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
_MB = 2**20
_LAST_YEAR = 2099


def python(examined: Examined) -> Finding:
    """The Python that the project is tested with."""
    found, asked = platform.python_version(), SpecifierSet(metadata("monitor")["Requires-Python"])
    if found not in asked:
        return fail(f"Python {found}", f"改用 Python {asked},再运行 make setup")
    return ok(f"Python {found}")


def packages(examined: Examined) -> Finding:
    """Every package at a version that the project asks for; DuckDB at the very one, because the bytes of a run depend on it."""
    wrong = list(_wrong_packages())
    if wrong:
        return fail(f"版本不符:{listed(wrong)}", "运行 make setup 重新安装")
    return ok(f"duckdb {version('duckdb')},各依赖的版本符合要求")


def _wrong_packages() -> Iterator[str]:
    for text in requires("monitor") or ():
        asked = Requirement(text)
        if asked.marker and not asked.marker.evaluate({"extra": ""}):
            continue
        found = _installed(asked.name)
        if found is None or found not in asked.specifier:
            yield f"{asked.name} {found or '没有安装'}(要求 {asked.specifier or '任意版本'})"


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def lock(examined: Examined) -> Finding:
    """Installed as locked; an installation from a wheel has no lock beside it."""
    path = Path(__file__).parents[3] / "requirements.lock"
    if not path.is_file():
        return ok("不是从源码目录安装,没有锁定文件可比")
    pinned = {canonicalize_name(name): asked for name, asked in _PINNED.findall(path.read_text(encoding="utf-8"))}
    differing = [
        f"{name} {found}(锁定 {asked})" for name, asked in pinned.items() if (found := _installed(name)) not in (None, asked)
    ]
    if differing:
        return warn(f"与 requirements.lock 不同:{listed(differing)}", "运行 make clean setup,按锁定的版本安装")
    return ok(f"与 requirements.lock 一致({len(pinned)}个包)")


def memory(examined: Examined) -> Finding:
    """What the query engine may take fits into the machine, with room for the rest."""
    machine, wanted = _memory_mb(), examined.settings.memory_limit_mb
    said = f"机器 {machine:,} MB,查询引擎上限 {wanted:,} MB"
    if wanted > machine:
        return fail(said, f"把设置 memory_limit_mb 改到 {machine // 2:,} 以下")
    if wanted > machine * 3 // 4:
        return warn(said, f"把设置 memory_limit_mb 改到 {machine // 2:,} 左右,给操作系统留余地")
    return ok(said)


def _memory_mb() -> int:
    """Of the machine, or of the container if that has less."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _CGROUP.read_text(encoding="ascii").strip() if _CGROUP.is_file() else "max"
    return min(physical, int(limit) if limit.isdigit() else physical) // _MB


def disk(examined: Examined) -> Finding:
    """Room for the next night by what lies in the inbox, twice over."""
    settings = examined.settings
    free, needed = room.free_bytes(_existing(settings.home)), _needed_bytes(examined)
    said = f"可用 {free // _MB:,} MB,按现有数据估算一晚需要 {-(-needed // _MB):,} MB"
    remedy = "清理磁盘或换更大的盘,或调小设置 keep_nights、keep_months、analyst_nights"
    if free < needed:
        return fail(said, remedy)
    return ok(said) if free >= 2 * needed else warn(said, remedy)


def _needed_bytes(examined: Examined) -> int:
    inbox, night = examined.settings.inbox_folder, Night(examined.settings, newest_due(examined.moment) + timedelta(days=1))
    deliveries = deliveries_in(inbox, night.as_of) if inbox.is_dir() else ()
    return room.needed_bytes(night, Arrivals(deliveries, ()), published_bytes(examined.home))


def _existing(folder: Path) -> Path:
    return next(one for one in (folder, *folder.parents) if one.exists())


def clock(examined: Examined) -> Finding:
    """A clock that lies does not change a night, but starts it at the wrong time and for the wrong day."""
    runs = examined.home.run_folders()
    changed = max((run.stat().st_mtime for run in runs), default=0.0)
    if runs and examined.moment.timestamp() < changed - 60:
        return fail("时钟比最近一晚落盘的时间还早", "校准时钟(timedatectl set-ntp true)")
    if not 2026 <= examined.moment.year <= _LAST_YEAR:
        return fail(f"时钟是 {examined.moment.year} 年", "校准时钟(timedatectl set-ntp true)")
    if time.localtime(examined.moment.timestamp()).tm_gmtoff != _shanghai_seconds(examined.moment):
        zone = time.strftime("%z", time.localtime(examined.moment.timestamp()))
        return warn(
            f"机器时区是 {zone},不是上海时间", "结果不受影响;cron 按机器时区定时,请 timedatectl set-timezone Asia/Shanghai"
        )
    return ok(f"{examined.moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M},上海时间")


def _shanghai_seconds(moment: datetime) -> int:
    offset = moment.astimezone(SHANGHAI).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def extensions(examined: Examined) -> Finding:
    """What DuckDB must have at hand without downloading anything."""
    with connect(None, examined.settings) as connection:
        rows = connection.execute("select extension_name from duckdb_extensions() where loaded").fetchall()
    missing = [name for name in EXTENSIONS if name not in {row[0] for row in rows}]
    if missing:
        return fail(f"DuckDB 缺少 {listed(missing)}", "按 requirements.lock 重新安装 duckdb")
    return ok(f"DuckDB 自带 {'、'.join(EXTENSIONS)},运行时不下载任何东西")


def spark(examined: Examined) -> Finding:
    """Spark is installed if the nights run on it."""
    if examined.settings.engine == "spark" and (find_spec("pyspark") is None or find_spec("sqlglot") is None):
        return fail("设置 engine = spark,但没有安装 Spark", "运行 make setup-spark,并用 .venv-spark 里的 monitor")
    return ok("Spark 已安装" if examined.settings.engine == "spark" else "用 DuckDB 计算,不需要 Spark")
