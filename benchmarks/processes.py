"""Runs a command as a process of its own and says what it took.

The measuring process stays small on purpose: Linux counts the memory of a process that starts another one into the
peak of its child.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median
from typing import Any

MB = 2**20
_DISK_SECONDS = 0.5
_TREE_SECONDS = 0.2  # looking at the hundred threads of a Java process takes milliseconds, too
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Figure:
    """What one process took: wall seconds, CPU seconds (user and system), peak resident memory and peak disk in MB."""

    wall: float
    cpu: float
    memory: float
    disk: float

    def as_row(self) -> dict[str, float]:
        """Rounded, for a results file."""
        return {name: round(value, 2) for name, value in asdict(self).items()}


def measured(
    command: list[str], *, watch: Path | None = None, environment: dict[str, str] | None = None, tree: bool = False
) -> Figure:
    """Run a command to its end.

    Args:
        command: program and arguments.
        watch: folder whose size on disk is sampled while the command runs.
        environment: variables beside those of this process.
        tree: count what runs below it, too (Spark's Java process): memory as all of it holds at once, CPU as last seen. The
            kernel tells the CPU only of those that were waited for; the larger figure counts.

    Raises:
        SystemExit: it failed; says the end of what it wrote to its error stream.
    """
    done, disk, below = threading.Event(), [0], _Seen({}, 0)
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, env={**os.environ, **(environment or {})})
        samplers = [threading.Thread(target=_sample, args=(watch, disk, done), daemon=True)] * (watch is not None)
        samplers += [threading.Thread(target=_watch, args=(child.pid, below, done), daemon=True)] * tree
        for sampler in samplers:
            sampler.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        done.set()
        for sampler in samplers:
            sampler.join()
        if status:
            said.seek(0)
            text = said.read().decode(errors="replace")[-3000:]
            raise SystemExit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}\n{text}")
    cpu = max(usage.ru_utime + usage.ru_stime, sum(below.ticks.values()) / _TICKS)
    return Figure(wall, cpu, max(usage.ru_maxrss * 1024, below.peak) / MB, disk[0] / MB)


def bytes_on_disk(folder: Path) -> int:
    """What the files of a folder take on disk; files that vanish meanwhile count nothing."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(parent, name)).st_blocks * 512
            except FileNotFoundError:
                continue
    return total


def median_of(figures: list[Figure]) -> Figure:
    """The median of each figure on its own."""
    return Figure(*(median(getattr(one, field.name) for one in figures) for field in fields(Figure)))


def median_seconds(runs: list[dict[str, float]]) -> dict[str, float]:
    """The median of each step's seconds."""
    return {step: round(median(run[step] for run in runs), 2) for step in runs[0]}


def machine() -> dict[str, Any]:
    """What it was measured on; the load tells whether other work was going on."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"cpu": model, "cores": os.cpu_count(), "memory_gb": round(memory), "load": round(os.getloadavg()[0], 1)}


def _sample(folder: Path, peak: list[int], done: threading.Event) -> None:
    while not done.wait(_DISK_SECONDS):
        peak[0] = max(peak[0], bytes_on_disk(folder))
    peak[0] = max(peak[0], bytes_on_disk(folder))


@dataclass
class _Seen:
    """CPU ticks of every process when it was last seen, and the most bytes that the tree held."""

    ticks: dict[int, int]
    peak: int


def _watch(root: int, seen: _Seen, done: threading.Event) -> None:
    while not done.wait(_TREE_SECONDS):
        processes = _tree(root)
        seen.peak = max(seen.peak, sum(map(_resident, processes)))
        seen.ticks |= {pid: ticks for pid in processes if (ticks := _cpu_ticks(pid))}


def _tree(root: int) -> list[int]:
    """The process and all below it."""
    found = [root]
    for pid in found:
        with suppress(OSError):  # it has ended
            for task in Path(f"/proc/{pid}/task").iterdir():
                with suppress(OSError):  # that thread has ended
                    found += map(int, (task / "children").read_text().split())
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):  # it has ended
        return 0


def _cpu_ticks(pid: int) -> int:
    """CPU of a process, user and system."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(after_name[11]) + int(after_name[12])
    except (OSError, IndexError):  # it has ended
        return 0
