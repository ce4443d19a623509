"""Runs the flows in one process, as an operator would without a server, and prints what came of it as JSON.

    python flow_program.py HOME

A process of its own, because Prefect keeps its settings, its server and its threads for as long as one lives. It begins with a
server of `PREFECT_API_URL` that does not answer, and ends by killing the embedded one in the middle of a night.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import duckdb
import flows.collect_answers as answers_flow
import flows.monthly as month_flow
import httpx
from flows import telling
from flows.collect_answers import collect_answers
from flows.embedded import server_or_none
from flows.monthly import monthly
from flows.nightly import nightly
from prefect.server.api.server import SubprocessASGIServer

from monitor import steps
from monitor.errors import MonitorError
from monitor.settings import load_settings

NIGHT, NEXT = date(2026, 11, 20), date(2026, 11, 21)


def outcome(work: Callable[[], Any]) -> Any:
    """What it returned, or how it ended."""
    try:
        return work()
    except Exception as error:
        return {"error": type(error).__name__, "exit_code": getattr(error, "exit_code", None), "said": str(error)}


def instead_of(verb: str, made: Callable[..., Any], work: Callable[[], Any]) -> Any:
    """Do some work while a verb of the night does something else."""
    before = steps.STEPS
    steps.STEPS = tuple((name, made if name == verb else done) for name, done in before)
    try:
        return outcome(work)
    finally:
        steps.STEPS = before


def quotes_a_cell(*_: Any) -> Any:
    """Fails as a reader might: an error whose words and cause quote what it read."""
    try:
        int(os.environ["CANARY"])
    except ValueError as error:
        raise RuntimeError(f"cannot read {os.environ['CANARY']}") from error


def names_a_file(*_: Any) -> Any:
    """Fails on a file that is named after somebody."""
    try:
        int(os.environ["CANARY"])
    except ValueError as error:
        raise MonitorError("这一步不成。") from error


def fills_the_disk(*_: Any) -> Any:
    """Fails as the engine does on a full disk."""
    raise duckdb.IOException("IO Error: Could not write file: No space left on device")


def kills_the_server(*given: Any) -> Any:
    """Does its work after the embedded server has been killed."""
    for server in SubprocessASGIServer._instances.values():
        if server.server_process:
            server.server_process.kill()
            server.server_process.wait()
    return steps.evaluate(*given)


def held(home: str) -> Any:
    """A night while another holds the home."""
    with steps.home_held(load_settings(home)):
        return outcome(lambda: nightly(NIGHT, home))


def planned(home: str) -> Any:
    """A night without a date that was planned for 02:00 of the 21st in Shanghai and begins whenever this runs."""
    before, telling.flow_run = telling.flow_run, SimpleNamespace(scheduled_start_time=datetime(2026, 11, 20, 18, tzinfo=UTC))
    try:
        return outcome(lambda: nightly(home=home))
    finally:
        telling.flow_run = before


def without(module: Any, name: str, error: Exception, work: Callable[[], Any]) -> Any:
    """Do some work while a function of a flow's module fails."""

    def fails(*_: Any, **__: Any) -> Any:
        raise error

    before = getattr(module, name)
    setattr(module, name, fails)
    try:
        return outcome(work)
    finally:
        setattr(module, name, before)


def main(home: str) -> None:
    """All of it, in order."""
    gone, no_server = FileNotFoundError(2, "No such file", os.environ["CANARY"]), httpx.ConnectError("no")
    month = date(2026, 11, 9)
    with server_or_none():
        came = {
            "night": outcome(lambda: nightly(NIGHT, home)),
            "planned": planned(home),
            "held": held(home),
            "month": outcome(lambda: monthly(month, home)),
            "month not shown": without(month_flow, "create_table_artifact", no_server, lambda: monthly(month, home)),
            "answers": outcome(lambda: collect_answers(home, 0, 1)),
            "answers gone": without(answers_flow, "seen", gone, lambda: collect_answers(home, 0, 1)),
            "quoting": instead_of("gate", quotes_a_cell, lambda: nightly(NEXT, home)),
            "caused": instead_of("gate", names_a_file, lambda: nightly(NEXT, home)),
            "full": instead_of("gate", fills_the_disk, lambda: nightly(NEXT, home)),
            "killed server": instead_of("evaluate", kills_the_server, lambda: nightly(NEXT, home)),
        }
    print(json.dumps(came))


if __name__ == "__main__":
    main(sys.argv[1])
