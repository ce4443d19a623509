"""The night under Prefect: the same verbs as `monitor run`, one coarse task each.

Only the home, the as-of date and counts travel through Prefect; what Prefect stores therefore holds no person.
Run it without a server: `python -m flows.nightly --as-of 2026-11-20`.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from monitor.settings import Settings, load_settings

# before Prefect is imported: an embedded server of our own, nothing sent anywhere
_EMBEDDED = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_HOME": str(Path(os.environ.get("MONITOR_HOME", "var")).absolute() / "prefect"),
}
for _name, _value in _EMBEDDED.items():
    os.environ.setdefault(_name, _value)
Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)  # its database is opened there at once

import typer  # noqa: E402
from prefect import flow, get_run_logger, task  # noqa: E402
from prefect.artifacts import create_table_artifact  # noqa: E402

from monitor import steps  # noqa: E402
from monitor.errors import MonitorError  # noqa: E402
from monitor.summary import summary_lines  # noqa: E402

Figures = dict[str, Any]


def _settings(home: str, inbox: str | None) -> Settings:
    return load_settings(Path(home), inbox=Path(inbox) if inbox else None)


def _may_heal(task: Any, run: Any, state: Any) -> bool:
    """A share that hangs may come back; what the pipeline itself refuses stays refused."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) and not isinstance(error, MonitorError)


# Only reading the inbox meets the outside world, so only it is tried again.
@task(task_run_name="pull")  # tries again by itself, source by source
def pull(home: str, inbox: str | None, as_of: date) -> Figures:
    """Fetch what the departments have put out."""
    return steps.pull(_settings(home, inbox), as_of)


@task(retries=2, retry_delay_seconds=30, retry_condition_fn=_may_heal, task_run_name="begin")
def begin(home: str, inbox: str | None, as_of: date) -> Figures:
    """Find and hash what has arrived."""
    return steps.begin(_settings(home, inbox), as_of)


@task(retries=2, retry_delay_seconds=30, retry_condition_fn=_may_heal, task_run_name="land")
def land(home: str, inbox: str | None, as_of: date) -> Figures:
    """Read each delivery once."""
    return steps.land(_settings(home, inbox), as_of)


@task(task_run_name="{verb}")
def step(verb: str, home: str, inbox: str | None, as_of: date) -> Figures:
    """Any later verb of the night."""
    return dict(steps.STEPS)[verb](_settings(home, inbox), as_of)


@flow(name="nightly", flow_run_name="night of {as_of}")
def nightly(as_of: date, home: str = "var", inbox: str | None = None) -> Figures:
    """One night.

    Args:
        as_of: the date that everything is asked of.
        home: the home folder.
        inbox: where deliveries lie, if not in the home.

    Returns:
        counts by step.
    """
    log = get_run_logger()
    figures: Figures = {}
    with steps.home_held(_settings(home, inbox)):
        figures["pull"] = pull(home, inbox, as_of)
        log.info("pull: %s", figures["pull"])
        figures["begin"] = begin(home, inbox, as_of)
        if figures["begin"]["already"]:
            log.info("nothing new since the last run of %s", as_of)
            return figures
        figures["land"] = land(home, inbox, as_of)
        for verb in ("gate", "build", "evaluate", "open_cases", "commit", "publish"):
            figures[verb] = step(verb, home, inbox, as_of)
            log.info("%s: %s", verb, figures[verb])
    manifest = steps.manifest_of(_settings(home, inbox), as_of)
    create_table_artifact(
        key="night-summary",
        table=[{"项目": topic, "内容": sentence} for topic, sentence in summary_lines(manifest)],
        description=f"{as_of} 夜间监测小结",
    )
    return figures


def main(
    as_of: Annotated[str, typer.Option(help="as-of date, YYYY-MM-DD")],
    home: Annotated[str, typer.Option(help="the home folder")] = os.environ.get("MONITOR_HOME", "var"),
    inbox: Annotated[str | None, typer.Option(help="where deliveries lie")] = None,
) -> None:
    """Run one night under an embedded Prefect, without a server."""
    try:
        nightly(date.fromisoformat(as_of), home, inbox)
    except MonitorError as error:
        print(f"monitor: {error}", file=sys.stderr)
        raise typer.Exit(error.exit_code) from None


if __name__ == "__main__":
    typer.run(main)
