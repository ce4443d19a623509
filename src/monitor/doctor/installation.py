"""The home: settings, folders, keys, where deliveries come from, who is told, holidays, Prefect."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from monitor import notify
from monitor.cases.working_days import overrides, working_days
from monitor.clock import newest_due
from monitor.doctor.check import Examined, Finding, fail, listed, ok, warn
from monitor.encryption import key_of, must_fit
from monitor.encryption.check import encryption_of
from monitor.errors import UsageError
from monitor.privacy import TOKEN_KEY, token_key
from monitor.pulling import Failure, check_sources, load_sources
from monitor.pulling.sources_file import sources_path
from monitor.rekey import count_stored
from monitor.sources import deliveries_in

_ANNOUNCED_BY = (12, 1)  # the State Council announces the holidays of the next year in November
_UNREADABLE = {errno.ENOENT: "没有这个目录", errno.EACCES: "没有权限读", errno.ESTALE: "共享目录断了"}
_GB = 2**30
_PREFECT_GB = 2


def settings(examined: Examined) -> Finding:
    """`monitor.toml` and the environment can be read."""
    if examined.wrong_settings:
        return fail(
            str(examined.wrong_settings).replace("\n", " "), "改正 monitor.toml 或环境变量 MONITOR_*;其余各项按默认设置检查"
        )
    return ok("能读,没有不认识的项")


def folders(examined: Examined) -> Finding:
    """Folders with people in them are ours, writable, and closed to other users."""
    home = examined.home
    if not home.root.is_dir():
        return fail(f"没有工作目录 {home.root}", "用 --home 或 MONITOR_HOME 指明,或先运行一晚")
    if os.statvfs(home.root).f_flag & os.ST_RDONLY or not os.access(home.root, os.W_OK):
        return fail("工作目录不可写", "检查磁盘是否只读(mount)、目录属主是否为运行监测的用户")
    closed = (
        home.landing,
        home.runs,
        home.outbox,
        home.reports,
        home.answers,
        home.keys,
        home.root / "audit",
        home.root / "releases",
        examined.settings.inbox_folder,
        home.root / "prefect",
    )
    there = [folder for folder in closed if folder.is_dir()]
    foreign = [folder.name for folder in there if folder.stat().st_uid != os.getuid()]
    if foreign:
        return fail(f"属主不是当前用户:{listed(foreign)}", "用运行监测的那个用户体检,或 chown -R 改回来")
    open_ = [folder for folder in there if stat.S_IMODE(folder.stat().st_mode) & 0o077]
    if open_:
        return fail(f"别的用户也能进:{listed(f.name for f in open_)}", "chmod 700 " + " ".join(map(str, open_)))
    return ok("限制区各目录只有本用户能进")


def keys(examined: Examined) -> Finding:
    """The key of tokens and row codes is there, whole, and nobody else's to read."""
    folder = examined.home.keys
    path = folder / TOKEN_KEY
    if not path.is_file():
        if examined.home.run_folders():
            return fail(f"{TOKEN_KEY} 不见了", "从备份恢复;换了密钥,分析代码全变,已发名单的核验码也对不上")
        return ok("第一晚运行时生成")
    others = [one.name for one in sorted(folder.iterdir()) if one.is_file() and stat.S_IMODE(one.stat().st_mode) & 0o077]
    if others:
        return fail(f"别的用户也能读:{listed(others)}", f"chmod 600 {folder}/*")
    try:
        token_key(folder, key_of(examined.settings))
    except UsageError as error:
        return fail(str(error).replace("\n", " "), "放回原来的密钥,或设置正确的 MONITOR_ENCRYPTION_KEY_FILE")
    except ValueError:
        return fail(f"{TOKEN_KEY} 不是 64 位十六进制数", "从备份恢复")
    return ok("在,只有本用户能读")


def encryption(examined: Examined) -> Finding:
    """The key that was given opens the home, and nothing in an encrypted home lies in clear."""
    try:
        must_fit(examined.settings)
        now = encryption_of(examined.home.root)
    except UsageError as error:
        return fail(str(error).replace("\n", " "), "monitor keys status 看用的是哪把密钥")
    if now.key is None:
        return ok("没有加密;要加密先用 monitor keys new 生成密钥")
    clear = count_stored(examined.home).clear
    if clear:
        return warn(f"{clear:,} 个受限文件还是明文", "运行 monitor keys rotate,或从备份恢复")
    return ok(f"用密钥 {now.key.mark} 加密")


