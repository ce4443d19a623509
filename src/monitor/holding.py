"""One process at a time works in a home, and what it writes is its owner's."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import Fault, NightIsRunning

_LOCK = ".lock"


@contextmanager
def held(root: Path) -> Iterator[None]:
    """Hold the folder of a home; the lock goes with the process, however it ends.

    Raises:
        NightIsRunning: another process holds it.
    """
    with open(root / _LOCK, "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fault = Fault(str(root), "另一晚正在这里运行", remedy="等它结束,或用 --home 另给一个工作目录")
            raise NightIsRunning("两晚不能同时使用一个工作目录。", [fault]) from None
        before = os.umask(0o077)  # what analysts may read is opened on purpose
        try:
            yield
        finally:
            os.umask(before)
