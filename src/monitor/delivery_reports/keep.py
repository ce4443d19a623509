"""Keep what a trial told: as a page, as a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from monitor.delivery_reports.check import Checked
from monitor.delivery_reports.render import page, render, table, table_of_refusal
from monitor.errors import Fault, UsageError

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def write_checked(checked: Sequence[Checked], html: Path | None, csv: Path | None) -> None:
    """Write the reports: of one file to the path itself, of several into a folder of that name.

    Raises:
        UsageError: a path cannot be written.
    """
    for target, ending, told in ((html, ".html", _page), (csv, ".csv", _table)):
        if target:
            _write(checked, target, ending, told)


def _page(one: Checked) -> str:
    return page(one.report, "报送前试读") if one.report else render("unread.html", checked=one)


def _table(one: Checked) -> str:
    return table(one.report) if one.report else table_of_refusal(one.refusal)


def _write(checked: Sequence[Checked], target: Path, ending: str, told: Callable[[Checked], str]) -> None:
    try:
        if len(checked) == 1 and not target.is_dir():
            target.write_text(told(checked[0]), encoding="utf-8", newline="")
            return
        target.mkdir(parents=True, exist_ok=True)
        for number, one in enumerate(checked, start=1):
            path = target / f"{number:02d}-{_UNSAFE.sub('_', one.file)[:80]}{ending}"
            path.write_text(told(one), encoding="utf-8", newline="")
    except OSError as error:
        fault = Fault(str(target), error.strerror or "写不了", remedy="换一个可写的位置")
        raise UsageError("报告没有写成。", [fault]) from None
