"""Answers under Prefect: watches the folder of answers and collects what arrives; the same code as `monitor collect`.

Only the home and counts travel through Prefect. It looks a given number of times and ends; a schedule may start it again:
`python -m flows.collect_answers --home var --every 60 --looks 10`.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from flows.embedded import server_or_none

# isort: split
import typer
from prefect import flow, get_run_logger, task

from flows.telling import at_work, job_was_killed, settings_of
from monitor import notify
from monitor.answers import collect, waiting
from monitor.errors import MonitorError, NightIsRunning, NothingArrived
from monitor.run import Home
from monitor.settings import Settings

Figures = dict[str, Any]
State = dict[str, tuple[int, int]]
JOB_ZH = "收回核查结果"


def seen(home: Path) -> State:
    """Size and time of change of every file in the folder of answers; one that goes in between is none."""
    found: State = {}
    for path in waiting(Home(home)):
        with suppress(FileNotFoundError):
            state = path.lstat()
            found[str(path)] = (state.st_size, state.st_mtime_ns)
    return found


class Watched:
    """The folder of answers, look by look. Names of files may be people's, so they stay here and no task is given any."""

    def __init__(self, settings: Settings, as_of: date | None) -> None:
        self._settings, self._as_of = settings, as_of
        self._before, self._done = seen(settings.home), State()
        self._quiet = State()

    def look(self) -> bool:
        """Whether there are files that two looks found unchanged and that were not collected yet."""
        now = seen(self._settings.home)
        self._quiet = {file: state for file, state in now.items() if self._before.get(file) == state != self._done.get(file)}
        self._before = now
        return bool(self._quiet)

    def collect(self) -> Figures:
        """Collect what has stopped growing; while a night holds the home it waits for the next look."""
        now = seen(self._settings.home)
        quiet = {file: state for file, state in self._quiet.items() if now.get(file) == state}
        try:
            collected = collect(self._settings, [Path(file) for file in sorted(quiet)], self._as_of) if quiet else []
        except (NightIsRunning, NothingArrived):
            return {"files": 0, "answers": 0, "reported": 0, "refused": 0, "waiting": len(quiet)}
        self._done |= quiet
        new = [one.landed for one in collected if one.is_new]
        return {
            "files": len(new),
            "answers": sum(one.answered for one in new),
            "reported": sum(one.quarantined for one in new),
            "refused": sum(1 for one in new if one.refused),
            "waiting": 0,
        }


@flow(name="collect-answers", flow_run_name="answers", on_crashed=[job_was_killed(JOB_ZH)])
def collect_answers(home: str | None = None, every: float = 60, looks: int = 10, as_of: date | None = None) -> Figures:
    """Look at the folder every so many seconds, so many times; a file is read when two looks find it unchanged.

    Args:
        home: the home folder; `MONITOR_HOME` or `./var` when not given.
        every: seconds between two looks.
        looks: how many; the flow ends after the last.
        as_of: the day the answers count as collected; the day after the newest night when not given.

    Returns:
        files, answers, rows reported and files refused, over all looks.
    """
    log, settings = get_run_logger(), settings_of(home)
    total = {"files": 0, "answers": 0, "reported": 0, "refused": 0}
    with notify.failure_told(settings, JOB_ZH), at_work(home):
        folder = Watched(settings, as_of)

        @task(task_run_name="collect")
        def collect_quiet() -> Figures:
            with at_work(home):
                return folder.collect()

        for _ in range(looks):
            time.sleep(every)
            if folder.look():
                figures = collect_quiet()
                total = {name: count + figures[name] for name, count in total.items()}
                log.info("collected: %s", figures)
    return total


def main(
    home: Annotated[str, typer.Option(help="the home folder")] = os.environ.get("MONITOR_HOME", "var"),
    every: Annotated[float, typer.Option(min=0, help="seconds between two looks")] = 60,
    looks: Annotated[int, typer.Option(min=1, help="looks before it ends")] = 10,
) -> None:
    """Watch the folder of answers for a while under an embedded Prefect, without a server."""
    try:
        with server_or_none():
            collect_answers(home, every, looks)
    except MonitorError as error:
        print(f"monitor: {error}", file=sys.stderr)
        raise typer.Exit(error.exit_code) from None


if __name__ == "__main__":
    typer.run(main)
