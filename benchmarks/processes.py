"""Runs a command as a process of its own and says what it took.

The measuring process stays small on purpose: Linux counts the memory of a process that starts another one into the
peak of its child.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median
from typing import Any

MB = 2**20
_SAMPLE_SECONDS = 0.5


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


def measured(command: list[str], *, watch: Path | None = None, environment: dict[str, str] | None = None) -> Figure:
    """Run a command to its end.

    Args:
        command: program and arguments.
        watch: folder whose size on disk is sampled while the command runs.
        environment: variables beside those of this process.

    Raises:
        SystemExit: it failed; says the end of what it wrote to its error stream.
    """
    done, peak = threading.Event(), [0]
    sampler = threading.Thread(target=_sample, args=(watch, peak, done), daemon=True)
    started = time.perf_counter()
    child = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **(environment or {})}
    )
    sampler.start()
    assert child.stderr is not None
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    done.set()
    sampler.join()
    if status:
        raise SystemExit(
            f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}\n{said.decode(errors='replace')[-2000:]}"
        )
    return Figure(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, peak[0] / MB)


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


def _sample(folder: Path | None, peak: list[int], done: threading.Event) -> None:
    while folder and not done.wait(_SAMPLE_SECONDS):
        peak[0] = max(peak[0], bytes_on_disk(folder))
    if folder:
        peak[0] = max(peak[0], bytes_on_disk(folder))
