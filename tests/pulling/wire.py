"""A wire between a client and a real server that can be cut or fall silent: how networks fail, whatever is spoken on them."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

_BLOCK = 4096


class Wire:
    """Listens on loopback and passes on what it hears.

    Attributes:
        port: where to connect.
        cut_after, silent_after: bytes from the server after which a connection is cut, or nothing more is passed on.
        faulty: how many connections that happens to; later ones are sound.
        connections: how many there were.
    """

    def __init__(self, port: int, *, cut_after: int | None = None, silent_after: int | None = None, faulty: int = 1000) -> None:
        self._server, self._limit, self._cuts = (
            port,
            cut_after if cut_after is not None else silent_after,
            cut_after is not None,
        )
        self.faulty, self.connections = faulty, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        for one in [self._listener, *self._open]:
            _end(one)

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                server = socket.create_connection(("127.0.0.1", self._server))
                self._open += [client, server]
                limit = self._limit if self.connections <= self.faulty else None
                threading.Thread(target=_pass_on, args=(client, server, None, False), daemon=True).start()
                threading.Thread(target=_pass_on, args=(server, client, limit, self._cuts), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket, limit: int | None, cuts: bool) -> None:
    passed = 0
    with suppress(OSError):
        while (data := one.recv(_BLOCK)) and (limit is None or passed + len(data) <= limit):
            passed += len(data)
            other.sendall(data)
        while data and not cuts:
            data = one.recv(_BLOCK)  # heard, and never passed on
            if not data:
                return
    _end(one)
    _end(other)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        one.close()


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
        return port