def sources(examined: Examined) -> Finding:
    """Every source of `sources.toml` answers."""
    if not sources_path(examined.settings).is_file():
        return ok("没有 sources.toml,数据由各部门放进收件目录")
    try:
        checked = check_sources(examined.settings, newest_due(examined.moment), load_sources(examined.settings))
    except UsageError as error:
        return fail(str(error).replace("\n", " "), "照 docs/sources.md 改正 sources.toml")
    failed = [(name, one) for name, one in checked if isinstance(one, Failure)]
    if failed:
        said = listed(f"{name}({one.found})" for name, one in failed)
        return fail(f"{len(checked)}处来源中{len(failed)}处不通:{said}", failed[0][1].remedy or "运行 monitor pull --check")
    return ok(f"{len(checked)}处来源都通")


def inbox(examined: Examined) -> Finding:
    """The folder of deliveries can be read and holds some for the next night."""
    folder = examined.settings.inbox_folder
    try:
        found = deliveries_in(folder, newest_due(examined.moment))
    except OSError as error:
        why = _UNREADABLE.get(error.errno or 0, error.strerror)
        return fail(f"{folder}:{why}", "挂载共享目录或改正权限,或在设置 inbox 里改正路径")
    if not found:
        return fail(f"{folder} 里没有可用的数据文件", "请各部门报送,或在设置 inbox 里改正路径")
    return ok(f"{len(found)}份数据,最近一份日期 {max(one.date for one in found)}")


def told(examined: Examined) -> Finding:
    """Somebody is told how nights go, and the last message reached everybody."""
    try:
        channels = notify.read_channels(examined.home.root).all
        for channel in channels:
            _read_secret(channel, examined.home.root)
    except UsageError as error:
        return fail(str(error).replace("\n", " "), "改正 notify.toml,见 docs/operator-guide.zh-CN.md")
    if not channels:
        return warn("没有设通知:夜里失败了没有人知道", "在工作目录写 notify.toml,见 docs/operator-guide.zh-CN.md")
    names = {channel.name for channel in channels}
    lost = {name: line for name, line in notify.last_told(examined.home.root).items() if name in names and not line["ok"]}
    if lost:
        said = listed(f"{name}({line['at'][:10]},{line['why']})" for name, line in lost.items())
        return warn(f"最近一次没有送达:{said}", "检查网络、口令和对方设置,再用 monitor doctor --notify-test 试发")
    return ok(f"{len(channels)}处:{listed(sorted(names))}")


def _read_secret(channel: notify.Mail | notify.Webhook, home: Path) -> None:
    if isinstance(channel, notify.Webhook):
        channel.url(home)
    elif channel.user:
        channel.password(home)


def holidays(examined: Examined) -> Finding:
    """Due dates count working days, so the holidays of this year, and from December on of the next, must be known."""
    day = examined.moment.date()
    try:
        entered = overrides(examined.home.working_days)
    except UsageError as error:
        return fail(str(error).replace("\n", " "), "改正 working_days.csv")
    guessed = set(working_days(day, date(day.year + 1, 12, 31), entered).guessed_years)
    remedy = f"按国务院办公厅通知填写 {examined.home.working_days}(首行 day,is_working,source)"
    if day.year in guessed:
        return fail(f"{day.year}年的放假安排没有,办理期限按周一至周五推算", remedy)
    if day.year + 1 in guessed and (day.month, day.day) >= _ANNOUNCED_BY:
        return warn(f"{day.year + 1}年的放假安排还没有", remedy)
    return ok(f"{day.year}年已有" + ("" if day.year + 1 in guessed else f",{day.year + 1}年也有"))


def prefect(examined: Examined) -> Finding:
    """A Prefect server, where one is used, answers; without one its own folder does not grow without bound."""
    address = os.environ.get("PREFECT_API_URL")
    if address:
        return _prefect_server(address)
    folder = Path(os.environ.get("PREFECT_HOME") or examined.home.root / "prefect")
    taken = sum(_sizes(folder))
    if taken > _PREFECT_GB * _GB:
        return warn(f"Prefect 目录已有 {taken / _GB:,.1f} GB", f"没有夜间任务时删除 {folder},下次运行会重建")
    return ok("不经 Prefect 服务" if not folder.is_dir() else f"不经 Prefect 服务,记录 {taken / 2**20:,.0f} MB")


def _prefect_server(address: str) -> Finding:
    import httpx

    try:
        answered = httpx.get(f"{address.rstrip('/')}/health", timeout=5).is_success
    except (httpx.HTTPError, httpx.InvalidURL):
        answered = False
    if not answered:
        return fail(
            "PREFECT_API_URL 所指的服务没有应答", "systemctl status monitor-prefect-server;名单可先用 monitor run 照常生成"
        )
    return ok("Prefect 服务有应答")


def _sizes(folder: Path) -> Iterator[int]:
    return (path.stat().st_size for path in folder.rglob("*") if path.is_file())
