"""Prefect's settings for a machine without a server, and what to do when the server is down. Import it before Prefect.

An embedded server of our own, nothing sent anywhere, its files inside the home and closed to other users. Whoever has set
something else, such as `PREFECT_API_URL` of a real server, is left with it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_HOME": str(Path(os.environ.get("MONITOR_HOME", "var")).absolute() / "prefect"),
}
for _name, _value in _SETTINGS.items():
    os.environ.setdefault(_name, _value)
# its database is opened there at once
Path(os.environ["PREFECT_HOME"]).mkdir(mode=0o700, parents=True, exist_ok=True)

import httpx  # noqa: E402
from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: E402

_PATIENCE_SECONDS = 5


@contextmanager
def server_or_none() -> Iterator[None]:
    """Use the server of `PREFECT_API_URL`; when it does not answer, do without it and say so.

    Lists are due in the morning whether or not a server that only keeps the books is up.
    """
    address = PREFECT_API_URL.value()
    if not address or _answers(address):
        yield
        return
    print("monitor: Prefect 服务(PREFECT_API_URL)没有应答;这一次不经服务运行,服务里不会有记录。", file=sys.stderr)
    with temporary_settings(restore_defaults={PREFECT_API_URL}):
        yield


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address.rstrip('/')}/health", timeout=_PATIENCE_SECONDS).is_success
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
