"""The reports of a night: a page and a CSV per file, an index per department, one of all.

    reports/index.html
            <department>/index.html
                         <extract>_<YYYYMMDD>[_<part>].html, .csv

Told are the files that were not part of the night before, and the newest of every extract. The folder is made beside the run
and handed out like the lists: whole, by rename.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Final

import duckdb

from monitor.contracts import Extract, extracts
from monitor.delivery_reports.fitness import doubted_day
from monitor.delivery_reports.render import page, render, table
from monitor.delivery_reports.reported import Reported, reported
from monitor.delivery_reports.trend import trend
from monitor.gate import Doubt
from monitor.run import Night, read_manifest
from monitor.sources import Arrivals, Ignored, Judgement, Landed, Line

# a broken drop folder may hold anything
_MOST_IGNORED: Final = 200


@dataclass(frozen=True)
class Entry:
    """A line of an index: an extract, a report of one of its files (None: never arrived), what is said of its lateness."""

    contract: Extract
    report: Reported | None
    late: str


@dataclass(frozen=True)
class Department:
    """A department's part of an index; `path` leads from the index to its pages."""

    name: str
    path: str
    entries: tuple[Entry, ...]


def write_reports(
    connection: duckdb.DuckDBPyConnection,
    night: Night,
    arrivals: Arrivals,
    landed: Sequence[Landed],
    judged: Judgement,
    doubts: Sequence[Doubt],
) -> int:
    """Write the reports into the night's folder; return how many files are told of."""
    known = _known_before(night)
    newest = {d.extract: d.date for d in arrivals.deliveries}  # they come in order of date
    files = list(zip(arrivals.deliveries, landed, _in_order(arrivals, judged), strict=True))
    entries: dict[str, list[Entry]] = {}
    for name, own in groupby(files, key=lambda file: file[0].extract):
        of_extract = list(own)
        past = trend(line for _, _, line in of_extract)
        doubted = doubted_day(of_extract)
        for delivery, one, line in of_extract:
            if (delivery.name, delivery.sha256) in known and delivery.date != newest[name]:
                continue
            about = [doubt for doubt in doubts if doubt.extract == name and delivery.date == doubted]
            report = reported(connection, night, (delivery, one, line), doubts=about, trend=past)
            _write_report(night, delivery.name, report)
            entries.setdefault(name, []).append(_entry(report, judged))
    _write_indexes(night, night.reports, entries, judged, arrivals.ignored)
    return sum(map(len, entries.values()))


def _in_order(arrivals: Arrivals, judged: Judgement) -> list[Line]:
    """The ledger in the order of the arrivals."""
    lines = {line.delivery: line for line in judged.ledger}
    return [lines[delivery.name] for delivery in arrivals.deliveries]


def _write_report(night: Night, name: str, report: Reported) -> None:
    department = night.reports / report.contract.department
    department.mkdir(parents=True, exist_ok=True)
    _write(department / f"{name}.html", page(report, f"数据日期 {night.as_of.isoformat()}"))
    _write(department / f"{name}.csv", table(report))


def _known_before(night: Night) -> set[tuple[str, str]]:
    """Names and hashes of the files that the night before had read."""
    inputs = read_manifest(night.previous).get("inputs", []) if night.previous else []
    return {(one["delivery"], one["sha256"]) for one in inputs}


def _entry(report: Reported, judged: Judgement) -> Entry:
    # row numbers may be many, and an index tells none
    return Entry(report.contract, replace(report, rows=()), "已迟到" if report.contract.name in judged.stale else "")


def _write_indexes(
    night: Night, folder: Path, entries: Mapping[str, list[Entry]], judged: Judgement, ignored: Sequence[Ignored]
) -> None:
    of: dict[str, list[Entry]] = {}
    for name, contract in extracts().items():
        none = [Entry(contract, None, "已迟到" if name in judged.stale else "")]
        of.setdefault(contract.department, []).extend(entries.get(name, none))
    as_of = night.as_of.isoformat()
    for department, own in of.items():
        (folder / department).mkdir(parents=True, exist_ok=True)
        page_of = render(
            "index.html",
            title=f"{department} 报送情况",
            as_of=as_of,
            departments=[Department("本部门的数据", "", tuple(own))],
            ignored=[],
        )
        _write(folder / department / "index.html", page_of)
    everything = [Department(name, f"{name}/", tuple(own)) for name, own in of.items()]
    shown = list(ignored[:_MOST_IGNORED])
    if len(ignored) > _MOST_IGNORED:
        shown.append(Ignored("……", f"另有 {len(ignored) - _MOST_IGNORED} 个文件没有列出"))
    _write(
        folder / "index.html", render("index.html", title="各部门报送情况", as_of=as_of, departments=everything, ignored=shown)
    )


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")
