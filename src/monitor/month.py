"""The verbs of a month, in order: release, month_figures, month_bulletin, check_runs.

Each takes the settings and the first day of the month.

What a verb returns is counts and names, never rows of people. Whoever calls them holds the home (`steps.home_held`).
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from monitor import bulletin, retention
from monitor.contracts import extracts
from monitor.errors import Damaged, Fault, UsageError
from monitor.fieldwork import progress_rows
from monitor.integrity import compare_run
from monitor.manifest import lost_manifest, read_manifest
from monitor.run import Home
from monitor.settings import Settings
from monitor.steps import home_held
from monitor.store import connect

Figures = dict[str, Any]
JOB_ZH = "月度维护"
_DAYS_SHOWN = 10


def month_before(day: date) -> date:
    """The first day of the month that ended last before a day."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def release(settings: Settings, month: date) -> Figures:
    """Let go of what is kept no longer."""
    released = retention.release(Home(settings.home), settings)
    return {"paths": released.paths, "bytes": released.bytes}


def month_figures(settings: Settings, month: date) -> Figures:
    """Nights run and missed, extracts that were late and on how many nights, and how far the field had come at the end.

    Raises:
        UsageError: no night of the month was run.
    """
    runs = _runs_of(Home(settings.home), month)
    if not runs:
        fault = Fault(f"{month:%Y-%m}", "没有任何一晚的结果", remedy="换一个月份,或先运行 monitor run")
        raise UsageError("这个月没有可以小结的。", [fault])
    last = calendar.monthrange(month.year, month.month)[1]
    days = {month.replace(day=number).isoformat() for number in range(1, last + 1)}
    late = Counter(row["extract"] for run in runs for row in read_manifest(run)["summary"]["late"])
    return {
        "nights": len(runs),
        "missed": sorted(days - {run.name for run in runs}),
        "late": [{"department": extracts()[name].department, "extract": name, "nights": n} for name, n in sorted(late.items())],
        "last": runs[-1].name,
        "field": _field(settings, runs[-1]),
    }


def month_bulletin(settings: Settings, month: date) -> Figures:
    """Write the pages of the month for those who answer for the programme. What the public may know is released by hand.

    Raises:
        UsageError: no night of the month was run.
    """
    home = Home(settings.home)
    folder = bulletin.write_edition(home, settings, bulletin.month_edition(home, f"{month:%Y-%m}"))
    return {"pages": len(list(folder.glob("[0-9]*.html"))), "folder": folder.relative_to(home.root).as_posix()}


def check_runs(settings: Settings, month: date) -> Figures:
    """Compare every file of every run with its manifest, which must be there itself.

    `damaged` tells of each that is gone or not what it was.
    """
    home = Home(settings.home)
    runs = home.run_folders()
    thinned = retention.thinned_nights(home)
    compared = [compare_run(home, run, may_be_thinned=run.name in thinned) for run in runs]
    faults = [lost_manifest(folder) for folder in home.runs_without_manifest()]
    faults += [fault for one in compared for fault in one.faults]
    damaged = [asdict(fault) for fault in faults]
    return {"runs": len(runs), "files": sum(one.files for one in compared), "damaged": damaged}


MONTH: tuple[tuple[str, Callable[[Settings, date], Figures]], ...] = (
    ("release", release),
    ("month_figures", month_figures),
    ("month_bulletin", month_bulletin),
    ("check_runs", check_runs),
)


def run_month(settings: Settings, month: date) -> Figures:
    """Do what a month needs; return what each verb found."""
    with home_held(settings):
        return {name: verb(settings, month) for name, verb in MONTH}


def must_be_undamaged(figures: Figures) -> None:
    """Refuse a month in which files were found damaged, once its summary has been shown: the rest of it stands.

    Raises:
        Damaged: names every file.
    """
    faults = [Fault(**one) for one in figures["check_runs"]["damaged"]]
    if faults:
        raise Damaged(f"{len(faults)}个文件与当晚的清单不符。", faults)


def month_lines(month: date, figures: Figures) -> list[tuple[str, str]]:
    """What a month was, in Chinese: (topic, sentence)."""
    found = figures["month_figures"]
    lines = [
        ("运行", f"{month.year}年{month.month}月运行{found['nights']}晚{_missed(found['missed'])};核对以{found['last']}为准")
    ]
    lines += [
        ("数据迟到", f"{one['department']} {extracts()[one['extract']].title}({one['extract']}):{one['nights']}晚")
        for one in found["late"]
    ]
    lines += [
        (
            one["kind"],
            f"名单{one['listed']:,}户,已答复{one['answered']:,},超期{one['overdue']:,},判明{one['judged']:,}中属实{one['fact']:,}",
        )
        for one in found["field"]
    ]
    written = figures["month_bulletin"]
    lines.append(("简报", f"{written['pages']}页,目录 {written['folder']}/index.html"))
    lines.append(("清理", f"{figures['release']['paths']}项,{figures['release']['bytes'] / 1e6:,.1f} MB"))
    lines.append(("校验", _compared(figures["check_runs"])))
    return lines


def _compared(found: Figures) -> str:
    agree = f"{found['files'] - len(found['damaged']):,}个文件与清单一致"
    return f"{found['runs']}晚{agree}" + (f",{len(found['damaged'])}个不符" if found["damaged"] else "")


def _missed(days: list[str]) -> str:
    if not days:
        return ",没有缺"
    more = f"等{len(days)}天" if len(days) > _DAYS_SHOWN else ""
    return f",缺{'、'.join(days[:_DAYS_SHOWN])}{more}"


def _runs_of(home: Home, month: date) -> list[Path]:
    return [run for run in home.run_folders() if run.name.startswith(f"{month:%Y-%m}")]


def _field(settings: Settings, run: Path) -> list[Figures]:
    """The totals of every kind of list; an older night may have kept no progress."""
    if not (run / "progress.parquet").is_file():
        return []
    with connect(None, settings) as connection:
        totals = [row for row in progress_rows(connection, run) if row["区县"] == "合计"]
    names = {"类别": "kind", "名单": "listed", "已答复": "answered", "超期": "overdue", "已判明": "judged", "属实": "fact"}
    return [{name: row[column] for column, name in names.items()} for row in totals]
