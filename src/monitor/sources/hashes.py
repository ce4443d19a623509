"""The sha256 of delivered files: hashed side by side, and not again while the file system says that a file is untouched.

A file counts as untouched when its device, inode, size, time of change of its content and time of change of its entry are those
noted when it was hashed. The last of these is set by the kernel at every write and cannot be set back, so that neither `cp -p`
nor a delivery of the same size and date passes for the old one. As git does, a file that changed at about the time when the
note was written is not trusted: a second change within the same tick of the clock would not show.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from monitor.durable import sha256_of, write_whole

_TICK = 2 * 10**9  # nanoseconds; the coarsest clock of a file system in use


def hashed(paths: Sequence[Path], note: Path, threads: int) -> list[str]:
    """The sha256 of every file, as hexadecimal digits.

    Args:
        paths: the files.
        note: where what was hashed is noted for the next time; may be deleted at any time.
        threads: files hashed at a time.
    """
    known, noted_at = _read(note)
    states = [_state(path) for path in paths]

    def one(path: Path, state: list[int]) -> str:
        before = known.get(str(path))
        is_untouched = before is not None and before[:-1] == state and max(state[-2:]) < noted_at - _TICK
        return str(before[-1]) if is_untouched and before else sha256_of(path)

    with ThreadPoolExecutor(max(1, threads)) as pool:
        found = list(pool.map(one, paths, states))
    noted: dict[str, list[int | str]] = {
        str(path): [*state, sha] for path, state, sha in zip(paths, states, found, strict=True)
    }
    _write(note, noted)
    return found


def _state(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _read(note: Path) -> tuple[dict[str, list[int | str]], int]:
    """What was noted, and when; nothing when there is no note or it cannot be read."""
    try:
        loaded = json.loads(note.read_text(encoding="utf-8"))
        return (loaded if isinstance(loaded, dict) else {}), note.stat().st_mtime_ns
    except (OSError, ValueError):
        return {}, 0


def _write(note: Path, noted: dict[str, list[int | str]]) -> None:
    write_whole(note, json.dumps(noted))
