"""Nights that are run again because something came late: which ones are due, and what became of their cases.

`rebuilding.json` in the home is the journal. It is written before the first night is run again and deleted when the report is
written, so that the next start can tell that a rebuilding was cut short, and go on with the nights that are left.

    rebuilt/<first night>.csv       restricted: one line per night and case that is new, gone, or of another colour or place
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from monitor.durable import remove, write_whole
from monitor.run import Home, read_manifest, run_id_of
from monitor.settings import Settings
from monitor.store import connect, stored
from monitor.vocabulary import COLOUR_ZH, Colour

JOURNAL, REPORTS = "rebuilding.json", "rebuilt"
# what became of a case between two versions of a night, in the order in which it is told
CHANGES_ZH = {"new": "新增", "gone": "不再有", "recoloured": "颜色改变", "listed": "列入名单", "unlisted": "移出名单"}
_HEADER = ("数据日期", "工单编号", "乡镇", "变化", "原颜色", "现颜色", "已有答复")
_CASES = """
    select case_no, township, colour, answer is not null as is_answered, first_listed is not null as is_listed
    from {rows} where state <> 'cleared'
"""
_COMPARED = """
with was as ({was}),
now as ({now})
select
    coalesce(now.case_no, was.case_no) as case_no,
    coalesce(now.township, was.township) as township,
    case
        when was.case_no is null then 'new'
        when now.case_no is null then 'gone'
        when now.colour is distinct from was.colour then 'recoloured'
        when now.is_listed then 'listed'
        else 'unlisted'
    end as change,
    was.colour as was_colour, now.colour as now_colour,
    coalesce(was.is_answered, false) or coalesce(now.is_answered, false) as is_answered
from was full join now on now.case_no = was.case_no
where was.case_no is null or now.case_no is null or now.colour is distinct from was.colour or now.is_listed <> was.is_listed
order by case_no
"""
_NONE = (
    "select null::varchar as case_no, null::varchar as township, null::varchar as colour, false as is_answered, "
    "false as is_listed limit 0"
)


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuilding changed.

    Attributes:
        nights: as-of date -> change -> cases; a night that is as it was has no changes.
        missing: as-of date -> deliveries that the night had read before and that lie in the inbox no more.
        report: the lines, one per case; None when nothing changed.
    """

    nights: dict[str, dict[str, int]]
    missing: dict[str, list[str]]
    report: Path | None


def plan(settings: Settings, first: date, *, again: bool = False) -> None:
    """Write down which nights are to be run again: the first, with `again` whatever it read, and every real one after it."""
    home = Home(settings.home)
    before = {run.name: run_id_of(run) for run in home.run_folders() if run.name >= first.isoformat()}
    before = {first.isoformat(): "", **before}
    _note(home, {"first": first.isoformat(), "again": again, "inbox": str(settings.inbox_folder), "before": before})


def planned(home: Home) -> dict[str, Any] | None:
    """The journal of a rebuilding that has begun and not ended.

    `first`; `again`, whether that night still is to be run whatever it read; `inbox`; `before` (as-of date -> run id).
    """
    path = home.root / JOURNAL
    if not path.is_file():
        return None
    journal: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return journal


def first_is_done(home: Home, journal: dict[str, Any]) -> None:
    """Note that the first night has been run again: who goes on with the rebuilding need not."""
    _note(home, journal | {"again": False})


def give_up(home: Home) -> None:
    """Forget a rebuilding that cannot be ended; nights that rest on an old state are told of every night."""
    remove(home.root / JOURNAL)


def conclude(settings: Settings, journal: dict[str, Any]) -> Rebuilt:
    """Compare every night with what it was, write the report, and close the journal."""
    home = Home(settings.home)
    lines = [line for day, run_id in sorted(journal["before"].items()) for line in _changes(settings, day, run_id)]
    counts = {day: dict(Counter(line[3] for line in lines if line[0] == day)) for day in journal["before"]}
    report = _write(home, journal["first"], lines) if lines else None
    rebuilt = Rebuilt(
        counts, {day: found for day, run_id in journal["before"].items() if (found := _missing(home, day, run_id))}, report
    )
    remove(home.root / JOURNAL)
    return rebuilt


def resting_on_old(home: Home) -> list[str]:
    """Nights whose run began from a version of the night before that is no more, and all that follow them."""
    runs = home.run_folders()
    for before, run in pairwise(runs):
        if read_manifest(run)["previous"] != run_id_of(before):
            return [later.name for later in runs if later.name >= run.name]
    return []


def _note(home: Home, journal: dict[str, Any]) -> None:
    write_whole(home.root / JOURNAL, json.dumps(journal, indent=1, sort_keys=True) + "\n")


def _was(home: Home, day: str, run_id: str) -> Path | None:
    """The version of a night before it was rebuilt; the run itself when it was not run again."""
    versions = [home.runs / day, *reversed(home.replaced_runs(day))]
    return next((run for run in versions if run_id and run.is_dir() and run_id_of(run) == run_id), None)


def _changes(settings: Settings, day: str, run_id: str) -> Iterator[tuple[str, ...]]:
    """Lines of the report; nothing in them tells of a person."""
    home = Home(settings.home)
    was, now = _was(home, day, run_id), home.runs / day
    selects = [_CASES.format(rows=stored(run / "cases.parquet")) if run and run.is_dir() else _NONE for run in (was, now)]
    with connect(None, settings) as connection:
        found = connection.execute(_COMPARED.format(was=selects[0], now=selects[1])).fetchall()
    for case_no, township, change, before, after, is_answered in found:
        colours = (COLOUR_ZH[Colour(one)] if one else "" for one in (before, after))
        yield day, case_no, township or "", CHANGES_ZH[change], *colours, "是" if is_answered else ""


def _missing(home: Home, day: str, run_id: str) -> list[str]:
    was, now = _was(home, day, run_id), home.runs / day
    if was is None or was == now:
        return []
    read = [{one["delivery"] for one in read_manifest(run)["inputs"]} for run in (was, now)]
    return sorted(read[0] - read[1])


def _write(home: Home, first: str, lines: list[tuple[str, ...]]) -> Path:
    folder = home.root / REPORTS
    folder.mkdir(mode=0o700, exist_ok=True)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_HEADER, *lines])
    path = folder / f"{first}.csv"
    write_whole(path, text.getvalue().encode("utf-8-sig"))
    path.chmod(0o600)
    return path
