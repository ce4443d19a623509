"""What the flows share: the day a run is for, errors that quote nothing, and telling people how a run ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import flows.embedded  # noqa: F401  its settings must stand before Prefect is imported

# isort: split
import httpx
from prefect import get_run_logger
from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import FlowStateHook
from prefect.runtime import flow_run

from monitor import notify
from monitor.clock import night_of
from monitor.errors import MonitorError, unforeseen
from monitor.room import disk_told
from monitor.settings import Settings, load_settings

# a flow tells of itself while it runs, server or not; hooks of Prefect are for what can tell nothing any more
KILLED = "运行它的进程被杀、机器断电或重启;下一次启动会自动收拾,也可以马上重跑"


def settings_of(home: str | None, inbox: str | None = None) -> Settings:
    """The settings of a home; `MONITOR_HOME` or `./var` when none is named."""
    return load_settings(Path(home) if home else None, inbox=Path(inbox) if inbox else None)


def day_of_schedule() -> date:
    """The as-of date of the flow run that is at work, by the moment for which it was planned, however late it began."""
    return night_of(flow_run.scheduled_start_time)


@contextmanager
def quoting_nothing() -> Iterator[None]:
    """Let no error through whose words or cause may quote a cell or a file name: Prefect keeps both."""
    try:
        yield
    except MonitorError as error:
        error.__cause__, error.__suppress_context__ = None, True
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror) from None
    except Exception as error:
        raise MonitorError(unforeseen(error)) from None


@contextmanager
def at_work(home: str | None, inbox: str | None = None) -> Iterator[Settings]:
    """What a task works with. A full disk is told in words before anything else is made of it."""
    with quoting_nothing():
        settings = settings_of(home, inbox)
        with disk_told(settings.home):
            yield settings


def shown(show: Callable[[], None]) -> None:
    """Make artifacts; that a server cannot be reached for them is no reason to call what is finished failed."""
    try:
        show()
    except httpx.HTTPError as error:
        get_run_logger().warning("no artifacts: %s", type(error).__name__)


def night_was_killed(flow: Any, flow_run: FlowRun, state: State[Any]) -> None:
    """The process of a night is gone, so it could not tell: a runner that outlived it does."""
    notify.tell_failed(settings_of(flow_run.parameters.get("home")).home, _night_of(flow_run), KILLED)


def job_was_killed(job: str) -> FlowStateHook[..., Any]:
    """The same for a job that is no night."""

    def hook(flow: Any, flow_run: FlowRun, state: State[Any]) -> None:
        notify.tell(settings_of(flow_run.parameters.get("home")).home, notify.job_failed(job, KILLED))

    return hook


def _night_of(run: FlowRun) -> date | None:
    given = run.parameters.get("as_of")
    if given:
        return date.fromisoformat(str(given)[:10])
    return night_of(run.expected_start_time) if run.expected_start_time else None
