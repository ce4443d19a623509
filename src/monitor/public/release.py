"""Tell the public once a month: decide, pass the gate, remember, write."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from monitor import audit
from monitor.durable import make_durable
from monitor.errors import Fault, PromiseBroken, UsageError
from monitor.public.counts import count_night, place_names
from monitor.public.ledger import Release, months_released, read_release, write_release
from monitor.public.render import files_of
from monitor.public.sheet import Cell, Sheet
from monitor.public.suppress import Remembered, broken_promises, decide
from monitor.public.telling import SMALL
from monitor.run import Home, run_id_of
from monitor.settings import Settings

_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class Released:
    """What the public has of a month.

    Attributes:
        folder: `published/public/<month>`.
        month, as_of: the month and the night that was counted for it.
        is_new: it was decided now; otherwise the folder was written again from what had been decided.
        shown, held, hidden: numbers that are told, those of them that stand from an earlier month, and those not told.
    """

    folder: Path
    month: str
    as_of: date
    is_new: bool
    shown: int
    held: int
    hidden: int


def release_month(settings: Settings, as_of: date | None = None) -> Released:
    """Release the month of a night, or write again what was released of it. The caller holds the home.

    Args:
        settings: of the installation.
        as_of: the night that is counted; the newest when not given.

    Raises:
        UsageError: the month was released of another night, a later one was released before, or the memory of earlier
            releases is gone.
        PromiseBroken: the gate found a count that could be worked out; nothing was released.
    """
    home = Home(settings.home)
    run = next((run for run in home.run_folders() if as_of and run.name == as_of.isoformat()), None) or home.run_of(as_of)
    month = run.name[:7]
    _must_remember(home)
    release, is_new = read_release(home.root, month), False
    if release is None:
        release, is_new = _decided(settings, month, run), True
        audit.record(home.root, audit.Action.PUBLIC_RELEASED, month=month, as_of=release.as_of, run_id=release.run_id)
        write_release(home.root, release)
    elif as_of and release.as_of != as_of:
        why = "一个月公布两次,两次相减会露出小数"
        raise UsageError(f"{month} 已经公布过。", [Fault("--as-of", as_of.isoformat(), release.as_of.isoformat(), why)])
    folder = _write(home.published / "public" / month, files_of(release))
    told = [one.told for cells in release.tables.values() for one in cells.values()]
    tally = Counter("hidden" if one.value is None else "fresh" if one.is_fresh else "held" for one in told)
    return Released(folder, month, release.as_of, is_new, tally["fresh"] + tally["held"], tally["held"], tally["hidden"])


def _decided(settings: Settings, month: str, run: Path) -> Release:
    home = Home(settings.home)
    months = months_released(home.root)
    if months and months[-1] > month:
        why = "公布值依次承接,不能补发更早的月份"
        raise UsageError("更晚的月份已经公布。", [Fault("--as-of", run.name, f"{months[-1]} 以后", why)])
    before = read_release(home.root, months[-1]) if months else None
    sheets, freshness = count_night(settings, run)
    tables = {}
    for sheet in sheets:
        earlier = before.tables.get(sheet.outline.name, {}) if before else {}
        tables[sheet.outline.name] = decide(sheet, earlier)
        _must_hold(sheet, tables[sheet.outline.name], earlier)
    places = {place for cells in tables.values() for place, _ in cells}
    names = {code: name for code, name in place_names(settings).items() if code in places}
    return Release(month, date.fromisoformat(run.name), run_id_of(run), tables, freshness, names)


def _must_hold(sheet: Sheet, decided: Mapping[Cell, Remembered], before: Mapping[Cell, Remembered]) -> None:
    """The gate: what is about to be told is attacked anew. A fault names places and items, never a count."""
    broken = broken_promises(sheet, {cell: one.told for cell, one in decided.items()}, before)
    if broken:
        faults = [
            Fault(f"{sheet.outline.name} {place} {item}", "能被推算出来", why=f"小于{SMALL}的数不得公开")
            for place, item in broken
        ]
        raise PromiseBroken("公开数据没有通过检查,什么也没有公布。", faults)


def _must_remember(home: Home) -> None:
    """Without what was told before, a change could not be held back."""
    public = home.published / "public"
    told = sorted(path.name for path in public.iterdir() if _MONTH.fullmatch(path.name)) if public.is_dir() else []
    lost = sorted(set(told) - set(months_released(home.root)))
    if lost:
        faults = [Fault(f"releases/{month}.json", "不见了", remedy="从备份恢复") for month in lost]
        raise UsageError("以前公布时的底数不见了,不能接着公布。", faults)


def _write(target: Path, files: Mapping[str, bytes]) -> Path:
    """Put the folder in place whole; one that holds the same is left alone."""
    if target.is_dir() and {path.name: path.read_bytes() for path in target.iterdir()} == dict(files):
        return target
    beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    beside.mkdir(parents=True)
    try:
        for name, content in files.items():
            (beside / name).write_bytes(content)
            make_durable(beside / name)
        make_durable(beside)
        if target.exists():  # somebody changed it: what was decided takes its place
            os.rename(target, beside.with_name(f"{beside.name}.old"))
        beside.rename(target)
        make_durable(target.parent)
    finally:
        for left in (beside, beside.with_name(f"{beside.name}.old")):
            shutil.rmtree(left, ignore_errors=True)
    return target
