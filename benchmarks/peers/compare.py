"""The same job by the project and by its peers: first the answers, row by row; only if they agree, the times.

    python benchmarks/peers/compare.py --persons 200000 --runs 3 [--peer pandas --peer polars --peer spark]

Every run is a whole process; runs of the peers alternate, and medians are told. Spark runs in an environment of its own
(`--spark-python`), and the Java process below it counts.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import job
import pyarrow.parquet as pq
import typer

from monitor.synth import Dirt, Plan, synthesise

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))

import data_of  # noqa: E402
from processes import Figure, measured, median_of  # noqa: E402
from results import conditions, keep, peer_table  # noqa: E402

SPARK_PYTHON = HERE.parents[1] / ".venv-spark" / "bin" / "python"
MODULES = {"ours": "ours", "pandas": "pandas_peer", "polars": "polars_peer", "spark": "spark_peer"}
HIT_COLUMNS = ["indicator", "unit", "subject", "household"]
# what is no rule of the job: containers, lines with a cell too many, line breaks inside a cell
CELL_DIRT = replace(Dirt.demo(), containers=0, ragged_lines=0, quoted_newline=0)


def inbox_of(persons: int, seed: int, dirt: str) -> Path:
    """The deliveries of one size, made once; `cells` is all the dirt that the job has rules for."""
    if dirt != "cells":
        return data_of.inbox_of(persons, seed, dirt)
    folder = data_of.DATA / f"{persons}-{seed}-{dirt}"
    if not folder.is_dir():
        beside = folder.with_suffix(".part")
        shutil.rmtree(beside, ignore_errors=True)
        synthesise(Plan(persons, seed, job.AS_OF, region=job.REGION, dirt=CELL_DIRT), beside)
        beside.rename(folder)
    return folder


def run(peer: str, inbox: Path, out: Path, python: str) -> Figure:
    """Run a peer as a process of its own; raise if it fails."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    return measured([python, str(HERE / f"{MODULES[peer]}.py"), str(inbox), str(out)], tree=True)


def differences(ours: Path, theirs: Path) -> list[str]:
    """What two answers do not agree in: counts by extract, hits row by row, lists row by row; without any ID.

    Two empty answers do not agree in anything either.
    """
    found = []
    counts, other = (json.loads((folder / "counts.json").read_text()) for folder in (ours, theirs))
    found += [f"no counts of {name}" for name in job.EXTRACTS if not counts.get(name, {}).get("read")]
    found += [
        f"counts of {name}: {counts.get(name)} and {other.get(name)}"
        for name in counts | other
        if counts.get(name) != other.get(name)
    ]
    mine, yours = (Counter(_hits(folder)) for folder in (ours, theirs))
    for label, only in (("ours", mine - yours), ("theirs", yours - mine)):
        found += [f"hits of {label} alone: {count} of {code}" for code, count in sorted(Counter(h[0] for h in only).items())]
    if not mine:
        return [*found, "there is no hit"]
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


def main(
    persons: Annotated[int, typer.Option(help="people")] = 200_000,
    runs: Annotated[int, typer.Option(min=1)] = 3,
    peer: Annotated[list[str] | None, typer.Option(help="pandas, polars, spark; all when not given")] = None,
    seed: int = 7,
    dirt: Annotated[str, typer.Option(help="none, light, or cells (all that the job has rules for)")] = "none",
    spark_python: Path = SPARK_PYTHON,
) -> None:
    """Run all in turn, compare, keep medians, and print them."""
    inbox = inbox_of(persons, seed, dirt)
    names = ["ours", *(peer or ["pandas", "polars", "spark"])]
    figures: dict[str, list[Figure]] = {name: [] for name in names}
    line = {**conditions(), "mode": "peers", "persons": persons, "dirt": dirt, "runs": runs}
    with tempfile.TemporaryDirectory(dir=data_of.DATA) as folder:
        for number in range(runs):
            turn = number % len(names)
            for name in [*names[turn:], *names[:turn]]:  # the first finds the files cold, and who follows others' writing waits
                os.sync()
                python = str(spark_python) if name == "spark" else sys.executable
                figures[name].append(run(name, inbox, Path(folder) / name, python))
            for name in names[1:]:
                if found := differences(Path(folder) / "ours", Path(folder) / name):
                    raise SystemExit(f"{name} says otherwise in run {number + 1}, so no times:\n" + "\n".join(found))
        hits = list(_hits(Path(folder) / "ours"))
        line |= {"hits": len(hits), "indicators_hit": len({code for code, *_ in hits})}
        line["listed"] = sum(row[1:] != job.LIST_COLUMNS for row in job.list_rows(Path(folder) / "ours"))
    line["versions"] |= {package: version(package) for package in ("pandas", "polars", "pyarrow")}
    line |= {"extracts": len(job.EXTRACTS), "indicators": len(job.indicators())}
    line["peers"] = {name: median_of(done).as_row() for name, done in figures.items()}
    keep(line)
    print("\n".join(peer_table([line])))


if __name__ == "__main__":
    typer.run(main)
