"""Which files a role may have. What is not named here is handed to nobody, so a new kind of file leaks to no role."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path

import duckdb

from monitor.errors import Fault, UsageError
from monitor.publish.warehouse import WAREHOUSE
from monitor.run import Home
from monitor.settings import Settings
from monitor.store import connect


class Role(StrEnum):
    """Who works with what: townships visit, the county office reviews and refers, analysts see tokens, anybody aggregates."""

    FIELD = "field"
    REVIEW = "review"
    ANALYST = "analyst"
    PUBLIC = "public"


_REBUILD = "运行 monitor warehouse rebuild 后再导出"
# says of a release of which night it is
_RELEASE = "release.json"
_OF_LISTS = {
    Role.FIELD: re.compile(r"\d{6}/(\d{9}(\.csv|\.xlsx|_入户单\.html)|forms/(visit\.xlsx|cases\.csv))"),
    Role.REVIEW: re.compile(r"\d{6}/(reviews/\d{9}\.(csv|xlsx)|supervision\.(csv|xlsx))|referrals/[a-z_]+\.csv"),
}


def files_for(role: Role, home: Home, as_of: date, county: str | None) -> dict[str, Path]:
    """Name in the export -> file of the home, in order of the names.

    Args:
        role: who gets them.
        home: where they lie.
        as_of: the night; of the public's files its month.
        county: only this county's lists; referrals, which are not told apart by county, are left out then.

    Raises:
        UsageError: there is nothing for this role, night and county, or the role's files cannot be told apart by county.
    """
    if county and role not in _OF_LISTS:
        fault = Fault("--county", county, "不写", "分析库和公开数据是一个整体,不分区县")
        raise UsageError(f"{role} 不能按区县导出。", [fault])
    if role is Role.ANALYST:
        return _whole_folder(home.published, home, (WAREHOUSE,), "先运行 monitor run")
    if role is Role.PUBLIC:
        folder = home.published / "public" / f"{as_of:%Y-%m}"
        return _whole_folder(folder, home, tuple(path.name for path in _plain_files(folder)), "先运行 monitor public")
    lists = home.outbox / as_of.isoformat()
    named = ((path.relative_to(lists).as_posix(), path) for path in _plain_files(lists))
    chosen = {name: path for name, path in named if _OF_LISTS[role].fullmatch(name)}
    if county:
        chosen = {name: path for name, path in chosen.items() if name.startswith(f"{county}/")}
    if not chosen:
        remedy = "换一个日期或区县;早于保存期的名单已经清理"
        raise UsageError("没有可以导出的名单。", [Fault(f"outbox/{as_of}/{county or ''}", "没有这个角色的文件", remedy=remedy)])
    return dict(sorted(chosen.items()))


def night_of(role: Role, settings: Settings, as_of: date) -> date:
    """The night that a role's files are of: there is one analyst file, and one release a month, whatever night is asked for.

    Raises:
        UsageError: another night of the analyst file than the newest that it holds is asked for, it cannot be read, or the
            release does not say its night.
    """
    home = Home(settings.home)
    if role is Role.ANALYST and as_of != (newest := _newest_held(settings)):
        why = "分析库只有一份,写到它所含的最近一晚;文件名和审计记录要与内容一致"
        remedy = "换成这一晚" if newest and as_of < newest else _REBUILD
        raise UsageError("分析库不是写到这一晚的。", [Fault("--as-of", as_of.isoformat(), str(newest or ""), why, remedy)])
    if role is Role.PUBLIC:
        path = home.published / "public" / f"{as_of:%Y-%m}" / _RELEASE
        if not path.is_file():
            name = path.relative_to(home.root).as_posix()
            raise UsageError("公开数据不全,没有导出。", [Fault(name, "不见了", remedy="先运行 monitor public,它会照样重写")])
        return date.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["as_of"])
    return as_of


def _newest_held(settings: Settings) -> date | None:
    """The newest night in the analyst file: after a crash it may lag behind the runs."""
    path = Home(settings.home).published / WAREHOUSE
    try:
        with connect(path, settings, read_only=True, public=True) as connection:
            found: date | None = connection.execute("select max(as_of) from run").fetchall()[0][0]
    except duckdb.Error:
        raise UsageError("分析库读不了。", [Fault(f"published/{WAREHOUSE}", "文件损坏", remedy=_REBUILD)]) from None
    return found


def _whole_folder(folder: Path, home: Home, names: tuple[str, ...], remedy: str) -> dict[str, Path]:
    found = {name: folder / name for name in sorted(names) if (folder / name).is_file()}
    if not found:
        raise UsageError("没有可以导出的数据。", [Fault(folder.relative_to(home.root).as_posix(), "空", remedy=remedy)])
    return found


def _plain_files(folder: Path) -> Iterator[Path]:
    """Links are not followed: they may point anywhere."""
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
