"""The same job by the project and by its peers: first the answers, row by row; only if they agree, the times.

    python benchmarks/peers/compare.py --persons 200000 --runs 3 [--peer pandas --peer polars --peer spark]

Every run is a whole process; runs of the peers alternate, and medians are told. Spark runs in an environment of its own
(`--spark-python`), and the Java process below it counts.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import job
import pyarrow.parquet as pq
import typer
from usage import Usage, watched

from monitor.synth import Dirt, Plan, synthesise

HERE = Path(__file__).parent
DATA = HERE.parent / "data"
SPARK_PYTHON = HERE.parents[1] / ".venv-spark" / "bin" / "python"
MODULES = {"ours": "ours", "pandas": "pandas_peer", "polars": "polars_peer", "spark": "spark_peer"}
HIT_COLUMNS = ["indicator", "unit", "subject", "household"]
# what is no rule of the job: containers, lines with a cell too many, line breaks inside a cell
CELL_DIRT = replace(Dirt.demo(), containers=0, ragged_lines=0, quoted_newline=0)


def inbox_of(persons: int, seed: int, dirt: str) -> Path:
    """The deliveries of one size, made once; `cells` is all the dirt that the job has rules for."""
    folder = DATA / f"{persons}-{seed}-{dirt}"
    if not folder.is_dir():
        beside = folder.with_suffix(".part")
        shutil.rmtree(beside, ignore_errors=True)
        plan = Plan(persons, seed, job.AS_OF, region=job.REGION, dirt=CELL_DIRT if dirt == "cells" else dirt)
        print(f"making {persons:,} people")
        synthesise(plan, beside)
        beside.rename(folder)
    return folder


def run(peer: str, inbox: Path, out: Path, python: str) -> Usage:
    """Run a peer as a process of its own; raise if it fails."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    usage, status, said = watched([python, str(HERE / f"{MODULES[peer]}.py"), str(inbox), str(out)])
    if status:
        raise SystemExit(f"{peer} failed:\n{said[-3000:]}")
    return usage


def differences(ours: Path, theirs: Path) -> list[str]:
    """What two answers do not agree in: counts by extract, hits row by row, lists row by row; without any ID."""
    found = []
    counts, other = (json.loads((folder / "counts.json").read_text()) for folder in (ours, theirs))
    found += [
        f"counts of {name}: {counts.get(name)} and {other.get(name)}"
        for name in counts | other
        if counts.get(name) != other.get(name)
    ]
    mine, yours = (Counter(_hits(folder)) for folder in (ours, theirs))
    for label, only in (("ours", mine - yours), ("theirs", yours - mine)):
        found += [f"hits of {label} alone: {count} of {code}" for code, count in sorted(Counter(h[0] for h in only).items())]
    if mine != yours:
        return found
    for number, pair in enumerate(zip(job.list_rows(ours), job.list_rows(theirs), strict=False)):
        if pair[0] != pair[1]:
            return [*found, f"row {number} of the lists, in {pair[0][0]} and {pair[1][0]}, and maybe others"]
    if len(list(job.list_rows(ours))) != len(list(job.list_rows(theirs))):
        found.append("one has more rows in its lists")
    return found


def _hits(folder: Path) -> Iterator[tuple[str, ...]]:
    table = pq.read_table(folder / "hits.parquet", columns=HIT_COLUMNS)
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def median(usages: list[Usage]) -> Usage:
    """Median of each figure."""
    return Usage(*(statistics.median(getattr(u, name) for u in usages) for name in ("wall", "cpu", "memory")))


def main(
    persons: Annotated[int, typer.Option(help="people")] = 200_000,
    runs: Annotated[int, typer.Option(min=1)] = 3,
    peer: Annotated[list[str] | None, typer.Option(help="pandas, polars, spark; all when not given")] = None,
    seed: int = 7,
    dirt: Annotated[str, typer.Option(help="none, light, or cells (all that the job has rules for)")] = "none",
    spark_python: Path = SPARK_PYTHON,
) -> None:
    """Run all in turn, compare, and print medians and ratios."""
    inbox = inbox_of(persons, seed, dirt)
    names = ["ours", *(peer or ["pandas", "polars", "spark"])]
    usages: dict[str, list[Usage]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory(dir=DATA) as folder:
        for number in range(runs):
            for name in names:
                python = str(spark_python) if name == "spark" else sys.executable
                usages[name].append(run(name, inbox, Path(folder) / name, python))
            for name in names[1:]:
                if found := differences(Path(folder) / "ours", Path(folder) / name):
                    raise SystemExit(f"{name} says otherwise in run {number + 1}, so no times:\n" + "\n".join(found))
        hits = pq.read_metadata(Path(folder) / "ours" / "hits.parquet").num_rows
        listed = sum(1 for _ in job.list_rows(Path(folder) / "ours"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {persons:,} people, dirt {dirt}")
    print(
        f"{len(job.EXTRACTS)} extracts, {len(job.indicators())} indicators; in all of them {hits:,} hits, {listed:,} list rows"
    )
    table({name: median(usage) for name, usage in usages.items()})


def table(usages: dict[str, Usage]) -> None:
    """Medians, and how many times what we need."""
    print(f"{'':8} {'wall s':>8} {'cpu s':>8} {'peak MB':>8} {'wall x':>7} {'cpu x':>7} {'peak x':>7}")
    ours = usages["ours"]
    for name, u in usages.items():
        ratios = (u.wall / ours.wall, u.cpu / ours.cpu, u.memory / ours.memory)
        print(f"{name:8} {u.wall:8.1f} {u.cpu:8.1f} {u.memory:8.0f} " + " ".join(f"{ratio:7.2f}" for ratio in ratios))


if __name__ == "__main__":
    typer.run(main)
