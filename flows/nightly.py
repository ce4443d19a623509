"""The night under Prefect: the same verbs as `monitor run`, one coarse task each.

Only the home, the as-of date and counts travel through Prefect; what Prefect stores therefore holds no person.
Run it without a server: `python -m flows.nightly --as-of 2026-11-20`. Deployed (`prefect.yaml`) it runs every night.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from typing import Annotated, Any

from flows.embedded import server_or_none

# isort: split
import typer
from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.runtime import flow_run

from flows.telling import at_work, day_of_schedule, night_was_killed, quoting_nothing, settings_of, shown
from monitor import notify, steps
from monitor.commands.days import read_day
from monitor.errors import MonitorError
from monitor.pulling import pull_for_night
from monitor.settings import Settings
from monitor.summary import places, summary_lines

Figures = dict[str, Any]


def _may_heal(task: Any, run: Any, state: Any) -> bool:
    """A share that hangs may come back; what the pipeline itself refuses stays refused."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) and not isinstance(error, MonitorError)


@task(task_run_name="pull")  # tries again by itself, source by source
def pull(home: str | None, inbox: str | None, as_of: date) -> Figures:
    """Fetch what the departments have put out."""
    with at_work(home, inbox) as settings:
        return pull_for_night(settings, as_of)


# Of the steps that follow only those that read the inbox meet the outside world, so only they are tried again.
@task(retries=2, retry_delay_seconds=30, retry_condition_fn=_may_heal, task_run_name="begin")
def begin(home: str | None, inbox: str | None, as_of: date) -> Figures:
    """Find and hash what has arrived."""
    with at_work(home, inbox) as settings:
        return steps.begin(settings, as_of)


@task(retries=2, retry_delay_seconds=30, retry_condition_fn=_may_heal, task_run_name="land")
def land(home: str | None, inbox: str | None, as_of: date) -> Figures:
    """Read each delivery once."""
    with at_work(home, inbox) as settings:
        return steps.land(settings, as_of)


@task(task_run_name="{verb}")
def step(verb: str, home: str | None, inbox: str | None, as_of: date) -> Figures:
    """Any later verb of the night."""
    with at_work(home, inbox) as settings:
        return dict(steps.STEPS)[verb](settings, as_of)


def _named() -> str:
    return f"night of {flow_run.parameters.get('as_of') or day_of_schedule()}"


@flow(name="nightly", flow_run_name=_named, on_crashed=[night_was_killed])
def nightly(as_of: date | None = None, home: str | None = None, inbox: str | None = None) -> Figures:
    """One night.

    Args:
        as_of: the date that everything is asked of; by the planned start when not given (`clock.night_of`).
        home: the home folder; `MONITOR_HOME` or `./var` when not given.
        inbox: where deliveries lie, if not in the home.

    Returns:
        counts by step.
    """
    log, day, settings = get_run_logger(), as_of or day_of_schedule(), settings_of(home, inbox)
    figures: Figures = {}
    with notify.told(settings, day), quoting_nothing(), steps.home_held(settings, new=True):
        figures["pull"] = pull(home, inbox, day)
        log.info("pull: %s", figures["pull"])
        figures["begin"] = begin(home, inbox, day)
        if figures["begin"]["already"]:
            log.info("nothing new since the last run of %s", day)
            return figures
        figures["land"] = land(home, inbox, day)
        for verb in ("gate", "build", "evaluate", "open_cases", "commit", "publish"):
            figures[verb] = step(verb, home, inbox, day)
            log.info("%s: %s", verb, figures[verb])
    shown(lambda: _show(settings, day))
    return figures


def _show(settings: Settings, as_of: date) -> None:
    """The summary, and where lists and reports lie, as artifacts of the run."""
    lines = summary_lines(steps.manifest_of(settings, as_of))
    create_table_artifact(
        key="night-summary",
        table=[{"项目": topic, "内容": sentence} for topic, sentence in lines],
        description=f"{as_of} 夜间监测小结",
    )
    links = "\n".join(f"- [{title}]({path.as_uri()})" for title, path in places(settings.home, as_of))
    create_markdown_artifact(key="night-places", markdown=links, description=f"{as_of} 名单和报告在哪里(在监测机上打开)")


def main(
    as_of: Annotated[
        str | None, typer.Option(help="as-of date, YYYY-MM-DD (default: the night that begins or ends now)")
    ] = None,
    home: Annotated[str, typer.Option(help="the home folder")] = os.environ.get("MONITOR_HOME", "var"),
    inbox: Annotated[str | None, typer.Option(help="where deliveries lie")] = None,
) -> None:
    """Run one night now; without a server under an embedded Prefect."""
    try:
        day = read_day("--as-of", as_of) if as_of else None
        with server_or_none():
            nightly(day, home, inbox)
    except MonitorError as error:
        print(f"monitor: {error}", file=sys.stderr)
        raise typer.Exit(error.exit_code) from None


if __name__ == "__main__":
    typer.run(main)
