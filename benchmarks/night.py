"""How long a night takes, as whole processes: data, floor, night, ratio, growth; identical results asserted.

    python benchmarks/night.py run --persons 100000 --persons 1000000 --runs 3
    python benchmarks/night.py run --persons 1000000 --next-nights 1
    python benchmarks/night.py run --persons 10000000 --memory-limit-mb 6144
    python benchmarks/night.py run --persons 5000000 --runs 1 --again
    python benchmarks/night.py identical --persons 200000
    python benchmarks/night.py table

Every size is made once into benchmarks/data. Runs of the floor and of the nights alternate, since machines are noisy; medians
are kept in benchmarks/results.jsonl, and `table` puts them into docs/performance.md. All runs of one measurement must have left
the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from data_of import AS_OF, DATA, MONITOR, bytes_of, inbox_of, next_inbox_of, shuffled_inbox_of, with_key
from processes import MB, Figure, measured, median_of, median_seconds
from results import MODES, Line, conditions, keep, kept, tables, write_tables

FLOOR = Path(__file__).with_name("floor.py")
app = typer.Typer(add_completion=False, help=__doc__)
Sizes = Annotated[list[int], typer.Option(help="people, may be given again")]
Manifest = dict[str, Any]


@app.command()
def run(
    persons: Sizes = [100_000, 1_000_000],  # noqa: B006
    runs: Annotated[int, typer.Option(min=1, help="interleaved runs; medians are kept")] = 3,
    next_nights: Annotated[int, typer.Option(min=0, help="measure the second night, too, so often after each first one")] = 0,
    memory_limit_mb: Annotated[int | None, typer.Option(help="measure a night with this limit, too")] = None,
    again: Annotated[bool, typer.Option("--again", help="run the night once more from what was landed, too")] = False,
    seed: int = 7,
    dirt: str = "none",
) -> None:
    """Measure, keep the medians, and print the tables of what was measured."""
    measured_now: list[Line] = []
    for size in persons:
        inbox = inbox_of(size, seed, dirt)
        common = {**conditions(), "persons": size, "dirt": dirt, "runs": runs, "bytes": bytes_of(inbox)}
        for line in compare(inbox, runs, next_nights, memory_limit_mb, again):
            measured_now.append(common | line)
            keep(measured_now[-1])
    print(tables(measured_now))


@app.command()
def identical(persons: Sizes = [200_000], seed: int = 7) -> None:  # noqa: B006
    """Run with one thread, with two, and with shuffled rows; every file of the run and every list must have the same sha256."""
    for size in persons:
        inbox = inbox_of(size, seed)
        ways = {
            "one thread": (inbox, "1"),
            "two threads": (inbox, "2"),
            "rows shuffled": (shuffled_inbox_of(inbox), "2"),
        }
        first: dict[str, str] | None = None
        for way, (given, threads) in ways.items():
            _, manifest = night_of(_fresh_home(size), given, AS_OF, MONITOR_THREADS=threads)
            files = hashes(manifest)
            if first is not None and files != first:
                raise SystemExit(f"{size:,} people, {way}: not the same: {different(first, files)}")
            first = files
            print(f"{size:,} people, {way}: {len(files)} files", flush=True)


@app.command()
def table() -> None:
    """Put what was measured into docs/performance.md."""
    write_tables()
    print(tables(kept()))


def compare(inbox: Path, runs: int, next_nights: int, memory_limit_mb: int | None, again: bool) -> Iterator[Line]:
    """Floor and nights in turn; one line a mode with the medians, also of those that were done before another one failed.

    Raises:
        SystemExit: a night failed, or runs of the same night left different bytes.
    """
    floors: list[Figure] = []
    nights: dict[str, list[tuple[Figure, Manifest]]] = {mode: [] for mode in MODES}
    failed: SystemExit | None = None
    try:
        for _ in range(runs):
            floors.append(measured([sys.executable, str(FLOOR), str(inbox)]))
            home = _fresh_home(inbox.name)
            nights["cold"].append(night_of(home, inbox, AS_OF))
            for _ in range(next_nights):
                second = after_the_first_night(home)
                nights["next"].append(night_of(second, next_inbox_of(inbox), AS_OF + timedelta(days=1)))
                shutil.rmtree(second)
            if memory_limit_mb:
                limit = str(memory_limit_mb)
                nights["limited"].append(night_of(_fresh_home(inbox.name), inbox, AS_OF, MONITOR_MEMORY_LIMIT_MB=limit))
            if again:
                nights["again"].append(night_of(_with_landing_alone(home), inbox, AS_OF))
            shutil.rmtree(home)
    except SystemExit as error:
        failed = error
    same_bytes([manifest for mode in ("cold", "limited", "again") for _, manifest in nights[mode]])
    same_bytes([manifest for _, manifest in nights["next"]])
    limits = {"limited": memory_limit_mb}
    for mode, done in nights.items():
        if done:
            floor = median_of(floors).as_row()
            yield {"mode": mode, "memory_limit_mb": limits.get(mode), "floor": floor, **_medians(done), "runs": len(done)}
    if failed:
        raise failed


def night_of(home: Path, inbox: Path, as_of: date, **settings: str) -> tuple[Figure, Manifest]:
    """Run a night as a process; `settings` are environment variables (`MONITOR_THREADS`)."""
    with_key(home)
    command = [str(MONITOR), "run", "--as-of", as_of.isoformat(), "--home", str(home), "--inbox", str(inbox)]
    figure = measured(command, watch=home, environment=settings)
    return figure, json.loads((home / "runs" / as_of.isoformat() / "manifest.json").read_text(encoding="utf-8"))


def after_the_first_night(home: Path) -> Path:
    """The home once more, so that a second night can be measured several times.

    Large files are links: no night writes into them, it puts others in their place. What a night adds to (audit trail, ledgers)
    is small and copied.
    """

    def link_or_copy(source: str, target: str) -> str:
        if os.path.getsize(source) < MB:
            return shutil.copy2(source, target)
        os.link(source, target)
        return target

    second = home.with_name(f"{home.name}-second")
    shutil.rmtree(second, ignore_errors=True)
    return Path(shutil.copytree(home, second, symlinks=True, copy_function=link_or_copy))


def hashes(manifest: Manifest) -> dict[str, str]:
    """sha256 of every file of a run and of its lists."""
    return {name: output["sha256"] for name, output in manifest["outputs"].items()}


def digest(manifest: Manifest) -> str:
    """One sha256 of all of them: nights measured at different times left the same files if it is the same."""
    return hashlib.sha256(json.dumps(hashes(manifest), sort_keys=True).encode()).hexdigest()


def different(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Names of the files that are not the same in both."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def same_bytes(manifests: list[Manifest]) -> None:
    """Stop unless all runs left the same files."""
    for manifest in manifests[1:]:
        if found := different(hashes(manifests[0]), hashes(manifest)):
            raise SystemExit(f"runs of the same night differ in {found}")


def _medians(done: list[tuple[Figure, Manifest]]) -> Line:
    first = done[0][1]
    return {
        "night": median_of([figure for figure, _ in done]).as_row(),
        "seconds": median_seconds([manifest["seconds"] for _, manifest in done]),
        "rows": sum(one["rows"] for one in first["inputs"]),
        "households_listed": sum(one["households"] for one in first["summary"]["listed"]),
        "files_identical": len(first["outputs"]),
        "results": digest(first),
    }


def _with_landing_alone(home: Path) -> Path:
    """Take everything out of a home but what was landed."""
    for path in home.iterdir():
        if path.is_dir() and path.name != "landing":
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()
    return home


def _fresh_home(name: object) -> Path:
    home = DATA / f"home-{name}-{os.getpid()}"
    shutil.rmtree(home, ignore_errors=True)
    return home


if __name__ == "__main__":
    app()
