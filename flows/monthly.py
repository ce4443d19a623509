"""The month under Prefect: the same verbs as `monitor month`, one task each.

Run it without a server: `python -m flows.monthly --month 2026-11`. Deployed (`prefect.yaml`) it runs on the 2nd.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from typing import Annotated, Any

from flows.embedded import server_or_none

# isort: split
import typer
from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.runtime import flow_run

from flows.telling import at_work, day_of_schedule, job_was_killed, quoting_nothing, settings_of, shown
from monitor import notify, steps
from monitor.commands.days import read_month
from monitor.errors import MonitorError
from monitor.month import JOB_ZH, MONTH, month_before, month_lines, must_be_undamaged

Figures = dict[str, Any]


@task(task_run_name="{verb}")
def step(verb: str, home: str | None, month: date) -> Figures:
    """One verb of the month."""
    with at_work(home) as settings:
        return dict(MONTH)[verb](settings, month)


def _month() -> date:
    given = flow_run.parameters.get("month")
    return date.fromisoformat(str(given)[:10]).replace(day=1) if given else month_before(day_of_schedule())


def _named() -> str:
    return f"month of {_month():%Y-%m}"


@flow(name="monthly", flow_run_name=_named, on_crashed=[job_was_killed(JOB_ZH)])
def monthly(month: date | None = None, home: str | None = None) -> Figures:
    """What a month needs.

    Args:
        month: any day of the month; the one that ended last before the planned start when not given.
        home: the home folder; `MONITOR_HOME` or `./var` when not given.

    Returns:
        what each verb found.
    """
    first, settings = _month(), settings_of(home)
    with notify.failure_told(settings, JOB_ZH), quoting_nothing(), steps.home_held(settings):
        figures = {verb: step(verb, home, first) for verb, _ in MONTH}
    lines = month_lines(first, figures)
    title = f"{first.year}年{first.month}月{JOB_ZH}"
    shown(lambda: _show(title, lines))
    with notify.failure_told(settings, JOB_ZH), quoting_nothing():
        must_be_undamaged(figures)
    notify.tell(settings.home, notify.job_done(title, lines))
    return figures


def _show(title: str, lines: list[tuple[str, str]]) -> None:
    """The summary as an artifact of the run."""
    table = [{"项目": topic, "内容": said} for topic, said in lines]
    create_table_artifact(key="month-summary", table=table, description=title)


def main(
    month: Annotated[str | None, typer.Option(help="YYYY-MM (default: the last one that has ended)")] = None,
    home: Annotated[str, typer.Option(help="the home folder")] = os.environ.get("MONITOR_HOME", "var"),
) -> None:
    """Do now what a month needs; without a server under an embedded Prefect."""
    try:
        first = date.fromisoformat(f"{read_month(month)}-01") if month else None
        with server_or_none():
            monthly(first, home)
    except MonitorError as error:
        print(f"monitor: {error}", file=sys.stderr)
        raise typer.Exit(error.exit_code) from None


if __name__ == "__main__":
    typer.run(main)
