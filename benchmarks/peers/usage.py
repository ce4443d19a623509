"""What a command and everything below it costs: wall, CPU, and the peak of the memory that all of it holds at once."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

EVERY_SECONDS = 0.05
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Usage:
    """Wall seconds, CPU seconds, peak memory in MB."""

    wall: float
    cpu: float
    memory: float


def watched(command: list[str]) -> tuple[Usage, int, str]:
    """Run a command.

    The kernel tells the CPU of what was waited for, and Spark's Java process may not be; so the tree is looked at twenty times
    a second, and the larger figure counts. The peak is that of the tree, or the high-water mark of the process itself if that
    is higher: what `wait4` tells is no less than what this process held when it started the other.

    Returns:
        its usage, its exit status and what it said on standard error.
    """
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        seen = _Seen({}, 0)
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(child.pid, seen, done))
        watcher.start()
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        done.set()
        watcher.join()
        said.seek(0)
        text = said.read().decode(errors="replace")
    cpu = max(used.ru_utime + used.ru_stime, sum(seen.ticks.values()) / TICKS)
    return Usage(wall, cpu, seen.peak / 2**20), status, text


@dataclass
class _Seen:
    """CPU ticks of every process when it was last seen, and the most bytes that the tree held."""

    ticks: dict[int, int]
    peak: int


def _watch(root: int, seen: _Seen, done: threading.Event) -> None:
    while not done.wait(EVERY_SECONDS):
        tree = _tree(root)
        seen.peak = max(seen.peak, sum(map(_resident, tree)), _highest(root))
        seen.ticks |= {pid: ticks for pid in tree if (ticks := _ticks(pid))}


def _tree(root: int) -> list[int]:
    """The process and all below it."""
    found = [root]
    for pid in found:
        try:
            tasks = list(Path(f"/proc/{pid}/task").iterdir())
            found += [int(one) for task in tasks for one in (task / "children").read_text().split()]
        except OSError:  # it has ended
            continue
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):  # it has ended
        return 0


def _highest(pid: int) -> int:
    """The kernel's own high-water mark of a process, in bytes."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def _ticks(pid: int) -> int:
    """CPU of a process, user and system."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(after_name[11]) + int(after_name[12])
    except (OSError, IndexError):  # it has ended
        return 0
