"""Serve the pages on the loopback interface until the user stops it."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from monitor.errors import Fault, UsageError

LOOPBACK = "127.0.0.1"


def serve(app: FastAPI, token: str, port: int, tell: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Args:
        app: the application.
        token: that opens it.
        port: 0 = any that is free.
        tell: is told the whole address once the port is ours.

    Raises:
        UsageError: the port is taken.
    """
    with _listening(port) as listening:
        tell(f"http://{LOOPBACK}:{listening.getsockname()[1]}/?token={token}")
        # the first line of a request holds the token: no log of requests is kept
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="off"))
        server.run(sockets=[listening])


def _listening(port: int) -> socket.socket:
    """A socket that only this machine reaches."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((LOOPBACK, port))
    except OSError:
        made.close()
        raise UsageError("端口被占用。", [Fault("--port", str(port), remedy="换一个端口，或用 --port 0 任选")]) from None
    return made
