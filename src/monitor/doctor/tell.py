"""What was found, for people (a table of 80 columns), for programs (JSON) and as the lines of a message."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from monitor.doctor.check import Level, Result
from monitor.terminal import Sentence, typed

_SIGN = {Level.OK: ("正常", "green"), Level.WARN: ("注意", "yellow"), Level.FAIL: ("不行", "bold red")}


def as_table(results: Sequence[Result]) -> Table:
    """One row per check; what to do stands below what was found."""
    table = Table(title="体检", title_justify="left", show_header=False, box=None, padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in results:
        sign, style = _SIGN[one.finding.level]
        remedy = f"\n→ {one.finding.remedy}" if one.finding.remedy else ""
        table.add_row(Text(sign, style=style), one.title, Sentence(typed(one.finding.found + remedy)))
    return table


def as_json(results: Sequence[Result]) -> str:
    """`{"ok": bool, "checks": [{"check", "level", "found", "remedy"}, ...]}`; ok unless something fails."""
    checks = [
        {"check": one.check, "level": one.finding.level.value, "found": one.finding.found, "remedy": one.finding.remedy}
        for one in results
    ]
    return json.dumps({"ok": not _bad(results), "checks": checks}, ensure_ascii=False, indent=2)


def bad_news(results: Sequence[Result]) -> list[str]:
    """A sentence for each check that failed; empty if none did."""
    return [f"{one.title}:{one.finding.found};请 {one.finding.remedy}" for one in _bad(results)]


def _bad(results: Sequence[Result]) -> list[Result]:
    return [one for one in results if one.finding.level is Level.FAIL]
