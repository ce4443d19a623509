"""How long a night takes, as whole processes: made-up data, a floor, ratios and the growth exponent.

    python benchmarks/night.py --persons 100000 --persons 1000000 --runs 3

Every size is made once into benchmarks/data. Runs of the floor and of the night alternate, since machines are noisy; the
medians are quoted. A night starts from an empty home (cold landing) unless --warm.
"""

from __future__ import annotations

import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import duckdb
import typer

HERE = Path(__file__).parent
DATA = HERE / "data"
MONITOR = Path(sys.executable).with_name("monitor")
AS_OF = "2026-11-20"


@dataclass(frozen=True)
class Figure:
    """Wall seconds, CPU seconds, peak memory in MB of one process."""

    wall: float
    cpu: float
    memory: float


def measured(command: list[str]) -> Figure:
    """Run a command as a process of its own; raise if it fails."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert child.stderr is not None
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    if status:
        raise SystemExit(said.decode()[-2000:])
    return Figure(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(figures: list[Figure]) -> Figure:
    """Median of each figure."""
    return Figure(*(statistics.median(getattr(f, name) for f in figures) for name in ("wall", "cpu", "memory")))


def inbox_of(persons: int, seed: int, dirt: str) -> Path:
    """The deliveries of one size, made once."""
    folder = DATA / f"{persons}-{seed}-{dirt}"
    if not folder.is_dir():
        beside = folder.with_suffix(".part")
        shutil.rmtree(beside, ignore_errors=True)
        beside.parent.mkdir(exist_ok=True)
        made = [str(MONITOR), "synth", "--persons", str(persons), "--seed", str(seed), "--dirt", dirt, "--out", str(beside)]
        print(f"making {persons:,} people: {measured([*made, '--as-of', AS_OF]).wall:.0f} s")
        beside.rename(folder)
    return folder


def compare(persons: int, runs: int, seed: int, dirt: str) -> tuple[Figure, Figure, int]:
    """Floor and night in turn; medians and the bytes read."""
    inbox = inbox_of(persons, seed, dirt)
    home = DATA / f"home-{persons}"
    floors, nights = [], []
    for _ in range(runs):
        floors.append(measured([sys.executable, str(HERE / "floor.py"), str(inbox)]))
        shutil.rmtree(home, ignore_errors=True)
        nights.append(measured([str(MONITOR), "run", "--as-of", AS_OF, "--home", str(home), "--inbox", str(inbox)]))
    return median(floors), median(nights), sum(p.stat().st_size for p in inbox.iterdir())


def main(
    persons: Annotated[list[int], typer.Option(help="sizes")] = [100_000, 1_000_000],  # noqa: B006
    runs: Annotated[int, typer.Option(min=1)] = 3,
    seed: int = 7,
    dirt: str = "none",
) -> None:
    """Measure and print a table."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}")
    heads = ("people", "MB read", "floor s", "night s", "ratio", "cpu ratio", "cpu s", "peak MB")
    print(" ".join(f"{head:>{width}}" for head, width in zip(heads, (12, 8, 8, 8, 6, 9, 8, 8), strict=True)))
    walls = []
    for size in persons:
        floor, night, read = compare(size, runs, seed, dirt)
        walls.append((size, night.wall))
        print(
            f"{size:>12,} {read / 2**20:>8.0f} {floor.wall:>8.1f} {night.wall:>8.1f} {night.wall / floor.wall:>6.1f}"
            f" {night.cpu / floor.cpu:>9.1f} {night.cpu:>8.1f} {night.memory:>8.0f}"
        )
    if len(walls) > 1:
        (small, first), (large, last) = walls[0], walls[-1]
        print(f"growth exponent {small:,} to {large:,}: {math.log(last / first) / math.log(large / small):.2f}")


if __name__ == "__main__":
    typer.run(main)
