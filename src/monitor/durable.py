"""Put files on disk so that a crash at any moment leaves either what was there before or what is there now."""

from __future__ import annotations

import uuid
from contextlib import suppress
from pathlib import Path

from monitor.store import make_durable


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all, and force it and its name to disk."""
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)
        make_durable(beside)
        beside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
    make_durable(path.parent)
