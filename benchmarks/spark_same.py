"""The same nights on DuckDB and on Spark: every file of every run must have the same bytes; kept in results.jsonl.

python benchmarks/spark_same.py --sample --dirty --demo --persons 1000000 [--master local[2]]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from data_of import with_key
from results import conditions, keep

from monitor.settings import load_settings
from monitor.steps import run_night
from monitor.synth import Plan, synthesise

SAMPLE = Path(__file__).resolve().parents[1] / "sample_data" / "inbox"
FIRST_NIGHT = date(2026, 11, 18)
ENGINES = ("duckdb", "spark")


def main() -> int:
    """Run what the command line asks for; 1 when a file differs."""
    arguments = _arguments()
    differing = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, inbox, nights in _counties(arguments, Path(folder)):
            line = {**conditions(), "mode": "spark", "county": name, "nights": nights, "master": arguments.master}
            line |= {"files": 0, "differing": 0, "seconds": dict.fromkeys(ENGINES, 0.0)}
            for day in (FIRST_NIGHT + timedelta(days=number) for number in range(nights)):
                manifests = {engine: _run(engine, Path(folder) / name / engine, inbox, day, arguments) for engine in ENGINES}
                _compare(name, day, manifests, line)
            differing += line["differing"]
            keep(line)
    return int(differing > 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", action="store_true", help="the three nights of sample_data")
    parser.add_argument("--dirty", action="store_true", help="two nights of 1,500 people, one department late")
    parser.add_argument("--demo", action="store_true", help="the three nights of the made-up county of 20,000")
    parser.add_argument("--persons", type=int, help="one night of as many people, without dirt")
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def _counties(arguments: argparse.Namespace, folder: Path) -> Iterator[tuple[str, Path, int]]:
    if arguments.sample:
        yield "sample", SAMPLE, 3
    if arguments.dirty:
        plan = Plan(persons=1500, seed=11, as_of=FIRST_NIGHT, nights=2, late=("mca_payment",))
        yield "dirty", _made(plan, folder / "dirty" / "inbox"), 2
    if arguments.demo:
        yield "demo", _made(Plan(as_of=FIRST_NIGHT, nights=3), folder / "demo" / "inbox"), 3
    if arguments.persons:
        plan = Plan(persons=arguments.persons, as_of=FIRST_NIGHT, region="53", dirt="none")
        yield f"{arguments.persons}", _made(plan, folder / "people" / "inbox"), 1


def _made(plan: Plan, inbox: Path) -> Path:
    synthesise(plan, inbox)
    return inbox


def _run(engine: str, home: Path, inbox: Path, day: date, arguments: argparse.Namespace) -> dict[str, Any]:
    settings = load_settings(home, inbox=inbox, engine=engine, spark_master=arguments.master, threads=arguments.threads)
    with_key(home)
    return run_night(settings, day)


def _compare(name: str, day: date, manifests: dict[str, dict[str, Any]], line: dict[str, Any]) -> None:
    """Print one line, and the files that differ; add to what is kept of the county."""
    here, there = (manifests[engine]["outputs"] for engine in ENGINES)
    differing = sorted(file for file in here.keys() | there.keys() if here.get(file) != there.get(file))
    took = {engine: sum(manifests[engine]["seconds"][step] for step in ("build", "evaluate")) for engine in ENGINES}
    seconds = ", ".join(f"{engine} {one:.1f} s" for engine, one in took.items())
    print(f"{name} {day}: {len(here)} files, {len(differing)} differ; build and evaluate: {seconds}", flush=True)
    line["files"] += len(here)
    line["differing"] += len(differing)
    line["seconds"] = {engine: line["seconds"][engine] + one for engine, one in took.items()}
    for file in differing:
        print(f"  {file}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
