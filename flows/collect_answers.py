"""Answers under Prefect: watches the folder of answers and collects what arrives; the same code as `monitor collect`.

Only the home and counts travel through Prefect. It looks a given number of times and ends; a schedule may start it again:
`python -m flows.collect_answers --home var --every 60 --looks 10`.
"""

from __future__ import annotations

import os
import sys
import time
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

Figures = dict[str, Any]
State = dict[str, tuple[int, int]]


def seen(home: str | None) -> State:
    """Size and time of change of every file in the folder of answers."""
    states = ((path, path.lstat()) for path in waiting(Home(settings_of(home).home)))
    return {str(path): (state.st_size, state.st_mtime_ns) for path, state in states}


@task(task_run_name="collect")
def collect_quiet(home: str | None, files: list[str], as_of: date | None) -> Figures:
    """Collect files that have stopped growing; while a night holds the home they wait for the next look."""
    try:
        with at_work(home) as settings:
            collected = collect(settings, [Path(file) for file in files], as_of)
    except (NightIsRunning, NothingArrived):
        return {"files": 0, "answers": 0, "reported": 0, "refused": 0, "waiting": len(files)}
    new = [one.landed for one in collected if one.is_new]
    return {
        "files": len(new),
        "answers": sum(one.answered for one in new),
        "reported": sum(one.quarantined for one in new),
        "refused": sum(1 for one in new if one.refused),
        "waiting": 0,
    }


JOB_ZH = "收回核查结果"


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
    log, total, before = get_run_logger(), {"files": 0, "answers": 0, "reported": 0, "refused": 0}, seen(home)
    done: State = {}
    for _ in range(looks):
        time.sleep(every)
        now = seen(home)
        quiet = sorted(file for file, state in now.items() if before.get(file) == state and done.get(file) != state)
        before = now
        if not quiet:
            continue
        with notify.failure_told(settings_of(home), JOB_ZH):
            figures = collect_quiet(home, quiet, as_of)
        done |= {file: now[file] for file in quiet} if not figures["waiting"] else {}
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
