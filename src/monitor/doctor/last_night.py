"""The last night: did it run, is something stuck, is what it left still whole, what was it short of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from monitor import publish
from monitor.clock import SHANGHAI, newest_due
from monitor.contracts import extracts
from monitor.doctor.check import Examined, Finding, fail, listed, ok, warn
from monitor.integrity import compare_run
from monitor.manifest import lost_manifest, read_manifest
from monitor.privacy import TOKEN_KEY
from monitor.run import Home

_LOCKS = Path("/proc/locks")
_LONG_HOURS = 6
NONE_YET = "还没有任何一晚"


@dataclass(frozen=True)
class Holder:
    """The process that holds a home."""

    pid: int
    since: datetime


def ran(examined: Examined) -> Finding:
    """The night that was due has been run."""
    runs, due = examined.home.run_folders(), newest_due(examined.moment)
    if not examined.home.root.is_dir():
        return warn(
            f"工作目录 {examined.home.root} 不存在", "核对 --home 或 MONITOR_HOME；新装的先运行 monitor run --as-of 日期"
        )
    if not runs:
        return warn(NONE_YET, "先运行 monitor run --as-of 日期")
    newest = date.fromisoformat(runs[-1].name)
    behind = (due - newest).days
    if behind > 0 and examined.home.is_demo:
        return ok(f"演示目录：虚构的人，日期固定，最近一晚 {newest}；不要求每晚运行")
    if behind > 0:
        return fail(
            f"最近一晚是 {newest},缺 {behind} 晚",
            f"看定时任务的记录(journalctl -u monitor-night),再运行 monitor run --as-of {due}",
        )
    if newest > examined.moment.astimezone(SHANGHAI).date():
        return fail(f"最近一晚的日期 {newest} 在今天之后", "核对时钟和上次运行的 --as-of;日期在后的一晚会使以后各晚接不上")
    return ok(f"最近一晚 {newest}")


def held(examined: Examined) -> Finding:
    """Nobody holds the home for longer than a night takes."""
    holder = holder_of(examined.home)
    if holder is None:
        return ok("没有任务在运行")
    hours = (examined.moment - holder.since).total_seconds() / 3600
    said = f"进程 {holder.pid} 正在使用,已 {hours:.1f} 小时"
    if hours > _LONG_HOURS:
        return fail(said, f"看它在做什么(ps -p {holder.pid}),确认卡住后结束它再重跑;名单仍是上一晚的")
    return ok(said)


def holder_of(home: Home) -> Holder | None:
    """Who holds the lock of a home, as the kernel tells it; asking by locking could stop a night that starts just now."""
    path = home.root / ".lock"
    if not path.is_file() or not _LOCKS.is_file():
        return None
    for line in _LOCKS.read_text(encoding="ascii").splitlines():
        fields = line.split()
        if fields[1] == "FLOCK" and fields[5].rpartition(":")[2] == str(path.stat().st_ino):
            started = Path("/proc", fields[4])
            since = started.stat().st_mtime if started.is_dir() else path.stat().st_mtime
            return Holder(int(fields[4]), datetime.fromtimestamp(since, SHANGHAI))
    return None


def unfinished(examined: Examined) -> Finding:
    """No night was broken off and left for the next start to clear."""
    left = sorted(one.name.removeprefix(".building-") for one in examined.home.runs.glob(".building-*"))
    if left and holder_of(examined.home) is None:
        said = f"{listed(left)} 一晚中途断了"
        return warn(said, f"重跑:monitor run --as-of {left[-1]};名单仍是上一晚的,断掉的部分会自动清掉")
    return ok("没有中断的")


def files(examined: Examined) -> Finding:
    """Every run has its manifest, and every file of the newest run and its lists are what it names."""
    if lost := examined.home.runs_without_manifest():
        fault = lost_manifest(lost[0])
        return fail(f"清单不见了:{listed(one.name for one in lost)}", fault.remedy)
    runs = examined.home.run_folders()
    if not runs:
        return ok(NONE_YET)
    compared = compare_run(examined.home, runs[-1], may_be_thinned=False)
    if compared.faults:
        names = listed(fault.where for fault in compared.faults)
        return fail(f"与清单不符:{names}", "名单请勿在 outbox 里直接改;从备份恢复,或 monitor run --again 重跑这一晚")
    return ok(f"{compared.files:,}个文件与清单一致")


def warehouse(examined: Examined) -> Finding:
    """The analyst file opens and holds every run."""
    home = examined.home
    if not home.run_folders():
        return ok(NONE_YET)
    if not (home.keys / TOKEN_KEY).is_file():  # asking would make a new key
        return fail("没有密钥,无法核对", f"先恢复 {TOKEN_KEY}")
    if not publish.is_current(home, examined.settings):
        return fail("分析库打不开,或不含最新一晚", "下一次运行会自动重建;急用时重跑最近一晚")
    return ok("能打开,含全部各晚")


def departments(examined: Examined) -> Finding:
    """No department was late or refused in the newest run, and no later attempt at a night had to be given up."""
    runs = examined.home.run_folders()
    if not runs:
        return ok(NONE_YET)
    summary = read_manifest(runs[-1])["summary"]
    late = [f"{row['department']} {extracts()[row['extract']].title}" for row in summary["late"]]
    refused = [row["delivery"] for row in summary["refused"]]
    given_up = [path.relative_to(examined.home.root).as_posix() for path in examined.home.all_refused_reports()]
    told = (("迟到", late), ("退回", refused), ("重跑没有成立,报告在", given_up))
    said = ";".join(f"{topic}:{listed(found)}" for topic, found in told if found)
    return warn(said, "请部门报送或按退回原因改正;相关指标暂记为「无法判断」") if said else ok("没有迟到或退回的")


def catalogue(examined: Examined) -> Finding:
    """The newest run asked the catalogue as it stands, not the last good one in its place."""
    runs = examined.home.run_folders()
    faults = read_manifest(runs[-1])["catalogue"]["faults"] if runs else []
    if faults:
        return fail(f"指标文件有{len(faults)}处错误,当晚沿用旧的指标目录", "运行 monitor indicators check 逐条改正")
    return ok("当晚用的是现行指标目录" if runs else NONE_YET)
